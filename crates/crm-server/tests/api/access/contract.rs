//! The table of the product contract, section 4, word by word. Nothing here asks the code that it is held against.

use crm_domain::access::Role;
use crm_domain::note::NoteType;

/// A row of the table. Where the contract gives CLIENT only a part of a row, the row is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    ListProfiles,
    ReadProfile,
    CreateProfile,
    ChangeProfile,
    DeleteProfile,
    ListNotes,
    ReadPlainNote,
    ReadMedicalNote,
    ReadComplaint,
    ReadPrivateNote,
    CreateNote,
    ChangeNote,
    ReadAuditLog,
    /// Who viewed and changed a client.
    ReadActivity,
    /// Everybody who writes notes has those to bring back.
    ListTrash,
    /// What somebody else wrote or owns.
    RestoreDeleted,
}

/// ADMIN (and SUPERADMIN), MANAGER, PROFESSIONAL, RECEPTIONIST, CLIENT.
const TABLE: [(Rule, [&str; 5]); 16] = [
    (Rule::ListProfiles, ["yes", "yes", "yes", "yes", "no"]),
    (Rule::ReadProfile, ["yes", "yes", "yes", "yes", "own"]),
    (Rule::CreateProfile, ["yes", "yes", "yes", "yes", "no"]),
    (Rule::ChangeProfile, ["yes", "yes", "yes", "yes", "own"]),
    (Rule::DeleteProfile, ["yes", "yes", "no", "no", "no"]),
    (Rule::ListNotes, ["yes", "yes", "yes", "yes", "no"]),
    (Rule::ReadPlainNote, ["yes", "yes", "yes", "yes", "no"]),
    (Rule::ReadMedicalNote, ["yes", "yes", "yes", "no, unless author", "no"]),
    (Rule::ReadComplaint, ["yes", "yes", "no, unless author", "yes", "no"]),
    (Rule::ReadPrivateNote, ["yes", "no, unless author", "no, unless author", "no, unless author", "no"]),
    (Rule::CreateNote, ["yes", "yes", "yes", "yes", "no"]),
    (Rule::ChangeNote, ["yes", "if readable", "author", "author", "no"]),
    (Rule::ReadAuditLog, ["yes", "no", "no", "no", "no"]),
    (Rule::ReadActivity, ["yes", "yes", "no", "no", "no"]),
    (Rule::ListTrash, ["yes", "yes", "yes", "yes", "no"]),
    (Rule::RestoreDeleted, ["yes", "yes", "no", "no", "no"]),
];

/// What the table says in a cell.
pub(crate) fn says(row: Rule, role: Role) -> &'static str {
    let column = match role {
        Role::SuperAdmin | Role::Admin => 0,
        Role::Manager => 1,
        Role::Professional => 2,
        Role::Receptionist => 3,
        Role::Client => 4,
    };
    TABLE.iter().find(|(named, _)| *named == row).unwrap().1[column]
}

/// Whether the contract lets this role do it, to a thing of its own or not.
pub(crate) fn allows(row: Rule, role: Role, is_own: bool) -> bool {
    match says(row, role) {
        "yes" | "if readable" => true,
        "own" | "author" | "no, unless author" => is_own,
        "no" => false,
        other => panic!("the contract does not say {other}"),
    }
}

/// A note as far as permissions depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoteKind {
    pub(crate) note_type: NoteType,
    pub(crate) is_private: bool,
    /// Whether the caller wrote it.
    pub(crate) is_own: bool,
}

impl NoteKind {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        NoteType::ALL.into_iter().flat_map(|note_type| {
            [(true, true), (true, false), (false, true), (false, false)].map(|(is_private, is_own)| Self {
                note_type,
                is_private,
                is_own,
            })
        })
    }

    /// Both its type and its privacy must let the role read it.
    pub(crate) fn is_readable(self, role: Role) -> bool {
        let by_type = match self.note_type {
            NoteType::General | NoteType::Preference => Rule::ReadPlainNote,
            NoteType::Medical => Rule::ReadMedicalNote,
            NoteType::Complaint => Rule::ReadComplaint,
        };
        allows(by_type, role, self.is_own) && (!self.is_private || allows(Rule::ReadPrivateNote, role, self.is_own))
    }

    /// Readable but forbidden to change: 403. Not readable: 404.
    pub(crate) fn status_of_change(self, role: Role) -> u16 {
        self.status(role, allows(Rule::ChangeNote, role, self.is_own))
    }

    /// Only the author or an ADMIN may change `isPrivate`, of a note they may change at all.
    pub(crate) fn status_of_privacy_change(self, role: Role) -> u16 {
        let is_admin = matches!(role, Role::SuperAdmin | Role::Admin);
        self.status(role, allows(Rule::ChangeNote, role, self.is_own) && (self.is_own || is_admin))
    }

    fn status(self, role: Role, may: bool) -> u16 {
        match (self.is_readable(role), may) {
            (false, _) => 404,
            (true, true) => 200,
            (true, false) => 403,
        }
    }
}
