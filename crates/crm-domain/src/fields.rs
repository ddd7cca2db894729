//! What a thing says, field by field and by the names of the API: what the audit log records, what versions are made
//! of, and what two people's changes are compared by.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::{ServiceId, UserId};
use crate::note::ClientNote;
use crate::preferences::ClientPreferences;
use crate::profile::{ClientProfile, ProfileDetails};

/// A thing with fields that can change. Ids and times are not among them.
pub trait Fields {
    /// Every field that can change, always in the same order.
    fn fields(&self) -> Vec<(&'static str, Value)>;
}

/// How one field changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field's name in the API.
    pub field: String,
    /// What it said; null if nothing.
    pub old: Value,
    /// What it says now; null if nothing.
    pub new: Value,
}

/// How a thing came to say what it says; from or to nothing where it did not or does not exist.
pub(crate) fn changes(before: Option<&dyn Fields>, after: Option<&dyn Fields>) -> Vec<FieldChange> {
    let fields = |thing: Option<&dyn Fields>| thing.map(Fields::fields).unwrap_or_default();
    let (old, new) = (fields(before), fields(after));
    let names = if old.is_empty() { &new } else { &old };
    let change = |(index, (name, _)): (usize, &(&'static str, Value))| {
        let at = |fields: &[(_, Value)]| fields.get(index).map_or(Value::Null, |(_, value)| value.clone());
        let (old, new) = (at(&old), at(&new));
        (old != new).then(|| FieldChange { field: (*name).to_owned(), old, new })
    };
    names.iter().enumerate().filter_map(change).collect()
}

fn text<T: Clone + Into<String>>(value: Option<&T>) -> Value {
    value.map_or(Value::Null, |text| Value::String(text.clone().into()))
}

impl Fields for ClientProfile {
    fn fields(&self) -> Vec<(&'static str, Value)> {
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
        } = &self.details;
        vec![
            ("firstName", text(first_name.as_ref())),
            ("lastName", text(last_name.as_ref())),
            ("dateOfBirth", date_of_birth.map_or(Value::Null, |day| day.date().to_string().into())),
            ("gender", gender.map_or(Value::Null, |gender| gender.as_str().into())),
            ("address", text(address.as_ref())),
            ("city", text(city.as_ref())),
            ("state", text(state.as_ref())),
            ("postalCode", text(postal_code.as_ref())),
            ("country", text(country.as_ref())),
            ("phone", text(phone.as_ref())),
            ("alternatePhone", text(alternate_phone.as_ref())),
            ("email", text(email.as_ref())),
            ("alternateEmail", text(alternate_email.as_ref())),
            ("occupation", text(occupation.as_ref())),
            ("company", text(company.as_ref())),
            ("profilePhotoUrl", text(profile_photo_url.as_ref())),
            ("emergencyContactName", text(emergency_contact_name.as_ref())),
            ("emergencyContactPhone", text(emergency_contact_phone.as_ref())),
            ("notes", text(notes.as_ref())),
        ]
    }
}

impl Fields for ClientNote {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        let Self { note_type, content, is_private, id: _, profile_id: _, author: _, created_at: _, updated_at: _ } = self;
        vec![
            ("noteType", note_type.as_str().into()),
            ("content", content.as_str().into()),
            ("isPrivate", (*is_private).into()),
        ]
    }
}

impl Fields for ClientPreferences {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        let Self { services, staff, communication, reminder, special_requests, .. } = self;
        let list = |ids: Vec<&str>| if ids.is_empty() { Value::Null } else { ids.into() };
        vec![
            ("preferredServices", list(services.iter().map(ServiceId::as_str).collect())),
            ("preferredStaff", list(staff.iter().map(UserId::as_str).collect())),
            ("communicationPreference", communication.as_str().into()),
            ("reminderTime", reminder.as_str().into()),
            ("specialRequests", text(special_requests.as_ref())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::note::NoteType;
    use crate::testing::fixtures::{a_note, a_profile};
    use crate::value::Text;

    #[test]
    fn only_what_differs_counts_as_a_change() {
        let before = a_profile();
        let mut after = before.clone();
        after.details.city = Some(Text::from_stored("Tepic".to_owned()));
        let found = changes(Some(&before), Some(&after));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].field.as_str(), &found[0].new), ("city", &json!("Tepic")));
        assert!(changes(Some(&before), Some(&before)).is_empty());
    }

    #[test]
    fn what_is_made_comes_from_nothing_and_what_is_deleted_becomes_nothing() {
        let note = a_note(NoteType::General);
        let made = changes(None, Some(&note));
        assert_eq!(
            made.iter().map(|change| change.field.as_str()).collect::<Vec<_>>(),
            ["noteType", "content", "isPrivate"]
        );
        assert!(made.iter().all(|change| change.old.is_null()));
        assert!(changes(Some(&note), None).iter().all(|change| change.new.is_null() && !change.old.is_null()));
    }
}
