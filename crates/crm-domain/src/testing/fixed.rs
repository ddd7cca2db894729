use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::ids::IdGenerator;

/// A clock that stands still until it is set.
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// A clock showing this time, such as `2026-01-31T18:00:00Z`.
    pub fn at(time: &str) -> Self {
        Self(Mutex::new(time.parse().expect("an ISO 8601 time")))
    }

    /// Sets the clock.
    pub fn set(&self, time: &str) {
        *self.0.lock().unwrap() = time.parse().expect("an ISO 8601 time");
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// Ids `id1`, `id2`, …
#[derive(Default)]
pub struct SequentialIds(AtomicU64);

impl IdGenerator for SequentialIds {
    fn next_id(&self) -> String {
        format!("id{}", self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
