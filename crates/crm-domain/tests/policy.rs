//! The permission table of the product contract, section 4, restated as data.

use std::collections::BTreeSet;

use crm_domain::access::Grant::{self, Always, Never, Own};
use crm_domain::access::{Action, Role, policy};
use crm_domain::error::CrmError;
use crm_domain::ids::UserId;
use crm_domain::note::{ClientNote, NoteType};
use crm_domain::testing::fixtures::{a_note, actor_named};

/// The columns of the table. SUPERADMIN shares the first.
const COLUMNS: [Role; 5] = [Role::Admin, Role::Manager, Role::Professional, Role::Receptionist, Role::Client];

/// The rows of the table. "No, unless author" and "author" are `Own`;
/// "if readable" is `Always`, because a note that is not readable is not found in the first place.
const ROWS: [(&[Action], [Grant; 5]); 17] = [
    (&[Action::ListProfiles], [Always, Always, Always, Always, Never]),
    (
        &[Action::ReadProfile, Action::ReadPreferences, Action::ReadHistory, Action::ReadPhoto],
        [Always, Always, Always, Always, Own],
    ),
    (&[Action::CreateProfile], [Always, Always, Always, Always, Never]),
    (
        &[Action::UpdateProfile, Action::ChangePhoto, Action::CreatePreferences, Action::UpdatePreferences],
        [Always, Always, Always, Always, Own],
    ),
    (&[Action::ReadStaffField, Action::UpdateStaffField], [Always, Always, Always, Always, Never]),
    (&[Action::DeleteProfile, Action::DeletePreferences], [Always, Always, Never, Never, Never]),
    (&[Action::ReadGeneralNote, Action::ReadPreferenceNote], [Always, Always, Always, Always, Never]),
    (&[Action::ReadMedicalNote], [Always, Always, Always, Own, Never]),
    (&[Action::ReadComplaintNote], [Always, Always, Own, Always, Never]),
    (&[Action::ReadPrivateNote], [Always, Own, Own, Own, Never]),
    (&[Action::ListNotes, Action::CreateNote], [Always, Always, Always, Always, Never]),
    (&[Action::UpdateNote, Action::DeleteNote], [Always, Always, Own, Own, Never]),
    (&[Action::ChangeNotePrivacy], [Always, Own, Own, Own, Never]),
    (&[Action::CreateNoteForOther], [Always, Never, Never, Never, Never]),
    (&[Action::ReadAuditLog], [Always, Never, Never, Never, Never]),
    (&[Action::ReadActivity], [Always, Always, Never, Never, Never]),
    (&[Action::RestoreDeleted], [Always, Always, Own, Own, Never]),
];

#[test]
fn the_policy_is_the_table_of_the_contract() {
    for (actions, grants) in ROWS {
        for (action, (role, expected)) in
            actions.iter().flat_map(|action| COLUMNS.into_iter().zip(grants).map(move |c| (action, c)))
        {
            assert_eq!(policy::grant(role, *action), expected, "{role} and {action:?}");
        }
    }
}

#[test]
fn the_table_decides_every_action_once() {
    let decided: Vec<_> = ROWS.iter().flat_map(|(actions, _)| actions.iter().copied()).collect();
    assert_eq!(decided.len(), Action::ALL.len());
    assert_eq!(BTreeSet::from_iter(decided), BTreeSet::from(Action::ALL));
}

#[test]
fn a_superadmin_may_do_what_an_administrator_may() {
    for action in Action::ALL {
        assert_eq!(policy::grant(Role::SuperAdmin, action), policy::grant(Role::Admin, action), "{action:?}");
    }
}

/// Every role, note type, privacy, and whether the actor wrote the note.
fn every_case() -> impl Iterator<Item = (Role, ClientNote, bool)> {
    let notes = NoteType::ALL.into_iter().flat_map(|note_type| {
        [(true, true), (true, false), (false, true), (false, false)].map(|(is_private, wrote_it)| {
            let author = if wrote_it { "me" } else { "somebody" };
            (ClientNote { is_private, author: UserId::from_stored(author), ..a_note(note_type) }, wrote_it)
        })
    });
    notes.flat_map(|(note, wrote_it)| Role::ALL.map(|role| (role, note.clone(), wrote_it)))
}

/// The rows "read notes …" and "read a private note" of the table, in words rather than grants.
fn may_read(role: Role, note: &ClientNote, wrote_it: bool) -> bool {
    match role {
        Role::Client => false,
        Role::SuperAdmin | Role::Admin => true,
        _ if wrote_it => true,
        _ if note.is_private => false,
        Role::Manager => true,
        Role::Professional => note.note_type != NoteType::Complaint,
        Role::Receptionist => note.note_type != NoteType::Medical,
    }
}

#[test]
fn a_note_is_readable_exactly_by_whom_the_contract_says() {
    for (role, note, wrote_it) in every_case() {
        let allowed = actor_named("me", role).note_visibility().allows(&note);
        assert_eq!(allowed, may_read(role, &note, wrote_it), "{role}, {note:?}");
    }
}

#[test]
fn a_readable_note_is_changed_by_its_author_or_a_manager_and_its_privacy_by_its_author_or_an_administrator() {
    for (role, note, wrote_it) in every_case().filter(|(role, note, wrote_it)| may_read(*role, note, *wrote_it)) {
        let actor = actor_named("me", role);
        let is_admin = matches!(role, Role::SuperAdmin | Role::Admin);
        for (action, expected) in [
            (Action::UpdateNote, wrote_it || is_admin || role == Role::Manager),
            (Action::DeleteNote, wrote_it || is_admin || role == Role::Manager),
            (Action::ChangeNotePrivacy, wrote_it || is_admin),
        ] {
            match actor.require_on_note(action, &note) {
                Ok(()) => assert!(expected, "{role} {action:?} {note:?}"),
                Err(CrmError::Denied(denied)) => assert_eq!((denied, expected), (action, false), "{role} {note:?}"),
                Err(other) => panic!("{role} {action:?}: {other}"),
            }
        }
    }
}

#[test]
fn what_a_client_may_not_even_read_does_not_exist_for_them() {
    let client = actor_named("client", Role::Client);
    let (own, other) = (UserId::from_stored("client"), UserId::from_stored("other"));
    for action in Action::ALL {
        let missing = crm_domain::error::Resource::Profile;
        let refused = client.require_on_profile(action, &other, missing);
        assert!(matches!(refused, Err(CrmError::NotFound(resource)) if resource == missing), "{action:?}: {refused:?}");
        let on_own = client.require_on_profile(action, &own, missing);
        match policy::grant(Role::Client, action) {
            Never => assert!(matches!(on_own, Err(CrmError::Denied(denied)) if denied == action), "{action:?}"),
            Own | Always => assert!(on_own.is_ok(), "{action:?}"),
        }
    }
}
