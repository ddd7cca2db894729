//! A real server over a real database, and people who call it.

mod answer;
mod raw;
mod rows;
mod together;
mod world;

use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::{HttpServer, rt};
use chrono::{DateTime, Utc};
use crm_domain::clock::Clock;
use crm_domain::photo::PhotoStore;
use crm_domain::testing::FixedClock;
use crm_domain::testing::rows::Row;
use crm_http::Settings;
use crm_http::session::{Claims, SessionKey};
use crm_infra::ObjectPhotoStore;
use crm_infra::testing::TestDatabase;
use crm_server::wire;
use ipnet::IpNet;
use metrics_exporter_prometheus::PrometheusBuilder;
use reqwest::{Method, RequestBuilder};
use secrecy::SecretString;
use serde_json::Value;

pub(crate) use answer::Answer;

/// The secret of the test tokens: that of the vectors made by the real NextAuth library.
pub(crate) const SECRET: &str = "vector-secret-not-for-production-0123456789";
/// The time on the server's clock.
pub(crate) const NOW: &str = "2026-11-22T18:00:00.000Z";

/// The API on a port of its own, over a database of its own.
pub(crate) struct TestServer {
    base: String,
    database: TestDatabase,
    photos: Arc<dyn PhotoStore>,
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
        Self::start_trusting(database, Vec::new())
    }

    /// A server over this database that takes its callers on this machine for proxies of its own.
    pub(crate) fn start_behind_proxies(database: TestDatabase) -> Self {
        Self::start_trusting(database, vec!["127.0.0.0/8".parse().unwrap()])
    }

    fn start_trusting(database: TestDatabase, trusted_proxies: Vec<IpNet>) -> Self {
        // The HTTP client wants one although it speaks plain HTTP here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let photos: Arc<dyn PhotoStore> = Arc::new(ObjectPhotoStore::in_memory());
        let clock = Arc::new(FixedClock::at(NOW));
        let settings = Settings {
            session_secret: SecretString::from(SECRET),
            sign_in_per_minute: std::num::NonZeroU32::new(10),
            trusted_proxies,
            public_url: None,
        };
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let api =
            wire::api(database.database(), Arc::clone(&photos), Arc::clone(&clock) as Arc<dyn Clock>, metrics, settings);

        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            rt::System::new().block_on(async move {
                let server = HttpServer::new(move || crm_http::app(api.clone())).workers(1).disable_signals();
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

    pub(crate) fn photos(&self) -> &dyn PhotoStore {
        &*self.photos
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
        Caller { server: self, headers: vec![("authorization", format!("Bearer {}", self.token(subject)))] }
    }

    /// Somebody without a session.
    pub(crate) fn nobody(&self) -> Caller<'_> {
        Caller { server: self, headers: Vec::new() }
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

/// Somebody who sends requests.
#[derive(Clone)]
pub(crate) struct Caller<'a> {
    server: &'a TestServer,
    headers: Vec<(&'static str, String)>,
}

impl Caller<'_> {
    /// Sends this header too, with every request.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(existing, _)| *existing != name);
        self.with_another(name, value)
    }

    /// Sends this header in a line of its own, beside those of the same name.
    #[must_use]
    pub(crate) fn with_another(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).await
    }

    /// Any method, with a JSON body or none.
    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        match body {
            Some(body) => self.send_raw(method, path, Some("application/json"), body.to_string().into_bytes()).await,
            None => self.send_raw(method, path, None, Vec::new()).await,
        }
    }

    /// Any bytes under any content type.
    pub(crate) async fn send_raw(&self, method: &str, path: &str, content_type: Option<&str>, body: Vec<u8>) -> Answer {
        Answer::read(self.prepare(method, path, content_type, body).send().await.unwrap()).await
    }

    /// Text that claims to be JSON.
    pub(crate) async fn send_text(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send_raw(method, path, Some("application/json"), body.into()).await
    }

    fn prepare(&self, method: &str, path: &str, content_type: Option<&str>, body: Vec<u8>) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.server.client.request(method, format!("{}{path}", self.server.base));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        if body.is_empty() { request } else { request.body(body) }
    }
}
