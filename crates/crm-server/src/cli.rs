//! The command line.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, value_parser};

use crate::config::SETTINGS;

/// What the demo of a first start holds, and `crm seed` unless told otherwise.
const DEMO_PROFILES: u32 = 120;
const DEMO_TENANTS: u32 = 2;
const DEMO_SEED: u64 = 1;

const ABOUT: &str = "Client profiles, notes, preferences and history for CitaPlanner";

/// The command line, understood.
#[derive(Debug, Parser)]
#[command(name = "crm", version, about = ABOUT, long_about = None, after_long_help = settings_help())]
pub(crate) struct Cli {
    /// TOML file with settings; the environment wins over it
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,

    #[command(subcommand)]
    command: Option<Command>,
}

impl Cli {
    /// What to do; to serve, unless something else was asked for.
    pub(crate) fn requested(&self) -> &Command {
        self.command.as_ref().unwrap_or(&Command::Serve)
    }
}

#[derive(Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Command {
    /// Serve the API and the pages (the default)
    Serve,

    /// Bring the database schema up or down, or show where it stands
    #[command(subcommand)]
    Migrate(Migrate),

    /// Check configuration, database, schema, indexes and photo store, and say what to do
    Doctor {
        /// Create the recommended indexes on the host's tables that are missing
        #[arg(long)]
        create_indexes: bool,
    },

    /// Fill the database with made-up clients, for demonstrations and measurements
    Seed(SeedArgs),

    /// Make the index of the search anew; the server may go on meanwhile, on SQLite only to read
    Reindex,

    /// Tidy the kept photos up
    #[command(subcommand)]
    Photos(Photos),

    /// Empty the trash
    #[command(subcommand)]
    Trash(Trash),

    /// Look after the audit log
    #[command(subcommand)]
    Audit(Audit),

    /// Print the description of the API, the same as docs/openapi.json
    Openapi,

    /// Check the configuration and print it, secrets masked
    CheckConfig,

    /// Ask a running server whether it is ready; fails if it is not
    Health {
        /// Address of the server [default: http:// and the address it listens on]
        #[arg(long)]
        url: Option<String>,
    },
}

#[derive(Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Migrate {
    /// Apply every pending migration
    Up,

    /// Roll every migration back; tables that a migration created are dropped, in embedded mode all of them
    Down {
        /// Confirm the loss
        #[arg(long, required = true)]
        yes: bool,
    },

    /// List the migrations, applied and pending
    Status,
}

#[derive(Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Photos {
    /// Remove photos that nothing shows, and references to photos that are missing; the server does so now and then
    Sweep {
        /// Say what would be done, and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Remove the references even if most photos are missing, and photos of tenants that the database does not know
        #[arg(long)]
        force: bool,
    },

    /// Make kept photos anew in the sizes of today, and thumbnails that are missing
    Reprocess,
}

#[derive(Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Trash {
    /// Remove for good what was deleted long enough ago; the server does so now and then
    Purge {
        /// Days after which to remove it; usually the days of the configuration
        #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(0..=3650))]
        days: Option<u32>,
    },
}

#[derive(Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Audit {
    /// Find edits, deletions, reorderings and truncations; fails if there are any
    Verify {
        /// A log of the server, whose anchors are compared too; without one, entries cut off together with the ends of
        /// their chains go unnoticed; `-` reads standard input
        #[arg(long, value_name = "FILE")]
        log: Option<PathBuf>,
    },
}

/// The same numbers and the same seed give the same data.
#[derive(Args, Debug, PartialEq, Eq)]
pub(crate) struct SeedArgs {
    /// Client profiles, over all tenants; at most 1000000
    #[arg(long, value_name = "N", default_value_t = DEMO_PROFILES, value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub(crate) profiles: u32,

    /// Tenants to spread them over; at most 1000
    #[arg(long, value_name = "N", default_value_t = DEMO_TENANTS, value_parser = value_parser!(u32).range(1..=1_000))]
    pub(crate) tenants: u32,

    /// Notes, over all profiles; at most 10000000 [default: 2 for each profile]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(0..=10_000_000))]
    notes: Option<u32>,

    /// Appointments, over all clients; at most 10000000 [default: 5 for each profile]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(0..=10_000_000))]
    appointments: Option<u32>,

    /// Where the random numbers start
    #[arg(long, default_value_t = DEMO_SEED)]
    pub(crate) seed: u64,
}

impl Default for SeedArgs {
    /// What the command line would give if it said nothing.
    fn default() -> Self {
        Self { profiles: DEMO_PROFILES, tenants: DEMO_TENANTS, notes: None, appointments: None, seed: DEMO_SEED }
    }
}

impl SeedArgs {
    pub(crate) fn notes(&self) -> u32 {
        self.notes.unwrap_or(self.profiles * 2)
    }

    pub(crate) fn appointments(&self) -> u32 {
        self.appointments.unwrap_or(self.profiles * 5)
    }
}

fn settings_help() -> String {
    let mut text = String::from("Settings, from the environment or the configuration file:\n");
    for setting in SETTINGS {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  {}\n      {}\n", setting.name, setting.help.replace('`', ""));
        let _ = writeln!(text, "      Default: {}", setting.described_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use clap::error::ErrorKind;

    use super::*;

    fn parse(arguments: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(arguments.split_whitespace())
    }

    fn refusal(arguments: &str) -> ErrorKind {
        parse(arguments).unwrap_err().kind()
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_a_command_it_serves() {
        assert_eq!(*parse("crm").unwrap().requested(), Command::Serve);
        assert_eq!(*parse("crm serve").unwrap().requested(), Command::Serve);
    }

    #[test]
    fn the_configuration_file_may_stand_before_or_after_the_command() {
        for arguments in ["crm --config a.toml migrate up", "crm migrate up --config a.toml"] {
            let cli = parse(arguments).unwrap();
            assert_eq!(cli.config, Some(PathBuf::from("a.toml")));
            assert_eq!(*cli.requested(), Command::Migrate(Migrate::Up));
        }
    }

    #[test]
    fn migrating_down_needs_a_yes() {
        assert_eq!(refusal("crm migrate down"), ErrorKind::MissingRequiredArgument);
        let down = Command::Migrate(Migrate::Down { yes: true });
        assert_eq!(*parse("crm migrate down --yes").unwrap().requested(), down);
    }

    #[test]
    fn migrate_alone_shows_its_help() {
        assert_eq!(refusal("crm migrate"), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    }

    #[test]
    fn seeding_derives_what_is_left_out_from_the_number_of_profiles() {
        let cli = parse("crm seed --profiles 1000000 --notes 7").unwrap();
        let Command::Seed(seed) = cli.requested() else { panic!("{cli:?}") };
        assert_eq!((seed.profiles, seed.tenants, seed.seed), (1_000_000, 2, 1));
        assert_eq!((seed.notes(), seed.appointments()), (7, 5_000_000));
    }

    #[test]
    fn seeding_has_bounds() {
        for arguments in ["--profiles 0", "--profiles 1000001", "--tenants 0", "--notes -1", "--seed x"] {
            let kind = refusal(&format!("crm seed {arguments}"));
            assert!(matches!(kind, ErrorKind::ValueValidation | ErrorKind::UnknownArgument), "{arguments}: {kind:?}");
        }
    }

    #[test]
    fn the_long_help_names_every_setting() {
        let help = Cli::command().render_long_help().to_string();
        for setting in SETTINGS {
            assert!(help.contains(setting.name), "{} is missing", setting.name);
        }
    }

    #[test]
    fn the_version_is_the_crates() {
        assert_eq!(Cli::command().get_version(), Some(env!("CARGO_PKG_VERSION")));
    }
}
