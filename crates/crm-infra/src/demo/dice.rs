//! Random choices, the same for the same seed on every machine.

use std::ops::RangeInclusive;

use chrono::{NaiveDateTime, TimeDelta};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

pub(super) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(super) fn number(&mut self, range: RangeInclusive<u32>) -> u32 {
        self.0.random_range(range)
    }

    pub(super) fn bytes(&mut self) -> [u8; 16] {
        self.0.random()
    }

    pub(super) fn percent(&mut self, chance: u32) -> bool {
        self.0.random_range(0..100) < chance
    }

    /// Something, with this chance.
    pub(super) fn maybe<T>(&mut self, percent: u32, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.percent(percent).then(|| make(self))
    }

    /// Any of them, which must not be none.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.0.random_range(0..from.len())]
    }

    /// One of them, those at the front far more often, as with names of people.
    pub(super) fn pick_common<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.low(from.len())]
    }

    /// One by weight.
    pub(super) fn weigh<T: Copy>(&mut self, from: &[(u32, T)]) -> T {
        let mut left = self.0.random_range(0..from.iter().map(|(weight, _)| weight).sum());
        for (weight, item) in from {
            match u32::checked_sub(left, *weight) {
                Some(rest) => left = rest,
                None => return *item,
            }
        }
        from[0].1
    }

    /// A few of them without repeats.
    pub(super) fn some<'a, T>(&mut self, from: &'a [T], at_most: usize) -> Vec<&'a T> {
        let start = self.0.random_range(0..from.len());
        let count = self.0.random_range(0..=at_most.min(from.len()));
        from.iter().cycle().skip(start).take(count).collect()
    }

    /// A time within, to the millisecond; the start if it is empty.
    pub(super) fn time(&mut self, from: NaiveDateTime, until: NaiveDateTime) -> NaiveDateTime {
        let span = (until - from).num_milliseconds().max(0);
        from + TimeDelta::milliseconds(self.0.random_range(0..=span))
    }

    /// Deals so many things to so many people: a few get a lot, most a little, some nothing.
    pub(super) fn deal(&mut self, things: u64, people: usize) -> Vec<u32> {
        let mut hands = vec![0; people];
        for _ in 0..things {
            let everybody_alike = self.percent(35);
            let place = if everybody_alike { self.0.random_range(0..people) } else { self.lowest(people) };
            hands[place] += 1;
        }
        hands
    }

    /// An index, the more likely the lower, about as 1/n.
    fn low(&mut self, count: usize) -> usize {
        let bound = self.0.random_range(0..count);
        self.0.random_range(0..=bound)
    }

    fn lowest(&mut self, count: usize) -> usize {
        let bound = self.low(count);
        self.0.random_range(0..=bound)
    }
}
