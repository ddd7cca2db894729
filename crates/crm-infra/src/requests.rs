//! Requests that took effect, in `crm_requests`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use crm_domain::audit::AuditEntry;
use crm_domain::error::{Resource, StoreError, UniqueRule};
use crm_domain::idempotency::{KEY_LIFETIME, KeptRequest, RequestLedger};
use crm_domain::ids::UserId;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, IntoActiveModel as _, QueryFilter};

use crate::entity::request::{ActiveModel, Column, Entity, Model};
use crate::error::store_error;
use crate::scope;
use crate::store::SeaUnit;

impl SeaUnit {
    /// Notes the key under which these entries' change is made; an error if it was made already.
    pub(crate) async fn note_request(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        let Some(entry) = entries.iter().find(|entry| entry.action.is_change()) else { return Ok(()) };
        let (Some(user), Some(key)) = (&entry.by.user, &entry.by.origin.key) else { return Ok(()) };
        let expired = scope::delete_requests(&self.scope)
            .filter(is(user, &key.key))
            .filter(Column::NotedAt.lt((entry.at - KEY_LIFETIME).naive_utc()));
        expired.exec(self.executor()).await.map_err(store_error)?;
        let row = Model {
            tenant_id: self.scope.tenant().to_string(),
            user_id: user.to_string(),
            key: key.key.clone(),
            request: key.request.clone(),
            resource: entry.subject.resource.as_str().to_owned(),
            resource_id: entry.subject.id.clone().unwrap_or_default(),
            answer: None,
            noted_at: entry.at.naive_utc(),
        };
        // Waits for another unit that is noting the same key.
        let conflict = OnConflict::columns([Column::TenantId, Column::UserId, Column::Key]).do_nothing().to_owned();
        let insert = Entity::insert(row.into_active_model()).on_conflict(conflict);
        let inserted = insert.exec_without_returning(self.executor()).await.map_err(store_error)?;
        if inserted == 0 { Err(StoreError::Duplicate(UniqueRule::Request)) } else { Ok(()) }
    }
}

#[async_trait]
impl RequestLedger for SeaUnit {
    async fn find(&self, user: &UserId, key: &str, since: DateTime<Utc>) -> Result<Option<KeptRequest>, StoreError> {
        let select = scope::requests(&self.scope).filter(is(user, key)).filter(Column::NotedAt.gte(since.naive_utc()));
        let row = select.one(self.executor()).await.map_err(store_error)?;
        row.map(into_domain).transpose()
    }

    async fn answer(&self, user: &UserId, key: &str, answer: &str) -> Result<(), StoreError> {
        let changes = ActiveModel { answer: ActiveValue::Set(Some(answer.to_owned())), ..ActiveModel::default() };
        let update = scope::update_requests(&self.scope).set(changes).filter(is(user, key)).filter(Column::Answer.is_null());
        update.exec(self.executor()).await.map_err(store_error)?;
        Ok(())
    }

    async fn forget(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let delete = scope::delete_requests(&self.scope).filter(Column::NotedAt.lt(before.naive_utc()));
        Ok(delete.exec(self.executor()).await.map_err(store_error)?.rows_affected)
    }
}

fn is(user: &UserId, key: &str) -> Expr {
    Column::UserId.eq(user.as_str()).and(Column::Key.eq(key))
}

fn into_domain(row: Model) -> Result<KeptRequest, StoreError> {
    let Model { request, resource, resource_id, answer, key, .. } = row;
    let known = Resource::ALL.into_iter().find(|known| known.as_str() == resource);
    let resource = known.ok_or(StoreError::Corrupt { table: "crm_requests", column: "resource", id: key })?;
    Ok(KeptRequest { request, resource, id: resource_id, answer })
}
