//! Records of photos in `crm_photos`.

use async_trait::async_trait;
use crm_domain::error::StoreError;
use crm_domain::ids::UserId;
use crm_domain::photo::{PhotoId, PhotoLedger, PhotoRecord, PhotoState};
use crm_domain::value::{PHOTO_URL_PREFIX, PhotoHash, PhotoUrl};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::entity::client_profile;
use crate::entity::photo::{ActiveModel, Column, Entity, Model};
use crate::error::store_error;
use crate::rows::utc;
use crate::scope;
use crate::store::SeaUnit;

#[async_trait]
impl PhotoLedger for SeaUnit {
    async fn find(&self, id: &PhotoId) -> Result<Option<PhotoRecord>, StoreError> {
        let select = scope::photos(&self.scope).filter(is(id));
        let row = self.lock(select, Entity).one(self.executor()).await.map_err(store_error)?;
        row.map(into_domain).transpose()
    }

    async fn list(&self) -> Result<Vec<PhotoRecord>, StoreError> {
        self.records(scope::photos(&self.scope)).await
    }

    async fn list_of(&self, user: &UserId) -> Result<Vec<PhotoRecord>, StoreError> {
        self.records(scope::photos(&self.scope).filter(Column::UserId.eq(user.as_str()))).await
    }

    async fn insert(&self, record: &PhotoRecord) -> Result<bool, StoreError> {
        let row = Model { tenant_id: self.scope.tenant().to_string(), ..into_row(record) };
        let key = OnConflict::columns([Column::TenantId, Column::UserId, Column::Hash]).do_nothing().to_owned();
        let insert = Entity::insert(ActiveModel::from(row)).on_conflict(key);
        Ok(insert.exec_without_returning(self.executor()).await.map_err(store_error)? > 0)
    }

    async fn update(&self, record: &PhotoRecord) -> Result<bool, StoreError> {
        let Model { state, full_bytes, thumbnail_bytes, changed_at, .. } = into_row(record);
        let changes = ActiveModel {
            state: ActiveValue::Set(state),
            full_bytes: ActiveValue::Set(full_bytes),
            thumbnail_bytes: ActiveValue::Set(thumbnail_bytes),
            changed_at: ActiveValue::Set(changed_at),
            ..ActiveModel::default()
        };
        let update = scope::update_photos(&self.scope).set(changes).filter(is(&record.id));
        Ok(update.exec(self.executor()).await.map_err(store_error)?.rows_affected > 0)
    }

    async fn delete(&self, id: &PhotoId) -> Result<bool, StoreError> {
        let delete = scope::delete_photos(&self.scope).filter(is(id));
        Ok(delete.exec(self.executor()).await.map_err(store_error)?.rows_affected > 0)
    }

    async fn shown(&self) -> Result<Vec<PhotoId>, StoreError> {
        use client_profile::Column::{ProfilePhotoUrl, UserId as OfUser};
        let select = scope::profiles(&self.scope).select_only().columns([OfUser, ProfilePhotoUrl]);
        let select = select.filter(ProfilePhotoUrl.starts_with(PHOTO_URL_PREFIX));
        let rows: Vec<(String, String)> = select.into_tuple().all(self.executor()).await.map_err(store_error)?;
        let photos = rows
            .into_iter()
            .filter_map(|(user, url)| PhotoId::at(&PhotoUrl::from_stored(url)).filter(|id| id.user.as_str() == user));
        // Not in the query: the host's columns are sorted as its database is, which need not be as ids are.
        let mut photos: Vec<_> = photos.collect();
        photos.sort();
        Ok(photos)
    }
}

impl SeaUnit {
    async fn records(&self, select: Select<Entity>) -> Result<Vec<PhotoRecord>, StoreError> {
        let sorted = select.order_by_asc(Column::UserId).order_by_asc(Column::Hash);
        let rows = sorted.all(self.executor()).await.map_err(store_error)?;
        rows.into_iter().map(into_domain).collect()
    }
}

fn is(id: &PhotoId) -> Expr {
    Column::UserId.eq(id.user.as_str()).and(Column::Hash.eq(id.hash.as_str()))
}

fn into_domain(row: Model) -> Result<PhotoRecord, StoreError> {
    let corrupt = |column| StoreError::Corrupt { table: "crm_photos", column, id: format!("{}/{}", row.user_id, row.hash) };
    let state = PhotoState::ALL.into_iter().find(|state| state.as_str() == row.state).ok_or_else(|| corrupt("state"))?;
    let hash = PhotoHash::parse(&row.hash).ok_or_else(|| corrupt("hash"))?;
    let full_bytes = u64::try_from(row.full_bytes).map_err(|_| corrupt("full_bytes"))?;
    let thumbnail_bytes = u64::try_from(row.thumbnail_bytes).map_err(|_| corrupt("thumbnail_bytes"))?;
    let id = PhotoId { user: UserId::from_stored(row.user_id), hash };
    Ok(PhotoRecord { id, state, full_bytes, thumbnail_bytes, changed_at: utc(row.changed_at) })
}

/// Everything but the tenant, which comes from the scope.
fn into_row(record: &PhotoRecord) -> Model {
    let PhotoRecord { id, state, full_bytes, thumbnail_bytes, changed_at } = record;
    Model {
        tenant_id: String::new(),
        user_id: id.user.to_string(),
        hash: id.hash.as_str().to_owned(),
        state: state.as_str().to_owned(),
        full_bytes: i64::try_from(*full_bytes).unwrap_or(i64::MAX),
        thumbnail_bytes: i64::try_from(*thumbnail_bytes).unwrap_or(i64::MAX),
        changed_at: changed_at.naive_utc(),
    }
}
