//! Finds full scans in the plans of both engines.

use std::collections::{BTreeMap, HashMap};

use crm_infra::testing::{Recorded, TestDatabase};

/// Tables that grow with the number of tenants.
const GROWING: [&str; 18] = [
    "tenants",
    "branches",
    "users",
    "clients",
    "client_users",
    "services",
    "appointments",
    "payments",
    "client_profiles",
    "client_notes",
    "client_preferences",
    "crm_profile_search",
    "crm_note_index",
    "crm_photos",
    "crm_audit",
    "crm_audit_heads",
    "crm_trash",
    "crm_trash_rows",
];

/// What a statement reads from one end to the other.
pub(super) async fn of(database: &TestDatabase, statement: &Recorded) -> Vec<String> {
    if database.database().is_sqlite() {
        return of_sqlite(database, &statement.sql).await;
    }
    // The plan for these values, and the one for any values, which a prepared statement may switch to.
    let custom = database.select_column(&format!("EXPLAIN {}", statement.with_values)).await;
    let prepare = format!("SET plan_cache_mode = force_generic_plan; PREPARE any_values AS {}", statement.sql);
    database.execute(&prepare).await;
    let values = vec!["NULL"; statement.parameters].join(", ");
    let values = if values.is_empty() { values } else { format!("({values})") };
    let generic = database.select_column(&format!("EXPLAIN EXECUTE any_values {values}")).await;
    database.execute("DEALLOCATE any_values; RESET plan_cache_mode").await;
    let plans = [("plan for these values", custom), ("plan for any values", generic)];
    plans.into_iter().flat_map(|(name, plan)| of_postgres(name, plan.into_iter().flatten())).collect()
}

fn of_postgres(plan_name: &str, lines: impl Iterator<Item = String>) -> Vec<String> {
    // A node is the line that names it and the lines on its conditions that follow.
    let mut nodes: Vec<String> = Vec::new();
    for line in lines {
        match nodes.last_mut() {
            Some(node) if !line.contains("->") => node.push_str(&line),
            _ => nodes.push(line),
        }
    }
    let is_scan = |node: &String| {
        let table = node.split_once("Seq Scan on ").map(|(_, rest)| rest.split(' ').next().unwrap_or_default());
        let through_index = ["Index Scan", "Index Only Scan"].iter().any(|scan| node.contains(scan));
        table.is_some_and(|table| GROWING.contains(&table)) || (through_index && !node.contains("Index Cond:"))
    };
    nodes.into_iter().filter(is_scan).map(|node| format!("{plan_name}: {}", node.trim())).collect()
}

/// The indexes on the host's tenants that a statement on SQLite opens.
pub(super) async fn tenant_indexes(database: &TestDatabase, sql: &str) -> Vec<String> {
    let indexes = "SELECT rootpage || ' ' || name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%(\"tenantId\"%'";
    let indexes = database.select_column(indexes).await;
    let program = database.sqlite_program(sql).await;
    let is_opened = |page: &str| program.iter().any(|step| step.operation == "OpenRead" && step.p2.to_string() == page);
    let indexes = indexes.iter().flatten().filter_map(|index| index.split_once(' '));
    indexes.filter(|(page, _)| is_opened(page)).map(|(_, name)| name.to_owned()).collect()
}

/// A loop over a table or an index begins at its first or last entry, or at one that was looked up.
async fn of_sqlite(database: &TestDatabase, sql: &str) -> Vec<String> {
    let catalogue = "SELECT rootpage || ' ' || name || ' of ' || tbl_name FROM sqlite_master WHERE rootpage > 0";
    let catalogue = database.select_column(catalogue).await;
    let roots: HashMap<i64, &str> = catalogue
        .iter()
        .flatten()
        .filter_map(|row| row.split_once(' '))
        .map(|(page, name)| (page.parse().unwrap(), name))
        .collect();

    let mut cursors: HashMap<i64, &str> = HashMap::new();
    let mut found = Vec::new();
    let mut resumes_at = 0;
    for step in database.sqlite_program(sql).await {
        if step.address == 0 {
            cursors.clear();
            resumes_at = 0;
        }
        // A new parent row might end violations of a foreign key. There are none, and SQLite skips looking for them.
        if step.operation == "FkIfZero" {
            resumes_at = step.p2;
        }
        if step.address < resumes_at {
            continue;
        }
        match step.operation.as_str() {
            // The catalogue, on the first page, does not grow with tenants.
            "OpenRead" if step.p2 == 1 => {
                cursors.remove(&step.p1);
            }
            "OpenRead" | "OpenWrite" | "ReopenIdx" => {
                cursors.insert(step.p1, roots.get(&step.p2).copied().unwrap_or("an unknown table"));
            }
            "Rewind" | "Last" | "Sort" | "Count" => found.extend(cursors.get(&step.p1).map(|name| (*name).to_owned())),
            operation if operation.starts_with("Open") || operation == "SorterOpen" => {
                cursors.remove(&step.p1);
            }
            _ => {}
        }
    }
    found
}

/// How often PostgreSQL has scanned each growing table, triggers and foreign keys included.
pub(super) struct ScanCounters(BTreeMap<String, u64>);

impl ScanCounters {
    /// Empty on SQLite.
    pub(super) async fn read(database: &TestDatabase) -> Self {
        if database.database().is_sqlite() {
            return Self(BTreeMap::new());
        }
        // The database has one connection, so this reports what the requests before it did.
        database.select_column("SELECT CAST(pg_stat_force_next_flush() AS text)").await;
        let counters = "SELECT relname || ' ' || coalesce(seq_scan, 0) FROM pg_stat_user_tables";
        let counters = database.select_column(counters).await;
        let counters = counters.iter().flatten().filter_map(|row| row.split_once(' '));
        let growing = counters.filter(|(table, _)| GROWING.contains(table));
        Self(growing.map(|(table, scans)| (table.to_owned(), scans.parse().unwrap())).collect())
    }

    /// The tables that were scanned in between.
    pub(super) fn since(self, before: &Self) -> Vec<String> {
        self.0.into_iter().filter(|(table, scans)| before.0.get(table) != Some(scans)).map(|(table, _)| table).collect()
    }
}
