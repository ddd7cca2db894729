use proptest::prelude::*;

use super::*;
use crate::fields::Fields as _;
use crate::note::{ClientNote, Content, NoteType};
use crate::profile::ClientProfile;
use crate::testing::fixtures::{a_note, a_profile};
use crate::value::Line;

fn line<const MAX: usize>(text: &str) -> Line<MAX> {
    Line::from_stored(text.to_owned())
}

fn living_in(city: &str) -> ClientProfile {
    let mut profile = a_profile();
    profile.details.city = Some(line(city));
    profile
}

fn seen(profile: &ClientProfile) -> Precondition {
    Precondition::one_of(vec![Some(Version::of(profile))])
}

#[test]
fn a_version_says_what_a_thing_says_and_not_when() {
    let profile = living_in("Taxco");
    let later = ClientProfile { updated_at: profile.updated_at + chrono::TimeDelta::days(1), ..profile.clone() };
    assert_eq!(Version::of(&profile), Version::of(&later));
    assert_ne!(Version::of(&profile), Version::of(&living_in("Tepic")));
    let other = ClientProfile { id: "another".parse().unwrap(), ..profile.clone() };
    assert!(Version::of(&profile).fields.iter().zip(&Version::of(&other).fields).all(|(one, other)| one != other));
}

#[test]
fn a_version_survives_its_text_form_and_nothing_else_is_one() {
    for version in [Version::of(&a_profile()), Version::of(&a_note(NoteType::General))] {
        assert_eq!(version.to_string().parse(), Ok(version));
    }
    let text = Version::of(&a_profile()).to_string();
    for other in ["", "abc", &text[1..], &text.to_uppercase(), "ñ"] {
        assert_eq!(other.parse::<Version>(), Err(MalformedVersion), "{other}");
    }
}

#[test]
fn a_change_needs_one_of_the_versions_that_were_seen() {
    let (old, now) = (living_in("Taxco"), living_in("Tepic"));
    assert_eq!(Precondition::default().check(&now), Ok(()));
    assert_eq!(seen(&now).check(&now), Ok(()));
    assert_eq!(Precondition::one_of(vec![None, Some(Version::of(&now))]).check(&now), Ok(()));
    assert_eq!(seen(&old).check(&now), Err(vec!["city"]));
    let everything = now.fields().len();
    assert_eq!(Precondition::one_of(vec![None]).check(&now).unwrap_err().len(), everything);
    let note = Precondition::one_of(vec![Some(Version::of(&a_note(NoteType::General)))]);
    assert_eq!(note.check(&now).unwrap_err().len(), everything, "a version of something else");
    assert_eq!(Precondition::one_of(Vec::new()).check(&now).unwrap_err().len(), everything);
}

#[test]
fn an_old_version_tells_which_fields_others_changed() {
    let (old, mut now) = (living_in("Taxco"), living_in("Tepic"));
    now.details.state = Some(line("Nayarit"));
    assert_eq!(Version::of(&old).differing(&now), ["city", "state"]);
    assert_eq!(Version::of(&now).differing(&now), Vec::<&str>::new());
    let note = Version::of(&a_note(NoteType::General));
    assert_eq!(note.differing(&now).len(), now.fields().len(), "a version of something else");
}

#[test]
fn what_the_caller_changed_and_nobody_else_did_is_merged_if_asked_for() {
    let base = living_in("Taxco");
    let mut now = base.clone();
    now.details.state = Some(line("Guerrero"));
    // The caller sends every field back, of which only the city is new.
    let mut wanted = base.clone();
    wanted.details.city = Some(line("Tepic"));
    assert_eq!(seen(&base).reconcile(&now, &wanted), Err(vec!["state"]));
    let merged = Merged { yours: vec!["city"], theirs: vec!["state"] };
    assert_eq!(seen(&base).or_merge(true).reconcile(&now, &wanted), Ok(Some(merged)));
    assert_eq!(seen(&now).or_merge(true).reconcile(&now, &wanted), Ok(None), "nothing to merge");
}

#[test]
fn a_field_that_both_changed_is_a_conflict_unless_they_agree() {
    let (base, now, wanted) = (living_in("Taxco"), living_in("Tepic"), living_in("Tulum"));
    assert_eq!(seen(&base).or_merge(true).reconcile(&now, &wanted), Err(vec!["city"]));
    let agreed = Merged { yours: vec![], theirs: vec!["city"] };
    assert_eq!(seen(&base).or_merge(true).reconcile(&now, &now), Ok(Some(agreed)));
    let unknown = Precondition::one_of(vec![None]).or_merge(true);
    assert!(unknown.reconcile(&now, &wanted).is_err(), "nothing can be merged with an unknown version");
}

/// A note with one of few values in each field.
fn notes() -> impl Strategy<Value = ClientNote> {
    (0..3_usize, 0..3_usize, any::<bool>()).prop_map(|(note_type, content, is_private)| ClientNote {
        note_type: NoteType::ALL[note_type],
        content: Content::from_stored(["uno", "dos", "tres"][content].to_owned()),
        is_private,
        ..a_note(NoteType::General)
    })
}

proptest! {
    #[test]
    fn a_merge_keeps_every_change_of_both_or_is_refused(base in notes(), now in notes(), wanted in notes()) {
        let precondition = Precondition::one_of(vec![Some(Version::of(&base))]).or_merge(true);
        let fields = |note: &ClientNote| note.fields();
        let [base, current, target] = [fields(&base), fields(&now), fields(&wanted)];
        let collides = (0..3).any(|i| base[i] != current[i] && base[i] != target[i] && current[i] != target[i]);
        match precondition.reconcile(&now, &wanted) {
            Ok(None) => prop_assert_eq!(base, current),
            Err(_) => prop_assert!(collides),
            Ok(Some(Merged { yours, .. })) => {
                prop_assert!(!collides);
                for i in 0..3 {
                    let outcome = if yours.contains(&current[i].0) { &target[i] } else { &current[i] };
                    prop_assert!(*outcome == target[i] || base[i] == target[i], "the caller's change is kept");
                    prop_assert!(*outcome == current[i] || base[i] == current[i], "the others' change is kept");
                }
            }
        }
    }
}
