//! Users as shown beside profiles and notes.

use crm_domain::directory::User;
use crm_domain::ids::{TenantId, UserId};

use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ColumnTrait, DbErr, IdenStatic, Iterable};

use crate::entity::user;
use crate::rows::InOrder;

/// Before the names of a user's columns, where they are beside others'.
const PREFIX: &str = "user_";

/// Adds the columns of a user to what another row shows, from `users` under this name.
pub(crate) fn add_columns(select: &mut SelectStatement, table: &'static str) {
    for column in user::Column::iter() {
        select.expr_as(column.select_as(Expr::col((table, column))), [PREFIX, column.as_str()].concat());
    }
}

/// The user that was added to a row, whose columns come next.
pub(crate) fn read(columns: &mut InOrder<'_>) -> Result<User, DbErr> {
    user::Model::in_order(columns).map(into_domain)
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
