//! `NextAuth` v4 session tokens: compact JWE with a key used directly and AES-256-GCM.
//!
//! Only the one shape `NextAuth` makes is read. A general JOSE library would also bring the
//! algorithms an attacker would like to choose from.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, Generate, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::Sha256;
use std::fmt;
use thiserror::Error;

pub use self::claims::Claims;

mod claims;
#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod forgeries;
#[cfg(test)]
mod tests;

/// The longest token looked at, in bytes.
pub const MAX_TOKEN_LEN: usize = 16 * 1024;

/// How far the clocks of the web app and of this server may differ, as in `NextAuth`.
const CLOCK_TOLERANCE_SECONDS: i64 = 15;
const KEY_INFO: &[u8] = b"NextAuth.js Generated Encryption Key";
const HEADER: &[u8] = br#"{"alg":"dir","enc":"A256GCM"}"#;
const IV_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// Why a session token is refused. Every kind is answered alike; the difference is for our logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Longer than [`MAX_TOKEN_LEN`].
    #[error("the session token is too long")]
    TooLong,
    /// Not five parts of canonical base64url with an empty key, a 12-byte IV and a 16-byte tag.
    #[error("the session token is malformed")]
    Malformed,
    /// The header asks for anything but direct AES-256-GCM.
    #[error("the session token has an unsupported header")]
    UnsupportedHeader,
    /// The tag does not belong to this content under our key.
    #[error("the session token is forged or made with another secret")]
    Forged,
    /// Genuine, but it does not say who and until when in the expected form.
    #[error("the session token has unusable claims")]
    UnusableClaims,
    /// Its `exp` has passed.
    #[error("the session token has expired")]
    Expired,
    /// Its `nbf` lies ahead.
    #[error("the session token is not valid yet")]
    NotYetValid,
}

/// A token cannot be made: the system gives no randomness, or the claims are too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the session token cannot be made")]
pub struct SealError;

/// The key that opens and makes session tokens, derived from the secret shared with the web app.
#[derive(Clone)]
pub struct SessionKey(Aes256Gcm);

impl SessionKey {
    /// Derives the key as `NextAuth` does. Whether the secret is good enough is for configuration to say.
    pub fn derive(secret: &SecretString) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(b""), secret.expose_secret().as_bytes());
        let key = SecretBox::<[u8; 32]>::init_with_mut(|key| {
            if hkdf.expand(KEY_INFO, key).is_err() {
                unreachable!("HKDF-SHA256 gives up to 8160 bytes");
            }
        });
        Self(Aes256Gcm::new(key.expose_secret().into()))
    }

    /// Returns what a genuine token says, if it is valid at `now`.
    pub fn open(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        if token.len() > MAX_TOKEN_LEN {
            return Err(TokenError::TooLong);
        }
        let claims = Claims::from_json(&self.decrypt(token)?).ok_or(TokenError::UnusableClaims)?;
        check_times(&claims, now)?;
        Ok(claims)
    }

    /// Makes a token that `NextAuth` reads as its own.
    pub fn seal(&self, claims: &Claims) -> Result<String, SealError> {
        let header = BASE64_URL_SAFE_NO_PAD.encode(HEADER);
        let iv = Nonce::<U12>::try_generate().map_err(|_| SealError)?;
        let json = serde_json::to_vec(claims).map_err(|_| SealError)?;
        let payload = Payload { msg: &json, aad: header.as_bytes() };
        let sealed = self.0.encrypt(&iv, payload).map_err(|_| SealError)?;
        let (ciphertext, tag) = sealed.split_at(sealed.len() - TAG_LEN);

        let [iv, ciphertext, tag] = [&iv, ciphertext, tag].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
        let token = format!("{header}..{iv}.{ciphertext}.{tag}");
        if token.len() > MAX_TOKEN_LEN {
            return Err(SealError);
        }
        Ok(token)
    }

    fn decrypt(&self, token: &str) -> Result<Vec<u8>, TokenError> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, "", iv, ciphertext, tag] = parts[..] else {
            return Err(TokenError::Malformed);
        };
        if !is_supported(&decode(header)?) {
            return Err(TokenError::UnsupportedHeader);
        }
        let iv: [u8; IV_LEN] = decode_exactly(iv)?;
        let tag: [u8; TAG_LEN] = decode_exactly(tag)?;
        let sealed = [decode(ciphertext)?.as_slice(), &tag].concat();

        let payload = Payload { msg: &sealed, aad: header.as_bytes() };
        self.0.decrypt(&iv.into(), payload).map_err(|_| TokenError::Forged)
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey([REDACTED])")
    }
}

/// The members a header may have. `typ` and `kid` do not change how a token is read and are
/// tolerated; all others (`zip`, `crit`, `p2c`, `epk`, `cty`, …) would, and are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    alg: &'a str,
    enc: &'a str,
    #[serde(rename = "typ")]
    _typ: Option<IgnoredAny>,
    #[serde(rename = "kid")]
    _kid: Option<IgnoredAny>,
}

fn is_supported(json: &[u8]) -> bool {
    from_object(json).is_some_and(|header: Header<'_>| header.alg == "dir" && header.enc == "A256GCM")
}

/// Reads a JSON object. Serde alone would also fill a struct from an array.
fn from_object<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Option<T> {
    if !json.starts_with(b"{") {
        return None;
    }
    serde_json::from_slice(json).ok()
}

/// Decodes one part. The engine refuses padding, white space and left-over bits, so that
/// one token has one spelling.
fn decode(part: &str) -> Result<Vec<u8>, TokenError> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed)
}

fn decode_exactly<const LEN: usize>(part: &str) -> Result<[u8; LEN], TokenError> {
    decode(part)?.try_into().map_err(|_| TokenError::Malformed)
}

fn check_times(claims: &Claims, now: DateTime<Utc>) -> Result<(), TokenError> {
    let now = now.timestamp();
    if claims.expires_at.saturating_add(CLOCK_TOLERANCE_SECONDS) <= now {
        return Err(TokenError::Expired);
    }
    match claims.not_before {
        Some(start) if start > now.saturating_add(CLOCK_TOLERANCE_SECONDS) => Err(TokenError::NotYetValid),
        _ => Ok(()),
    }
}
