//! Triggers that keep the projections right, whoever writes the module tables.

mod postgres;
mod sqlite;

use crate::engine::strings;
use crate::projection::Projection;
use crate::projection::profile_search::PROFILE_SEARCH;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// A trigger on a module table.
struct Trigger {
    name: &'static str,
    table: &'static str,
    create_sql: String,
}

/// Tells which of our triggers the module tables lack, as `trigger on table`.
pub async fn missing_triggers(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let missing = missing(db, &PROFILE_SEARCH).await?;
    Ok(missing.into_iter().map(|trigger| trigger.title()).collect())
}

/// Creates the triggers that the module tables lack and tells whether there were any.
///
/// Call it in a transaction: on PostgreSQL it waits for running writers of the two tables,
/// and whoever comes after us waits behind us, so the wait is limited to three seconds.
pub async fn attach_triggers(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    attach_triggers_of(db, &PROFILE_SEARCH).await
}

/// Likewise, for this form of the profile search.
pub(crate) async fn attach_triggers_of(db: &impl ConnectionTrait, profile_search: &Projection) -> Result<bool, DbErr> {
    let missing = missing(db, profile_search).await?;
    limit_waiting(db).await?;
    for trigger in &missing {
        db.execute_unprepared(&trigger.create_sql).await?;
    }
    Ok(!missing.is_empty())
}

/// Removes all triggers.
pub(crate) async fn detach_triggers(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    limit_waiting(db).await?;
    for trigger in wanted(backend, &PROFILE_SEARCH) {
        db.execute_unprepared(&trigger.drop_sql(backend)).await?;
    }
    Ok(())
}

/// Creates, or replaces, the functions that the triggers call. SQLite has none.
pub(crate) async fn create_functions(db: &impl ConnectionTrait, profile_search: &Projection) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(&postgres::create_functions(profile_search)).await?;
    }
    Ok(())
}

/// Removes what [`create_functions`] creates.
pub(crate) async fn drop_functions(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(&postgres::drop_functions()).await?;
    }
    Ok(())
}

impl Trigger {
    fn title(&self) -> String {
        format!("{} on {}", self.name, self.table)
    }

    fn drop_sql(&self, backend: DbBackend) -> String {
        match backend {
            DbBackend::Postgres => {
                format!("DROP TRIGGER IF EXISTS {} ON public.{}", self.name, self.table)
            }
            _ => format!("DROP TRIGGER IF EXISTS {}", self.name),
        }
    }
}

fn wanted(backend: DbBackend, profile_search: &Projection) -> Vec<Trigger> {
    match backend {
        DbBackend::Postgres => postgres::triggers(),
        _ => sqlite::triggers(profile_search),
    }
}

async fn missing(db: &impl ConnectionTrait, profile_search: &Projection) -> Result<Vec<Trigger>, DbErr> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT t.tgname || ' on ' || c.relname FROM pg_trigger t \
             JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = 'public' AND NOT t.tgisinternal AND t.tgenabled <> 'D'"
        }
        _ => "SELECT name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'trigger'",
    };
    let attached = strings(db, Statement::from_string(backend, sql)).await?;
    let mut wanted = wanted(backend, profile_search);
    wanted.retain(|trigger| !attached.contains(&trigger.title()));
    Ok(wanted)
}

async fn limit_waiting(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared("SET LOCAL lock_timeout = '3s'").await?;
    }
    Ok(())
}
