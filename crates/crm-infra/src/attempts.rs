//! So many attempts a minute: counted in this process, or in Redis for several replicas.
//!
//! Both count as the generic cell rate algorithm does: all attempts of a minute may be made at once, and each comes back
//! after its part of a minute.

mod redis;

use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;
use crm_domain::access::AttemptLimiter;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

pub use self::redis::{RedisAttempts, UnusableRedis};

/// Keys remembered before those of long ago are forgotten.
const MOST_KEYS: usize = 10_000;

/// Counts in this process.
pub struct LocalAttempts {
    attempts: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
}

impl LocalAttempts {
    /// Allows each key so many attempts a minute.
    pub fn per_minute(attempts: NonZeroU32) -> Self {
        Self { attempts: RateLimiter::keyed(Quota::per_minute(attempts)), clock: DefaultClock::default() }
    }
}

#[async_trait]
impl AttemptLimiter for LocalAttempts {
    async fn take(&self, key: &str) -> Result<(), Duration> {
        if self.attempts.len() > MOST_KEYS {
            self.attempts.retain_recent();
        }
        self.attempts.check_key(&key.to_owned()).map_err(|until| until.wait_time_from(self.clock.now()))
    }
}
