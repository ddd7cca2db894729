//! The tables as SeaORM entities: exact names, only the columns this module uses.
//!
//! Native PostgreSQL enums are read and written as text with a cast, because their labels differ between
//! host databases; on SQLite they are text anyway.

pub(crate) mod audit;
pub(crate) mod audit_head;
pub(crate) mod client_note;
pub(crate) mod client_preferences;
pub(crate) mod client_profile;
pub(crate) mod note_index;
pub(crate) mod photo;
pub(crate) mod profile_search;
pub(crate) mod request;
pub(crate) mod trash_item;
pub(crate) mod trash_row;
pub(crate) mod user;

use sea_orm::DynIden;
use sea_orm::sea_query::IntoIden;

/// Name of a native enum type.
fn native_enum(name: &'static str) -> DynIden {
    name.into_iden()
}
