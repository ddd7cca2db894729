use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::ProfileService;
use crate::access::{Action, Actor, TenantScope};
use crate::error::CrmError;
use crate::history::Month;
use crate::ids::TenantId;

/// How long figures are shown again, at most.
const KEPT_FOR: TimeDelta = TimeDelta::minutes(5);
/// How long figures that nobody asks for are counted anew.
const RENEWED_FOR: TimeDelta = TimeDelta::minutes(10);

/// How many profiles a tenant has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProfileFigures {
    /// All of them.
    pub total: u64,
    /// Made in the current month of the tenant's time zone.
    pub new_this_month: u64,
    /// Of clients with a PENDING or CONFIRMED appointment that begins after now.
    pub with_upcoming: u64,
}

/// The figures of a tenant, when they were counted, and when somebody last asked.
struct Kept {
    figures: ProfileFigures,
    counted_at: DateTime<Utc>,
    month_start: DateTime<Utc>,
    asked_at: DateTime<Utc>,
    scope: TenantScope,
}

/// The latest figures of each tenant: counting reads every client, and everybody's first page shows them.
#[derive(Clone, Default)]
pub(crate) struct KeptFigures(Arc<Mutex<HashMap<TenantId, Kept>>>);

impl KeptFigures {
    fn lock(&self) -> MutexGuard<'_, HashMap<TenantId, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, tenant: &TenantId, now: DateTime<Utc>) -> Option<ProfileFigures> {
        let mut kept = self.lock();
        let found = kept.get_mut(tenant).filter(|kept| is_within(kept.counted_at, now, KEPT_FOR))?;
        found.asked_at = now;
        Some(found.figures)
    }

    /// The tenants of whom somebody asked lately; the others are forgotten.
    fn asked_lately(&self, now: DateTime<Utc>) -> Vec<(TenantScope, DateTime<Utc>)> {
        let mut kept = self.lock();
        kept.retain(|_, kept| is_within(kept.asked_at, now, RENEWED_FOR));
        kept.values().map(|kept| (kept.scope.clone(), kept.asked_at)).collect()
    }

    /// Whoever makes a profile, or brings back one that was made then, sees the difference at once. Whether its client has
    /// an appointment shows at the next count.
    pub(crate) fn one_more(&self, tenant: &TenantId, made_at: DateTime<Utc>) {
        if let Some(Kept { figures, month_start, .. }) = self.lock().get_mut(tenant) {
            figures.total += 1;
            figures.new_this_month += u64::from(made_at >= *month_start);
        }
    }

    /// Likewise whoever deletes one.
    pub(super) fn one_less(&self, tenant: &TenantId, made_at: DateTime<Utc>) {
        if let Some(Kept { figures, month_start, .. }) = self.lock().get_mut(tenant) {
            figures.total = figures.total.saturating_sub(1);
            figures.new_this_month = figures.new_this_month.saturating_sub(u64::from(made_at >= *month_start));
        }
    }
}

fn is_within(past: DateTime<Utc>, now: DateTime<Utc>, limit: TimeDelta) -> bool {
    (TimeDelta::zero()..limit).contains(&(now - past))
}

impl ProfileService {
    /// How many profiles the tenant has. Up to five minutes old, but for what was made, deleted or
    /// brought back here since.
    pub async fn figures(&self, actor: &Actor) -> Result<ProfileFigures, CrmError> {
        actor.require(Action::ListProfiles)?;
        let now = self.ports.clock.now();
        match self.figures.find(actor.tenant(), now) {
            Some(figures) => Ok(figures),
            None => self.count(actor.scope(), now).await,
        }
    }

    /// Counts anew for the tenants whose figures somebody looked at in the last ten minutes. Called now and then, it saves
    /// people from waiting for a count.
    pub async fn renew_figures(&self) -> Result<(), CrmError> {
        for (scope, asked_at) in self.figures.asked_lately(self.ports.clock.now()) {
            self.count(scope, asked_at).await?;
        }
        Ok(())
    }

    async fn count(&self, scope: TenantScope, asked_at: DateTime<Utc>) -> Result<ProfileFigures, CrmError> {
        let now = self.ports.clock.now();
        let read = self.ports.store.read(scope.clone());
        let zone = read.directory().tenant().await?.time_zone;
        let month_start = Month::containing(now, zone).start(zone);
        let figures = read.profiles().figures(month_start, now).await?;
        let kept = Kept { figures, counted_at: now, month_start, asked_at, scope };
        self.figures.lock().insert(kept.scope.tenant().clone(), kept);
        Ok(figures)
    }
}
