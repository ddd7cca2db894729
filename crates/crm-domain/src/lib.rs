//! The client module of an appointment service: profiles, notes, preferences, photos and history.
//!
//! This crate holds the rules and nothing else. It knows no framework, no database and no network
//! (`scripts/check.sh` fails if it ever depends on one), so any service can use it and test against it with mocks.
//!
//! # Map
//!
//! | Module | Holds |
//! |---|---|
//! | [`access`] | who is asking ([`access::Actor`]), what they may do ([`access::policy`]), sign-in |
//! | [`profile`], [`note`], [`preferences`], [`photo`], [`history`] | one folder per thing: model, port, service |
//! | [`audit`] | who did what: entries, their chains, verification |
//! | [`fields`] | what a thing says, field by field |
//! | [`store`] | [`store::Store`]: repositories bound to a tenant, units of work |
//! | [`value`] | checked field values: e-mail, phone, birth date, … |
//! | [`trash`] | what was deleted and can be brought back |
//! | [`idempotency`] | requests that take effect once |
//! | [`version`] | which version of a thing somebody saw, and merging |
//! | [`directory`] | the host's users and services |
//! | [`progress`] | how far a long job is |
//! | `testing` | mocks, fixtures and the contract suite, with feature `test-support` |
//!
//! # Adding a port
//!
//! Write the trait beside the thing it serves, state its contract with MUST, put `automock` above `async_trait`,
//! add it to [`store::Repositories`] and `testing::MockStore`, and add its contracts to `testing::contract`.

pub mod access;
pub mod audit;
pub mod clock;
mod digest;
pub mod directory;
pub mod error;
pub mod fields;
pub mod history;
pub mod idempotency;
pub mod ids;
pub mod money;
pub mod note;
pub mod page;
pub mod patch;
pub mod photo;
pub mod ports;
pub mod preferences;
pub mod profile;
pub mod progress;
pub mod store;
pub mod trash;
pub mod validation;
pub mod value;
pub mod version;

#[cfg(any(test, feature = "test-support"))]
pub mod testing;
