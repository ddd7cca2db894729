use sea_orm::entity::prelude::*;

use crate::rows::InOrder;

/// The host's users, without the password: it is read where sign-in is checked and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users", rename_all = "camelCase")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub phone: Option<String>,
    #[sea_orm(column_type = "Enum { name: super::native_enum(\"UserRole\"), variants: Vec::new() }")]
    pub role: String,
    pub tenant_id: String,
}

impl Model {
    /// The next columns of a row, where all of the table's were selected.
    pub(crate) fn in_order(columns: &mut InOrder<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: columns.read()?,
            email: columns.read()?,
            first_name: columns.read()?,
            last_name: columns.read()?,
            phone: columns.read()?,
            role: columns.read()?,
            tenant_id: columns.read()?,
        })
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
