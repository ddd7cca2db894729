use std::fmt;

use chrono::{DateTime, Utc};

use super::PhotoKey;
use crate::ids::{TenantId, UserId};
use crate::profile::ClientProfile;
use crate::validation::{Expectation, Reason};
use crate::value::{PhotoHash, PhotoName, PhotoSize, PhotoUrl};

/// Most bytes of an uploaded photo (product contract, section 7).
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// Most pixels of an uploaded photo (product contract, section 7).
pub const MAX_PIXELS: u64 = 25_000_000;

/// One photo of one user, whatever its size.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoId {
    /// Whose photo it is.
    pub user: UserId,
    /// Its content.
    pub hash: PhotoHash,
}

impl fmt::Display for PhotoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "photo {} of user {}", self.hash.as_str(), self.user)
    }
}

impl PhotoId {
    /// The photo that a profile shows, if this service keeps it. The web app may have written any address.
    pub fn shown_by(profile: &ClientProfile) -> Option<Self> {
        let url = profile.details.profile_photo_url.as_ref()?;
        Self::at(url).filter(|photo| photo.user == profile.user_id)
    }

    /// The photo at this address, if it is one of this service's.
    pub fn at(url: &PhotoUrl) -> Option<Self> {
        url.stored_photo().map(|(user, name)| Self { user, hash: name.hash })
    }

    /// The address of one of its sizes.
    pub fn url(&self, size: PhotoSize) -> PhotoUrl {
        PhotoUrl::ours(&self.user, &self.name(size))
    }

    /// Where one of its sizes is kept; `None` if an id has a shape that could change the path.
    pub fn key(&self, tenant: &TenantId, size: PhotoSize) -> Option<PhotoKey> {
        PhotoKey::new(tenant, &self.user, &self.name(size))
    }

    fn name(&self, size: PhotoSize) -> PhotoName {
        PhotoName { hash: self.hash.clone(), size }
    }
}

/// How far a photo is between its upload and its removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhotoState {
    /// It is about to be stored: its objects may be there or not.
    Writing,
    /// Both sizes are stored, and a profile shows it or may soon.
    Kept,
    /// Nothing shows it any more, but something in the trash would.
    Trashed,
    /// Nothing shows it any more, and its objects are being deleted.
    Doomed,
}

impl PhotoState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Writing, Self::Kept, Self::Trashed, Self::Doomed];

    /// The state as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Writing => "writing",
            Self::Kept => "kept",
            Self::Trashed => "trashed",
            Self::Doomed => "doomed",
        }
    }
}

/// What the ledger knows of a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoRecord {
    /// Which photo.
    pub id: PhotoId,
    /// How far it is.
    pub state: PhotoState,
    /// Bytes of the large picture.
    pub full_bytes: u64,
    /// Bytes of the thumbnail.
    pub thumbnail_bytes: u64,
    /// When the record last changed.
    pub changed_at: DateTime<Utc>,
}

/// A photo ready to be kept: JPEG in both sizes, upright, without metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessedPhoto {
    /// The large picture.
    pub full: Vec<u8>,
    /// The square one.
    pub thumbnail: Vec<u8>,
    /// Width of the large picture, in pixels.
    pub width: u32,
    /// Height of the large picture, in pixels.
    pub height: u32,
}

impl ProcessedPhoto {
    /// The name of this content. It covers both sizes, so neither ever changes under its address.
    pub fn hash(&self) -> PhotoHash {
        PhotoHash::of(&PhotoSize::ALL.map(|size| self.bytes(size)))
    }

    /// The JPEG of one size.
    pub fn bytes(&self, size: PhotoSize) -> &[u8] {
        match size {
            PhotoSize::Full => &self.full,
            PhotoSize::Thumbnail => &self.thumbnail,
        }
    }
}

/// Why an upload is no photo for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoRejection {
    /// Its content is neither JPEG, PNG nor WebP, whatever its name says.
    #[error("not a JPEG, PNG or WebP")]
    NotAPhoto,
    /// More than [`MAX_BYTES`].
    #[error("too many bytes")]
    TooManyBytes,
    /// More than [`MAX_PIXELS`].
    #[error("too many pixels")]
    TooManyPixels,
    /// Damaged, cut short, or built to keep a reader busy.
    #[error("unreadable")]
    Unreadable,
}

impl PhotoRejection {
    /// Every reason, for documents and tests.
    pub const ALL: [Self; 4] = [Self::NotAPhoto, Self::TooManyBytes, Self::TooManyPixels, Self::Unreadable];

    /// What to tell the caller about the file.
    pub fn reason(self) -> Reason {
        Reason::Expected(match self {
            Self::NotAPhoto => Expectation::PhotoFile,
            Self::TooManyBytes => Expectation::PhotoBytes,
            Self::TooManyPixels => Expectation::PhotoPixels,
            Self::Unreadable => Expectation::ReadablePhoto,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{a_photo, a_processed_photo, a_profile};

    #[test]
    fn a_profile_shows_a_photo_of_ours_only_in_the_name_of_its_own_user() {
        let of_another = PhotoId { user: UserId::from_stored("other"), ..a_photo(1) };
        let shown_at = |url: Option<PhotoUrl>| {
            let mut profile = a_profile();
            profile.details.profile_photo_url = url;
            PhotoId::shown_by(&profile)
        };
        for size in PhotoSize::ALL {
            assert_eq!(shown_at(Some(a_photo(1).url(size))), Some(a_photo(1)));
            assert_eq!(shown_at(Some(of_another.url(size))), None);
        }
        let elsewhere = PhotoUrl::from_stored("https://cdn.ejemplo.mx/f.jpg".to_owned());
        assert_eq!((shown_at(Some(elsewhere)), shown_at(None)), (None, None));
    }

    #[test]
    fn a_photo_has_another_name_as_soon_as_either_size_differs() {
        let (one, two) = (a_processed_photo(1), a_processed_photo(2));
        let mixed = ProcessedPhoto { thumbnail: two.thumbnail.clone(), ..one.clone() };
        assert_eq!(one.hash(), ProcessedPhoto { width: 1, height: 1, ..one.clone() }.hash());
        assert!(![one.hash(), two.hash()].contains(&mixed.hash()));
    }

    #[test]
    fn uploads_are_limited_to_5_megabytes_and_25_megapixels() {
        assert_eq!((MAX_BYTES, MAX_PIXELS), (5_242_880, 25_000_000));
    }

    #[test]
    fn every_state_and_every_rejection_says_something_else() {
        let states: std::collections::BTreeSet<_> = PhotoState::ALL.map(PhotoState::as_str).into();
        assert_eq!(states.len(), PhotoState::ALL.len());
        for (index, rejection) in PhotoRejection::ALL.into_iter().enumerate() {
            for other in &PhotoRejection::ALL[..index] {
                assert_ne!(rejection.reason(), other.reason());
            }
        }
    }
}
