//! Client profiles: what a salon knows about a user who is its client.

mod change;
mod duplicate;
mod figures;
mod lists;
mod model;
mod repository;
mod service;

pub use change::{NewProfile, ProfileEcho, ProfilePatch, ProfileUpdate};
pub use duplicate::{Duplicate, PossibleDuplicate, SameContact};
pub(crate) use figures::KeptFigures;
pub use figures::ProfileFigures;
pub use model::{ClientProfile, Gender, ProfileCard, ProfileDetails, ProfileSummary};
#[cfg(any(test, feature = "test-support"))]
pub use repository::MockProfileRepository;
pub use repository::{ProfileFilter, ProfileOrder, ProfileRepository, SearchRun, SearchTerms, SearchWord};
pub use service::ProfileService;
pub(crate) use service::{readable_profile, stale_profile};

/// Country of a profile whose country was not given (mission text, `@default("México")`).
pub const DEFAULT_COUNTRY: &str = "México";
/// Notes embedded in a profile's card (product contract, section 5).
pub const CARD_NOTES: u32 = 10;
/// Most possible duplicates shown at once.
pub const MAX_DUPLICATES: usize = 5;
