use std::process::ExitCode;

use crm_domain::photo::{ReprocessReport, SweepOptions, SweepReport};

use crate::config::Config;
use crate::{console, wire};

/// Sweeps, and fails if something could not be mended.
pub(crate) async fn sweep(config: &Config, options: SweepOptions) -> anyhow::Result<ExitCode> {
    let database = wire::maintenance_database(config).await?;
    database.migrate().await?;
    let sweep = wire::photo_sweep(&database, wire::photos(config)?);
    let report = sweep.run(options, &console::Bar::new()).await?;
    for line in swept(&report, options.dry_run) {
        console::say(&line);
    }
    Ok(if report.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes kept photos anew, and fails if one could not be.
pub(crate) async fn reprocess(config: &Config) -> anyhow::Result<ExitCode> {
    let database = wire::maintenance_database(config).await?;
    database.migrate().await?;
    let reprocessing = wire::photo_reprocessing(&database, wire::photos(config)?, wire::photo_processor(config));
    let ReprocessReport { changed, unchanged, failed } = reprocessing.run(&console::Bar::new()).await?;
    console::say(&format!("{changed} photos made anew, {unchanged} left as they are, {failed} failed"));
    if failed > 0 {
        console::say("What failed is left as it was. Run the command again to try again.");
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One line for each kind of finding; what was not found is not mentioned.
fn swept(report: &SweepReport, dry_run: bool) -> Vec<String> {
    let SweepReport { tenants, shown, removed, adopted, cleared, withheld, .. } = *report;
    let SweepReport { without_thumbnail, waiting, strange, foreign, leftovers, failed, .. } = *report;
    let did = |done: &str| if dry_run { format!("would be {done}") } else { format!("were {done}") };
    let mut lines = vec![format!("{shown} photos are shown in {tenants} tenants")];
    let mut add = |count: u64, text: String| {
        if count > 0 {
            lines.push(format!("{count} {text}"));
        }
    };
    add(removed, format!("photos that nothing shows {}", did("removed")));
    add(cleared, format!("references to missing photos {}", did("removed")));
    add(withheld, "references to missing photos were left: most photos are missing, so this may be the wrong store; --force removes them".to_owned());
    add(adopted, format!("shown photos without a record {}", did("recorded")));
    add(without_thumbnail, "shown photos have no thumbnail; `crm photos reprocess` makes them".to_owned());
    add(leftovers, "remains of interrupted writes were removed".to_owned());
    add(waiting, "photos that nothing shows yet are too young to judge".to_owned());
    add(
        strange,
        "photos of tenants that the database does not know were left: this may be the wrong database; --force removes them"
            .to_owned(),
    );
    add(foreign, "objects in the store are not of this service and were left alone".to_owned());
    add(failed, "steps failed and will be tried by the next sweep".to_owned());
    lines
}
