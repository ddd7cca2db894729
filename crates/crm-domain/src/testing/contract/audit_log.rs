//! The audit log: stored with the changes, chained, as private as the notes it speaks of.

use futures_util::future::join_all;

use super::world::{World, admin, note, profile};
use super::{StoreHarness, pages, samples};
use crate::access::{Action, Actor, Role};
use crate::audit::chain::{Anchor, Flaw, Head, LANES};
use crate::audit::{
    Accountable as _, AuditAction, AuditEntry, AuditFilter, AuditVerification, Listed, NoteGuard, Principal, Subject,
};
use crate::history::DateRange;
use crate::note::{ClientNote, NoteType};
use crate::page::{PageRequest, Start};
use crate::profile::ClientProfile;
use crate::progress::Unwatched;
use crate::store::Repositories;
use crate::testing::fixtures::{self, actor_in, time};
use crate::testing::rows;

/// How many people commit at the same time.
const WRITERS: usize = 40;

async fn commit(world: &World<'_>, entries: impl IntoIterator<Item = AuditEntry>) {
    world.begin().await.commit(entries.into_iter().collect()).await.unwrap();
}

async fn listed(world: &World<'_>, reader: &Actor, filter: &AuditFilter) -> Vec<AuditEntry> {
    let found = world.t1().audit().list(&reader.note_visibility(), filter, &pages::everything()).await.unwrap();
    assert_eq!(found.total, found.items.len() as u64);
    found.items.into_iter().map(|Listed { entry, .. }| entry).collect()
}

async fn flaws(world: &World<'_>, anchors: Vec<Anchor>) -> Vec<Flaw> {
    let report = AuditVerification::new(world.ports()).run(anchors, &Unwatched).await.unwrap();
    report.flaws.into_iter().map(|(.., flaw)| flaw).collect()
}

/// An entry of every kind, a second apart, oldest first.
fn entries() -> Vec<AuditEntry> {
    let (admin, now) = (admin(), time(fixtures::NOW));
    let (by, stranger) = (admin.principal(), Principal::default());
    let (p1, p2) = (profile("p1", "u1"), profile("p2", "u2"));
    let after = ClientProfile { details: samples::full_details(), ..p1.clone() };
    let medical = ClientNote { note_type: NoteType::Medical, ..note("n1", "p1") };
    let (staff, photo) = ("staff".parse().unwrap(), fixtures::a_photo(1));
    let refused = Subject { profile: None, ..p2.subject() };
    let mut entries = vec![
        AuditEntry::created(by, &p1),
        AuditEntry::updated(by, &p1, &after),
        AuditEntry::created(by, &medical),
        AuditEntry::read(by, now, medical.subject()),
        AuditEntry::exported(by, now, &p1),
        AuditEntry::deleted(by, now, &medical),
        AuditEntry::restored(by, now, &medical),
        AuditEntry::of_photo(by, now, AuditAction::Deleted, &photo, &p2.id),
        AuditEntry::purged(&stranger, now, p2.subject()),
        AuditEntry::signed_in(by, now, &staff, true),
        AuditEntry::signed_in(&stranger, now, &staff, false),
        AuditEntry::denied(by, now, Action::DeleteProfile, refused),
    ];
    for (second, entry) in (1..).zip(&mut entries) {
        entry.at = now + chrono::TimeDelta::seconds(second);
        entry.by.origin.request = Some(format!("r{second}"));
    }
    entries
}

pub async fn an_entry_of_every_kind_is_read_back_as_it_was_written_newest_first(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let mut expected = entries();
    for entry in expected.clone() {
        commit(&world, [entry]).await;
    }
    expected.reverse();
    assert_eq!(listed(&world, &admin(), &AuditFilter::default()).await, expected);
    let theirs = world.t2().audit().list(&admin().note_visibility(), &AuditFilter::default(), &pages::everything()).await;
    assert_eq!(theirs.unwrap().total, 0, "another tenant's log");
}

pub async fn entries_are_found_by_person_client_action_and_time(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    commit(&world, entries()).await;
    let expected = |keep: &dyn Fn(&AuditEntry) -> bool| {
        let mut kept: Vec<_> = entries().into_iter().filter(|entry| keep(entry)).collect();
        kept.reverse();
        assert!(!kept.is_empty());
        kept
    };
    let (from, until) = (entries()[3].at, entries()[6].at);
    let staff = "staff".parse().unwrap();
    let of_p1 = AuditFilter { profile: Some("p1".parse().unwrap()), ..AuditFilter::default() };
    assert_eq!(
        listed(&world, &admin(), &of_p1).await,
        expected(&|entry| entry.subject.profile.as_ref().is_some_and(|id| id.as_str() == "p1"))
    );
    let by_staff = AuditFilter { user: Some(staff), ..AuditFilter::default() };
    assert_eq!(listed(&world, &admin(), &by_staff).await, expected(&|entry| entry.by.user.is_some()));
    let reads = AuditFilter { action: Some(AuditAction::Read), ..AuditFilter::default() };
    assert_eq!(listed(&world, &admin(), &reads).await, expected(&|entry| entry.action == AuditAction::Read));
    let range = DateRange { from: Some(from), until: Some(until) };
    let then = AuditFilter { range, ..AuditFilter::default() };
    assert_eq!(listed(&world, &admin(), &then).await, expected(&|entry| entry.at >= from && entry.at < until));
    let both = AuditFilter { action: Some(AuditAction::Created), ..of_p1 };
    assert_eq!(listed(&world, &admin(), &both).await.len(), 2);
}

pub async fn pages_of_entries_never_overlap_and_cover_all(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    // All at the same moment, so that ids decide.
    let entries = (0..25).map(|_| AuditEntry::created(admin().principal(), &profile("p1", "u1")));
    commit(&world, entries).await;
    let (mut seen, mut page) = (Vec::new(), PageRequest::first(7));
    loop {
        let found = world.t1().audit().list(&admin().note_visibility(), &AuditFilter::default(), &page).await.unwrap();
        assert_eq!(found.total, 25);
        seen.extend(found.items.into_iter().map(|item| item.id));
        let Some(next) = found.next else { break };
        page = PageRequest::new(Start::After(next), 7).unwrap();
    }
    assert_eq!(seen.len(), 25);
    assert!(seen.is_sorted_by(|newer, older| newer > older), "{seen:?}");
}

pub async fn an_entry_is_as_private_as_its_note_was_then_has_been_since_and_is_now(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::user("boss").with("role", "MANAGER")]).await;
    let (manager, author) = (actor_in("t1", "boss", Role::Manager), actor_in("t1", "staff", Role::Professional));
    let public = |id: &str| note(id, "p1");
    let private = |id: &str| ClientNote { is_private: true, ..public(id) };
    let admin = admin();
    let by = admin.principal();
    // Once private, now public.
    world.store_note(&public("opened")).await;
    commit(&world, [AuditEntry::created(by, &private("opened"))]).await;
    commit(&world, [AuditEntry::updated(by, &private("opened"), &public("opened"))]).await;
    commit(&world, [AuditEntry::read(by, time(fixtures::NOW), public("opened").subject())]).await;
    // Once public, made private by us.
    world.store_note(&private("closed")).await;
    commit(&world, [AuditEntry::created(by, &public("closed"))]).await;
    commit(&world, [AuditEntry::updated(by, &public("closed"), &private("closed"))]).await;
    // Made private by another application.
    world.store_note(&private("hidden")).await;
    commit(&world, [AuditEntry::created(by, &public("hidden"))]).await;
    // Deleted when it was private.
    commit(&world, [AuditEntry::created(by, &public("gone"))]).await;
    commit(&world, [AuditEntry::deleted(by, time(fixtures::NOW), &private("gone"))]).await;
    // No note at all.
    commit(&world, [AuditEntry::created(by, &profile("p1", "u1"))]).await;

    let seen = async |reader: &Actor| {
        let entries = listed(&world, reader, &AuditFilter::default()).await;
        entries
            .into_iter()
            .map(|entry| format!("{} {}", entry.action.as_str(), entry.subject.id.unwrap()))
            .collect::<Vec<_>>()
    };
    let mut of_manager = seen(&manager).await;
    of_manager.sort();
    assert_eq!(of_manager, ["CREATED p1", "READ opened"]);
    assert_eq!(seen(&admin).await.len(), 9);
    assert_eq!(seen(&author).await.len(), 9, "the author of every note");
}

pub async fn a_change_and_its_account_are_stored_together_or_not_at_all(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::user("u3")]).await;
    let new = profile("p3", "u3");
    {
        let unit = world.begin().await;
        unit.profiles().insert(&new).await.unwrap();
    }
    assert_eq!(listed(&world, &admin(), &AuditFilter::default()).await, []);
    let unit = world.begin().await;
    unit.profiles().insert(&new).await.unwrap();
    unit.commit(vec![AuditEntry::created(admin().principal(), &new)]).await.unwrap();
    assert_eq!(listed(&world, &admin(), &AuditFilter::default()).await.len(), 1);
    assert!(world.t1().profiles().find(&new.id).await.unwrap().is_some());
}

pub async fn many_writers_at_once_leave_whole_chains_whose_entries_are_in_order(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let write = async |writer: usize| {
        for _ in 0..3 {
            let tenant = if writer.is_multiple_of(4) { "t2" } else { "t1" };
            let entry = AuditEntry::created(admin().principal(), &profile("p1", "u1"));
            world.begin_in(tenant).await.commit(vec![entry.clone(), entry]).await.unwrap();
        }
    };
    join_all((0..WRITERS).map(write)).await;
    assert_eq!(flaws(&world, Vec::new()).await, []);
    let (mine, theirs) = (world.t1(), world.t2());
    let all = async |read: &dyn Repositories| {
        let mut records = Vec::new();
        for lane in 0..LANES {
            records.extend(read.audit().chain(lane, 0, 1_000).await.unwrap());
        }
        records
    };
    let (mine, theirs) = (all(&*mine).await, all(&*theirs).await);
    assert_eq!((mine.len(), theirs.len()), (WRITERS * 3 / 4 * 6, WRITERS / 4 * 6));
    let mut ids: Vec<_> = mine.iter().map(|record| &record.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), mine.len(), "every entry of a tenant has an id of its own");
}

pub async fn what_the_stored_log_was_made_to_say_is_found_out(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    commit(&world, entries()).await;
    commit(&world, entries()).await;
    assert_eq!(flaws(&world, Vec::new()).await, []);

    let read = world.t1();
    let mut lanes = Vec::new();
    for lane in read.audit().lanes().await.unwrap() {
        lanes.extend(read.audit().head(lane).await.unwrap().filter(|head| head.position > 0));
    }
    let end = lanes[0].clone();
    let anchor = |head: Head| Anchor { tenant: admin().tenant().clone(), head };
    assert_eq!(flaws(&world, vec![anchor(end.clone())]).await, []);
    let other = Head { hash: "0".repeat(64), ..end.clone() };
    assert_eq!(flaws(&world, vec![anchor(other)]).await, [Flaw::Unlike(end.position)]);
    let further = Head { position: end.position + 1, ..end.clone() };
    assert_eq!(flaws(&world, vec![anchor(further)]).await, [Flaw::Unlike(end.position + 1)]);
    world.sql(&format!("UPDATE crm_audit_heads SET position = position - 1 WHERE lane = {}", end.lane)).await;
    assert_eq!(flaws(&world, Vec::new()).await, [Flaw::CutOff(end.position)]);
    world.sql(&format!("DELETE FROM crm_audit_heads WHERE lane = {}", end.lane)).await;
    assert_eq!(flaws(&world, Vec::new()).await, [Flaw::Headless]);
}

pub async fn what_guards_a_changed_note_guards_the_account_of_the_change(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let before = ClientNote { note_type: NoteType::Medical, ..note("n1", "p1") };
    let after = ClientNote { note_type: NoteType::General, is_private: true, ..before.clone() };
    commit(&world, [AuditEntry::updated(admin().principal(), &before, &after)]).await;
    let found = listed(&world, &admin(), &AuditFilter::default()).await;
    let guard = NoteGuard { author: before.author, note_type: NoteType::Medical, is_private: true };
    assert_eq!(found[0].subject.note, Some(guard));
}
