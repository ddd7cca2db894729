use crm_domain::ids::{TenantId, UserId};
use crm_domain::photo::PhotoKey;
use serde_json::Value;

use super::form::{self, FORM};
use super::{Answer, Caller, TestServer, WatchedStore, picture};

/// Where photos are given and taken away.
pub(crate) const UPLOAD: &str = "/api/clients/upload-photo";

/// The address of a photo.
pub(crate) fn photo_url(user: &str, name: &str) -> String {
    format!("/api/clients/photos/{user}/{name}")
}

/// Where a photo is kept.
fn key(tenant: &str, user: &str, name: &str) -> PhotoKey {
    PhotoKey::new(&TenantId::from_stored(tenant), &UserId::from_stored(user), &name.parse().unwrap()).unwrap()
}

impl Caller<'_> {
    /// Gives a user a photo.
    pub(crate) async fn upload(&self, user: &str, file: &[u8]) -> Answer {
        self.upload_form(form::upload(user, file)).await
    }

    /// Sends the bytes of a form that is to give somebody a photo.
    pub(crate) async fn upload_form(&self, form: Vec<u8>) -> Answer {
        self.send_raw("POST", UPLOAD, Some(FORM), form).await
    }

    /// Gives a user a photo of 40 by 30 pixels, and returns its address.
    pub(crate) async fn show_photo(&self, user: &str, tone: u8) -> String {
        let answer = self.upload(user, &picture::jpeg(40, 30, tone)).await;
        answer.data(200)["url"].as_str().unwrap().to_owned()
    }

    /// Sends fields the way the route takes them: as JSON, or, where it takes a file, as a form with a photo.
    pub(crate) async fn send_fields(&self, method: &str, path: &str, fields: Option<Value>) -> Answer {
        match fields {
            Some(fields) if path == UPLOAD => {
                self.upload(fields["userId"].as_str().unwrap(), &picture::jpeg(40, 30, 90)).await
            }
            fields => self.send(method, path, fields).await,
        }
    }
}

impl TestServer {
    /// The store that the server keeps photos in.
    pub(crate) fn photos(&self) -> &WatchedStore {
        &self.photos
    }

    /// Keeps a photo and its thumbnail as an upload would, without telling the profile. They are no pictures.
    pub(crate) async fn keep_photo(&self, tenant: &str, user: &str, hash: &str) {
        for (name, bytes) in [(format!("{hash}.jpg"), "whole"), (format!("{hash}-thumbnail.jpg"), "small")] {
            self.photos.below().put(&key(tenant, user, &name), bytes.into()).await.unwrap();
        }
        self.execute(&format!(
            "INSERT INTO crm_photos (tenant_id, user_id, hash, state, full_bytes, thumbnail_bytes, changed_at) \
             VALUES ('{tenant}', '{user}', '{hash}', 'kept', 5, 5, '2026-01-01 10:00:00') ON CONFLICT DO NOTHING"
        ))
        .await;
    }

    /// The keys of all objects in the store, sorted.
    pub(crate) async fn objects(&self) -> Vec<String> {
        let store = self.photos.below();
        let mut keys = Vec::new();
        for tenant in store.tenants().await.unwrap() {
            let listing = store.list(&tenant).await.unwrap();
            assert_eq!(listing.foreign, 0, "objects with names that are not ours, of {tenant}");
            let named = listing.objects.iter().map(|object| object.photo.key(&tenant, object.size).unwrap().to_string());
            keys.extend(named);
        }
        keys.sort_unstable();
        keys
    }

    /// The records of all photos, sorted: `tenant/user/hash state`.
    pub(crate) async fn ledger(&self) -> Vec<String> {
        let records = "SELECT tenant_id || '/' || user_id || '/' || hash || ' ' || state FROM crm_photos ORDER BY 1";
        self.database.select_column(records).await.into_iter().flatten().collect()
    }

    /// Objects and records: what an upload that fails must leave alone.
    pub(crate) async fn kept(&self) -> (Vec<String>, Vec<String>) {
        (self.objects().await, self.ledger().await)
    }
}

/// Whether this could be the key of an object: `<id>/<id>/<hash>.jpg`, or `-thumbnail.jpg`.
pub(crate) fn is_key(key: &str) -> bool {
    let is_id =
        |id: &str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let [tenant, user, name] = key.split('/').collect::<Vec<_>>()[..] else { return false };
    let Some(stem) = name.strip_suffix(".jpg") else { return false };
    let hash = stem.strip_suffix("-thumbnail").unwrap_or(stem);
    is_id(tenant) && is_id(user) && hash.len() == 64 && hash.bytes().all(is_digit)
}

/// Both keys of the photo at this address.
pub(crate) fn keys_of(tenant: &str, url: &str) -> Vec<String> {
    let stem = url.strip_prefix("/api/clients/photos/").and_then(|path| path.strip_suffix(".jpg"));
    let stem = stem.unwrap_or_else(|| panic!("{url} is no address of ours"));
    vec![format!("{tenant}/{stem}-thumbnail.jpg"), format!("{tenant}/{stem}.jpg")]
}
