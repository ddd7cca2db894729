//! What `crm check-config` prints: every setting, its value and where that came from, secrets masked.

use std::fmt;

use secrecy::ExposeSecret;

use super::reader::Source;
use super::settings::{self, SETTINGS, Setting};
use super::{Config, LogFormat, PhotoStore};

const MASK: &str = "***";

impl Config {
    /// One line per setting: `NAME = value (source)`.
    pub(crate) fn summary(&self) -> Vec<String> {
        let lines = self.values().into_iter().map(|(setting, value)| {
            let value = value.unwrap_or_else(|| setting.described_default().to_owned());
            let source = self.sources.get(setting.name).unwrap_or(&Source::Default);
            format!("{} = {value} ({source})", setting.name)
        });
        lines.collect()
    }

    fn values(&self) -> [(&'static Setting, Option<String>); SETTINGS.len()] {
        let proxies: Vec<String> = self.trusted_proxies.iter().map(ToString::to_string).collect();
        [
            (&settings::CONFIG, self.file.as_ref().map(|path| path.display().to_string())),
            (&settings::DATA_DIR, Some(self.data_dir.display().to_string())),
            (&settings::DATABASE_URL, Some(without_password(self.database.url.expose_secret()))),
            (&settings::DATABASE_MAX_CONNECTIONS, Some(self.database.max_connections.to_string())),
            (&settings::LISTEN, Some(self.listen.to_string())),
            (&settings::PUBLIC_URL, self.public_url.as_ref().map(|url| url.as_str().to_owned())),
            (&settings::TRUSTED_PROXIES, (!proxies.is_empty()).then(|| proxies.join(","))),
            (&settings::PHOTO_STORE, Some(self.photo_store.to_string())),
            (&settings::PHOTO_PIXELS, Some(self.photos.pixels.to_string())),
            (&settings::PHOTO_THUMBNAIL_PIXELS, Some(self.photos.thumbnail_pixels.to_string())),
            (&settings::PHOTO_DECODERS, Some(self.photos.decoders.to_string())),
            (&settings::PHOTO_SWEEP_SECONDS, Some(self.photos.sweep_every.as_secs().to_string())),
            (&settings::SESSION_SECRET, self.session_secret.as_ref().map(|_| MASK.to_owned())),
            (&settings::SIGN_IN, Some(self.sign_in.to_string())),
            (&settings::SIGN_IN_PER_MINUTE, Some(self.sign_in_per_minute.to_string())),
            (&settings::REDIS_URL, self.redis_url.as_ref().map(|url| without_password(url.expose_secret()))),
            (&settings::TRASH_DAYS, Some(self.trash_keeps.num_days().to_string())),
            (&settings::REQUIRE_IF_MATCH, Some(self.require_if_match.to_string())),
            (&settings::SEED_DEMO, Some(self.seed_demo.to_string())),
            (&settings::RECONCILE_SECONDS, Some(self.reconcile_every.as_secs().to_string())),
            (&settings::LOG, Some(self.log.clone())),
            (&settings::LOG_FORMAT, Some(self.log_format.to_string())),
            (&settings::SHUTDOWN_SECONDS, Some(self.shutdown.as_secs().to_string())),
        ]
    }
}

impl fmt::Display for PhotoStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file://{}", path.display()),
            Self::S3 { bucket, prefix } if prefix.is_empty() => write!(f, "s3://{bucket}"),
            Self::S3 { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
            Self::Memory => f.write_str("memory://"),
        }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Pretty => "pretty",
            Self::Json => "json",
        })
    }
}

/// A database address fit to be shown. When in doubt it hides too much.
pub(super) fn without_password(url: &str) -> String {
    // PostgreSQL also takes the password, and that of a client key, as a parameter.
    let lower = url.to_ascii_lowercase();
    let url = match lower.find("password=") {
        Some(start) => {
            let start = start + "password=".len();
            let rest = &url[start..];
            let end = rest.find('&').unwrap_or(rest.len());
            format!("{}{MASK}{}", &url[..start], without_password(&rest[end..]))
        }
        None => url.to_owned(),
    };
    let scheme_ends = url.find("://").map_or(0, |at| at + "://".len());
    let (scheme, rest) = url.split_at(scheme_ends);
    // The last @, because a password that was not encoded may hold others.
    let Some((user, host)) = rest.rsplit_once('@') else {
        return url;
    };
    match user.split_once(':') {
        Some((user, _)) => format!("{scheme}{user}:{MASK}@{host}"),
        None => url,
    }
}
