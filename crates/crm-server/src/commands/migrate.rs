use std::process::ExitCode;

use crate::cli::Migrate;
use crate::config::Config;
use crate::{console, wire};

/// Applies, takes back or lists the migrations.
pub(crate) async fn run(config: &Config, migrate: &Migrate) -> anyhow::Result<ExitCode> {
    let database = wire::maintenance_database(config).await?;
    match migrate {
        Migrate::Up => database.migrate().await?,
        Migrate::Down { .. } => migration::down(database.connection()).await?,
        Migrate::Status => {}
    }
    for step in migration::status(database.connection()).await? {
        console::say(&format!("{} {}", if step.applied { "applied" } else { "pending" }, step.name));
    }
    Ok(ExitCode::SUCCESS)
}
