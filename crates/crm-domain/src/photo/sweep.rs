//! Brings ledger, objects and profiles back in step after whatever happened.

mod plan;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;

use super::{PhotoId, PhotoKeeper, PhotoRecord, PhotoStore};
use crate::access::TenantScope;
use crate::error::CrmError;
use crate::ids::TenantId;
use crate::ports::Ports;
use crate::progress::Progress;
use crate::value::PhotoSize;
use plan::{Candidate, Plan, Situation};

/// How long an upload may take between its record and its commit.
pub const WRITING_GRACE: TimeDelta = TimeDelta::hours(1);
/// How long a stored photo waits for a profile that shows it.
pub const KEPT_GRACE: TimeDelta = TimeDelta::hours(24);
/// How long a photo that is being removed is left alone. Whoever removes it begins within the first half, and any call to
/// a photo store takes effect within the other.
pub const REMOVAL_GRACE: TimeDelta = TimeDelta::minutes(1);

/// How to sweep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepOptions {
    /// Only say what would be done.
    pub dry_run: bool,
    /// Clear references to missing photos even if most are missing, and remove photos of unknown tenants.
    pub force: bool,
}

/// What a sweep found, and did unless it was a dry run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Tenants looked at.
    pub tenants: u64,
    /// Photos that profiles show.
    pub shown: u64,
    /// Photos removed that nothing shows.
    pub removed: u64,
    /// Photos whose record was missing or behind, although a profile shows them.
    pub adopted: u64,
    /// Profiles that showed a photo which is missing or cut short, and show none now.
    pub cleared: u64,
    /// Such profiles that were left alone, because most photos are missing: the store is probably another one.
    pub withheld: u64,
    /// Shown photos without their thumbnail; `crm photos reprocess` makes it anew.
    pub without_thumbnail: u64,
    /// Photos that nothing shows yet, but that are too young to judge.
    pub waiting: u64,
    /// Photos of tenants that the database has never heard of, left alone: the database is probably another one.
    pub strange: u64,
    /// Objects with names that this service never gives; they are left alone.
    pub foreign: u64,
    /// Remains of interrupted writes, removed.
    pub leftovers: u64,
    /// Steps that failed; the next sweep tries them again.
    pub failed: u64,
}

/// The sweep.
#[derive(Clone)]
pub struct PhotoSweep {
    ports: Ports,
    photos: Arc<dyn PhotoStore>,
    keeper: PhotoKeeper,
}

impl PhotoSweep {
    /// Builds the sweep from its ports.
    pub fn new(ports: Ports, photos: Arc<dyn PhotoStore>) -> Self {
        let keeper = PhotoKeeper::new(ports.clone(), Arc::clone(&photos));
        Self { ports, photos, keeper }
    }

    /// Looks at every tenant, then removes photos that nothing shows and references to photos that are missing.
    ///
    /// It may run beside uploads and other sweeps. It fails if it can't look everywhere; what it can't mend is counted.
    pub async fn run(&self, options: SweepOptions, progress: &dyn Progress) -> Result<SweepReport, CrmError> {
        let known: BTreeSet<_> = self.ports.store.tenants().await?.into_iter().collect();
        let mut tenants = known.clone();
        tenants.extend(self.photos.tenants().await?);
        tenants.retain(TenantId::is_well_formed);
        let mut report = SweepReport { tenants: tenants.len() as u64, ..SweepReport::default() };
        progress.start("looking", report.tenants);
        let mut plans = Vec::new();
        for tenant in tenants {
            let is_strange = !known.contains(&tenant);
            let scope = TenantScope::of_job(tenant);
            let mut plan = self.look(&scope, &mut report).await?;
            if is_strange && !options.force {
                // An empty database beside a full store was more likely mixed up than lost, and photos can't be had back.
                report.strange += plan.remove.len() as u64;
                plan.remove.clear();
            }
            plans.push((scope, plan));
            progress.advance(1);
        }
        progress.finish();

        let steps = plans.iter().map(|(_, plan)| plan.steps()).sum();
        let missing: u64 = plans.iter().map(|(_, plan)| plan.clear.len() as u64).sum();
        // A store that lost most photos was more likely mixed up with another one, and clearing can't be undone.
        let withhold = missing * 2 > report.shown && !options.force;
        progress.start("mending", steps);
        for (scope, plan) in plans {
            self.mend(&scope, plan, options.dry_run, withhold, &mut report, progress).await;
        }
        if !options.dry_run {
            match self.photos.remove_leftovers(self.ports.clock.now() - WRITING_GRACE).await {
                Ok(leftovers) => report.leftovers = leftovers,
                Err(error) => {
                    progress.failed(&"remains of interrupted writes", &error);
                    report.failed += 1;
                }
            }
        }
        progress.finish();
        Ok(report)
    }

    /// What is to be done for one tenant.
    async fn look(&self, scope: &TenantScope, report: &mut SweepReport) -> Result<Plan, CrmError> {
        let read = self.ports.store.read(scope.clone());
        // In this order: whatever a profile shows was recorded and stored before, so it can't be missed further down.
        let shown = read.photos().shown().await?;
        let trashed = read.trash().photos().await?;
        let records = read.photos().list().await?;
        drop(read);
        let listing = self.photos.list(scope.tenant()).await?;
        report.shown += shown.len() as u64;
        report.foreign += listing.foreign;
        let plan = plan::plan(self.ports.clock.now(), &Situation { shown, trashed, records, objects: listing.objects });
        report.waiting += plan.waiting;
        report.without_thumbnail += plan.without_thumbnail;
        Ok(plan)
    }

    async fn mend(
        &self,
        scope: &TenantScope,
        plan: Plan,
        dry_run: bool,
        withhold: bool,
        report: &mut SweepReport,
        progress: &dyn Progress,
    ) {
        let mut count = |photo: &PhotoId, counter: fn(&mut SweepReport) -> &mut u64, outcome: Result<bool, CrmError>| {
            match outcome {
                Ok(done) => *counter(report) += u64::from(done),
                Err(error) => {
                    progress.failed(photo, &error);
                    report.failed += 1;
                }
            }
            progress.advance(1);
        };
        for record in plan.adopt {
            let done = if dry_run { Ok(true) } else { self.adopt(scope, &record).await };
            count(&record.id, |report| &mut report.adopted, done);
        }
        for id in plan.clear {
            if withhold {
                count(&id, |report| &mut report.withheld, Ok(true));
            } else {
                let done = if dry_run { Ok(true) } else { self.clear(scope, &id).await };
                if matches!(done, Ok(true)) {
                    progress.lost(&id);
                }
                count(&id, |report| &mut report.cleared, done);
            }
        }
        for candidate in plan.remove {
            let done = if dry_run { Ok(true) } else { self.remove(scope, &candidate).await };
            count(&candidate.photo, |report| &mut report.removed, done);
        }
    }

    /// Records a shown photo whose record is missing or behind.
    async fn adopt(&self, scope: &TenantScope, record: &PhotoRecord) -> Result<bool, CrmError> {
        let unit = self.keeper.begin(scope).await?;
        let shown = unit.profiles().find_by_user(&record.id.user).await?.and_then(|profile| PhotoId::shown_by(&profile));
        if shown.as_ref() != Some(&record.id) {
            return Ok(false);
        }
        if !unit.photos().insert(record).await? && !self.keeper.adopt(&*unit, &record.id).await? {
            return Ok(false);
        }
        unit.commit(Vec::new()).await?;
        Ok(true)
    }

    /// Clears a reference, if the photo is still missing and still shown.
    async fn clear(&self, scope: &TenantScope, id: &PhotoId) -> Result<bool, CrmError> {
        let recorded = self.ports.store.read(scope.clone()).photos().find(id).await?;
        let Some(key) = id.key(scope.tenant(), PhotoSize::Full) else { return Ok(false) };
        let there = self.photos.size(&key).await?;
        let is_length = |bytes| recorded.as_ref().is_none_or(|record| record.is_length(PhotoSize::Full, bytes));
        if there.is_some_and(is_length) {
            return Ok(false);
        }
        self.keeper.clear_unchanged(scope, id, recorded.as_ref()).await
    }

    /// Removes a photo, if nothing happened to it since it was looked at.
    async fn remove(&self, scope: &TenantScope, candidate: &Candidate) -> Result<bool, CrmError> {
        let id = &candidate.photo;
        let unit = self.keeper.begin(scope).await?;
        let shown = unit.profiles().find_by_user(&id.user).await?.and_then(|profile| PhotoId::shown_by(&profile));
        if shown.as_ref() == Some(id) {
            return Ok(false);
        }
        let doomed = self.keeper.doom_unchanged(&*unit, id, candidate.record.as_ref()).await?;
        let Some(doomed) = doomed else { return Ok(false) };
        unit.commit(Vec::new()).await?;
        self.keeper.discard(scope, &doomed).await?;
        Ok(true)
    }
}

impl PhotoRecord {
    /// Whether an object of this length can be the recorded one. A record made after the fact knows no length.
    fn is_length(&self, size: PhotoSize, bytes: u64) -> bool {
        let recorded = match size {
            PhotoSize::Full => self.full_bytes,
            PhotoSize::Thumbnail => self.thumbnail_bytes,
        };
        recorded == 0 || recorded == bytes
    }
}
