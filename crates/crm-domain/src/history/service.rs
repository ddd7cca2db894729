use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Appointment, ClientHistory, DateRange, HistoryFacts, HistoryPeriod, Statistics, UsedService};
use crate::access::{Action, Actor};
use crate::directory::User;
use crate::error::{CrmError, Resource, StoreError};
use crate::ids::{ClientId, ProfileId};
use crate::page::{Page, PageRequest};
use crate::ports::Ports;
use crate::profile::readable_profile;
use crate::store::Repositories;
use crate::value::{email_key, phone_identity};

/// The host's appointments and payments of one tenant. The implementation is already bound to that tenant.
///
/// # Contract
/// - Rows of another tenant MUST NOT be found, whatever ids are given.
/// - `client_records` MUST find the records linked by a portal account of the same e-mail, and those whose normalised
///   phone or e-mail equals a given key, and nothing by a missing key.
/// - `appointments` MUST order newest first (`start_time`, then id, both descending).
/// - The range applies to the beginning of appointments, and to payments through their appointment.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait HistoryQueries: Send + Sync {
    /// The host's client records of a person.
    async fn client_records(
        &self,
        email_key: Option<String>,
        phone_key: Option<String>,
    ) -> Result<Vec<ClientId>, StoreError>;
    /// Appointments of these records.
    async fn appointments(
        &self,
        clients: &[ClientId],
        range: &DateRange,
        page: &PageRequest,
    ) -> Result<Page<Appointment>, StoreError>;
    /// Counts and sums over the appointments of these records.
    async fn facts(&self, clients: &[ClientId], range: &DateRange, now: DateTime<Utc>) -> Result<HistoryFacts, StoreError>;
}

/// Shows what a client did.
#[derive(Clone)]
pub struct HistoryService {
    ports: Ports,
}

impl HistoryService {
    /// Builds the service from its ports.
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Appointments with their service, professional, branch and payments.
    pub async fn appointments(
        &self,
        actor: &Actor,
        profile: &ProfileId,
        period: HistoryPeriod,
        page: &PageRequest,
    ) -> Result<Page<Appointment>, CrmError> {
        let read = self.ports.store.read(actor.scope());
        let (clients, range) = subject(&*read, actor, profile, period).await?;
        appointments(&*read, &clients, &range, page).await
    }

    /// Services of completed appointments and the key figures.
    pub async fn services(
        &self,
        actor: &Actor,
        profile: &ProfileId,
        period: HistoryPeriod,
    ) -> Result<(Statistics, Vec<UsedService>), CrmError> {
        let read = self.ports.store.read(actor.scope());
        let (clients, range) = subject(&*read, actor, profile, period).await?;
        facts(&*read, &clients, &range, self.ports.clock.now()).await
    }

    /// Everything at once.
    pub async fn complete(
        &self,
        actor: &Actor,
        profile: &ProfileId,
        period: HistoryPeriod,
        page: &PageRequest,
    ) -> Result<ClientHistory, CrmError> {
        let read = self.ports.store.read(actor.scope());
        let (clients, range) = subject(&*read, actor, profile, period).await?;
        let appointments = appointments(&*read, &clients, &range, page).await?;
        let (statistics, services) = facts(&*read, &clients, &range, self.ports.clock.now()).await?;
        Ok(ClientHistory { appointments, services, statistics })
    }
}

async fn subject(
    read: &dyn Repositories,
    actor: &Actor,
    profile: &ProfileId,
    period: HistoryPeriod,
) -> Result<(Vec<ClientId>, DateRange), CrmError> {
    let profile = readable_profile(read, actor, Action::ReadHistory, profile).await?;
    let range = period.in_zone(read.directory().tenant().await?.time_zone)?;
    let user = read.directory().find_user(&profile.user_id).await?.ok_or(CrmError::NotFound(Resource::Profile))?;
    Ok((client_records(read, &user).await?, range))
}

/// A person without e-mail and phone has no records: an empty value would match every stranger whose value is empty too.
async fn client_records(read: &dyn Repositories, user: &User) -> Result<Vec<ClientId>, CrmError> {
    let email = email_key(&user.email);
    let phone = user.phone.as_deref().and_then(phone_identity);
    if email.is_none() && phone.is_none() {
        return Ok(Vec::new());
    }
    Ok(read.history().client_records(email, phone).await?)
}

async fn appointments(
    read: &dyn Repositories,
    clients: &[ClientId],
    range: &DateRange,
    page: &PageRequest,
) -> Result<Page<Appointment>, CrmError> {
    if clients.is_empty() {
        return Ok(Page::empty());
    }
    Ok(read.history().appointments(clients, range, page).await?)
}

async fn facts(
    read: &dyn Repositories,
    clients: &[ClientId],
    range: &DateRange,
    now: DateTime<Utc>,
) -> Result<(Statistics, Vec<UsedService>), CrmError> {
    if clients.is_empty() {
        return Ok(HistoryFacts::default().into_statistics());
    }
    Ok(read.history().facts(clients, range, now).await?.into_statistics())
}
