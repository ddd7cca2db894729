use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::rows::InOrder;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "client_profiles", rename_all = "camelCase")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub user_id: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub date_of_birth: Option<DateTime>,
    #[sea_orm(column_type = "Enum { name: super::native_enum(\"Gender\"), variants: Vec::new() }")]
    pub gender: Option<String>,
    pub address: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
    pub phone: Option<String>,
    pub alternate_phone: Option<String>,
    pub email: Option<String>,
    pub alternate_email: Option<String>,
    pub occupation: Option<String>,
    pub company: Option<String>,
    pub profile_photo_url: Option<String>,
    pub emergency_contact_name: Option<String>,
    pub emergency_contact_phone: Option<String>,
    pub notes: Option<String>,
    pub created_at: DateTime,
    pub updated_at: DateTime,
}

impl Model {
    /// The next columns of a row, where all of the table's were selected.
    pub(crate) fn in_order(columns: &mut InOrder<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: columns.read()?,
            user_id: columns.read()?,
            first_name: columns.read()?,
            last_name: columns.read()?,
            date_of_birth: columns.read()?,
            gender: columns.read()?,
            address: columns.read()?,
            city: columns.read()?,
            state: columns.read()?,
            postal_code: columns.read()?,
            country: columns.read()?,
            phone: columns.read()?,
            alternate_phone: columns.read()?,
            email: columns.read()?,
            alternate_email: columns.read()?,
            occupation: columns.read()?,
            company: columns.read()?,
            profile_photo_url: columns.read()?,
            emergency_contact_name: columns.read()?,
            emergency_contact_phone: columns.read()?,
            notes: columns.read()?,
            created_at: columns.read()?,
            updated_at: columns.read()?,
        })
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl ActiveModelBehavior for ActiveModel {}
