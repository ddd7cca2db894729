//! From the text of a setting to its value. `None` means "not accepted"; what is accepted
//! stands in the table of settings, so no function here words an error.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use chrono::TimeDelta;
use crm_infra::RedisAttempts;
use ipnet::IpNet;
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::{DatabaseKind, LogFormat, PhotoStore, PublicUrl};

/// A value in its usual notation.
pub(super) fn plain<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// A number within bounds.
pub(super) fn within<T: FromStr + PartialOrd>(text: &str, bounds: &RangeInclusive<T>) -> Option<T> {
    plain(text).filter(|number| bounds.contains(number))
}

/// A span of whole seconds within bounds.
pub(super) fn seconds(text: &str, bounds: &RangeInclusive<u64>) -> Option<Duration> {
    within(text, bounds).map(Duration::from_secs)
}

pub(super) fn days(text: &str) -> Option<TimeDelta> {
    within(text, &(1..=3650)).map(TimeDelta::days)
}

pub(super) fn sign_ins_per_minute(text: &str) -> Option<NonZeroU32> {
    within(text, &(1..=1000)).and_then(NonZeroU32::new)
}

pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "on" | "yes" | "1" => Some(true),
        "false" | "off" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// A database address and the engine it belongs to. The driver reads the rest of it.
pub(super) fn database_url(text: &str) -> Option<(DatabaseKind, SecretString)> {
    let (scheme, rest) = text.split_once("://")?;
    let kind = match scheme {
        "sqlite" => DatabaseKind::Embedded,
        "postgres" | "postgresql" => DatabaseKind::Postgres,
        _ => return None,
    };
    let place = rest.split('?').next().unwrap_or_default();
    // In memory, every connection of the pool would see a database of its own.
    if place.is_empty() || place == ":memory:" || rest.contains("mode=memory") {
        return None;
    }
    Some((kind, text.into()))
}

/// An address of Redis. Without TLS: it stands beside the service.
pub(super) fn redis_url(text: &str) -> Option<SecretString> {
    let is_usable = text.starts_with("redis://") && RedisAttempts::per_minute(text, NonZeroU32::MIN).is_ok();
    is_usable.then(|| text.into())
}

/// The address of the database file in the data folder.
pub(super) fn sqlite_in(data_dir: &Path) -> SecretString {
    // The driver decodes percent signs and ends the path at a question mark.
    let path = data_dir.join("crm.db").display().to_string();
    let path = path.replace('%', "%25").replace('?', "%3F");
    format!("sqlite://{path}").into()
}

pub(super) fn photo_store(text: &str) -> Option<PhotoStore> {
    let (scheme, place) = text.split_once("://")?;
    match scheme {
        "file" if !place.is_empty() => Some(PhotoStore::File(PathBuf::from(place))),
        "s3" => {
            let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            (!bucket.is_empty() && bucket.chars().all(allowed))
                .then(|| PhotoStore::S3 { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
        }
        "memory" if place.is_empty() => Some(PhotoStore::Memory),
        _ => None,
    }
}

pub(super) fn networks(text: &str) -> Option<Vec<IpNet>> {
    text.split(',').map(|part| network(part.trim())).collect()
}

fn network(text: &str) -> Option<IpNet> {
    let address = || plain::<IpAddr>(text).map(IpNet::from);
    plain::<IpNet>(text).map(|network| network.trunc()).or_else(address)
}

/// A filter the log can be set up with.
pub(super) fn log_filter(text: &str) -> Option<String> {
    // The filter takes a bare word for a target and then silences all others, so that `CRM_LOG=verbose`
    // would lose every line. Only levels may stand alone. Brackets may hold commas; they are left to the filter.
    let is_clear = |part: &str| part.contains('=') || part.trim().parse::<LevelFilter>().is_ok();
    let text = text.replace(", ", ",");
    let accepted = text.contains('[') || text.split(',').all(is_clear);
    (accepted && EnvFilter::builder().parse(&text).is_ok()).then_some(text)
}

pub(super) fn log_format(text: &str) -> Option<LogFormat> {
    match text {
        "auto" => Some(LogFormat::Auto),
        "pretty" => Some(LogFormat::Pretty),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

/// Scheme, host and port. A path, a query or a user name has no meaning here and is refused.
pub(super) fn public_url(text: &str) -> Option<PublicUrl> {
    let text = text.to_ascii_lowercase();
    let text = text.strip_suffix('/').unwrap_or(&text);
    let (scheme, authority) = text.split_once("://")?;
    if !matches!(scheme, "http" | "https") {
        return None;
    }
    let host_ends = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let (host, port) = match authority.get(host_ends..)?.split_once(':') {
        Some((name, port)) => (authority.get(..host_ends + name.len())?, Some(port)),
        None => (authority, None),
    };
    let port_is_valid = port.is_none_or(|port| within(port, &(1..=u16::MAX)).is_some());
    (is_host(host) && port_is_valid).then(|| PublicUrl(text.to_owned()))
}

fn is_host(text: &str) -> bool {
    if let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !text.is_empty() && text.chars().all(allowed)
}
