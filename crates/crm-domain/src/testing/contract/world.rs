use std::sync::Arc;

use super::StoreHarness;
use crate::access::{Actor, NoteVisibility, Role};
use crate::history::HistoryService;
use crate::note::{ClientNote, NoteService, NoteType};
use crate::ports::Ports;
use crate::preferences::{ClientPreferences, PreferencesService};
use crate::profile::{ClientProfile, ProfileDetails, ProfileService};
use crate::store::{Repositories, UnitOfWork};
use crate::testing::rows::{self, Row};
use crate::testing::{FixedClock, MockPhotoStore, SequentialIds, fixtures};
use crate::trash::{TrashPurge, TrashService};

/// Two tenants in a database: `t1` with branch `b1`, service `corte` and professional `staff`,
/// and `t2` with `b2`, `corte2` and `staff2`. The time is [`fixtures::NOW`].
pub(super) struct World<'a> {
    harness: &'a dyn StoreHarness,
    ports: Ports,
}

impl<'a> World<'a> {
    pub(super) async fn new(harness: &'a dyn StoreHarness) -> Self {
        let ports = Ports {
            store: harness.store(),
            clock: Arc::new(FixedClock::at(fixtures::NOW)),
            ids: Arc::new(SequentialIds::default()),
        };
        let world = Self { harness, ports };
        let staff = |id, tenant: &str| rows::user(id).with("role", "PROFESSIONAL").with("tenantId", tenant);
        world
            .add([
                rows::tenant("t1"),
                rows::tenant("t2"),
                rows::branch("b1", "t1"),
                rows::branch("b2", "t2"),
                staff("staff", "t1"),
                staff("staff2", "t2"),
                rows::service("corte", "t1"),
                rows::service("corte2", "t2"),
            ])
            .await;
        world
    }

    /// The same, with profile `p1` of user `u1` and profile `p2` of user `u2` in `t1`.
    pub(super) async fn with_two_profiles(harness: &'a dyn StoreHarness) -> Self {
        let world = Self::new(harness).await;
        world.add_client("p1", "u1").await;
        world.add_client("p2", "u2").await;
        world
    }

    /// Writes rows as another application would.
    pub(super) async fn add(&self, rows: impl IntoIterator<Item = Row>) {
        let statements: Vec<_> = rows.into_iter().map(|row| row.to_string()).collect();
        self.sql(&statements.join(";\n")).await;
    }

    /// Writes a user of `t1` and a profile for it as another application would.
    pub(super) async fn add_client(&self, profile: &str, user: &str) {
        self.add([rows::user(user), rows::profile(profile, user)]).await;
    }

    /// Runs SQL as another application would.
    pub(super) async fn sql(&self, sql: &str) {
        self.harness.execute(sql).await;
    }

    /// What `t1` sees.
    pub(super) fn t1(&self) -> Box<dyn Repositories> {
        self.ports.store.read(admin().scope())
    }

    /// What `t2` sees.
    pub(super) fn t2(&self) -> Box<dyn Repositories> {
        self.ports.store.read(admin_of("t2").scope())
    }

    /// A unit of work in `t1`.
    pub(super) async fn begin(&self) -> Box<dyn UnitOfWork> {
        self.begin_in("t1").await
    }

    /// A unit of work in this tenant.
    pub(super) async fn begin_in(&self, tenant: &str) -> Box<dyn UnitOfWork> {
        self.ports.store.begin(admin_of(tenant).scope()).await.unwrap()
    }

    pub(super) async fn store_profile(&self, profile: &ClientProfile) {
        let unit = self.begin().await;
        unit.profiles().insert(profile).await.unwrap();
        unit.commit(Vec::new()).await.unwrap();
    }

    pub(super) async fn store_note(&self, note: &ClientNote) {
        let unit = self.begin().await;
        unit.notes().insert(note).await.unwrap();
        unit.commit(Vec::new()).await.unwrap();
    }

    pub(super) async fn store_preferences(&self, preferences: &ClientPreferences) {
        let unit = self.begin().await;
        unit.preferences().insert(preferences).await.unwrap();
        unit.commit(Vec::new()).await.unwrap();
    }

    pub(super) fn ports(&self) -> Ports {
        self.ports.clone()
    }

    pub(super) fn profiles(&self) -> ProfileService {
        ProfileService::new(self.ports.clone(), Arc::new(MockPhotoStore::new()))
    }

    pub(super) fn notes(&self) -> NoteService {
        NoteService::new(self.ports.clone())
    }

    pub(super) fn preferences(&self) -> PreferencesService {
        PreferencesService::new(self.ports.clone())
    }

    pub(super) fn trash(&self) -> TrashService {
        TrashService::beside(&self.profiles())
    }

    pub(super) fn purge(&self) -> TrashPurge {
        TrashPurge::new(self.ports.clone(), Arc::new(MockPhotoStore::new()))
    }

    pub(super) fn history(&self) -> HistoryService {
        HistoryService::new(self.ports.clone())
    }
}

/// An administrator of `t1`.
pub(super) fn admin() -> Actor {
    admin_of("t1")
}

fn admin_of(tenant: &str) -> Actor {
    fixtures::actor_in(tenant, "staff", Role::Admin)
}

/// Sees every note.
pub(super) fn every_note() -> NoteVisibility {
    admin().note_visibility()
}

/// A profile that says nothing.
pub(super) fn profile(id: &str, user: &str) -> ClientProfile {
    let details = ProfileDetails::default();
    ClientProfile { id: id.parse().unwrap(), user_id: user.parse().unwrap(), details, ..fixtures::a_profile() }
}

/// A public note by `staff`.
pub(super) fn note(id: &str, profile: &str) -> ClientNote {
    ClientNote {
        id: id.parse().unwrap(),
        profile_id: profile.parse().unwrap(),
        author: "staff".parse().unwrap(),
        ..fixtures::a_note(NoteType::General)
    }
}

/// Preferences with every default.
pub(super) fn preferences(id: &str, profile: &str) -> ClientPreferences {
    ClientPreferences { id: id.parse().unwrap(), profile_id: profile.parse().unwrap(), ..fixtures::some_preferences() }
}
