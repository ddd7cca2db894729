//! Progress of long jobs, as a port.

/// Is told how far a job is.
pub trait Progress: Send + Sync {
    /// A stretch of work with this many steps begins.
    fn start(&self, what: &'static str, total: u64);
    /// So many more steps are done.
    fn advance(&self, by: u64);
    /// The stretch is over.
    fn finish(&self);
}

/// For jobs that nobody watches.
pub struct Unwatched;

impl Progress for Unwatched {
    fn start(&self, _: &'static str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn finish(&self) {}
}
