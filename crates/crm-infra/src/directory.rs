//! The host's users, services and settings of one tenant.

use std::collections::HashSet;

use async_trait::async_trait;
use crm_domain::access::Role;
use crm_domain::directory::{DEFAULT_TIME_ZONE, Directory, HostClient, Service, StaffMember, Tenant, User};
use crm_domain::error::StoreError;
use crm_domain::ids::{ServiceId, UserId};
use crm_domain::page::{Page, PageRequest};
use crm_domain::profile::SearchTerms;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryResult};

use crate::entity::user;
use crate::error::store_error;
use crate::sql::one_of;
use crate::store::SeaUnit;
use crate::{scope, search, users};

#[async_trait]
impl Directory for SeaUnit {
    async fn tenant(&self) -> Result<Tenant, StoreError> {
        let mut select = scope::tenant_row(&self.scope);
        select.columns([("t", "name"), ("t", "timezone")]);
        let settings = |row: &QueryResult| Ok((row.try_get("", "name")?, row.try_get("", "timezone")?));
        let (name, zone): (Option<String>, Option<Option<String>>) = self.rows(&select, settings).await?.pop().unzip();
        let id = self.scope.tenant().clone();
        Ok(Tenant {
            name: name.unwrap_or_else(|| id.to_string()),
            time_zone: zone.flatten().and_then(|zone| zone.parse().ok()).unwrap_or(DEFAULT_TIME_ZONE),
            id,
        })
    }

    async fn find_user(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        let select = scope::users(&self.scope).filter(user::Column::Id.eq(id.as_str()));
        let row = select.one(self.executor()).await.map_err(store_error)?;
        Ok(row.map(users::into_domain))
    }

    async fn find_users(&self, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let is_asked_for = one_of(self.backend(), user::Column::Id.into_expr(), ids.iter().map(UserId::as_str));
        let select = scope::users_by_key(&self.scope).filter(is_asked_for);
        let rows = select.all(self.executor()).await.map_err(store_error)?;
        Ok(rows.into_iter().map(users::into_domain).collect())
    }

    async fn without_profile(&self, search: Option<SearchTerms>, page: &PageRequest) -> Result<Page<User>, StoreError> {
        self.users_without_profile(search, page).await
    }

    async fn host_clients(&self, search: Option<SearchTerms>, page: &PageRequest) -> Result<Page<HostClient>, StoreError> {
        self.clients_of_host(search, page).await
    }

    async fn host_client_of(&self, user: &User) -> Result<Option<HostClient>, StoreError> {
        self.client_of(user).await
    }

    async fn services(&self) -> Result<Vec<Service>, StoreError> {
        let mut select = scope::host_rows(&self.scope, "services");
        select.columns(["id", "name", "isActive"].map(|column| ("t", column)));
        let service = |row: &QueryResult| {
            Ok(Service {
                id: ServiceId::from_stored(row.try_get::<String>("", "id")?),
                name: row.try_get("", "name")?,
                is_active: row.try_get("", "isActive")?,
            })
        };
        let mut services = self.rows(&select, service).await?;
        services.sort_by_cached_key(|service| (search::fold(&service.name), service.id.clone()));
        Ok(services)
    }

    async fn staff(&self) -> Result<Vec<StaffMember>, StoreError> {
        let mut select = scope::host_rows(&self.scope, "users");
        select
            .columns(["id", "firstName", "lastName", "isActive"].map(|column| ("t", column)))
            // Each by name, so that an index on the role helps: a salon has few of them among very many clients.
            .and_where(Expr::cust("t.role IN ('SUPERADMIN', 'ADMIN', 'MANAGER', 'PROFESSIONAL', 'RECEPTIONIST')"));
        let member = |row: &QueryResult| {
            Ok(StaffMember {
                id: UserId::from_stored(row.try_get::<String>("", "id")?),
                first_name: row.try_get("", "firstName")?,
                last_name: row.try_get("", "lastName")?,
                is_active: row.try_get("", "isActive")?,
            })
        };
        let mut staff = self.rows(&select, member).await?;
        staff.sort_by_cached_key(|member| {
            (search::fold(&member.first_name), search::fold(&member.last_name), member.id.clone())
        });
        Ok(staff)
    }

    async fn unknown_services(&self, ids: &[ServiceId]) -> Result<Vec<ServiceId>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = scope::host_rows_by_key(&self.scope, "services");
        let is_asked_for = one_of(self.backend(), Expr::col(("t", "id")), ids.iter().map(ServiceId::as_str));
        select.column(("t", "id")).and_where(is_asked_for);
        let known = self.rows(&select, |row| row.try_get::<String>("", "id")).await?;
        let known: HashSet<_> = known.into_iter().collect();
        Ok(ids.iter().filter(|id| !known.contains(id.as_str())).cloned().collect())
    }

    async fn unknown_staff(&self, ids: &[UserId]) -> Result<Vec<UserId>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let select = scope::users_by_key(&self.scope)
            .filter(one_of(self.backend(), user::Column::Id.into_expr(), ids.iter().map(UserId::as_str)))
            .filter(user::Column::Role.ne(Role::Client.as_str()));
        let rows = select.all(self.executor()).await.map_err(store_error)?;
        let known: HashSet<_> = rows.into_iter().map(|row| row.id).collect();
        Ok(ids.iter().filter(|id| !known.contains(id.as_str())).cloned().collect())
    }
}
