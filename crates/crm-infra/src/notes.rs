//! Notes in `client_notes`, listed by way of `crm_note_index`. Privacy is part of every query.

use async_trait::async_trait;
use crm_domain::access::NoteVisibility;
use crm_domain::directory::User;
use crm_domain::error::StoreError;
use crm_domain::ids::{NoteId, ProfileId, UserId};
use crm_domain::note::{ClientNote, NoteFilter, NoteProfile, NoteRepository, NoteType, NoteView};
use crm_domain::page::{Cursor, Page, PageRequest};
use crm_domain::value::Text;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryResult,
    QuerySelect, QueryTrait as _, RelationTrait as _, Select,
};

use crate::entity::client_note::{ActiveModel, Column, Entity, Model, Relation};
use crate::entity::{client_profile, note_index};
use crate::error::store_error;
use crate::rows::{InOrder, changed, newest_first, utc};
use crate::sql::{same_id, text};
use crate::store::SeaUnit;
use crate::{scope, users};

#[async_trait]
impl NoteRepository for SeaUnit {
    async fn find(&self, visibility: &NoteVisibility, id: &NoteId) -> Result<Option<NoteView>, StoreError> {
        let select = scope::notes(&self.scope).filter(Column::Id.eq(id.as_str())).filter(readable(visibility));
        let select = self.lock(Listed::columns(select), Entity);
        let row = select.into_model::<Listed>().one(self.executor()).await.map_err(store_error)?;
        row.map(Listed::view).transpose()
    }

    async fn list(
        &self,
        visibility: &NoteVisibility,
        filter: &NoteFilter,
        page: &PageRequest,
    ) -> Result<Page<NoteView>, StoreError> {
        let listed = self.listed_notes(visibility, filter);
        let mut rows = Listed::columns(listed.clone());
        let time = (note_index::Entity, note_index::Column::CreatedAt);
        let id = Expr::col((note_index::Entity, note_index::Column::NoteId));
        newest_first(QuerySelect::query(&mut rows), time, &id, page);
        let rows = rows.into_model::<Listed>().all(self.executor()).await.map_err(store_error)?;

        let total = self.total(page, rows.len(), || listed.into_query()).await?;
        let views = rows.into_iter().map(Listed::view).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_overfetched(views, page.take(), total, |view| {
            Cursor::unranked(view.note.created_at, view.note.id.to_string())
        }))
    }

    async fn count_by_type(
        &self,
        visibility: &NoteVisibility,
        filter: &NoteFilter,
    ) -> Result<Vec<(NoteType, u64)>, StoreError> {
        let counted = self
            .listed_notes(visibility, filter)
            .select_only()
            .expr_as(text(r#"client_notes."noteType""#), "type")
            .expr_as(Expr::cust("COUNT(*)"), "total")
            .group_by(Column::NoteType);
        let rows = counted.into_tuple::<(String, i64)>().all(self.executor()).await.map_err(store_error)?;
        // A type of a later host version counts nowhere.
        Ok(rows.into_iter().filter_map(|(name, total)| Some((name.parse().ok()?, u64::try_from(total).ok()?))).collect())
    }

    async fn insert(&self, note: &ClientNote) -> Result<(), StoreError> {
        let profile = scope::profiles(&self.scope).filter(client_profile::Column::Id.eq(note.profile_id.as_str()));
        if profile.one(self.executor()).await.map_err(store_error)?.is_none() {
            return Err(StoreError::MissingReference);
        }
        let row = ActiveModel::from(into_row(note));
        Entity::insert(row).exec_without_returning(self.executor()).await.map_err(store_error)?;
        Ok(())
    }

    async fn update(&self, before: &ClientNote, after: &ClientNote) -> Result<bool, StoreError> {
        let changes = differences(&into_row(before), into_row(after));
        let update = scope::update_notes(&self.scope).set(changes).filter(Column::Id.eq(before.id.as_str()));
        let result = update.exec(self.executor()).await.map_err(store_error)?;
        Ok(result.rows_affected > 0)
    }

    async fn delete(&self, id: &NoteId) -> Result<bool, StoreError> {
        let delete = scope::delete_notes(&self.scope).filter(Column::Id.eq(id.as_str()));
        let result = delete.exec(self.executor()).await.map_err(store_error)?;
        Ok(result.rows_affected > 0)
    }
}

impl SeaUnit {
    /// The notes of a list, joined with the index that orders and narrows them.
    fn listed_notes(&self, visibility: &NoteVisibility, filter: &NoteFilter) -> Select<Entity> {
        let mut listed = scope::notes(&self.scope).filter(self.matches(filter)).filter(readable(visibility));
        let same_note = same_id(self.backend(), "client_notes.id", "crm_note_index.note_id");
        QuerySelect::query(&mut listed).join(JoinType::InnerJoin, note_index::Entity, same_note);
        listed
    }

    fn matches(&self, filter: &NoteFilter) -> Condition {
        let NoteFilter { profile, author, note_type, is_private } = filter;
        let by_profile = profile.as_ref().map(|profile| note_index::Column::ProfileId.eq(profile.as_str()));
        // With a profile the index on its notes is the right one; naming the tenant too would tempt SQLite to walk
        // the tenant's index instead. The join with the profile's user still holds the tenant.
        let by_tenant = by_profile.is_none().then(|| note_index::Column::TenantId.eq(self.scope.tenant().as_str()));
        Condition::all()
            .add_option(by_profile)
            .add_option(by_tenant)
            .add_option(author.as_ref().map(|author| note_index::Column::AuthorId.eq(author.as_str())))
            .add_option(note_type.map(|note_type| Column::NoteType.eq(note_type.as_str())))
            .add_option(is_private.map(|is_private| Column::IsPrivate.eq(is_private)))
    }
}

/// The visibility as a condition on the live row, so that it can't be stale.
pub(crate) fn readable(visibility: &NoteVisibility) -> Condition {
    let types = visibility.types().iter().map(|note_type| note_type.as_str());
    let by_type = Condition::all()
        .add(Column::NoteType.is_in(types))
        .add_option((!visibility.sees_private()).then(|| Column::IsPrivate.eq(false)));
    Condition::any().add(by_type).add_option(visibility.author().map(|author| Column::CreatedByUserId.eq(author.as_str())))
}

/// A note with what is shown of its profile and its author, who is of another tenant if a SUPERADMIN wrote it.
struct Listed {
    note: Model,
    profile: NoteProfile,
    author: User,
}

impl Listed {
    fn columns(notes: Select<Entity>) -> Select<Entity> {
        use client_profile::Column::{FirstName, LastName, UserId};
        const AUTHOR: &str = "author";
        let names = [(UserId, "profile_user"), (FirstName, "profile_first_name"), (LastName, "profile_last_name")];
        let notes = names.into_iter().fold(notes, |notes, (column, name)| notes.column_as(column, name));
        let mut notes = notes.join_as(JoinType::InnerJoin, Relation::Author.def(), AUTHOR);
        users::add_columns(QuerySelect::query(&mut notes), AUTHOR);
        notes
    }

    fn view(self) -> Result<NoteView, StoreError> {
        Ok(NoteView { note: into_domain(self.note)?, created_by: self.author, profile: self.profile })
    }
}

impl FromQueryResult for Listed {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let mut columns = InOrder::of(row);
        let note = Model::in_order(&mut columns)?;
        let profile = NoteProfile {
            id: ProfileId::from_stored(note.client_profile_id.as_str()),
            user_id: UserId::from_stored(columns.read::<String>()?),
            first_name: columns.read()?,
            last_name: columns.read()?,
        };
        Ok(Self { note, profile, author: users::read(&mut columns)? })
    }
}

pub(crate) fn into_domain(row: Model) -> Result<ClientNote, StoreError> {
    let Model { id, client_profile_id, created_by_user_id, note_type, content, is_private, created_at, updated_at } = row;
    let note_type = note_type.parse::<NoteType>().map_err(|_| StoreError::Corrupt {
        table: "client_notes",
        column: "noteType",
        id: id.clone(),
    })?;
    Ok(ClientNote {
        id: NoteId::from_stored(id),
        profile_id: ProfileId::from_stored(client_profile_id),
        author: UserId::from_stored(created_by_user_id),
        note_type,
        content: Text::from_stored(content),
        is_private,
        created_at: utc(created_at),
        updated_at: utc(updated_at),
    })
}

fn into_row(note: &ClientNote) -> Model {
    let ClientNote { id, profile_id, author, note_type, content, is_private, created_at, updated_at } = note;
    Model {
        id: id.to_string(),
        client_profile_id: profile_id.to_string(),
        created_by_user_id: author.to_string(),
        note_type: note_type.as_str().to_owned(),
        content: content.as_str().to_owned(),
        is_private: *is_private,
        created_at: created_at.naive_utc(),
        updated_at: updated_at.naive_utc(),
    }
}

fn differences(before: &Model, after: Model) -> ActiveModel {
    ActiveModel {
        note_type: changed(&before.note_type, after.note_type),
        content: changed(&before.content, after.content),
        is_private: changed(&before.is_private, after.is_private),
        updated_at: changed(&before.updated_at, after.updated_at),
        id: ActiveValue::NotSet,
        client_profile_id: ActiveValue::NotSet,
        created_by_user_id: ActiveValue::NotSet,
        created_at: ActiveValue::NotSet,
    }
}
