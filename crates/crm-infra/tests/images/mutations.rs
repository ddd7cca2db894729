//! Damaged photos: whatever is changed in a file, the answer is a photo or a reason why not.

use std::time::{Duration, Instant};

use crm_domain::photo::{PhotoProcessor, ProcessingError};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::files::png::with_right_checksums;
use crate::support::{Picture, fixture, photos, processor};

/// The longest that one photo may be worked on, and as much again for a machine that does other things.
const LONGEST: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
enum Edit {
    Flip(Index, u8),
    Set(Index, u8),
    Remove(Index, usize),
    Insert(Index, Vec<u8>),
    Repeat(Index, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let telling = prop_oneof![Just(0), Just(1), Just(0x7F), Just(0x80), Just(0xFF), any::<u8>()];
    prop_oneof![
        4 => (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Edit::Flip(at, bit)),
        4 => (any::<Index>(), telling).prop_map(|(at, byte)| Edit::Set(at, byte)),
        1 => (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        1 => (any::<Index>(), vec(any::<u8>(), 1..50)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        1 => (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Edit::Repeat(at, length)),
    ]
}

impl Edit {
    fn apply(self, file: &mut Vec<u8>) {
        if file.is_empty() {
            return;
        }
        let length = file.len();
        match self {
            Self::Flip(at, bit) => file[at.index(length)] ^= 1 << bit,
            Self::Set(at, byte) => file[at.index(length)] = byte,
            Self::Remove(at, count) => drop(file.drain(at.index(length)..(at.index(length) + count).min(length))),
            Self::Insert(at, bytes) => drop(file.splice(at.index(length)..at.index(length), bytes)),
            Self::Repeat(at, count) => {
                let at = at.index(length);
                file.splice(at..at, file[at..(at + count).min(length)].to_vec());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_damaged_photo_is_a_photo_or_refused(which: Index, edits in vec(edit(), 1..6), is_checked: bool) {
        let names = photos();
        let mut file = fixture(&names[which.index(names.len())]);
        for edit in edits {
            edit.apply(&mut file);
        }
        let file = if is_checked { file } else { with_right_checksums(file) };

        let started = Instant::now();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        match runtime.block_on(processor().process(file)) {
            Ok(photo) => {
                let full = Picture::decode(&photo.full);
                prop_assert_eq!(full.size(), (photo.width as usize, photo.height as usize));
                prop_assert!(photo.width.max(photo.height) <= 512);
                prop_assert_eq!(Picture::decode(&photo.thumbnail).size(), (96, 96));
            }
            Err(ProcessingError::Rejected(_)) => {}
            Err(error) => prop_assert!(false, "{error:?}"),
        }
        prop_assert!(started.elapsed() < LONGEST, "{:?}", started.elapsed());
    }
}
