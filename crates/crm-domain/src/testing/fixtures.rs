//! Small, plausible values. Everything is in tenant `t1`; what a test does not mention does not matter.

use chrono::{DateTime, Utc};

use crate::access::{Actor, Role};
use crate::directory::User;
use crate::ids::{NoteId, PreferencesId, ProfileId, TenantId, UserId};
use crate::note::{ClientNote, Content, NoteProfile, NoteType, NoteView};
use crate::preferences::{ClientPreferences, CommunicationPreference, ReminderTime};
use crate::profile::{ClientProfile, ProfileDetails};
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
