//! The rows of what was deleted: read, kept and written back exactly as the shared tables hold them.

use crm_domain::error::{Resource, StoreError, UniqueRule};
use crm_domain::ids::TrashId;
use crm_domain::trash::{Contents, TrashItem};
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel as _, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::entity::{client_note, client_preferences, client_profile, trash_row, user};
use crate::error::store_error;
use crate::store::SeaUnit;
use crate::{notes, preferences, profiles, scope};

/// Rows of one statement.
const BATCH: usize = 500;

/// Rows of the shared tables.
#[derive(Default)]
pub(super) struct Rows {
    profile: Option<client_profile::Model>,
    notes: Vec<client_note::Model>,
    preferences: Option<client_preferences::Model>,
}

impl Rows {
    pub(super) fn into_contents(self) -> Result<Contents, StoreError> {
        let Self { profile, notes, preferences } = self;
        Ok(Contents {
            profile: profile.map(profiles::into_domain).transpose()?,
            notes: notes.into_iter().map(notes::into_domain).collect::<Result<_, _>>()?,
            preferences: preferences.map(preferences::into_domain).transpose()?,
        })
    }
}

impl SeaUnit {
    /// What is about to be deleted with an item. Whoever adds to it waits, and then finds it gone.
    pub(super) async fn rows_to_delete(&self, item: &TrashItem) -> Result<Rows, StoreError> {
        let (mut notes, mut preferences) = (scope::notes(&self.scope), scope::preferences(&self.scope));
        let mut rows = Rows::default();
        match item.resource {
            Resource::Profile => {
                let profile = scope::profiles(&self.scope).filter(client_profile::Column::Id.eq(&item.resource_id));
                rows.profile = last_sight(profile).one(self.executor()).await.map_err(store_error)?;
                notes = notes.filter(client_note::Column::ClientProfileId.eq(&item.resource_id));
                preferences = preferences.filter(client_preferences::Column::ClientProfileId.eq(&item.resource_id));
            }
            Resource::Note => notes = notes.filter(client_note::Column::Id.eq(&item.resource_id)),
            Resource::Preferences => {
                preferences = preferences.filter(client_preferences::Column::Id.eq(&item.resource_id));
            }
            _ => return Ok(rows),
        }
        if item.resource != Resource::Preferences {
            let notes = last_sight(notes.order_by_asc(client_note::Column::Id));
            rows.notes = notes.all(self.executor()).await.map_err(store_error)?;
        }
        if item.resource != Resource::Note {
            rows.preferences = last_sight(preferences).one(self.executor()).await.map_err(store_error)?;
        }
        Ok(rows)
    }

    /// Keeps rows with an item.
    pub(super) async fn keep_rows(&self, item: &TrashId, rows: &Rows) -> Result<(), StoreError> {
        let mut kept = Vec::new();
        let mut keep = |resource: Resource, id: &str, content: String| {
            kept.push(trash_row::Model {
                tenant_id: self.scope.tenant().to_string(),
                item_id: item.to_string(),
                resource: resource.as_str().to_owned(),
                row_id: id.to_owned(),
                content,
            });
        };
        if let Some(profile) = &rows.profile {
            keep(Resource::Profile, &profile.id, written(profile)?);
        }
        for note in &rows.notes {
            keep(Resource::Note, &note.id, written(note)?);
        }
        if let Some(preferences) = &rows.preferences {
            keep(Resource::Preferences, &preferences.id, written(preferences)?);
        }
        for batch in kept.chunks(BATCH) {
            let rows = batch.iter().cloned().map(trash_row::Model::into_active_model);
            let insert = trash_row::Entity::insert_many(rows);
            insert.exec_without_returning(self.executor()).await.map_err(store_error)?;
        }
        Ok(())
    }

    /// The rows kept with an item.
    pub(super) async fn kept_rows(&self, item: &TrashId) -> Result<Rows, StoreError> {
        let select = scope::trash_rows(&self.scope).filter(trash_row::Column::ItemId.eq(item.as_str()));
        let mut rows = Rows::default();
        for kept in select.order_by_asc(trash_row::Column::RowId).all(self.executor()).await.map_err(store_error)? {
            match Resource::ALL.into_iter().find(|known| known.as_str() == kept.resource) {
                Some(Resource::Profile) => rows.profile = Some(read(&kept)?),
                Some(Resource::Note) => rows.notes.push(read(&kept)?),
                Some(Resource::Preferences) => rows.preferences = Some(read(&kept)?),
                _ => return Err(corrupt(&kept, "resource")),
            }
        }
        Ok(rows)
    }

    /// Writes rows back into the shared tables.
    pub(super) async fn write_back(&self, rows: &Rows) -> Result<(), StoreError> {
        let Rows { profile, notes, preferences } = rows;
        if let Some(profile) = profile {
            let owner = scope::users(&self.scope).filter(user::Column::Id.eq(&profile.user_id));
            if owner.one(self.executor()).await.map_err(store_error)?.is_none() {
                return Err(StoreError::MissingReference);
            }
            // See the insert of profiles: a collision must not abort the transaction.
            let mut row = profile.clone().into_active_model();
            self.respell_gender(&mut row.gender).await?;
            let insert = client_profile::Entity::insert(row)
                .on_conflict(OnConflict::column(client_profile::Column::UserId).do_nothing().to_owned());
            if insert.exec_without_returning(self.executor()).await.map_err(store_error)? == 0 {
                return Err(StoreError::Duplicate(UniqueRule::ProfilePerUser));
            }
        }
        for batch in notes.chunks(BATCH) {
            let insert = client_note::Entity::insert_many(batch.iter().cloned().map(client_note::Model::into_active_model));
            insert.exec_without_returning(self.executor()).await.map_err(store_error)?;
        }
        if let Some(preferences) = preferences {
            let insert = client_preferences::Entity::insert(preferences.clone().into_active_model())
                .on_conflict(OnConflict::column(client_preferences::Column::ClientProfileId).do_nothing().to_owned());
            if insert.exec_without_returning(self.executor()).await.map_err(store_error)? == 0 {
                return Err(StoreError::Duplicate(UniqueRule::PreferencesPerProfile));
            }
        }
        Ok(())
    }
}

/// Locks rows as a deletion does: unlike a change, it keeps others from inserting rows that refer to them.
fn last_sight<E: EntityTrait>(mut select: Select<E>) -> Select<E> {
    QuerySelect::query(&mut select).lock_with_tables(LockType::Update, [E::default().table_ref()]);
    select
}

fn written(row: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(row).map_err(|error| StoreError::Failed(Box::new(error)))
}

fn read<T: DeserializeOwned>(kept: &trash_row::Model) -> Result<T, StoreError> {
    serde_json::from_str(&kept.content).map_err(|_| corrupt(kept, "content"))
}

fn corrupt(kept: &trash_row::Model, column: &'static str) -> StoreError {
    StoreError::Corrupt { table: "crm_trash_rows", column, id: kept.row_id.clone() }
}
