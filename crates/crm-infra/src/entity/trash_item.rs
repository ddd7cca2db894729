use sea_orm::entity::prelude::*;

/// What was deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "crm_trash")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub resource: String,
    pub resource_id: String,
    pub profile_id: String,
    pub owner_id: String,
    pub author_id: Option<String>,
    pub note_type: Option<String>,
    pub is_private: Option<bool>,
    pub photo: Option<String>,
    pub deleted_at: DateTime,
    pub deleted_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
