//! Users as shown beside profiles and notes.

use crm_domain::directory::User;
use crm_domain::ids::{TenantId, UserId};

use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ColumnTrait, DbErr, FromQueryResult, IdenStatic, Iterable, QueryResult};

use crate::entity::user;

/// Before the names of a user's columns, where they are beside others'.
const PREFIX: &str = "user_";

/// Adds the columns of a user to what another row shows, from `users` under this name.
pub(crate) fn add_columns(select: &mut SelectStatement, table: &'static str) {
    for column in user::Column::iter() {
        select.expr_as(column.select_as(Expr::col((table, column))), [PREFIX, column.as_str()].concat());
    }
}

/// The user that was added to a row.
pub(crate) fn read(row: &QueryResult) -> Result<User, DbErr> {
    user::Model::from_query_result(row, PREFIX).map(into_domain)
}

pub(crate) fn into_domain(row: user::Model) -> User {
    let user::Model { id, email, first_name, last_name, phone, role, tenant_id } = row;
    User {
        id: UserId::from_stored(id),
        tenant: TenantId::from_stored(tenant_id),
        email,
        first_name,
        last_name,
        phone,
        role: role.parse().ok(),
    }
}
