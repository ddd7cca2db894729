//! Tokens that must be refused, each with the reason it must be refused for.
//!
//! Headers and claims are sealed under the server's own key, so nothing but the fault named can be
//! what refuses them.

use super::fixtures::{a_key, a_time, some_claims, vectors};
use super::{MAX_TOKEN_LEN, TokenError};
use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::aes::Aes256;
use aes_gcm::aes::cipher::array::ArraySize;
use aes_gcm::{AesGcm, KeyInit, Nonce};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

type Forgery = (&'static str, String);

const HEADER: &str = r#"{"alg":"dir","enc":"A256GCM"}"#;
const CLAIMS: &str = r#"{"sub":"cusr1","exp":1900003600}"#;
const KEY_INFO: &str = "NextAuth.js Generated Encryption Key";

fn encode(part: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part)
}

fn derived(salt: &str, info: &str) -> [u8; 32] {
    let mut key = [0; 32];
    let hkdf = Hkdf::<Sha256>::new(Some(salt.as_bytes()), vectors().secret.as_bytes());
    hkdf.expand(info.as_bytes(), &mut key).unwrap();
    key
}

fn sealed<IvLen: ArraySize>(key: [u8; 32], iv: &Nonce<IvLen>, header: &str, claims: &[u8]) -> String {
    let header = encode(header);
    let payload = Payload { msg: claims, aad: header.as_bytes() };
    let sealed = AesGcm::<Aes256, IvLen>::new(&key.into()).encrypt(iv, payload).unwrap();
    let (ciphertext, tag) = sealed.split_at(sealed.len() - 16);
    format!("{header}..{}.{}.{}", encode(iv), encode(ciphertext), encode(tag))
}

/// A token without any fault but those of its header and claims.
fn token(header: &str, claims: &str) -> String {
    sealed::<U12>(derived("", KEY_INFO), &[7; 12].into(), header, claims.as_bytes())
}

fn token_under(key: [u8; 32]) -> String {
    sealed::<U12>(key, &[7; 12].into(), HEADER, CLAIMS.as_bytes())
}

/// A faultless token with one of its five parts replaced.
fn with_part(index: usize, part: &str) -> String {
    let token = token(HEADER, CLAIMS);
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[index] = part;
    parts.join(".")
}

/// One part of another genuine token, made with another IV.
fn foreign_part(index: usize) -> String {
    let foreign = a_key().seal(&some_claims()).unwrap();
    foreign.split('.').nth(index).unwrap().to_owned()
}

fn headers() -> Vec<Forgery> {
    let headers = [
        ("alg none", r#"{"alg":"none","enc":"A256GCM"}"#),
        ("alg HS256", r#"{"alg":"HS256","enc":"A256GCM"}"#),
        ("alg RSA-OAEP", r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#),
        ("alg ECDH-ES", r#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC"}}"#),
        ("alg A256KW", r#"{"alg":"A256KW","enc":"A256GCM"}"#),
        ("alg A256GCMKW", r#"{"alg":"A256GCMKW","enc":"A256GCM","iv":"","tag":""}"#),
        ("alg PBES2 with a huge count", r#"{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2c":1000000000}"#),
        ("alg in capitals", r#"{"alg":"DIR","enc":"A256GCM"}"#),
        ("alg in a list", r#"{"alg":["dir"],"enc":"A256GCM"}"#),
        ("alg missing", r#"{"enc":"A256GCM"}"#),
        ("alg twice", r#"{"alg":"none","alg":"dir","enc":"A256GCM"}"#),
        ("enc A256CBC-HS512", r#"{"alg":"dir","enc":"A256CBC-HS512"}"#),
        ("enc A128GCM", r#"{"alg":"dir","enc":"A128GCM"}"#),
        ("enc null", r#"{"alg":"dir","enc":null}"#),
        ("enc missing", r#"{"alg":"dir"}"#),
        ("zip", r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#),
        ("zip null", r#"{"alg":"dir","enc":"A256GCM","zip":null}"#),
        ("crit", r#"{"alg":"dir","enc":"A256GCM","crit":["exp"],"exp":1}"#),
        ("crit empty", r#"{"alg":"dir","enc":"A256GCM","crit":[]}"#),
        ("p2c beside dir", r#"{"alg":"dir","enc":"A256GCM","p2c":1000000000}"#),
        ("jwk brought along", r#"{"alg":"dir","enc":"A256GCM","jwk":{"kty":"oct","k":"AA"}}"#),
        ("cty of a nested token", r#"{"alg":"dir","enc":"A256GCM","cty":"JWT"}"#),
        ("header is a list", r#"["dir","A256GCM",null,null]"#),
        ("header is a string", r#""dir""#),
        ("header is not JSON", "alg=dir;enc=A256GCM"),
        ("header has a tail", r#"{"alg":"dir","enc":"A256GCM"}{}"#),
        ("header empty", ""),
    ];
    headers.map(|(name, header)| (name, token(header, CLAIMS))).into()
}

fn keys() -> Vec<Forgery> {
    let secret = vectors().secret.as_bytes();
    vec![
        ("other info", token_under(derived("", "NextAuth.js Generated Signing Key"))),
        ("other salt", token_under(derived("next-auth.session-token", KEY_INFO))),
        ("hash of the secret as key", token_under(Sha256::digest(secret).into())),
        ("key of zeros", token_under([0; 32])),
        ("header of another token", with_part(0, &encode(r#"{"alg":"dir","enc":"A256GCM","typ":"JWT"}"#))),
        ("iv of another token", with_part(2, &foreign_part(2))),
        ("ciphertext of another token", with_part(3, &foreign_part(3))),
        ("tag of another token", with_part(4, &foreign_part(4))),
        ("ciphertext empty", with_part(3, "")),
        ("ciphertext in the clear", with_part(3, &encode(CLAIMS))),
    ]
}

fn shapes() -> Vec<Forgery> {
    let good = token(HEADER, CLAIMS);
    let iv16 = sealed::<U16>(derived("", KEY_INFO), &[7; 16].into(), HEADER, CLAIMS.as_bytes());
    let tag = good.rsplit('.').next().unwrap();
    // The last letter of 16 bytes carries two bits; the next letter of the alphabet adds a third.
    let left_over = [&tag[..21], &char::from(tag.as_bytes()[21] + 1).to_string()].concat();
    let standard = good.replace('-', "+").replace('_', "/");
    vec![
        ("tag of 12 bytes", with_part(4, &tag[..16])),
        ("tag of 17 bytes", with_part(4, &encode([7; 17]))),
        ("tag with left-over bits", with_part(4, &left_over)),
        ("iv of 16 bytes", iv16),
        ("iv empty", with_part(2, "")),
        ("encrypted key", with_part(1, "AAAA")),
        ("standard alphabet", standard),
        ("padding", format!("{good}==")),
        ("dot behind", format!("{good}.")),
        ("dot before", format!(".{good}")),
        ("four parts", good.replacen("..", ".", 1)),
        ("signed token without signature", format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode(CLAIMS))),
        ("signed token", format!("{}.{}.{}", encode(r#"{"alg":"HS256"}"#), encode(CLAIMS), encode([7; 32]))),
        ("two tokens in one", format!("{good}{good}")),
        ("NUL inside", good.replacen("..", ".\0.", 1)),
        ("NUL behind", format!("{good}\0")),
        ("line break behind", format!("{good}\n")),
        ("space before the tag", good.replace(tag, &format!(" {tag}"))),
        ("quoted", format!("\"{good}\"")),
        ("percent-encoded dots", good.replace('.', "%2E")),
        ("full-width dots", good.replace('.', "．")),
        ("JSON serialization", format!(r#"{{"protected":"{}","tag":"{tag}"}}"#, encode(HEADER))),
        ("backwards", good.chars().rev().collect()),
        ("the word undefined", "undefined".to_owned()),
    ]
}

fn claims() -> Vec<Forgery> {
    let claims = [
        ("exp missing", r#"{"sub":"cusr1"}"#),
        ("exp null", r#"{"sub":"cusr1","exp":null}"#),
        ("exp a string", r#"{"sub":"cusr1","exp":"1900003600"}"#),
        ("exp a fraction", r#"{"sub":"cusr1","exp":1900003600.5}"#),
        ("exp beyond all time", r#"{"sub":"cusr1","exp":1e30}"#),
        ("exp twice", r#"{"sub":"cusr1","exp":1,"exp":1900003600}"#),
        ("nbf a string", r#"{"sub":"cusr1","exp":1900003600,"nbf":"0"}"#),
        ("sub missing", r#"{"exp":1900003600}"#),
        ("sub null", r#"{"sub":null,"exp":1900003600}"#),
        ("sub empty", r#"{"sub":"","exp":1900003600}"#),
        ("sub blank", r#"{"sub":" \t","exp":1900003600}"#),
        ("sub a number", r#"{"sub":1,"exp":1900003600}"#),
        ("sub twice", r#"{"sub":"cusr1","sub":"cusr2","exp":1900003600}"#),
        ("role a list", r#"{"sub":"cusr1","exp":1900003600,"role":["ADMIN"]}"#),
        ("claims are a list", r#"["cusr1",null,null,null,null,null,null,null,null,null,null,1900003600,null]"#),
        ("claims are not JSON", "sub=cusr1&exp=1900003600"),
        ("claims have a tail", r#"{"sub":"cusr1","exp":1900003600}{}"#),
        ("claims empty", ""),
    ];
    let mut forgeries: Vec<Forgery> = claims.map(|(name, claims)| (name, token(HEADER, claims))).into();
    let not_utf8 = sealed::<U12>(derived("", KEY_INFO), &[7; 12].into(), HEADER, b"{\"sub\":\"\xff\",\"exp\":1900003600}");
    forgeries.push(("claims are not UTF-8", not_utf8));
    forgeries.push(("a token in the token", token(HEADER, &token(HEADER, CLAIMS))));
    forgeries
}

fn singles() -> Vec<(&'static str, String, TokenError)> {
    let long = format!(r#"{{"sub":"cusr1","exp":1900003600,"name":"{}"}}"#, "x".repeat(MAX_TOKEN_LEN * 4));
    let expired = format!(r#"{{"sub":"cusr1","exp":{}}}"#, a_time().timestamp() - 16);
    let early = format!(r#"{{"sub":"cusr1","exp":1900003600,"nbf":{}}}"#, a_time().timestamp() + 16);
    let lower = token(HEADER, CLAIMS).to_lowercase();
    vec![
        ("64 KiB", token(HEADER, &long), TokenError::TooLong),
        ("64 KiB of dots", ".".repeat(65_536), TokenError::TooLong),
        ("expired", token(HEADER, &expired), TokenError::Expired),
        ("expired before 1970", token(HEADER, r#"{"sub":"cusr1","exp":-1}"#), TokenError::Expired),
        ("not valid yet", token(HEADER, &early), TokenError::NotYetValid),
        ("lower case", lower, TokenError::UnsupportedHeader),
    ]
}

#[test]
fn every_kind_of_forgery_is_refused_for_its_own_reason() {
    let kinds = [
        (headers(), TokenError::UnsupportedHeader),
        (keys(), TokenError::Forged),
        (shapes(), TokenError::Malformed),
        (claims(), TokenError::UnusableClaims),
    ];
    let mut table = singles();
    for (forgeries, reason) in kinds {
        table.extend(forgeries.into_iter().map(|(name, token)| (name, token, reason)));
    }

    for (name, token, reason) in &table {
        assert_eq!(a_key().open(token, a_time()), Err(*reason), "{name}");
    }
    let tokens: BTreeSet<&String> = table.iter().map(|(_, token, _)| token).collect();
    assert_eq!(tokens.len(), table.len());
    assert!(tokens.len() >= 40, "{}", tokens.len());
}

#[test]
fn the_forger_makes_good_tokens_when_asked_for_no_fault() {
    for header in [HEADER, r#"{"enc":"A256GCM","alg":"dir"}"#, r#"{"alg":"dir","enc":"A256GCM","typ":"JWT","kid":"1"}"#] {
        let claims = a_key().open(&token(header, CLAIMS), a_time()).unwrap();
        assert_eq!(claims.sub, "cusr1", "{header}");
    }
    assert_eq!(token(HEADER, CLAIMS), token_under(derived("", KEY_INFO)));
    assert!(a_key().open(&token(HEADER, CLAIMS), a_time()).is_ok());
}
