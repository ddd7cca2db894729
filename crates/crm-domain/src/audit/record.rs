use std::net::IpAddr;

use chrono::{DateTime, Utc};

use super::{AuditAction, AuditEntry, NoteGuard, Origin, Principal, Subject};
use crate::access::Action;
use crate::error::{Resource, StoreError};
use crate::ids::{ProfileId, UserId};

/// An entry as it is stored: flat, and to be hashed exactly as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of AuditEntry")]
pub struct AuditRecord {
    /// Eighteen digits, ascending within the tenant in the order in which changes to one thing took effect.
    pub id: String,
    /// The chain of the tenant that the entry belongs to.
    pub lane: i32,
    /// Its place in the chain, from 1.
    pub position: i64,
    pub at: DateTime<Utc>,
    pub user: Option<String>,
    pub role: Option<String>,
    pub address: Option<String>,
    pub request: Option<String>,
    pub action: String,
    pub denied: Option<String>,
    pub resource: String,
    pub resource_id: Option<String>,
    pub profile: Option<String>,
    pub author: Option<String>,
    pub note_type: Option<String>,
    pub is_private: Option<bool>,
    /// JSON.
    pub changes: String,
    /// See [`super::chain::link`]; 64 hexadecimal digits.
    pub hash: String,
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// The entry.
    pub entry: AuditEntry,
}

impl AuditRecord {
    /// The record of an entry, not yet part of a chain.
    pub fn of(entry: &AuditEntry, id: String) -> Self {
        let AuditEntry { at, by: Principal { user, role, origin }, action, subject, changes, denied } = entry;
        let Origin { address, request, key: _ } = origin;
        let Subject { resource, id: resource_id, profile, note } = subject;
        Self {
            id,
            lane: 0,
            position: 0,
            at: *at,
            user: user.as_ref().map(ToString::to_string),
            role: role.map(|role| role.as_str().to_owned()),
            address: address.map(|address| address.to_string()),
            request: request.clone(),
            action: action.as_str().to_owned(),
            denied: denied.map(|action| action.as_str().to_owned()),
            resource: resource.as_str().to_owned(),
            resource_id: resource_id.clone(),
            profile: profile.as_ref().map(ToString::to_string),
            author: note.as_ref().map(|note| note.author.to_string()),
            note_type: note.as_ref().map(|note| note.note_type.as_str().to_owned()),
            is_private: note.as_ref().map(|note| note.is_private),
            // Values of this shape always have a JSON form.
            changes: serde_json::to_string(changes).unwrap_or_default(),
            hash: String::new(),
        }
    }

    /// The entry that was recorded.
    pub fn into_listed(self) -> Result<Listed, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "crm_audit", column, id: self.id.clone() };
        let action = known(&AuditAction::ALL, AuditAction::as_str, &self.action).ok_or_else(|| corrupt("action"))?;
        let resource = known(&Resource::ALL, Resource::as_str, &self.resource).ok_or_else(|| corrupt("resource"))?;
        let denied =
            self.denied.as_deref().map(|raw| known(&Action::ALL, Action::as_str, raw).ok_or_else(|| corrupt("denied")));
        let role = self.role.as_deref().map(|raw| raw.parse().map_err(|_| corrupt("role")));
        let address = self.address.as_deref().map(|raw| raw.parse::<IpAddr>().map_err(|_| corrupt("address")));
        let changes = serde_json::from_str(&self.changes).map_err(|_| corrupt("changes"))?;
        let note = NoteGuard::from_stored(self.author.clone(), self.note_type.as_deref(), self.is_private);
        let note = note.map_err(|_| corrupt("note_type"))?;
        let entry = AuditEntry {
            at: self.at,
            by: Principal {
                user: self.user.as_deref().map(UserId::from_stored),
                role: role.transpose()?,
                origin: Origin { address: address.transpose()?, request: self.request.clone(), key: None },
            },
            action,
            denied: denied.transpose()?,
            subject: Subject {
                resource,
                id: self.resource_id.clone(),
                profile: self.profile.as_deref().map(ProfileId::from_stored),
                note,
            },
            changes,
        };
        Ok(Listed { id: self.id, entry })
    }
}

fn known<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, raw: &str) -> Option<T> {
    all.iter().copied().find(|one| name(*one) == raw)
}
