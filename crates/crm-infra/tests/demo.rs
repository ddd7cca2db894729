//! The demo data, on both engines.
#![expect(clippy::unwrap_used, reason = "what a helper can't do must stop the test")]

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Datelike, NaiveDateTime, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use crm_domain::progress::Progress;
use crm_domain::value::{email_key, phone_key};
use crm_infra::demo::{self, DEMO_PASSWORD, DemoAccount, DemoPlan};
use crm_infra::testing::TestDatabase;
use sea_orm::{ConnectionTrait, DbBackend, Statement, TryGetable};

/// How many rows there are of what in the first run.
const PROMISED: [(&str, RangeInclusive<i64>); 16] = [
    ("users WHERE role = 'SUPERADMIN'", 1..=1),
    ("services WHERE price <> round(price)", 4..=20),
    ("client_profiles", 120..=120),
    (r#"client_profiles WHERE "dateOfBirth" IS NOT NULL"#, 60..=110),
    (r#"client_profiles WHERE CAST("dateOfBirth" AS text) NOT LIKE '____-__-__ 00:00:00'"#, 0..=0),
    (r#"client_profiles WHERE "firstName" IS NULL AND "lastName" IS NULL"#, 5..=25),
    (r#"users u WHERE role = 'CLIENT' AND NOT EXISTS (SELECT 1 FROM client_profiles WHERE "userId" = u.id)"#, 9..=20),
    ("client_notes", 240..=240),
    (r#"client_notes WHERE "isPrivate""#, 10..=60),
    ("client_preferences", 55..=90),
    ("appointments", 600..=600),
    (r#"(SELECT 1 FROM appointments GROUP BY "clientId" HAVING COUNT(*) > 20) AS heavy"#, 1..=12),
    (r#"clients WHERE id NOT IN (SELECT "clientId" FROM appointments)"#, 5..=40),
    (r#"(SELECT 1 FROM payments GROUP BY "appointmentId" HAVING COUNT(*) > 1) AS divided"#, 20..=100),
    (r#"appointments WHERE status = 'COMPLETED' AND id NOT IN (SELECT "appointmentId" FROM payments)"#, 5..=60),
    (r#"client_users WHERE "clientId" IS NOT NULL"#, 25..=60),
];

/// Counts the steps that were announced and not taken.
#[derive(Default)]
struct Steps(AtomicU64);

impl Progress for Steps {
    fn start(&self, _: &'static str, total: u64) {
        self.0.fetch_add(total, Ordering::Relaxed);
    }

    fn advance(&self, by: u64) {
        self.0.fetch_sub(by, Ordering::Relaxed);
    }

    fn failed(&self, step: &dyn std::fmt::Display, error: &dyn std::error::Error) {
        panic!("{step}: {error}");
    }

    fn lost(&self, what: &dyn std::fmt::Display) {
        panic!("{what} was lost");
    }

    fn finish(&self) {}
}

async fn engines() -> Vec<TestDatabase> {
    [Some(TestDatabase::sqlite().await), TestDatabase::postgres().await].into_iter().flatten().collect()
}

fn now() -> DateTime<Utc> {
    "2026-03-04T18:00:00.123Z".parse().unwrap()
}

async fn seed(test: &TestDatabase, plan: &DemoPlan) -> Vec<DemoAccount> {
    demo::seed(test.database(), plan, now(), &Steps::default()).await.unwrap()
}

/// The first column of every row.
async fn all<T: TryGetable>(test: &TestDatabase, sql: &str) -> Vec<T> {
    let connection = test.database().connection();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn count(test: &TestDatabase, rest: &str) -> i64 {
    all(test, &format!("SELECT COUNT(*) FROM {rest}")).await[0]
}

/// How often each value occurs.
async fn tally(test: &TestDatabase, expression: &str, from: &str) -> BTreeMap<String, u32> {
    let mut tally = BTreeMap::new();
    for value in all::<String>(test, &format!("SELECT CAST({expression} AS text) FROM {from}")).await {
        *tally.entry(value).or_default() += 1;
    }
    tally
}

/// The values as they are compared.
async fn keys(test: &TestDatabase, sql: &str, key: fn(&str) -> Option<String>) -> Vec<Option<String>> {
    let values: Vec<Option<String>> = all(test, sql).await;
    values.iter().map(|value| value.as_deref().and_then(key)).collect()
}

async fn everything(test: &TestDatabase) -> Vec<Vec<String>> {
    let is_sqlite = test.database().connection().get_database_backend() == DbBackend::Sqlite;
    let tables = "tenants branches service_categories services users clients client_users client_profiles \
                  client_preferences client_notes appointments payments";
    let mut dump = Vec::new();
    for table in tables.split_whitespace() {
        let mut row = "CAST(to_jsonb(t) AS text)".to_owned();
        if is_sqlite {
            let columns = format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')");
            row = all::<String>(test, &columns).await.join(" || ' ' || ");
        }
        dump.push(all(test, &format!("SELECT {row} FROM {table} t ORDER BY id")).await);
    }
    dump
}

#[tokio::test]
async fn the_first_run_shows_one_of_everything() {
    for test in engines().await {
        let progress = Steps::default();
        assert!(demo::is_empty(test.database()).await.unwrap());
        demo::seed(test.database(), &DemoPlan::default(), now(), &progress).await.unwrap();
        assert!(!demo::is_empty(test.database()).await.unwrap());
        assert_eq!(progress.0.into_inner(), 0);

        let tenants = tally(&test, "name || ', ' || timezone", "tenants").await;
        let expected = ["Bella Vita, America/Mexico_City", "Clínica Santa Lucía, America/Tijuana"];
        assert_eq!(tenants.keys().collect::<Vec<_>>(), expected);
        for tenant in all::<String>(&test, "SELECT id FROM tenants").await {
            let roles =
                tally(&test, "role", &format!("users WHERE \"tenantId\" = '{tenant}' AND role <> 'SUPERADMIN'")).await;
            assert_eq!(roles.len(), 5, "{roles:?}");
            assert!(roles["PROFESSIONAL"] > 2 && roles["CLIENT"] > 60);
            let services = count(&test, &format!("services WHERE \"tenantId\" = '{tenant}'")).await;
            assert!((8..=15).contains(&services));
        }
        for (table, column, values) in [
            ("appointments", "status", 5),
            ("payments", "status", 3),
            ("payments", "paymentMethod", 5),
            ("client_notes", "noteType", 4),
            ("client_preferences", "communicationPreference", 3),
            ("client_preferences", "reminderTime", 3),
        ] {
            assert_eq!(tally(&test, &format!("\"{column}\""), table).await.len(), values, "{table}.{column}");
        }
        for (rows, expected) in PROMISED {
            let found = count(&test, rows).await;
            assert!(expected.contains(&found), "{found} {rows}");
        }
    }
}

#[tokio::test]
async fn people_have_mexican_names_and_phones_typed_in_many_ways() {
    for test in engines().await {
        seed(&test, &DemoPlan::default()).await;

        let names: HashSet<String> =
            all(&test, "SELECT \"firstName\" || '|' || \"lastName\" FROM users").await.into_iter().collect();
        let surnames = |name: &&String| name.split('|').next_back().unwrap().split(' ').count() >= 2;
        assert!(names.len() > 120 && names.iter().filter(surnames).count() > 110);
        assert!(names.iter().filter(|name| !name.is_ascii()).count() > 90);

        let phones: Vec<Option<String>> = all(&test, "SELECT phone FROM users").await;
        assert!(phones.iter().any(Option::is_none));
        let shape = |phone: &String| phone.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect::<String>();
        let shapes: HashSet<_> = phones.iter().flatten().map(shape).collect();
        assert!(shapes.len() >= 10, "{shapes:?}");
    }
}

#[tokio::test]
async fn the_hosts_records_are_found_by_phone_or_by_email() {
    for test in engines().await {
        seed(&test, &DemoPlan::default()).await;
        let phones = keys(&test, "SELECT phone FROM users", phone_key).await;
        let emails = keys(&test, "SELECT email FROM users", email_key).await;
        let record_phones = keys(&test, "SELECT phone FROM clients ORDER BY id", phone_key).await;
        let record_emails = keys(&test, "SELECT email FROM clients ORDER BY id", email_key).await;
        let is_found = |(phone, email): &(&Option<String>, &Option<String>)| {
            phone.is_some() && phones.contains(phone) || email.is_some() && emails.contains(email)
        };
        let found = record_phones.iter().zip(&record_emails).filter(is_found);
        // All but those without an account.
        assert_eq!(found.count(), record_phones.len() - 6);
        assert_eq!(count(&test, "clients c JOIN users u ON u.phone = c.phone").await, 0);
    }
}

#[tokio::test]
async fn appointments_keep_to_the_business_hours_of_the_tenant() {
    for test in engines().await {
        seed(&test, &DemoPlan::default()).await;
        let minutes: Vec<i32> = all(&test, "SELECT duration FROM services").await;
        for zone in all::<String>(&test, "SELECT timezone FROM tenants").await {
            let joined = r#"appointments a JOIN tenants t ON t.id = a."tenantId""#;
            let of_tenant = format!("{joined} WHERE t.timezone = '{zone}' ORDER BY a.id");
            let starts: Vec<NaiveDateTime> = all(&test, &format!("SELECT \"startTime\" FROM {of_tenant}")).await;
            let ends: Vec<NaiveDateTime> = all(&test, &format!("SELECT \"endTime\" FROM {of_tenant}")).await;
            let zone: Tz = zone.parse().unwrap();
            for (start, end) in starts.iter().zip(&ends) {
                let lasted = (*end - *start).num_minutes();
                assert!(minutes.iter().any(|minutes| i64::from(*minutes) == lasted));
                let (start, end) = (zone.from_utc_datetime(start), zone.from_utc_datetime(end));
                let closes_at = if start.weekday() == Weekday::Sat { 15 } else { 19 };
                let until = end.hour() * 60 + end.minute();
                assert!(start.weekday() != Weekday::Sun && start.hour() >= 9 && until <= closes_at * 60, "{start} {end}");
            }
            let (first, last) = (starts.iter().min().unwrap(), starts.iter().max().unwrap());
            assert!((now().naive_utc() - *first).num_days() > 600 && (*last - now().naive_utc()).num_days() >= 20);
        }
        let late = "status IN ('COMPLETED', 'NO_SHOW') AND \"endTime\" > '2026-03-04 18:00:00.123'";
        let early = "status IN ('PENDING', 'CONFIRMED') AND \"endTime\" <= '2026-03-04 18:00:00.123'";
        assert_eq!(count(&test, &format!("appointments WHERE {late} OR {early}")).await, 0);
    }
}

#[tokio::test]
async fn one_account_of_every_role_signs_in_everywhere() {
    for test in engines().await {
        let accounts = seed(&test, &DemoPlan::default()).await;
        assert_eq!(accounts.len(), 11);
        for DemoAccount { tenant, role, email } in &accounts {
            let active = r#"users u JOIN tenants t ON t.id = u."tenantId" WHERE u."isActive""#;
            let found = format!("{active} AND u.email = '{email}' AND t.name = '{tenant}' AND u.role = '{role}'");
            assert_eq!(count(&test, &found).await, 1, "{email}");
        }
        for email in ["admin@bellavita.example", "cliente@santalucia.example", "superadmin@citaplanner.example"] {
            assert!(accounts.iter().any(|account| account.email == email), "{email}");
        }
        // Theirs are the cards to show.
        let cards = r#"client_profiles p JOIN users u ON u.id = p."userId" JOIN client_preferences c ON c."clientProfileId" = p.id
                       WHERE u.email LIKE 'cliente@%' AND p."dateOfBirth" IS NOT NULL AND p.city IS NOT NULL"#;
        assert_eq!(count(&test, cards).await, 2);

        let hashes = all::<String>(&test, "SELECT DISTINCT password FROM users WHERE password IS NOT NULL").await;
        assert_eq!(hashes.len(), 1);
        assert!(hashes[0].starts_with("$2b$10$") && bcrypt::verify(DEMO_PASSWORD, &hashes[0]).unwrap());
    }
}

#[tokio::test]
async fn the_same_plan_gives_the_same_rows_and_another_seed_gives_others() {
    for (one, other) in engines().await.iter().zip(&engines().await) {
        seed(one, &DemoPlan::default()).await;
        seed(other, &DemoPlan::default()).await;
        let rows = everything(one).await;
        assert!(rows.iter().all(|table| !table.is_empty()));
        assert_eq!(rows, everything(other).await);

        let smaller = DemoPlan { profiles: 5, ..DemoPlan::default() };
        let again = demo::seed(one.database(), &smaller, now(), &Steps::default()).await;
        let reason = std::error::Error::source(&again.unwrap_err()).unwrap().to_string();
        assert!(reason.contains("choose another seed than 1"), "{reason}");
        assert_eq!(rows, everything(one).await);

        seed(one, &DemoPlan { seed: 2, ..DemoPlan::default() }).await;
        assert_eq!(count(one, "client_profiles").await, 240);
    }
}

#[tokio::test]
async fn big_and_lopsided_plans_are_kept_to_and_every_profile_is_searchable() {
    let big = DemoPlan { tenants: 7, profiles: 2_000, notes: 3_001, appointments: 9_999, seed: 42 };
    let lopsided = DemoPlan { tenants: 3, profiles: 3, notes: 0, appointments: 2_500, seed: u64::MAX };
    for plan in [big, lopsided] {
        for test in engines().await {
            assert_eq!(seed(&test, &plan).await.len(), plan.tenants as usize * 5 + 1);
            let profiles = r#"client_profiles p JOIN users u ON u.id = p."userId""#;
            assert_eq!(tally(&test, "\"tenantId\"", profiles).await.len(), plan.tenants as usize);
            assert!(tally(&test, "timezone", "tenants").await.len() + 1 >= plan.tenants as usize);
            for (rows, expected) in [
                ("client_profiles", plan.profiles),
                ("crm_profile_search", plan.profiles),
                ("client_notes", plan.notes),
                ("crm_note_index", plan.notes),
                ("appointments", plan.appointments),
            ] {
                assert_eq!(count(&test, rows).await, i64::from(expected), "{rows}");
            }
            assert!(test.database().reconcile().await.unwrap().is_nothing());
        }
    }
}
