//! Whatever somebody does to the stored audit log, a verification finds it.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::sync::{Arc, Mutex};

use crm_domain::access::Role;
use crm_domain::audit::chain::{Anchor, Flaw, Head};
use crm_domain::audit::{AuditEntry, AuditRecord, AuditVerification};
use crm_domain::ids::TenantId;
use crm_domain::note::NoteType;
use crm_domain::progress::Unwatched;
use crm_domain::testing::MockStore;
use crm_domain::testing::fixtures::{a_note, a_profile, actor_named, some_preferences, tenant};
use proptest::prelude::*;

const LANES: i32 = 4;
const ENTRIES: usize = 60;

/// The tables, and what the log says of them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tables {
    records: Vec<AuditRecord>,
    heads: Vec<Head>,
    anchors: Vec<Anchor>,
}

impl Tables {
    /// Entries of several kinds, spread over the lanes.
    fn written() -> Self {
        let mut heads: Vec<_> = (0..LANES).map(|lane| Head::empty(&tenant(), lane)).collect();
        let (mut records, mut anchors) = (Vec::new(), Vec::new());
        for number in 0..ENTRIES {
            let by = actor_named(&format!("user{}", number % 3), Role::Admin);
            let (note, preferences) = (a_note(NoteType::Medical), some_preferences());
            let entry = match number % 4 {
                0 => AuditEntry::created(by.principal(), &a_profile()),
                1 => AuditEntry::created(by.principal(), &note),
                2 => AuditEntry::deleted(by.principal(), note.created_at, &note),
                _ => AuditEntry::created(by.principal(), &preferences),
            };
            let mut record = AuditRecord::of(&entry, format!("{number:018}"));
            let head = &mut heads[number * 7 % LANES as usize];
            head.append(&mut record);
            records.push(record);
            anchors.push(Anchor { tenant: tenant(), head: head.clone() });
        }
        Self { records, heads, anchors }
    }

    fn verify(&self) -> Vec<Flaw> {
        let mut store = MockStore::default();
        let mut records = self.records.clone();
        records.sort_by_key(|record| (record.lane, record.position));
        let (records, heads) = (Arc::new(records), Arc::new(Mutex::new(self.heads.clone())));
        let (held, ends) = (Arc::clone(&records), Arc::clone(&heads));
        store.audit.expect_lanes().returning(move || {
            let ends = ends.lock().unwrap().iter().map(|head| head.lane).collect::<Vec<_>>();
            Ok(held.iter().map(|record| record.lane).chain(ends).collect())
        });
        store
            .audit
            .expect_head()
            .returning(move |lane| Ok(heads.lock().unwrap().iter().find(|head| head.lane == lane).cloned()));
        store.audit.expect_chain().returning(move |lane, after, _| {
            Ok(records.iter().filter(|record| record.lane == lane && record.position > after).cloned().collect())
        });
        let verification = AuditVerification::new(store.into_ports().ports);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let report = runtime.block_on(verification.run(self.anchors.clone(), &Unwatched)).unwrap();
        report.flaws.into_iter().map(|(.., flaw)| flaw).collect()
    }

    fn tamper(&mut self, tampering: &Tampering) {
        match tampering {
            Tampering::Edit(row, column) => edit(&mut self.records[*row], *column),
            Tampering::Delete(row) => drop(self.records.remove(*row)),
            Tampering::Repeat(row) => {
                let record = self.records[*row].clone();
                self.records.push(record);
            }
            Tampering::Add(row, position) => {
                let forged = AuditRecord { position: *position, ..self.records[*row].clone() };
                self.records.push(forged);
            }
            Tampering::Swap(one, other) => {
                let (one, other) = (*one, *other);
                let place = |record: &AuditRecord| (record.lane, record.position);
                let (first, second) = (place(&self.records[one]), place(&self.records[other]));
                (self.records[one].lane, self.records[one].position) = second;
                (self.records[other].lane, self.records[other].position) = first;
            }
            Tampering::CutOff(row) => {
                let AuditRecord { lane, position, .. } = self.records[*row];
                self.records.retain(|record| record.lane != lane || record.position < position);
            }
            Tampering::CutOffWithHead(row) => {
                self.tamper(&Tampering::CutOff(*row));
                self.rewind_heads();
            }
            Tampering::Rewrite(row, column) => {
                edit(&mut self.records[*row], *column);
                self.rechain();
            }
            Tampering::Forget => {
                self.records.clear();
                self.heads.clear();
            }
        }
    }

    /// Makes the heads fit what is left.
    fn rewind_heads(&mut self) {
        for head in &mut self.heads {
            let last = self.records.iter().filter(|record| record.lane == head.lane).max_by_key(|record| record.position);
            *head = last.map_or_else(
                || Head::empty(&tenant(), head.lane),
                |last| Head { lane: last.lane, position: last.position, hash: last.hash.clone() },
            );
        }
    }

    /// Computes every hash anew, as somebody could who knows how it is done.
    fn rechain(&mut self) {
        self.records.sort_by_key(|record| (record.lane, record.position));
        self.heads = (0..LANES).map(|lane| Head::empty(&tenant(), lane)).collect();
        for record in &mut self.records {
            if let Some(head) = self.heads.iter_mut().find(|head| head.lane == record.lane) {
                head.append(record);
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Tampering {
    Edit(usize, usize),
    Delete(usize),
    Repeat(usize),
    Add(usize, i64),
    Swap(usize, usize),
    CutOff(usize),
    CutOffWithHead(usize),
    Rewrite(usize, usize),
    Forget,
}

const COLUMNS: usize = 18;

/// Changes one column of a record to something else.
fn edit(record: &mut AuditRecord, column: usize) {
    let AuditRecord { id, lane, position, at, user, role, address, request, action, denied, .. } = record;
    let AuditRecord { resource, resource_id, profile, author, note_type, is_private, changes, hash, .. } = record;
    let toggle = |text: &mut Option<String>| *text = if text.is_some() { None } else { Some(String::new()) };
    match column {
        0 => id.push('0'),
        1 => *lane += 1,
        2 => *position += 1,
        3 => *at += chrono::TimeDelta::milliseconds(1),
        4 => toggle(user),
        5 => toggle(role),
        6 => toggle(address),
        7 => toggle(request),
        8 => action.push('X'),
        9 => toggle(denied),
        10 => resource.push('X'),
        11 => toggle(resource_id),
        12 => toggle(profile),
        13 => toggle(author),
        14 => toggle(note_type),
        15 => *is_private = if is_private.is_some() { None } else { Some(false) },
        16 => changes.push(' '),
        17 => hash.push('0'),
        _ => unreachable!("there are {COLUMNS} columns"),
    }
}

fn tamperings() -> impl Strategy<Value = Tampering> {
    prop_oneof![
        6 => (0..ENTRIES, 0..COLUMNS).prop_map(|(row, column)| Tampering::Edit(row, column)),
        3 => (0..ENTRIES).prop_map(Tampering::Delete),
        1 => (0..ENTRIES).prop_map(Tampering::Repeat),
        1 => (0..ENTRIES, -3..1_i64).prop_map(|(row, position)| Tampering::Add(row, position)),
        3 => (0..ENTRIES, 0..ENTRIES).prop_map(|(one, other)| Tampering::Swap(one, other)),
        2 => (0..ENTRIES).prop_map(Tampering::CutOff),
        2 => (0..ENTRIES).prop_map(Tampering::CutOffWithHead),
        2 => (0..ENTRIES, 3..17_usize).prop_map(|(row, column)| Tampering::Rewrite(row, column)),
        1 => Just(Tampering::Forget),
    ]
}

#[test]
fn what_was_written_has_no_flaw() {
    assert_eq!(Tables::written().verify(), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_tampering_is_found(tampering in tamperings()) {
        let written = Tables::written();
        let mut tables = written.clone();
        tables.tamper(&tampering);
        prop_assert_eq!(tables.verify().is_empty(), tables == written, "{:?}", tampering);
    }
}

#[test]
fn without_the_log_only_what_is_cut_off_or_written_anew_together_with_its_head_goes_unnoticed() {
    let row = 20;
    for (tampering, is_found) in [
        (Tampering::Edit(row, 16), true),
        (Tampering::CutOff(row), true),
        (Tampering::CutOffWithHead(row), false),
        (Tampering::Rewrite(row, 16), false),
    ] {
        let mut tables = Tables::written();
        tables.tamper(&tampering);
        tables.anchors.clear();
        assert_eq!(!tables.verify().is_empty(), is_found, "{tampering:?}");
    }
}

#[test]
fn a_flaw_is_reported_where_it_is_and_once() {
    let mut tables = Tables::written();
    tables.anchors.clear();
    let (lane, position) = (tables.records[20].lane, tables.records[20].position);
    tables.records[20].changes.push(' ');
    assert_eq!(tables.verify(), [Flaw::Altered(position)]);
    tables.records.remove(20);
    let after = position + 1;
    assert!(tables.records.iter().any(|record| (record.lane, record.position) == (lane, after)));
    assert_eq!(tables.verify(), [Flaw::Gap(position - 1, after)]);
}

#[test]
fn an_anchor_is_found_in_a_line_of_either_format() {
    let head = Head { lane: 3, position: 42, hash: "ab".repeat(32) };
    for tenant in ["t1", "tenant:with:colons"] {
        let anchor = Anchor { tenant: TenantId::from_stored(tenant), head: head.clone() };
        for line in [
            format!("2026-11-23T10:00:00.000Z  INFO crm_audit: the audit log grew anchor={anchor}"),
            format!(r#"{{"message":"the audit log grew","anchor":"{anchor}","target":"crm_audit"}}"#),
            format!("\u{1b}[3manchor\u{1b}[0m={anchor}\u{1b}[0m"),
        ] {
            assert_eq!(Anchor::find(&line), Some(anchor.clone()), "{line}");
        }
    }
    for other in ["", "crm-audit:", "crm-audit:t1:3:42", "crm-audit:t1:x:42:ab", "the audit log grew"] {
        assert_eq!(Anchor::find(other), None, "{other}");
    }
}
