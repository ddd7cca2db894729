//! What accounting for changes costs; run by `scripts/bench-audit.sh`.
//!
//! A note is created by the service, with its account and maybe under an `Idempotency-Key`, and by the same statements
//! without either, in turn. Then many write at once into one tenant and into as many tenants, and a long log is verified.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that fails must stop")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use crm_domain::access::{Actor, Role};
use crm_domain::audit::{AuditEntry, AuditVerification};
use crm_domain::idempotency::RequestKey;
use crm_domain::ids::NoteId;
use crm_domain::note::{ClientNote, Content, NewNote, NoteService, NoteType};
use crm_domain::ports::Ports;
use crm_domain::progress::Unwatched;
use crm_domain::testing::fixtures::{a_profile, actor_in};
use crm_domain::testing::rows;
use crm_infra::testing::TestDatabase;
use crm_infra::{CuidGenerator, SeaStore, SystemClock};
use futures_util::future::join_all;

const ROUNDS: usize = 1_000;
const WRITERS: usize = 16;
const EACH: usize = 100;
const ENTRIES: usize = 100_000;

fn tenant(number: usize) -> Actor {
    actor_in(&format!("t{number}"), &format!("pro{number}"), Role::Professional)
}

async fn open(database: &TestDatabase) -> Ports {
    for number in 0..WRITERS {
        let (t, pro, client) = (format!("t{number}"), format!("pro{number}"), format!("client{number}"));
        let user = |id: &str| rows::user(id).with("tenantId", t.as_str());
        for row in [rows::tenant(&t), user(&pro), user(&client), rows::profile(&format!("p{number}"), &client)] {
            database.execute(&row.to_string()).await;
        }
        // A client of the first tenant for each writer, since those who write on one profile wait for each other anyway.
        let client = format!("guest{number}");
        let user = rows::user(&client).with("tenantId", "t0");
        for row in [user, rows::profile(&format!("q{number}"), &client)] {
            database.execute(&row.to_string()).await;
        }
    }
    let store = Arc::new(SeaStore::new(database.database().clone()));
    Ports { store, clock: Arc::new(SystemClock), ids: Arc::new(CuidGenerator) }
}

fn new_note(profile: &str) -> NewNote {
    let (profile_id, content) = (profile.parse().unwrap(), Content::parse("Prefiere las mañanas").unwrap());
    NewNote { profile_id, author: None, note_type: NoteType::General, content, is_private: false }
}

/// The statements of the service, without what accounts for them.
async fn unaccounted(ports: &Ports, actor: &Actor, new: NewNote) {
    let unit = ports.store.begin(actor.scope()).await.unwrap();
    let profile = unit.profiles().find(&new.profile_id).await.unwrap().unwrap();
    let now = ports.clock.now();
    let note = ClientNote {
        id: NoteId::from_stored(ports.ids.next_id()),
        profile_id: profile.id,
        author: actor.user().clone(),
        note_type: new.note_type,
        content: new.content,
        is_private: new.is_private,
        created_at: now,
        updated_at: now,
    };
    unit.notes().insert(&note).await.unwrap();
    unit.notes().find(&actor.note_visibility(), &note.id).await.unwrap().unwrap();
    unit.commit(Vec::new()).await.unwrap();
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1_000.0
}

async fn one_by_one(name: &str, ports: &Ports) {
    let (notes, actor) = (NoteService::new(ports.clone()), tenant(0));
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let start = Instant::now();
        unaccounted(ports, &actor, new_note("p0")).await;
        times[0].push(start.elapsed());
        let start = Instant::now();
        notes.create(&actor, new_note("p0")).await.unwrap();
        times[1].push(start.elapsed());
        let key = RequestKey { key: format!("key {round}"), request: String::new() };
        let start = Instant::now();
        notes.create(&actor.clone().sending(key), new_note("p0")).await.unwrap();
        times[2].push(start.elapsed());
    }
    let [plain, audited, keyed] = times.map(median);
    println!("| {name} | {plain:.2} ms | {audited:.2} ms | {:.2} | {keyed:.2} ms | {:.2} |", audited / plain, keyed / plain);
}

/// Notes a second when all write into one tenant, and when each writes into a tenant of its own.
async fn at_once(name: &str, ports: &Ports) {
    let notes = NoteService::new(ports.clone());
    let run = async |same: bool| {
        let write = async |writer: usize| {
            let (number, profile) = if same { (0, format!("q{writer}")) } else { (writer, format!("p{writer}")) };
            for _ in 0..EACH {
                notes.create(&tenant(number), new_note(&profile)).await.unwrap();
            }
        };
        let start = Instant::now();
        join_all((0..WRITERS).map(write)).await;
        f64::from(u32::try_from(WRITERS * EACH).unwrap()) / start.elapsed().as_secs_f64()
    };
    let mut ratios = Vec::new();
    let (mut one, mut many) = (0.0, 0.0);
    for _ in 0..3 {
        (one, many) = (run(true).await, run(false).await);
        ratios.push(one / many);
    }
    ratios.sort_by(f64::total_cmp);
    println!("| {name} | {one:.0} | {many:.0} | {:.2} |", ratios[1]);
}

async fn verification(name: &str, ports: &Ports) {
    let actor = tenant(1);
    let entries: Vec<_> = (0..500).map(|_| AuditEntry::created(actor.principal(), &a_profile())).collect();
    for _ in 0..ENTRIES / entries.len() {
        let unit = ports.store.begin(actor.scope()).await.unwrap();
        unit.commit(entries.clone()).await.unwrap();
    }
    let start = Instant::now();
    let report = AuditVerification::new(ports.clone()).run(Vec::new(), &Unwatched).await.unwrap();
    assert!(report.flaws.is_empty());
    println!("| {name} | {} | {:.2} s |", report.entries, start.elapsed().as_secs_f64());
}

#[tokio::main]
async fn main() {
    let databases = [("SQLite", Some(TestDatabase::sqlite().await)), ("PostgreSQL", TestDatabase::postgres().await)];
    let mut engines = Vec::new();
    for (name, database) in &databases {
        if let Some(database) = database {
            engines.push((name, open(database).await));
        }
    }
    println!("Medians of {ROUNDS} notes of each kind, turn by turn:\n");
    println!("| Engine | bare | with its account | ratio | and under a key | ratio |\n|---|---|---|---|---|---|");
    for (name, ports) in &engines {
        one_by_one(name, ports).await;
    }
    println!("\n{WRITERS} writers at once, notes a second; the ratio is the median of three rounds:\n");
    println!("| Engine | into one tenant | into {WRITERS} tenants | ratio |\n|---|---|---|---|");
    for (name, ports) in &engines {
        at_once(name, ports).await;
    }
    println!("\nVerification:\n\n| Engine | entries | time |\n|---|---|---|");
    for (name, ports) in &engines {
        verification(name, ports).await;
    }
}
