//! The audit log says everything that happened and nothing else: replayed, it gives the rows as they are.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use crm_domain::access::{Actor, Role};
use crm_domain::audit::chain::LANES;
use crm_domain::audit::{AuditAction, AuditEntry, AuditVerification, Listed};
use crm_domain::clock::Clock as _;
use crm_domain::error::Resource;
use crm_domain::fields::Fields;
use crm_domain::ids::{NoteId, PreferencesId, ProfileId};
use crm_domain::note::{Content, NewNote, NoteFilter, NotePatch, NoteService, NoteType, NoteUpdate};
use crm_domain::page::{MAX_TAKE, PageRequest};
use crm_domain::patch::Patch;
use crm_domain::ports::Ports;
use crm_domain::preferences::{NewPreferences, PreferencesPatch, PreferencesService, PreferencesUpdate, ReminderTime};
use crm_domain::profile::{NewProfile, ProfileFilter, ProfilePatch, ProfileService, ProfileUpdate};
use crm_domain::progress::Unwatched;
use crm_domain::testing::fixtures::{NOW, actor_in};
use crm_domain::testing::{FixedClock, MockPhotoStore, SequentialIds, rows};
use crm_domain::trash::TrashService;
use crm_domain::validation::Violations;
use crm_domain::value::Line;
use crm_domain::version::Precondition;
use crm_infra::SeaStore;
use crm_infra::testing::TestDatabase;
use serde_json::Value;

const OPERATIONS: usize = 5_000;
const CLIENTS: usize = 6;

/// Random numbers that are the same every time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() { None } else { Some(all[self.roll(all.len())].clone()) }
    }
}

/// What a thing says, without what it does not.
type Said = BTreeMap<String, Value>;
/// Everything of the tenant, by kind and id.
type State = BTreeMap<(Resource, String), Said>;

fn said(thing: &impl Fields) -> Said {
    let fields = thing.fields().into_iter().filter(|(_, value)| !value.is_null());
    fields.map(|(name, value)| (name.to_owned(), value)).collect()
}

struct Salon {
    ports: Ports,
    clock: Arc<FixedClock>,
    admin: Actor,
    profiles: ProfileService,
    notes: NoteService,
    preferences: PreferencesService,
    trash: TrashService,
    dice: Dice,
}

impl Salon {
    async fn open(database: &TestDatabase) -> Self {
        for row in [rows::tenant("t1"), rows::user("admin").with("role", "ADMIN")] {
            database.execute(&row.to_string()).await;
        }
        for client in 0..CLIENTS {
            database.execute(&rows::user(&format!("u{client}")).to_string()).await;
        }
        let clock = Arc::new(FixedClock::at(NOW));
        let store = Arc::new(SeaStore::new(database.database().clone()));
        let ports = Ports { store, clock: Arc::clone(&clock) as _, ids: Arc::new(SequentialIds::default()) };
        let profiles = ProfileService::new(ports.clone(), Arc::new(MockPhotoStore::new()));
        Self {
            clock,
            admin: actor_in("t1", "admin", Role::Admin),
            notes: NoteService::new(ports.clone()),
            preferences: PreferencesService::new(ports.clone()),
            trash: TrashService::beside(&profiles),
            profiles,
            ports,
            dice: Dice(0x2545_F491_4F6C_DD1D),
        }
    }

    /// The rows as they are.
    async fn state(&self) -> State {
        let (read, all) = (self.ports.store.read(self.admin.scope()), PageRequest::first(MAX_TAKE));
        let mut state = State::new();
        for summary in read.profiles().list(&ProfileFilter::default(), &all).await.unwrap().items {
            let profile = summary.profile;
            if let Some(preferences) = read.preferences().find_by_profile(&profile.id).await.unwrap() {
                state.insert((Resource::Preferences, preferences.id.to_string()), said(&preferences));
            }
            state.insert((Resource::Profile, profile.id.to_string()), said(&profile));
        }
        let notes = read.notes().list(&self.admin.note_visibility(), &NoteFilter::default(), &all).await.unwrap();
        assert_eq!(notes.next, None, "they fit on one page");
        state.extend(notes.items.iter().map(|view| ((Resource::Note, view.note.id.to_string()), said(&view.note))));
        state
    }

    fn ids(state: &State, kind: Resource) -> Vec<String> {
        state.keys().filter(|(of, _)| *of == kind).map(|(_, id)| id.clone()).collect()
    }

    /// Does something to somebody, or tries to.
    async fn act(&mut self, state: &State) {
        // The clock also goes back now and then.
        let step = i64::try_from(self.dice.roll(60)).unwrap() - 10;
        let now = self.clock.now() + TimeDelta::milliseconds(step);
        self.clock.set(&now.to_rfc3339());
        let profile = self.dice.pick(&Self::ids(state, Resource::Profile)).map(ProfileId::from_stored);
        let note = self.dice.pick(&Self::ids(state, Resource::Note)).map(NoteId::from_stored);
        let preferences = self.dice.pick(&Self::ids(state, Resource::Preferences)).map(PreferencesId::from_stored);
        let word = format!("palabra {}", self.dice.roll(5));
        let city = ProfilePatch { city: Patch::Set(Line::parse(&word).unwrap()), ..ProfilePatch::default() };
        let (admin, always) = (&self.admin, Precondition::default());
        // Full salons are emptied, so that what they hold fits on one page.
        let choice = if state.len() > 150 { 2 } else { self.dice.roll(12) };
        match (choice, profile, note, preferences) {
            (0 | 1, ..) => {
                let user_id = format!("u{}", self.dice.roll(CLIENTS)).parse().unwrap();
                let new = NewProfile { user_id, details: city, mistakes: Violations::default() };
                drop(self.profiles.create(admin, new).await);
            }
            (2, Some(id), ..) => drop(self.profiles.delete(admin, &id, &always).await.unwrap()),
            (3, Some(id), ..) => {
                let update = ProfileUpdate { patch: city, ..ProfileUpdate::default() };
                self.profiles.update(admin, &id, update).await.unwrap();
            }
            (4..=6, Some(profile_id), ..) => {
                let note_type = NoteType::ALL[self.dice.roll(4)];
                let content = Content::parse(&word).unwrap();
                let new = NewNote { profile_id, author: None, note_type, content, is_private: self.dice.roll(2) == 0 };
                self.notes.create(admin, new).await.unwrap();
            }
            (7, _, Some(id), _) => {
                let patch = NotePatch { content: Content::parse(&word).ok(), ..NotePatch::default() };
                self.notes.update(admin, &id, NoteUpdate { patch, ..NoteUpdate::default() }).await.unwrap();
            }
            (8, _, Some(id), _) => drop(self.notes.delete(admin, &id, &always).await.unwrap()),
            (9, Some(profile_id), ..) => {
                let new =
                    NewPreferences { profile_id, details: PreferencesPatch::default(), mistakes: Violations::default() };
                drop(self.preferences.create(admin, new).await);
            }
            (10, .., Some(id)) => match self.dice.roll(3) {
                0 => drop(self.preferences.delete(admin, &id, &always).await.unwrap()),
                other => {
                    let reminder = Some(ReminderTime::ALL[other]);
                    let patch = PreferencesPatch { reminder, ..PreferencesPatch::default() };
                    let update = PreferencesUpdate { patch, ..PreferencesUpdate::default() };
                    self.preferences.update(admin, &id, update).await.unwrap();
                }
            },
            _ => {
                let items = self.trash.list(admin, &PageRequest::first(20)).await.unwrap().items;
                if let Some(item) = self.dice.pick(&items) {
                    drop(self.trash.restore(admin, &item.id).await);
                }
            }
        }
    }

    /// Every entry, in the order in which it took effect.
    async fn entries(&self) -> Vec<AuditEntry> {
        let read = self.ports.store.read(self.admin.scope());
        let mut records = Vec::new();
        for lane in 0..LANES {
            records.extend(read.audit().chain(lane, 0, u32::MAX).await.unwrap());
        }
        let mut listed: Vec<Listed> = records.into_iter().map(|record| record.into_listed().unwrap()).collect();
        listed.sort_by(|one, other| one.id.cmp(&other.id));
        listed.into_iter().map(|listed| listed.entry).collect()
    }
}

/// How many things are another way than they were.
fn differences(before: &State, after: &State) -> usize {
    let changed = after.iter().filter(|(key, now)| before.get(*key) != Some(now)).count();
    changed + before.keys().filter(|key| !after.contains_key(*key)).count()
}

fn replay(entries: &[AuditEntry]) -> State {
    let mut state = State::new();
    for entry in entries {
        let key = (entry.subject.resource, entry.subject.id.clone().unwrap());
        let said: Said = entry
            .changes
            .iter()
            .filter(|change| !change.new.is_null())
            .map(|change| (change.field.clone(), change.new.clone()))
            .collect();
        match entry.action {
            AuditAction::Created | AuditAction::Restored => assert_eq!(state.insert(key, said), None, "it was not there"),
            AuditAction::Updated => {
                let thing = state.get_mut(&key).unwrap();
                for change in &entry.changes {
                    assert_eq!(thing.get(&change.field).unwrap_or(&Value::Null), &change.old, "what it said before");
                    thing.remove(&change.field);
                }
                thing.extend(said);
            }
            AuditAction::Deleted => {
                let gone = state.remove(&key).unwrap();
                let old: Said = entry.changes.iter().map(|change| (change.field.clone(), change.old.clone())).collect();
                assert_eq!(gone, old, "what it said last");
            }
            _ => {}
        }
    }
    state
}

async fn entries_equal_changes(mut database: TestDatabase) {
    database.hurry().await;
    let mut salon = Salon::open(&database).await;
    let (mut state, mut changes) = (State::new(), 0);
    for _ in 0..OPERATIONS {
        salon.act(&state).await;
        let after = salon.state().await;
        changes += differences(&state, &after);
        state = after;
    }
    let entries = salon.entries().await;
    let recorded = entries.iter().filter(|entry| entry.action.is_change()).count();
    assert!(changes > OPERATIONS / 3, "only {changes} changes");
    assert_eq!(recorded, changes);
    assert_eq!(replay(&entries), state);
    let report = AuditVerification::new(salon.ports.clone()).run(Vec::new(), &Unwatched).await.unwrap();
    assert_eq!((report.flaws, report.entries), (Vec::new(), entries.len() as u64));
}

#[tokio::test]
async fn after_five_thousand_operations_the_log_replayed_on_sqlite_gives_the_rows() {
    entries_equal_changes(TestDatabase::sqlite().await).await;
}

#[tokio::test]
async fn after_five_thousand_operations_the_log_replayed_on_postgres_gives_the_rows() {
    if let Some(database) = TestDatabase::postgres().await {
        entries_equal_changes(database).await;
    }
}
