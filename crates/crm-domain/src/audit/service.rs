use std::collections::{BTreeMap, BTreeSet};

use super::chain::{Anchor, Flaw, Head, Verifier};
use super::{AuditEntry, AuditFilter, AuditQuery, Listed, Subject};
use crate::access::{Action, Actor, TenantScope};
use crate::error::{CrmError, Resource};
use crate::ids::{ProfileId, TenantId};
use crate::note::NoteType;
use crate::page::{Page, PageRequest};
use crate::ports::Ports;
use crate::profile::readable_profile;
use crate::progress::Progress;
use crate::store::Repositories;

/// Records read at a time by a verification.
const BATCH: u32 = 5_000;

/// Shows the audit log, and accounts for what no other service can.
#[derive(Clone)]
pub struct AuditService {
    ports: Ports,
}

impl AuditService {
    /// Builds the service from its ports.
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// What was done in the tenant, newest first.
    pub async fn list(&self, actor: &Actor, query: AuditQuery, page: &PageRequest) -> Result<Page<Listed>, CrmError> {
        actor.require(Action::ReadAuditLog)?;
        let read = self.ports.store.read(actor.scope());
        self.find(actor, read, query, page).await
    }

    /// Who viewed and changed a client: the profile and what belongs to it, newest first.
    pub async fn activity(&self, actor: &Actor, profile: &ProfileId, page: &PageRequest) -> Result<Page<Listed>, CrmError> {
        let read = self.ports.store.read(actor.scope());
        let profile = readable_profile(&*read, actor, Action::ReadActivity, profile).await?;
        let query = AuditQuery { profile: Some(profile.id), ..AuditQuery::default() };
        self.find(actor, read, query, page).await
    }

    /// Somebody tried what they may not do, to a thing with this id.
    pub async fn denied(&self, actor: &Actor, tried: Action, id: Option<String>) -> Result<(), CrmError> {
        let resource = tried.resource();
        let profile = id.clone().filter(|_| resource == Resource::Profile).map(ProfileId::from_stored);
        let subject = Subject { resource, id, profile, note: None };
        let entry = AuditEntry::denied(actor.principal(), self.ports.clock.now(), tried, subject);
        Ok(self.ports.store.begin(actor.scope()).await?.commit(vec![entry]).await?)
    }

    async fn find(
        &self,
        actor: &Actor,
        read: Box<dyn Repositories>,
        query: AuditQuery,
        page: &PageRequest,
    ) -> Result<Page<Listed>, CrmError> {
        let AuditQuery { user, profile, action, period } = query;
        let range = period.in_zone(read.directory().tenant().await?.time_zone)?;
        let filter = AuditFilter { user, profile, action, range };
        let found = read.audit().list(&actor.note_visibility(), &filter, page).await?;
        // Before a unit of work begins, which needs a connection of its own.
        drop(read);
        let readings = self.readings(actor, &found.items);
        if !readings.is_empty() {
            self.ports.store.begin(actor.scope()).await?.commit(readings).await?;
        }
        Ok(found)
    }

    /// Whoever reads what a MEDICAL note said has read the note.
    fn readings(&self, actor: &Actor, listed: &[Listed]) -> Vec<AuditEntry> {
        let mut notes = BTreeMap::new();
        for Listed { entry, .. } in listed {
            let is_medical = entry.subject.note.as_ref().is_some_and(|note| note.note_type == NoteType::Medical);
            if is_medical && !entry.changes.is_empty() {
                notes.insert(entry.subject.id.clone(), entry.subject.clone());
            }
        }
        let now = self.ports.clock.now();
        notes.into_values().map(|note| AuditEntry::read(actor.principal(), now, note)).collect()
    }
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerificationReport {
    /// Entries checked.
    pub entries: u64,
    /// Anchors compared with them.
    pub anchors: u64,
    /// What is wrong: whose chain, which lane, and what.
    pub flaws: Vec<(TenantId, i32, Flaw)>,
}

/// Finds edits, deletions, reorderings and truncations of the audit log.
#[derive(Clone)]
pub struct AuditVerification {
    ports: Ports,
}

impl AuditVerification {
    /// Builds the job from its ports.
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Checks every chain of every tenant, also against anchors from the log. Writers may go on meanwhile.
    pub async fn run(&self, anchors: Vec<Anchor>, progress: &dyn Progress) -> Result<VerificationReport, CrmError> {
        let mut report = VerificationReport { anchors: anchors.len() as u64, ..VerificationReport::default() };
        let mut anchored: BTreeMap<TenantId, BTreeMap<i32, Vec<Head>>> = BTreeMap::new();
        for Anchor { tenant, head } in anchors {
            anchored.entry(tenant).or_default().entry(head.lane).or_default().push(head);
        }
        let mut tenants: BTreeSet<_> = self.ports.store.tenants().await?.into_iter().collect();
        tenants.extend(self.ports.store.audited_tenants().await?);
        tenants.extend(anchored.keys().cloned());
        progress.start("verifying", tenants.len() as u64);
        for tenant in tenants {
            let mut of_tenant = anchored.remove(&tenant).unwrap_or_default();
            let read = self.ports.store.read(TenantScope::of_job(tenant.clone()));
            let mut lanes: BTreeSet<_> = read.audit().lanes().await?.into_iter().collect();
            lanes.extend(of_tenant.keys());
            for lane in lanes {
                let flaws = verify(&*read, &tenant, lane, of_tenant.remove(&lane), &mut report.entries).await?;
                report.flaws.extend(flaws.into_iter().map(|flaw| (tenant.clone(), lane, flaw)));
            }
            progress.advance(1);
        }
        progress.finish();
        Ok(report)
    }
}

async fn verify(
    read: &dyn Repositories,
    tenant: &TenantId,
    lane: i32,
    anchors: Option<Vec<Head>>,
    entries: &mut u64,
) -> Result<Vec<Flaw>, CrmError> {
    let mut verifier = Verifier::new(tenant, lane, anchors.unwrap_or_default());
    let mut stored = read.audit().head(lane).await?;
    loop {
        let before = *entries;
        loop {
            let batch = read.audit().chain(lane, verifier.position(), BATCH).await?;
            for record in &batch {
                verifier.check(record);
            }
            *entries += batch.len() as u64;
            if batch.len() < BATCH as usize {
                break;
            }
        }
        // Whoever wrote meanwhile moved the head together with what we have not seen yet.
        let now = read.audit().head(lane).await?;
        if now.as_ref() == Some(verifier.head()) || (now == stored && *entries == before) {
            return Ok(verifier.finish(now.as_ref()));
        }
        stored = now;
    }
}
