use std::fmt;
use std::str::FromStr;

use super::policy;
use super::{Action, Grant};
use crate::audit::{Origin, Principal};
use crate::error::{CrmError, Resource};
use crate::idempotency::RequestKey;
use crate::ids::{TenantId, UserId};
use crate::note::{ClientNote, NoteType};
use crate::profile::ClientProfile;
use crate::trash::TrashView;
use crate::validation::{Expectation, Reason};

/// What a person is in their tenant. The names are the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs the whole service; acts inside one tenant at a time.
    SuperAdmin,
    /// Owns the salon or clinic.
    Admin,
    /// Runs a branch.
    Manager,
    /// Gives the services.
    Professional,
    /// Works at the counter.
    Receptionist,
    /// Receives the services.
    Client,
}

/// A role this version does not know. Whoever has it may do nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown role")]
pub struct UnknownRole;

impl Role {
    /// Every role, from most to least powerful.
    pub const ALL: [Self; 6] =
        [Self::SuperAdmin, Self::Admin, Self::Manager, Self::Professional, Self::Receptionist, Self::Client];

    /// The host's name of the role.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SuperAdmin => "SUPERADMIN",
            Self::Admin => "ADMIN",
            Self::Manager => "MANAGER",
            Self::Professional => "PROFESSIONAL",
            Self::Receptionist => "RECEPTIONIST",
            Self::Client => "CLIENT",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(raw: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == raw).ok_or(UnknownRole)
    }
}

/// Permission to touch one tenant's rows, so that no query can forget the tenant. An [`Actor`] gives it out;
/// jobs that visit every tenant take it for each in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantScope {
    tenant: TenantId,
}

impl TenantScope {
    /// For a job of the system, which nobody asked for.
    pub(crate) fn of_job(tenant: TenantId) -> Self {
        Self { tenant }
    }

    /// The tenant.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }
}

/// Which notes an actor may read. Note queries can't be made without one.
///
/// A note is readable if the actor wrote it, or if its type is among `types`
/// and it is public or private notes of others are open to the actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteVisibility {
    author: UserId,
    types: Vec<NoteType>,
    sees_private: bool,
    sees_own: bool,
}

impl NoteVisibility {
    /// Whose notes are readable whatever they are; `None` if the actor reads no notes at all.
    pub fn author(&self) -> Option<&UserId> {
        self.sees_own.then_some(&self.author)
    }

    /// Types readable when somebody else wrote the note.
    pub fn types(&self) -> &[NoteType] {
        &self.types
    }

    /// Whether private notes of others are readable.
    pub fn sees_private(&self) -> bool {
        self.sees_private
    }

    /// Whether every note of the tenant is readable.
    pub fn is_total(&self) -> bool {
        self.sees_private && NoteType::ALL.iter().all(|note_type| self.types.contains(note_type))
    }

    /// Whether this note is readable.
    pub fn allows(&self, note: &ClientNote) -> bool {
        let wrote_it = self.author() == Some(&note.author);
        wrote_it || (self.types.contains(&note.note_type) && (self.sees_private || !note.is_private))
    }
}

/// Who is asking: a person with a verified session, in one tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    user: UserId,
    role: Role,
    tenant: TenantId,
    own_profile_of: Option<UserId>,
    principal: Principal,
}

impl Actor {
    /// Built by [`super::IdentityService`] alone, from what the database says.
    pub(crate) fn new(user: UserId, role: Role, tenant: TenantId, own_profile_of: Option<UserId>) -> Self {
        let principal = Principal { user: Some(user.clone()), role: Some(role), origin: Origin::default() };
        Self { user, role, tenant, own_profile_of, principal }
    }

    /// The same person, calling from there.
    #[must_use]
    pub fn calling_from(mut self, origin: Origin) -> Self {
        self.principal.origin = origin;
        self
    }

    /// The same person, sending a request of this name.
    #[must_use]
    pub fn sending(mut self, key: RequestKey) -> Self {
        self.principal.origin.key = Some(key);
        self
    }

    /// What the audit log says of the actor.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The same person, acting in another tenant.
    pub(crate) fn in_tenant(self, tenant: TenantId) -> Self {
        Self { tenant, ..self }
    }

    /// The session's user. For a portal session this is the id of the portal account.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// The actor's role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The tenant the actor acts in.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The user whose profile is this client's own.
    pub fn own_profile_of(&self) -> Option<&UserId> {
        self.own_profile_of.as_ref()
    }

    /// Permission to touch the rows of the actor's tenant.
    pub fn scope(&self) -> TenantScope {
        TenantScope { tenant: self.tenant.clone() }
    }

    /// Passes if the role may do this to at least some things.
    pub fn require(&self, action: Action) -> Result<(), CrmError> {
        match policy::grant(self.role, action) {
            Grant::Always | Grant::Own => Ok(()),
            Grant::Never => Err(CrmError::Denied(action)),
        }
    }

    /// Passes if the actor may do this to a profile, or to what hangs on it.
    /// A profile the actor can't even read does not exist for them.
    pub fn require_on_profile(&self, action: Action, owner: &UserId, missing: Resource) -> Result<(), CrmError> {
        let reaches = |action| self.reaches(action, self.own_profile_of.as_ref() == Some(owner));
        if !reaches(Action::ReadProfile) {
            return Err(CrmError::NotFound(missing));
        }
        if reaches(action) { Ok(()) } else { Err(CrmError::Denied(action)) }
    }

    /// Passes if the actor, who can read the note, may do this to it.
    pub fn require_on_note(&self, action: Action, note: &ClientNote) -> Result<(), CrmError> {
        if self.reaches(action, note.author == self.user) { Ok(()) } else { Err(CrmError::Denied(action)) }
    }

    /// Whether a note may carry this author's name: one's own, or for an administrator anybody's of the tenant.
    pub fn may_write_as(&self, author: &UserId) -> Result<(), Reason> {
        let may = *author == self.user || self.reaches(Action::CreateNoteForOther, false);
        if may { Ok(()) } else { Err(Reason::Expected(Expectation::SessionUser)) }
    }

    /// Which notes the actor may read.
    pub fn note_visibility(&self) -> NoteVisibility {
        let readable = |note_type: &NoteType| self.reaches(policy::reading(*note_type), false);
        NoteVisibility {
            author: self.user.clone(),
            types: NoteType::ALL.into_iter().filter(readable).collect(),
            sees_private: self.reaches(Action::ReadPrivateNote, false),
            sees_own: policy::grant(self.role, Action::ListNotes) != Grant::Never,
        }
    }

    /// What the actor may see of the trash and bring back.
    pub(crate) fn trash_view(&self) -> Result<TrashView, CrmError> {
        self.require(Action::RestoreDeleted)?;
        let only_own = policy::grant(self.role, Action::RestoreDeleted) == Grant::Own;
        Ok(TrashView { only_own_of: only_own.then(|| self.user.clone()), notes: self.note_visibility() })
    }

    /// Hides the staff field from those who may not see it.
    pub(crate) fn redact(&self, mut profile: ClientProfile) -> ClientProfile {
        if policy::grant(self.role, Action::ReadStaffField) == Grant::Never {
            profile.details.notes = None;
        }
        profile
    }

    fn reaches(&self, action: Action, own: bool) -> bool {
        match policy::grant(self.role, action) {
            Grant::Always => true,
            Grant::Own => own,
            Grant::Never => false,
        }
    }
}
