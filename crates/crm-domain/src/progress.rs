//! Progress of long jobs, as a port.

use std::error::Error;
use std::fmt::Display;

/// Is told how far a job is.
pub trait Progress: Send + Sync {
    /// A stretch of work with this many steps begins.
    fn start(&self, what: &'static str, total: u64);
    /// So many more steps are done.
    fn advance(&self, by: u64);
    /// A step failed, and the job goes on.
    fn failed(&self, step: &dyn Display, error: &dyn Error);
    /// Something was, or in a dry run would be, given up for lost.
    fn lost(&self, what: &dyn Display);
    /// The stretch is over.
    fn finish(&self);
}

/// For jobs that nobody watches.
pub struct Unwatched;

impl Progress for Unwatched {
    fn start(&self, _: &'static str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn failed(&self, _: &dyn Display, _: &dyn Error) {}
    fn lost(&self, _: &dyn Display) {}
    fn finish(&self) {}
}
