use chrono::{DateTime, Utc};

use super::{ClientProfile, DEFAULT_COUNTRY, Gender, ProfileDetails};
use crate::ids::{ProfileId, UserId};
use crate::patch::Patch;
use crate::validation::{Expectation, Reason, Violations};
use crate::value::{BirthDate, Email, Line, Phone, PhotoUrl, Prose};
use crate::version::{Merged, Precondition};

/// A profile to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProfile {
    /// Whose profile it will be.
    pub user_id: UserId,
    /// What it will say; what is kept or cleared stays empty.
    pub details: ProfilePatch,
    /// What is already known to be wrong with the input, to be reported with whatever else is found.
    pub mistakes: Violations,
}

impl NewProfile {
    pub(super) fn into_profile(self, id: ProfileId, now: DateTime<Utc>) -> Result<ClientProfile, Violations> {
        let mut violations = self.mistakes;
        check_photo(&self.details, &self.user_id, &mut violations);
        violations.into_result()?;

        let mut details = ProfileDetails::default();
        let country_is_open = !self.details.country.is_mentioned();
        self.details.apply(&mut details);
        if country_is_open {
            details.country = Some(Line::from_stored(DEFAULT_COUNTRY.to_owned()));
        }
        Ok(ClientProfile { id, user_id: self.user_id, details, created_at: now, updated_at: now })
    }
}

/// What an update says about each field of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of ProfileDetails")]
pub struct ProfilePatch {
    pub first_name: Patch<Line<100>>,
    pub last_name: Patch<Line<100>>,
    pub date_of_birth: Patch<BirthDate>,
    pub gender: Patch<Gender>,
    pub address: Patch<Prose<300>>,
    pub city: Patch<Line<100>>,
    pub state: Patch<Line<100>>,
    pub postal_code: Patch<Line<20>>,
    pub country: Patch<Line<60>>,
    pub phone: Patch<Phone>,
    pub alternate_phone: Patch<Phone>,
    pub email: Patch<Email>,
    pub alternate_email: Patch<Email>,
    pub occupation: Patch<Line<100>>,
    pub company: Patch<Line<100>>,
    pub profile_photo_url: Patch<PhotoUrl>,
    pub emergency_contact_name: Patch<Line<100>>,
    pub emergency_contact_phone: Patch<Phone>,
    pub notes: Patch<Prose<5000>>,
}

impl ProfilePatch {
    /// The changes to these fields of the API, without the others.
    fn only(self, wanted: &[&str]) -> Self {
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
        Self {
            first_name: first_name.only_if(wanted.contains(&"firstName")),
            last_name: last_name.only_if(wanted.contains(&"lastName")),
            date_of_birth: date_of_birth.only_if(wanted.contains(&"dateOfBirth")),
            gender: gender.only_if(wanted.contains(&"gender")),
            address: address.only_if(wanted.contains(&"address")),
            city: city.only_if(wanted.contains(&"city")),
            state: state.only_if(wanted.contains(&"state")),
            postal_code: postal_code.only_if(wanted.contains(&"postalCode")),
            country: country.only_if(wanted.contains(&"country")),
            phone: phone.only_if(wanted.contains(&"phone")),
            alternate_phone: alternate_phone.only_if(wanted.contains(&"alternatePhone")),
            email: email.only_if(wanted.contains(&"email")),
            alternate_email: alternate_email.only_if(wanted.contains(&"alternateEmail")),
            occupation: occupation.only_if(wanted.contains(&"occupation")),
            company: company.only_if(wanted.contains(&"company")),
            profile_photo_url: profile_photo_url.only_if(wanted.contains(&"profilePhotoUrl")),
            emergency_contact_name: emergency_contact_name.only_if(wanted.contains(&"emergencyContactName")),
            emergency_contact_phone: emergency_contact_phone.only_if(wanted.contains(&"emergencyContactPhone")),
            notes: notes.only_if(wanted.contains(&"notes")),
        }
    }

    /// Makes the changes.
    pub fn apply(self, details: &mut ProfileDetails) {
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
        first_name.apply(&mut details.first_name);
        last_name.apply(&mut details.last_name);
        date_of_birth.apply(&mut details.date_of_birth);
        gender.apply(&mut details.gender);
        address.apply(&mut details.address);
        city.apply(&mut details.city);
        state.apply(&mut details.state);
        postal_code.apply(&mut details.postal_code);
        country.apply(&mut details.country);
        phone.apply(&mut details.phone);
        alternate_phone.apply(&mut details.alternate_phone);
        email.apply(&mut details.email);
        alternate_email.apply(&mut details.alternate_email);
        occupation.apply(&mut details.occupation);
        company.apply(&mut details.company);
        profile_photo_url.apply(&mut details.profile_photo_url);
        emergency_contact_name.apply(&mut details.emergency_contact_name);
        emergency_contact_phone.apply(&mut details.emergency_contact_phone);
        notes.apply(&mut details.notes);
    }
}

/// Unchangeable fields that a caller sent along. They must equal what is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of ClientProfile")]
pub struct ProfileEcho {
    pub id: Option<String>,
    pub user_id: Option<String>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

impl ProfileEcho {
    fn check(&self, profile: &ClientProfile, violations: &mut Violations) {
        violations.same("id", self.id.as_deref(), profile.id.as_str());
        violations.same("userId", self.user_id.as_deref(), profile.user_id.as_str());
        violations.same("createdAt", self.created_at.as_ref(), &profile.created_at);
        violations.same("updatedAt", self.updated_at.as_ref(), &profile.updated_at);
    }
}

/// A change to a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileUpdate {
    /// The fields to change.
    pub patch: ProfilePatch,
    /// The fields that must not differ.
    pub echo: ProfileEcho,
    /// What is already known to be wrong with the input, to be reported with whatever else is found.
    pub mistakes: Violations,
    /// What the caller must have seen.
    pub precondition: Precondition,
}

impl ProfileUpdate {
    /// Leaves out what others changed since the caller looked; the error names the fields that stand in the way.
    pub(super) fn reconcile(self, seen: &ClientProfile) -> Result<(Self, Option<Merged>), Vec<&'static str>> {
        let mut wanted = seen.clone();
        self.patch.clone().apply(&mut wanted.details);
        let Some(merged) = self.precondition.reconcile(seen, &wanted)? else { return Ok((self, None)) };
        // The time the caller saw is another by now.
        let echo = ProfileEcho { updated_at: None, ..self.echo };
        Ok((Self { patch: self.patch.only(&merged.yours), echo, ..self }, Some(merged)))
    }

    /// The profile after the change; equal to `before` if nothing changes.
    pub(crate) fn apply_to(self, before: &ClientProfile, now: DateTime<Utc>) -> Result<ClientProfile, Violations> {
        let mut violations = self.mistakes;
        self.echo.check(before, &mut violations);
        check_photo(&self.patch, &before.user_id, &mut violations);
        violations.into_result()?;

        let mut after = before.clone();
        self.patch.apply(&mut after.details);
        if after.details != before.details {
            after.updated_at = crate::clock::after(before.updated_at, now);
        }
        Ok(after)
    }
}

/// A photo that this service keeps can only be shown by the profile of the user it was uploaded for.
fn check_photo(patch: &ProfilePatch, user: &UserId, violations: &mut Violations) {
    let kept = patch.profile_photo_url.value().and_then(PhotoUrl::stored_photo);
    if kept.is_some_and(|(owner, _)| owner != *user) {
        violations.add("profilePhotoUrl", Reason::Expected(Expectation::OwnPhoto));
    }
}
