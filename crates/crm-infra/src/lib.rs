//! Adapters of the ports of `crm-domain`.
//!
//! | Adapter | Port |
//! |---|---|
//! | [`SeaStore`] | `Store` with all its repositories, on SQLite and PostgreSQL |
//! | [`SeaIdentities`] | `IdentityDirectory` |
//! | [`ObjectPhotoStore`] | `PhotoStore`, on a folder, S3 or memory |
//! | [`ImageProcessor`] | `PhotoProcessor` |
//! | [`BcryptVerifier`], [`SystemClock`], [`CuidGenerator`] | `PasswordVerifier`, `Clock`, `IdGenerator` |
//!
//! `scope.rs` is the only file that begins a query on a tenant's rows.

mod attempts;
mod audit_log;
mod connection;
mod contacts;
mod database;
pub mod demo;
mod directory;
mod duplicates;
mod entity;
mod error;
mod history;
mod identity;
mod images;
mod listing;
mod notes;
mod people;
mod photo_ledger;
mod photos;
mod preferences;
mod profiles;
mod readers;
mod requests;
mod rows;
mod scope;
mod search;
mod sql;
mod store;
mod system;
mod trash;
mod users;
mod visits;

#[cfg(feature = "test-support")]
pub mod testing;

pub use attempts::{LocalAttempts, RedisAttempts, UnusableRedis};
pub use database::{Database, Purpose, Repaired};
pub use identity::SeaIdentities;
pub use images::{ImageProcessor, PhotoSizes};
pub use photos::ObjectPhotoStore;
pub use store::SeaStore;
pub use system::{BcryptVerifier, CuidGenerator, SystemClock};
