//! What a database is asked, for tests that read its plans.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::{ConnectionTrait, Statement};

use super::TestDatabase;
use crate::{Database, Purpose};

/// A statement that was run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recorded {
    /// The statement with its placeholders.
    pub sql: String,
    /// How many placeholders it has.
    pub parameters: usize,
    /// The statement with the values in their places.
    pub with_values: String,
}

/// Collects the statements of a database.
#[derive(Clone, Default)]
pub struct Recording(Arc<Mutex<Vec<Recorded>>>);

impl Recording {
    /// A database over one connection of each kind, and what it is asked from now on.
    ///
    /// With one connection a session's settings stay, and what the session counts is all there is to count.
    pub async fn over(url: &str) -> (Database, Self) {
        let recording = Self::default();
        let mut database = Database::connect(url, 1, Purpose::Serving).await.expect("the database answers");
        let sink = recording.clone();
        database.on_statement(Arc::new(move |statement| sink.add(statement)));
        (database, recording)
    }

    /// The statements since the last time, in order.
    pub fn take(&self) -> Vec<Recorded> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, statement: &Statement) {
        let parameters = statement.values.as_ref().map_or(0, |values| values.0.len());
        let recorded = Recorded { sql: statement.sql.clone(), parameters, with_values: statement.to_string() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(recorded);
    }
}

/// One step of the program into which SQLite compiles a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteStep {
    /// Its address; each trigger's program begins again at 0.
    pub address: i64,
    /// What it does.
    pub operation: String,
    /// Its first operand, mostly a cursor.
    pub p1: i64,
    /// Its second operand, of a cursor that is opened the root page.
    pub p2: i64,
}

impl TestDatabase {
    /// Goes on with one connection of each kind only and records what it is asked from now on.
    pub async fn record(&mut self) -> Recording {
        let (database, recording) = Recording::over(&self.url).await;
        self.database = database;
        recording
    }

    /// The program of a statement on SQLite, with those of the triggers and cascades it sets off.
    pub async fn sqlite_program(&self, sql: &str) -> Vec<SqliteStep> {
        let statement = Statement::from_string(self.database.backend(), format!("EXPLAIN {sql}"));
        let rows = self.database.connection().query_all_raw(statement).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
        let number = |row: &sea_orm::QueryResult, column| row.try_get("", column).expect("a number");
        let step = |row| SqliteStep {
            address: number(row, "addr"),
            operation: row.try_get("", "opcode").expect("a name"),
            p1: number(row, "p1"),
            p2: number(row, "p2"),
        };
        rows.iter().map(step).collect()
    }
}
