//! Who is slowed down behind a proxy: the address that the proxy saw, and the account.

use crm_infra::testing::TestDatabase;

use crate::sign_in::{HASH, PASSWORD, credentials};
use crate::support::{Answer, Caller, TestServer};

/// Attempts per minute of the test servers.
const ATTEMPTS: usize = 10;
const FORWARDED_FOR: &str = "x-forwarded-for";

/// A server on each engine, behind a proxy on this machine, whose users `desk1` and `admin1` have a password.
async fn servers() -> Vec<TestServer> {
    let mut servers = Vec::new();
    for database in [Some(TestDatabase::sqlite().await), TestDatabase::postgres().await].into_iter().flatten() {
        let server = TestServer::start_behind_proxies(database).with_two_tenants().await;
        server.execute(&format!("UPDATE users SET password = '{HASH}' WHERE id IN ('desk1', 'admin1')")).await;
        servers.push(server);
    }
    servers
}

async fn sign_in(caller: &Caller<'_>, user: &str, password: &str) -> Answer {
    caller.post("/sign-in", credentials(&format!("{user}@ejemplo.mx"), password)).await
}

fn from<'a>(server: &'a TestServer, forwarded_for: &str) -> Caller<'a> {
    server.nobody().with(FORWARDED_FOR, forwarded_for)
}

/// Uses up the attempts of 203.0.113.7, and those of `admin1`.
async fn use_up(server: &TestServer) {
    for attempt in 0..ATTEMPTS {
        let answer = sign_in(&from(server, "203.0.113.7"), "admin1", "otra").await;
        assert_eq!(answer.code(401), "wrong_credentials", "{attempt}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_attempts_left_does_not_use_up_those_of_an_account() {
    for server in servers().await {
        use_up(&server).await;
        for attempt in 0..2 * ATTEMPTS {
            let answer = sign_in(&from(&server, "203.0.113.7"), "desk1", "otra").await;
            assert_eq!(answer.code(429), "too_many_requests", "{attempt}");
        }
        sign_in(&from(&server, "198.51.100.9"), "desk1", PASSWORD).await.data(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_slowed_down_whatever_addresses_are_used() {
    for server in servers().await {
        for last in 0..ATTEMPTS {
            let answer = sign_in(&from(&server, &format!("203.0.113.{last}")), "desk1", "otra").await;
            assert_eq!(answer.code(401), "wrong_credentials", "{last}");
        }
        let answer = sign_in(&from(&server, "198.51.100.9"), "desk1", PASSWORD).await;
        assert_eq!(answer.code(429), "too_many_requests");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_address_that_is_no_proxy_of_ours_is_the_callers() {
    for server in servers().await {
        use_up(&server).await;
        let in_two_lines = |first, last| from(&server, first).with_another(FORWARDED_FOR, last);
        for (caller, spelling) in [
            (from(&server, "203.0.113.7"), "one address"),
            (from(&server, "203.0.113.7:4711"), "with its port"),
            (from(&server, "198.51.100.9, 203.0.113.7"), "after a forged one"),
            (from(&server, "203.0.113.7, 127.0.0.5"), "before a proxy of ours"),
            (in_two_lines("198.51.100.9", "203.0.113.7"), "in the last line"),
            (in_two_lines("203.0.113.7", "127.0.0.5:80"), "in the line before a proxy of ours"),
        ] {
            assert_eq!(sign_in(&caller, "desk1", PASSWORD).await.code(429), "too_many_requests", "{spelling}");
        }
        for (caller, spelling) in [
            (from(&server, "198.51.100.1"), "another address"),
            (from(&server, "198.51.100.2:4711"), "another with its port"),
            (from(&server, "203.0.113.7, 198.51.100.3"), "after the one used up"),
            (in_two_lines("203.0.113.7", "198.51.100.4"), "in the last line"),
            (from(&server, "[2001:db8::1]:4711"), "of the sixth version with its port"),
        ] {
            assert_eq!(sign_in(&caller, "desk1", PASSWORD).await.status, 200, "{spelling}");
        }
    }
}
