//! Renders what operators read from the table of settings, and fails when the committed copy differs.
//! `BLESS=1 cargo test -p crm-server` rewrites the copies.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use super::settings::{Fallback, SETTINGS};

const INTRODUCTION: &str = "\
<!-- Generated from the table of settings by `BLESS=1 cargo test -p crm-server`. Edit crates/crm-server/src/config/settings.rs instead. -->

# Configuration

Nothing has to be set: without any configuration the service runs in embedded mode, on an SQLite file and a photo folder in `./data`.
Beside CitaPlanner, set `CRM_DATABASE_URL` and `NEXTAUTH_SECRET` (or `CRM_SESSION_SECRET`).

## Where values come from

1. Environment variables, named as in the table below.
2. A TOML file, named by `--config FILE` or else by `CRM_CONFIG`. There is none by default.
3. The defaults.

The earlier place wins.
An empty value counts as not set.
Keys of the file are the variable names in lower case and without `CRM_`.
Values are text, whole numbers or booleans.

```toml
";

const AFTER_EXAMPLE: &str = "\
```

`crm check-config` prints every value with its source, secrets masked.
All mistakes are reported at once, and unknown `CRM_*` names and unknown keys are mistakes too.

Some combinations are refused:

- The sign-in page on an address other than loopback without an explicit secret.
- PostgreSQL without a secret: the web app makes the tokens there, so the secret must be the web app's.
- Demo data with PostgreSQL, or on an address other than loopback: its passwords are published.

## Settings

`<data dir>` stands for the value of `CRM_DATA_DIR`.

| Variable | Default | Must be | Meaning |
|---|---|---|---|
";

const EXAMPLE: &str = r#"data_dir = "/var/lib/crm"
listen = "127.0.0.1:9000"
public_url = "https://crm.example.mx"
trusted_proxies = "127.0.0.1"
database_max_connections = 20
seed_demo = false
"#;

fn configuration_markdown() -> String {
    let mut text = format!("{INTRODUCTION}{EXAMPLE}{AFTER_EXAMPLE}");
    for setting in SETTINGS {
        let default = match setting.default {
            Fallback::Fixed(text) => format!("`{text}`"),
            Fallback::Derived { described, .. } if described.contains("://") => {
                format!("`{described}`")
            }
            Fallback::Derived { described, .. } => {
                described.replace("<data dir>/session-secret", "`<data dir>/session-secret`")
            }
        };
        let (name, accepts, help) = (setting.name, setting.accepts, setting.help);
        writeln!(text, "| `{name}` | {default} | {accepts} | {help} |").unwrap();
    }
    text
}

fn env_example() -> String {
    let mut text = String::from(
        "# Every setting; docs/CONFIGURATION.md explains them. Copy to .env and remove the # of those to change.\n\
         # The service does not read .env by itself: use `set -a; . ./.env; set +a` or a compose `env_file`.\n\
         # Generated from the table of settings by `BLESS=1 cargo test -p crm-server`.\n",
    );
    for setting in SETTINGS {
        let (name, help) = (setting.name, setting.help.replace('`', ""));
        match setting.default {
            Fallback::Fixed(default) => write!(text, "\n# {help}\n#{name}={default}\n").unwrap(),
            Fallback::Derived { described, example } => {
                write!(text, "\n# {help} Default: {described}.\n#{name}={example}\n").unwrap();
            }
        }
    }
    text
}

fn compare(file: &str, rendered: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    if env::var_os("BLESS").is_some() {
        fs::write(&path, rendered).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, rendered, "{file} is out of date: run `BLESS=1 cargo test -p crm-server`");
}

#[test]
fn the_configuration_page_is_up_to_date() {
    compare("docs/CONFIGURATION.md", &configuration_markdown());
}

#[test]
fn the_example_environment_is_up_to_date() {
    compare(".env.example", &env_example());
}

#[test]
fn the_example_file_is_accepted() {
    let config = super::tests::with_file(&[], EXAMPLE).unwrap();
    assert_eq!(config.database.max_connections, 20);
}

#[test]
fn every_example_but_that_of_the_secret_is_accepted() {
    for setting in SETTINGS.into_iter().filter(|setting| setting.name != "CRM_SESSION_SECRET") {
        let vars = [(setting.name, setting.example()), ("NEXTAUTH_SECRET", "secret")];
        assert!(super::tests::with_file(&vars, "").is_ok(), "{}", setting.name);
    }
}

#[test]
fn no_cell_of_the_table_breaks_it() {
    for setting in SETTINGS {
        let cells = [setting.described_default(), setting.accepts, setting.help].concat();
        assert!(!cells.contains(['|', '\n']), "{}", setting.name);
        assert!(setting.help.ends_with('.'), "{}", setting.name);
    }
}
