use crm_domain::access::Action;
use crm_domain::note::{NoteType, NoteView};
use crm_domain::version::Version;

use crate::format::Moment;
use crate::person::full_name;
use crate::visit::Visit;
use crate::words::Words;

/// Lines of a note before the rest is folded away.
const SHOWN_LINES: usize = 12;
/// Characters of a note before the rest is folded away: about as many as fill those lines.
const SHOWN_CHARACTERS: usize = 900;

/// A note as it is shown.
#[expect(clippy::struct_excessive_bools, reason = "each is shown, or shows something, by itself")]
pub(crate) struct NoteLine {
    pub(crate) id: String,
    /// Names the type in the stylesheet.
    pub(crate) kind: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) type_label: &'static str,
    /// The beginning, or the whole of a short note.
    pub(crate) text: String,
    /// The whole of a long note.
    pub(crate) whole: Option<String>,
    pub(crate) author: String,
    pub(crate) written: Moment,
    pub(crate) is_edited: bool,
    pub(crate) is_private: bool,
    pub(crate) may_edit: bool,
    pub(crate) may_delete: bool,
    pub(crate) version: String,
}

impl NoteLine {
    /// The note unfolded, for paper.
    pub(crate) fn whole(view: &NoteView, visit: &Visit) -> Self {
        Self { text: view.note.content.as_str().to_owned(), whole: None, ..Self::of(view, visit) }
    }

    pub(crate) fn of(view: &NoteView, visit: &Visit) -> Self {
        let (t, note) = (visit.frame.t, &view.note);
        let content = note.content.as_str();
        let (kind, icon) = looks(note.note_type);
        let shown = beginning(content);
        Self {
            id: note.id.to_string(),
            kind,
            icon,
            type_label: t.labels.note_type(note.note_type),
            whole: (shown.len() < content.len()).then(|| content.to_owned()),
            text: if shown.len() < content.len() { format!("{}…", shown.trim_end()) } else { content.to_owned() },
            author: full_name(&view.created_by.first_name, &view.created_by.last_name, t),
            written: visit.frame.format.moment(note.created_at),
            is_edited: note.updated_at > note.created_at,
            is_private: note.is_private,
            may_edit: visit.actor.require_on_note(Action::UpdateNote, note).is_ok(),
            may_delete: visit.actor.require_on_note(Action::DeleteNote, note).is_ok(),
            version: Version::of(note).to_string(),
        }
    }
}

/// A type looks the same everywhere: by a colour, an icon and, always, its name.
fn looks(note_type: NoteType) -> (&'static str, &'static str) {
    match note_type {
        NoteType::General => ("general", "note"),
        NoteType::Medical => ("medical", "alert"),
        NoteType::Preference => ("preference", "heart"),
        NoteType::Complaint => ("complaint", "flag"),
    }
}

fn beginning(content: &str) -> &str {
    let lines = content.match_indices('\n').nth(SHOWN_LINES - 1).map_or(content.len(), |(place, _)| place);
    let characters = content.char_indices().nth(SHOWN_CHARACTERS).map_or(content.len(), |(place, _)| place);
    &content[..lines.min(characters)]
}

/// A type that can be chosen.
pub(crate) struct TypeChoice {
    pub(crate) value: &'static str,
    pub(crate) label: &'static str,
    pub(crate) is_chosen: bool,
}

/// Every type, one of them chosen.
pub(crate) fn type_choices(t: &Words, chosen: NoteType) -> Vec<TypeChoice> {
    let choice = |note_type: NoteType| TypeChoice {
        value: note_type.as_str(),
        label: t.labels.note_type(note_type),
        is_chosen: note_type == chosen,
    };
    NoteType::ALL.into_iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_note_is_folded_between_characters() {
        assert_eq!(beginning("corta"), "corta");
        assert_eq!(beginning(&"ñ".repeat(2_000)).chars().count(), SHOWN_CHARACTERS);
        assert_eq!(beginning(&"a\n".repeat(50)).lines().count(), SHOWN_LINES);
    }
}
