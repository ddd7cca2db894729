//! Repairs what no trigger can prevent.

use crate::engine::begin_write;
use crate::leftover_index::remove_leftover_indexes;
use crate::projection::note_index::NOTE_INDEX;
use crate::projection::profile_search::PROFILE_SEARCH;
use crate::projection::{profile_count, refresh, search_keys, sweep};
use crate::trigger::{attach_triggers, missing_triggers};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};

/// What a reconciliation had to do. All zero and false when nothing was wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// A trigger was missing, as after the host dropped and recreated a module table.
    pub triggers_restored: bool,
    /// Rows of the profile search that were removed or written.
    pub profiles: u64,
    /// Rows of the note index that were removed or written.
    pub notes: u64,
    /// Tenants whose profiles were counted wrongly.
    pub counts: u64,
}

/// Makes the projections equal to the module tables, and attaches missing triggers first.
///
/// Needed after a change of users, which carry no trigger because their table is the host's:
/// a new name, another tenant. Safe at any time, also beside writers and other instances.
pub async fn reconcile(db: &DatabaseConnection) -> Result<Reconciled, DbErr> {
    // Triggers first: whatever is written from here on needs no repair.
    let triggers_restored = !missing_triggers(db).await?.is_empty();
    if triggers_restored {
        let tx = begin_write(db).await?;
        attach_triggers(&tx).await?;
        tx.commit().await?;
    }
    Ok(Reconciled {
        triggers_restored,
        profiles: sweep(db, &PROFILE_SEARCH).await? + refresh(db, &PROFILE_SEARCH).await?,
        notes: sweep(db, &NOTE_INDEX).await? + refresh(db, &NOTE_INDEX).await?,
        counts: profile_count::settle(db).await?,
    })
}

/// Makes the numbers of profiles compact again after many changes.
pub async fn fold_counts(db: &DatabaseConnection) -> Result<(), DbErr> {
    profile_count::fold(db).await
}

/// Makes the text index anew, then reconciles. Searches go on meanwhile; on SQLite nobody can write until it is made.
pub async fn reindex(db: &DatabaseConnection) -> Result<Reconciled, DbErr> {
    remove_leftover_indexes(db).await?;
    db.execute_unprepared(&search_keys::rebuild_sql(db.get_database_backend())).await?;
    reconcile(db).await
}
