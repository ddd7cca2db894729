//! What an operator can set, read once at start-up from the environment and an optional TOML file.
//!
//! Every mistake is reported at once. A value in the environment wins over one in the file.

mod assemble;
#[cfg(test)]
mod docs;
mod parse;
mod reader;
pub(crate) mod session_secret;
mod settings;
mod summary;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, io};

use chrono::TimeDelta;
use ipnet::IpNet;
use secrecy::SecretString;

pub(crate) use self::reader::ConfigErrors;
use self::reader::{Reader, Source};
pub(crate) use self::settings::SETTINGS;

/// The whole configuration, every value checked. Its `Debug` shows neither secret nor database address.
#[derive(Debug)]
pub(crate) struct Config {
    /// The file that was read besides the environment.
    pub(crate) file: Option<PathBuf>,
    /// Where embedded mode keeps everything.
    pub(crate) data_dir: PathBuf,
    pub(crate) database: Database,
    /// Port 0 stands for any free port.
    pub(crate) listen: SocketAddr,
    /// Where browsers reach us, if that is known.
    pub(crate) public_url: Option<PublicUrl>,
    /// Networks whose forwarding headers count.
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) photo_store: PhotoStore,
    pub(crate) photos: Photos,
    /// `None` only in embedded mode, where [`session_secret::load_or_create`] supplies one.
    pub(crate) session_secret: Option<SecretString>,
    pub(crate) sign_in: bool,
    pub(crate) sign_in_per_minute: NonZeroU32,
    /// May hold a password.
    pub(crate) redis_url: Option<SecretString>,
    /// How long what was deleted can be brought back.
    pub(crate) trash_keeps: TimeDelta,
    /// Whether changes and deletions must say which version the caller saw.
    pub(crate) require_if_match: bool,
    /// Never true beside the web app.
    pub(crate) seed_demo: bool,
    pub(crate) reconcile_every: Duration,
    /// A filter that is known to parse.
    pub(crate) log: String,
    pub(crate) log_format: LogFormat,
    /// How long running requests may take to finish at shutdown.
    pub(crate) shutdown: Duration,
    sources: BTreeMap<&'static str, Source>,
}

#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) kind: DatabaseKind,
    /// May hold a password; [`Config::summary`] shows it without.
    pub(crate) url: SecretString,
    pub(crate) max_connections: u32,
}

/// How photos are made and swept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Photos {
    /// Longest side.
    pub(crate) pixels: u32,
    /// Side of the square thumbnail.
    pub(crate) thumbnail_pixels: u32,
    /// Photos worked on at a time.
    pub(crate) decoders: u32,
    pub(crate) sweep_every: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DatabaseKind {
    /// A database file of our own.
    Embedded,
    /// The database the web app uses too.
    Postgres,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PhotoStore {
    File(PathBuf),
    /// The prefix has no slash at either end and may be empty.
    S3 {
        bucket: String,
        prefix: String,
    },
    /// Forgets everything; for tests.
    Memory,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// Pretty on a terminal, JSON otherwise.
    Auto,
    Pretty,
    Json,
}

/// Scheme, host and perhaps port, in lower case and without a slash at the end: a browser's `Origin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicUrl(String);

impl PublicUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Config {
    /// Reads the process's environment and, if one is named, the configuration file.
    pub(crate) fn load(file: Option<&Path>) -> Result<Self, ConfigErrors> {
        // What is not UTF-8 gets replacement characters here, and the reader refuses those.
        let lossy = |text: OsString| text.to_string_lossy().into_owned();
        let vars = env::vars_os().map(|(name, value)| (lossy(name), lossy(value)));
        Self::from_vars(vars, file, |path| fs::read_to_string(path))
    }

    /// The same from given variables. A `file` named on the command line comes before one named by a variable.
    pub(crate) fn from_vars(
        vars: impl Iterator<Item = (String, String)>,
        file: Option<&Path>,
        read: impl FnOnce(&Path) -> io::Result<String>,
    ) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(vars, file, read);
        let config = assemble::config(&mut reader);
        reader.finish(config)
    }
}
