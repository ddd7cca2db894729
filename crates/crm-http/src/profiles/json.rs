use chrono::{NaiveTime, TimeZone, Utc};
use crm_domain::access::Role;
use crm_domain::directory::User;
use crm_domain::profile::{ClientProfile, Gender, ProfileCard, ProfileDetails, ProfileSummary};
use crm_domain::value::BirthDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::envelope::iso;
use crate::notes::NoteJson;
use crate::preferences::PreferencesJson;

/// A user as shown beside a profile or a note.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserJson {
    id: String,
    email: String,
    first_name: String,
    last_name: String,
    role: Option<&'static str>,
}

impl From<User> for UserJson {
    fn from(user: User) -> Self {
        let User { id, tenant: _, email, first_name, last_name, phone: _, role } = user;
        Self { id: id.to_string(), email, first_name, last_name, role: role.map(Role::as_str) }
    }
}

/// A user with their tenant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TenantUserJson {
    #[serde(flatten)]
    user: UserJson,
    tenant_id: String,
}

impl From<User> for TenantUserJson {
    fn from(user: User) -> Self {
        Self { tenant_id: user.tenant.to_string(), user: user.into() }
    }
}

/// A profile.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileJson {
    id: String,
    user_id: String,
    first_name: Option<String>,
    last_name: Option<String>,
    /// Midnight UTC of the calendar day.
    #[schema(example = "1990-01-15T00:00:00.000Z")]
    date_of_birth: Option<String>,
    #[schema(schema_with = crate::openapi::gender)]
    gender: Option<Gender>,
    address: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
    phone: Option<String>,
    alternate_phone: Option<String>,
    email: Option<String>,
    alternate_email: Option<String>,
    occupation: Option<String>,
    company: Option<String>,
    profile_photo_url: Option<String>,
    emergency_contact_name: Option<String>,
    emergency_contact_phone: Option<String>,
    #[serde(flatten)]
    staff: Option<StaffFields>,
    created_at: String,
    updated_at: String,
}

/// What only staff see; not there at all for clients.
#[derive(Serialize, ToSchema)]
pub(crate) struct StaffFields {
    /// The staff's remarks.
    notes: Option<String>,
}

impl ProfileJson {
    fn of(profile: ClientProfile, reader: Role) -> Self {
        let ClientProfile { id, user_id, details, created_at, updated_at } = profile;
        let ProfileDetails {
            first_name,
            last_name,
            date_of_birth,
            gender,
            address,
            city,
            state,
            postal_code,
            country,
            phone,
            alternate_phone,
            email,
            alternate_email,
            occupation,
            company,
            profile_photo_url,
            emergency_contact_name,
            emergency_contact_phone,
            notes,
        } = details;
        Self {
            id: id.to_string(),
            user_id: user_id.to_string(),
            first_name: first_name.map(String::from),
            last_name: last_name.map(String::from),
            date_of_birth: date_of_birth.map(birth_date),
            gender,
            address: address.map(String::from),
            city: city.map(String::from),
            state: state.map(String::from),
            postal_code: postal_code.map(String::from),
            country: country.map(String::from),
            phone: phone.map(String::from),
            alternate_phone: alternate_phone.map(String::from),
            email: email.map(String::from),
            alternate_email: alternate_email.map(String::from),
            occupation: occupation.map(String::from),
            company: company.map(String::from),
            profile_photo_url: profile_photo_url.map(String::from),
            emergency_contact_name: emergency_contact_name.map(String::from),
            emergency_contact_phone: emergency_contact_phone.map(String::from),
            staff: (reader != Role::Client).then(|| StaffFields { notes: notes.map(String::from) }),
            created_at: iso(created_at),
            updated_at: iso(updated_at),
        }
    }
}

fn birth_date(day: BirthDate) -> String {
    iso(Utc.from_utc_datetime(&day.date().and_time(NaiveTime::MIN)))
}

/// A profile with its user.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileSummaryJson {
    #[serde(flatten)]
    profile: ProfileJson,
    user: UserJson,
}

impl ProfileSummaryJson {
    pub(crate) fn of(summary: ProfileSummary, reader: Role) -> Self {
        let ProfileSummary { profile, user } = summary;
        Self { profile: ProfileJson::of(profile, reader), user: user.into() }
    }
}

/// A profile with everything shown beside it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileCardJson {
    #[serde(flatten)]
    profile: ProfileJson,
    user: TenantUserJson,
    /// The latest notes the caller may read, newest first, at most ten.
    client_notes: Vec<NoteJson>,
    client_preferences: Option<PreferencesJson>,
}

impl ProfileCardJson {
    pub(super) fn of(card: ProfileCard, reader: Role) -> Self {
        let ProfileCard { profile, user, notes, preferences } = card;
        Self {
            profile: ProfileJson::of(profile, reader),
            user: user.into(),
            client_notes: notes.into_iter().map(NoteJson::from).collect(),
            client_preferences: preferences.map(PreferencesJson::from),
        }
    }
}
