//! S3 and what speaks its language.

use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::{BackoffConfig, ClientConfigKey, RetryConfig};

/// Longest one attempt may take. Everything else about waiting follows from it.
pub(super) const ATTEMPT_LIMIT: Duration = Duration::from_secs(5);

/// Opens a bucket; where it is and who we are is among the settings.
pub(super) fn open(settings: AmazonS3Builder, bucket: &str, attempt_limit: Duration) -> object_store::Result<AmazonS3> {
    // The HTTP client leaves the choice of the cryptography to the process. A second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // Whoever writes out http:// means it.
    let addresses = [AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint];
    let address = addresses.iter().find_map(|name| settings.get_config_value(name));
    settings
        .with_bucket_name(bucket)
        // One by one, since setting all options at once would lose those among the settings.
        .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), format!("{}ms", attempt_limit.as_millis()))
        .with_allow_http(address.is_some_and(|address| address.starts_with("http://")))
        .with_retry(retries(attempt_limit))
        .build()
}

fn retries(attempt_limit: Duration) -> RetryConfig {
    let backoff = BackoffConfig { init_backoff: attempt_limit / 50, ..BackoffConfig::default() };
    RetryConfig { max_retries: 3, retry_timeout: attempt_limit * 8 / 5, backoff }
}

#[cfg(test)]
mod tests {
    use crm_domain::photo::REMOVAL_GRACE;

    use super::*;

    #[test]
    fn a_call_takes_effect_within_half_the_grace_of_a_removal() {
        let RetryConfig { retry_timeout, backoff, .. } = retries(ATTEMPT_LIMIT);
        // Pauses at most double. The last attempt may begin just before the time is up.
        let longest_call = retry_timeout + 4 * backoff.init_backoff + ATTEMPT_LIMIT;
        assert!(2 * longest_call < REMOVAL_GRACE.to_std().unwrap(), "{longest_call:?}");
    }
}
