//! What the database driver says, in the store's words.

use std::sync::Arc;

use crm_domain::error::StoreError;
use sea_orm::sqlx::Error as DriverError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// PostgreSQL classes and codes that pass by themselves: connection and resource trouble, shutdown, locks held too
/// long, statements cancelled by their time limit, deadlocks, a server that is read-only for now.
const PASSING_POSTGRES: [&str; 8] = ["08", "53", "57", "25006", "40001", "40P01", "55P03", "58"];
/// SQLite primary codes likewise: busy, locked, read-only, input/output error, full disk, can't open.
const PASSING_SQLITE: [i64; 6] = [5, 6, 8, 10, 13, 14];

/// Classes of PostgreSQL errors whose messages quote values of rows: data exceptions and violated constraints.
const QUOTING_POSTGRES: [&str; 2] = ["22", "23"];

/// A driver's error as it may be logged: without values of rows.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Failure(String);

/// Sorts a driver's error. What it says stays inside, for the log.
#[expect(clippy::needless_pass_by_value, reason = "taken as `map_err` gives it")]
pub(crate) fn store_error(error: DbErr) -> StoreError {
    if matches!(error.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))) {
        return StoreError::MissingReference;
    }
    let failure = Box::new(Failure(loggable(&error)));
    if is_passing(&error) { StoreError::Unavailable(failure) } else { StoreError::Failed(failure) }
}

fn loggable(error: &DbErr) -> String {
    let driver = match error {
        DbErr::Exec(RuntimeErr::SqlxError(driver))
        | DbErr::Query(RuntimeErr::SqlxError(driver))
        | DbErr::Conn(RuntimeErr::SqlxError(driver)) => driver,
        other => return other.to_string(),
    };
    let DriverError::Database(database) = &**driver else { return driver.to_string() };
    let code = database.code().unwrap_or_default();
    let quotes_values = code.len() == 5 && QUOTING_POSTGRES.iter().any(|class| code.starts_with(class));
    let message = if quotes_values { "message withheld" } else { database.message() };
    let constraint = database.constraint().unwrap_or_default();
    format!("database error {code} {constraint}: {message}")
}

fn is_passing(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(driver)) | DbErr::Query(RuntimeErr::SqlxError(driver)) => {
            driver_is_passing(driver)
        }
        _ => false,
    }
}

fn driver_is_passing(error: &Arc<DriverError>) -> bool {
    match &**error {
        DriverError::Io(_)
        | DriverError::Tls(_)
        | DriverError::PoolTimedOut
        | DriverError::PoolClosed
        | DriverError::WorkerCrashed => true,
        DriverError::Database(database) => database.code().is_some_and(|code| match code.parse::<i64>() {
            // SQLite codes are numbers whose low byte is the primary code; PostgreSQL's have five characters.
            Ok(number) if code.len() < 5 => PASSING_SQLITE.contains(&(number & 0xff)),
            _ => PASSING_POSTGRES.iter().any(|passing| code.starts_with(passing)),
        }),
        _ => false,
    }
}
