use std::process::ExitCode;

use crm_infra::demo::{self, DEMO_PASSWORD, DemoAccount, DemoPlan};

use crate::cli::SeedArgs;
use crate::config::{Config, DatabaseKind};
use crate::{console, wire};

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
    // The first two tenants are enough to sign in with; a thousand would hide them.
    for DemoAccount { tenant, role, email } in accounts.iter().take(20) {
        console::say(&format!("  {email:<36} {role:<13} {tenant}"));
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
