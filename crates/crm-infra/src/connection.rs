//! What a unit says its statements over: the connection of its transaction, or one that it keeps while it reads.

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::OwnedSemaphorePermit;

use crate::readers::Reading;

/// The one connection of a unit.
pub(crate) enum Connection {
    Reading(Reading),
    Transaction { transaction: DatabaseTransaction, _writer: Option<OwnedSemaphorePermit> },
}

#[async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Reading(reading) => reading.get_database_backend(),
            Self::Transaction { transaction, .. } => transaction.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Reading(reading) => reading.execute_raw(statement).await,
            Self::Transaction { transaction, .. } => transaction.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Reading(reading) => reading.execute_unprepared(sql).await,
            Self::Transaction { transaction, .. } => transaction.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Reading(reading) => reading.query_one_raw(statement).await,
            Self::Transaction { transaction, .. } => transaction.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Reading(reading) => reading.query_all_raw(statement).await,
            Self::Transaction { transaction, .. } => transaction.query_all_raw(statement).await,
        }
    }
}
