//! The host's users, services and settings of one tenant.

use std::collections::HashSet;

use async_trait::async_trait;
use crm_domain::access::Role;
use crm_domain::directory::{DEFAULT_TIME_ZONE, Directory, TimeZone, User};
use crm_domain::error::StoreError;
use crm_domain::ids::{ServiceId, UserId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};

use crate::entity::user;
use crate::error::store_error;
use crate::store::SeaUnit;
use crate::{scope, users};

#[async_trait]
impl Directory for SeaUnit {
    async fn find_user(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        let select = scope::users(&self.scope).filter(user::Column::Id.eq(id.as_str()));
        let row = select.one(&self.executor()).await.map_err(store_error)?;
        Ok(row.map(users::into_domain))
    }

    async fn unknown_services(&self, ids: &[ServiceId]) -> Result<Vec<ServiceId>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = scope::host_rows(&self.scope, "services");
        select.column(("t", "id")).and_where(Expr::col(("t", "id")).is_in(ids.iter().map(ServiceId::as_str)));
        let rows = self.executor().query_all(&select).await.map_err(store_error)?;
        let known: Result<HashSet<String>, _> = rows.iter().map(|row| row.try_get("", "id")).collect();
        let known = known.map_err(store_error)?;
        Ok(ids.iter().filter(|id| !known.contains(id.as_str())).cloned().collect())
    }

    async fn unknown_staff(&self, ids: &[UserId]) -> Result<Vec<UserId>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let select = scope::users(&self.scope)
            .filter(user::Column::Id.is_in(ids.iter().map(UserId::as_str)))
            .filter(user::Column::Role.ne(Role::Client.as_str()));
        let rows = select.all(&self.executor()).await.map_err(store_error)?;
        let known: HashSet<_> = rows.into_iter().map(|row| row.id).collect();
        Ok(ids.iter().filter(|id| !known.contains(id.as_str())).cloned().collect())
    }

    async fn time_zone(&self) -> Result<TimeZone, StoreError> {
        let mut select = scope::tenant_row(&self.scope);
        select.column(("t", "timezone"));
        let row = self.executor().query_one(&select).await.map_err(store_error)?;
        let name: Option<String> = row.and_then(|row| row.try_get("", "timezone").ok());
        Ok(name.and_then(|name| name.parse().ok()).unwrap_or(DEFAULT_TIME_ZONE))
    }
}
