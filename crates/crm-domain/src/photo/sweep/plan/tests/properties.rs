use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;

/// What is there after a plan was carried out.
fn carried_out(plan: &Plan, before: &Situation) -> Situation {
    let is_gone = |id: &PhotoId| plan.clear.contains(id) || plan.remove.iter().any(|candidate| candidate.photo == *id);
    let is_adopted = |id: &PhotoId| plan.adopt.iter().any(|record| record.id == *id);
    let remaining = before.records.iter().filter(|record| !is_gone(&record.id) && !is_adopted(&record.id));
    Situation {
        trashed: Vec::new(),
        shown: before.shown.iter().filter(|id| !is_gone(id)).cloned().collect(),
        records: remaining.chain(&plan.adopt).cloned().collect(),
        objects: before.objects.iter().filter(|object| !is_gone(&object.photo)).cloned().collect(),
    }
}

fn some_age() -> impl Strategy<Value = TimeDelta> {
    let around = |grace: TimeDelta| (-1..=1_i64).prop_map(move |offset| grace + MOMENT * i32::try_from(offset).unwrap());
    let any = (0..48 * 3_600_i64).prop_map(TimeDelta::seconds);
    prop_oneof![any, around(REMOVAL_GRACE), around(WRITING_GRACE), around(KEPT_GRACE)]
}

fn some_photo() -> impl Strategy<Value = Found> {
    let bytes = || prop_oneof![Just(0_u64), 1..4_u64];
    let record = (prop::sample::select(PhotoState::ALL.to_vec()), some_age(), (bytes(), bytes()));
    let object = || option::of((bytes(), some_age()));
    (any::<bool>(), option::of(record), object(), object()).prop_map(|(is_shown, record, full, thumbnail)| Found {
        is_shown,
        record,
        full,
        thumbnail,
    })
}

proptest! {
    #[test]
    fn whatever_is_found_only_what_is_unshown_or_broken_goes_and_nothing_remains_to_do(found in vec(some_photo(), 0..8)) {
        let situation = situation(&found);
        let plan = plan(time(NOW), &situation);
        for (number, found) in found.iter().enumerate() {
            let is_removed = plan.remove.iter().any(|candidate| candidate.photo == id(number));
            let is_cleared = plan.clear.contains(&id(number));
            let is_adopted = plan.adopt.iter().any(|record| record.id == id(number));
            let is_touched = is_removed || is_cleared || is_adopted;
            prop_assert!(!(is_removed && found.is_shown), "{found:?} is shown");
            prop_assert!(!(is_cleared && found.is_shown && found.is_whole()), "{found:?} is whole");
            prop_assert!(!(is_cleared || is_adopted) || found.is_shown, "{found:?} is not shown");
            prop_assert!(!(is_touched && found.is_young()), "{found:?} is too young");
            if !found.is_shown && found.is_anything() {
                prop_assert_eq!(is_removed, !found.is_young(), "{:?} must go when it is old enough", found);
            }
        }
        let steps: BTreeSet<_> = plan.remove.iter().map(|candidate| &candidate.photo).chain(&plan.clear).collect();
        prop_assert_eq!((steps.len() + plan.adopt.len()) as u64, plan.steps(), "each once");

        let then = carried_out(&plan, &situation);
        let second = super::super::plan(time(NOW), &then);
        prop_assert_eq!((second.steps(), second.waiting), (0, plan.waiting), "{:?}", second);
    }
}
