use crm_domain::access::{Action, Role};
use crm_domain::audit::{AuditEntry, Listed, Origin, Principal, Subject};
use crm_domain::fields::FieldChange;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::envelope::iso;

/// One thing that was done.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditEntryJson {
    id: String,
    /// When.
    at: String,
    /// Who; null for jobs of the system and for those who could not sign in.
    user_id: Option<String>,
    /// The role they had.
    role: Option<&'static str>,
    /// The address they called from.
    address: Option<String>,
    /// Names the request in the log.
    request_id: Option<String>,
    /// What; one of the values of the parameter `action`.
    action: &'static str,
    /// To what kind of thing: PROFILE, NOTE, PREFERENCES, PHOTO, USER, TENANT or TRASH.
    resource: &'static str,
    /// To which one.
    resource_id: Option<String>,
    /// The client it belongs to.
    client_profile_id: Option<String>,
    /// How its fields changed.
    changes: Vec<FieldChangeJson>,
    /// What was tried, if it was denied.
    denied: Option<&'static str>,
}

/// How one field changed.
#[derive(Serialize, ToSchema)]
pub(crate) struct FieldChangeJson {
    field: String,
    /// What it said; null if nothing.
    #[schema(value_type = Option<Object>)]
    old: Value,
    /// What it says now; null if nothing.
    #[schema(value_type = Option<Object>)]
    new: Value,
}

impl From<FieldChange> for FieldChangeJson {
    fn from(change: FieldChange) -> Self {
        let FieldChange { field, old, new } = change;
        Self { field, old, new }
    }
}

impl From<Listed> for AuditEntryJson {
    fn from(Listed { id, entry }: Listed) -> Self {
        let AuditEntry { at, by: Principal { user, role, origin }, action, subject, changes, denied } = entry;
        let Origin { address, request, key: _ } = origin;
        let Subject { resource, id: resource_id, profile, note: _ } = subject;
        Self {
            id,
            at: iso(at),
            user_id: user.map(|user| user.to_string()),
            role: role.map(Role::as_str),
            address: address.map(|address| address.to_string()),
            request_id: request,
            action: action.as_str(),
            resource: resource.as_str(),
            resource_id,
            client_profile_id: profile.map(|profile| profile.to_string()),
            changes: changes.into_iter().map(FieldChangeJson::from).collect(),
            denied: denied.map(Action::as_str),
        }
    }
}
