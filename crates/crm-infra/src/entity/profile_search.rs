use sea_orm::entity::prelude::*;

/// Our projection of profiles, kept by triggers: order, search and filters of lists.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "crm_profile_search")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub profile_id: String,
    pub user_id: String,
    pub tenant_id: String,
    pub created_at: DateTime,
    pub search_text: String,
    pub phone_keys: String,
    pub city: String,
    pub state: String,
    pub name_key: String,
    pub birth_month: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
