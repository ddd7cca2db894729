//! `/ui/clientes/{client}/notas`: the notes on a client that the reader may read.

mod line;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use askama::Template;
use crm_domain::access::Action;
use crm_domain::error::{CrmError, Current, Resource, UniqueRule};
use crm_domain::ids::{NoteId, ProfileId};
use crm_domain::note::{NoteFilter, NoteType, NoteView};
use crm_domain::version::{Precondition, Version};
use crm_http::notes::{CreateNoteBody, UpdateNoteBody};
use crm_http::problem::{ErrorCode, Problem};
use serde::Deserialize;

use crate::card::profile_id;
use crate::conflict::{self, Places, field_label};
use crate::flash::{Flash, Notice};
use crate::form::{Form, Kind, Mistakes, VERSION};
use crate::frame::{Frame, Page, lead_to, show, show_as};
use crate::paging::{After, after};
use crate::person::{Head, Tab, name_of, preferred_channel};
use crate::visit::{Submission, Visit};

pub(crate) use line::{NoteLine, TypeChoice, type_choices};

/// Notes shown at once.
const ROWS: u32 = 20;
/// The fields of the form.
const FIELDS: [(&str, Kind); 3] = [("noteType", Kind::Text), ("content", Kind::Text), ("isPrivate", Kind::Flag)];

/// What a note says while it is written.
pub(crate) struct NoteForm {
    pub(crate) content: String,
    pub(crate) types: Vec<TypeChoice>,
    pub(crate) is_private: bool,
    /// Whether the writer decides who reads it.
    pub(crate) may_hide: bool,
    pub(crate) mistakes: Mistakes,
}

impl NoteForm {
    fn new(visit: &Visit, typed: &Form, may_hide: bool, mistakes: Mistakes) -> Self {
        let chosen = typed.text("noteType").parse().unwrap_or_default();
        Self {
            content: typed.text("content").to_owned(),
            types: type_choices(visit.frame.t, chosen),
            is_private: typed.is_on("isPrivate"),
            may_hide,
            mistakes,
        }
    }
}

/// Notes of one type, and how many.
struct TypeLink {
    label: &'static str,
    href: String,
    count: u64,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "pages/notes.html")]
struct NotesPage {
    frame: Frame,
    head: Head,
    types: Vec<TypeLink>,
    notes: Vec<NoteLine>,
    form: NoteForm,
    once: String,
    older: Option<String>,
    is_first: bool,
    is_filtered: bool,
}

impl Page for NotesPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        format!("{} · {}", self.frame.t.notes.title, self.head.name)
    }

    fn has_mistakes(&self) -> bool {
        !self.form.mistakes.is_empty()
    }
}

#[derive(Template)]
#[template(path = "pages/note_edit.html")]
struct NotePage {
    frame: Frame,
    client: String,
    id: String,
    name: String,
    version: String,
    form: NoteForm,
}

impl Page for NotePage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        format!("{} · {}", self.frame.t.notes.edit_title, self.name)
    }

    fn has_mistakes(&self) -> bool {
        !self.form.mistakes.is_empty()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct NotesQuery {
    tipo: String,
}

/// `GET /ui/clientes/{client}/notas`
pub(crate) async fn list(
    visit: Visit,
    client: Path<String>,
    Query(query): Query<NotesQuery>,
    Query(start): Query<After>,
) -> Result<HttpResponse, Problem> {
    visit.actor.require(Action::ListNotes)?;
    let client = profile_id(client.into_inner())?;
    let only = query.tipo.parse().ok();
    show(&notes_page(visit, &client, only, &start, &Form::default(), Mistakes::default()).await?)
}

async fn notes_page(
    visit: Visit,
    client: &ProfileId,
    only: Option<NoteType>,
    start: &After,
    typed: &Form,
    mistakes: Mistakes,
) -> Result<NotesPage, Problem> {
    let summary = visit.api.profiles.summary(&visit.actor, client).await?;
    let counts = visit.api.notes.counts(&visit.actor, client).await?;
    let filter = NoteFilter { profile: Some(client.clone()), note_type: only, ..NoteFilter::default() };
    let found = visit.api.notes.list(&visit.actor, &filter, &start.request(ROWS)).await?;

    let t = visit.frame.t;
    let base = format!("/ui/clientes/{client}/notas");
    let of_type = |note_type: NoteType| format!("{base}?tipo={}", note_type.as_str());
    let all = TypeLink { label: t.notes.all, href: base.clone(), count: counts.total(), is_current: only.is_none() };
    let each = counts.by_type.iter().filter(|(_, count)| **count > 0).map(|(note_type, count)| TypeLink {
        label: t.labels.note_type(*note_type),
        href: of_type(*note_type),
        count: *count,
        is_current: only == Some(*note_type),
    });
    let here = only.map_or_else(|| base.clone(), of_type);
    Ok(NotesPage {
        head: Head::of(&visit, &summary, Tab::Notes, preferred_channel(&visit, &summary.profile).await?).await?,
        types: std::iter::once(all).chain(each).collect(),
        notes: found.items.iter().map(|view| NoteLine::of(view, &visit)).collect(),
        form: NoteForm::new(&visit, typed, true, mistakes),
        once: visit.once(),
        older: found.next.as_ref().map(|cursor| after(&here, cursor)),
        is_first: start.is_first(),
        is_filtered: only.is_some(),
        frame: visit.frame,
    })
}

/// `POST /ui/clientes/{client}/notas`
pub(crate) async fn create(submission: Submission, client: Path<String>) -> Result<HttpResponse, Problem> {
    let actor = submission.actor();
    let Submission { visit, form, .. } = submission;
    actor.require(Action::CreateNote)?;
    let client = profile_id(client.into_inner())?;
    let place = format!("/ui/clientes/{client}/notas");
    let body: CreateNoteBody = form.read_with(&FIELDS, "clientProfileId", client.as_str())?;
    let created = match body.into_new(&visit.actor) {
        Ok(new) => visit.api.notes.create(&actor, new).await,
        Err(violations) => Err(violations.into()),
    };
    match created {
        Ok(_) => Ok(lead_to(&place, &Flash::new(Notice::NoteCreated))),
        // The same form once more: the note is there.
        Err(CrmError::Conflict(UniqueRule::Request)) => Ok(lead_to(&place, &Flash::new(Notice::AlreadyDone))),
        Err(CrmError::Invalid(violations)) => {
            let t = visit.frame.t;
            let mistakes = Mistakes::of(&violations, t, &form, |field| field_label(field, t));
            let page = notes_page(visit, &client, None, &After::default(), &form, mistakes).await?;
            show_as(StatusCode::BAD_REQUEST, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET /ui/clientes/{client}/notas/{id}/editar`
pub(crate) async fn edit(visit: Visit, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (client, id) = ids(path.into_inner())?;
    let view = visit.api.notes.get(&visit.actor, &id).await?;
    if view.note.profile_id != client {
        return Err(ErrorCode::NoteNotFound.into());
    }
    visit.actor.require_on_note(Action::UpdateNote, &view.note)?;
    let typed = as_typed(&view);
    let form = NoteForm::new(&visit, &typed, may_hide(&visit, &view), Mistakes::default());
    show(&note_page(visit, &client, &id, Version::of(&view.note).to_string(), form).await?)
}

/// What a note says, as if it had been typed.
fn as_typed(view: &NoteView) -> Form {
    let NoteView { note, .. } = view;
    let privacy = note.is_private.then(|| ("isPrivate", "on".to_owned()));
    let texts = [("noteType", note.note_type.as_str().to_owned()), ("content", note.content.as_str().to_owned())];
    Form::holding(texts.into_iter().chain(privacy))
}

/// Whether the reader of a note decides who else reads it.
fn may_hide(visit: &Visit, view: &NoteView) -> bool {
    visit.actor.require_on_note(Action::ChangeNotePrivacy, &view.note).is_ok()
}

async fn note_page(
    visit: Visit,
    client: &ProfileId,
    id: &NoteId,
    version: String,
    form: NoteForm,
) -> Result<NotePage, Problem> {
    let summary = visit.api.profiles.summary(&visit.actor, client).await?;
    Ok(NotePage {
        client: client.to_string(),
        id: id.to_string(),
        name: name_of(&summary, visit.frame.t),
        version,
        form,
        frame: visit.frame,
    })
}

/// `POST /ui/clientes/{client}/notas/{id}/editar`
pub(crate) async fn update(submission: Submission, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let Submission { visit, form, .. } = submission;
    let (client, id) = ids(path.into_inner())?;
    let list = format!("/ui/clientes/{client}/notas");
    let view = match visit.api.notes.get(&visit.actor, &id).await {
        Ok(view) if view.note.profile_id == client => view,
        Ok(_) | Err(CrmError::NotFound(Resource::Note)) => return note_is_gone(visit, &client, &form).await,
        Err(other) => return Err(other.into()),
    };
    // Who may not change the privacy has no box for it, which is not the same as an empty one.
    let may_hide = may_hide(&visit, &view);
    let fields = if may_hide { &FIELDS[..] } else { &FIELDS[..2] };
    let body: UpdateNoteBody = form.read(fields)?;
    match visit.api.notes.update(&visit.actor, &id, body.into_update(form.precondition())).await {
        Ok(_) => Ok(lead_to(&list, &Flash::new(Notice::NoteSaved))),
        Err(CrmError::Invalid(violations)) => {
            let t = visit.frame.t;
            let mistakes = Mistakes::of(&violations, t, &form, |field| field_label(field, t));
            // After a choice between two versions, the form speaks of what was chosen alone.
            let typed = NoteForm::new(&visit, &form.over(as_typed(&view), &FIELDS), may_hide, mistakes);
            let version = form.text(VERSION).to_owned();
            show_as(StatusCode::BAD_REQUEST, &note_page(visit, &client, &id, version, typed).await?)
        }
        Err(CrmError::Stale(stale)) => {
            let Current::Note(view) = stale.current else { return Err(ErrorCode::InternalError.into()) };
            let t = visit.frame.t;
            let places = Places { action: format!("{list}/{id}/editar"), back: list, hidden: Vec::new() };
            let shown = |field: &str, values: &[String]| match (field, values) {
                ("isPrivate", []) => t.problems.no.to_owned(),
                _ => conflict::plain(field, values, t),
            };
            conflict::ask(visit.frame, places, &form, fields, &view.note, &stale.differing, shown)
        }
        Err(other) => Err(other.into()),
    }
}

/// What was typed is offered as a new note, to those who may write one.
async fn note_is_gone(visit: Visit, client: &ProfileId, form: &Form) -> Result<HttpResponse, Problem> {
    if visit.actor.require(Action::CreateNote).is_err() {
        return Err(ErrorCode::NoteNotFound.into());
    }
    let t = visit.frame.t;
    let mistakes = Mistakes::one("content", t.notes.content, t.notes.gone);
    show_as(StatusCode::NOT_FOUND, &notes_page(visit, client, None, &After::default(), form, mistakes).await?)
}

/// `POST /ui/clientes/{client}/notas/{id}/eliminar`
pub(crate) async fn delete(submission: Submission, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let Submission { visit, form, .. } = submission;
    let (client, id) = ids(path.into_inner())?;
    let list = format!("/ui/clientes/{client}/notas");
    let seen = Precondition::one_of(vec![form.version()]);
    match visit.api.notes.delete(&visit.actor, &id, &seen).await {
        Ok(item) => Ok(lead_to(&list, &Flash::new(Notice::NoteDeleted).undone_by(Some(item)))),
        // Perhaps by a second click, perhaps by somebody else: whoever reads the notes of this client is told there.
        Err(CrmError::NotFound(Resource::Note)) if visit.actor.require(Action::ListNotes).is_ok() => {
            visit.api.profiles.summary(&visit.actor, &client).await?;
            Ok(lead_to(&list, &Flash::new(Notice::NoteGone)))
        }
        Err(other) => Err(other.into()),
    }
}

fn ids((client, id): (String, String)) -> Result<(ProfileId, NoteId), Problem> {
    let id = NoteId::parse(id).map_err(|_| Problem::new(ErrorCode::NoteNotFound))?;
    Ok((profile_id(client)?, id))
}
