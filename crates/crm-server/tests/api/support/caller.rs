use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::{Answer, TestServer};

/// Somebody who sends requests.
#[derive(Clone)]
pub(crate) struct Caller<'a> {
    server: &'a TestServer,
    headers: Vec<(&'static str, String)>,
}

impl<'a> Caller<'a> {
    /// Somebody without a session.
    pub(super) fn of(server: &'a TestServer) -> Self {
        Self { server, headers: Vec::new() }
    }

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

    pub(super) fn prepare(&self, method: &str, path: &str, content_type: Option<&str>, body: Vec<u8>) -> RequestBuilder {
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
