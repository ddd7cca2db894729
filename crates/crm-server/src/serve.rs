//! `crm serve`.

use std::error::Error;
use std::fmt::Display;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::web::Data;
use anyhow::Context as _;
use chrono::TimeDelta;
use crm_domain::idempotency::RequestExpiry;
use crm_domain::photo::{PhotoSweep, SweepOptions};
use crm_domain::progress::{Progress, Unwatched};
use crm_domain::trash::TrashPurge;
use crm_http::{Api, Settings};
use crm_infra::Database;
use crm_infra::demo::{self, DEMO_PASSWORD, DemoAccount};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::cli::SeedArgs;
use crate::config::{Config, DatabaseKind, session_secret};
use crate::{console, wire};

/// Longest a caller may take to send a request's head.
const HEAD_LIMIT: Duration = Duration::from_secs(5);
/// How often recorded durations are folded into histograms.
const METRICS_COMPACTION: Duration = Duration::from_secs(5);
/// How often the trash is purged.
const TRASH_PURGE: Duration = Duration::from_hours(1);
/// How often connections that nobody needs are closed.
const CONNECTIONS_CLOSED: Duration = Duration::from_mins(1);
/// How often numbers of profiles are made compact.
const COUNTS_FOLDING: Duration = Duration::from_mins(1);
/// How often the figures above the list are counted for those who look at them.
const FIGURES_RENEWAL: Duration = Duration::from_mins(2);
/// How often old requests are forgotten.
const REQUEST_EXPIRY: Duration = Duration::from_hours(1);
/// Most connections per worker; far more than a salon needs, far fewer than would exhaust the machine.
const CONNECTIONS_PER_WORKER: usize = 1_000;

/// Migrates, seeds an empty embedded database with demo data, and serves until told to stop.
pub(crate) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let maintenance = wire::maintenance_database(config).await?;
    maintenance.migrate().await.context("the database can't be migrated")?;
    let demo_accounts = seed_if_empty(config, &maintenance).await?;

    let metrics = wire::metrics()?;
    let database = wire::database(config).await?;
    let photos = wire::photos(config)?;
    let purge = wire::trash_purge(&maintenance, Arc::clone(&photos));
    let expiry = wire::request_expiry(&maintenance);
    let sweep = wire::photo_sweep(&maintenance, Arc::clone(&photos));
    let processor = wire::photo_processor(config);
    let attempts = wire::attempts(config)?;
    let api = wire::api(&database, photos, processor, wire::clock(), attempts, metrics.clone(), settings(config)?);
    let watched = api.clone();
    let server = HttpServer::new(move || crm_http::app(api.clone(), crm_web::configure))
        .client_request_timeout(HEAD_LIMIT)
        .max_connections(CONNECTIONS_PER_WORKER)
        // The end of a compressed answer is a small packet of its own, which would wait for the browser's word.
        .tcp_nodelay(true)
        .shutdown_timeout(config.shutdown.as_secs())
        .bind(config.listen)
        .with_context(|| format!("can't listen on {} (CRM_LISTEN)", config.listen))?;
    for address in server.addrs() {
        announce(address, &demo_accounts);
    }
    actix_web::rt::spawn(compact_metrics_forever(metrics));
    actix_web::rt::spawn(close_idle_forever(database));
    actix_web::rt::spawn(fold_counts_forever(maintenance.clone()));
    actix_web::rt::spawn(renew_figures_forever(watched));
    actix_web::rt::spawn(reconcile_forever(maintenance, config.reconcile_every));
    actix_web::rt::spawn(purge_forever(purge, config.trash_keeps));
    actix_web::rt::spawn(forget_requests_forever(expiry));
    actix_web::rt::spawn(sweep_forever(sweep, config.photos.sweep_every));
    server.run().await?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn seed_if_empty(config: &Config, database: &Database) -> anyhow::Result<Vec<DemoAccount>> {
    let wanted = config.seed_demo && config.database.kind == DatabaseKind::Embedded;
    if wanted && demo::is_empty(database).await? {
        return Ok(demo::seed(database, &SeedArgs::default().plan(), wire::clock().now(), &Unwatched).await?);
    }
    Ok(Vec::new())
}

fn settings(config: &Config) -> anyhow::Result<Settings> {
    let session_secret = match &config.session_secret {
        Some(secret) => secret.clone(),
        None => session_secret::load_or_create(&config.data_dir)?,
    };
    Ok(Settings {
        session_secret,
        trusted_proxies: config.trusted_proxies.clone(),
        trash_keeps: config.trash_keeps,
        require_if_match: config.require_if_match,
        public_url: config.public_url.as_ref().map(|url| url.as_str().to_owned()),
    })
}

fn announce(address: SocketAddr, demo_accounts: &[DemoAccount]) {
    tracing::info!(%address, "listening");
    console::say(&format!("CitaPlanner CRM listens on http://{address}"));
    console::say(&format!("  Pages               http://{address}/ui"));
    console::say(&format!("  API documentation   http://{address}/api/docs/"));
    if !demo_accounts.is_empty() {
        console::say(&format!("  Demo accounts, password {DEMO_PASSWORD}:"));
    }
    for DemoAccount { tenant, role, email } in demo_accounts {
        console::say(&format!("    {email:<36} {role:<13} {tenant}"));
    }
}

/// Folds recorded durations into their histograms; they would pile up if nobody asked for them.
async fn compact_metrics_forever(metrics: PrometheusHandle) {
    let mut tick = actix_web::rt::time::interval(METRICS_COMPACTION);
    loop {
        tick.tick().await;
        metrics.run_upkeep();
    }
}

/// Compares the search projection with its sources, at once and then every so often. Triggers keep it current;
/// this repairs what they can't see: a user renamed or moved by the host, a table that the host created anew.
async fn reconcile_forever(database: Database, every: Duration) {
    let mut tick = actix_web::rt::time::interval(every);
    loop {
        tick.tick().await;
        match database.reconcile().await {
            Ok(repaired) if repaired.is_nothing() => tracing::debug!("the search projection is current"),
            Ok(repaired) => tracing::warn!(?repaired, "the search projection was repaired"),
            Err(error) => tracing::error!(%error, "the search projection could not be compared with its sources"),
        }
    }
}

/// Closes connections that were needed for a moment.
async fn close_idle_forever(database: Database) {
    let mut tick = actix_web::rt::time::interval(CONNECTIONS_CLOSED);
    loop {
        tick.tick().await;
        database.close_idle();
    }
}

/// Folds the changes of the numbers of profiles. It may run in every replica.
async fn fold_counts_forever(database: Database) {
    let mut tick = actix_web::rt::time::interval(COUNTS_FOLDING);
    loop {
        tick.tick().await;
        if let Err(error) = database.fold_counts().await {
            tracing::error!(error = &error as &dyn Error, "numbers of profiles could not be made compact");
        }
    }
}

/// Counts before anybody has to wait for it.
async fn renew_figures_forever(api: Data<Api>) {
    let mut tick = actix_web::rt::time::interval(FIGURES_RENEWAL);
    loop {
        tick.tick().await;
        if let Err(error) = api.profiles.renew_figures().await {
            tracing::warn!(error = &error as &dyn Error, "the figures of a tenant could not be counted");
        }
    }
}

/// Removes for good what has been in the trash for long enough. It may run in every replica.
async fn purge_forever(purge: TrashPurge, keep_for: TimeDelta) {
    let mut tick = actix_web::rt::time::interval(TRASH_PURGE);
    loop {
        tick.tick().await;
        match purge.run(keep_for, &Logged).await {
            Ok(report) => tracing::debug!(?report, "the trash was purged"),
            Err(error) => tracing::error!(error = &error as &dyn Error, "the trash could not be purged"),
        }
    }
}

/// Forgets requests whose keys have served their time. It may run in every replica.
async fn forget_requests_forever(expiry: RequestExpiry) {
    let mut tick = actix_web::rt::time::interval(REQUEST_EXPIRY);
    loop {
        tick.tick().await;
        match expiry.run().await {
            Ok(forgotten) => tracing::debug!(forgotten, "old requests were forgotten"),
            Err(error) => tracing::error!(error = &error as &dyn Error, "old requests could not be forgotten"),
        }
    }
}

/// A job that goes on by itself and logs what fails.
struct Logged;

impl Progress for Logged {
    fn start(&self, _: &'static str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn failed(&self, step: &dyn Display, error: &dyn Error) {
        tracing::warn!(%step, error = %error, "a step of a job failed");
    }
    fn lost(&self, what: &dyn Display) {
        tracing::warn!(%what, "a reference to a missing photo was removed");
    }
    fn finish(&self) {}
}

/// Removes photos that nothing shows any more, at once and then every so often. It may run in every replica.
async fn sweep_forever(sweep: PhotoSweep, every: Duration) {
    let mut tick = actix_web::rt::time::interval(every);
    loop {
        tick.tick().await;
        match sweep.run(SweepOptions::default(), &Logged).await {
            Ok(report) if report.withheld > 0 => {
                tracing::error!(?report, "most photos are missing: is CRM_PHOTO_STORE the right one?");
            }
            Ok(report) if report.strange > 0 => {
                tracing::error!(?report, "the store holds photos of unknown tenants: is CRM_DATABASE_URL the right one?");
            }
            Ok(report) if report.cleared + report.failed > 0 => tracing::warn!(?report, "photos were swept"),
            Ok(report) => tracing::debug!(?report, "photos were swept"),
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "photos could not be swept"),
        }
    }
}
