use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;
use crm_domain::access::AttemptLimiter;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError, Script};
use sha2::{Digest as _, Sha256};

use super::LocalAttempts;

/// Longest a sign-in waits for Redis.
const LIMIT: Duration = Duration::from_millis(500);
/// What stands before the names of our keys.
const PREFIX: &str = "citaplanner-crm:attempts:";
/// Milliseconds in which all attempts come back.
const MINUTE: u32 = 60_000;
/// Answers 0, or the milliseconds until there is an attempt. By the clock of Redis, which all replicas share.
const TAKE: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local interval, ahead = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if due - now > ahead then return math.ceil(due - now - ahead) end
redis.call('SET', KEYS[1], due + interval, 'PX', math.ceil(due + interval - now))
return 0
";

/// An address at which no Redis can be asked.
#[derive(Debug, thiserror::Error)]
#[error("the address is not one of Redis")]
pub struct UnusableRedis(#[source] RedisError);

/// Counts in Redis, so that several replicas count together. Where Redis does not answer, each counts for itself.
pub struct RedisAttempts {
    connection: ConnectionManager,
    script: Script,
    /// Milliseconds in which one attempt comes back, and in which all but one do.
    interval: f64,
    ahead: f64,
    alone: LocalAttempts,
}

impl RedisAttempts {
    /// Allows each key so many attempts a minute. Connects when it is first asked, so that a server starts without Redis.
    pub fn per_minute(url: &str, attempts: NonZeroU32) -> Result<Self, UnusableRedis> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(LIMIT))
            .set_response_timeout(Some(LIMIT))
            .set_number_of_retries(1);
        let client = Client::open(url).map_err(UnusableRedis)?;
        let connection = ConnectionManager::new_lazy_with_config(client, config).map_err(UnusableRedis)?;
        let interval = f64::from(MINUTE) / f64::from(attempts.get());
        let ahead = f64::from(MINUTE) - interval;
        Ok(Self { connection, script: Script::new(TAKE), interval, ahead, alone: LocalAttempts::per_minute(attempts) })
    }

    async fn ask(&self, key: &str) -> Result<u64, RedisError> {
        // A key names a person.
        let name = format!("{PREFIX}{}", hex::encode(Sha256::digest(key)));
        self.script.key(name).arg(self.interval).arg(self.ahead).invoke_async(&mut self.connection.clone()).await
    }
}

#[async_trait]
impl AttemptLimiter for RedisAttempts {
    async fn take(&self, key: &str) -> Result<(), Duration> {
        match self.ask(key).await {
            Ok(0) => Ok(()),
            Ok(wait) => Err(Duration::from_millis(wait)),
            Err(error) => {
                tracing::warn!(%error, "Redis does not answer; attempts to sign in are counted in this process alone");
                self.alone.take(key).await
            }
        }
    }
}
