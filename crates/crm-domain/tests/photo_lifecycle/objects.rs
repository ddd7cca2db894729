use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use crm_domain::clock::Clock as _;
use crm_domain::error::StoreError;
use crm_domain::ids::{TenantId, UserId};
use crm_domain::photo::{Listing, PhotoContent, PhotoId, PhotoKey, PhotoStore, StoredObject};
use crm_domain::testing::FixedClock;
use crm_domain::testing::fixtures::{BEFORE, a_photo, a_processed_photo, time};
use crm_domain::value::{PhotoName, PhotoSize};
use futures_util::stream::{self, StreamExt as _};

use crate::outcome::Outcome;
use crate::world::name;

/// Bytes, and when they were stored.
type Object = (Vec<u8>, DateTime<Utc>);

type Hook = Box<dyn FnOnce() + Send>;

/// A photo store in memory.
#[derive(Clone)]
pub(crate) struct Objects {
    kept: Arc<Mutex<BTreeMap<String, Object>>>,
    /// What happens meanwhile, as soon as objects were listed or one was put.
    meanwhile: Arc<Mutex<Option<Hook>>>,
    /// How many bytes get lost on the way into the store.
    lost: Arc<Mutex<usize>>,
    outcome: Outcome,
    clock: Arc<FixedClock>,
}

impl Objects {
    pub(crate) fn new(outcome: Outcome, clock: Arc<FixedClock>) -> Self {
        let (kept, meanwhile, lost) = (Arc::default(), Arc::default(), Arc::default());
        Self { kept, meanwhile, lost, outcome, clock }
    }

    /// Stores both sizes of photo `number` under these names, as of [`BEFORE`].
    pub(crate) fn store(&self, tenant: &TenantId, photo: &PhotoId, number: u8) {
        for size in PhotoSize::ALL {
            let key = photo.key(tenant, size).unwrap();
            self.store_at(key.as_str(), a_processed_photo(number).bytes(size));
        }
    }

    /// Stores something under any name, as of [`BEFORE`].
    pub(crate) fn store_at(&self, key: &str, bytes: &[u8]) {
        self.kept.lock().unwrap().insert(key.to_owned(), (bytes.to_vec(), time(BEFORE)));
    }

    /// Leaves only so many bytes of an object; `None` loses it.
    pub(crate) fn damage(&self, number: u8, size: PhotoSize, bytes: Option<usize>) {
        let key = key(number, size).to_string();
        let mut kept = self.kept.lock().unwrap();
        match bytes {
            Some(bytes) => kept.get_mut(&key).unwrap().0.truncate(bytes),
            None => drop(kept.remove(&key)),
        }
    }

    pub(crate) fn lose(&self, bytes: usize) {
        *self.lost.lock().unwrap() = bytes;
    }

    pub(crate) fn meanwhile(&self, hook: impl FnOnce() + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::new(hook));
    }

    fn happen_meanwhile(&self) {
        let hook = self.meanwhile.lock().unwrap().take();
        if let Some(hook) = hook {
            hook();
        }
    }

    /// The objects that bear names of ours, as `<photo> <size>`.
    pub(crate) fn described(&self) -> Vec<String> {
        self.kept.lock().unwrap().keys().filter_map(|key| describe(key)).collect()
    }

    pub(crate) fn bytes(&self, number: u8, size: PhotoSize) -> Option<Vec<u8>> {
        self.kept.lock().unwrap().get(key(number, size).as_str()).map(|(bytes, _)| bytes.clone())
    }
}

fn key(number: u8, size: PhotoSize) -> PhotoKey {
    a_photo(number).key(&TenantId::from_stored("t1"), size).unwrap()
}

/// The parts of a key, if its name is one of ours.
fn parts(key: &str) -> Option<(&str, PhotoId, PhotoSize)> {
    let [tenant, user, file] = *key.split('/').collect::<Vec<_>>() else { return None };
    let PhotoName { hash, size } = file.parse().ok()?;
    Some((tenant, PhotoId { user: UserId::from_stored(user), hash }, size))
}

fn describe(key: &str) -> Option<String> {
    let (_, photo, size) = parts(key)?;
    Some(format!("{} {}", name(&photo), if size == PhotoSize::Full { "full" } else { "thumbnail" }))
}

#[async_trait]
impl PhotoStore for Objects {
    async fn put(&self, key: &PhotoKey, mut bytes: Vec<u8>) -> Result<(), StoreError> {
        bytes.truncate(bytes.len() - *self.lost.lock().unwrap());
        self.outcome.of(format!("put {}", describe(key.as_str()).unwrap()), || {
            self.kept.lock().unwrap().insert(key.to_string(), (bytes, self.clock.now()));
        })?;
        self.happen_meanwhile();
        Ok(())
    }

    async fn open(&self, key: &PhotoKey) -> Result<Option<PhotoContent>, StoreError> {
        self.outcome.of_reading(format!("open {}", describe(key.as_str()).unwrap()))?;
        let found = self.kept.lock().unwrap().get(key.as_str()).map(|(bytes, _)| bytes.clone());
        Ok(found.map(|bytes| PhotoContent { bytes: bytes.len() as u64, chunks: stream::iter([Ok(bytes.into())]).boxed() }))
    }

    async fn size(&self, key: &PhotoKey) -> Result<Option<u64>, StoreError> {
        Ok(self.kept.lock().unwrap().get(key.as_str()).map(|(bytes, _)| bytes.len() as u64))
    }

    async fn delete(&self, key: &PhotoKey) -> Result<(), StoreError> {
        let delete = || drop(self.kept.lock().unwrap().remove(key.as_str()));
        self.outcome.of(format!("delete {}", describe(key.as_str()).unwrap()), delete)
    }

    async fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        let kept = self.kept.lock().unwrap();
        Ok(kept.keys().filter_map(|key| key.split('/').next()).map(TenantId::from_stored).collect())
    }

    async fn list(&self, tenant: &TenantId) -> Result<Listing, StoreError> {
        self.outcome.of_reading(format!("list {tenant}"))?;
        let mut listing = Listing::default();
        for (key, (bytes, modified)) in &*self.kept.lock().unwrap() {
            match parts(key) {
                Some((of, photo, size)) if of == tenant.as_str() => {
                    listing.objects.push(StoredObject { photo, size, bytes: bytes.len() as u64, modified: *modified });
                }
                Some(_) => {}
                None => listing.foreign += u64::from(key.starts_with(&format!("{tenant}/"))),
            }
        }
        self.happen_meanwhile();
        Ok(listing)
    }

    async fn remove_leftovers(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.outcome.of(format!("leftovers before {before}"), || 3)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
