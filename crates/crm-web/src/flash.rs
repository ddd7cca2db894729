//! A sentence shown once, on the page after the one that changed something.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use crm_domain::ids::TrashId;

use crate::words::Words;

const NAME: &str = "crm-aviso";
/// Longer than a redirect takes; a notice nobody fetched is old news.
const MAX_AGE: Duration = Duration::minutes(10);

macro_rules! notices {
    ($($notice:ident = $code:literal => $($group:ident).+;)*) => {
        /// What can be said.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Notice { $($notice,)* }

        impl Notice {
            const ALL: &[Self] = &[$(Self::$notice,)*];

            fn code(self) -> &'static str {
                match self { $(Self::$notice => $code,)* }
            }

            fn text(self, words: &Words) -> &'static str {
                match self { $(Self::$notice => words.$($group).+,)* }
            }
        }
    };
}

notices! {
    Saved = "guardado" => shell.saved;
    NothingChanged = "igual" => shell.nothing_changed;
    AlreadyDone = "hecho" => shell.already_done;
    ClientCreated = "ficha" => shell.client_created;
    ClientDeleted = "ficha-fuera" => shell.client_deleted;
    NoteCreated = "nota" => shell.note_created;
    NoteSaved = "nota-lista" => shell.note_saved;
    NoteDeleted = "nota-fuera" => shell.note_deleted;
    NoteGone = "nota-perdida" => notes.gone;
    PhotoSaved = "foto" => shell.photo_saved;
    PhotoRemoved = "foto-fuera" => shell.photo_removed;
    PreferencesSaved = "preferencias" => shell.preferences_saved;
    Restored = "restaurado" => shell.restored;
    ProfileExists = "ya-existe" => shell.profile_exists;
    SettingsSaved = "ajustes" => shell.settings_saved;
    PlaceTaken = "ocupado" => record.place_taken;
    OwnerGone = "sin-dueno" => record.owner_gone;
}

/// A notice, and what undoes the change it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flash {
    notice: Notice,
    undo: Option<TrashId>,
}

/// A notice as a page shows it.
pub(crate) struct FlashLine {
    pub(crate) text: &'static str,
    /// The item of the trash that brings back what is gone.
    pub(crate) undo: Option<String>,
}

impl Flash {
    pub(crate) fn new(notice: Notice) -> Self {
        Self { notice, undo: None }
    }

    /// It can be undone by bringing this back.
    #[must_use]
    pub(crate) fn undone_by(self, item: Option<TrashId>) -> Self {
        Self { undo: item, ..self }
    }

    /// The notice that the last answer left.
    pub(crate) fn left_in(request: &HttpRequest) -> Option<Self> {
        let cookie = request.cookie(NAME)?;
        let (code, undo) = cookie.value().split_once('~').unwrap_or((cookie.value(), ""));
        let notice = Notice::ALL.iter().find(|notice| notice.code() == code)?;
        Some(Self { notice: *notice, undo: TrashId::parse(undo).ok() })
    }

    /// What leaves it in the browser.
    pub(crate) fn cookie(&self) -> Cookie<'static> {
        let undo = self.undo.as_ref().filter(|id| id.is_well_formed()).map(TrashId::as_str).unwrap_or_default();
        with_attributes(format!("{}~{undo}", self.notice.code()), MAX_AGE)
    }

    /// What takes it out of the browser.
    pub(crate) fn removal() -> Cookie<'static> {
        with_attributes(String::new(), Duration::ZERO)
    }

    pub(crate) fn line(&self, words: &Words) -> FlashLine {
        FlashLine { text: self.notice.text(words), undo: self.undo.as_ref().map(ToString::to_string) }
    }
}

fn with_attributes(value: String, max_age: Duration) -> Cookie<'static> {
    Cookie::build(NAME, value).path("/ui").http_only(true).same_site(SameSite::Lax).max_age(max_age).finish()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn left(value: &str) -> Option<Flash> {
        Flash::left_in(&TestRequest::default().cookie(Cookie::new(NAME, value.to_owned())).to_http_request())
    }

    #[test]
    fn every_notice_survives_the_browser() {
        for notice in Notice::ALL {
            let flash = Flash::new(*notice).undone_by(TrashId::parse("ctrash1").ok());
            assert_eq!(left(flash.cookie().value()), Some(flash));
        }
    }

    #[test]
    fn what_no_page_left_says_nothing() {
        assert_eq!(left("<script>~x"), None);
        assert_eq!(left("guardado~../x").unwrap().undo, None);
        assert_eq!(left(""), None);
    }
}
