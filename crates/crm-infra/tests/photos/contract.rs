//! Every contract of the domain's suite on every kind of store.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use crm_domain::photo::PhotoStore;
use crm_domain::testing::photo_contract::PhotoStoreHarness;
use crm_infra::ObjectPhotoStore;
use futures_util::TryStreamExt as _;
use object_store::memory::InMemory;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore as _, ObjectStoreExt as _};
use tempfile::TempDir;

use crate::server::{BUCKET, Server, file_names};

struct Memory(Arc<InMemory>);

#[async_trait]
impl PhotoStoreHarness for Memory {
    fn store(&self) -> Arc<dyn PhotoStore> {
        Arc::new(ObjectPhotoStore::over(Arc::clone(&self.0) as _))
    }

    async fn put_foreign(&self, name: &str, bytes: &[u8]) {
        self.0.put(&ObjectPath::parse(name).unwrap(), bytes.to_vec().into()).await.unwrap();
    }

    async fn names(&self) -> BTreeSet<String> {
        self.0.list(None).map_ok(|object| object.location.to_string()).try_collect().await.unwrap()
    }
}

/// A store whose objects are files of ours.
struct Files<T> {
    store: ObjectPhotoStore,
    folder: PathBuf,
    /// What the store lives in.
    _place: T,
}

#[async_trait]
impl<T: Send + Sync> PhotoStoreHarness for Files<T> {
    fn store(&self) -> Arc<dyn PhotoStore> {
        Arc::new(self.store.clone())
    }

    async fn put_foreign(&self, name: &str, bytes: &[u8]) {
        let file = self.folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    async fn names(&self) -> BTreeSet<String> {
        file_names(&self.folder).into_iter().collect()
    }
}

fn folder() -> Files<TempDir> {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data/photos");
    Files { store: ObjectPhotoStore::in_folder(&folder).unwrap(), folder, _place: place }
}

async fn bucket(prefix: &str) -> Files<Server> {
    let server = Server::start().await;
    let folder = server.files().join(Path::new(prefix));
    std::fs::create_dir_all(&folder).unwrap();
    Files { store: server.open(BUCKET, prefix), folder, _place: server }
}

mod memory {
    crm_domain::photo_store_contract_tests!(super::Memory(std::sync::Arc::default()));
}

mod in_a_folder {
    crm_domain::photo_store_contract_tests!(super::folder());
}

mod in_a_bucket {
    crm_domain::photo_store_contract_tests!(super::bucket("").await);
}

mod in_a_bucket_under_a_prefix {
    crm_domain::photo_store_contract_tests!(super::bucket("crm/fotos de clientes").await);
}
