use chrono::{DateTime, Utc};

use super::{
    Appointment, ClientHistory, DateRange, HistoryFacts, HistoryPeriod, Month, MonthSpending, Statistics, UsedService,
};
use crate::access::{Action, Actor};
use crate::audit::AuditEntry;
use crate::error::{CrmError, Resource};
use crate::ids::{ClientId, ProfileId};
use crate::money::Money;
use crate::page::{MAX_TAKE, Page, PageRequest, Start};
use crate::ports::Ports;
use crate::profile::{ClientProfile, readable_profile};
use crate::store::Repositories;
use crate::value::{email_key, phone_identity};

/// Most appointments of one export.
pub const MAX_EXPORTED: usize = 20_000;
/// Most months of [`HistoryService::spending`].
pub const MAX_MONTHS: u32 = 60;

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
        Ok(facts(&*read, &clients, &range, self.ports.clock.now()).await?.into_statistics())
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
        let facts = facts(&*read, &clients, &range, self.ports.clock.now()).await?;
        // The facts have counted them all.
        let appointments = Page { total: facts.total, total_is_exact: true, ..appointments };
        let (statistics, services) = facts.into_statistics();
        Ok(ClientHistory { appointments, services, statistics })
    }

    /// What was paid for the appointments of each of the latest calendar months, oldest first and zeros included.
    /// The last is the current month of the tenant's time zone. `months` is 1 to [`MAX_MONTHS`]; others are cut to that.
    pub async fn spending(&self, actor: &Actor, profile: &ProfileId, months: u32) -> Result<Vec<MonthSpending>, CrmError> {
        let read = self.ports.store.read(actor.scope());
        let profile = readable_profile(&*read, actor, Action::ReadHistory, profile).await?;
        let zone = read.directory().tenant().await?.time_zone;
        let months = Month::containing(self.ports.clock.now(), zone).latest(months.clamp(1, MAX_MONTHS));
        let ranges: Vec<_> = months.iter().map(|month| month.range(zone)).collect();
        let clients = client_records(&*read, &profile).await?;
        let paid = match clients.as_slice() {
            [] => vec![Money::ZERO; ranges.len()],
            clients => read.history().spending(clients, &ranges).await?,
        };
        Ok(months.into_iter().zip(paid).map(|(Month { year, month }, paid)| MonthSpending { year, month, paid }).collect())
    }

    /// The appointments of a period to take away, newest first, at most [`MAX_EXPORTED`]. The account of it is stored
    /// before they are handed out.
    pub async fn export(
        &self,
        actor: &Actor,
        profile: &ProfileId,
        period: HistoryPeriod,
    ) -> Result<Vec<Appointment>, CrmError> {
        let read = self.ports.store.read(actor.scope());
        let profile = readable_profile(&*read, actor, Action::ReadHistory, profile).await?;
        let range = period.in_zone(read.directory().tenant().await?.time_zone)?;
        let clients = client_records(&*read, &profile).await?;
        drop(read);
        let mut exported = Vec::new();
        let mut wanted = Some(PageRequest::first(MAX_TAKE));
        while let Some(page) = wanted.filter(|_| exported.len() < MAX_EXPORTED) {
            // Read page by page, so that an export lets others have their turn.
            let found = appointments(&*self.ports.store.read(actor.scope()), &clients, &range, &page).await?;
            exported.extend(found.items);
            wanted = found.next.and_then(|cursor| PageRequest::new(Start::After(cursor), MAX_TAKE));
        }
        let entry = AuditEntry::exported(actor.principal(), self.ports.clock.now(), &profile);
        self.ports.store.begin(actor.scope()).await?.commit(vec![entry]).await?;
        Ok(exported)
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
    Ok((client_records(read, &profile).await?, range))
}

/// A person without e-mail and phone has no records: an empty value would match every stranger whose value is empty too.
async fn client_records(read: &dyn Repositories, profile: &ClientProfile) -> Result<Vec<ClientId>, CrmError> {
    let user = read.directory().find_user(&profile.user_id).await?.ok_or(CrmError::NotFound(Resource::Profile))?;
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
) -> Result<HistoryFacts, CrmError> {
    if clients.is_empty() {
        return Ok(HistoryFacts::default());
    }
    Ok(read.history().facts(clients, range, now).await?)
}
