use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::{FieldValue, is_unsafe};
use crate::digest::hex;
use crate::ids::UserId;
use crate::validation::{Expectation, Reason};

/// Where the API serves photos; the rest of the path is `<user id>/<file name>`.
pub const PHOTO_URL_PREFIX: &str = "/api/clients/photos/";
/// What the file name of a thumbnail ends with, before its extension.
const THUMBNAIL: &str = "-thumbnail";
/// Longest URL kept.
const MAX: usize = 2_048;

/// SHA-256 of a photo's bytes, as 64 lower-case hexadecimal digits: the same bytes have the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoHash(String);

impl PhotoHash {
    /// The name of this content, which consists of several parts.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            // With its length, so that bytes can't move from one part to the next under the same name.
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self(hex(hasher))
    }

    /// Accepts exactly 64 lower-case hexadecimal digits.
    pub fn parse(raw: &str) -> Option<Self> {
        let is_hash = raw.len() == 64 && raw.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_hash.then(|| Self(raw.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The two sizes a photo is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhotoSize {
    /// The large picture, at most 512 pixels a side unless configured otherwise.
    Full,
    /// The square one, of 96 pixels unless configured otherwise.
    Thumbnail,
}

impl PhotoSize {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Full, Self::Thumbnail];
}

/// The file name of a stored photo: `<hash>.jpg` or `<hash>-thumbnail.jpg`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhotoName {
    /// Which photo.
    pub hash: PhotoHash,
    /// Which size of it.
    pub size: PhotoSize,
}

impl FromStr for PhotoName {
    type Err = ();

    fn from_str(raw: &str) -> Result<Self, ()> {
        let stem = raw.strip_suffix(".jpg").ok_or(())?;
        let (hash, size) = match stem.strip_suffix(THUMBNAIL) {
            Some(hash) => (hash, PhotoSize::Thumbnail),
            None => (stem, PhotoSize::Full),
        };
        Ok(Self { hash: PhotoHash::parse(hash).ok_or(())?, size })
    }
}

impl fmt::Display for PhotoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suffix = match self.size {
            PhotoSize::Full => "",
            PhotoSize::Thumbnail => THUMBNAIL,
        };
        write!(f, "{}{suffix}.jpg", self.hash.as_str())
    }
}

/// A profile's photo: one this service keeps, or somebody's `https://` address.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhotoUrl(String);

impl PhotoUrl {
    /// Checks input.
    pub fn parse(raw: &str) -> Result<Self, Reason> {
        super::parse_required(raw)
    }

    /// Trusts a stored value.
    pub fn from_stored(raw: String) -> Self {
        Self(raw)
    }

    /// The address under which this service serves a user's photo.
    pub fn ours(user: &UserId, name: &PhotoName) -> Self {
        Self(format!("{PHOTO_URL_PREFIX}{user}/{name}"))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whose photo this is and which, if this service keeps it.
    pub fn stored_photo(&self) -> Option<(UserId, PhotoName)> {
        let (user, name) = self.0.strip_prefix(PHOTO_URL_PREFIX)?.split_once('/')?;
        Some((UserId::parse(user).ok()?, name.parse().ok()?))
    }

    /// Our own address, if this is one with a host before it.
    fn path_of_ours(&self) -> Option<Self> {
        let rest = self.0.strip_prefix("https://").filter(|_| self.is_web_address())?;
        let path = Self(rest[rest.find('/')?..].to_owned());
        path.stored_photo().is_some().then_some(path)
    }

    fn is_web_address(&self) -> bool {
        let Some(rest) = self.0.strip_prefix("https://") else { return false };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        host.starts_with(|c: char| c.is_ascii_alphanumeric())
            && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))
    }
}

impl FieldValue for PhotoUrl {
    fn parse(trimmed: &str) -> Result<Self, Reason> {
        if trimmed.chars().count() > MAX {
            return Err(Reason::TooLong { max: MAX });
        }
        let given = Self(trimmed.to_owned());
        // What a browser makes of our own address. The profile shows the same photo under either.
        let url = given.path_of_ours().unwrap_or(given);
        let is_clean = !trimmed.chars().any(|c| c.is_whitespace() || is_unsafe(c) || matches!(c, '<' | '>' | '"' | '\\'));
        if is_clean && (url.stored_photo().is_some() || url.is_web_address()) {
            Ok(url)
        } else {
            Err(Reason::Expected(Expectation::PhotoAddress))
        }
    }
}

impl fmt::Debug for PhotoUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhotoUrl(…)")
    }
}

impl From<PhotoUrl> for String {
    fn from(url: PhotoUrl) -> Self {
        url.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_addresses_say_whose_photo_they_are() {
        let name = PhotoName { hash: PhotoHash::parse(&"0a".repeat(32)).unwrap(), size: PhotoSize::Thumbnail };
        let user = UserId::parse("cusr1").unwrap();
        let url = PhotoUrl::ours(&user, &name);
        assert_eq!(PhotoUrl::parse(url.as_str()), Ok(url.clone()));
        assert_eq!(url.stored_photo(), Some((user, name)));
    }

    #[test]
    fn our_own_address_with_a_host_before_it_is_the_same_photo() {
        let path = format!("/api/clients/photos/cusr1/{}.jpg", "0a".repeat(32));
        let absolute = PhotoUrl::parse(&format!("https://crm.ejemplo.mx:8443{path}")).unwrap();
        assert_eq!(absolute.as_str(), path);
        for elsewhere in [format!("https://crm.ejemplo.mx{path}?v=2"), "https://crm.ejemplo.mx/foto.jpg".to_owned()] {
            assert_eq!(PhotoUrl::parse(&elsewhere).unwrap().as_str(), elsewhere);
        }
    }

    #[test]
    fn content_names_itself_part_by_part() {
        let name = |parts: &[&[u8]]| PhotoHash::of(parts).as_str().to_owned();
        // printf '\0\0\0\0\0\0\0\1a\0\0\0\0\0\0\0\1b' | sha256sum
        assert_eq!(name(&[b"a", b"b"]), "3c9d591045bc8876f9d0399bbfb05c6a412096e906f73278f98406cd5dca86df");
        assert_ne!(name(&[b"ab", b"c"]), name(&[b"a", b"bc"]));
        assert!(PhotoHash::parse(&name(&[])).is_some());
    }

    #[test]
    fn only_our_photos_and_https_are_accepted() {
        assert!(PhotoUrl::parse("https://cdn.example/foto.jpg?x=1").is_ok());
        for bad in [
            "http://cdn.example/foto.jpg",
            "javascript:alert(1)",
            "data:image/png;base64,AAAA",
            "https://",
            "https://user:pass@host/x",
            "https://host/a b",
            "//host/x",
            "/api/clients/photos/../../etc/passwd",
            "/api/clients/photos/cusr1/foto.jpg",
            "/uploads/foto.jpg",
            "https://host/\"><script>",
        ] {
            assert!(PhotoUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
