use std::process::ExitCode;

use crm_infra::demo::{self, DEMO_PASSWORD, DemoAccount, DemoPlan};

use crate::cli::SeedArgs;
use crate::config::{Config, DatabaseKind};
use crate::{console, wire};

/// Businesses whose accounts are printed.
const SHOWN: usize = 3;

/// Migrates and fills the database with demo data.
pub(crate) async fn run(config: &Config, args: &SeedArgs) -> anyhow::Result<ExitCode> {
    let database = wire::maintenance_database(config).await?;
    database.migrate().await?;
    // Demo accounts have a published password, and one of them reaches every tenant.
    if config.database.kind == DatabaseKind::Postgres && !demo::is_empty(&database).await? {
        anyhow::bail!("this PostgreSQL database has tenants already; demo data only goes into an empty one");
    }
    let accounts = demo::seed(&database, &args.plan(), wire::clock().now(), &console::Bar::new()).await?;
    console::say(&format!("Demo accounts, password {DEMO_PASSWORD}:"));
    // A few businesses are enough to sign in to; a thousand would hide them.
    let mut businesses = accounts.chunk_by(|one, next| one.tenant == next.tenant);
    for DemoAccount { tenant, role, email } in businesses.by_ref().take(SHOWN).flatten() {
        console::say(&format!("  {email:<36} {role:<13} {tenant}"));
    }
    match businesses.count() {
        0 => {}
        more => console::say(&format!("  and likewise those of {more} more businesses")),
    }
    if !config.sign_in {
        console::say("The server lets them in with CRM_SIGN_IN=true.");
    }
    Ok(ExitCode::SUCCESS)
}

impl SeedArgs {
    /// What to generate.
    pub(crate) fn plan(&self) -> DemoPlan {
        DemoPlan {
            tenants: self.tenants,
            profiles: self.profiles,
            notes: self.notes(),
            appointments: self.appointments(),
            seed: self.seed,
        }
    }
}
