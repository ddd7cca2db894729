use std::process::ExitCode;

use chrono::TimeDelta;
use crm_domain::trash::PurgeReport;

use crate::config::Config;
use crate::{console, wire};

/// Removes what has been in the trash for long enough, and fails if something could not be removed.
pub(crate) async fn purge(config: &Config, days: Option<u32>) -> anyhow::Result<ExitCode> {
    let database = wire::maintenance_database(config).await?;
    database.migrate().await?;
    let purge = wire::trash_purge(&database, wire::photos(config)?);
    let keep_for = days.map_or(config.trash_keeps, |days| TimeDelta::days(days.into()));
    let PurgeReport { purged, failed } = purge.run(keep_for, &console::Bar::new()).await?;
    console::say(&format!("Removed for good: {purged}; failed: {failed}"));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
