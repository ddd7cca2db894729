use crm_domain::preferences::{ClientPreferences, CommunicationPreference, ReminderTime};
use serde::Serialize;
use utoipa::ToSchema;

use crate::envelope::iso;

/// A client's preferences.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PreferencesJson {
    id: String,
    client_profile_id: String,
    /// Ids stored earlier may no longer exist.
    preferred_services: Vec<String>,
    /// Ids stored earlier may no longer exist.
    preferred_staff: Vec<String>,
    #[schema(schema_with = crate::openapi::communication_preference)]
    communication_preference: CommunicationPreference,
    #[schema(schema_with = crate::openapi::reminder_time)]
    reminder_time: ReminderTime,
    special_requests: Option<String>,
    created_at: String,
    updated_at: String,
}

impl From<ClientPreferences> for PreferencesJson {
    fn from(preferences: ClientPreferences) -> Self {
        let ClientPreferences {
            id,
            profile_id,
            services,
            staff,
            communication,
            reminder,
            special_requests,
            created_at,
            updated_at,
        } = preferences;
        Self {
            id: id.to_string(),
            client_profile_id: profile_id.to_string(),
            preferred_services: services.iter().map(ToString::to_string).collect(),
            preferred_staff: staff.iter().map(ToString::to_string).collect(),
            communication_preference: communication,
            reminder_time: reminder,
            special_requests: special_requests.map(String::from),
            created_at: iso(created_at),
            updated_at: iso(updated_at),
        }
    }
}
