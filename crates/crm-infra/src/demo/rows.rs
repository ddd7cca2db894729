//! Rows on their way into the database, many per statement and few transactions.

use std::fmt::Write as _;

use crm_domain::error::StoreError;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};

use crate::database::Database;
use crate::error::store_error;

/// Rows held in memory, and written in one transaction.
const ROWS_HELD: usize = 20_000;
/// Bound values of a statement: far below what the engines allow, and quick to prepare.
const MAX_VALUES: usize = 4_096;

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

    /// The enumerated type of a column, which PostgreSQL must be told.
    fn enumeration(self, column: &str) -> Option<&'static str> {
        match (self, column) {
            (Self::Users, "role") => Some("UserRole"),
            (Self::ClientProfiles, "gender") => Some("Gender"),
            (Self::ClientNotes, "noteType") => Some("NoteType"),
            (Self::ClientPreferences, "communicationPreference") => Some("CommunicationPreference"),
            (Self::ClientPreferences, "reminderTime") => Some("ReminderTime"),
            (Self::Appointments, "status") => Some("AppointmentStatus"),
            (Self::Payments, "paymentMethod") => Some("PaymentMethod"),
            (Self::Payments, "status") => Some("PaymentStatus"),
            _ => None,
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
    values: Vec<Value>,
}

impl Rows {
    /// Adds a row. All rows of a table name the same columns in the same order.
    pub(super) fn add<const COLUMNS: usize>(&mut self, table: Table, row: [(&'static str, Value); COLUMNS]) {
        let rows = &mut self.tables[table as usize];
        if rows.columns.is_empty() {
            rows.columns = row.iter().map(|(column, _)| *column).collect();
        }
        debug_assert!(rows.columns.iter().eq(row.iter().map(|(column, _)| column)), "{table:?} has other columns");
        rows.values.extend(row.into_iter().map(|(_, value)| value));
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
        let is_sqlite = database.backend() == DbBackend::Sqlite;
        let options = TransactionOptions {
            sqlite_transaction_mode: is_sqlite.then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = database.connection().begin_with_options(options).await?;
        for table in Table::ALL {
            let rows = &mut self.tables[table as usize];
            let mut values = std::mem::take(&mut rows.values).into_iter();
            while values.len() > 0 {
                let count = statement_rows(values.len() / rows.columns.len(), rows.columns.len());
                let sql = insert_sql(database.backend(), table, &rows.columns, count);
                let bound = values.by_ref().take(count * rows.columns.len());
                transaction.execute_raw(Statement::from_sql_and_values(database.backend(), sql, bound)).await?;
            }
        }
        self.held = 0;
        transaction.commit().await
    }
}

/// How many of the rows go into the next statement: a power of two, so that few different statements are prepared.
fn statement_rows(rows: usize, columns: usize) -> usize {
    1 << rows.min(MAX_VALUES / columns).ilog2()
}

fn insert_sql(backend: DbBackend, table: Table, columns: &[&str], rows: usize) -> String {
    let mut sql = format!("INSERT INTO \"{}\" (\"{}\") VALUES ", table.name(), columns.join("\", \""));
    let mut number = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for (index, column) in columns.iter().enumerate() {
            number += 1;
            if index > 0 {
                sql.push_str(", ");
            }
            // Writing to a string cannot fail.
            let _ = match (backend, table.enumeration(column)) {
                (DbBackend::Postgres, Some(name)) => write!(sql, "CAST(${number} AS \"{name}\")"),
                (DbBackend::Postgres, None) => write!(sql, "${number}"),
                _ => sql.write_char('?'),
            };
        }
        sql.push(')');
    }
    sql
}
