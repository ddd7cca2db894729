//! Time as a port.

use chrono::{DateTime, Utc};

/// Tells the time. The implementation MUST cut to whole milliseconds: the host's columns hold no more.
pub trait Clock: Send + Sync {
    /// Now, in UTC, with whole milliseconds.
    fn now(&self) -> DateTime<Utc>;
}

/// When a change to a row last changed at `before` happens: now, but always later than `before`,
/// so that two changes in one millisecond, or after the clock went back, can still be told apart.
pub(crate) fn after(before: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    now.max(before + chrono::Duration::milliseconds(1))
}
