//! Made-up businesses with clients, for demonstrations and measurements.
//!
//! The same plan at the same time gives the same rows, ids included. Everything is made and written in
//! portions, so that memory stays bounded however many profiles are asked for.

mod card;
mod catalogue;
mod client;
mod crowd;
mod dice;
mod ids;
mod maker;
mod names;
mod phone;
mod places;
mod present;
mod rows;
mod salon;
mod texts;
mod visits;

use chrono::{DateTime, SubsecRound, Utc};
use crm_domain::error::StoreError;
use crm_domain::progress::Progress;

use crate::database::Database;
use crowd::{Seeder, Share};
use maker::Maker;
use salon::Salon;

pub use present::is_empty;

/// Password of all demo accounts.
pub const DEMO_PASSWORD: &str = "citaplanner-demo";

/// From so many steps on, the database is told to look at its tables afresh.
const MANY_STEPS: u64 = 10_000;

/// How much demo data, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoPlan {
    /// Businesses.
    pub tenants: u32,
    /// Profiles over all tenants; every tenant gets at least one.
    pub profiles: u32,
    /// Notes over all profiles.
    pub notes: u32,
    /// Appointments over all clients.
    pub appointments: u32,
    /// Where the random numbers start. A database takes each seed once.
    pub seed: u64,
}

impl Default for DemoPlan {
    fn default() -> Self {
        Self { tenants: 2, profiles: 120, notes: 240, appointments: 600, seed: 1 }
    }
}

/// Somebody who can sign in with [`DEMO_PASSWORD`].
///
/// The addresses are `admin@`, `manager@`, `profesional@`, `recepcion@` and `cliente@` the tenant's subdomain with
/// `.example` behind it, and `superadmin@citaplanner.example`. With another seed than 1, `-` and the seed stand before
/// `.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    /// Name of the tenant.
    pub tenant: String,
    /// Role, as the host names it.
    pub role: String,
    /// E-mail address to sign in with.
    pub email: String,
}

/// Fills the database, in several transactions if there is much, and tells one account for every role of every tenant.
///
/// Refuses, before it changes anything, a seed whose data is there already and one whose tenants' subdomains are taken.
/// What an interrupted seeding has written stays; another seed can be used after it.
pub async fn seed(
    database: &Database,
    plan: &DemoPlan,
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> Result<Vec<DemoAccount>, StoreError> {
    present::refuse_twice(database, plan).await?;
    let speaks_spanish_genders = present::speaks_spanish_genders(database).await?;
    let now = now.trunc_subsecs(3).naive_utc();
    let maker = Maker::new(plan.seed, now, speaks_spanish_genders).map_err(|error| StoreError::Failed(Box::new(error)))?;
    let mut seeder = Seeder { database, progress, maker };

    let tenants = Share::of_tenants(plan);
    let steps = tenants.iter().map(Share::steps).sum();
    progress.start("clients, notes and appointments", steps);
    let mut accounts = Vec::new();
    for (number, share) in tenants.iter().enumerate() {
        let (salon, mut staff) = Salon::open(&mut seeder.maker, number);
        accounts.append(&mut staff);
        seeder.fill(&salon, share).await?;
    }
    seeder.write_rest().await?;
    progress.finish();

    database.fold_counts().await?;
    if steps >= MANY_STEPS {
        progress.start("statistics for the query planner", 1);
        present::analyze(database).await?;
        progress.advance(1);
        progress.finish();
    }
    Ok(accounts)
}
