//! `crm_profile_search`: one row per profile, folded for searching.

use super::Projection;
use crate::contact_key::{self, sql_phone_key};
use crate::engine::{SCHEMA, ours, text, timestamp};
use crate::fold;
use sea_orm_migration::sea_orm::DbBackend;

pub(crate) const PROFILE_SEARCH: Projection = Projection {
    table: "crm_profile_search",
    key: "profile_id",
    columns: &[
        "user_id",
        "tenant_id",
        "created_at",
        "search_text",
        "phone_keys",
        "city",
        "state",
        "name_key",
        "birth_month",
    ],
    fields: &[
        "id",
        "userId",
        "createdAt",
        "firstName",
        "lastName",
        "email",
        "alternateEmail",
        "phone",
        "alternatePhone",
        "city",
        "state",
        "dateOfBirth",
    ],
    lock: "SELECT 1 FROM public.client_profiles WHERE id IN ({keys}) ORDER BY id FOR SHARE",
};

/// The same before lists could be ordered by name, for the steps that came before.
pub(crate) const PROFILE_SEARCH_WITHOUT_NAMES: Projection = Projection {
    columns: &["user_id", "tenant_id", "created_at", "search_text", "phone_keys", "city", "state"],
    fields: &[
        "id",
        "userId",
        "createdAt",
        "firstName",
        "lastName",
        "email",
        "alternateEmail",
        "phone",
        "alternatePhone",
        "city",
        "state",
    ],
    ..PROFILE_SEARCH
};

/// Everything the projection consisted of at first, in order of creation.
pub(crate) fn create_sql(backend: DbBackend) -> Vec<String> {
    let table = ours(backend, "crm_profile_search");
    let (text, timestamp) = (text(backend), timestamp(backend));
    let mut statements = vec![
        format!(
            "CREATE TABLE {table} (profile_id {text} NOT NULL PRIMARY KEY, user_id {text} NOT NULL, \
             tenant_id {text} NOT NULL, created_at {timestamp} NOT NULL, search_text {text} NOT NULL, \
             phone_keys {text} NOT NULL, city {text} NOT NULL, state {text} NOT NULL)"
        ),
        format!(
            "CREATE INDEX crm_profile_search_newest_idx \
             ON {table} (tenant_id, created_at DESC, profile_id DESC)"
        ),
        format!("CREATE INDEX crm_profile_search_user_idx ON {table} (user_id)"),
    ];
    match backend {
        DbBackend::Postgres => {
            statements.extend([
                trigram_indexes(),
                fold::postgres_function(),
                contact_key::postgres_function(),
                postgres_source(None, Spacing::Single),
            ]);
        }
        _ => statements.push(sqlite_source(false, Spacing::Single)),
    }
    statements
}

/// What makes lists by name and by month of birth possible: two columns, their indexes and the source that fills them.
pub(crate) fn add_names_sql(backend: DbBackend) -> Vec<String> {
    let (table, text) = (ours(backend, "crm_profile_search"), text(backend));
    let mut statements = vec![
        format!("ALTER TABLE {table} ADD COLUMN name_key {text} NOT NULL DEFAULT ''"),
        // 0 where there is none: a null can't be compared with what the source says.
        format!("ALTER TABLE {table} ADD COLUMN birth_month integer NOT NULL DEFAULT 0"),
        format!("CREATE INDEX crm_profile_search_name_idx ON {table} (tenant_id, name_key, profile_id)"),
        format!(
            "CREATE INDEX crm_profile_search_birth_idx \
             ON {table} (tenant_id, birth_month, created_at DESC, profile_id DESC)"
        ),
    ];
    if backend == DbBackend::Postgres {
        statements.push(format!("DROP FUNCTION {SCHEMA}.crm_profile_search_source()"));
        statements.push(postgres_source(Some(&Names::of_postgres()), Spacing::Single));
    } else {
        statements.push("DROP VIEW crm_profile_search_source".to_owned());
        statements.push(sqlite_source(true, Spacing::Single));
    }
    statements
}

/// The source whose words are set apart.
pub(crate) fn spaced_source(backend: DbBackend) -> String {
    match backend {
        DbBackend::Postgres => postgres_source(Some(&Names::of_postgres()), Spacing::Apart),
        _ => sqlite_source(true, Spacing::Apart),
    }
}

/// How words of searched text and phones are separated.
#[derive(Clone, Copy)]
enum Spacing {
    Single,
    /// Two blanks before, between and behind: then the beginning of a word, however short, is three characters with the
    /// blanks before it, which an index of three characters finds; and so is its end.
    Apart,
}

impl Spacing {
    fn of(self, text: &str) -> String {
        match self {
            Self::Single => text.to_owned(),
            Self::Apart => format!("replace(' ' || {text} || ' ', ' ', '  ')"),
        }
    }
}

/// The columns of the second form, as PostgreSQL declares and computes them.
struct Names {
    columns: &'static str,
    values: String,
}

impl Names {
    fn of_postgres() -> Self {
        let name = |column| format!("coalesce(nullif(trim(profile->>'{column}'), ''), account->>'{column}', '')");
        let fold = ours(DbBackend::Postgres, "crm_fold");
        let values = format!(
            ", {fold}({} || ' ' || {}), coalesce(date_part('month', (profile->>'dateOfBirth')::timestamp), 0)::integer",
            name("firstName"),
            name("lastName"),
        );
        Self { columns: ", name_key text, birth_month integer", values }
    }
}

/// Removes what [`create_sql`] creates.
pub(crate) fn drop_sql(backend: DbBackend) -> Vec<String> {
    let table = format!("DROP TABLE IF EXISTS {}", ours(backend, "crm_profile_search"));
    match backend {
        DbBackend::Postgres => vec![
            format!("DROP FUNCTION IF EXISTS {SCHEMA}.crm_profile_search_source()"),
            table,
            format!("DROP FUNCTION IF EXISTS {SCHEMA}.crm_phone_key(text), {SCHEMA}.crm_fold(text)"),
            drop_own_trigram_extension(),
        ],
        _ => vec!["DROP VIEW IF EXISTS crm_profile_search_source".to_owned(), table],
    }
}

/// A function and not a view: a view would keep the host from dropping a column it reads.
///
/// Its body is text to PostgreSQL and is inlined, so that a condition on the key reaches the table's index.
/// Optional columns are read through JSON: one that a later host drops reads as null.
fn postgres_source(names: Option<&Names>, spacing: Spacing) -> String {
    let backend = DbBackend::Postgres;
    let (more_columns, more_values) = names.map_or(("", ""), |names| (names.columns, names.values.as_str()));
    let name = |column| format!("coalesce(nullif(trim(profile->>'{column}'), ''), account->>'{column}', '')");
    let own = |column| format!("coalesce(profile->>'{column}', '')");
    let fold = ours(backend, "crm_fold");
    let text = format!(
        "{fold}({} || ' ' || {} || ' ' || {} || ' ' || {})",
        name("firstName"),
        name("lastName"),
        name("email"),
        own("alternateEmail"),
    );
    let phone = |raw: String| sql_phone_key(backend, &raw);
    let phones = format!("{} || ' ' || {}", phone(name("phone")), phone(own("alternatePhone")));
    format!(
        "CREATE OR REPLACE FUNCTION {SCHEMA}.crm_profile_search_source() \
         RETURNS TABLE (profile_id text, user_id text, tenant_id text, created_at timestamp, \
                        search_text text, phone_keys text, city text, state text{more_columns}) \
         LANGUAGE sql STABLE AS $$ \
         SELECT p.id, p.\"userId\", u.\"tenantId\", p.\"createdAt\", \
                {}, {}, {fold}({}), {fold}({}){more_values} \
         FROM public.client_profiles p \
         JOIN public.users u ON u.id = p.\"userId\" \
         CROSS JOIN LATERAL (SELECT to_jsonb(p) AS profile, to_jsonb(u) AS account OFFSET 0) AS fields \
         $$",
        spacing.of(&text),
        spacing.of(&phones),
        own("city"),
        own("state"),
    )
}

fn sqlite_source(has_names: bool, spacing: Spacing) -> String {
    let backend = DbBackend::Sqlite;
    let name = |column| format!("coalesce(nullif(trim(p.\"{column}\"), ''), u.\"{column}\", '')");
    let own = |column| format!("coalesce(p.\"{column}\", '')");
    let names = if has_names {
        let birth_month = "coalesce(CAST(strftime('%m', p.\"dateOfBirth\") AS integer), 0)";
        format!(", {} || ' ' || {} AS raw_name, {birth_month} AS birth_month", name("firstName"), name("lastName"))
    } else {
        String::new()
    };
    let raw = format!(
        "SELECT p.id AS profile_id, p.\"userId\" AS user_id, u.\"tenantId\" AS tenant_id, \
         p.\"createdAt\" AS created_at, {} || ' ' || {} AS phone_keys, \
         {} || ' ' || {} || ' ' || {} || ' ' || {} AS raw_text, {} AS raw_city, {} AS raw_state{names} \
         FROM client_profiles p JOIN users u ON u.id = p.\"userId\"",
        sql_phone_key(backend, &name("phone")),
        sql_phone_key(backend, &own("alternatePhone")),
        name("firstName"),
        name("lastName"),
        name("email"),
        own("alternateEmail"),
        own("city"),
        own("state"),
    );
    let mut kept = vec!["profile_id", "user_id", "tenant_id", "created_at", "phone_keys"];
    let mut folded = vec![("raw_text", "search_text"), ("raw_city", "city"), ("raw_state", "state")];
    if has_names {
        kept.push("birth_month");
        folded.push(("raw_name", "name_key"));
    }
    let query = fold::sqlite_query(&raw, &kept, &folded);
    match spacing {
        Spacing::Single => format!("CREATE VIEW crm_profile_search_source AS {query}"),
        Spacing::Apart => {
            let is_spaced = |column: &&str| ["search_text", "phone_keys"].contains(column);
            let columns = PROFILE_SEARCH.columns.iter().map(|column| match Some(column).filter(|one| is_spaced(one)) {
                Some(column) => format!("{} AS {column}", spacing.of(column)),
                None => (*column).to_owned(),
            });
            let columns: Vec<_> = ["profile_id".to_owned()].into_iter().chain(columns).collect();
            format!("CREATE VIEW crm_profile_search_source AS SELECT {} FROM ({query})", columns.join(", "))
        }
    }
}

/// Indexes for "contains". They only make searches faster, so a server without
/// the extension, or a role that may not create it, does without.
fn trigram_indexes() -> String {
    format!(
        "DO $$ DECLARE home text; BEGIN \
         IF NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') THEN \
           CREATE EXTENSION pg_trgm SCHEMA {SCHEMA}; \
         END IF; \
         SELECT n.nspname INTO home FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
         WHERE e.extname = 'pg_trgm'; \
         EXECUTE format('CREATE INDEX crm_profile_search_text_idx ON {SCHEMA}.crm_profile_search \
           USING gin (search_text %I.gin_trgm_ops)', home); \
         EXECUTE format('CREATE INDEX crm_profile_search_phone_idx ON {SCHEMA}.crm_profile_search \
           USING gin (phone_keys %I.gin_trgm_ops)', home); \
         EXCEPTION WHEN OTHERS THEN \
           RAISE WARNING 'no trigram indexes for the search of profiles: %', SQLERRM; \
         END $$"
    )
}

/// A `pg_trgm` that the operator installed elsewhere stays.
pub(crate) fn drop_own_trigram_extension() -> String {
    format!(
        "DO $$ BEGIN \
         IF EXISTS (SELECT 1 FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
                    WHERE e.extname = 'pg_trgm' AND n.nspname = '{SCHEMA}') THEN \
           DROP EXTENSION pg_trgm; \
         END IF; \
         EXCEPTION WHEN OTHERS THEN \
           RAISE WARNING 'pg_trgm stays: %', SQLERRM; \
         END $$"
    )
}
