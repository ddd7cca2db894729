use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::rows::InOrder;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "client_notes", rename_all = "camelCase")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub client_profile_id: String,
    pub created_by_user_id: String,
    #[sea_orm(column_type = "Enum { name: super::native_enum(\"NoteType\"), variants: Vec::new() }")]
    pub note_type: String,
    pub content: String,
    pub is_private: bool,
    pub created_at: DateTime,
    pub updated_at: DateTime,
}

impl Model {
    /// The next columns of a row, where all of the table's were selected.
    pub(crate) fn in_order(columns: &mut InOrder<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: columns.read()?,
            client_profile_id: columns.read()?,
            created_by_user_id: columns.read()?,
            note_type: columns.read()?,
            content: columns.read()?,
            is_private: columns.read()?,
            created_at: columns.read()?,
            updated_at: columns.read()?,
        })
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(
        belongs_to = "super::client_profile::Entity",
        from = "Column::ClientProfileId",
        to = "super::client_profile::Column::Id"
    )]
    Profile,
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::CreatedByUserId", to = "super::user::Column::Id")]
    Author,
}

impl ActiveModelBehavior for ActiveModel {}
