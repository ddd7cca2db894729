//! Where every query begins: already narrowed to one tenant.
//!
//! The module tables have no tenant column; a profile's tenant is its user's, a note's and preferences' is their
//! profile's. Nothing else in this crate may start a query (`clippy.toml` bans it), so no query can forget the tenant.
#![expect(clippy::disallowed_methods, reason = "this is the one place where queries begin")]

use crm_domain::access::TenantScope;
use migration::{SEARCH_KEY_SEPARATOR, postgres_has_sampled_words, postgres_has_search_keys, sqlite_search_keys};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, Condition, DbBackend, DeleteMany, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait,
    RelationTrait, Select, UpdateMany,
};

use crate::entity::{
    audit, audit_head, client_note, client_preferences, client_profile, photo, profile_search, request, trash_item,
    trash_row, user,
};

/// Profiles of the tenant, joined with their users.
pub(crate) fn profiles(scope: &TenantScope) -> Select<client_profile::Entity> {
    client_profile::Entity::find()
        .join(JoinType::InnerJoin, client_profile::Relation::User.def())
        .filter(user::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Likewise, where ids find few of them: see [`host_rows_by_key`].
pub(crate) fn profiles_by_key(scope: &TenantScope) -> Select<client_profile::Entity> {
    client_profile::Entity::find()
        .join(JoinType::InnerJoin, client_profile::Relation::User.def())
        .filter(checked_tenant(scope, "users"))
}

/// The tenant's rows of the projection of profiles.
pub(crate) fn profile_places(scope: &TenantScope) -> SelectStatement {
    let mut select = Query::select();
    let tenant = Expr::col((profile_search::Entity, profile_search::Column::TenantId)).eq(scope.tenant().as_str());
    select.from(profile_search::Entity).and_where(tenant);
    select
}

/// Likewise, found by the index of keys: those that have all of these keys, of which there must be one at least. Keys of
/// texts can be of other texts as well, so what is looked for must still be asked.
pub(crate) fn profile_places_with_keys(scope: &TenantScope, backend: DbBackend, keys: &[String]) -> SelectStatement {
    let tenant = scope.tenant().as_str();
    if backend == DbBackend::Postgres {
        return postgres_places_with_keys(scope, postgres_has_search_keys(), keys);
    }
    // The index is read first, always: that is what a cross join means there.
    let is_found = Expr::cust_with_values("found.crm_profile_text MATCH ?", [sqlite_search_keys(tenant, keys)]);
    let mut select = Query::select();
    select.from_as("crm_profile_text", "found");
    select.join(JoinType::CrossJoin, profile_search::Entity, Condition::all());
    select.and_where(Expr::cust("crm_profile_search.row_number = found.rowid")).and_where(is_found);
    select.and_where(places_are_of(tenant)).to_owned()
}

/// PostgreSQL: likewise, but only those of the sample; the keys must be of whole words.
pub(crate) fn sampled_profile_places_with_keys(scope: &TenantScope, keys: &[String]) -> SelectStatement {
    postgres_places_with_keys(scope, postgres_has_sampled_words(), keys)
}

fn postgres_places_with_keys(scope: &TenantScope, condition: String, keys: &[String]) -> SelectStatement {
    let tenant = scope.tenant().as_str();
    let keys = keys.join(&SEARCH_KEY_SEPARATOR.to_string());
    let has_keys = Expr::cust_with_values(condition, [tenant, &keys]);
    Query::select().from(profile_search::Entity).and_where(has_keys).and_where(places_are_of(tenant)).to_owned()
}

/// Keys hold the tenant, so its index, which leads to all of its rows, is kept out of it.
fn places_are_of(tenant: &str) -> Expr {
    Expr::cust("crm_profile_search.tenant_id || ''").eq(tenant)
}

/// How many profiles the tenant has, as `total`.
pub(crate) fn profile_count(scope: &TenantScope) -> SelectStatement {
    let mut select = Query::select();
    let sum = Expr::cust("CAST(COALESCE(SUM(c.profiles), 0) AS bigint)");
    select.expr_as(sum, "total").from_as("crm_profile_counts", "c");
    select.and_where(Expr::col(("c", "tenant_id")).eq(scope.tenant().as_str()));
    select
}

/// Nobody's row: whether the database answers.
pub(crate) fn nothing() -> SelectStatement {
    Query::select().expr(Expr::val(1)).to_owned()
}

/// How many rows a select that began here finds, as `total`.
pub(crate) fn count_of(select: SelectStatement) -> SelectStatement {
    rows_of(select, "few").expr_as(Expr::cust("COUNT(*)"), "total").to_owned()
}

/// What a select that began here finds, under an alias, without columns.
pub(crate) fn rows_of(select: SelectStatement, alias: &'static str) -> SelectStatement {
    Query::select().from_subquery(select, alias).to_owned()
}

/// Notes of the tenant, joined with their profiles and those profiles' users.
pub(crate) fn notes(scope: &TenantScope) -> Select<client_note::Entity> {
    client_note::Entity::find()
        .join(JoinType::InnerJoin, client_note::Relation::Profile.def())
        .join(JoinType::InnerJoin, client_profile::Relation::User.def())
        .filter(user::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Preferences of the tenant, joined with their profiles and those profiles' users.
pub(crate) fn preferences(scope: &TenantScope) -> Select<client_preferences::Entity> {
    client_preferences::Entity::find()
        .join(JoinType::InnerJoin, client_preferences::Relation::Profile.def())
        .join(JoinType::InnerJoin, client_profile::Relation::User.def())
        .filter(user::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Users of the tenant.
pub(crate) fn users(scope: &TenantScope) -> Select<user::Entity> {
    user::Entity::find().filter(user::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Likewise, where ids find few of them: see [`host_rows_by_key`].
pub(crate) fn users_by_key(scope: &TenantScope) -> Select<user::Entity> {
    user::Entity::find().filter(checked_tenant(scope, "users"))
}

/// Records of the tenant's photos.
pub(crate) fn photos(scope: &TenantScope) -> Select<photo::Entity> {
    photo::Entity::find().filter(photo::Column::TenantId.eq(scope.tenant().as_str()))
}

/// The tenant's audit log.
pub(crate) fn audit(scope: &TenantScope) -> Select<audit::Entity> {
    audit::Entity::find().filter(audit::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Likewise, under another name, to compare entries with each other.
pub(crate) fn audit_as(scope: &TenantScope, alias: &'static str) -> SelectStatement {
    let mut select = Query::select();
    let tenant = Expr::col((alias, audit::Column::TenantId)).eq(scope.tenant().as_str());
    select.from_as(audit::Entity, alias).and_where(tenant);
    select
}

/// The ends of its chains.
pub(crate) fn audit_heads(scope: &TenantScope) -> Select<audit_head::Entity> {
    audit_head::Entity::find().filter(audit_head::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Changes the ends of the chains of the tenant's audit log.
pub(crate) fn update_audit_heads(scope: &TenantScope) -> UpdateMany<audit_head::Entity> {
    audit_head::Entity::update_many().filter(audit_head::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Requests of the tenant that took effect.
pub(crate) fn requests(scope: &TenantScope) -> Select<request::Entity> {
    request::Entity::find().filter(request::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Changes records of the tenant's requests.
pub(crate) fn update_requests(scope: &TenantScope) -> UpdateMany<request::Entity> {
    request::Entity::update_many().filter(request::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Deletes records of the tenant's requests.
pub(crate) fn delete_requests(scope: &TenantScope) -> DeleteMany<request::Entity> {
    request::Entity::delete_many().filter(request::Column::TenantId.eq(scope.tenant().as_str()))
}

/// The tenant's trash.
pub(crate) fn trash(scope: &TenantScope) -> Select<trash_item::Entity> {
    trash_item::Entity::find().filter(trash_item::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Deletes items of the tenant's trash.
pub(crate) fn delete_trash(scope: &TenantScope) -> DeleteMany<trash_item::Entity> {
    trash_item::Entity::delete_many().filter(trash_item::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Rows of the tenant's trash.
pub(crate) fn trash_rows(scope: &TenantScope) -> Select<trash_row::Entity> {
    trash_row::Entity::find().filter(trash_row::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Deletes rows of the tenant's trash.
pub(crate) fn delete_trash_rows(scope: &TenantScope) -> DeleteMany<trash_row::Entity> {
    trash_row::Entity::delete_many().filter(trash_row::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Every tenant that the audit log speaks of, which may be long.
pub(crate) fn audited_tenants() -> SelectStatement {
    let mut select = Query::select();
    select.distinct().column(audit::Column::TenantId).from(audit::Entity).to_owned()
}

/// Every tenant that has a row of its own, a photo on record or an audit log, for jobs that visit them all.
pub(crate) fn tenants() -> SelectStatement {
    let mut photos = Query::select();
    photos.column(photo::Column::TenantId).from(photo::Entity);
    let mut heads = Query::select();
    heads.column(audit_head::Column::TenantId).from(audit_head::Entity);
    let mut select = Query::select();
    select.column("id").from("tenants");
    for others in [photos, heads] {
        select.union(UnionType::Distinct, others);
    }
    select
}

/// Rows of a host table that has a tenant column, under the alias `t`.
pub(crate) fn host_rows(scope: &TenantScope, table: &'static str) -> SelectStatement {
    host_rows_as(scope, table, "t")
}

/// Rows of a host table that has a tenant column, under an alias, without columns.
pub(crate) fn host_rows_as(scope: &TenantScope, table: &'static str, alias: &'static str) -> SelectStatement {
    let mut select = Query::select();
    select.from_as(table, alias).and_where(Expr::col((alias, "tenantId")).eq(scope.tenant().as_str()));
    select
}

/// Likewise, where a key finds few of them. The tenant is checked in each and its index kept out of it, which would lead
/// to all that the tenant has: an expression has no index.
pub(crate) fn host_rows_by_key(scope: &TenantScope, table: &'static str) -> SelectStatement {
    let mut select = Query::select();
    select.from_as(table, "t").and_where(checked_tenant(scope, "t"));
    select
}

fn checked_tenant(scope: &TenantScope, table: &'static str) -> Expr {
    Expr::cust(format!(r#"{table}."tenantId" || ''"#)).eq(scope.tenant().as_str())
}

/// Users of the tenant without a profile, under the alias `t`.
pub(crate) fn users_without_profile(scope: &TenantScope) -> SelectStatement {
    let mut profile = Query::select();
    let of_user = Expr::col(("p", "userId")).equals(("t", "id"));
    profile.expr(Expr::val(1)).from_as(client_profile::Entity, "p").and_where(of_user);
    host_rows(scope, "users").and_where(Expr::exists(profile).not()).to_owned()
}

/// The tenant's own row, under the alias `t`.
pub(crate) fn tenant_row(scope: &TenantScope) -> SelectStatement {
    let mut select = Query::select();
    select.from_as("tenants", "t").and_where(Expr::col(("t", "id")).eq(scope.tenant().as_str()));
    select
}

/// Changes profiles of the tenant.
pub(crate) fn update_profiles(scope: &TenantScope) -> UpdateMany<client_profile::Entity> {
    client_profile::Entity::update_many().filter(profile_is_of(scope))
}

/// Deletes profiles of the tenant.
pub(crate) fn delete_profiles(scope: &TenantScope) -> DeleteMany<client_profile::Entity> {
    client_profile::Entity::delete_many().filter(profile_is_of(scope))
}

/// Changes notes of the tenant.
pub(crate) fn update_notes(scope: &TenantScope) -> UpdateMany<client_note::Entity> {
    client_note::Entity::update_many().filter(note_is_of(scope))
}

/// Deletes notes of the tenant.
pub(crate) fn delete_notes(scope: &TenantScope) -> DeleteMany<client_note::Entity> {
    client_note::Entity::delete_many().filter(note_is_of(scope))
}

/// Changes preferences of the tenant.
pub(crate) fn update_preferences(scope: &TenantScope) -> UpdateMany<client_preferences::Entity> {
    client_preferences::Entity::update_many().filter(preferences_are_of(scope))
}

/// Deletes preferences of the tenant.
pub(crate) fn delete_preferences(scope: &TenantScope) -> DeleteMany<client_preferences::Entity> {
    client_preferences::Entity::delete_many().filter(preferences_are_of(scope))
}

/// Changes records of the tenant's photos.
pub(crate) fn update_photos(scope: &TenantScope) -> UpdateMany<photo::Entity> {
    photo::Entity::update_many().filter(photo::Column::TenantId.eq(scope.tenant().as_str()))
}

/// Deletes records of the tenant's photos.
pub(crate) fn delete_photos(scope: &TenantScope) -> DeleteMany<photo::Entity> {
    photo::Entity::delete_many().filter(photo::Column::TenantId.eq(scope.tenant().as_str()))
}

// Correlated, so that the row found by its id is checked and the tenant's other rows are not visited.

fn profile_is_of(scope: &TenantScope) -> Expr {
    let owner = Expr::col((user::Entity, user::Column::Id)).equals((client_profile::Entity, client_profile::Column::UserId));
    Expr::exists(users(scope).select_only().column(user::Column::Id).filter(owner).into_query())
}

fn note_is_of(scope: &TenantScope) -> Expr {
    belongs_to_profile_of(scope, Expr::col((client_note::Entity, client_note::Column::ClientProfileId)))
}

fn preferences_are_of(scope: &TenantScope) -> Expr {
    belongs_to_profile_of(scope, Expr::col((client_preferences::Entity, client_preferences::Column::ClientProfileId)))
}

fn belongs_to_profile_of(scope: &TenantScope, profile_id: Expr) -> Expr {
    let profile = Expr::col((client_profile::Entity, client_profile::Column::Id)).eq(profile_id);
    Expr::exists(profiles(scope).select_only().column(client_profile::Column::Id).filter(profile).into_query())
}
