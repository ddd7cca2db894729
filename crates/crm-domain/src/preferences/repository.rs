use async_trait::async_trait;

use super::ClientPreferences;
use crate::error::StoreError;
use crate::ids::{PreferencesId, ProfileId, UserId};

/// Preferences of one tenant's clients. The implementation is already bound to that tenant.
///
/// # Contract
/// - Preferences of another tenant MUST be indistinguishable from ones that do not exist.
/// - `find` inside a unit of work MUST keep others from changing the row until the unit ends.
/// - `insert` MUST return [`StoreError::Duplicate`] if the profile already has preferences, and
///   [`StoreError::MissingReference`] if the profile is not one of the tenant's.
/// - Stored lists that can't be read MUST count as empty.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait PreferencesRepository: Send + Sync {
    /// The preferences with this id, and whose profile they belong to.
    async fn find(&self, id: &PreferencesId) -> Result<Option<(ClientPreferences, UserId)>, StoreError>;
    /// The preferences of a profile.
    async fn find_by_profile(&self, profile: &ProfileId) -> Result<Option<ClientPreferences>, StoreError>;
    /// Stores new preferences.
    async fn insert(&self, preferences: &ClientPreferences) -> Result<(), StoreError>;
    /// Stores what differs between the two; `false` if the preferences are gone.
    async fn update(&self, before: &ClientPreferences, after: &ClientPreferences) -> Result<bool, StoreError>;
    /// Deletes preferences; `false` if they are gone already.
    async fn delete(&self, id: &PreferencesId) -> Result<bool, StoreError>;
}
