//! Rows on their way into the database, many per statement and few transactions.

use std::fmt::Write as _;

use chrono::NaiveDateTime;
use crm_domain::error::StoreError;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait};
use serde_json::Value;

use crate::database::Database;
use crate::error::store_error;

/// Rows held in memory, and written in one transaction.
const ROWS_HELD: usize = 20_000;

/// 64 MiB for SQLite's pages. With the usual two, many rows are mostly reading and writing index pages again and again.
const MORE_CACHE: &str = "PRAGMA cache_size = -65536";

/// The tables, in an order in which rows can refer to rows before them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Table {
    Tenants,
    Branches,
    ServiceCategories,
    Services,
    Users,
    Clients,
    ClientUsers,
    ClientProfiles,
    ClientPreferences,
    ClientNotes,
    Appointments,
    Payments,
}

impl Table {
    pub(super) const ALL: [Self; 12] = [
        Self::Tenants,
        Self::Branches,
        Self::ServiceCategories,
        Self::Services,
        Self::Users,
        Self::Clients,
        Self::ClientUsers,
        Self::ClientProfiles,
        Self::ClientPreferences,
        Self::ClientNotes,
        Self::Appointments,
        Self::Payments,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tenants => "tenants",
            Self::Branches => "branches",
            Self::ServiceCategories => "service_categories",
            Self::Services => "services",
            Self::Users => "users",
            Self::Clients => "clients",
            Self::ClientUsers => "client_users",
            Self::ClientProfiles => "client_profiles",
            Self::ClientPreferences => "client_preferences",
            Self::ClientNotes => "client_notes",
            Self::Appointments => "appointments",
            Self::Payments => "payments",
        }
    }
}

/// Rows to be written.
#[derive(Default)]
pub(super) struct Rows {
    tables: [TableRows; Table::ALL.len()],
    held: usize,
}

#[derive(Default)]
struct TableRows {
    columns: Vec<&'static str>,
    /// A JSON array of objects, its end missing.
    json: String,
}

impl Rows {
    /// Adds a row. All rows of a table name the same columns in the same order.
    pub(super) fn add(&mut self, table: Table, row: &[(&'static str, Value)]) {
        let rows = &mut self.tables[table as usize];
        if rows.columns.is_empty() {
            rows.columns = row.iter().map(|(column, _)| *column).collect();
        }
        debug_assert!(rows.columns.iter().eq(row.iter().map(|(column, _)| column)), "{table:?} has other columns");
        rows.json.push(if rows.json.is_empty() { '[' } else { ',' });
        for (index, (column, value)) in row.iter().enumerate() {
            let separator = if index == 0 { '{' } else { ',' };
            // Writing to a string cannot fail.
            let _ = write!(rows.json, "{separator}\"{column}\":{value}");
        }
        rows.json.push('}');
        self.held += 1;
    }

    pub(super) fn are_many(&self) -> bool {
        self.held >= ROWS_HELD
    }

    /// Writes all rows in one transaction and forgets them.
    pub(super) async fn write(&mut self, database: &Database) -> Result<(), StoreError> {
        self.write_all(database).await.map_err(store_error)
    }

    async fn write_all(&mut self, database: &Database) -> Result<(), DbErr> {
        let backend = database.backend();
        let options = TransactionOptions {
            sqlite_transaction_mode: (backend == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = database.connection().begin_with_options(options).await?;
        if backend == DbBackend::Sqlite && self.are_many() {
            transaction.execute_unprepared(MORE_CACHE).await?;
        }
        for table in Table::ALL {
            let TableRows { columns, json } = &mut self.tables[table as usize];
            if !json.is_empty() {
                let rows = std::mem::take(json) + "]";
                let sql = insert_sql(backend, table.name(), columns);
                transaction.execute_raw(Statement::from_sql_and_values(backend, sql, [rows.into()])).await?;
            }
        }
        self.held = 0;
        transaction.commit().await
    }
}

/// A time as both engines read it.
pub(super) fn time(at: NaiveDateTime) -> Value {
    at.format("%F %T%.f").to_string().into()
}

/// Inserts a JSON array of objects: one parameter whatever the number of rows, and PostgreSQL knows the columns' types.
fn insert_sql(backend: DbBackend, table: &str, columns: &[&str]) -> String {
    let names = format!("\"{}\"", columns.join("\", \""));
    if backend == DbBackend::Postgres {
        let rows = format!("json_populate_recordset(NULL::\"{table}\", CAST($1 AS json))");
        return format!("INSERT INTO \"{table}\" ({names}) SELECT {names} FROM {rows}");
    }
    let values: Vec<_> = columns.iter().map(|column| format!("line ->> '{column}'")).collect();
    // Each mention of `json_each`'s own column would make its text again.
    let lines = "WITH lines AS MATERIALIZED (SELECT value AS line FROM json_each($1))";
    format!("{lines} INSERT INTO \"{table}\" ({names}) SELECT {} FROM lines", values.join(", "))
}
