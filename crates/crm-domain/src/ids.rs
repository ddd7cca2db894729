//! Identifiers: one type per thing, so that two ids can't be swapped by mistake.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// Longest id accepted from a caller. The host's own ids have 25 characters.
const MAX_LENGTH: usize = 64;

/// A caller sent something that can't be an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 64 letters, digits, hyphens or underscores")]
pub struct MalformedId;

fn is_id(raw: &str) -> bool {
    (1..=MAX_LENGTH).contains(&raw.len())
        && raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

macro_rules! id_type {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Accepts 1 to 64 letters, digits, `-` or `_`.
            pub fn parse(raw: impl Into<String>) -> Result<Self, MalformedId> {
                let raw = raw.into();
                if is_id(&raw) { Ok(Self(raw)) } else { Err(MalformedId) }
            }

            /// Trusts a value that came from the database, whatever its shape.
            pub fn from_stored(raw: impl Into<String>) -> Self {
                Self(raw.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether a caller could have sent this id. Ids of old rows may not qualify.
            pub fn is_well_formed(&self) -> bool {
                is_id(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = MalformedId;

            fn from_str(raw: &str) -> Result<Self, MalformedId> {
                Self::parse(raw)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    )+};
}

id_type! {
    /// A salon or clinic.
    TenantId,
    /// A row of `users`: staff, or a client with a sign-in.
    UserId,
    /// A row of `client_profiles`.
    ProfileId,
    /// A row of `client_notes`.
    NoteId,
    /// A row of `client_preferences`.
    PreferencesId,
    /// Something in the trash.
    TrashId,
    /// A row of `clients`, the host's own client records.
    ClientId,
    /// A row of `client_users`, the portal accounts.
    PortalAccountId,
    /// A row of `services`.
    ServiceId,
    /// A row of `appointments`.
    AppointmentId,
    /// A row of `branches`.
    BranchId,
    /// A row of `payments`.
    PaymentId,
}

/// Makes new ids. A port, so that tests see predictable ones.
pub trait IdGenerator: Send + Sync {
    /// A new unique id, shaped like the host's: lower-case letters and digits.
    fn next_id(&self) -> String;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_take_the_shapes_the_host_uses_and_nothing_that_could_be_a_path() {
        assert!(ProfileId::parse("cusr00000000000000000001").is_ok());
        assert!(ProfileId::parse("0b6b4f0e-2b6a-4a2e-9d6e-5a8f1f0a7c11").is_ok());
        for hostile in ["", "a b", "../etc", "a/b", "a.b", "ñ", "a\0", &"x".repeat(65)] {
            assert_eq!(ProfileId::parse(hostile), Err(MalformedId), "{hostile:?}");
        }
    }
}
