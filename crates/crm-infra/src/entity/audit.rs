use sea_orm::entity::prelude::*;

/// Our audit log.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "crm_audit")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: String,
    pub lane: i32,
    pub position: i64,
    pub at: DateTime,
    pub user_id: Option<String>,
    pub role: Option<String>,
    pub address: Option<String>,
    pub request_id: Option<String>,
    pub action: String,
    pub denied: Option<String>,
    pub resource: String,
    pub resource_id: Option<String>,
    pub profile_id: Option<String>,
    pub author_id: Option<String>,
    pub note_type: Option<String>,
    pub is_private: Option<bool>,
    pub changes: String,
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
