use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "client_preferences", rename_all = "camelCase")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub client_profile_id: String,
    pub preferred_services: Option<String>,
    pub preferred_staff: Option<String>,
    #[sea_orm(column_type = "Enum { name: super::native_enum(\"CommunicationPreference\"), variants: Vec::new() }")]
    pub communication_preference: String,
    #[sea_orm(column_type = "Enum { name: super::native_enum(\"ReminderTime\"), variants: Vec::new() }")]
    pub reminder_time: String,
    pub special_requests: Option<String>,
    pub created_at: DateTime,
    pub updated_at: DateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(
        belongs_to = "super::client_profile::Entity",
        from = "Column::ClientProfileId",
        to = "super::client_profile::Column::Id"
    )]
    Profile,
}

impl ActiveModelBehavior for ActiveModel {}
