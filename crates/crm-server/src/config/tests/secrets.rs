//! Secrets: when one must be given, which one counts, and that none is ever shown.

use super::*;

#[test]
fn a_public_address_without_an_explicit_secret_is_refused() {
    for listen in ["0.0.0.0:8080", "[::]:8080", "192.0.2.7:80"] {
        let mistake = only_mistake(&[("CRM_LISTEN", listen)]);
        assert!(mistake.starts_with("CRM_SESSION_SECRET: must be set to serve the sign-in page"), "{mistake}");
    }
}

#[test]
fn a_public_address_is_fine_with_a_secret_or_without_the_sign_in_page() {
    let public = ("CRM_LISTEN", "0.0.0.0:8080");
    assert!(config(&[public, ("CRM_SESSION_SECRET", SECRET)]).sign_in);
    assert!(config(&[public, ("NEXTAUTH_SECRET", "short")]).sign_in);
    assert!(!config(&[public, ("CRM_SIGN_IN", "false")]).sign_in);
}

#[test]
fn loopback_addresses_need_no_secret() {
    for listen in ["127.0.0.1:0", "127.8.8.8:80", "[::1]:8080", "[::ffff:127.0.0.1]:80"] {
        assert!(config(&[("CRM_LISTEN", listen)]).sign_in);
    }
}

#[test]
fn postgres_without_a_secret_is_refused() {
    let mistake = only_mistake(&[("CRM_DATABASE_URL", "postgres://db/crm")]);
    assert!(mistake.starts_with("CRM_SESSION_SECRET: must be set with PostgreSQL"), "{mistake}");
}

#[test]
fn postgres_has_neither_sign_in_page_nor_demo_data_unless_the_page_is_asked_for() {
    let postgres = [("CRM_DATABASE_URL", "postgres://db/crm"), ("CRM_SESSION_SECRET", SECRET)];
    let by_default = config(&postgres);
    assert!(!by_default.sign_in && !by_default.seed_demo);

    let asked_for = config(&[postgres[0], postgres[1], ("CRM_SIGN_IN", "true"), ("CRM_LISTEN", "0.0.0.0:80")]);
    assert!(asked_for.sign_in && !asked_for.seed_demo);
}

#[test]
fn demo_data_never_goes_to_postgres() {
    let vars = [("CRM_DATABASE_URL", "postgres://db/crm"), ("CRM_SESSION_SECRET", SECRET), ("CRM_SEED_DEMO", "true")];
    assert!(only_mistake(&vars).starts_with("CRM_SEED_DEMO: must not be true with PostgreSQL"));
}

#[test]
fn demo_data_is_never_served_to_other_machines() {
    for listen in ["0.0.0.0:8080", "[::]:8080", "192.0.2.7:80"] {
        let vars = [("CRM_LISTEN", listen), ("CRM_SESSION_SECRET", SECRET), ("CRM_SEED_DEMO", "true")];
        assert!(!config(&vars[..2]).seed_demo, "{listen}");
        let mistake = only_mistake(&vars);
        assert!(mistake.starts_with("CRM_SEED_DEMO: must not be true on an address other than loopback"), "{mistake}");
    }
    assert!(config(&[("CRM_LISTEN", "127.0.0.1:0"), ("CRM_SEED_DEMO", "true")]).seed_demo);
}

#[test]
fn the_web_apps_secret_is_used_to_the_letter_when_ours_is_unset() {
    let secret_of = |config: Config| config.session_secret.unwrap().expose_secret().to_owned();
    let theirs = ("NEXTAUTH_SECRET", " short ");

    assert_eq!(secret_of(config(&[theirs])), " short ");
    assert_eq!(secret_of(config(&[theirs, ("CRM_SESSION_SECRET", "")])), " short ");
    assert_eq!(secret_of(config(&[theirs, ("CRM_SESSION_SECRET", SECRET)])), SECRET);
    let file = format!("session_secret = '{SECRET}'");
    assert_eq!(secret_of(with_file(&[theirs], &file).unwrap()), SECRET);
}

#[test]
fn a_short_secret_of_ours_is_refused_and_so_is_the_documented_example() {
    let example = SETTINGS.iter().find(|setting| setting.name == "CRM_SESSION_SECRET").unwrap().example();
    for secret in [&SECRET[..31], example] {
        let mistake = only_mistake(&[("CRM_SESSION_SECRET", secret)]);
        assert!(mistake.starts_with("CRM_SESSION_SECRET: must be at least 32 characters"), "{mistake}");
        assert!(!mistake.contains(secret), "{mistake}");
    }
    assert!(with_file(&[("CRM_SESSION_SECRET", &SECRET[..32])], "").is_ok());
}

#[test]
fn neither_summary_nor_debug_shows_a_secret() {
    let config = config(&[
        ("CRM_DATABASE_URL", "postgres://crm:hunter2@db:5432/citaplanner?sslmode=require"),
        ("NEXTAUTH_SECRET", "hunter3"),
    ]);

    let summary = config.summary().join("\n");
    let shown = format!("{summary}\n{config:?}");

    assert!(!shown.contains("hunter"), "{shown}");
    let url = "CRM_DATABASE_URL = postgres://crm:***@db:5432/citaplanner?sslmode=require (environment)";
    assert!(summary.contains(url), "{summary}");
    assert!(summary.contains("CRM_SESSION_SECRET = *** (environment, NEXTAUTH_SECRET)"), "{summary}");
}

#[test]
fn no_mistake_quotes_a_value() {
    for name in ["CRM_DATABASE_URL", "CRM_SESSION_SECRET", "CRM_PHOTO_STORE", "CRM_PUBLIC_URL", "CRM_UNKNOWN"] {
        let mistake = only_mistake(&[(name, "mysql://u:hunter2@db")]);
        assert!(!mistake.contains("hunter2"), "{mistake}");
    }
}

#[test]
fn the_summary_has_a_line_for_every_setting_with_its_source() {
    let lines = with_file(&[("CRM_LOG", "debug")], "shutdown_seconds = 5").unwrap().summary();

    let names: Vec<&str> = lines.iter().filter_map(|line| line.split(" = ").next()).collect();
    let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(names, known);
    for expected in [
        "CRM_CONFIG = crm.toml (command line)",
        "CRM_LOG = debug (environment)",
        "CRM_SHUTDOWN_SECONDS = 5 (file)",
        "CRM_LISTEN = 127.0.0.1:8080 (default)",
        "CRM_PHOTO_STORE = file://./data/photos (default)",
        "CRM_TRUSTED_PROXIES = none (default)",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}\n{lines:#?}");
    }
}

#[test]
fn passwords_are_masked_wherever_an_address_can_hold_them() {
    for (url, masked) in [
        ("sqlite://./data/crm.db", "sqlite://./data/crm.db"),
        ("postgres://db/crm", "postgres://db/crm"),
        ("postgres://crm@db/crm", "postgres://crm@db/crm"),
        ("postgres://crm:pw@db:5432/crm", "postgres://crm:***@db:5432/crm"),
        ("postgres://crm:p@/w?@db/crm", "postgres://crm:***@db/crm"),
        ("postgres://db/crm?user=a&password=p@w&sslmode=off", "postgres://db/crm?user=a&password=***&sslmode=off"),
        ("postgres://db/crm?PASSWORD=pw&sslpassword=pw", "postgres://db/crm?PASSWORD=***&sslpassword=***"),
        ("postgres://crm:password=x@db/crm", "postgres://crm:password=***"),
    ] {
        assert_eq!(without_password(url), masked);
    }
}
