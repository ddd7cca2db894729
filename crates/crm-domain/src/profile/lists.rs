//! Finding profiles, and people who could have one.

use super::{Duplicate, MAX_DUPLICATES, PossibleDuplicate, ProfileFilter, ProfileService, ProfileSummary, SearchTerms};
use crate::access::{Action, Actor};
use crate::directory::{HostClient, User};
use crate::error::{CrmError, StoreError};
use crate::ids::UserId;
use crate::page::{Page, PageRequest};
use crate::validation::{Expectation, Reason, Violations};

impl ProfileService {
    /// Profiles of the tenant. Fails with `Invalid` if a list by name is to begin after a profile that is gone.
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &ProfileFilter,
        page: &PageRequest,
    ) -> Result<Page<ProfileSummary>, CrmError> {
        actor.require(Action::ListProfiles)?;
        match self.ports.store.read(actor.scope()).profiles().list(filter, page).await {
            Err(StoreError::MissingReference) => {
                Err(Violations::one("cursor", Reason::Expected(Expectation::LostCursor)).into())
            }
            listed => Ok(listed?),
        }
    }

    /// Active clients among the tenant's users who have no profile yet, newest first.
    pub async fn people_without_profile(
        &self,
        actor: &Actor,
        search: Option<SearchTerms>,
        page: &PageRequest,
    ) -> Result<Page<User>, CrmError> {
        actor.require(Action::CreateProfile)?;
        Ok(self.ports.store.read(actor.scope()).directory().without_profile(search, page).await?)
    }

    /// The host's client records, newest first, with the account and the profile of the same person.
    pub async fn host_clients(
        &self,
        actor: &Actor,
        search: Option<SearchTerms>,
        page: &PageRequest,
    ) -> Result<Page<HostClient>, CrmError> {
        actor.require(Action::CreateProfile)?;
        Ok(self.ports.store.read(actor.scope()).directory().host_clients(search, page).await?)
    }

    /// The host's client record of the person with this account, if there is just one.
    pub async fn host_client_of(&self, actor: &Actor, user: &UserId) -> Result<Option<HostClient>, CrmError> {
        actor.require(Action::CreateProfile)?;
        let read = self.ports.store.read(actor.scope());
        let Some(user) = read.directory().find_user(user).await? else { return Ok(None) };
        Ok(read.directory().host_client_of(&user).await?)
    }

    /// Profiles that may be of the same person, those with most in common first, at most [`MAX_DUPLICATES`].
    pub async fn possible_duplicates(&self, actor: &Actor, of: &PossibleDuplicate) -> Result<Vec<Duplicate>, CrmError> {
        actor.require(Action::ListProfiles)?;
        let mut found = self.ports.store.read(actor.scope()).profiles().duplicates(of).await?;
        found.sort_by(|a, b| b.same.len().cmp(&a.same.len()).then_with(|| a.same.cmp(&b.same)));
        found.truncate(MAX_DUPLICATES);
        Ok(found)
    }
}
