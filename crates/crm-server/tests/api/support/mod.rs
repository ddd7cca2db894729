//! A real server over a real database, and people who call it.

mod answer;
mod caller;
#[path = "../../shared/form.rs"]
pub(crate) mod form;
#[path = "../../shared/hostile.rs"]
pub(crate) mod hostile;
mod photos;
#[path = "../../shared/picture.rs"]
pub(crate) mod picture;
mod raw;
mod rows;
mod together;
mod watched;
mod world;

use std::num::NonZeroU32;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::{HttpServer, rt};
use chrono::{DateTime, TimeDelta, Utc};
use crm_domain::clock::Clock;
use crm_domain::testing::FixedClock;
use crm_domain::testing::rows::Row;
use crm_http::Settings;
use crm_http::session::{Claims, SessionKey};
use crm_infra::testing::TestDatabase;
use crm_infra::{ImageProcessor, LocalAttempts, PhotoSizes};
use crm_server::wire;
use metrics_exporter_prometheus::PrometheusBuilder;
use secrecy::SecretString;

pub(crate) use answer::Answer;
pub(crate) use caller::Caller;
pub(crate) use photos::{UPLOAD, is_key, keys_of, photo_url};
pub(crate) use raw::Exchange;
pub(crate) use watched::WatchedStore;

/// The secret of the test tokens: that of the vectors made by the real NextAuth library.
pub(crate) const SECRET: &str = "vector-secret-not-for-production-0123456789";
/// The time on the server's clock.
pub(crate) const NOW: &str = "2026-11-22T18:00:00.000Z";
/// Attempts to sign in that an account or an address has a minute.
const ATTEMPTS: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Photos that a server works on at a time.
const DECODERS: usize = 2;

/// The API on a port of its own, over a database of its own.
pub(crate) struct TestServer {
    base: String,
    database: TestDatabase,
    photos: Arc<WatchedStore>,
    clock: Arc<FixedClock>,
    client: reqwest::Client,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl TestServer {
    pub(crate) async fn on_sqlite() -> Option<Self> {
        Some(Self::start(TestDatabase::sqlite().await))
    }

    pub(crate) async fn on_postgres() -> Option<Self> {
        Some(Self::start(TestDatabase::postgres().await?))
    }

    /// A server over this database.
    pub(crate) fn start(database: TestDatabase) -> Self {
        Self::start_with(database, |_| {})
    }

    /// A server over this database that takes its callers on this machine for proxies of its own.
    pub(crate) fn start_behind_proxies(database: TestDatabase) -> Self {
        Self::start_with(database, |settings| settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()])
    }

    /// A server over this database with settings of its own.
    pub(crate) fn start_with(database: TestDatabase, change: impl FnOnce(&mut Settings)) -> Self {
        // The HTTP client wants one although it speaks plain HTTP here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let photos = Arc::new(WatchedStore::in_memory());
        let processor = Arc::new(ImageProcessor::new(PhotoSizes::default(), DECODERS));
        let clock = Arc::new(FixedClock::at(NOW));
        let mut settings = Settings {
            session_secret: SecretString::from(SECRET),
            trash_keeps: TimeDelta::days(30),
            require_if_match: false,
            trusted_proxies: Vec::new(),
            public_url: None,
        };
        change(&mut settings);
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let (store, time) = (Arc::clone(&photos), Arc::clone(&clock) as Arc<dyn Clock>);
        let attempts = Arc::new(LocalAttempts::per_minute(ATTEMPTS));
        let api = wire::api(database.database(), store, processor, time, Some(attempts), metrics, settings);

        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            rt::System::new().block_on(async move {
                let server =
                    HttpServer::new(move || crm_http::app(api.clone(), crm_web::configure)).workers(1).disable_signals();
                let server = server.bind("127.0.0.1:0").unwrap();
                let address = server.addrs()[0];
                let server = server.run();
                sender.send((address, server.handle())).unwrap();
                server.await.unwrap();
            });
        });
        let (address, handle) = receiver.recv().unwrap();
        // A sign-in answers a form with a redirect that tests want to see.
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { base: format!("http://{address}"), database, photos, clock, client, handle, thread: Some(thread) }
    }

    /// The database below.
    pub(crate) fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// Runs SQL as another application would: statements that both engines understand.
    pub(crate) async fn execute(&self, sql: &str) {
        self.database.execute(sql).await;
    }

    /// Writes rows as another application would.
    pub(crate) async fn add(&self, rows: impl IntoIterator<Item = Row>) {
        let statements: Vec<_> = rows.into_iter().map(|row| row.to_string()).collect();
        self.execute(&statements.join(";\n")).await;
    }

    /// The first column of the first row, as text.
    pub(crate) async fn select_text(&self, sql: &str) -> Option<String> {
        self.database.select_text(sql).await
    }

    /// Whether this is the embedded engine, where plain SQL for the one would not do for the other.
    pub(crate) fn is_on_sqlite(&self) -> bool {
        self.database.database().is_sqlite()
    }

    pub(crate) fn clock(&self) -> &FixedClock {
        &self.clock
    }

    /// `http://127.0.0.1:…`
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// A session token of a user or a portal account.
    pub(crate) fn token(&self, subject: &str) -> String {
        let now: DateTime<Utc> = self.clock.now();
        let claims = Claims { sub: subject.to_owned(), expires_at: now.timestamp() + 3_600, ..Claims::default() };
        SessionKey::derive(&SecretString::from(SECRET)).seal(&claims).unwrap()
    }

    /// Somebody with a session, sent as a bearer token.
    pub(crate) fn user(&self, subject: &str) -> Caller<'_> {
        self.nobody().with("authorization", format!("Bearer {}", self.token(subject)))
    }

    /// Somebody without a session.
    pub(crate) fn nobody(&self) -> Caller<'_> {
        Caller::of(self)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // Told to stop at once; the thread ends by itself, and the database goes after it.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
