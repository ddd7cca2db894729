use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::directory::User;
use crate::ids::{ProfileId, UserId};
use crate::note::NoteView;
use crate::preferences::ClientPreferences;
use crate::validation::Reason;
use crate::value::{BirthDate, Email, Line, Phone, PhotoUrl, Prose};

/// A client's gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Gender {
    /// Man.
    Male,
    /// Woman.
    Female,
    /// Other.
    Other,
    /// Prefers not to say.
    PreferNotToSay,
}

impl Gender {
    /// Every gender.
    pub const ALL: [Self; 4] = [Self::Male, Self::Female, Self::Other, Self::PreferNotToSay];

    /// The mission's name, used in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Male => "MALE",
            Self::Female => "FEMALE",
            Self::Other => "OTHER",
            Self::PreferNotToSay => "PREFER_NOT_TO_SAY",
        }
    }

    /// The name that the web app's forms and later host databases use.
    pub const fn as_spanish_str(self) -> &'static str {
        match self {
            Self::Male => "MASCULINO",
            Self::Female => "FEMENINO",
            Self::Other => "OTRO",
            Self::PreferNotToSay => "PREFIERO_NO_DECIR",
        }
    }
}

impl FromStr for Gender {
    type Err = Reason;

    /// Reads either name.
    fn from_str(raw: &str) -> Result<Self, Reason> {
        Self::ALL
            .into_iter()
            .find(|gender| raw == gender.as_str() || raw == gender.as_spanish_str())
            .ok_or(Reason::NotOneOf("MALE, FEMALE, OTHER, PREFER_NOT_TO_SAY"))
    }
}

/// Everything a profile says about a person. All of it is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields carry the mission's own names")]
pub struct ProfileDetails {
    pub first_name: Option<Line<100>>,
    pub last_name: Option<Line<100>>,
    pub date_of_birth: Option<BirthDate>,
    pub gender: Option<Gender>,
    pub address: Option<Prose<300>>,
    pub city: Option<Line<100>>,
    pub state: Option<Line<100>>,
    pub postal_code: Option<Line<20>>,
    pub country: Option<Line<60>>,
    pub phone: Option<Phone>,
    pub alternate_phone: Option<Phone>,
    pub email: Option<Email>,
    pub alternate_email: Option<Email>,
    pub occupation: Option<Line<100>>,
    pub company: Option<Line<100>>,
    pub profile_photo_url: Option<PhotoUrl>,
    pub emergency_contact_name: Option<Line<100>>,
    pub emergency_contact_phone: Option<Phone>,
    /// The staff field: what the staff remarks on the person, never shown to the client.
    pub notes: Option<Prose<5000>>,
}

/// A client profile. Each user has at most one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientProfile {
    /// Its id.
    pub id: ProfileId,
    /// Whose profile it is.
    pub user_id: UserId,
    /// What it says.
    pub details: ProfileDetails,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A profile in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSummary {
    /// The profile.
    pub profile: ClientProfile,
    /// Its user.
    pub user: User,
}

/// A profile with everything shown beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileCard {
    /// The profile.
    pub profile: ClientProfile,
    /// Its user.
    pub user: User,
    /// The latest notes the actor may read, newest first, at most [`super::CARD_NOTES`].
    pub notes: Vec<NoteView>,
    /// Its preferences, if set.
    pub preferences: Option<ClientPreferences>,
}
