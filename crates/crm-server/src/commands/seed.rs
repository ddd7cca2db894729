use std::process::ExitCode;

use crm_infra::demo::{self, DEMO_PASSWORD, DemoAccount, DemoPlan, Progress};
use indicatif::{ProgressBar, ProgressStyle};

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
    let accounts = demo::seed(&database, &args.plan(), wire::clock().now(), &Bar::new()).await?;
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

/// Says nothing.
pub(crate) struct Quiet;

impl Progress for Quiet {
    fn start(&self, _: &'static str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn finish(&self) {}
}

/// A bar on the terminal; nothing where there is none.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:14} {wide_bar} {human_pos}/{human_len} {eta}") {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn start(&self, what: &'static str, total: u64) {
        self.0.reset();
        self.0.set_length(total);
        self.0.set_message(what);
    }

    fn advance(&self, by: u64) {
        self.0.inc(by);
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
