//! `/ui/clientes/{id}/actividad`: who viewed and changed a client.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use crm_domain::audit::{AuditAction, AuditEntry, Listed};
use crm_domain::fields::FieldChange;
use crm_domain::ids::UserId;
use crm_http::problem::Problem;
use serde_json::Value;

use crate::card::profile_id;
use crate::conflict::{field_label, value_text};
use crate::format::Moment;
use crate::frame::{Frame, Page, show};
use crate::paging::{After, after};
use crate::person::{name_of, names_of};
use crate::visit::Visit;
use crate::words::Words;

const ROWS: u32 = 50;

/// Something that was done.
struct ActivityLine {
    when: Moment,
    who: String,
    role: &'static str,
    did: &'static str,
    what: String,
    /// How many alike were done at once.
    times: usize,
    changes: Vec<ChangeLine>,
}

/// How a field changed.
struct ChangeLine {
    field: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "pages/activity.html")]
struct ActivityPage {
    frame: Frame,
    id: String,
    name: String,
    lines: Vec<ActivityLine>,
    older: Option<String>,
    is_first: bool,
}

impl Page for ActivityPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        format!("{} · {}", self.frame.t.record.activity, self.name)
    }
}

/// `GET /ui/clientes/{id}/actividad`
pub(crate) async fn page(visit: Visit, id: Path<String>, Query(start): Query<After>) -> Result<HttpResponse, Problem> {
    let id = profile_id(id.into_inner())?;
    let page = start.request(ROWS);
    let found = visit.api.audit.activity(&visit.actor, &id, &page).await?;
    let summary = visit.api.profiles.summary(&visit.actor, &id).await?;
    let people: Vec<UserId> = found.items.iter().filter_map(|listed| listed.entry.by.user.clone()).collect();
    let names = names_of(&visit, &people).await?;
    let path = format!("/ui/clientes/{id}/actividad");
    show(&ActivityPage {
        name: name_of(&summary, visit.frame.t),
        lines: found.items.chunk_by(are_alike).map(|alike| line(alike, &names, &visit)).collect(),
        older: found.next.as_ref().map(|cursor| after(&path, cursor)),
        is_first: start.is_first(),
        id: id.to_string(),
        frame: visit.frame,
    })
}

/// Whoever opens a card reads several notes at once: that is one line.
fn are_alike(one: &Listed, other: &Listed) -> bool {
    let look = |listed: &Listed| {
        let AuditEntry { at, by, action, subject, changes, .. } = &listed.entry;
        let note_type = subject.note.as_ref().map(|guard| guard.note_type);
        (*at, by.user.clone(), *action, subject.resource, note_type, changes.is_empty())
    };
    look(one) == look(other) && one.entry.changes.is_empty()
}

fn line(alike: &[Listed], names: &BTreeMap<UserId, String>, visit: &Visit) -> ActivityLine {
    let AuditEntry { at, by, action, subject, changes, .. } = &alike[0].entry;
    let t = visit.frame.t;
    let name = |user: &UserId| names.get(user).cloned().unwrap_or_else(|| t.record.somebody.to_owned());
    ActivityLine {
        when: visit.frame.format.moment(*at),
        who: by.user.as_ref().map_or_else(|| t.record.system.to_owned(), name),
        role: by.role.map_or("", |role| t.labels.role(role)),
        did: t.record.action(*action),
        what: match action {
            AuditAction::Exported => t.card.history.to_owned(),
            _ => t.labels.thing(subject.resource, subject.note.as_ref().map(|guard| guard.note_type)),
        },
        times: alike.len(),
        changes: changes.iter().map(|change| change_line(change, t)).collect(),
    }
}

fn change_line(change: &FieldChange, t: &Words) -> ChangeLine {
    ChangeLine {
        field: field_label(&change.field, t).map_or_else(|| change.field.clone(), str::to_owned),
        before: recorded(&change.field, &change.old, t),
        after: recorded(&change.field, &change.new, t),
    }
}

/// A recorded value as people read it.
fn recorded(field: &str, value: &Value, t: &Words) -> String {
    match value {
        Value::Null => t.record.nothing.to_owned(),
        Value::Bool(flag) => if *flag { t.problems.yes } else { t.problems.no }.to_owned(),
        Value::String(text) => value_text(field, text, t),
        Value::Array(items) if items.is_empty() => t.record.nothing.to_owned(),
        Value::Array(items) => items.len().to_string(),
        other => other.to_string(),
    }
}
