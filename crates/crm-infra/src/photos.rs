//! Photos in a folder, in S3 or in memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use crm_domain::error::StoreError;
use crm_domain::photo::{PhotoKey, PhotoStore};
use futures_util::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, Error, ObjectStore, ObjectStoreExt, RetryConfig};

/// Longest one attempt against S3 may take.
const REQUEST_LIMIT: std::time::Duration = std::time::Duration::from_secs(5);
/// Longest all attempts together may take.
const RETRY_LIMIT: std::time::Duration = std::time::Duration::from_secs(8);

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
        // The HTTP client leaves the choice of the cryptography to the process. A second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let s3 = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_client_options(ClientOptions::new().with_timeout(REQUEST_LIMIT))
            .with_retry(RetryConfig { max_retries: 3, retry_timeout: RETRY_LIMIT, ..RetryConfig::default() })
            .build()
            .map_err(store_error)?;
        Ok(Self { objects: Arc::new(PrefixStore::new(s3, prefix)), folder: None })
    }

    /// Memory, for tests: everything is gone with the process.
    pub fn in_memory() -> Self {
        Self { objects: Arc::new(InMemory::new()), folder: None }
    }
}

#[async_trait]
impl PhotoStore for ObjectPhotoStore {
    async fn put(&self, key: &PhotoKey, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.objects.put(&path(key), bytes.into()).await.map_err(store_error)?;
        Ok(())
    }

    async fn get(&self, key: &PhotoKey) -> Result<Option<Vec<u8>>, StoreError> {
        match self.objects.get(&path(key)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(store_error)?.to_vec())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(store_error(error)),
        }
    }

    async fn delete(&self, key: &PhotoKey) -> Result<(), StoreError> {
        match self.objects.delete(&path(key)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => {
                tracing::warn!(%key, %error, "a photo that nothing refers to could not be deleted");
                Err(store_error(error))
            }
        }
    }

    async fn ping(&self) -> Result<(), StoreError> {
        if let Some(folder) = &self.folder {
            let folder = std::fs::metadata(folder).map_err(|error| StoreError::Unavailable(Box::new(error)))?;
            if !folder.is_dir() {
                return Err(StoreError::Unavailable("the photo folder is not a folder".into()));
            }
        }
        // Looking for the first object of an unlikely folder asks the store and transfers nothing.
        let probe = ObjectPath::from("readiness-probe");
        self.objects.list(Some(&probe)).try_next().await.map_err(store_error)?;
        Ok(())
    }
}

fn path(key: &PhotoKey) -> ObjectPath {
    ObjectPath::from(key.as_str())
}

/// Whatever an object store says besides "not found", it may say something better later.
fn store_error(error: Error) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}
