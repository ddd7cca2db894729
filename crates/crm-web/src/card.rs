//! `/ui/clientes/{id}`: a client's card, its print view, and a client's own.

mod details;
mod print;

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use crm_domain::access::{Action, Role};
use crm_domain::error::{CrmError, Resource};
use crm_domain::history::HistoryPeriod;
use crm_domain::ids::ProfileId;
use crm_domain::note::{NoteFilter, NoteType, NoteView};
use crm_domain::page::PageRequest;
use crm_domain::profile::{CARD_NOTES, ProfileCard, ProfileSummary};
use crm_http::problem::{ErrorCode, Problem};
use crm_http::sign_in::see_other;

use crate::frame::{Frame, Page, show};
use crate::history::{Figure, VisitLine, figures};
use crate::notes::NoteLine;
use crate::person::{Head, Tab};
use crate::preferences::{Names, PreferencesView};
use crate::visit::Visit;

#[cfg(test)]
pub(crate) use details::Detail;
pub(crate) use details::{DetailGroup, detail_groups};
pub(crate) use print::print;

/// Notes and appointments that the summary shows.
const RECENT_NOTES: usize = 3;
const RECENT_VISITS: u32 = 5;
/// Notes of the alert. Where there are more, it says so.
const ALERTS: u32 = 5;

#[derive(Template)]
#[template(path = "pages/card.html")]
struct CardPage {
    frame: Frame,
    head: Head,
    alert: Alert,
    figures: Vec<Figure>,
    groups: Vec<DetailGroup>,
    /// `None` if the reader reads no notes.
    notes: Option<Vec<NoteLine>>,
    visits: Vec<VisitLine>,
    preferences: Option<PreferencesView>,
    may_change_preferences: bool,
    updated: String,
}

impl Page for CardPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.head.name.clone()
    }
}

/// What somebody must know before they lay hands on a client.
pub(crate) struct Alert {
    /// The latest MEDICAL notes.
    pub(crate) notes: Vec<NoteLine>,
    /// Says how many there are, if not all are shown.
    pub(crate) shown_of: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/no_card.html")]
struct NoCardPage {
    frame: Frame,
}

impl Page for NoCardPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.t.card.no_profile_title.to_owned()
    }
}

/// The profile that an address names.
pub(crate) fn profile_id(raw: String) -> Result<ProfileId, Problem> {
    ProfileId::parse(raw).map_err(|_| ErrorCode::ProfileNotFound.into())
}

/// `GET /ui/yo`
pub(crate) async fn own(visit: Visit) -> Result<HttpResponse, Problem> {
    if visit.actor.role() != Role::Client {
        return Ok(see_other("/ui/clientes"));
    }
    let Some(user) = visit.actor.own_profile_of() else { return show(&NoCardPage { frame: visit.frame }) };
    match visit.api.profiles.get_by_user(&visit.actor, user).await {
        Ok(card) => Ok(see_other(&format!("/ui/clientes/{}", card.profile.id))),
        Err(CrmError::NotFound(Resource::Profile)) => show(&NoCardPage { frame: visit.frame }),
        Err(other) => Err(other.into()),
    }
}

/// `GET /ui/clientes/{id}`
pub(crate) async fn summary(visit: Visit, id: Path<String>) -> Result<HttpResponse, Problem> {
    let id = profile_id(id.into_inner())?;
    let card = visit.api.profiles.get(&visit.actor, &id).await?;
    let alert = alert(&visit, &card).await?;
    let recent = PageRequest::first(RECENT_VISITS);
    let history = visit.api.history.complete(&visit.actor, &id, HistoryPeriod::default(), &recent).await?;
    let ProfileCard { profile, user, notes, preferences } = card;
    let summary = ProfileSummary { profile, user };

    let t = visit.frame.t;
    let names = match &preferences {
        Some(_) => Some(Names::of(&visit.api.directory.catalogue(&visit.actor).await?, t)),
        None => None,
    };
    let prefers = preferences.as_ref().map(|preferences| preferences.communication);
    let owner = &summary.profile.user_id;
    let reads_notes = visit.may(Action::ListNotes, owner);
    let line = |view: &NoteView| NoteLine::of(view, &visit);
    show(&CardPage {
        head: Head::of(&visit, &summary, Tab::Summary, prefers).await?,
        alert,
        figures: figures(&history.statistics, HistoryPeriod::default(), &visit),
        groups: detail_groups(&summary, &visit),
        notes: reads_notes.then(|| notes.iter().take(RECENT_NOTES).map(line).collect()),
        visits: history.appointments.items.iter().map(|one| VisitLine::of(one, &visit)).collect(),
        preferences: preferences.as_ref().zip(names.as_ref()).map(|(stored, names)| PreferencesView::of(stored, names, t)),
        may_change_preferences: visit.may(Action::UpdatePreferences, owner),
        updated: t.card.updated(&visit.frame.format.moment(summary.profile.updated_at).text),
        frame: visit.frame,
    })
}

/// The latest MEDICAL notes that the reader may read.
///
/// The card shows the latest notes of every type. Only where MEDICAL ones are hidden behind those they are asked for: that
/// is a second reading, and accounted for like the first.
async fn alert(visit: &Visit, card: &ProfileCard) -> Result<Alert, Problem> {
    let mut notes: Vec<_> = card.notes.iter().filter(|view| view.note.note_type == NoteType::Medical).cloned().collect();
    let mut total = notes.len() as u64;
    if card.notes.len() >= CARD_NOTES as usize && visit.may(Action::ListNotes, &card.profile.user_id) {
        let id = &card.profile.id;
        total = visit.api.notes.counts(&visit.actor, id).await?.of_type(NoteType::Medical);
        if (notes.len() as u64) < total.min(ALERTS.into()) {
            let medical =
                NoteFilter { profile: Some(id.clone()), note_type: Some(NoteType::Medical), ..NoteFilter::default() };
            notes = visit.api.notes.list(&visit.actor, &medical, &PageRequest::first(ALERTS)).await?.items;
        }
    }
    notes.truncate(ALERTS as usize);
    let shown = notes.len() as u64;
    Ok(Alert {
        notes: notes.iter().map(|view| NoteLine::of(view, visit)).collect(),
        shown_of: (shown < total).then(|| visit.frame.t.card.medical_shown(shown, total)),
    })
}
