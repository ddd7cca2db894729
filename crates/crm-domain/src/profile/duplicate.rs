use super::ProfileSummary;
use crate::ids::ProfileId;

/// What somebody is about to enter of a person, of whom there may be a profile already. As typed; nothing is required.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of ProfileDetails")]
pub struct PossibleDuplicate {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// The profile that is being changed.
    pub except: Option<ProfileId>,
}

impl std::fmt::Debug for PossibleDuplicate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PossibleDuplicate(…)")
    }
}

/// What two profiles have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SameContact {
    /// A phone, the alternate one or the account's, however it is spelled.
    Phone,
    /// An e-mail address, the alternate one or the account's, whatever its case.
    Email,
    /// Both names, whatever their case and accents.
    Name,
}

/// A profile that may be of the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The profile.
    pub summary: ProfileSummary,
    /// What is the same, in the order of [`SameContact`]; never empty.
    pub same: Vec<SameContact>,
}
