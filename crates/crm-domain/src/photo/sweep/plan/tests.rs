mod properties;

use super::*;
use crate::ids::UserId;
use crate::testing::fixtures::{NOW, a_photo, a_record, time};
use crate::value::PhotoHash;

/// How many bytes a test's large picture and thumbnail have, where they are whole.
const WHOLE: (u64, u64) = (200, 20);

/// What was found of one photo. Ages are how long ago something happened.
#[derive(Clone, Copy, Debug)]
struct Found {
    is_shown: bool,
    record: Option<(PhotoState, TimeDelta, (u64, u64))>,
    full: Option<(u64, TimeDelta)>,
    thumbnail: Option<(u64, TimeDelta)>,
}

/// What a plan makes of a photo.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Nothing,
    Wait,
    Remove,
    Adopt(u64, u64),
    Clear,
}

impl Found {
    /// With both objects whole.
    fn whole(is_shown: bool, state: Option<PhotoState>, age: TimeDelta) -> Self {
        let record = state.map(|state| (state, age, WHOLE));
        Self { is_shown, record, full: Some((WHOLE.0, age)), thumbnail: Some((WHOLE.1, age)) }
    }

    fn with(self, full: Option<u64>, thumbnail: Option<u64>) -> Self {
        let age = self.last_touched().unwrap_or_default();
        Self { full: full.map(|bytes| (bytes, age)), thumbnail: thumbnail.map(|bytes| (bytes, age)), ..self }
    }

    fn is_anything(&self) -> bool {
        self.record.is_some() || self.full.is_some() || self.thumbnail.is_some()
    }

    fn record(&self, id: &PhotoId) -> Option<PhotoRecord> {
        let (state, age, (full_bytes, thumbnail_bytes)) = self.record?;
        Some(PhotoRecord { id: id.clone(), state, full_bytes, thumbnail_bytes, changed_at: time(NOW) - age })
    }

    fn objects(&self, id: &PhotoId) -> Vec<StoredObject> {
        let sizes = [(PhotoSize::Full, self.full), (PhotoSize::Thumbnail, self.thumbnail)];
        let object = |(size, found): (PhotoSize, Option<(u64, TimeDelta)>)| {
            let (bytes, age) = found?;
            Some(StoredObject { photo: id.clone(), size, bytes, modified: time(NOW) - age })
        };
        sizes.into_iter().filter_map(object).collect()
    }

    fn last_touched(&self) -> Option<TimeDelta> {
        let stored = [self.full, self.thumbnail].into_iter().flatten().map(|(_, age)| age).min();
        self.record.map(|(_, age, _)| age).or(stored)
    }

    /// How long it is left alone, by the words of the constants.
    fn grace(&self) -> TimeDelta {
        match self.record.map(|(state, ..)| state) {
            Some(PhotoState::Kept) if self.is_shown => TimeDelta::zero(),
            state => grace(state),
        }
    }

    fn is_young(&self) -> bool {
        self.last_touched().is_some_and(|age| age < self.grace())
    }

    fn is_whole(&self) -> bool {
        let recorded = self.record.map_or(0, |(_, _, (full, _))| full);
        self.full.is_some_and(|(bytes, _)| recorded == 0 || bytes == recorded)
    }

    fn judged(self) -> Verdict {
        let situation = situation(&[self]);
        let plan = plan(time(NOW), &situation);
        match plan {
            Plan { waiting: 1, .. } => {
                assert_eq!(plan, Plan { waiting: 1, ..Plan::default() });
                Verdict::Wait
            }
            Plan { ref remove, .. } if !remove.is_empty() => {
                let candidate = Candidate { photo: id(0), record: situation.records.first().cloned() };
                assert_eq!(plan, Plan { remove: vec![candidate], ..Plan::default() });
                Verdict::Remove
            }
            Plan { ref clear, .. } if !clear.is_empty() => {
                assert_eq!(plan, Plan { clear: vec![id(0)], ..Plan::default() });
                Verdict::Clear
            }
            Plan { ref adopt, .. } if !adopt.is_empty() => {
                let (full_bytes, thumbnail_bytes) = (adopt[0].full_bytes, adopt[0].thumbnail_bytes);
                let changed_at = time(NOW);
                let record = PhotoRecord { id: id(0), state: PhotoState::Kept, full_bytes, thumbnail_bytes, changed_at };
                assert_eq!(plan, Plan { adopt: vec![record], without_thumbnail: plan.without_thumbnail, ..Plan::default() });
                Verdict::Adopt(full_bytes, thumbnail_bytes)
            }
            _ => {
                assert_eq!(plan, Plan { without_thumbnail: plan.without_thumbnail, ..Plan::default() });
                Verdict::Nothing
            }
        }
    }
}

fn grace(state: Option<PhotoState>) -> TimeDelta {
    match state {
        Some(PhotoState::Kept) => KEPT_GRACE,
        Some(PhotoState::Doomed | PhotoState::Trashed) => REMOVAL_GRACE,
        Some(PhotoState::Writing) | None => WRITING_GRACE,
    }
}

fn id(number: usize) -> PhotoId {
    let user = UserId::from_stored(if number.is_multiple_of(2) { "u1" } else { "u2" });
    PhotoId { user, hash: PhotoHash::of(&[&number.to_be_bytes()]) }
}

fn situation(found: &[Found]) -> Situation {
    let all = || found.iter().enumerate().map(|(number, found)| (id(number), found));
    Situation {
        trashed: Vec::new(),
        shown: all().filter(|(_, found)| found.is_shown).map(|(id, _)| id).collect(),
        records: all().filter_map(|(id, found)| found.record(&id)).collect(),
        objects: all().flat_map(|(id, found)| found.objects(&id)).collect(),
    }
}

/// No record, or one in each state.
fn states() -> impl Iterator<Item = Option<PhotoState>> {
    PhotoState::ALL.map(Some).into_iter().chain([None])
}

/// Every combination of lengths: missing, cut short, whole.
fn lengths() -> impl Iterator<Item = (Option<u64>, Option<u64>)> {
    let of = |whole| [None, Some(whole - 1), Some(whole)];
    of(WHOLE.0).into_iter().flat_map(move |full| of(WHOLE.1).map(|thumbnail| (full, thumbnail)))
}

const MOMENT: TimeDelta = TimeDelta::milliseconds(1);

#[test]
fn what_nothing_shows_is_removed_once_it_is_old_enough_whatever_is_stored_of_it() {
    for state in states() {
        for (full, thumbnail) in lengths() {
            let at = |age| Found::whole(false, state, age).with(full, thumbnail);
            if at(MOMENT).is_anything() {
                assert_eq!(at(grace(state) - MOMENT).judged(), Verdict::Wait, "{state:?} {full:?} {thumbnail:?}");
                assert_eq!(at(grace(state)).judged(), Verdict::Remove, "{state:?} {full:?} {thumbnail:?}");
            }
        }
    }
}

#[test]
fn the_graces_are_what_the_documentation_says() {
    let judged = |state, age| Found::whole(false, state, age).judged();
    let (minute, hour) = (TimeDelta::minutes(1), TimeDelta::hours(1));
    for (state, grace) in
        [(PhotoState::Doomed, minute), (PhotoState::Writing, hour), (PhotoState::Kept, TimeDelta::hours(24))]
    {
        assert_eq!(judged(Some(state), grace), Verdict::Remove, "{state:?}");
        assert_eq!(judged(Some(state), grace - MOMENT), Verdict::Wait, "{state:?}");
    }
    assert_eq!((judged(None, hour), judged(None, hour - MOMENT)), (Verdict::Remove, Verdict::Wait));
}

#[test]
fn what_a_profile_shows_is_cleared_if_the_large_picture_is_not_whole() {
    for state in states() {
        for (full, thumbnail) in lengths() {
            let found = Found::whole(true, state, TimeDelta::hours(24)).with(full, thumbnail);
            // Without a record, any length can be the right one.
            let is_whole = full == Some(WHOLE.0) || (state.is_none() && full.is_some());
            assert_eq!(found.judged() == Verdict::Clear, !is_whole, "{state:?} {full:?} {thumbnail:?}");
        }
    }
}

#[test]
fn what_a_profile_shows_is_adopted_unless_it_is_recorded_as_kept() {
    for state in states() {
        let adopted = Verdict::Adopt(WHOLE.0, WHOLE.1);
        let expected = if state == Some(PhotoState::Kept) { Verdict::Nothing } else { adopted };
        assert_eq!(Found::whole(true, state, TimeDelta::hours(24)).judged(), expected, "{state:?}");
    }
}

#[test]
fn what_a_profile_shows_is_judged_at_once_if_it_is_kept_and_else_when_it_is_old_enough() {
    for state in states().filter(|state| *state != Some(PhotoState::Kept)) {
        for (full, thumbnail) in lengths() {
            let young = Found::whole(true, state, grace(state) - MOMENT).with(full, thumbnail);
            if young.is_anything() {
                assert_eq!(young.judged(), Verdict::Nothing, "{state:?} {full:?} {thumbnail:?}");
            }
        }
    }
    let new = Found::whole(true, Some(PhotoState::Kept), TimeDelta::zero());
    assert_eq!((new.judged(), new.with(None, Some(WHOLE.1)).judged()), (Verdict::Nothing, Verdict::Clear));
    let nothing_at_all = Found { is_shown: true, record: None, full: None, thumbnail: None };
    assert_eq!(nothing_at_all.judged(), Verdict::Clear);
}

#[test]
fn shown_photos_without_a_whole_thumbnail_are_counted() {
    let kept = Found::whole(true, Some(PhotoState::Kept), TimeDelta::zero());
    let writing = Found::whole(true, Some(PhotoState::Writing), TimeDelta::hours(1));
    for (thumbnail, expected) in [(None, 1), (Some(WHOLE.1 - 1), 1), (Some(WHOLE.1), 0)] {
        for found in [kept, writing] {
            let plan = plan(time(NOW), &situation(&[found.with(Some(WHOLE.0), thumbnail)]));
            assert_eq!(plan.without_thumbnail, expected, "{thumbnail:?} {found:?}");
        }
    }
}

#[test]
fn adopting_a_photo_does_not_make_its_damaged_thumbnail_the_right_one() {
    let damaged = Found::whole(true, Some(PhotoState::Writing), TimeDelta::hours(1)).with(Some(WHOLE.0), Some(WHOLE.1 - 1));
    let situation = situation(&[damaged]);
    let adopted = plan(time(NOW), &situation).adopt;
    assert_eq!(plan(time(NOW), &Situation { records: adopted, ..situation }).without_thumbnail, 1);
}

#[test]
fn a_record_made_after_the_fact_knows_no_length_and_fits_any() {
    let found = Found { record: Some((PhotoState::Kept, TimeDelta::zero(), (0, 0))), ..Found::whole(true, None, MOMENT) };
    let plan = plan(time(NOW), &situation(&[found]));
    assert_eq!(plan, Plan::default());
}

#[test]
fn the_clock_of_the_store_counts_only_without_a_record_and_by_the_newest_object() {
    let (old, new) = (TimeDelta::hours(24), TimeDelta::zero());
    let recorded = Found { full: Some((WHOLE.0, new)), ..Found::whole(false, Some(PhotoState::Kept), old) };
    assert_eq!(recorded.judged(), Verdict::Remove);
    let unrecorded = Found::whole(false, None, old);
    assert_eq!(Found { full: Some((WHOLE.0, new)), ..unrecorded }.judged(), Verdict::Wait);
    assert_eq!(Found { thumbnail: Some((WHOLE.1, new)), ..unrecorded }.judged(), Verdict::Wait);
    assert_eq!(unrecorded.judged(), Verdict::Remove);
}

#[test]
fn one_user_shows_nothing_for_another_and_one_photo_nothing_for_the_next() {
    let (shown, old) = (a_photo(1), TimeDelta::hours(24));
    let same_content = PhotoId { user: UserId::from_stored("other"), ..shown.clone() };
    let records = [&shown, &same_content, &a_photo(2)]
        .map(|id| Found::whole(false, Some(PhotoState::Kept), old).record(id).unwrap())
        .to_vec();
    let objects = Found::whole(true, None, old).objects(&shown);
    let plan = plan(time(NOW), &Situation { shown: vec![shown.clone(), shown], trashed: Vec::new(), records, objects });
    let removed: BTreeSet<_> = plan.remove.into_iter().map(|candidate| candidate.photo).collect();
    assert_eq!(removed, BTreeSet::from([same_content, a_photo(2)]));
    assert_eq!(plan.clear, []);
}

#[test]
fn what_the_trash_refers_to_is_left_alone_whatever_its_age() {
    let (id, record) = (a_photo(1), a_record(1, PhotoState::Kept));
    let situation = Situation { shown: Vec::new(), trashed: vec![id], records: vec![record], objects: Vec::new() };
    assert_eq!(plan(time(NOW) + TimeDelta::days(400), &situation), Plan::default());
}
