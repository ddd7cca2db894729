//! A write that fails at any step leaves nothing of itself: neither rows, nor the account of them, nor a used key.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::sync::Arc;

use chrono::TimeDelta;
use crm_domain::access::{Actor, Role};
use crm_domain::error::CrmError;
use crm_domain::idempotency::RequestKey;
use crm_domain::note::{Content, NewNote, NotePatch, NoteService, NoteType, NoteUpdate};
use crm_domain::page::PageRequest;
use crm_domain::patch::Patch;
use crm_domain::ports::Ports;
use crm_domain::preferences::{NewPreferences, PreferencesPatch, PreferencesService, PreferencesUpdate, ReminderTime};
use crm_domain::profile::{NewProfile, ProfilePatch, ProfileService, ProfileUpdate};
use crm_domain::progress::Unwatched;
use crm_domain::testing::fixtures::{NOW, actor_in};
use crm_domain::testing::{FixedClock, MockPhotoStore, rows};
use crm_domain::trash::{TrashPurge, TrashService};
use crm_domain::validation::Violations;
use crm_domain::value::Line;
use crm_domain::version::Precondition;
use crm_infra::testing::TestDatabase;
use crm_infra::{CuidGenerator, SeaStore};

/// Every table that a write can reach.
const TABLES: [&str; 11] = [
    "client_profiles",
    "client_notes",
    "client_preferences",
    "crm_profile_search",
    "crm_note_index",
    "crm_audit",
    "crm_audit_heads",
    "crm_requests",
    "crm_trash",
    "crm_trash_rows",
    "crm_photos",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    CreateProfile,
    UpdateProfile,
    DeleteProfile,
    CreateNote,
    UpdateNote,
    DeleteNote,
    CreatePreferences,
    UpdatePreferences,
    DeletePreferences,
    RestoreProfile,
    RestoreNote,
    Purge,
}

const ACTS: [Act; 12] = [
    Act::CreateProfile,
    Act::UpdateProfile,
    Act::DeleteProfile,
    Act::CreateNote,
    Act::UpdateNote,
    Act::DeleteNote,
    Act::CreatePreferences,
    Act::UpdatePreferences,
    Act::DeletePreferences,
    Act::RestoreProfile,
    Act::RestoreNote,
    Act::Purge,
];

struct Salon<'a> {
    database: &'a TestDatabase,
    ports: Ports,
    admin: Actor,
}

impl<'a> Salon<'a> {
    async fn open(database: &'a TestDatabase) -> Self {
        for row in [rows::tenant("t1"), rows::user("admin").with("role", "ADMIN"), rows::user("u1"), rows::user("u2")] {
            database.execute(&row.to_string()).await;
        }
        let store = Arc::new(SeaStore::new(database.database().clone()));
        let ports = Ports { store, clock: Arc::new(FixedClock::at(NOW)), ids: Arc::new(CuidGenerator) };
        let key = RequestKey { key: "key".to_owned(), request: "request".to_owned() };
        Self { database, ports, admin: actor_in("t1", "admin", Role::Admin).sending(key) }
    }

    /// Profile `p1` with two notes and preferences, profile `p2` with nothing, and what the act needs in the trash.
    async fn arrange(&self, act: Act) {
        self.database.execute("DELETE FROM client_profiles; DELETE FROM crm_requests").await;
        self.database.execute("DELETE FROM crm_trash; DELETE FROM crm_trash_rows").await;
        let note = |id| rows::note(id, "p1").with("createdByUserId", "admin");
        let mut rows = vec![rows::profile("p1", "u1"), note("n1"), note("n2"), rows::preferences("f1", "p1")];
        if act != Act::CreateProfile {
            rows.push(rows::profile("p2", "u2"));
        }
        for row in rows {
            self.database.execute(&row.to_string()).await;
        }
        match act {
            Act::RestoreProfile => self.perform(Act::DeleteProfile).await.unwrap(),
            Act::RestoreNote | Act::Purge => self.perform(Act::DeleteNote).await.unwrap(),
            _ => {}
        }
        self.database.execute("DELETE FROM crm_requests").await;
    }

    async fn perform(&self, act: Act) -> Result<(), CrmError> {
        let profiles = ProfileService::new(self.ports.clone(), Arc::new(MockPhotoStore::new()));
        let trash = TrashService::beside(&profiles);
        let (notes, preferences) = (NoteService::new(self.ports.clone()), PreferencesService::new(self.ports.clone()));
        let (admin, always, mistakes) = (&self.admin, Precondition::default(), Violations::default());
        let city = ProfilePatch { city: Patch::Set(Line::parse("Taxco").unwrap()), ..ProfilePatch::default() };
        let text = Content::parse("otra cosa").unwrap();
        match act {
            Act::CreateProfile => {
                let new = NewProfile { user_id: "u2".parse().unwrap(), details: city, mistakes };
                profiles.create(admin, new).await.map(drop)
            }
            Act::UpdateProfile => {
                let update = ProfileUpdate { patch: city, ..ProfileUpdate::default() };
                profiles.update(admin, &"p1".parse().unwrap(), update).await.map(drop)
            }
            Act::DeleteProfile => profiles.delete(admin, &"p1".parse().unwrap(), &always).await.map(drop),
            Act::CreateNote => {
                let profile_id = "p1".parse().unwrap();
                let new =
                    NewNote { profile_id, author: None, note_type: NoteType::Medical, content: text, is_private: true };
                notes.create(admin, new).await.map(drop)
            }
            Act::UpdateNote => {
                let patch = NotePatch { content: Some(text), ..NotePatch::default() };
                let update = NoteUpdate { patch, ..NoteUpdate::default() };
                notes.update(admin, &"n1".parse().unwrap(), update).await.map(drop)
            }
            Act::DeleteNote => notes.delete(admin, &"n1".parse().unwrap(), &always).await.map(drop),
            Act::CreatePreferences => {
                let new =
                    NewPreferences { profile_id: "p2".parse().unwrap(), details: PreferencesPatch::default(), mistakes };
                preferences.create(admin, new).await.map(drop)
            }
            Act::UpdatePreferences => {
                let patch = PreferencesPatch { reminder: Some(ReminderTime::Both), ..PreferencesPatch::default() };
                let update = PreferencesUpdate { patch, ..PreferencesUpdate::default() };
                preferences.update(admin, &"f1".parse().unwrap(), update).await.map(drop)
            }
            Act::DeletePreferences => preferences.delete(admin, &"f1".parse().unwrap(), &always).await.map(drop),
            Act::RestoreProfile | Act::RestoreNote => {
                let items = trash.list(admin, &PageRequest::first(1)).await?.items;
                trash.restore(admin, &items[0].id).await.map(drop)
            }
            Act::Purge => {
                let report = TrashPurge::new(self.ports.clone(), Arc::new(MockPhotoStore::new()))
                    .run(TimeDelta::days(-1), &Unwatched)
                    .await?;
                if report.failed == 0 { Ok(()) } else { Err(CrmError::Internal("it failed".into())) }
            }
        }
    }

    /// Every row of every table.
    async fn rows(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for table in TABLES {
            let row = if self.database.database().is_sqlite() {
                let columns = self.database.select_column(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
                let quoted = columns.into_iter().flatten().map(|column| format!("quote(\"{column}\")"));
                quoted.collect::<Vec<_>>().join(" || ',' || ")
            } else {
                format!("CAST({table} AS text)")
            };
            let found = self.database.select_column(&format!("SELECT {row} FROM {table} ORDER BY 1")).await;
            rows.extend(found.into_iter().flatten().map(|row| format!("{table}: {row}")));
        }
        rows
    }

    /// Makes this step fail.
    async fn forbid(&self, step: &str, table: &str) {
        let sql = if self.database.database().is_sqlite() {
            format!("CREATE TRIGGER forbidden BEFORE {step} ON {table} BEGIN SELECT RAISE(ABORT, 'forbidden'); END")
        } else if step == "COMMIT" {
            format!(
                "CREATE CONSTRAINT TRIGGER forbidden AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED \
                 FOR EACH ROW EXECUTE FUNCTION forbidden()"
            )
        } else {
            format!("CREATE TRIGGER forbidden BEFORE {step} ON {table} FOR EACH ROW EXECUTE FUNCTION forbidden()")
        };
        self.database.execute(&sql).await;
    }

    async fn permit(&self, table: &str) {
        let of_table = if self.database.database().is_sqlite() { String::new() } else { format!(" ON {table}") };
        self.database.execute(&format!("DROP TRIGGER forbidden{of_table}")).await;
    }
}

async fn every_write_is_all_or_nothing(mut database: TestDatabase) {
    database.hurry().await;
    let mut steps: Vec<_> =
        TABLES.iter().flat_map(|table| ["INSERT", "UPDATE", "DELETE"].map(|step| (step, *table))).collect();
    if !database.database().is_sqlite() {
        let forbid =
            "CREATE FUNCTION forbidden() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'forbidden'; END $$";
        database.execute(forbid).await;
        // The commit itself.
        steps.push(("COMMIT", "crm_audit"));
    }
    let salon = Salon::open(&database).await;
    let mut failed = 0;
    for act in ACTS {
        for (step, table) in &steps {
            salon.arrange(act).await;
            let before = salon.rows().await;
            salon.forbid(step, table).await;
            let outcome = salon.perform(act).await;
            salon.permit(table).await;
            let after = salon.rows().await;
            if outcome.is_err() {
                failed += 1;
                assert_eq!(after, before, "{act:?}, which failed to {step} {table}: {outcome:?}");
                // What failed leaves nothing in the way of another try.
                salon.perform(act).await.unwrap();
                assert_ne!(salon.rows().await, before, "{act:?}");
            } else {
                assert_ne!(after, before, "{act:?} did nothing");
            }
        }
    }
    assert!(failed >= ACTS.len() * 4, "only {failed} steps failed");
}

#[tokio::test]
async fn every_write_on_sqlite_is_all_or_nothing() {
    every_write_is_all_or_nothing(TestDatabase::sqlite().await).await;
}

#[tokio::test]
async fn every_write_on_postgres_is_all_or_nothing() {
    if let Some(database) = TestDatabase::postgres().await {
        every_write_is_all_or_nothing(database).await;
    }
}
