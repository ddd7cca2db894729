//! Photos in a folder, in S3 or in memory.

mod bucket;
mod leftovers;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use crm_domain::error::StoreError;
use crm_domain::ids::{TenantId, UserId};
use crm_domain::photo::{Listing, PhotoContent, PhotoId, PhotoKey, PhotoStore, StoredObject};
use crm_domain::value::PhotoName;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use object_store::{Error, ObjectMeta, ObjectStore, ObjectStoreExt};

/// Keeps photos in any object store.
#[derive(Clone, Debug)]
pub struct ObjectPhotoStore {
    objects: Arc<dyn ObjectStore>,
    /// Where files are kept, if they are: a folder that vanished looks empty rather than broken.
    folder: Option<PathBuf>,
}

impl ObjectPhotoStore {
    /// A folder, created when missing. Files are synced to disk before a photo counts as stored.
    pub fn in_folder(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        let files = LocalFileSystem::new_with_prefix(folder).map_err(store_error)?.with_fsync(true);
        Ok(Self { objects: Arc::new(files), folder: Some(folder.to_owned()) })
    }

    /// A bucket of S3 or of a compatible store; the rest comes from the usual `AWS_*` variables.
    pub fn in_bucket(bucket: &str, prefix: &str) -> Result<Self, StoreError> {
        Self::in_bucket_of(AmazonS3Builder::from_env(), bucket, prefix, bucket::ATTEMPT_LIMIT)
    }

    /// The same with these variables in place of the environment's, and another limit for each attempt of a call.
    #[cfg(feature = "test-support")]
    pub fn in_bucket_with(
        variables: &[(&str, &str)],
        bucket: &str,
        prefix: &str,
        attempt_limit: Duration,
    ) -> Result<Self, StoreError> {
        let mut settings = AmazonS3Builder::new();
        for (name, value) in variables {
            let setting = name.to_ascii_lowercase().parse().map_err(store_error)?;
            settings = settings.with_config(setting, *value);
        }
        Self::in_bucket_of(settings, bucket, prefix, attempt_limit)
    }

    fn in_bucket_of(
        settings: AmazonS3Builder,
        bucket: &str,
        prefix: &str,
        attempt_limit: Duration,
    ) -> Result<Self, StoreError> {
        let s3 = bucket::open(settings, bucket, attempt_limit).map_err(store_error)?;
        Ok(Self { objects: Arc::new(PrefixStore::new(s3, prefix)), folder: None })
    }

    /// Memory, for tests: everything is gone with the process.
    pub fn in_memory() -> Self {
        Self::over(Arc::new(InMemory::new()))
    }

    /// Any object store.
    pub fn over(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects, folder: None }
    }

    /// What was asked for, unless it is not there. In a store that is not there itself, nothing is missing.
    async fn found<T>(&self, answer: Result<T, Error>) -> Result<Option<T>, StoreError> {
        match answer {
            Ok(found) => Ok(Some(found)),
            Err(Error::NotFound { .. }) => self.ping().await.map(|()| None),
            Err(error) => Err(store_error(error)),
        }
    }

    /// Fails if the photos should be in a folder that is not there.
    fn find_folder(&self) -> Result<(), StoreError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let folder = std::fs::metadata(folder).map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        if folder.is_dir() { Ok(()) } else { Err(StoreError::Unavailable("the photo folder is not a folder".into())) }
    }
}

#[async_trait]
impl PhotoStore for ObjectPhotoStore {
    async fn put(&self, key: &PhotoKey, bytes: Vec<u8>) -> Result<(), StoreError> {
        // It would be made anew, without the photos that were in it.
        self.find_folder()?;
        self.objects.put(&path(key), bytes.into()).await.map_err(store_error)?;
        Ok(())
    }

    async fn open(&self, key: &PhotoKey) -> Result<Option<PhotoContent>, StoreError> {
        let found = self.found(self.objects.get(&path(key)).await).await?;
        Ok(found
            .map(|found| PhotoContent { bytes: found.meta.size, chunks: found.into_stream().map_err(store_error).boxed() }))
    }

    async fn size(&self, key: &PhotoKey) -> Result<Option<u64>, StoreError> {
        Ok(self.found(self.objects.head(&path(key)).await).await?.map(|object| object.size))
    }

    async fn delete(&self, key: &PhotoKey) -> Result<(), StoreError> {
        let deleted = self.found(self.objects.delete(&path(key)).await).await;
        if let Err(error) = &deleted {
            tracing::warn!(%key, error = error as &dyn std::error::Error, "a photo that nothing shows could not be deleted");
        }
        deleted.map(drop)
    }

    async fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        let top = self.objects.list_with_delimiter(None).await.map_err(store_error)?;
        self.find_folder()?;
        let names = top.common_prefixes.iter().filter_map(|folder| folder.filename());
        Ok(names.filter_map(|name| TenantId::parse(name).ok()).collect())
    }

    async fn list(&self, tenant: &TenantId) -> Result<Listing, StoreError> {
        let folder = ObjectPath::from(tenant.as_str());
        let mut objects = self.objects.list(Some(&folder));
        let mut listing = Listing::default();
        while let Some(object) = objects.try_next().await.map_err(store_error)? {
            match stored_object(&object) {
                Some(stored) => listing.objects.push(stored),
                None => listing.foreign += 1,
            }
        }
        self.find_folder()?;
        Ok(listing)
    }

    async fn remove_leftovers(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        let removal = tokio::task::spawn_blocking(move || leftovers::remove(&folder, before.into()));
        let removed = removal.await.map_err(|stopped| StoreError::Failed(Box::new(stopped)))?;
        removed.map_err(|error| StoreError::Unavailable(Box::new(error)))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.find_folder()?;
        // Looking for the first object of an unlikely folder asks the store and transfers nothing.
        let probe = ObjectPath::from("readiness-probe");
        self.objects.list(Some(&probe)).try_next().await.map_err(store_error)?;
        Ok(())
    }
}

/// What an object is, if its name is one that we give.
fn stored_object(object: &ObjectMeta) -> Option<StoredObject> {
    let parts: Vec<_> = object.location.parts().collect();
    let [_tenant, user, name] = parts.as_slice() else { return None };
    let name: PhotoName = name.as_ref().parse().ok()?;
    let photo = PhotoId { user: UserId::parse(user.as_ref()).ok()?, hash: name.hash };
    Some(StoredObject { photo, size: name.size, bytes: object.size, modified: object.last_modified })
}

fn path(key: &PhotoKey) -> ObjectPath {
    ObjectPath::from(key.as_str())
}

/// Whatever an object store says besides "not found", it may say something better later.
fn store_error(error: Error) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}
