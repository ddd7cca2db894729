//! The composition root: the only file that names concrete adapters.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;

use actix_web::web::Data;
use anyhow::Context as _;
use crm_domain::access::AttemptLimiter;
use crm_domain::audit::AuditVerification;
use crm_domain::clock::Clock;
use crm_domain::idempotency::RequestExpiry;
use crm_domain::photo::{PhotoProcessor, PhotoReprocessing, PhotoStore, PhotoSweep};
use crm_domain::ports::Ports;
use crm_domain::trash::TrashPurge;
use crm_http::{Api, Parts, Settings};
use crm_infra::{
    BcryptVerifier, CuidGenerator, Database, ImageProcessor, LocalAttempts, ObjectPhotoStore, PhotoSizes, Purpose,
    RedisAttempts, SeaIdentities, SeaStore, SystemClock,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use secrecy::ExposeSecret as _;

use crate::config::{self, Config};

/// Connections of its own for migrations and reconciliation: one holds the lock, one works.
const MAINTENANCE_CONNECTIONS: u32 = 2;

/// What services are built from.
fn ports(database: &Database, clock: Arc<dyn Clock>) -> Ports {
    Ports { store: Arc::new(SeaStore::new(database.clone())), clock, ids: Arc::new(CuidGenerator) }
}

/// The API over this database.
pub fn api(
    database: &Database,
    photos: Arc<dyn PhotoStore>,
    processor: Arc<dyn PhotoProcessor>,
    clock: Arc<dyn Clock>,
    attempts: Option<Arc<dyn AttemptLimiter>>,
    metrics: PrometheusHandle,
    settings: Settings,
) -> Data<Api> {
    let parts = Parts {
        ports: ports(database, clock),
        photos,
        processor,
        identities: Arc::new(SeaIdentities::new(database.clone())),
        passwords: Arc::new(BcryptVerifier::default()),
        attempts,
        metrics,
    };
    Data::new(Api::new(parts, settings))
}

/// What counts attempts to sign in, if people sign in here.
pub(crate) fn attempts(config: &Config) -> anyhow::Result<Option<Arc<dyn AttemptLimiter>>> {
    if !config.sign_in {
        return Ok(None);
    }
    let Some(url) = &config.redis_url else {
        return Ok(Some(Arc::new(LocalAttempts::per_minute(config.sign_in_per_minute))));
    };
    let shared = RedisAttempts::per_minute(url.expose_secret(), config.sign_in_per_minute);
    Ok(Some(Arc::new(shared.context("the Redis named by CRM_REDIS_URL can't be asked")?)))
}

/// The real time.
pub fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// Starts counting. Once per process.
pub(crate) fn metrics() -> anyhow::Result<PrometheusHandle> {
    let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
    Ok(PrometheusBuilder::new().set_buckets(&buckets)?.install_recorder()?)
}

/// Creates a folder that nobody else may look into: the database and the photos in it are personal data.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Connects for answering requests.
pub(crate) async fn database(config: &Config) -> anyhow::Result<Database> {
    connect(config, config.database.max_connections, Purpose::Serving).await
}

/// Connects for migrations, reconciliation and other long work. Creates the data directory of embedded mode.
pub(crate) async fn maintenance_database(config: &Config) -> anyhow::Result<Database> {
    if config.database.kind == config::DatabaseKind::Embedded {
        private_folder(&config.data_dir)
            .with_context(|| format!("the data directory {} can't be created", config.data_dir.display()))?;
    }
    connect(config, MAINTENANCE_CONNECTIONS, Purpose::Maintenance).await
}

async fn connect(config: &Config, connections: u32, purpose: Purpose) -> anyhow::Result<Database> {
    let url = config.database.url.expose_secret();
    Database::connect(url, connections, purpose).await.context("the database named by CRM_DATABASE_URL can't be opened")
}

/// Opens the photo store.
pub(crate) fn photos(config: &Config) -> anyhow::Result<Arc<dyn PhotoStore>> {
    let store = match &config.photo_store {
        config::PhotoStore::File(folder) => ObjectPhotoStore::in_folder(folder),
        config::PhotoStore::S3 { bucket, prefix } => ObjectPhotoStore::in_bucket(bucket, prefix),
        config::PhotoStore::Memory => Ok(ObjectPhotoStore::in_memory()),
    };
    Ok(Arc::new(store.context("the photo store named by CRM_PHOTO_STORE can't be opened")?))
}

/// How uploads become photos.
pub(crate) fn photo_processor(config: &Config) -> Arc<dyn PhotoProcessor> {
    let config::Photos { pixels, thumbnail_pixels, decoders, .. } = config.photos;
    let sizes = PhotoSizes { full: pixels, thumbnail: thumbnail_pixels };
    Arc::new(ImageProcessor::new(sizes, decoders as usize))
}

/// The verification of the audit log of this database.
pub(crate) fn audit_verification(database: &Database) -> AuditVerification {
    AuditVerification::new(ports(database, clock()))
}

/// The forgetting of requests in this database.
pub(crate) fn request_expiry(database: &Database) -> RequestExpiry {
    RequestExpiry::new(ports(database, clock()))
}

/// The purge of the trash of this database.
pub(crate) fn trash_purge(database: &Database, photos: Arc<dyn PhotoStore>) -> TrashPurge {
    TrashPurge::new(ports(database, clock()), photos)
}

/// The sweep of photos over this database.
pub(crate) fn photo_sweep(database: &Database, photos: Arc<dyn PhotoStore>) -> PhotoSweep {
    PhotoSweep::new(ports(database, clock()), photos)
}

/// The renewal of photos over this database.
pub(crate) fn photo_reprocessing(
    database: &Database,
    photos: Arc<dyn PhotoStore>,
    processor: Arc<dyn PhotoProcessor>,
) -> PhotoReprocessing {
    PhotoReprocessing::new(ports(database, clock()), photos, processor)
}
