use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::TrashItem;
use crate::access::TenantScope;
use crate::audit::{AuditEntry, Principal};
use crate::error::{CrmError, StoreError};
use crate::photo::{PhotoId, PhotoKeeper, PhotoStore};
use crate::ports::Ports;
use crate::progress::Progress;

/// Items looked at in one go.
const BATCH: u32 = 100;

/// What became of the trash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PurgeReport {
    /// Items removed for good.
    pub purged: u64,
    /// Items that could not be removed; the next purge tries them again.
    pub failed: u64,
}

/// Removes what has been in the trash for long enough.
#[derive(Clone)]
pub struct TrashPurge {
    ports: Ports,
    photos: PhotoKeeper,
}

impl TrashPurge {
    /// Builds the job from its ports.
    pub fn new(ports: Ports, photos: Arc<dyn PhotoStore>) -> Self {
        Self { photos: PhotoKeeper::new(ports.clone(), photos), ports }
    }

    /// Looks at every tenant. It may run in several processes at once, and again after it was interrupted.
    pub async fn run(&self, keep_for: TimeDelta, progress: &dyn Progress) -> Result<PurgeReport, CrmError> {
        let before = self.ports.clock.now() - keep_for;
        let tenants = self.ports.store.tenants().await?;
        let mut report = PurgeReport::default();
        progress.start("purging", tenants.len() as u64);
        for tenant in tenants {
            self.purge(&TenantScope::of_job(tenant), before, &mut report, progress).await?;
            progress.advance(1);
        }
        progress.finish();
        Ok(report)
    }

    async fn purge(
        &self,
        scope: &TenantScope,
        before: DateTime<Utc>,
        report: &mut PurgeReport,
        progress: &dyn Progress,
    ) -> Result<(), CrmError> {
        loop {
            let items = self.ports.store.read(scope.clone()).trash().expired(before, BATCH).await?;
            let mut purged = 0;
            for item in &items {
                match self.remove(scope, item).await {
                    Ok(done) => purged += u64::from(done),
                    Err(error) => {
                        progress.failed(&item.id, &error);
                        report.failed += 1;
                    }
                }
            }
            report.purged += purged;
            // What failed comes again, so a round without success is the last.
            if items.len() < BATCH as usize || purged == 0 {
                return Ok(());
            }
        }
    }

    async fn remove(&self, scope: &TenantScope, item: &TrashItem) -> Result<bool, StoreError> {
        let unit = self.ports.store.begin(scope.clone()).await?;
        if !unit.trash().remove(&item.id).await? {
            return Ok(false);
        }
        let profile = unit.profiles().find_by_user(&item.owner).await?;
        let shown = profile.as_ref().and_then(PhotoId::shown_by);
        let doomed = match &item.photo {
            Some(photo) if shown.as_ref() != Some(photo) => self.photos.doom_trashed(&*unit, photo).await?,
            _ => None,
        };
        unit.commit(vec![AuditEntry::purged(&Principal::system(), self.ports.clock.now(), item.subject())]).await?;
        if let Some(doomed) = doomed {
            // What fails is left to the sweep.
            let _ = self.photos.discard(scope, &doomed).await;
        }
        Ok(true)
    }
}
