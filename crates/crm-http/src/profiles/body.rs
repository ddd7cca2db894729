use chrono::NaiveDate;
use crm_domain::ids::UserId;
use crm_domain::profile::{Gender, NewProfile, ProfileEcho, ProfilePatch, ProfileUpdate};
use crm_domain::validation::Violations;
use crm_domain::value::BirthDate;
use crm_domain::version::Precondition;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Field, Reader, UnknownFields};

/// What a profile says. Everything is optional; blank text counts as nothing.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileFields {
    #[schema(value_type = Option<String>, max_length = 100)]
    #[serde(default)]
    first_name: Field<String>,
    #[schema(value_type = Option<String>, max_length = 100)]
    #[serde(default)]
    last_name: Field<String>,
    /// `YYYY-MM-DD`, or an ISO timestamp whose calendar day counts; from 1900 to today.
    #[schema(value_type = Option<String>, example = "1990-01-15")]
    #[serde(default)]
    date_of_birth: Field<String>,
    /// `MASCULINO`, `FEMENINO`, `OTRO` and `PREFIERO_NO_DECIR` are understood too.
    #[schema(schema_with = crate::openapi::gender)]
    #[serde(default)]
    gender: Field<String>,
    #[schema(value_type = Option<String>, max_length = 300)]
    #[serde(default)]
    address: Field<String>,
    #[schema(value_type = Option<String>, max_length = 100)]
    #[serde(default)]
    city: Field<String>,
    #[schema(value_type = Option<String>, max_length = 100)]
    #[serde(default)]
    state: Field<String>,
    #[schema(value_type = Option<String>, max_length = 20)]
    #[serde(default)]
    postal_code: Field<String>,
    /// `México` if a new profile does not say.
    #[schema(value_type = Option<String>, max_length = 60)]
    #[serde(default)]
    country: Field<String>,
    /// 7 to 15 digits, however punctuated.
    #[schema(value_type = Option<String>, max_length = 32, example = "+52 55 1234 5678")]
    #[serde(default)]
    phone: Field<String>,
    #[schema(value_type = Option<String>, max_length = 32)]
    #[serde(default)]
    alternate_phone: Field<String>,
    #[schema(value_type = Option<String>, max_length = 254, example = "juan.perez@example.com")]
    #[serde(default)]
    email: Field<String>,
    #[schema(value_type = Option<String>, max_length = 254)]
    #[serde(default)]
    alternate_email: Field<String>,
    #[schema(value_type = Option<String>, max_length = 100)]
    #[serde(default)]
    occupation: Field<String>,
    #[schema(value_type = Option<String>, max_length = 100)]
    #[serde(default)]
    company: Field<String>,
    /// The address of this user's uploaded photo, or one that begins with `https://`.
    #[schema(value_type = Option<String>, max_length = 2048)]
    #[serde(default)]
    profile_photo_url: Field<String>,
    #[schema(value_type = Option<String>, max_length = 100)]
    #[serde(default)]
    emergency_contact_name: Field<String>,
    #[schema(value_type = Option<String>, max_length = 32)]
    #[serde(default)]
    emergency_contact_phone: Field<String>,
    /// The staff's remarks; clients neither see nor change them.
    #[schema(value_type = Option<String>, max_length = 5000)]
    #[serde(default)]
    notes: Field<String>,
}

impl ProfileFields {
    fn read(self, reader: &mut Reader, today: NaiveDate) -> ProfilePatch {
        let Self {
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
        } = self;
        ProfilePatch {
            first_name: reader.patch("firstName", first_name),
            last_name: reader.patch("lastName", last_name),
            date_of_birth: reader.patch_with("dateOfBirth", date_of_birth, |raw| BirthDate::parse(raw, today)),
            gender: reader.patch_with("gender", gender, |raw| match raw.trim() {
                "" => Ok(None),
                name => name.parse::<Gender>().map(Some),
            }),
            address: reader.patch("address", address),
            city: reader.patch("city", city),
            state: reader.patch("state", state),
            postal_code: reader.patch("postalCode", postal_code),
            country: reader.patch("country", country),
            phone: reader.patch("phone", phone),
            alternate_phone: reader.patch("alternatePhone", alternate_phone),
            email: reader.patch("email", email),
            alternate_email: reader.patch("alternateEmail", alternate_email),
            occupation: reader.patch("occupation", occupation),
            company: reader.patch("company", company),
            profile_photo_url: reader.patch("profilePhotoUrl", profile_photo_url),
            emergency_contact_name: reader.patch("emergencyContactName", emergency_contact_name),
            emergency_contact_phone: reader.patch("emergencyContactPhone", emergency_contact_phone),
            notes: reader.patch("notes", notes),
        }
    }
}

/// A profile to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateProfileBody {
    /// A user of the tenant who has no profile.
    #[schema(value_type = String, required = true)]
    #[serde(default)]
    user_id: Field<String>,
    #[serde(flatten)]
    fields: ProfileFields,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl CreateProfileBody {
    /// The profile to make, as far as it can be read.
    pub fn into_new(self, today: NaiveDate) -> Result<NewProfile, Violations> {
        let Self { user_id, fields, unknown } = self;
        let mut reader = Reader::new(unknown);
        let user_id = reader.required_id("userId", user_id, |raw| UserId::parse(raw).ok());
        let details = fields.read(&mut reader, today);
        reader.finish_with(user_id, |user_id, mistakes| NewProfile { user_id, details, mistakes })
    }
}

/// Changes to a profile. Fields left out keep their value; `null` clears them.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateProfileBody {
    #[serde(flatten)]
    fields: ProfileFields,
    /// May be sent, but not changed.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    id: Field<String>,
    /// May be sent, but not changed.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    user_id: Field<String>,
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

impl UpdateProfileBody {
    /// The changes, and what is wrong with them.
    pub fn into_update(self, today: NaiveDate, precondition: Precondition) -> ProfileUpdate {
        let Self { fields, id, user_id, created_at, updated_at, unknown } = self;
        let mut reader = Reader::new(unknown);
        let patch = fields.read(&mut reader, today);
        let echo = ProfileEcho {
            id: reader.echo("id", id),
            user_id: reader.echo("userId", user_id),
            created_at: reader.echo_time("createdAt", created_at),
            updated_at: reader.echo_time("updatedAt", updated_at),
        };
        ProfileUpdate { patch, echo, mistakes: reader.mistakes(), precondition }
    }
}
