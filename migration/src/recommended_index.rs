//! Indexes that make history and lists fast, on tables that are the host's to change.

use crate::contact_key::{phone_key_expression, sql_email_key};
use crate::engine::shared;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use std::collections::BTreeMap;

/// A column by whose comparable form people are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKey {
    /// `email`, by [`crate::sql_email_key`].
    Email,
    /// `phone`, by [`crate::sql_phone_key`].
    Phone,
}

/// An index worth having on a host table.
///
/// We never add it to an existing table by ourselves: the table is the host's.
#[derive(Debug, PartialEq, Eq)]
pub struct RecommendedIndex {
    /// The host table.
    pub table: &'static str,
    /// Its name, which is the one that Prisma gives to an index of its own.
    pub name: &'static str,
    /// The columns, in order.
    pub columns: &'static [&'static str],
    /// What stands behind the columns, computed.
    pub key: Option<ContactKey>,
}

/// All recommended indexes. A table that we create ourselves gets its own at once.
pub const RECOMMENDED_INDEXES: &[RecommendedIndex] = &[
    plain("appointments", "appointments_clientId_startTime_idx", &["clientId", "startTime"]),
    plain("appointments", "appointments_tenantId_startTime_idx", &["tenantId", "startTime"]),
    plain("payments", "payments_appointmentId_idx", &["appointmentId"]),
    plain("payments", "payments_clientId_idx", &["clientId"]),
    plain("clients", "clients_tenantId_createdAt_idx", &["tenantId", "createdAt"]),
    contact("clients", "clients_crm_phone_idx", ContactKey::Phone),
    contact("clients", "clients_crm_email_idx", ContactKey::Email),
    contact("client_users", "client_users_crm_email_idx", ContactKey::Email),
    plain("users", "users_tenantId_createdAt_idx", &["tenantId", "createdAt"]),
    plain("users", "users_tenantId_role_idx", &["tenantId", "role"]),
    contact("users", "users_crm_phone_idx", ContactKey::Phone),
    contact("users", "users_crm_email_idx", ContactKey::Email),
    plain("services", "services_tenantId_idx", &["tenantId"]),
    plain("branches", "branches_tenantId_idx", &["tenantId"]),
];

const fn plain(table: &'static str, name: &'static str, columns: &'static [&'static str]) -> RecommendedIndex {
    RecommendedIndex { table, name, columns, key: None }
}

const fn contact(table: &'static str, name: &'static str, key: ContactKey) -> RecommendedIndex {
    RecommendedIndex { table, name, columns: &["tenantId"], key: Some(key) }
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

    /// The line for the host's Prisma model, which makes the index last. Prisma does not see an index on an expression,
    /// and so leaves it alone.
    pub fn prisma(&self) -> Option<String> {
        self.key.is_none().then(|| format!("@@index([{}])", self.columns.join(", ")))
    }

    fn create(&self, backend: DbBackend, kind: &str) -> String {
        let key = match self.key {
            Some(ContactKey::Email) => format!(", ({})", sql_email_key(backend, "email")),
            Some(ContactKey::Phone) => format!(", ({})", phone_key_expression(backend, "phone")),
            None => String::new(),
        };
        let (table, columns) = (shared(backend, self.table), self.columns.join("\", \""));
        format!("CREATE {kind} \"{}\" ON {table} (\"{columns}\"{key})", self.name)
    }

    /// Whether this index serves as well: one that starts with the same columns, whatever its name, or one of this name
    /// where an expression is wanted.
    fn is_served_by(&self, index: &ExistingIndex) -> bool {
        let starts_alike = index.columns.iter().zip(self.columns).all(|(has, wants)| has == wants);
        let is_long_enough = index.columns.len() >= self.columns.len();
        let has_key = self.key.is_none() || index.name == self.name;
        index.table == self.table && is_long_enough && starts_alike && has_key
    }
}

/// The recommended indexes that the database lacks.
///
/// Any usable index that starts with the same columns will do, whatever its name.
pub async fn missing_indexes(db: &impl ConnectionTrait) -> Result<Vec<&'static RecommendedIndex>, DbErr> {
    let existing = existing_indexes(db).await?;
    Ok(RECOMMENDED_INDEXES.iter().filter(|wanted| !existing.iter().any(|index| wanted.is_served_by(index))).collect())
}

/// An index that serves all rows of its table.
#[derive(Default)]
struct ExistingIndex {
    name: String,
    table: String,
    columns: Vec<String>,
}

async fn existing_indexes(db: &impl ConnectionTrait) -> Result<Vec<ExistingIndex>, DbErr> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => POSTGRES_INDEXES,
        _ => SQLITE_INDEXES,
    };
    let mut indexes: BTreeMap<String, ExistingIndex> = BTreeMap::new();
    for row in db.query_all_raw(Statement::from_string(backend, sql)).await? {
        let name: String = row.try_get("", "index_name")?;
        let index = indexes.entry(name.clone()).or_default();
        index.name = name;
        index.table = row.try_get("", "table_name")?;
        index.columns.push(row.try_get("", "column_name")?);
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
