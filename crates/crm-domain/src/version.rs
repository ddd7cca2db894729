//! Which version of a thing somebody saw, so that nobody overwrites what they did not see.
//!
//! A version is made of what the thing says, not of when it was changed: it is right whoever wrote the row, also when
//! two changes fall in one millisecond or the clock goes back. It holds a fingerprint of every field, so that a change
//! based on an old version can be compared field by field although the old version is nowhere stored.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::audit::Accountable;
use crate::digest::hex;

/// Hexadecimal digits over the whole: 128 bits.
const WHOLE: usize = 32;
/// Hexadecimal digits over one field: 24 bits, which tell changes of one field apart, not things.
const FIELD: usize = 6;

/// What a thing says, to those who may see as much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    whole: String,
    fields: Vec<String>,
}

/// Text that this service never gave out as a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a version of this service")]
pub struct MalformedVersion;

impl Version {
    /// The version of a thing as somebody sees it.
    pub fn of(thing: &impl Accountable) -> Self {
        let id = thing.subject().id.unwrap_or_default();
        let fields: Vec<_> = thing.fields().iter().map(|(name, value)| fingerprint(&id, name, value)).collect();
        let mut hasher = Sha256::new();
        for field in &fields {
            hasher.update(field);
        }
        let fields = fields.iter().map(|field| field[..FIELD].to_owned()).collect();
        Self { whole: hex(hasher)[..WHOLE].to_owned(), fields }
    }

    /// The fields of the thing as it is now that differ from this version; all of them if the two can't be compared.
    pub fn differing(&self, now: &impl Accountable) -> Vec<&'static str> {
        let current = Self::of(now);
        let comparable = self.fields.len() == current.fields.len();
        let differs = |index: usize| !comparable || self.fields[index] != current.fields[index];
        let names = now.fields().into_iter().map(|(name, _)| name);
        names.enumerate().filter(|(index, _)| differs(*index)).map(|(_, name)| name).collect()
    }
}

/// In full length, and salted with the id, so that equal values of two things look different.
fn fingerprint(id: &str, name: &str, value: &Value) -> String {
    let mut hasher = Sha256::new();
    for part in [id, name, &value.to_string()] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hex(hasher)
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)?;
        self.fields.iter().try_for_each(|field| f.write_str(field))
    }
}

impl FromStr for Version {
    type Err = MalformedVersion;

    fn from_str(raw: &str) -> Result<Self, MalformedVersion> {
        let is_version = raw.len() >= WHOLE
            && (raw.len() - WHOLE).is_multiple_of(FIELD)
            && raw.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !is_version {
            return Err(MalformedVersion);
        }
        let (whole, fields) = raw.split_at(WHOLE);
        let fields = (0..fields.len()).step_by(FIELD).map(|start| fields[start..start + FIELD].to_owned());
        Ok(Self { whole: whole.to_owned(), fields: fields.collect() })
    }
}

/// What must be so for a change to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precondition {
    seen: Option<Vec<Option<Version>>>,
    merges: bool,
}

impl Precondition {
    /// The thing must still be one of these versions; `None` stands for one that this service never gave out.
    pub fn one_of(seen: Vec<Option<Version>>) -> Self {
        Self { seen: Some(seen), merges: false }
    }

    /// If it is not, what the caller changed and nobody else did is changed all the same.
    #[must_use]
    pub fn or_merge(self, merges: bool) -> Self {
        Self { merges, ..self }
    }

    /// Passes if the thing is as the caller saw it; else names the fields that differ.
    pub(crate) fn check(&self, now: &impl Accountable) -> Result<(), Vec<&'static str>> {
        match self.stale(now) {
            None => Ok(()),
            Some(base) => Err(base.differing(now)),
        }
    }

    /// Likewise for a change that would make it `wanted`; `Some` if that is to be made in part, beside what others
    /// changed meanwhile.
    pub(crate) fn reconcile<T: Accountable>(&self, now: &T, wanted: &T) -> Result<Option<Merged>, Vec<&'static str>> {
        match self.stale(now) {
            None => Ok(None),
            Some(Base(Some(base))) if self.merges => base.merge(now, wanted).map(Some),
            Some(base) => Err(base.differing(now)),
        }
    }

    /// The version the caller saw, if it is not the present one.
    fn stale(&self, now: &impl Accountable) -> Option<Base> {
        let seen = self.seen.as_ref()?;
        let current = Version::of(now);
        if seen.iter().flatten().any(|version| version.whole == current.whole) {
            return None;
        }
        let comparable = |version: &&Version| version.fields.len() == current.fields.len();
        Some(Base(seen.iter().flatten().find(comparable).cloned()))
    }
}

/// An old version; `None` if it can't be compared with the present one.
struct Base(Option<Version>);

impl Base {
    fn differing(&self, now: &impl Accountable) -> Vec<&'static str> {
        match &self.0 {
            Some(base) => base.differing(now),
            None => now.fields().into_iter().map(|(name, _)| name).collect(),
        }
    }
}

/// How two people's changes were put together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Fields that the caller changed.
    pub yours: Vec<&'static str>,
    /// Fields that others changed since the caller looked.
    pub theirs: Vec<&'static str>,
}

impl Version {
    /// Takes from `wanted` what differs from this version, unless others made something else of it meanwhile:
    /// then the fields in question are the error.
    fn merge<T: Accountable>(&self, now: &T, wanted: &T) -> Result<Merged, Vec<&'static str>> {
        let (current, target) = (Self::of(now), Self::of(wanted));
        let (mut merged, mut conflicts) = (Merged::default(), Vec::new());
        for (index, (name, _)) in now.fields().into_iter().enumerate() {
            let [base, current, target] = [self, &current, &target].map(|version| &version.fields[index]);
            let (theirs, yours) = (base != current, base != target && current != target);
            if theirs {
                merged.theirs.push(name);
            }
            match (yours, theirs) {
                (true, true) => conflicts.push(name),
                (true, false) => merged.yours.push(name),
                (false, _) => {}
            }
        }
        if conflicts.is_empty() { Ok(merged) } else { Err(conflicts) }
    }
}

/// A thing after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Updated<T> {
    /// The thing as it is now.
    pub item: T,
    /// How the change was put together with those of others, if it had to be.
    pub merged: Option<Merged>,
}

#[cfg(test)]
mod tests;
