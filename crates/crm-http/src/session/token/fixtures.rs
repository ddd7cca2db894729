//! Genuine tokens, and the key and the time they are good for.

use super::{Claims, SessionKey};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use std::sync::LazyLock;

#[derive(Deserialize)]
pub(crate) struct Vectors {
    pub(crate) secret: String,
    pub(crate) accepted: Vec<Vector>,
    pub(crate) refused: Vec<Vector>,
}

#[derive(Deserialize)]
pub(crate) struct Vector {
    pub(crate) name: String,
    pub(crate) token: String,
    pub(crate) claims: Option<Value>,
}

/// Tokens made by the real library.
pub(crate) fn vectors() -> &'static Vectors {
    static VECTORS: LazyLock<Vectors> =
        LazyLock::new(|| serde_json::from_str(include_str!("../../../tests/data/nextauth-vectors.json")).unwrap());
    &VECTORS
}

/// The key of the vectors.
pub(crate) fn a_key() -> SessionKey {
    SessionKey::derive(&vectors().secret.as_str().into())
}

/// Between the short-lived and the long-lived vectors' ends.
pub(crate) fn a_time() -> DateTime<Utc> {
    DateTime::from_timestamp(1_900_000_000, 0).unwrap()
}

pub(crate) fn some_claims() -> Claims {
    Claims {
        sub: "cusr1".into(),
        email: Some("ana@bellavita.example".into()),
        name: Some("Ana Ruiz".into()),
        expires_at: a_time().timestamp() + 3600,
        ..Claims::default()
    }
}
