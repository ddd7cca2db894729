//! Attempts to sign in, counted in this process and in Redis.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::num::NonZeroU32;
use std::time::Duration;

use crm_domain::access::AttemptLimiter;
use crm_domain::ids::IdGenerator as _;
use crm_infra::{CuidGenerator, LocalAttempts, RedisAttempts};

/// Names a Redis that tests may write to, such as `redis://127.0.0.1:6379`.
const REDIS_VARIABLE: &str = "TEST_REDIS_URL";
const ATTEMPTS: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// In which one attempt comes back.
const INTERVAL: Duration = Duration::from_secs(6);

/// A key that nobody used before.
fn new_key(of: &str) -> String {
    format!("{of} {}", CuidGenerator.next_id())
}

fn redis_attempts(url: &str) -> RedisAttempts {
    RedisAttempts::per_minute(url, ATTEMPTS).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "tests take their server from the environment, not from the configuration")]
fn redis() -> Option<String> {
    let url = std::env::var(REDIS_VARIABLE).ok().filter(|url| !url.is_empty());
    if url.is_none() {
        // Straight to the terminal: the test runner hides what a passing test prints.
        let notice = format!("SKIPPED: tests with Redis, because {REDIS_VARIABLE} is not set\n");
        let _ = std::io::Write::write_all(&mut std::io::stderr(), notice.as_bytes());
    }
    url
}

/// All attempts may be made at once, by whichever of the two; then there is a wait, of this key alone.
async fn a_key_has_so_many(one: &dyn AttemptLimiter, other: &dyn AttemptLimiter) {
    let key = new_key("account");
    for number in 0..ATTEMPTS.get() {
        let asked = if number % 2 == 0 { one } else { other };
        assert_eq!(asked.take(&key).await, Ok(()), "{number}");
    }
    for asked in [one, other] {
        let wait = asked.take(&key).await.unwrap_err();
        assert!(Duration::ZERO < wait && wait <= INTERVAL, "{wait:?}");
    }
    assert_eq!(one.take(&new_key("account")).await, Ok(()));
}

#[tokio::test]
async fn this_process_counts() {
    let attempts = LocalAttempts::per_minute(ATTEMPTS);
    a_key_has_so_many(&attempts, &attempts).await;
}

#[tokio::test]
async fn replicas_count_together_in_redis() {
    let Some(url) = redis() else { return };
    a_key_has_so_many(&redis_attempts(&url), &redis_attempts(&url)).await;
}

#[tokio::test]
async fn redis_learns_no_name_and_forgets_within_a_minute() {
    let Some(url) = redis() else { return };
    let key = new_key("ana@ejemplo.mx");
    redis_attempts(&url).take(&key).await.unwrap();
    let mut connection = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    let named: Vec<String> = redis::cmd("KEYS").arg("*ejemplo*").query_async(&mut connection).await.unwrap();
    assert!(named.is_empty(), "{named:?}");
    let ours: Vec<String> = redis::cmd("KEYS").arg("citaplanner-crm:attempts:*").query_async(&mut connection).await.unwrap();
    assert!(!ours.is_empty());
    for name in ours {
        let left: i64 = redis::cmd("PTTL").arg(name).query_async(&mut connection).await.unwrap();
        // What is gone meanwhile is answered -2.
        assert!(left == -2 || (0..=60_000).contains(&left), "{left}");
    }
}

#[tokio::test]
async fn where_redis_does_not_answer_each_counts_for_itself() {
    // Nobody listens there.
    let attempts = redis_attempts("redis://127.0.0.1:1");
    a_key_has_so_many(&attempts, &attempts).await;
}

#[test]
fn what_is_no_address_of_redis_is_refused() {
    assert!(RedisAttempts::per_minute("http://127.0.0.1", ATTEMPTS).is_err());
}
