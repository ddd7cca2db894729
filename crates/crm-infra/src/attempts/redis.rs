use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;
use crm_domain::access::AttemptLimiter;
use redis::aio::MultiplexedConnection;
use redis::{Client, RedisError, Script};
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::LocalAttempts;

/// Longest a sign-in waits for Redis.
const LIMIT: Duration = Duration::from_millis(500);
/// How long Redis is left alone after it failed.
const PAUSE: Duration = Duration::from_secs(5);
/// What stands before the names of our keys.
const PREFIX: &str = "citaplanner-crm:attempts:";
/// Milliseconds in which all attempts come back.
const MINUTE: u32 = 60_000;
/// Answers 0, or the milliseconds until there is an attempt. By the clock of Redis, which all replicas share; what is due
/// after more than a minute was written before that clock was put back.
const TAKE: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local interval, ahead = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if due - now > ahead + interval then due = now end
if due - now > ahead then return math.ceil(due - now - ahead) end
redis.call('SET', KEYS[1], due + interval, 'PX', math.ceil(due + interval - now))
return 0
";

/// An address at which no Redis can be asked.
#[derive(Debug, thiserror::Error)]
#[error("the address is not one of Redis")]
pub struct UnusableRedis(#[source] RedisError);

/// Why Redis was not asked to an end.
#[derive(Debug, thiserror::Error)]
enum Silence {
    #[error("no answer within half a second")]
    Late(#[from] tokio::time::error::Elapsed),
    #[error(transparent)]
    Refused(#[from] RedisError),
}

/// Counts in Redis, so that several replicas count together. Where Redis does not answer, each counts for itself.
pub struct RedisAttempts {
    client: Client,
    link: Mutex<Link>,
    script: Script,
    /// Milliseconds in which one attempt comes back, and in which all but one do.
    interval: f64,
    ahead: f64,
    alone: LocalAttempts,
}

/// How we stand with Redis.
enum Link {
    Open(MultiplexedConnection),
    Closed { until: Instant },
}

impl RedisAttempts {
    /// Allows each key so many attempts a minute. Connects when it is first asked, so that a server starts without Redis.
    pub fn per_minute(url: &str, attempts: NonZeroU32) -> Result<Self, UnusableRedis> {
        let interval = f64::from(MINUTE) / f64::from(attempts.get());
        Ok(Self {
            client: Client::open(url).map_err(UnusableRedis)?,
            link: Mutex::new(Link::Closed { until: Instant::now() }),
            script: Script::new(TAKE),
            interval,
            ahead: f64::from(MINUTE) - interval,
            alone: LocalAttempts::per_minute(attempts),
        })
    }

    /// The answer of Redis; `None` if it does not answer now.
    async fn ask(&self, key: &str) -> Option<u64> {
        let mut link = self.link.lock().await;
        if matches!(*link, Link::Closed { until } if Instant::now() < until) {
            return None;
        }
        match timeout(LIMIT, self.ask_over(&mut link, key)).await.map_err(Silence::from).flatten() {
            Ok(wait) => Some(wait),
            Err(error) => {
                *link = Link::Closed { until: Instant::now() + PAUSE };
                tracing::warn!(%error, "attempts to sign in are counted in this process alone, because Redis can't be asked");
                None
            }
        }
    }

    async fn ask_over(&self, link: &mut Link, key: &str) -> Result<u64, Silence> {
        let mut connection = match link {
            Link::Open(connection) => connection.clone(),
            Link::Closed { .. } => self.client.get_multiplexed_async_connection().await?,
        };
        // A key names a person.
        let name = format!("{PREFIX}{}", hex::encode(Sha256::digest(key)));
        let wait = self.script.key(name).arg(self.interval).arg(self.ahead).invoke_async(&mut connection).await?;
        *link = Link::Open(connection);
        Ok(wait)
    }
}

#[async_trait]
impl AttemptLimiter for RedisAttempts {
    async fn take(&self, key: &str) -> Result<(), Duration> {
        match self.ask(key).await {
            Some(0) => Ok(()),
            Some(wait) => Err(Duration::from_millis(wait)),
            None => self.alone.take(key).await,
        }
    }
}
