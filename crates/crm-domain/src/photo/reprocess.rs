use std::sync::Arc;

use super::{KeptPhoto, PhotoId, PhotoKeeper, PhotoProcessor, PhotoStore};
use crate::access::TenantScope;
use crate::audit::Principal;
use crate::error::CrmError;
use crate::ports::Ports;
use crate::progress::Progress;
use crate::value::PhotoSize;

/// What became of the photos that profiles show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReprocessReport {
    /// Photos made anew.
    pub changed: u64,
    /// Photos that had the right sizes, or that nothing shows any more.
    pub unchanged: u64,
    /// Photos that could not be read or stored; they stay as they are.
    pub failed: u64,
}

/// Makes kept photos anew after the sizes changed, and thumbnails that got lost.
///
/// Originals are not kept, so a picture can become smaller and never larger.
#[derive(Clone)]
pub struct PhotoReprocessing {
    ports: Ports,
    photos: Arc<dyn PhotoStore>,
    processor: Arc<dyn PhotoProcessor>,
    keeper: PhotoKeeper,
}

impl PhotoReprocessing {
    /// Builds the job from its ports.
    pub fn new(ports: Ports, photos: Arc<dyn PhotoStore>, processor: Arc<dyn PhotoProcessor>) -> Self {
        let keeper = PhotoKeeper::new(ports.clone(), Arc::clone(&photos));
        Self { ports, photos, processor, keeper }
    }

    /// Looks at every photo that a profile shows. It may run beside uploads, and again after it was interrupted.
    pub async fn run(&self, progress: &dyn Progress) -> Result<ReprocessReport, CrmError> {
        let mut shown = Vec::new();
        for tenant in self.ports.store.tenants().await? {
            let scope = TenantScope::of_job(tenant);
            let of_tenant = self.ports.store.read(scope.clone()).photos().shown().await?;
            shown.extend(of_tenant.into_iter().map(|id| (scope.clone(), id)));
        }
        let mut report = ReprocessReport::default();
        progress.start("reprocessing", shown.len() as u64);
        for (scope, id) in shown {
            match self.refit(&scope, &id).await {
                Ok(true) => report.changed += 1,
                Ok(false) => report.unchanged += 1,
                Err(error) => {
                    progress.failed(&id, &error);
                    report.failed += 1;
                }
            }
            progress.advance(1);
        }
        progress.finish();
        Ok(report)
    }

    async fn refit(&self, scope: &TenantScope, id: &PhotoId) -> Result<bool, CrmError> {
        let Some(full) = self.read(scope, id, PhotoSize::Full).await? else {
            return if self.is_shown(scope, id).await? {
                Err(CrmError::Internal("a photo that a profile shows is missing".into()))
            } else {
                Ok(false)
            };
        };
        let thumbnail = self.read(scope, id, PhotoSize::Thumbnail).await?;
        let Some(photo) = self.processor.refit(KeptPhoto { full, thumbnail }).await? else { return Ok(false) };
        let renewed = PhotoId { user: id.user.clone(), hash: photo.hash() };
        self.keeper.store(scope, &renewed, &photo).await?;
        self.keeper.show(scope, &Principal::system(), &renewed, Some(id)).await
    }

    async fn is_shown(&self, scope: &TenantScope, id: &PhotoId) -> Result<bool, CrmError> {
        let profile = self.ports.store.read(scope.clone()).profiles().find_by_user(&id.user).await?;
        Ok(profile.as_ref().and_then(PhotoId::shown_by).as_ref() == Some(id))
    }

    async fn read(&self, scope: &TenantScope, id: &PhotoId, size: PhotoSize) -> Result<Option<Vec<u8>>, CrmError> {
        let Some(key) = id.key(scope.tenant(), size) else { return Ok(None) };
        match self.photos.open(&key).await? {
            Some(content) => Ok(Some(content.collect().await?)),
            None => Ok(None),
        }
    }
}
