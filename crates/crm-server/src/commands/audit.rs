use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use crm_domain::audit::VerificationReport;
use crm_domain::audit::chain::Anchor;

use crate::config::Config;
use crate::{console, wire};

/// Checks every chain of the audit log, and fails if one is not as it was written.
pub(crate) async fn verify(config: &Config, log: Option<&Path>) -> anyhow::Result<ExitCode> {
    let anchors = log.map(anchors).transpose()?.unwrap_or_default();
    if let Some(log) = log.filter(|_| anchors.is_empty()) {
        anyhow::bail!("the log {} holds no anchors; was it written with crm_audit at INFO?", log.display());
    }
    // Not migrated first: a new, empty database would be found whole.
    let database = wire::maintenance_database(config).await?;
    let report = wire::audit_verification(&database).run(anchors, &console::Bar::new()).await;
    let report = report.context("there is no audit log to read; is CRM_DATABASE_URL the right one?")?;
    let VerificationReport { entries, anchors, flaws } = report;
    console::say(&format!("{entries} entries checked, {anchors} anchors compared"));
    for (tenant, lane, flaw) in &flaws {
        console::say(&format!("tenant {tenant}, chain {lane}: {flaw}"));
    }
    console::say(if flaws.is_empty() { "The audit log is as it was written." } else { "The audit log was tampered with." });
    Ok(if flaws.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every anchor in a log; `-` is standard input.
fn anchors(log: &Path) -> anyhow::Result<Vec<Anchor>> {
    let unreadable = || format!("the log {} can't be read", log.display());
    let source: Box<dyn Read> = match log.to_str() {
        Some("-") => Box::new(std::io::stdin()),
        _ => Box::new(std::fs::File::open(log).with_context(unreadable)?),
    };
    let mut anchors = Vec::new();
    for line in BufReader::new(source).split(b'\n') {
        let line = line.with_context(unreadable)?;
        anchors.extend(Anchor::find(&String::from_utf8_lossy(&line)));
    }
    Ok(anchors)
}
