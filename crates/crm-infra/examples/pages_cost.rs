//! What the queries behind pages cost in a tenant with very many clients; run by `scripts/bench-pages.sh`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that fails must stop")]

use std::sync::Arc;
use std::time::Instant;

use chrono::TimeDelta;
use crm_domain::access::{Actor, Role};
use crm_domain::clock::Clock as _;
use crm_domain::directory::DirectoryService;
use crm_domain::error::CrmError;
use crm_domain::history::{HistoryPeriod, HistoryService};
use crm_domain::ids::ProfileId;
use crm_domain::note::NoteService;
use crm_domain::page::{PageRequest, Start};
use crm_domain::ports::Ports;
use crm_domain::profile::{PossibleDuplicate, ProfileFilter, ProfileOrder, ProfileService, ProfileSummary, SearchTerms};
use crm_domain::progress::Unwatched;
use crm_domain::testing::MockPhotoStore;
use crm_domain::testing::fixtures::actor_in;
use crm_infra::demo::{self, DemoPlan};
use crm_infra::testing::TestDatabase;
use crm_infra::{CuidGenerator, SeaStore, SystemClock};

const ROUNDS: usize = 5;

/// What a page asks for, by which services.
struct Pages {
    profiles: ProfileService,
    history: HistoryService,
    notes: NoteService,
    directory: DirectoryService,
    ports: Ports,
    actor: Actor,
}

impl Pages {
    fn of(ports: Ports, tenant: &str) -> Self {
        Self {
            profiles: ProfileService::new(ports.clone(), Arc::new(MockPhotoStore::new())),
            history: HistoryService::new(ports.clone()),
            notes: NoteService::new(ports.clone()),
            directory: DirectoryService::new(ports.clone()),
            actor: actor_in(tenant, "nobody", Role::Admin),
            ports,
        }
    }

    async fn list(&self, filter: ProfileFilter, page: PageRequest) -> Result<u64, CrmError> {
        Ok(self.profiles.list(&self.actor, &filter, &page).await?.total)
    }

    async fn figures(&self) -> Result<u64, CrmError> {
        let (read, now) = (self.ports.store.read(self.actor.scope()), self.ports.clock.now());
        Ok(read.profiles().figures(now - TimeDelta::days(20), now).await?.with_upcoming)
    }
}

async fn measure(name: &str, ask: impl AsyncFn() -> Result<u64, CrmError>) {
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        rows = ask().await.unwrap();
        times.push(began.elapsed());
    }
    times.sort_unstable();
    println!("| {name} | {:.1} | {rows} |", times[ROUNDS / 2].as_secs_f64() * 1_000.0);
}

async fn run(engine: &str, database: TestDatabase, clients: u32) {
    let plan = DemoPlan { tenants: 1, profiles: clients, notes: clients / 2, appointments: clients * 3, seed: 1 };
    demo::seed(database.database(), &plan, SystemClock.now(), &Unwatched).await.unwrap();
    let tenant = database.select_text("SELECT id FROM tenants").await.unwrap();
    let store = Arc::new(SeaStore::new(database.database().clone()));
    let ports = Ports { store, clock: Arc::new(SystemClock), ids: Arc::new(CuidGenerator) };
    let now = ports.clock.now();
    let pages = Pages::of(ports, &tenant);
    let (p, actor) = (&pages, &pages.actor);
    let (newest, first) = (ProfileFilter::default(), PageRequest::first(20));
    let some = p.profiles.list(actor, &newest, &first).await.unwrap().items.remove(7);
    let ProfileSummary { profile, user } = &some;
    let id: &ProfileId = &profile.id;
    let by_name = ProfileFilter { order: ProfileOrder::Name, ..newest.clone() };
    let deep = PageRequest::new(Start::Skip(u64::from(clients) * 9 / 10), 20).unwrap();
    let born = ProfileFilter { birthday_month: Some(5), ..newest.clone() };
    let unseen = ProfileFilter { not_seen_since: Some(now - TimeDelta::days(90)), ..newest.clone() };
    let called = PossibleDuplicate {
        first_name: Some(user.first_name.clone()),
        last_name: Some(user.last_name.clone()),
        phone: user.phone.clone(),
        email: Some(user.email.clone()),
        except: Some(id.clone()),
    };
    let terms = || SearchTerms::parse("maria");

    println!("\n{engine}, one tenant with {clients} profiles, pages of 20, medians of {ROUNDS}:\n");
    println!("| Query | ms | rows |\n|---|---|---|");
    measure("profiles, newest (as before)", async || p.list(newest.clone(), first.clone()).await).await;
    measure("profiles, by name", async || p.list(by_name.clone(), first.clone()).await).await;
    measure("profiles, by name, nine tenths down", async || p.list(by_name.clone(), deep.clone()).await).await;
    measure("profiles, born in May", async || p.list(born.clone(), first.clone()).await).await;
    measure("profiles, not seen for 90 days", async || p.list(unseen.clone(), first.clone()).await).await;
    measure("figures, uncached", async || p.figures().await).await;
    measure("possible duplicates", async || Ok(p.profiles.possible_duplicates(actor, &called).await?.len() as u64)).await;
    let people = async |search| Ok(p.profiles.people_without_profile(actor, search, &first).await?.total);
    measure("people without a profile", async || people(None).await).await;
    measure("people without a profile, searched", async || people(terms()).await).await;
    let clients = async |search| Ok(p.profiles.host_clients(actor, search, &first).await?.total);
    measure("clients of the host", async || clients(None).await).await;
    measure("clients of the host, searched", async || clients(terms()).await).await;
    let history = async || Ok(p.history.services(actor, id, HistoryPeriod::default()).await?.0.completed);
    measure("figures of a history (as before)", history).await;
    measure("spending of 12 months", async || Ok(p.history.spending(actor, id, 12).await?.len() as u64)).await;
    measure("notes by type", async || Ok(p.notes.counts(actor, id).await?.total())).await;
    measure("catalogue", async || Ok(p.directory.catalogue(actor).await?.staff.len() as u64)).await;
    let users = [user.id.clone()];
    measure("users by id", async || Ok(p.directory.users(actor, &users).await?.len() as u64)).await;
    measure("tenant", async || Ok(p.directory.tenant(actor).await?.name.len() as u64)).await;
}

#[tokio::main]
async fn main() {
    let clients = std::env::args().nth(1).map_or(100_000, |raw| raw.parse().unwrap());
    run("SQLite", TestDatabase::sqlite().await, clients).await;
    if let Some(database) = TestDatabase::postgres().await {
        run("PostgreSQL", database, clients).await;
    }
}
