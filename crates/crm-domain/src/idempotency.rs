//! Requests that take effect once, however often they are sent.
//!
//! A caller names a request by a key. What commits a change under a key ([`crate::audit::Origin::key`]) notes the key in
//! the same unit of work, so a second one of the same key can't commit. The answer is noted right after, sealed by
//! whoever gave it; where it is missing, because the process ended in between, it is made anew from the thing itself.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use sha2::{Digest as _, Sha256};

use crate::access::TenantScope;
use crate::digest::hex;
use crate::error::{Resource, StoreError};
use crate::ids::UserId;
use crate::ports::Ports;

/// How long a key is remembered.
pub const KEY_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Names a request among those of its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// A digest of the key that the caller chose.
    pub key: String,
    /// A digest of the whole request, so that another one under the same key is noticed.
    pub request: String,
}

impl RequestKey {
    /// The key that a caller named so, for a request that says this.
    pub fn of(name: &[&[u8]], said: &[&[u8]]) -> Self {
        Self { key: digest(name), request: digest(said) }
    }
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        // With its length, so that bytes can't move from one part to the next under the same digest.
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hex(hasher)
}

/// A request that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRequest {
    /// A digest of the whole request.
    pub request: String,
    /// What it changed first.
    pub resource: Resource,
    /// Which one.
    pub id: String,
    /// The sealed answer, once it is noted.
    pub answer: Option<String>,
}

/// Requests of one tenant that took effect. The implementation is already bound to that tenant.
/// They are noted by [`crate::store::UnitOfWork::commit`] alone, which MUST return
/// [`StoreError::Duplicate`] with [`UniqueRule::Request`](crate::error::UniqueRule::Request), and undo the unit, if the
/// key was noted within its lifetime; if another unit is noting it, it MUST wait for that one to end.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait RequestLedger: Send + Sync {
    /// The request of this user under this key, if it was noted at `since` or later.
    async fn find(&self, user: &UserId, key: &str, since: DateTime<Utc>) -> Result<Option<KeptRequest>, StoreError>;
    /// Notes the answer, unless one is noted already.
    async fn answer(&self, user: &UserId, key: &str, answer: &str) -> Result<(), StoreError>;
    /// Forgets what was noted before this time, and says how much.
    async fn forget(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}

/// Forgets requests whose keys have served their time.
#[derive(Clone)]
pub struct RequestExpiry {
    ports: Ports,
}

impl RequestExpiry {
    /// Builds the job from its ports.
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Looks at every tenant and says how many requests were forgotten.
    pub async fn run(&self) -> Result<u64, StoreError> {
        let before = self.ports.clock.now() - KEY_LIFETIME;
        let mut forgotten = 0;
        for tenant in self.ports.store.tenants().await? {
            let unit = self.ports.store.begin(TenantScope::of_job(tenant)).await?;
            forgotten += unit.requests().forget(before).await?;
            unit.commit(Vec::new()).await?;
        }
        Ok(forgotten)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_and_every_border_between_parts_tells_requests_apart() {
        let key = RequestKey::of(&[b"a"], &[b"ab", b"c"]);
        assert_eq!(key, RequestKey::of(&[b"a"], &[b"ab", b"c"]));
        for other in [&[&b"a"[..], b"bc"][..], &[b"ab", b"d"], &[b"abc"]] {
            assert_ne!(key.request, RequestKey::of(&[b"a"], other).request);
        }
        assert_ne!(key.key, RequestKey::of(&[b"b"], &[b"ab", b"c"]).key);
    }
}
