use crm_domain::ids::{ProfileId, ServiceId, UserId};
use crm_domain::preferences::{NewPreferences, PreferencesEcho, PreferencesPatch, PreferencesUpdate};
use crm_domain::validation::Violations;
use crm_domain::version::Precondition;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Field, Reader, UnknownFields};

/// What preferences say.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PreferencesFields {
    /// Services of the tenant, at most 100, each once.
    #[schema(value_type = Option<Vec<String>>, max_items = 100)]
    #[serde(default)]
    preferred_services: Field<Vec<String>>,
    /// Staff of the tenant, at most 100, each once.
    #[schema(value_type = Option<Vec<String>>, max_items = 100)]
    #[serde(default)]
    preferred_staff: Field<Vec<String>>,
    #[schema(schema_with = crate::openapi::communication_preference)]
    #[serde(default)]
    communication_preference: Field<String>,
    #[schema(schema_with = crate::openapi::reminder_time)]
    #[serde(default)]
    reminder_time: Field<String>,
    #[schema(value_type = Option<String>, max_length = 2000)]
    #[serde(default)]
    special_requests: Field<String>,
}

impl PreferencesFields {
    fn read(self, reader: &mut Reader) -> PreferencesPatch {
        let Self { preferred_services, preferred_staff, communication_preference, reminder_time, special_requests } = self;
        PreferencesPatch {
            services: reader.ids("preferredServices", preferred_services, |raw| plausible(raw).map(ServiceId::from_stored)),
            staff: reader.ids("preferredStaff", preferred_staff, |raw| plausible(raw).map(UserId::from_stored)),
            communication: reader.change("communicationPreference", communication_preference, str::parse),
            reminder: reader.change("reminderTime", reminder_time, str::parse),
            special_requests: reader.patch("specialRequests", special_requests),
        }
    }
}

/// Ids stored earlier may have any shape and must be accepted again; new ones are looked up whatever they look like.
fn plausible(raw: String) -> Option<String> {
    let fits = (1..=200).contains(&raw.len()) && !raw.chars().any(char::is_control);
    fits.then_some(raw)
}

/// Preferences to set for the first time.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatePreferencesBody {
    /// `clientId` means the same.
    #[schema(value_type = String, required = true)]
    #[serde(default)]
    client_profile_id: Field<String>,
    #[schema(ignore)]
    #[serde(default)]
    client_id: Field<String>,
    #[serde(flatten)]
    fields: PreferencesFields,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl CreatePreferencesBody {
    /// The preferences to set, as far as they can be read.
    pub fn into_new(self) -> Result<NewPreferences, Violations> {
        let Self { client_profile_id, client_id, fields, unknown } = self;
        let mut reader = Reader::new(unknown);
        let profile = reader.either("clientId", "clientProfileId", client_id, client_profile_id);
        let profile = reader.required_id("clientProfileId", profile, |raw| ProfileId::parse(raw).ok());
        let details = fields.read(&mut reader);
        reader.finish_with(profile, |profile_id, mistakes| NewPreferences { profile_id, details, mistakes })
    }
}

/// Changes to preferences. Fields left out keep their value; `null` empties a list or the special requests.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdatePreferencesBody {
    #[serde(flatten)]
    fields: PreferencesFields,
    /// May be sent, but not changed.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    id: Field<String>,
    /// May be sent, but not changed. `clientId` means the same.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    client_profile_id: Field<String>,
    #[schema(ignore)]
    #[serde(default)]
    client_id: Field<String>,
    /// May be sent, but not changed.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    created_at: Field<String>,
    /// May be sent, but not changed.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    updated_at: Field<String>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl UpdatePreferencesBody {
    /// The changes, and what is wrong with them.
    pub fn into_update(self, precondition: Precondition) -> PreferencesUpdate {
        let Self { fields, id, client_profile_id, client_id, created_at, updated_at, unknown } = self;
        let mut reader = Reader::new(unknown);
        let patch = fields.read(&mut reader);
        let profile = reader.either("clientId", "clientProfileId", client_id, client_profile_id);
        let echo = PreferencesEcho {
            id: reader.echo("id", id),
            client_profile_id: reader.echo("clientProfileId", profile),
            created_at: reader.echo_time("createdAt", created_at),
            updated_at: reader.echo_time("updatedAt", updated_at),
        };
        PreferencesUpdate { patch, echo, mistakes: reader.mistakes(), precondition }
    }
}
