use std::process::ExitCode;

use crm_infra::Repaired;

use crate::config::Config;
use crate::{console, wire};

/// Makes the text index of the search anew, and whatever else it is searched by equal to the profiles. The server may go
/// on meanwhile, on SQLite only to read.
pub(crate) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let database = wire::maintenance_database(config).await?;
    database.migrate().await?;
    let Repaired { profiles, notes, counts, .. } = database.reindex().await?;
    console::say(&format!("Indexed anew. Corrected: {profiles} profiles, {notes} notes, the count of {counts} tenants."));
    Ok(ExitCode::SUCCESS)
}
