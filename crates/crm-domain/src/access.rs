//! Who may do what: the one place where permissions are decided.
//!
//! [`policy`] is the table of the product contract, section 4.
//! Everything else in the workspace asks [`Actor::require`], [`Actor::require_on_profile`], [`Actor::require_on_note`] or [`Actor::note_visibility`].

mod action;
mod actor;
mod attempts;
mod identity;
pub mod policy;

pub use action::{Action, Grant};
pub use actor::{Actor, NoteVisibility, Role, TenantScope, UnknownRole};
pub use attempts::AttemptLimiter;
#[cfg(any(test, feature = "test-support"))]
pub use attempts::MockAttemptLimiter;
pub use identity::{
    Attempt, Credentials, IdentityDirectory, IdentityService, PasswordVerifier, PortalAccount, SignIn, UserAccount,
};
#[cfg(any(test, feature = "test-support"))]
pub use identity::{MockIdentityDirectory, MockPasswordVerifier};
