//! `/ui/papelera`: what was deleted, and bringing it back.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use crm_domain::error::{CrmError, Resource, UniqueRule};
use crm_domain::ids::{ProfileId, TrashId, UserId};
use crm_domain::trash::{Restored, TrashItem};
use crm_http::problem::{ErrorCode, Problem};
use serde::Deserialize;

use crate::flash::{Flash, Notice};
use crate::format::Moment;
use crate::frame::{Frame, Page, lead_to, own_place, show};
use crate::paging::{Pager, numbered};
use crate::person::names_of;
use crate::visit::{Submission, Visit};

const ROWS: u32 = 50;

/// Something in the trash.
struct TrashLine {
    id: String,
    what: String,
    whose: String,
    deleted_at: Moment,
    deleted_by: String,
    until: Moment,
}

#[derive(Template)]
#[template(path = "pages/trash.html")]
struct TrashPage {
    frame: Frame,
    lines: Vec<TrashLine>,
    keeps: String,
    pager: Pager,
}

impl Page for TrashPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.t.record.trash.to_owned()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct TrashQuery {
    pagina: String,
}

/// `GET /ui/papelera`
pub(crate) async fn list(visit: Visit, Query(query): Query<TrashQuery>) -> Result<HttpResponse, Problem> {
    let page = numbered(&query.pagina, ROWS);
    let found = visit.api.trash.list(&visit.actor, &page).await?;
    let people: Vec<UserId> =
        found.items.iter().flat_map(|item| [Some(item.owner.clone()), item.deleted_by.clone()]).flatten().collect();
    let names = names_of(&visit, &people).await?;
    let t = visit.frame.t;
    let lines = found.items.iter().map(|item| line(item, &names, &visit)).collect();
    show(&TrashPage {
        lines,
        keeps: t.record.keeps(visit.api.trash_keeps.num_days()),
        pager: Pager::new(&page, &found, &visit.frame, |number| format!("/ui/papelera?pagina={number}")),
        frame: visit.frame,
    })
}

fn line(item: &TrashItem, names: &BTreeMap<UserId, String>, visit: &Visit) -> TrashLine {
    let (t, format) = (visit.frame.t, visit.frame.format);
    let name = |user: &UserId| names.get(user).cloned().unwrap_or_else(|| t.record.somebody.to_owned());
    TrashLine {
        id: item.id.to_string(),
        what: t.labels.thing(item.resource, item.note.as_ref().map(|guard| guard.note_type)),
        whose: name(&item.owner),
        deleted_at: format.moment(item.deleted_at),
        deleted_by: item.deleted_by.as_ref().map_or_else(|| t.record.system.to_owned(), name),
        until: format.day(item.deleted_at + visit.api.trash_keeps),
    }
}

/// `POST /ui/papelera/{id}/restaurar`
pub(crate) async fn restore(submission: Submission, id: Path<String>) -> Result<HttpResponse, Problem> {
    let Submission { visit, form, .. } = submission;
    let id = TrashId::parse(id.into_inner()).map_err(|_| Problem::new(ErrorCode::TrashItemNotFound))?;
    let back = own_place(form.text("volver"));
    Ok(match visit.api.trash.restore(&visit.actor, &id).await {
        Ok(Restored { resource: Resource::Profile, id }) => {
            let id = ProfileId::from_stored(id);
            lead_to(&format!("/ui/clientes/{id}"), &Flash::new(Notice::Restored))
        }
        Ok(_) => lead_to(back, &Flash::new(Notice::Restored)),
        Err(CrmError::Conflict(UniqueRule::Request)) => lead_to(back, &Flash::new(Notice::AlreadyDone)),
        Err(CrmError::Conflict(_)) => lead_to(back, &Flash::new(Notice::PlaceTaken)),
        Err(CrmError::NotFound(Resource::Profile | Resource::User)) => lead_to(back, &Flash::new(Notice::OwnerGone)),
        Err(other) => return Err(other.into()),
    })
}
