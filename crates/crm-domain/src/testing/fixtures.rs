//! Small, plausible values. Everything is in tenant `t1`; what a test does not mention does not matter.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};

use super::MockPhotoLedger;
use crate::access::{Actor, Role};
use crate::directory::{DEFAULT_TIME_ZONE, Tenant, User};
use crate::ids::{NoteId, PreferencesId, ProfileId, TenantId, UserId};
use crate::note::{ClientNote, Content, NoteProfile, NoteType, NoteView};
use crate::photo::{PhotoId, PhotoRecord, PhotoState, ProcessedPhoto};
use crate::preferences::{ClientPreferences, CommunicationPreference, ReminderTime};
use crate::profile::{ClientProfile, ProfileDetails};
use crate::trash::{Contents, MockTrash};
use crate::value::Line;

/// The time of the fixed clock.
pub const NOW: &str = "2026-02-01T12:00:00Z";
/// When the fixtures' rows were made.
pub const BEFORE: &str = "2026-01-01T12:00:00Z";

/// A time.
pub fn time(raw: &str) -> DateTime<Utc> {
    raw.parse().expect("an ISO 8601 time")
}

/// The tenant of all fixtures.
pub fn tenant() -> TenantId {
    TenantId::from_stored("t1")
}

/// The tenant's settings.
pub fn a_tenant() -> Tenant {
    Tenant { id: tenant(), name: "Salón Uno".to_owned(), time_zone: DEFAULT_TIME_ZONE }
}

/// A person of this role with user id `staff`.
pub fn an_actor(role: Role) -> Actor {
    actor_named("staff", role)
}

/// A person of this role with this user id.
pub fn actor_named(user: &str, role: Role) -> Actor {
    actor_in("t1", user, role)
}

/// A person of this role in some tenant.
pub fn actor_in(tenant: &str, user: &str, role: Role) -> Actor {
    let user = UserId::from_stored(user);
    let own_profile_of = (role == Role::Client).then(|| user.clone());
    Actor::new(user, role, TenantId::from_stored(tenant), own_profile_of)
}

/// User `client`, a client called Ana Ruiz.
pub fn a_user() -> User {
    User {
        id: UserId::from_stored("client"),
        tenant: tenant(),
        email: "ana@ejemplo.mx".to_owned(),
        first_name: "Ana".to_owned(),
        last_name: "Ruiz".to_owned(),
        phone: Some("55 1234 5678".to_owned()),
        role: Some(Role::Client),
    }
}

/// Profile `p1` of user `client`.
pub fn a_profile() -> ClientProfile {
    ClientProfile {
        id: ProfileId::from_stored("p1"),
        user_id: UserId::from_stored("client"),
        details: ProfileDetails {
            first_name: Some(Line::from_stored("Ana".to_owned())),
            city: Some(Line::from_stored("Mérida".to_owned())),
            ..ProfileDetails::default()
        },
        created_at: time(BEFORE),
        updated_at: time(BEFORE),
    }
}

/// Public note `n1` on profile `p1` by user `author`.
pub fn a_note(note_type: NoteType) -> ClientNote {
    ClientNote {
        id: NoteId::from_stored("n1"),
        profile_id: ProfileId::from_stored("p1"),
        author: UserId::from_stored("author"),
        note_type,
        content: Content::parse("Prefiere citas por la mañana").expect("a valid text"),
        is_private: false,
        created_at: time(BEFORE),
        updated_at: time(BEFORE),
    }
}

/// A note with what is shown beside it.
pub fn a_note_view(note: ClientNote) -> NoteView {
    let created_by = User { id: note.author.clone(), role: Some(Role::Professional), ..a_user() };
    let profile = NoteProfile {
        id: note.profile_id.clone(),
        user_id: UserId::from_stored("client"),
        first_name: Some("Ana".to_owned()),
        last_name: None,
    };
    NoteView { note, created_by, profile }
}

/// Preferences `f1` of profile `p1`.
pub fn some_preferences() -> ClientPreferences {
    ClientPreferences {
        id: PreferencesId::from_stored("f1"),
        profile_id: ProfileId::from_stored("p1"),
        services: Vec::new(),
        staff: Vec::new(),
        communication: CommunicationPreference::default(),
        reminder: ReminderTime::default(),
        special_requests: None,
        created_at: time(BEFORE),
        updated_at: time(BEFORE),
    }
}

/// A photo as it comes out of processing. Each number is another one.
pub fn a_processed_photo(number: u8) -> ProcessedPhoto {
    ProcessedPhoto { full: vec![number; 200], thumbnail: vec![number; 20], width: 512, height: 384 }
}

/// The photo of user `client` with this number.
pub fn a_photo(number: u8) -> PhotoId {
    PhotoId { user: UserId::from_stored("client"), hash: a_processed_photo(number).hash() }
}

/// Its record.
pub fn a_record(number: u8, state: PhotoState) -> PhotoRecord {
    let ProcessedPhoto { full, thumbnail, .. } = a_processed_photo(number);
    let (full_bytes, thumbnail_bytes) = (full.len() as u64, thumbnail.len() as u64);
    PhotoRecord { id: a_photo(number), state, full_bytes, thumbnail_bytes, changed_at: time(BEFORE) }
}

/// Records that a test shares with a mocked ledger.
pub type Records = Arc<Mutex<BTreeMap<PhotoId, PhotoRecord>>>;

/// Records to share.
pub fn records(records: impl IntoIterator<Item = PhotoRecord>) -> Records {
    Arc::new(Mutex::new(records.into_iter().map(|record| (record.id.clone(), record)).collect()))
}

/// A trash that takes whatever is put into it, and that holds no photo.
pub fn a_trash() -> MockTrash {
    let mut trash = MockTrash::new();
    trash.expect_holds().returning(|_| Ok(false));
    trash.expect_photos().returning(|| Ok(Vec::new()));
    trash.expect_put().returning(|_| Ok(Contents::default()));
    trash
}

/// A ledger of these records. What profiles show is up to the test.
pub fn a_ledger(records: &Records) -> MockPhotoLedger {
    let mut ledger = MockPhotoLedger::new();
    let held = Arc::clone(records);
    ledger.expect_find().returning(move |id| Ok(held.lock().unwrap().get(id).cloned()));
    let held = Arc::clone(records);
    ledger.expect_list().returning(move || Ok(held.lock().unwrap().values().cloned().collect()));
    let held = Arc::clone(records);
    ledger.expect_list_of().returning(move |user| {
        Ok(held.lock().unwrap().values().filter(|record| record.id.user == *user).cloned().collect())
    });
    let held = Arc::clone(records);
    ledger.expect_insert().returning(move |record| {
        let mut held = held.lock().unwrap();
        let is_new = !held.contains_key(&record.id);
        held.entry(record.id.clone()).or_insert_with(|| record.clone());
        Ok(is_new)
    });
    let held = Arc::clone(records);
    ledger.expect_update().returning(move |record| {
        let mut held = held.lock().unwrap();
        Ok(held.get_mut(&record.id).map(|known| *known = record.clone()).is_some())
    });
    let held = Arc::clone(records);
    ledger.expect_delete().returning(move |id| Ok(held.lock().unwrap().remove(id).is_some()));
    ledger
}
