//! Chains of entries: each holds a hash over itself and all before it, so that none can be edited, removed, moved or
//! added unnoticed.
//!
//! A tenant has [`LANES`] chains, so that as many writers can commit at once. What follows the last entry is given by
//! the lane's [`Head`]; that both are cut back together is told by the [`Anchor`]s in the log.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::AuditRecord;
use crate::digest::hex;
use crate::ids::TenantId;

/// Chains per tenant.
pub const LANES: i32 = 8;
/// What an anchor begins with in the log.
const MARK: &str = "crm-audit:";

/// The end of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which chain of the tenant.
    pub lane: i32,
    /// Place of its last entry; 0 if it has none.
    pub position: i64,
    /// Hash of its last entry.
    pub hash: String,
}

impl Head {
    /// The end of a chain without entries.
    pub fn empty(tenant: &TenantId, lane: i32) -> Self {
        let mut hasher = Sha256::new();
        part(&mut hasher, Some(b"citaplanner_crm audit 1"));
        part(&mut hasher, Some(tenant.as_str().as_bytes()));
        hasher.update(lane.to_be_bytes());
        Self { lane, position: 0, hash: hex(hasher) }
    }

    /// Puts a record at the end.
    pub fn append(&mut self, record: &mut AuditRecord) {
        (record.lane, record.position) = (self.lane, self.position + 1);
        record.hash = link(&self.hash, record);
        (self.position, self.hash) = (record.position, record.hash.clone());
    }
}

/// The hash of a record that follows one with this hash. It covers every column but itself.
pub fn link(previous: &str, record: &AuditRecord) -> String {
    let AuditRecord { id, lane, position, at, user, role, address, request, action, denied, .. } = record;
    let AuditRecord { resource, resource_id, profile, author, note_type, is_private, changes, hash: _, .. } = record;
    let mut hasher = Sha256::new();
    part(&mut hasher, Some(previous.as_bytes()));
    hasher.update(lane.to_be_bytes());
    hasher.update(position.to_be_bytes());
    hasher.update(at.timestamp_millis().to_be_bytes());
    let given = [user, role, address, request, denied, resource_id, profile, author, note_type];
    let required = [id, action, resource, changes];
    for text in required {
        part(&mut hasher, Some(text.as_bytes()));
    }
    for text in given {
        part(&mut hasher, text.as_deref().map(str::as_bytes));
    }
    hasher.update([is_private.map_or(2, u8::from)]);
    hex(hasher)
}

/// With its length, so that nothing can move from one column to the next under the same hash.
fn part(hasher: &mut Sha256, bytes: Option<&[u8]>) {
    let length = bytes.map_or(u64::MAX, |bytes| bytes.len() as u64);
    hasher.update(length.to_be_bytes());
    hasher.update(bytes.unwrap_or_default());
}

/// The end of a chain as it was once, written to the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Whose chain.
    pub tenant: TenantId,
    /// The end.
    pub head: Head,
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Head { lane, position, hash } = &self.head;
        write!(f, "{MARK}{}:{lane}:{position}:{hash}", self.tenant)
    }
}

impl Anchor {
    /// The anchor in a line of the log, if it holds one.
    pub fn find(text: &str) -> Option<Self> {
        let rest = &text[text.find(MARK)? + MARK.len()..];
        let word = rest.split(|c: char| c.is_whitespace() || c == '"' || c == '\u{1b}').next()?;
        let mut parts = word.rsplitn(4, ':');
        let (hash, position, lane, tenant) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let head = Head { lane: lane.parse().ok()?, position: position.parse().ok()?, hash: hash.to_owned() };
        Some(Self { tenant: TenantId::from_stored(tenant), head })
    }
}

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// The entry at this place is not the one that was written there.
    Altered(i64),
    /// Between these places entries are missing, or one is there twice.
    Gap(i64, i64),
    /// The chain ends elsewhere than its head says: here.
    CutOff(i64),
    /// The log says that there was another entry, or any, at this place.
    Unlike(i64),
    /// There are entries in a chain that has no head.
    Headless,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered(position) => write!(f, "entry {position} is not the one that was written"),
            Self::Gap(from, to) => write!(f, "entry {to} follows entry {from}"),
            Self::CutOff(position) => write!(f, "it ends with entry {position}, and should not"),
            Self::Unlike(position) => write!(f, "entry {position} is not the one that the log speaks of"),
            Self::Headless => write!(f, "there should be no such chain"),
        }
    }
}

/// Checks a chain, record by record.
#[derive(Debug)]
pub struct Verifier {
    head: Head,
    /// Place of the last record that was checked; before any that can be.
    last: i64,
    anchors: Vec<Head>,
    flaws: Vec<Flaw>,
}

impl Verifier {
    /// Begins before the first record of a lane, whose end was at each of these anchors once.
    pub fn new(tenant: &TenantId, lane: i32, mut anchors: Vec<Head>) -> Self {
        anchors.sort_by_key(|anchor| std::cmp::Reverse(anchor.position));
        Self { head: Head::empty(tenant, lane), last: i64::MIN, anchors, flaws: Vec::new() }
    }

    /// The end of what was checked.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Place of the last record that was checked.
    pub fn position(&self) -> i64 {
        self.last
    }

    /// Takes the next record, by position.
    pub fn check(&mut self, record: &AuditRecord) {
        if record.position != self.head.position + 1 {
            self.flaws.push(Flaw::Gap(self.head.position, record.position));
        } else if link(&self.head.hash, record) != record.hash {
            self.flaws.push(Flaw::Altered(record.position));
        }
        // Goes on from what is there, so that one flaw is not reported for every record that follows.
        self.last = record.position;
        (self.head.position, self.head.hash) = (record.position, record.hash.clone());
        while let Some(anchor) = self.anchors.pop_if(|anchor| anchor.position <= record.position) {
            if anchor != self.head {
                self.flaws.push(Flaw::Unlike(anchor.position));
            }
        }
    }

    /// Ends after the last record, where the chain should end too.
    pub fn finish(mut self, stored: Option<&Head>) -> Vec<Flaw> {
        match stored {
            None if self.last > i64::MIN => self.flaws.push(Flaw::Headless),
            Some(stored) if *stored != self.head => self.flaws.push(Flaw::CutOff(self.head.position)),
            _ => {}
        }
        self.flaws
            .extend(self.anchors.iter().filter(|anchor| anchor.position > 0).map(|anchor| Flaw::Unlike(anchor.position)));
        self.flaws
    }
}
