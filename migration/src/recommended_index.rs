//! Indexes that make history and lists fast, on tables that are the host's to change.

use crate::engine::shared;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use std::collections::BTreeMap;

/// An index worth having on a host table.
///
/// We never add it to an existing table by ourselves: the host drops what its model does not name.
#[derive(Debug, PartialEq, Eq)]
pub struct RecommendedIndex {
    /// The host table.
    pub table: &'static str,
    /// The name that Prisma gives to this index.
    pub name: &'static str,
    /// The columns, in order.
    pub columns: &'static [&'static str],
    /// The line for the host's Prisma model, which makes the index last.
    pub prisma: &'static str,
}

/// All recommended indexes. A table that we create ourselves gets its own at once.
pub const RECOMMENDED_INDEXES: &[RecommendedIndex] = &[
    RecommendedIndex {
        table: "appointments",
        name: "appointments_clientId_startTime_idx",
        columns: &["clientId", "startTime"],
        prisma: "@@index([clientId, startTime])",
    },
    RecommendedIndex {
        table: "payments",
        name: "payments_appointmentId_idx",
        columns: &["appointmentId"],
        prisma: "@@index([appointmentId])",
    },
    RecommendedIndex {
        table: "payments",
        name: "payments_clientId_idx",
        columns: &["clientId"],
        prisma: "@@index([clientId])",
    },
    by_tenant("clients", "clients_tenantId_idx"),
    by_tenant("client_users", "client_users_tenantId_idx"),
    by_tenant("users", "users_tenantId_idx"),
    by_tenant("services", "services_tenantId_idx"),
    by_tenant("branches", "branches_tenantId_idx"),
];

const fn by_tenant(table: &'static str, name: &'static str) -> RecommendedIndex {
    RecommendedIndex { table, name, columns: &["tenantId"], prisma: "@@index([tenantId])" }
}

impl RecommendedIndex {
    /// The statement for a table in use. On PostgreSQL it must run outside a transaction.
    pub fn create_sql(&self, backend: DbBackend) -> String {
        match backend {
            DbBackend::Postgres => self.create(backend, "INDEX CONCURRENTLY IF NOT EXISTS"),
            _ => self.create(backend, "INDEX IF NOT EXISTS"),
        }
    }

    /// The statement for a table that was just created.
    pub(crate) fn create_at_once_sql(&self, backend: DbBackend) -> String {
        self.create(backend, "INDEX")
    }

    fn create(&self, backend: DbBackend, kind: &str) -> String {
        format!("CREATE {kind} \"{}\" ON {} (\"{}\")", self.name, shared(backend, self.table), self.columns.join("\", \""))
    }
}

/// The recommended indexes that the database lacks.
///
/// Any usable index that starts with the same columns will do, whatever its name.
pub async fn missing_indexes(db: &impl ConnectionTrait) -> Result<Vec<&'static RecommendedIndex>, DbErr> {
    let existing = existing_indexes(db).await?;
    Ok(RECOMMENDED_INDEXES
        .iter()
        .filter(|wanted| {
            !existing.iter().any(|(table, columns)| {
                table == wanted.table
                    && columns.len() >= wanted.columns.len()
                    && columns.iter().zip(wanted.columns).all(|(has, wants)| has == wants)
            })
        })
        .collect())
}

/// Table and columns of every index that serves all rows of its table.
async fn existing_indexes(db: &impl ConnectionTrait) -> Result<Vec<(String, Vec<String>)>, DbErr> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => POSTGRES_INDEXES,
        _ => SQLITE_INDEXES,
    };
    let mut indexes: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for row in db.query_all_raw(Statement::from_string(backend, sql)).await? {
        let name = row.try_get("", "index_name")?;
        let table = row.try_get("", "table_name")?;
        let (_, columns) = indexes.entry(name).or_insert_with(|| (table, Vec::new()));
        columns.push(row.try_get("", "column_name")?);
    }
    Ok(indexes.into_values().collect())
}

// An expression has no column, and counts as a column with an empty name.
const POSTGRES_INDEXES: &str = "\
    SELECT i.relname::text AS index_name, t.relname::text AS table_name, \
           coalesce(a.attname::text, '') AS column_name \
    FROM pg_index x \
    JOIN pg_class i ON i.oid = x.indexrelid \
    JOIN pg_class t ON t.oid = x.indrelid \
    JOIN pg_namespace n ON n.oid = t.relnamespace \
    CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (attnum, position) \
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum AND k.attnum > 0 \
    WHERE n.nspname = 'public' AND x.indisvalid AND x.indpred IS NULL \
      AND k.position <= x.indnkeyatts \
    ORDER BY i.relname, k.position";

const SQLITE_INDEXES: &str = "\
    SELECT i.name AS index_name, t.name AS table_name, coalesce(c.name, '') AS column_name \
    FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c \
    WHERE t.type = 'table' AND i.partial = 0 \
    ORDER BY i.name, c.seqno";
