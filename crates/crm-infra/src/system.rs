//! The real clock, ids and password check.

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use crm_domain::access::PasswordVerifier;
use crm_domain::clock::Clock;
use crm_domain::ids::IdGenerator;
use tokio::sync::Semaphore;

/// The machine's clock, cut to milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter everybody else takes the time from")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

/// Ids of 25 characters that begin with `c` and the time, as Prisma's `cuid()` makes them.
#[derive(Clone, Copy, Debug, Default)]
pub struct CuidGenerator;

impl IdGenerator for CuidGenerator {
    fn next_id(&self) -> String {
        cuid::cuid1()
    }
}

/// Checks bcrypt hashes, a few at a time and off the async threads, since each takes a core for a while.
#[derive(Debug)]
pub struct BcryptVerifier {
    slots: Semaphore,
}

/// Checks running at once; more wait.
const CONCURRENT_CHECKS: usize = 2;
/// A hash of nothing anyone knows, at the host's cost, compared where there is no account so that it takes as long.
const NOBODYS_HASH: &str = "$2b$10$CwTycUXWue0Thq9StjUM0uJ8.6JJm0w0YzvT7S3zDkZQm1zW3Qm9a";

impl Default for BcryptVerifier {
    fn default() -> Self {
        Self { slots: Semaphore::new(CONCURRENT_CHECKS) }
    }
}

#[async_trait]
impl PasswordVerifier for BcryptVerifier {
    async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let Ok(_slot) = self.slots.acquire().await else { return false };
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS_HASH.to_owned());
        let check = tokio::task::spawn_blocking(move || bcrypt::verify(password, &hash).unwrap_or(false));
        check.await.unwrap_or(false) && exists
    }
}
