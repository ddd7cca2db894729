//! The configuration as an operator meets it: variables and a file in, values or mistakes out.

mod secrets;

use std::io::ErrorKind;

use secrecy::ExposeSecret as _;

use super::summary::without_password;
use super::*;

const SECRET: &str = "a-secret-of-thirty-two-characters";

pub(super) fn with_file(vars: &[(&str, &str)], file: &str) -> Result<Config, ConfigErrors> {
    let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_vars(vars, Some(Path::new("crm.toml")), |_| Ok(file.to_owned()))
}

fn config(vars: &[(&str, &str)]) -> Config {
    with_file(vars, "").unwrap()
}

fn mistakes(vars: &[(&str, &str)]) -> Vec<String> {
    mistakes_with_file(vars, "")
}

fn mistakes_with_file(vars: &[(&str, &str)], file: &str) -> Vec<String> {
    let text = with_file(vars, file).unwrap_err().to_string();
    text.lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

fn only_mistake(vars: &[(&str, &str)]) -> String {
    let mistakes = mistakes(vars);
    assert_eq!(mistakes.len(), 1, "{mistakes:?}");
    mistakes.concat()
}

#[test]
fn an_empty_environment_gives_the_defaults() {
    let config = Config::from_vars(std::iter::empty(), None, |_| Err(ErrorKind::NotFound.into())).unwrap();

    assert_eq!(config.file, None);
    assert_eq!(config.data_dir, Path::new("./data"));
    assert_eq!(config.database.kind, DatabaseKind::Embedded);
    assert_eq!(config.database.url.expose_secret(), "sqlite://./data/crm.db");
    assert_eq!(config.database.max_connections, 10);
    assert_eq!(config.listen, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(config.public_url, None);
    assert_eq!(config.trusted_proxies, []);
    assert_eq!(config.photo_store, PhotoStore::File("./data/photos".into()));
    assert!(config.session_secret.is_none());
    assert!(config.sign_in && config.seed_demo);
    assert_eq!(config.sign_in_per_minute.get(), 10);
    assert!(!config.require_if_match);
    assert_eq!(config.trash_keeps.num_days(), 30);
    assert_eq!(config.reconcile_every, Duration::from_mins(10));
    assert_eq!((config.log.as_str(), config.log_format), ("info", LogFormat::Auto));
    assert_eq!(config.shutdown, Duration::from_secs(10));
}

#[test]
fn every_setting_is_read() {
    let config = config(&[
        ("CRM_DATA_DIR", "/srv/crm"),
        ("CRM_DATABASE_URL", "postgresql://crm:pw@db/citaplanner"),
        ("CRM_DATABASE_MAX_CONNECTIONS", "25"),
        ("CRM_LISTEN", "[::]:0"),
        ("CRM_PUBLIC_URL", "https://CRM.example.mx:8443/"),
        ("CRM_TRUSTED_PROXIES", "10.1.2.3/8, 192.0.2.7,fd00::/8"),
        ("CRM_PHOTO_STORE", "s3://salon-photos/crm/clients/"),
        ("CRM_SESSION_SECRET", SECRET),
        ("CRM_SIGN_IN", "Yes"),
        ("CRM_SIGN_IN_PER_MINUTE", "3"),
        ("CRM_REDIS_URL", "redis://:pw@cache:6379/2"),
        ("CRM_TRASH_DAYS", "7"),
        ("CRM_REQUIRE_IF_MATCH", "true"),
        ("CRM_SEED_DEMO", "off"),
        ("CRM_RECONCILE_SECONDS", "5"),
        ("CRM_LOG", "warn, crm_http=debug"),
        ("CRM_LOG_FORMAT", "json"),
        ("CRM_SHUTDOWN_SECONDS", "300"),
    ]);

    assert_eq!(config.file.as_deref(), Some(Path::new("crm.toml")));
    assert_eq!(config.data_dir, Path::new("/srv/crm"));
    assert_eq!(config.database.kind, DatabaseKind::Postgres);
    assert_eq!(config.database.url.expose_secret(), "postgresql://crm:pw@db/citaplanner");
    assert_eq!(config.database.max_connections, 25);
    assert_eq!(config.listen, "[::]:0".parse().unwrap());
    let public_url = config.public_url.unwrap();
    assert_eq!(public_url.as_str(), "https://crm.example.mx:8443");
    let proxies = ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"].map(|network| network.parse().unwrap());
    assert_eq!(config.trusted_proxies, proxies);
    let photos = PhotoStore::S3 { bucket: "salon-photos".into(), prefix: "crm/clients".into() };
    assert_eq!(config.photo_store, photos);
    assert_eq!(config.session_secret.unwrap().expose_secret(), SECRET);
    assert!(config.sign_in && !config.seed_demo);
    assert_eq!(config.sign_in_per_minute.get(), 3);
    assert_eq!(config.redis_url.unwrap().expose_secret(), "redis://:pw@cache:6379/2");
    assert!(config.require_if_match);
    assert_eq!(config.trash_keeps.num_days(), 7);
    assert_eq!(config.reconcile_every, Duration::from_secs(5));
    assert_eq!((config.log.as_str(), config.log_format), ("warn,crm_http=debug", LogFormat::Json));
    assert_eq!(config.shutdown, Duration::from_mins(5));
}

#[test]
fn every_mistake_names_its_variable_what_is_accepted_and_where_it_was_set() {
    let mistaken = [
        ("CRM_DATABASE_URL", "mysql://localhost/crm"),
        ("CRM_DATABASE_URL", "sqlite://"),
        ("CRM_DATABASE_URL", "sqlite://?mode=rwc"),
        ("CRM_DATABASE_URL", "sqlite://:memory:"),
        ("CRM_DATABASE_URL", "postgres://"),
        ("CRM_DATABASE_URL", "crm.db"),
        ("CRM_DATABASE_MAX_CONNECTIONS", "many"),
        ("CRM_LISTEN", "localhost"),
        ("CRM_LISTEN", "127.0.0.1:65536"),
        ("CRM_PUBLIC_URL", "ftp://crm.example.mx"),
        ("CRM_PUBLIC_URL", "https://crm.example.mx/clients"),
        ("CRM_PUBLIC_URL", "https://user@crm.example.mx"),
        ("CRM_PUBLIC_URL", "https://crm.example.mx:0"),
        ("CRM_PUBLIC_URL", "https://"),
        ("CRM_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("CRM_TRUSTED_PROXIES", "10.0.0.1,,10.0.0.2"),
        ("CRM_PHOTO_STORE", "file://"),
        ("CRM_PHOTO_STORE", "s3:///prefix"),
        ("CRM_PHOTO_STORE", "memory://photos"),
        ("CRM_PHOTO_STORE", "./photos"),
        ("CRM_SIGN_IN", "maybe"),
        ("CRM_REDIS_URL", "redis://cache/abc"),
        ("CRM_REDIS_URL", "rediss://cache:6379"),
        ("CRM_SEED_DEMO", "2"),
        ("CRM_LOG", "verbose"),
        ("CRM_LOG", "crm_http=loud"),
        ("CRM_LOG_FORMAT", "xml"),
    ];
    for (name, value) in mistaken {
        let mistake = only_mistake(&[(name, value)]);
        let setting = SETTINGS.iter().find(|setting| setting.name == name).unwrap();
        assert!(mistake.starts_with(&format!("{name}: must be {}", setting.accepts)), "{value}: {mistake}");
        assert!(mistake.ends_with("(set in: environment)"), "{value}: {mistake}");
    }
}

#[test]
fn numbers_are_accepted_exactly_within_the_bounds_they_announce() {
    let mut seen = 0;
    for setting in SETTINGS {
        let Some(bounds) = setting.accepts.strip_prefix("a whole number from ") else {
            continue;
        };
        let (low, high) = bounds.split_once(" to ").unwrap();
        let (low, high): (u64, u64) = (low.parse().unwrap(), high.parse().unwrap());
        let accepts = |number: u64| with_file(&[(setting.name, &number.to_string())], "").is_ok();
        assert!(accepts(low) && accepts(high), "{}", setting.name);
        assert!(!accepts(low - 1) && !accepts(high + 1), "{}", setting.name);
        seen += 1;
    }
    assert_eq!(seen, 9);
}

#[test]
fn five_mistakes_at_once_are_all_reported() {
    let file = "sign_in = 'perhaps'\nlisten_address = '127.0.0.1:1'";
    let mistakes = mistakes_with_file(
        &[("CRM_LISTEN", "here"), ("CRM_DATABASE_URL", "postgres://db/crm"), ("CRM_SEED_DEMO", "true")],
        file,
    );

    let expected = ["listen_address in", "CRM_LISTEN:", "CRM_SIGN_IN:", "CRM_SESSION_SECRET:", "CRM_SEED_DEMO:"];
    assert_eq!(mistakes.len(), expected.len(), "{mistakes:#?}");
    for (mistake, start) in mistakes.iter().zip(expected) {
        assert!(mistake.starts_with(start), "{mistake}");
    }
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest_known_one() {
    for (unknown, nearest) in [("CRM_LISTN", "CRM_LISTEN"), ("CRM_DATABSE_URL", "CRM_DATABASE_URL"), ("CRM_log", "CRM_LOG")]
    {
        let expected = format!("{unknown}: no such setting; the nearest is {nearest}");
        assert_eq!(only_mistake(&[(unknown, "x")]), expected);
    }
}

#[test]
fn an_unknown_key_in_the_file_is_refused_with_the_nearest_known_one() {
    let mistakes = mistakes_with_file(&[], "sign-in = true\n[database]\nurl = 'x'");
    assert_eq!(mistakes.len(), 2, "{mistakes:#?}");
    assert!(mistakes.concat().contains("no such key; the nearest is sign_in"), "{mistakes:#?}");
}

#[test]
fn names_of_others_and_empty_values_are_ignored() {
    let config = config(&[("PATH", "/bin"), ("CRMX", "1"), ("CRM_LISTEN", ""), ("NEXTAUTH_SECRET", " ")]);
    assert_eq!(config.listen.port(), 8080);
    assert!(config.session_secret.is_none());
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "listen = '127.0.0.1:1'\nshutdown_seconds = 7\nseed_demo = false";
    let config = with_file(&[("CRM_LISTEN", "127.0.0.1:2")], file).unwrap();
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.shutdown, Duration::from_secs(7));
    assert!(!config.seed_demo);
}

#[test]
fn the_file_on_the_command_line_wins_over_the_one_in_the_environment() {
    let vars = || [("CRM_CONFIG".to_owned(), "b.toml".to_owned())].into_iter();
    let read = |path: &Path| Ok(format!("data_dir = '{}'", path.display()));

    let both = Config::from_vars(vars(), Some(Path::new("a.toml")), read).unwrap();
    let variable_only = Config::from_vars(vars(), None, read).unwrap();

    assert_eq!(both.data_dir, Path::new("a.toml"));
    assert_eq!(variable_only.data_dir, Path::new("b.toml"));
}

#[test]
fn a_file_that_cannot_be_read_is_reported_beside_other_mistakes_but_not_what_it_may_hold() {
    let vars = [("CRM_DATABASE_URL", "postgres://db/crm"), ("CRM_LISTEN", "here")];
    let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let errors = Config::from_vars(vars.into_iter(), Some(Path::new("gone.toml")), |_| Err(ErrorKind::NotFound.into()));

    let text = errors.unwrap_err().to_string();
    assert!(text.contains("cannot read gone.toml") && text.contains("CRM_LISTEN"), "{text}");
    assert!(!text.contains("CRM_SESSION_SECRET"), "{text}");
}

#[test]
fn a_file_that_is_not_toml_is_reported_by_line_and_without_its_text() {
    let mistakes = mistakes_with_file(&[], "listen = '127.0.0.1:1'\nsession_secret = \"hunter2\n");
    assert_eq!(mistakes.len(), 1, "{mistakes:#?}");
    assert!(mistakes[0].starts_with("configuration file: line 2: "), "{mistakes:#?}");
    assert!(!mistakes[0].contains("hunter2"), "{mistakes:#?}");
}

#[test]
fn a_file_holds_only_simple_values_and_names_no_other_file() {
    let mistakes = mistakes_with_file(&[], "config = 'b.toml'\nlog = ['info']\nlisten = 1.5");
    assert_eq!(mistakes.len(), 3, "{mistakes:#?}");
}

#[test]
fn a_value_that_is_not_utf_8_is_refused() {
    assert_eq!(only_mistake(&[("CRM_DATA_DIR", "/srv/\u{fffd}")]), "CRM_DATA_DIR: must be valid UTF-8");
}
