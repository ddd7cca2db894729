use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use crm_domain::access::TenantScope;
use crm_domain::audit::{AuditEntry, AuditLog};
use crm_domain::clock::Clock;
use crm_domain::directory::Directory;
use crm_domain::error::StoreError;
use crm_domain::history::HistoryQueries;
use crm_domain::idempotency::RequestLedger;
use crm_domain::ids::{TenantId, UserId};
use crm_domain::note::NoteRepository;
use crm_domain::photo::{PhotoId, PhotoLedger, PhotoRecord, PhotoState};
use crm_domain::ports::Ports;
use crm_domain::preferences::PreferencesRepository;
use crm_domain::profile::{ClientProfile, ProfileRepository};
use crm_domain::store::{Repositories, Store, UnitOfWork};
use crm_domain::testing::fixtures::{
    NOW, Records, a_ledger, a_photo, a_profile, a_record, a_trash, a_user, records, tenant, time,
};
use crm_domain::testing::{FixedClock, MockStore, SequentialIds};
use crm_domain::trash::Trash;
use crm_domain::value::{PhotoSize, PhotoUrl};

use crate::objects::Objects;
use crate::outcome::Outcome;

type Profiles = Arc<Mutex<BTreeMap<UserId, ClientProfile>>>;

/// The rows of one tenant.
#[derive(Default)]
pub(crate) struct Rows {
    profiles: Profiles,
    records: Records,
}

impl Clone for Rows {
    /// A copy whose changes the original does not see.
    fn clone(&self) -> Self {
        let profiles = Arc::new(Mutex::new(self.profiles.lock().unwrap().clone()));
        Self { profiles, records: records(self.records.lock().unwrap().values().cloned()) }
    }
}

impl Rows {
    pub(crate) fn put_record(&self, record: PhotoRecord) {
        self.records.lock().unwrap().insert(record.id.clone(), record);
    }

    pub(crate) fn remove_record(&self, id: &PhotoId) {
        self.records.lock().unwrap().remove(id);
    }

    /// Gives user `client` a profile with this photo.
    pub(crate) fn show(&self, photo: Option<PhotoUrl>) {
        self.show_to(a_profile().user_id, photo);
    }

    /// Gives a user a profile with this photo.
    pub(crate) fn show_to(&self, user_id: UserId, photo: Option<PhotoUrl>) {
        let mut profile = ClientProfile { user_id: user_id.clone(), ..a_profile() };
        profile.details.profile_photo_url = photo;
        self.profiles.lock().unwrap().insert(user_id, profile);
    }

    pub(crate) fn remove_profile(&self) {
        self.profiles.lock().unwrap().remove(&a_profile().user_id);
    }

    /// What each user shows and each photo is, in the words of the log.
    fn described(&self) -> BTreeMap<String, String> {
        let shown = |profile: &ClientProfile| match PhotoId::shown_by(profile) {
            Some(id) => format!("shows {}", name(&id)),
            None => "shows none of ours".to_owned(),
        };
        let state = |record: &PhotoRecord| format!("{} {}", name(&record.id), record.state.as_str());
        let profiles = self.profiles.lock().unwrap();
        let records = self.records.lock().unwrap();
        let profiles = profiles.iter().map(|(user, profile)| (format!("profile of {user}"), shown(profile)));
        profiles.chain(records.iter().map(|(id, record)| (name(id), state(record)))).collect()
    }
}

/// What a photo of [`a_photo`] is called in logs: its number.
pub(crate) fn name(id: &PhotoId) -> String {
    (0..10).find(|number| a_photo(*number).hash == id.hash).unwrap().to_string()
}

/// Everything in memory: transactions that take effect when they are committed, and a log of what took effect.
#[derive(Clone)]
pub(crate) struct World {
    tenants: Arc<Mutex<BTreeMap<TenantId, Rows>>>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) objects: Objects,
    pub(crate) outcome: Outcome,
}

impl World {
    /// User `client` of tenant `t1` without a profile, at [`NOW`].
    pub(crate) fn new() -> Self {
        let tenants = Arc::new(Mutex::new(BTreeMap::from([(tenant(), Rows::default())])));
        let (clock, outcome) = (Arc::new(FixedClock::at(NOW)), Outcome::default());
        let objects = Objects::new(outcome.clone(), Arc::clone(&clock));
        Self { tenants, clock, objects, outcome }
    }

    /// The same with a profile that shows photo 1, which is whole and was kept before.
    pub(crate) fn showing_photo_1() -> Self {
        let world = Self::new();
        world.keep(1, PhotoState::Kept);
        world.rows().show(Some(url(1)));
        world
    }

    /// Stores a photo with a record in this state.
    pub(crate) fn keep(&self, number: u8, state: PhotoState) {
        self.rows().put_record(a_record(number, state));
        self.objects.store(&tenant(), &a_photo(number), number);
    }

    pub(crate) fn ports(&self) -> Ports {
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as _;
        Ports { store: Arc::new(self.clone()), clock, ids: Arc::new(SequentialIds::default()) }
    }

    /// The rows of `t1`; changes to them are what somebody else commits.
    pub(crate) fn rows(&self) -> Rows {
        let tenants = self.tenants.lock().unwrap();
        let Rows { profiles, records } = &tenants[&tenant()];
        Rows { profiles: Arc::clone(profiles), records: Arc::clone(records) }
    }

    /// What the profile of user `client` shows.
    pub(crate) fn shown(&self) -> Option<PhotoUrl> {
        self.rows().profiles.lock().unwrap().get(&a_profile().user_id)?.details.profile_photo_url.clone()
    }

    pub(crate) fn record(&self, number: u8) -> Option<PhotoRecord> {
        self.rows().records.lock().unwrap().get(&a_photo(number)).cloned()
    }

    pub(crate) fn records(&self) -> Vec<(String, PhotoState)> {
        self.rows().records.lock().unwrap().values().map(|record| (name(&record.id), record.state)).collect()
    }

    fn unit(&self, scope: &TenantScope) -> Unit {
        let rows = self.tenants.lock().unwrap().get(scope.tenant()).cloned().unwrap_or_default();
        let mut store = MockStore { photos: a_ledger(&rows.records), trash: a_trash(), ..MockStore::default() };
        store.directory.expect_find_user().returning(|id| Ok((*id == a_user().id).then(a_user)));
        let held = Arc::clone(&rows.profiles);
        store
            .photos
            .expect_shown()
            .returning(move || Ok(held.lock().unwrap().values().filter_map(PhotoId::shown_by).collect()));
        let held = Arc::clone(&rows.profiles);
        store.profiles.expect_find_by_user().returning(move |user| Ok(held.lock().unwrap().get(user).cloned()));
        let held = Arc::clone(&rows.profiles);
        store.profiles.expect_update().returning(move |before, after| {
            let mut held = held.lock().unwrap();
            Ok(held.get_mut(&before.user_id).map(|profile| *profile = after.clone()).is_some())
        });
        Unit { world: self.clone(), tenant: scope.tenant().clone(), before: rows.described(), rows, store }
    }
}

pub(crate) fn url(number: u8) -> PhotoUrl {
    a_photo(number).url(PhotoSize::Full)
}

/// The record of this photo, last changed at [`NOW`].
pub(crate) fn a_new_record(number: u8, state: PhotoState) -> PhotoRecord {
    PhotoRecord { changed_at: time(NOW), ..a_record(number, state) }
}

#[async_trait]
impl Store for World {
    fn read(&self, scope: TenantScope) -> Box<dyn Repositories> {
        Box::new(self.unit(&scope))
    }

    async fn begin(&self, scope: TenantScope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Ok(Box::new(self.unit(&scope)))
    }

    async fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        Ok(self.tenants.lock().unwrap().keys().cloned().collect())
    }

    async fn audited_tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.tenants().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

struct Unit {
    world: World,
    tenant: TenantId,
    before: BTreeMap<String, String>,
    rows: Rows,
    store: MockStore,
}

impl Repositories for Unit {
    fn profiles(&self) -> &dyn ProfileRepository {
        &self.store.profiles
    }

    fn notes(&self) -> &dyn NoteRepository {
        &self.store.notes
    }

    fn preferences(&self) -> &dyn PreferencesRepository {
        &self.store.preferences
    }

    fn photos(&self) -> &dyn PhotoLedger {
        &self.store.photos
    }

    fn history(&self) -> &dyn HistoryQueries {
        &self.store.history
    }

    fn directory(&self) -> &dyn Directory {
        &self.store.directory
    }

    fn audit(&self) -> &dyn AuditLog {
        &self.store.audit
    }

    fn requests(&self) -> &dyn RequestLedger {
        &self.store.requests
    }

    fn trash(&self) -> &dyn Trash {
        &self.store.trash
    }
}

#[async_trait]
impl UnitOfWork for Unit {
    async fn commit(self: Box<Self>, _: Vec<AuditEntry>) -> Result<(), StoreError> {
        let after = self.rows.described();
        let changed = after.iter().filter(|(what, now)| self.before.get(*what) != Some(now)).map(|(_, now)| now.clone());
        let forgotten = self.before.keys().filter(|what| !after.contains_key(*what)).map(|what| format!("{what} forgotten"));
        let entry = format!("commit: {}", changed.chain(forgotten).collect::<Vec<_>>().join(", "));
        let Self { world, tenant, rows, .. } = *self;
        world.outcome.of(entry, || world.tenants.lock().unwrap().insert(tenant, rows)).map(drop)
    }
}
