use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::ProfileService;
use crate::access::{Action, Actor};
use crate::error::CrmError;
use crate::history::Month;
use crate::ids::TenantId;

/// How long figures are shown again, at most.
const KEPT_FOR: TimeDelta = TimeDelta::minutes(1);

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

/// Figures of tenants, and when they were counted.
type Counted = HashMap<TenantId, (DateTime<Utc>, ProfileFigures)>;

/// The latest figures of each tenant: counting reads every client, and everybody's first page shows them.
#[derive(Clone, Default)]
pub(super) struct KeptFigures(Arc<Mutex<Counted>>);

impl KeptFigures {
    fn find(&self, tenant: &TenantId, now: DateTime<Utc>) -> Option<ProfileFigures> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(tenant).filter(|(at, _)| is_fresh(*at, now)).map(|(_, figures)| *figures)
    }

    fn keep(&self, tenant: &TenantId, now: DateTime<Utc>, figures: ProfileFigures) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (at, _)| is_fresh(*at, now));
        kept.insert(tenant.clone(), (now, figures));
    }

    /// Whoever adds or deletes a profile sees the difference at once.
    pub(super) fn forget(&self, tenant: &TenantId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(tenant);
    }
}

fn is_fresh(counted_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (TimeDelta::zero()..KEPT_FOR).contains(&(now - counted_at))
}

impl ProfileService {
    /// How many profiles the tenant has. Up to a minute old, unless a profile was made or deleted here since.
    pub async fn figures(&self, actor: &Actor) -> Result<ProfileFigures, CrmError> {
        actor.require(Action::ListProfiles)?;
        let now = self.ports.clock.now();
        if let Some(figures) = self.figures.find(actor.tenant(), now) {
            return Ok(figures);
        }
        let read = self.ports.store.read(actor.scope());
        let zone = read.directory().tenant().await?.time_zone;
        let figures = read.profiles().figures(Month::containing(now, zone).start(zone), now).await?;
        self.figures.keep(actor.tenant(), now, figures);
        Ok(figures)
    }
}
