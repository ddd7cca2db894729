//! Accounts of all tenants, for finding out who is asking.
#![expect(clippy::disallowed_methods, reason = "the tenant is what these queries find out")]

use async_trait::async_trait;
use crm_domain::access::{Credentials, IdentityDirectory, PortalAccount, UserAccount};
use crm_domain::error::StoreError;
use crm_domain::ids::{PortalAccountId, TenantId, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::database::Database;
use crate::error::store_error;
use crate::sql::{any_of, email_key, phone_key, text};

/// Finds accounts in `users` and `client_users`.
#[derive(Clone, Debug)]
pub struct SeaIdentities {
    database: Database,
}

impl SeaIdentities {
    /// A directory over this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    async fn one(&self, select: &SelectStatement) -> Result<Option<QueryResult>, StoreError> {
        self.database.reading().query_one(select).await.map_err(store_error)
    }
}

#[async_trait]
impl IdentityDirectory for SeaIdentities {
    async fn find_user(&self, id: &UserId) -> Result<Option<UserAccount>, StoreError> {
        let mut select = user_accounts();
        select.and_where(Expr::col(("u", "id")).eq(id.as_str()));
        let row = self.one(&select).await?;
        row.map(|row| user_account(&row)).transpose().map_err(store_error)
    }

    async fn find_portal_account(&self, id: &PortalAccountId) -> Result<Option<PortalAccount>, StoreError> {
        let select = Query::select()
            .columns([("a", "id"), ("a", "tenantId"), ("a", "isActive")])
            .expr_as(Expr::col(("t", "isActive")), "tenantActive")
            .expr_as(Expr::cust("CASE WHEN c.id IS NULL THEN a.email ELSE c.email END"), "email")
            .expr_as(Expr::cust("CASE WHEN c.id IS NULL THEN a.phone ELSE c.phone END"), "phone")
            .from_as("client_users", "a")
            .join_as(JoinType::InnerJoin, "tenants", "t", Expr::col(("t", "id")).equals(("a", "tenantId")))
            .join_as(
                JoinType::LeftJoin,
                "clients",
                "c",
                Expr::col(("c", "id")).equals(("a", "clientId")).and(Expr::col(("c", "tenantId")).equals(("a", "tenantId"))),
            )
            .and_where(Expr::col(("a", "id")).eq(id.as_str()))
            .to_owned();
        let row = self.one(&select).await?;
        row.map(|row| portal_account(&row)).transpose().map_err(store_error)
    }

    async fn find_users_by_contact(
        &self,
        tenant: &TenantId,
        email: Option<String>,
        phone: Option<String>,
    ) -> Result<Vec<UserId>, StoreError> {
        let backend = self.database.backend();
        let users = |is_same: Expr| {
            let of_tenant = Expr::col(("u", "tenantId")).eq(tenant.as_str());
            Query::select().column(("u", "id")).from_as("users", "u").and_where(of_tenant).and_where(is_same).to_owned()
        };
        let by_email = email.map(|key| users(email_key(backend, "u.email").eq(key)));
        let by_phone = phone.map(|key| users(phone_key(backend, "u.phone").eq(key)));
        let Some(mut select) = any_of([by_email, by_phone].into_iter().flatten()) else { return Ok(Vec::new()) };
        select.limit(2);
        let rows = self.database.reading().query_all(&select).await.map_err(store_error)?;
        let ids: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get("", "id")).collect();
        Ok(ids.map_err(store_error)?.into_iter().map(UserId::from_stored).collect())
    }

    async fn is_active_tenant(&self, id: &TenantId) -> Result<bool, StoreError> {
        let select = Query::select()
            .column(("t", "isActive"))
            .from_as("tenants", "t")
            .and_where(Expr::col(("t", "id")).eq(id.as_str()))
            .to_owned();
        let row = self.one(&select).await?;
        row.map_or(Ok(false), |row| row.try_get("", "isActive")).map_err(store_error)
    }

    async fn find_credentials(&self, email: &str) -> Result<Option<Credentials>, StoreError> {
        // As typed, then in lower case: both are found by the host's unique index, other spellings would need a scan.
        let typed = email.trim();
        for spelling in [typed.to_owned(), typed.to_lowercase()] {
            let mut select = user_accounts();
            select
                .columns([("u", "email"), ("u", "password"), ("u", "firstName"), ("u", "lastName")])
                .and_where(Expr::col(("u", "email")).eq(spelling));
            if let Some(row) = self.one(&select).await? {
                return credentials(&row).map(Some).map_err(store_error);
            }
        }
        Ok(None)
    }
}

fn user_accounts() -> SelectStatement {
    Query::select()
        .columns([("u", "id"), ("u", "tenantId"), ("u", "isActive")])
        .expr_as(Expr::col(("t", "isActive")), "tenantActive")
        .expr_as(text("u.role"), "role")
        .from_as("users", "u")
        .join_as(JoinType::InnerJoin, "tenants", "t", Expr::col(("t", "id")).equals(("u", "tenantId")))
        .to_owned()
}

fn user_account(row: &QueryResult) -> Result<UserAccount, DbErr> {
    let role: String = row.try_get("", "role")?;
    Ok(UserAccount {
        id: UserId::from_stored(row.try_get::<String>("", "id")?),
        tenant: TenantId::from_stored(row.try_get::<String>("", "tenantId")?),
        role: role.parse().ok(),
        is_active: is_active(row)?,
    })
}

fn portal_account(row: &QueryResult) -> Result<PortalAccount, DbErr> {
    Ok(PortalAccount {
        id: PortalAccountId::from_stored(row.try_get::<String>("", "id")?),
        tenant: TenantId::from_stored(row.try_get::<String>("", "tenantId")?),
        is_active: is_active(row)?,
        email: row.try_get("", "email")?,
        phone: row.try_get("", "phone")?,
    })
}

fn credentials(row: &QueryResult) -> Result<Credentials, DbErr> {
    Ok(Credentials {
        account: user_account(row)?,
        password_hash: row.try_get("", "password")?,
        email: row.try_get("", "email")?,
        first_name: row.try_get("", "firstName")?,
        last_name: row.try_get("", "lastName")?,
    })
}

fn is_active(row: &QueryResult) -> Result<bool, DbErr> {
    Ok(row.try_get("", "isActive")? && row.try_get("", "tenantActive")?)
}
