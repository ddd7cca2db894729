use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, SystemTime};

use crm_domain::testing::rows;
use crm_http::session::{Claims, SessionKey};
use crm_infra::testing::TestDatabase;
use reqwest::{Client, Response};
use secrecy::SecretString;
use serde_json::Value;
use tempfile::TempDir;

use crate::command::{SECRET, Server, client, crm};
use crate::form::{self, FORM};

/// Long before any grace.
pub(crate) const LONG_AGO: &str = "2020-01-01 00:00:00";

/// Tenant `t1` with the receptionist `desk` and clients `c1`, `c2`, … with the profiles `p1`, `p2`, …, in an SQLite
/// file that the test reads and writes beside the binary. Photos are files in a folder.
pub(crate) struct Salon {
    place: TempDir,
    pub(crate) database: TestDatabase,
}

impl Salon {
    pub(crate) async fn with_clients(clients: usize) -> Self {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("tmp")).unwrap();
        let database = TestDatabase::sqlite().await;
        let mut all = vec![rows::tenant("t1"), rows::user("desk").with("role", "RECEPTIONIST")];
        for number in 1..=clients {
            all.push(rows::user(&format!("c{number}")));
            all.push(rows::profile(&format!("p{number}"), &format!("c{number}")));
        }
        for row in all {
            database.execute(&row.to_string()).await;
        }
        Self { place, database }
    }

    fn settings(&self) -> Vec<(&str, String)> {
        vec![
            (SECRET.0, SECRET.1.to_owned()),
            ("CRM_DATABASE_URL", self.database.url().to_owned()),
            ("CRM_SEED_DEMO", "false".to_owned()),
            ("CRM_LOG", "off".to_owned()),
            ("TMPDIR", self.place.path().join("tmp").to_str().unwrap().to_owned()),
        ]
    }

    pub(crate) fn start(&self) -> Server {
        let settings = self.settings();
        let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Server::start(self.place.path(), &settings)
    }

    /// A server whose log is written to the file of that name.
    pub(crate) fn start_logging(&self, log: &str) -> Server {
        let settings = self.settings();
        let settings = settings.iter().map(|(name, value)| (*name, value.as_str())).chain([("CRM_LOG", "info")]);
        let file = File::create(self.place.path().join(log)).unwrap();
        Server::start_logging(self.place.path(), &settings.collect::<Vec<_>>(), file.into())
    }

    /// Runs a command with these settings beside the usual ones.
    pub(crate) fn run(&self, arguments: &str, settings: &[(&str, &str)]) -> Output {
        let mut command = crm(self.place.path(), arguments);
        command.envs(self.settings()).envs(settings.iter().copied()).output().unwrap()
    }

    /// Runs a command that must succeed. Returns the lines it prints.
    #[track_caller]
    pub(crate) fn succeed(&self, arguments: &str, settings: &[(&str, &str)]) -> Vec<String> {
        let output = self.run(arguments, settings);
        assert_eq!(output.status.code(), Some(0), "crm {arguments}: {output:?}");
        lines(&output)
    }

    /// Gives clients `c1`, `c2`, … these photos and stops the server. Returns the addresses.
    pub(crate) async fn upload(&self, photos: &[Vec<u8>]) -> Vec<String> {
        let (server, desk) = (self.start(), Desk::new());
        let mut urls = Vec::new();
        for (number, photo) in photos.iter().enumerate() {
            let answer = desk.upload(&server, &format!("c{}", number + 1), photo).await.unwrap();
            let body: Value = answer.error_for_status().unwrap().json().await.unwrap();
            urls.push(body["url"].as_str().unwrap().to_owned());
        }
        assert_eq!(server.terminate().0, Some(0));
        urls
    }

    /// The folder that photos are kept in.
    pub(crate) fn folder(&self) -> PathBuf {
        self.place.path().join("data/photos")
    }

    /// The file of the photo at this address.
    pub(crate) fn file(&self, url: &str) -> PathBuf {
        self.folder().join("t1").join(url.strip_prefix("/api/clients/photos/").unwrap())
    }

    /// Both files of the photos at these addresses, by their paths below the folder.
    pub(crate) fn files_of<'a>(&self, urls: impl IntoIterator<Item = &'a String>) -> BTreeSet<String> {
        let both = |url: &String| [self.file(url), self.file(&thumbnail(url))];
        let paths = urls.into_iter().flat_map(both);
        paths.map(|path| path.strip_prefix(self.folder()).unwrap().to_str().unwrap().to_owned()).collect()
    }

    /// All files in the folder, by their paths below it.
    pub(crate) fn files(&self) -> BTreeSet<String> {
        below(&self.folder(), &self.folder())
    }

    /// All files that are neither photos nor the database, by their paths: what nobody should leave behind.
    pub(crate) fn other_files(&self) -> BTreeSet<String> {
        let all = below(self.place.path(), self.place.path());
        all.into_iter().filter(|path| !path.starts_with("data/photos/")).collect()
    }

    /// Writes a file below the folder that was last changed so many hours ago.
    pub(crate) fn leave(&self, path: &str, content: &[u8], hours: u64) {
        let path = self.folder().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        age(&path, hours);
    }

    /// The address that each profile shows, in the order of their ids.
    pub(crate) async fn shown(&self) -> Vec<Option<String>> {
        self.database.select_column("SELECT \"profilePhotoUrl\" FROM client_profiles ORDER BY id").await
    }

    pub(crate) async fn records(&self) -> Vec<String> {
        let sql = "SELECT user_id || ' ' || state FROM crm_photos ORDER BY 1";
        self.database.select_column(sql).await.into_iter().flatten().collect()
    }

    /// Writes a file where commands run.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.place.path().join(name), text).unwrap();
    }

    /// Makes the records of photos old enough for any sweep.
    pub(crate) async fn age_records(&self) {
        self.database.execute(&format!("UPDATE crm_photos SET changed_at = '{LONG_AGO}'")).await;
    }
}

/// Makes a file so many hours old.
pub(crate) fn age(path: &Path, hours: u64) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3_600)).unwrap();
}

/// The address of the thumbnail of the photo at this address.
pub(crate) fn thumbnail(url: &str) -> String {
    url.replace(".jpg", "-thumbnail.jpg")
}

pub(crate) fn lines(output: &Output) -> Vec<String> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(str::to_owned).collect()
}

fn below(root: &Path, folder: &Path) -> BTreeSet<String> {
    // Nobody has uploaded anything yet.
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    let mut files = BTreeSet::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.append(&mut below(root, &path));
        } else {
            files.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
    files
}

/// The receptionist at a browser.
#[derive(Clone)]
pub(crate) struct Desk {
    client: Client,
    token: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let year_2100 = 4_102_444_800;
        let claims = Claims { sub: "desk".to_owned(), expires_at: year_2100, ..Claims::default() };
        let token = SessionKey::derive(&SecretString::from(SECRET.1)).seal(&claims).unwrap();
        Self { client: client(), token }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) async fn upload(&self, server: &Server, user: &str, photo: &[u8]) -> reqwest::Result<Response> {
        self.send_form(&server.url("/api/clients/upload-photo"), FORM, form::upload(user, photo)).await
    }

    /// Sends the bytes of a form to an address.
    pub(crate) async fn send_form(&self, url: &str, content_type: &str, form: Vec<u8>) -> reqwest::Result<Response> {
        self.client.post(url).bearer_auth(&self.token).header("content-type", content_type).body(form).send().await
    }

    /// Sends a request that may be sent again under this key.
    pub(crate) async fn post_once(&self, server: &Server, path: &str, key: &str, body: &Value) -> reqwest::Result<Response> {
        self.client.post(server.url(path)).bearer_auth(&self.token).header("idempotency-key", key).json(body).send().await
    }

    /// Deletes what is at an address.
    pub(crate) async fn delete(&self, server: &Server, path: &str) -> reqwest::Result<Response> {
        self.client.delete(server.url(path)).bearer_auth(&self.token).send().await
    }

    /// What is at an address, which must answer.
    pub(crate) async fn read(&self, server: &Server, path: &str) -> Vec<u8> {
        let answer = self.client.get(server.url(path)).bearer_auth(&self.token).send().await.unwrap();
        answer.error_for_status().unwrap().bytes().await.unwrap().to_vec()
    }
}
