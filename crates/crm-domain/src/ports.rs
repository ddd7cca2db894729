//! What every service is built from.

use std::sync::Arc;

use crate::clock::Clock;
use crate::ids::IdGenerator;
use crate::store::Store;

/// The ports that every service needs.
#[derive(Clone)]
pub struct Ports {
    /// Where rows are kept.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where new ids come from.
    pub ids: Arc<dyn IdGenerator>,
}
