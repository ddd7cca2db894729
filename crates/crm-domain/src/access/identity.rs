//! From a session or a password to an [`Actor`]: the token says who, the database says what they may do.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Actor, Role, TenantScope};
use crate::audit::{AuditEntry, Origin, Principal};
use crate::error::{CrmError, Resource, StoreError};
use crate::ids::{PortalAccountId, TenantId, UserId};
use crate::ports::Ports;
use crate::value::{email_key, phone_identity};

/// What the database says of a row of `users`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserAccount {
    /// The user.
    pub id: UserId,
    /// The user's tenant.
    pub tenant: TenantId,
    /// The stored role; `None` if this version does not know it.
    pub role: Option<Role>,
    /// Whether both the user and the tenant are active.
    pub is_active: bool,
}

/// What the database says of a row of `client_users`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalAccount {
    /// The account.
    pub id: PortalAccountId,
    /// The account's tenant.
    pub tenant: TenantId,
    /// Whether both the account and the tenant are active.
    pub is_active: bool,
    /// E-mail of the linked client record, else of the account.
    pub email: Option<String>,
    /// Phone of the linked client record, else of the account.
    pub phone: Option<String>,
}

/// What a sign-in is checked against.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The account.
    pub account: UserAccount,
    /// The stored hash; `None` for a user who can't sign in with a password.
    pub password_hash: Option<String>,
    /// Names and address for the session token.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// Accounts of all tenants. The one port that is not bound to a tenant, because it is what finds the tenant.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait IdentityDirectory: Send + Sync {
    /// The user with this id, in whatever tenant.
    async fn find_user(&self, id: &UserId) -> Result<Option<UserAccount>, StoreError>;
    /// The portal account with this id, in whatever tenant.
    async fn find_portal_account(&self, id: &PortalAccountId) -> Result<Option<PortalAccount>, StoreError>;
    /// Users of the tenant whose normalised e-mail or phone equals one of these; at most two, since two are already too many.
    async fn find_users_by_contact(
        &self,
        tenant: &TenantId,
        email_key: Option<String>,
        phone_key: Option<String>,
    ) -> Result<Vec<UserId>, StoreError>;
    /// Whether the tenant exists and is active.
    async fn is_active_tenant(&self, id: &TenantId) -> Result<bool, StoreError>;
    /// What is needed to check the password of the user with this e-mail, as stored or in lower case.
    /// Other spellings would need a scan of all users, since the host's index is by the stored spelling.
    async fn find_credentials(&self, email: &str) -> Result<Option<Credentials>, StoreError>;
}

/// Compares passwords with stored hashes.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait PasswordVerifier: Send + Sync {
    /// Whether the password has this hash. Without a hash it MUST take as long and answer no,
    /// so that nobody learns from the time taken which accounts exist.
    async fn verify(&self, password: String, hash: Option<String>) -> bool;
}

/// A successful sign-in.
#[derive(Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Who signed in.
    pub actor: Actor,
    /// E-mail of the account.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// What came of an e-mail and a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Who signed in; `None` if e-mail and password don't match, without saying which of the two is wrong.
    pub signed_in: Option<SignIn>,
    account: Option<(UserId, TenantId)>,
}

/// Finds out who is asking.
#[derive(Clone)]
pub struct IdentityService {
    ports: Ports,
    directory: Arc<dyn IdentityDirectory>,
    passwords: Arc<dyn PasswordVerifier>,
}

impl IdentityService {
    /// Builds the service from its ports.
    pub fn new(ports: Ports, directory: Arc<dyn IdentityDirectory>, passwords: Arc<dyn PasswordVerifier>) -> Self {
        Self { ports, directory, passwords }
    }

    /// The person a verified session speaks of, acting in their own tenant or, for a SUPERADMIN, in `acting_in`.
    ///
    /// `Ok(None)` if the account does not exist or is not active, or its tenant is not: the session is over.
    pub async fn actor(&self, subject: &str, acting_in: Option<&TenantId>) -> Result<Option<Actor>, CrmError> {
        let found = match self.directory.find_user(&UserId::from_stored(subject)).await? {
            Some(account) => user_actor(account),
            None => self.portal_actor(subject).await?,
        };
        match (found, acting_in) {
            (Some(actor), Some(tenant)) if tenant != actor.tenant() => self.acting_in(actor, tenant).await.map(Some),
            (found, _) => Ok(found),
        }
    }

    /// Checks an e-mail and a password.
    pub async fn sign_in(&self, email: &str, password: String) -> Result<Attempt, CrmError> {
        let found = self.directory.find_credentials(email).await?;
        let hash = found.as_ref().and_then(|credentials| credentials.password_hash.clone());
        let matches = self.passwords.verify(password, hash).await;
        let Some(Credentials { account, email, first_name, last_name, .. }) = found else {
            return Ok(Attempt { signed_in: None, account: None });
        };
        let of = (account.id.clone(), account.tenant.clone());
        let actor = user_actor(account).filter(|_| matches);
        let signed_in = actor.map(|actor| SignIn { actor, email, first_name, last_name });
        Ok(Attempt { signed_in, account: Some(of) })
    }

    /// Accounts for an attempt to sign in, if there is such an account. The answer to a failed one must not wait for it:
    /// the time it takes would tell which accounts exist.
    pub async fn account_for(&self, attempt: &Attempt, origin: Origin) -> Result<(), CrmError> {
        let Some((user, tenant)) = &attempt.account else { return Ok(()) };
        let actor = attempt.signed_in.as_ref().map(|signed_in| signed_in.actor.clone().calling_from(origin.clone()));
        let stranger = Principal { origin, ..Principal::default() };
        let by = actor.as_ref().map_or(&stranger, Actor::principal);
        let entry = AuditEntry::signed_in(by, self.ports.clock.now(), user, actor.is_some());
        Ok(self.ports.store.begin(TenantScope::of_job(tenant.clone())).await?.commit(vec![entry]).await?)
    }

    async fn portal_actor(&self, subject: &str) -> Result<Option<Actor>, CrmError> {
        let Some(account) = self.directory.find_portal_account(&PortalAccountId::from_stored(subject)).await? else {
            return Ok(None);
        };
        if !account.is_active {
            return Ok(None);
        }
        let email = account.email.as_deref().and_then(email_key);
        let phone = account.phone.as_deref().and_then(phone_identity);
        let own_profile_of = if email.is_none() && phone.is_none() {
            None
        } else {
            let users = self.directory.find_users_by_contact(&account.tenant, email, phone).await?;
            only_one(users)
        };
        Ok(Some(Actor::new(UserId::from_stored(subject), Role::Client, account.tenant, own_profile_of)))
    }

    async fn acting_in(&self, actor: Actor, tenant: &TenantId) -> Result<Actor, CrmError> {
        let may_choose = actor.role() == Role::SuperAdmin;
        if may_choose && self.directory.is_active_tenant(tenant).await? {
            Ok(actor.in_tenant(tenant.clone()))
        } else {
            Err(CrmError::NotFound(Resource::Tenant))
        }
    }
}

fn user_actor(account: UserAccount) -> Option<Actor> {
    let role = account.role.filter(|_| account.is_active)?;
    let own_profile_of = (role == Role::Client).then(|| account.id.clone());
    Some(Actor::new(account.id, role, account.tenant, own_profile_of))
}

fn only_one(mut users: Vec<UserId>) -> Option<UserId> {
    if users.len() == 1 { users.pop() } else { None }
}
