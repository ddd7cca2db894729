use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use chrono::{DateTime, Utc};
use crm_domain::error::StoreError;
use crm_domain::ids::TenantId;
use crm_domain::photo::{Listing, PhotoContent, PhotoKey, PhotoStore};
use crm_infra::ObjectPhotoStore;

/// A photo store that notes every key it is asked for, and that can be unplugged.
pub(crate) struct WatchedStore {
    inner: RwLock<Arc<dyn PhotoStore>>,
    is_unplugged: AtomicBool,
    keys: Mutex<BTreeSet<String>>,
}

/// What a method of the port returns; written out because only the port's own crate has the macro for it.
type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

impl WatchedStore {
    pub(crate) fn in_memory() -> Self {
        let inner: Arc<dyn PhotoStore> = Arc::new(ObjectPhotoStore::in_memory());
        Self { inner: RwLock::new(inner), is_unplugged: AtomicBool::new(false), keys: Mutex::default() }
    }

    /// Keeps photos elsewhere from now on.
    pub(crate) fn keep_in(&self, inner: ObjectPhotoStore) {
        *self.inner.write().unwrap() = Arc::new(inner);
    }

    /// From now on nothing answers, or everything again.
    pub(crate) fn unplug(&self, is_unplugged: bool) {
        self.is_unplugged.store(is_unplugged, Ordering::SeqCst);
    }

    /// Every key it was asked for.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.keys.lock().unwrap().iter().cloned().collect()
    }

    /// The store below, which always answers.
    pub(crate) fn below(&self) -> Arc<dyn PhotoStore> {
        Arc::clone(&self.inner.read().unwrap())
    }

    fn ask(&self, key: Option<&PhotoKey>) -> Result<Arc<dyn PhotoStore>, StoreError> {
        self.keys.lock().unwrap().extend(key.map(ToString::to_string));
        if self.is_unplugged.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the store of this test is unplugged".into()));
        }
        Ok(self.below())
    }
}

impl PhotoStore for WatchedStore {
    fn put<'a: 'c, 'b: 'c, 'c>(&'a self, key: &'b PhotoKey, bytes: Vec<u8>) -> Later<'c, ()> {
        Box::pin(async move { self.ask(Some(key))?.put(key, bytes).await })
    }

    fn open<'a: 'c, 'b: 'c, 'c>(&'a self, key: &'b PhotoKey) -> Later<'c, Option<PhotoContent>> {
        Box::pin(async move { self.ask(Some(key))?.open(key).await })
    }

    fn size<'a: 'c, 'b: 'c, 'c>(&'a self, key: &'b PhotoKey) -> Later<'c, Option<u64>> {
        Box::pin(async move { self.ask(Some(key))?.size(key).await })
    }

    fn delete<'a: 'c, 'b: 'c, 'c>(&'a self, key: &'b PhotoKey) -> Later<'c, ()> {
        Box::pin(async move { self.ask(Some(key))?.delete(key).await })
    }

    fn tenants<'a: 'c, 'c>(&'a self) -> Later<'c, Vec<TenantId>> {
        Box::pin(async move { self.ask(None)?.tenants().await })
    }

    fn list<'a: 'c, 'b: 'c, 'c>(&'a self, tenant: &'b TenantId) -> Later<'c, Listing> {
        Box::pin(async move { self.ask(None)?.list(tenant).await })
    }

    fn remove_leftovers<'a: 'c, 'c>(&'a self, before: DateTime<Utc>) -> Later<'c, u64> {
        Box::pin(async move { self.ask(None)?.remove_leftovers(before).await })
    }

    fn ping<'a: 'c, 'c>(&'a self) -> Later<'c, ()> {
        Box::pin(async move { self.ask(None)?.ping().await })
    }
}
