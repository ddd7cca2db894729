//! What the small steps of a request cost, without a database: `cargo bench --workspace --bench steps`.
#![expect(clippy::unwrap_used, reason = "a measurement that fails must stop")]

use std::sync::Arc;

use actix_web::rt::System;
use actix_web::test::{TestRequest, call_and_read_body, init_service};
use actix_web::web::Data;
use chrono::TimeDelta;
use crm_domain::access::{Role, UserAccount};
use crm_domain::page::{Page, Total};
use crm_domain::photo::PhotoProcessor as _;
use crm_domain::profile::{ProfileSummary, SearchTerms};
use crm_domain::testing::fixtures::{NOW, a_profile, a_user, tenant, time};
use crm_domain::testing::{MockIdentityDirectory, MockStore};
use crm_domain::value::{email_key, phone_key};
use crm_http::session::{Claims, SessionKey};
use crm_http::{Api, Parts, Settings};
use crm_infra::{BcryptVerifier, ImageProcessor, ObjectPhotoStore, PhotoSizes};
use divan::{Bencher, black_box};
use metrics_exporter_prometheus::PrometheusBuilder;
use secrecy::SecretString;

#[path = "../tests/shared/picture.rs"]
#[expect(dead_code, reason = "tests read what this only makes")]
mod picture;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SECRET: &str = "only-for-this-measurement-0123456789";

fn main() {
    divan::main();
}

#[divan::bench(args = ["garcía", "José Ángel Núñez", "55 1234-5678"])]
fn search_words(bencher: Bencher<'_, '_>, typed: &str) {
    bencher.bench(|| SearchTerms::parse(black_box(typed)));
}

#[divan::bench]
fn comparable_contact(bencher: Bencher<'_, '_>) {
    bencher.bench(|| (email_key(black_box(" Ana.Ruiz@Buzon.Example ")), phone_key(black_box("+52 (55) 1234-5678"))));
}

fn token() -> String {
    let claims = Claims { sub: "u1".to_owned(), expires_at: time(NOW).timestamp() + 3_600, ..Claims::default() };
    SessionKey::derive(&SecretString::from(SECRET)).seal(&claims).unwrap()
}

#[divan::bench]
fn session_token(bencher: Bencher<'_, '_>) {
    let (key, token, now) = (SessionKey::derive(&SecretString::from(SECRET)), token(), time(NOW));
    bencher.bench(|| key.open(black_box(&token), now).unwrap());
}

/// A request for a list of 50 profiles, from its head to the last byte of the answer, over a store that has them at hand.
#[divan::bench]
fn list_of_50_as_json(bencher: Bencher<'_, '_>) {
    let mut store = MockStore::default();
    let listed = vec![ProfileSummary { profile: a_profile(), user: a_user() }; 50];
    store.profiles.expect_list().returning(move |_, _| Ok(Page::of(listed.clone(), Total::exact(50), None)));
    let mut identities = MockIdentityDirectory::new();
    let account = UserAccount { id: "u1".parse().unwrap(), tenant: tenant(), role: Some(Role::Admin), is_active: true };
    identities.expect_find_user().returning(move |_| Ok(Some(account.clone())));
    let parts = Parts {
        ports: store.into_ports().ports,
        photos: Arc::new(ObjectPhotoStore::in_memory()),
        processor: Arc::new(ImageProcessor::new(PhotoSizes::default(), 1)),
        identities: Arc::new(identities),
        passwords: Arc::new(BcryptVerifier::default()),
        attempts: None,
        metrics: PrometheusBuilder::new().build_recorder().handle(),
    };
    let settings = Settings {
        session_secret: SecretString::from(SECRET),
        trusted_proxies: Vec::new(),
        trash_keeps: TimeDelta::days(30),
        require_if_match: false,
        public_url: None,
    };
    let api = Data::new(Api::new(parts, settings));
    let (system, token) = (System::new(), token());
    let app = system.block_on(init_service(crm_http::app(api, |_| {})));
    bencher.bench_local(|| {
        let request = TestRequest::get().uri("/api/clients/profiles?take=50");
        let request = request.insert_header(("authorization", format!("Bearer {token}"))).to_request();
        let body = system.block_on(call_and_read_body(&app, request));
        assert!(body.len() > 10_000);
    });
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn photo_of_12_megapixels(bencher: Bencher<'_, '_>) {
    let (system, processor) = (System::new(), ImageProcessor::new(PhotoSizes::default(), 1));
    let file = picture::jpeg(4000, 3000, 90);
    bencher.with_inputs(|| file.clone()).bench_local_values(|file| system.block_on(processor.process(file)).unwrap());
}
