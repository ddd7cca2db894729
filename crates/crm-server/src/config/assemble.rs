//! Puts the configuration together: reads every setting, then looks at them side by side.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::reader::{Checked, Reader};
use super::{Config, Database, DatabaseKind, PhotoStore, Photos, parse, settings};

/// Reads everything before it gives up on anything, so that no mistake hides another.
pub(super) fn config(reader: &mut Reader) -> Checked<Config> {
    let file = reader.optional(&settings::CONFIG, parse::plain);
    let data_dir = reader.value(&settings::DATA_DIR, parse::plain::<PathBuf>);
    let database = reader.optional(&settings::DATABASE_URL, parse::database_url);
    let max_connections = reader.value(&settings::DATABASE_MAX_CONNECTIONS, |text| parse::within(text, &(2..=200)));
    let listen = reader.value(&settings::LISTEN, parse::plain);
    let public_url = reader.optional(&settings::PUBLIC_URL, parse::public_url);
    let trusted_proxies = reader.optional(&settings::TRUSTED_PROXIES, parse::networks);
    let photo_store = reader.optional(&settings::PHOTO_STORE, parse::photo_store);
    let photo_pixels = reader.value(&settings::PHOTO_PIXELS, |text| parse::within(text, &(128..=2048)));
    let thumbnail_pixels = reader.value(&settings::PHOTO_THUMBNAIL_PIXELS, |text| parse::within(text, &(32..=256)));
    let photo_decoders = reader.optional(&settings::PHOTO_DECODERS, |text| parse::within(text, &(1..=64)));
    let sweep_every = reader.value(&settings::PHOTO_SWEEP_SECONDS, |text| parse::seconds(text, &(60..=86_400)));
    let session_secret = reader.session_secret();
    let sign_in = reader.optional(&settings::SIGN_IN, parse::boolean);
    let trash_keeps = reader.value(&settings::TRASH_DAYS, parse::days);
    let require_if_match = reader.value(&settings::REQUIRE_IF_MATCH, parse::boolean);
    let sign_in_per_minute = reader.value(&settings::SIGN_IN_PER_MINUTE, parse::sign_ins_per_minute);
    let redis_url = reader.optional(&settings::REDIS_URL, parse::redis_url);
    let seed_demo = reader.optional(&settings::SEED_DEMO, parse::boolean);
    let reconcile_every = reader.value(&settings::RECONCILE_SECONDS, |text| parse::seconds(text, &(5..=86_400)));
    let log = reader.value(&settings::LOG, parse::log_filter);
    let log_format = reader.value(&settings::LOG_FORMAT, parse::log_format);
    let shutdown = reader.value(&settings::SHUTDOWN_SECONDS, |text| parse::seconds(text, &(1..=300)));

    let kind = database.as_ref().map(|given| given.as_ref().map_or(DatabaseKind::Embedded, |(kind, _)| *kind));
    // What an unread file may hold is not reported as missing.
    if let Ok(kind) = kind
        && reader.is_complete()
    {
        if matches!(session_secret, Ok(None)) {
            report_missing_secret(reader, kind, sign_in, listen);
        }
        if kind == DatabaseKind::Postgres && matches!(seed_demo, Ok(Some(true))) {
            reader.problem("CRM_SEED_DEMO: must not be true with PostgreSQL; demo data never goes there");
        }
        if matches!(seed_demo, Ok(Some(true))) && listen.is_ok_and(is_public) {
            reader.problem(
                "CRM_SEED_DEMO: must not be true on an address other than loopback; the demo's passwords are published",
            );
        }
    }

    let data_dir = data_dir?;
    let (kind, url) = database?.unwrap_or_else(|| (DatabaseKind::Embedded, parse::sqlite_in(&data_dir)));
    let is_embedded = kind == DatabaseKind::Embedded;
    Ok(Config {
        file: file?,
        database: Database { kind, url, max_connections: max_connections? },
        listen: listen?,
        public_url: public_url?,
        trusted_proxies: trusted_proxies?.unwrap_or_default(),
        photo_store: photo_store?.unwrap_or_else(|| PhotoStore::File(data_dir.join("photos"))),
        photos: Photos {
            pixels: photo_pixels?,
            thumbnail_pixels: thumbnail_pixels?,
            decoders: photo_decoders?.unwrap_or_else(half_the_processors),
            sweep_every: sweep_every?,
        },
        session_secret: session_secret?,
        sign_in: sign_in?.unwrap_or(is_embedded),
        sign_in_per_minute: sign_in_per_minute?,
        redis_url: redis_url?,
        trash_keeps: trash_keeps?,
        require_if_match: require_if_match?,
        seed_demo: seed_demo?.unwrap_or(is_embedded && !is_public(listen?)),
        reconcile_every: reconcile_every?,
        log: log?,
        log_format: log_format?,
        shutdown: shutdown?,
        data_dir,
        sources: reader.sources(),
    })
}

fn half_the_processors() -> u32 {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    u32::try_from(processors / 2).unwrap_or(1).clamp(1, 64)
}

/// Whether other machines reach this address.
fn is_public(listen: SocketAddr) -> bool {
    !listen.ip().to_canonical().is_loopback()
}

/// Reports a missing secret where none may be made up.
fn report_missing_secret(
    reader: &mut Reader,
    kind: DatabaseKind,
    sign_in: Checked<Option<bool>>,
    listen: Checked<SocketAddr>,
) {
    match (kind, sign_in, listen) {
        // The web app makes the tokens there, so a secret of our own making would fit none of them.
        (DatabaseKind::Postgres, ..) => reader
            .problem("CRM_SESSION_SECRET: must be set with PostgreSQL, here or as NEXTAUTH_SECRET, to the web app's secret"),
        (DatabaseKind::Embedded, Ok(sign_in), Ok(listen)) => {
            if sign_in.unwrap_or(true) && is_public(listen) {
                reader.problem(
                    "CRM_SESSION_SECRET: must be set to serve the sign-in page on an address other than loopback; \
                     set it, or CRM_SIGN_IN=false, or a loopback CRM_LISTEN",
                );
            }
        }
        (DatabaseKind::Embedded, ..) => {}
    }
}
