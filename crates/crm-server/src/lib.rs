//! The `crm` binary: configuration, command line, and the only place that names concrete adapters ([`wire`]).

mod cli;
mod commands;
mod config;
mod console;
mod serve;
mod telemetry;
pub mod wire;

use std::process::ExitCode;

use clap::Parser;
use crm_domain::photo::SweepOptions;

use cli::{Audit, Cli, Command, Photos, Trash};
use config::Config;

/// Does what the command line asks for.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match execute(&cli) {
        Ok(code) => code,
        Err(error) => {
            console::complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn execute(cli: &Cli) -> anyhow::Result<ExitCode> {
    if matches!(cli.requested(), Command::Openapi) {
        return commands::openapi::print();
    }
    let config = Config::load(cli.config.as_deref())?;
    if matches!(cli.requested(), Command::CheckConfig) {
        config.summary().iter().for_each(|line| console::say(line));
        return Ok(ExitCode::SUCCESS);
    }
    telemetry::init(&config.log, config.log_format)?;
    actix_web::rt::System::new().block_on(async {
        match cli.requested() {
            Command::Serve => serve::run(&config).await,
            Command::Migrate(migrate) => commands::migrate::run(&config, migrate).await,
            Command::Doctor { create_indexes } => commands::doctor::run(&config, *create_indexes).await,
            Command::Seed(plan) => commands::seed::run(&config, plan).await,
            Command::Reindex => commands::reindex::run(&config).await,
            Command::Photos(Photos::Sweep { dry_run, force }) => {
                commands::photos::sweep(&config, SweepOptions { dry_run: *dry_run, force: *force }).await
            }
            Command::Photos(Photos::Reprocess) => commands::photos::reprocess(&config).await,
            Command::Trash(Trash::Purge { days }) => commands::trash::purge(&config, *days).await,
            Command::Audit(Audit::Verify { log }) => commands::audit::verify(&config, log.as_deref()).await,
            Command::Health { url } => commands::health::run(&config, url.as_deref()),
            Command::Openapi | Command::CheckConfig => Ok(ExitCode::SUCCESS),
        }
    })
}
