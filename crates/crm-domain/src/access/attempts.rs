use std::time::Duration;

use async_trait::async_trait;

/// Counts attempts to sign in, so that guessing is slow.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait AttemptLimiter: Send + Sync {
    /// Takes one of the attempts of a key, such as an address or an account; `Err` says how long it is until there is one.
    async fn take(&self, key: &str) -> Result<(), Duration>;
}
