//! The demo data, on both engines.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Mutex;

use chrono::{DateTime, Datelike, NaiveDateTime, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use crm_domain::value::{email_key, phone_key};
use crm_infra::demo::{self, DEMO_PASSWORD, DemoAccount, DemoPlan, Progress};
use crm_infra::testing::TestDatabase;
use sea_orm::{ConnectionTrait, DbBackend, Statement, TryGetable};

const TABLES: [&str; 12] = [
    "tenants",
    "branches",
    "service_categories",
    "services",
    "users",
    "clients",
    "client_users",
    "client_profiles",
    "client_preferences",
    "client_notes",
    "appointments",
    "payments",
];

#[derive(Default)]
struct Steps(Mutex<Vec<(u64, u64, bool)>>);

impl Progress for Steps {
    fn start(&self, _: &'static str, total: u64) {
        self.0.lock().unwrap().push((0, total, false));
    }

    fn advance(&self, by: u64) {
        self.0.lock().unwrap().last_mut().unwrap().0 += by;
    }

    fn finish(&self) {
        self.0.lock().unwrap().last_mut().unwrap().2 = true;
    }
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

async fn everything(test: &TestDatabase) -> Vec<Vec<String>> {
    let mut dump = Vec::new();
    for table in TABLES {
        let row = match test.database().connection().get_database_backend() {
            DbBackend::Postgres => "CAST(to_jsonb(t) AS text)".to_owned(),
            _ => {
                let columns = format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')");
                all::<String>(test, &columns).await.join(" || ' ' || ")
            }
        };
        dump.push(all(test, &format!("SELECT {row} FROM {table} t ORDER BY id")).await);
    }
    dump
}

#[tokio::test]
async fn the_first_run_shows_one_of_everything() {
    for test in engines().await {
        let (plan, progress) = (DemoPlan::default(), Steps::default());
        assert!(demo::is_empty(test.database()).await.unwrap());
        demo::seed(test.database(), &plan, now(), &progress).await.unwrap();
        assert!(!demo::is_empty(test.database()).await.unwrap());
        assert!(progress.0.lock().unwrap().iter().all(|(done, total, is_over)| done == total && *is_over));

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
        assert_eq!(count(&test, "users WHERE role = 'SUPERADMIN'").await, 1);
        assert!(count(&test, "services WHERE price <> round(price)").await > 0);

        assert_eq!(count(&test, "client_profiles").await, 120);
        assert_eq!(count(&test, "client_notes").await, 240);
        assert_eq!(count(&test, "appointments").await, 600);
        let without = "users WHERE role = 'CLIENT' AND id NOT IN (SELECT \"userId\" FROM client_profiles)";
        assert!(count(&test, without).await > 8);
        assert_eq!(tally(&test, "status", "appointments").await.len(), 5);
        assert_eq!(tally(&test, "status", "payments").await.len(), 3);
        assert!(tally(&test, "\"paymentMethod\"", "payments").await.len() >= 4);
        let shared = "(SELECT 1 FROM payments GROUP BY \"appointmentId\" HAVING COUNT(*) > 1) AS t";
        assert!(count(&test, shared).await > 20);
        let unpaid = "appointments a WHERE status = 'COMPLETED' \
                      AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.\"appointmentId\" = a.id)";
        assert!(count(&test, unpaid).await > 5);
        assert_eq!(tally(&test, "\"noteType\"", "client_notes").await.len(), 4);
        assert!(count(&test, "client_notes WHERE \"isPrivate\"").await > 10);
        assert_eq!(tally(&test, "\"communicationPreference\" || ' ' || \"reminderTime\"", "(SELECT CAST(\"communicationPreference\" AS text) AS \"communicationPreference\", CAST(\"reminderTime\" AS text) AS \"reminderTime\" FROM client_preferences) AS t").await.len(), 9);
        assert!((55..90).contains(&count(&test, "client_preferences").await));

        let heavy = "(SELECT 1 FROM appointments GROUP BY \"clientId\" HAVING COUNT(*) > 20) AS t";
        assert!((1..12).contains(&count(&test, heavy).await));
        assert!(count(&test, "clients WHERE id NOT IN (SELECT \"clientId\" FROM appointments)").await > 5);
        assert!(count(&test, "client_profiles WHERE \"firstName\" IS NULL AND \"lastName\" IS NULL").await > 5);
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

        let births: Vec<NaiveDateTime> =
            all(&test, "SELECT \"dateOfBirth\" FROM client_profiles WHERE \"dateOfBirth\" IS NOT NULL").await;
        assert!((60..110).contains(&births.len()) && births.iter().all(|birth| birth.num_seconds_from_midnight() == 0));
    }
}

#[tokio::test]
async fn the_hosts_records_are_found_by_phone_or_by_email() {
    for test in engines().await {
        seed(&test, &DemoPlan::default()).await;
        let keys = |rows: Vec<Option<String>>, key: fn(&str) -> Option<String>| {
            rows.iter().map(|value| value.as_deref().and_then(key)).collect::<Vec<_>>()
        };
        let phones: HashSet<_> =
            keys(all(&test, "SELECT phone FROM users").await, phone_key).into_iter().flatten().collect();
        let emails: HashSet<_> =
            keys(all(&test, "SELECT email FROM users").await, email_key).into_iter().flatten().collect();

        let record_phones = keys(all(&test, "SELECT phone FROM clients ORDER BY id").await, phone_key);
        let record_emails = keys(all(&test, "SELECT email FROM clients ORDER BY id").await, email_key);
        let found = record_phones.iter().zip(&record_emails).filter(|(phone, email)| {
            phone.as_ref().is_some_and(|phone| phones.contains(phone))
                || email.as_ref().is_some_and(|email| emails.contains(email))
        });
        // All but those without an account.
        assert_eq!(found.count(), record_phones.len() - 6);
        assert!(count(&test, "client_users WHERE \"clientId\" IS NOT NULL").await > 20);
        assert_eq!(count(&test, "clients c JOIN users u ON u.phone = c.phone").await, 0);
    }
}

#[tokio::test]
async fn appointments_keep_to_the_business_hours_of_the_tenant() {
    for test in engines().await {
        seed(&test, &DemoPlan::default()).await;
        for zone in all::<String>(&test, "SELECT timezone FROM tenants").await {
            let of_tenant =
                format!("appointments a JOIN tenants t ON t.id = a.\"tenantId\" WHERE t.timezone = '{zone}' ORDER BY a.id");
            let starts: Vec<NaiveDateTime> = all(&test, &format!("SELECT \"startTime\" FROM {of_tenant}")).await;
            let ends: Vec<NaiveDateTime> = all(&test, &format!("SELECT \"endTime\" FROM {of_tenant}")).await;
            let zone: Tz = zone.parse().unwrap();
            for (start, end) in starts.iter().zip(&ends) {
                let (start, end) = (zone.from_utc_datetime(start), zone.from_utc_datetime(end));
                assert!(start.weekday() != Weekday::Sun && start.hour() >= 9, "{start}");
                let closes_at = if start.weekday() == Weekday::Sat { 15 } else { 19 };
                assert!(
                    start.date_naive() == end.date_naive() && (end.hour() * 60 + end.minute()) <= closes_at * 60,
                    "{end}"
                );
            }
            let durations: BTreeSet<i64> =
                starts.iter().zip(&ends).map(|(start, end)| (*end - *start).num_minutes()).collect();
            let services: BTreeSet<i64> =
                all::<i32>(&test, "SELECT duration FROM services").await.into_iter().map(i64::from).collect();
            assert!(durations.is_subset(&services));
            let (first, last) = (starts.iter().min().unwrap(), starts.iter().max().unwrap());
            assert!((now().naive_utc() - *first).num_days() > 600 && (*last - now().naive_utc()).num_days() >= 20);
        }
        let late = "appointments WHERE status IN ('COMPLETED', 'NO_SHOW') AND \"endTime\" > '2026-03-04 18:00:00.123'";
        let early = "appointments WHERE status IN ('PENDING', 'CONFIRMED') AND \"endTime\" <= '2026-03-04 18:00:00.123'";
        assert_eq!((count(&test, late).await, count(&test, early).await), (0, 0));
    }
}

#[tokio::test]
async fn one_account_of_every_role_signs_in_everywhere() {
    for test in engines().await {
        let accounts = seed(&test, &DemoPlan::default()).await;
        assert_eq!(accounts.len(), 11);
        for DemoAccount { tenant, role, email } in &accounts {
            let from = "users u JOIN tenants t ON t.id = u.\"tenantId\"";
            let found = format!(
                "{from} WHERE u.email = '{email}' AND t.name = '{tenant}' AND CAST(u.role AS text) = '{role}' AND u.\"isActive\""
            );
            assert_eq!(count(&test, &found).await, 1, "{email}");
        }
        for email in ["admin@bellavita.example", "cliente@santalucia.example", "superadmin@citaplanner.example"] {
            assert!(accounts.iter().any(|account| account.email == email), "{email}");
        }
        let clients = "client_profiles p JOIN users u ON u.id = p.\"userId\" WHERE u.email LIKE 'cliente@%'";
        assert_eq!(count(&test, clients).await, 2);

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

        let again =
            demo::seed(one.database(), &DemoPlan { profiles: 5, ..DemoPlan::default() }, now(), &Steps::default()).await;
        let reason = std::error::Error::source(&again.unwrap_err()).unwrap().to_string();
        assert!(reason.contains("choose another seed than 1"), "{reason}");
        assert_eq!(rows, everything(one).await);

        seed(one, &DemoPlan { seed: 2, ..DemoPlan::default() }).await;
        assert_eq!(count(one, "client_profiles").await, 240);
    }
}

#[tokio::test]
async fn a_bigger_plan_fills_seven_tenants_and_every_profile_is_searchable() {
    let plan = DemoPlan { tenants: 7, profiles: 2_000, notes: 3_001, appointments: 9_999, seed: 42 };
    for test in engines().await {
        let accounts = seed(&test, &plan).await;
        assert_eq!(accounts.len(), 7 * 5 + 1);
        assert_eq!(tally(&test, "\"tenantId\"", "client_profiles p JOIN users u ON u.id = p.\"userId\"").await.len(), 7);
        assert!(tally(&test, "timezone", "tenants").await.len() >= 6);
        assert_eq!(count(&test, "client_profiles").await, 2_000);
        assert_eq!(count(&test, "client_notes").await, 3_001);
        assert_eq!(count(&test, "appointments").await, 9_999);
        assert_eq!(count(&test, "crm_profile_search").await, 2_000);
        assert_eq!(count(&test, "crm_note_index").await, 3_001);
        assert!(test.database().reconcile().await.unwrap().is_nothing());
    }
}

#[tokio::test]
async fn lopsided_plans_work_too() {
    let plan = DemoPlan { tenants: 3, profiles: 1, notes: 0, appointments: 2_500, seed: u64::MAX };
    for test in engines().await {
        seed(&test, &plan).await;
        assert_eq!(count(&test, "client_profiles").await, 3);
        assert_eq!(count(&test, "client_notes").await, 0);
        assert_eq!(count(&test, "appointments").await, 2_500);
    }
}
