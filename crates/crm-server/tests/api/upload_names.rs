//! Hostile names in every place where a caller can write one.

use std::fs;
use std::path::Path;

use crm_infra::ObjectPhotoStore;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::json;
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use crate::photo_names::{HASH, hostile_name};
use crate::support::form::Form;
use crate::support::picture::jpeg;
use crate::support::{TestServer, UPLOAD, is_key};

const CASES: u32 = 250;

/// Where a name is written.
#[derive(Clone, Copy, Debug)]
enum Place {
    User,
    Name,
    UploadedUser,
    RemovedUser,
    FileName,
    PhotoUrl,
    PhotoUrlUser,
    PhotoUrlName,
}

const PLACES: [Place; 8] = [
    Place::User,
    Place::Name,
    Place::UploadedUser,
    Place::RemovedUser,
    Place::FileName,
    Place::PhotoUrl,
    Place::PhotoUrlUser,
    Place::PhotoUrlName,
];

/// Writes a name into a request. Returns the status of the answer.
async fn send(server: &TestServer, place: Place, name: &str) -> u16 {
    let desk = server.user("desk1");
    let photo = jpeg(40, 30, 90);
    let set = async |url: String| desk.put("/api/clients/profiles/p1", json!({ "profilePhotoUrl": url })).await.status;
    match place {
        Place::User => read(server, &format!("{}/{HASH}.jpg", in_a_path(name))).await,
        Place::Name => read(server, &format!("client1/{}", in_a_path(name))).await,
        Place::UploadedUser => desk.upload(name, &photo).await.status,
        Place::RemovedUser => {
            let name: String = name.bytes().map(escaped).collect();
            desk.delete(&format!("{UPLOAD}?userId={name}")).await.status
        }
        Place::FileName => {
            let form = Form::default().text("userId", "client1").file_called(name, "image/jpeg", &photo);
            desk.upload_form(form.end()).await.status
        }
        Place::PhotoUrl => set(name.to_owned()).await,
        Place::PhotoUrlUser => set(format!("/api/clients/photos/{name}/{HASH}.jpg")).await,
        Place::PhotoUrlName => set(format!("/api/clients/photos/client1/{name}")).await,
    }
}

/// Asks by hand, because an HTTP client would tidy the path up.
async fn read(server: &TestServer, path: &str) -> u16 {
    let lines =
        [format!("GET /api/clients/photos/{path} HTTP/1.1"), format!("authorization: Bearer {}", server.token("desk1"))];
    server.send_lines(&[&lines[0], &lines[1]]).await.0
}

/// Escapes only what can't stand in a request line.
fn in_a_path(name: &str) -> String {
    let written = |byte: u8| if byte.is_ascii_graphic() { char::from(byte).to_string() } else { escaped(byte) };
    name.bytes().map(written).collect()
}

fn escaped(byte: u8) -> String {
    format!("%{byte:02X}")
}

fn run(server: &TestServer) {
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let cases = (select(PLACES.to_vec()), hostile_name());
    let outcome = TestRunner::new(config).run(&cases, |(place, name)| {
        let status = Handle::current().block_on(send(server, place, &name));
        if [200, 400, 404].contains(&status) { Ok(()) } else { Err(TestCaseError::fail(format!("answered {status}"))) }
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    for key in server.photos().keys() {
        assert!(is_key(&key), "the store was asked for {key:?}");
    }
}

pub(crate) async fn whatever_a_caller_writes_the_store_is_asked_for_our_keys_only(server: &TestServer) {
    server.keep_photo("t1", "client1", HASH).await;
    block_in_place(|| run(server));
    assert!(!server.photos().keys().is_empty());
    // Nothing of the other tenant was touched or written.
    assert!(server.kept().await.0.iter().all(|object| object.starts_with("t1/")));
    let stored = server.select_text("SELECT \"profilePhotoUrl\" FROM client_profiles WHERE id = 'p1'").await;
    let stored = stored.unwrap_or_default();
    assert!(
        stored.is_empty() || stored.starts_with("https://") || stored.starts_with("/api/clients/photos/client1/"),
        "{stored}"
    );
}

pub(crate) async fn whatever_a_caller_writes_nothing_is_created_outside_the_folder(server: &TestServer) {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("a/b/photos");
    server.photos().keep_in(ObjectPhotoStore::in_folder(&folder).unwrap());
    server.keep_photo("t1", "client1", HASH).await;
    block_in_place(|| run(server));
    for file in files(place.path()) {
        let key = file.strip_prefix(folder.to_str().unwrap()).and_then(|path| path.strip_prefix('/'));
        assert!(key.is_some_and(is_key), "{file} was created");
    }
}

/// The paths of all files below a folder.
fn files(folder: &Path) -> Vec<String> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path.to_str().unwrap().to_owned()] }).collect()
}
