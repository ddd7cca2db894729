use super::fixtures::{a_key, a_time, some_claims, vectors};
use super::*;
use proptest::prelude::*;

fn opened_after_exp(seconds: i64) -> Result<Claims, TokenError> {
    let token = a_key().seal(&some_claims()).unwrap();
    let end = DateTime::from_timestamp(some_claims().expires_at, 0).unwrap();
    a_key().open(&token, end + chrono::TimeDelta::seconds(seconds))
}

fn opened_before_nbf(seconds: i64) -> Result<Claims, TokenError> {
    let not_before = Some(a_time().timestamp() + seconds);
    let token = a_key().seal(&Claims { not_before, ..some_claims() }).unwrap();
    a_key().open(&token, a_time())
}

#[test]
fn every_accepted_vector_opens_and_says_what_next_auth_wrote() {
    for vector in &vectors().accepted {
        let claims = a_key().open(&vector.token, a_time()).unwrap();
        let mut written = vector.claims.clone().unwrap();
        written.as_object_mut().unwrap().remove("tenant");
        assert_eq!(serde_json::to_value(claims).unwrap(), written, "{}", vector.name);
    }
}

#[test]
fn every_refused_vector_is_refused() {
    for vector in &vectors().refused {
        assert!(a_key().open(&vector.token, a_time()).is_err(), "{}", vector.name);
    }
}

#[test]
fn a_token_lives_fifteen_seconds_past_its_exp() {
    assert!(opened_after_exp(-1).is_ok());
    assert!(opened_after_exp(14).is_ok());
    assert_eq!(opened_after_exp(15), Err(TokenError::Expired));
    assert_eq!(opened_after_exp(16), Err(TokenError::Expired));
}

#[test]
fn a_token_is_valid_from_fifteen_seconds_before_its_nbf() {
    assert!(opened_before_nbf(-1).is_ok());
    assert!(opened_before_nbf(15).is_ok());
    assert_eq!(opened_before_nbf(16), Err(TokenError::NotYetValid));
}

#[test]
fn a_token_issued_in_the_future_is_accepted_as_next_auth_does() {
    let issued_at = Some(a_time().timestamp() + 300);
    let token = a_key().seal(&Claims { issued_at, ..some_claims() }).unwrap();
    assert!(a_key().open(&token, a_time()).is_ok());
}

#[test]
fn flipping_any_bit_of_a_vector_makes_it_refused() {
    let key = a_key();
    let mut flips = 0;
    // The long vector has no other kind of bit, only more of them.
    for vector in vectors().accepted.iter().filter(|vector| vector.token.len() < 1024) {
        for position in 0..vector.token.len() {
            for bit in 0..8 {
                let mut bytes = vector.token.clone().into_bytes();
                bytes[position] ^= 1 << bit;
                let flipped = String::from_utf8_lossy(&bytes);
                assert!(key.open(&flipped, a_time()).is_err(), "{}: bit {bit} of byte {position}", vector.name);
                flips += 1;
            }
        }
    }
    assert!(flips >= 10_000, "{flips}");
}

#[test]
fn a_sealed_token_has_the_shape_of_next_auth() {
    let token = a_key().seal(&some_claims()).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    assert_eq!(parts[0], "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0");
    assert_eq!([lengths.len(), lengths[1], lengths[2], lengths[4]], [5, 0, 16, 22]);
}

#[test]
fn no_two_tokens_share_an_iv() {
    let ivs: std::collections::BTreeSet<String> = (0..1000)
        .map(|_| a_key().seal(&some_claims()).unwrap())
        .map(|token| token.split('.').nth(2).unwrap().to_owned())
        .collect();
    assert_eq!(ivs.len(), 1000);
}

#[test]
fn claims_that_would_make_too_long_a_token_are_not_sealed() {
    let name = Some("x".repeat(MAX_TOKEN_LEN));
    assert_eq!(a_key().seal(&Claims { name, ..some_claims() }), Err(SealError));
}

#[test]
fn debug_output_shows_neither_secrets_nor_personal_data() {
    let claims = Claims { first_name: Some("Ana".into()), last_name: Some("Ruiz".into()), ..some_claims() };
    let shown = format!("{:?} {claims:?} {claims:#?}", a_key());
    assert!(shown.contains("cusr1"));
    for hidden in ["Ana", "Ruiz", "bellavita", vectors().secret.as_str()] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
}

proptest! {
    #[test]
    fn claims_survive_sealing_and_opening(
        sub in "[^ \\s]\\PC{0,20}",
        texts in prop::array::uniform8(any::<Option<String>>()),
        issued_at in any::<Option<i64>>(),
        life in 0..i64::from(u32::MAX),
    ) {
        let [email, name, role, tenant_id, branch_id, first_name, last_name, client_id] = texts;
        let expires_at = a_time().timestamp() + life;
        let claims = Claims {
            sub, email, name, role, tenant_id, branch_id, first_name, last_name, client_id,
            issued_at, expires_at, not_before: None, token_id: Some("jti".into()),
        };
        let token = a_key().seal(&claims).unwrap();
        prop_assert_eq!(a_key().open(&token, a_time()), Ok(claims));
    }

    #[test]
    fn arbitrary_text_is_refused(text in any::<String>(), parts in prop::array::uniform5("[A-Za-z0-9_-]{0,40}")) {
        prop_assert!(a_key().open(&text, a_time()).is_err());
        prop_assert!(a_key().open(&parts.join("."), a_time()).is_err());
        let [_, _, iv, ciphertext, tag] = parts;
        let plausible = format!("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..{iv}.{ciphertext}.{tag}");
        prop_assert!(a_key().open(&plausible, a_time()).is_err());
    }
}
