//! The trash in `crm_trash` and `crm_trash_rows`.

mod rows;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use crm_domain::audit::NoteGuard;
use crm_domain::error::{Resource, StoreError};
use crm_domain::ids::{ProfileId, TrashId, UserId};
use crm_domain::page::{Cursor, Page, PageRequest};
use crm_domain::photo::PhotoId;
use crm_domain::trash::{Contents, Trash, TrashItem, TrashView};
use crm_domain::value::PhotoHash;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel as _, QueryFilter, QueryOrder, QuerySelect, QueryTrait as _,
};

use crate::entity::trash_item::{Column, Entity, Model};
use crate::entity::trash_row;
use crate::error::store_error;
use crate::rows::{newest_first, utc};
use crate::scope;
use crate::store::SeaUnit;

#[async_trait]
impl Trash for SeaUnit {
    async fn put(&self, item: &TrashItem) -> Result<Contents, StoreError> {
        let row = Model { tenant_id: self.scope.tenant().to_string(), ..into_row(item) };
        Entity::insert(row.into_active_model()).exec_without_returning(self.executor()).await.map_err(store_error)?;
        let rows = self.rows_to_delete(item).await?;
        self.keep_rows(&item.id, &rows).await?;
        rows.into_contents()
    }

    async fn find(&self, view: &TrashView, id: &TrashId) -> Result<Option<TrashItem>, StoreError> {
        let select = scope::trash(&self.scope).filter(Column::Id.eq(id.as_str())).filter(shown(view));
        let row = self.lock(select, Entity).one(self.executor()).await.map_err(store_error)?;
        row.map(into_domain).transpose()
    }

    async fn list(&self, view: &TrashView, page: &PageRequest) -> Result<Page<TrashItem>, StoreError> {
        let listed = scope::trash(&self.scope).filter(shown(view));
        let mut rows = listed.clone();
        let id = Expr::col((Entity, Column::Id));
        newest_first(QuerySelect::query(&mut rows), (Entity, Column::DeletedAt), &id, page);
        let rows = rows.all(self.executor()).await.map_err(store_error)?;
        let total = self.total(page, rows.len(), || listed.into_query()).await?;
        let items: Result<Vec<_>, _> = rows.into_iter().map(into_domain).collect();
        Ok(Page::from_overfetched(items?, page.take(), total, |item| Cursor::unranked(item.deleted_at, item.id.to_string())))
    }

    async fn restore(&self, item: &TrashItem) -> Result<Contents, StoreError> {
        let rows = self.kept_rows(&item.id).await?;
        self.write_back(&rows).await?;
        self.remove(&item.id).await?;
        rows.into_contents()
    }

    async fn remove(&self, id: &TrashId) -> Result<bool, StoreError> {
        // The item first: whoever restores it has locked it.
        let delete = scope::delete_trash(&self.scope).filter(Column::Id.eq(id.as_str()));
        if delete.exec(self.executor()).await.map_err(store_error)?.rows_affected == 0 {
            return Ok(false);
        }
        let rows = scope::delete_trash_rows(&self.scope).filter(trash_row::Column::ItemId.eq(id.as_str()));
        rows.exec(self.executor()).await.map_err(store_error)?;
        Ok(true)
    }

    async fn expired(&self, before: DateTime<Utc>, take: u32) -> Result<Vec<TrashItem>, StoreError> {
        let select = scope::trash(&self.scope).filter(Column::DeletedAt.lt(before.naive_utc()));
        let oldest = select.order_by_asc(Column::DeletedAt).order_by_asc(Column::Id).limit(u64::from(take));
        let rows = oldest.all(self.executor()).await.map_err(store_error)?;
        rows.into_iter().map(into_domain).collect()
    }

    async fn photos(&self) -> Result<Vec<PhotoId>, StoreError> {
        let select = scope::trash(&self.scope).filter(Column::Photo.is_not_null());
        let rows = select.all(self.executor()).await.map_err(store_error)?;
        let photos = rows.into_iter().map(|row| Ok(into_domain(row)?.photo));
        Ok(photos.collect::<Result<Vec<_>, StoreError>>()?.into_iter().flatten().collect())
    }

    async fn holds(&self, photo: &PhotoId) -> Result<bool, StoreError> {
        let select = scope::trash(&self.scope)
            .filter(Column::OwnerId.eq(photo.user.as_str()))
            .filter(Column::Photo.eq(photo.hash.as_str()))
            .limit(1);
        Ok(select.one(self.executor()).await.map_err(store_error)?.is_some())
    }
}

/// The view as a condition.
fn shown(view: &TrashView) -> Condition {
    let TrashView { only_own_of, notes } = view;
    let types = notes.types().iter().map(|note_type| note_type.as_str());
    let by_type = Condition::all()
        .add(Column::NoteType.is_in(types))
        .add_option((!notes.sees_private()).then(|| Column::IsPrivate.eq(false)));
    let own = notes.author().map(|author| Column::AuthorId.eq(author.as_str()));
    let readable = Condition::any().add(Column::AuthorId.is_null()).add(by_type).add_option(own);
    let only = only_own_of.as_ref().map(|user| {
        let removed =
            Condition::all().add(Column::Resource.eq(Resource::Photo.as_str())).add(Column::DeletedBy.eq(user.as_str()));
        Condition::any().add(Column::AuthorId.eq(user.as_str())).add(removed)
    });
    Condition::all().add(readable).add_option(only)
}

fn into_row(item: &TrashItem) -> Model {
    let TrashItem { id, resource, resource_id, profile, owner, note, photo, deleted_at, deleted_by } = item;
    Model {
        tenant_id: String::new(),
        id: id.to_string(),
        resource: resource.as_str().to_owned(),
        resource_id: resource_id.clone(),
        profile_id: profile.to_string(),
        owner_id: owner.to_string(),
        author_id: note.as_ref().map(|note| note.author.to_string()),
        note_type: note.as_ref().map(|note| note.note_type.as_str().to_owned()),
        is_private: note.as_ref().map(|note| note.is_private),
        photo: photo.as_ref().map(|photo| photo.hash.as_str().to_owned()),
        deleted_at: deleted_at.naive_utc(),
        deleted_by: deleted_by.as_ref().map(ToString::to_string),
    }
}

fn into_domain(row: Model) -> Result<TrashItem, StoreError> {
    let Model { id, resource, resource_id, profile_id, owner_id, author_id, note_type, .. } = row;
    let Model { is_private, photo, deleted_at, deleted_by, .. } = row;
    let corrupt = |column| StoreError::Corrupt { table: "crm_trash", column, id: id.clone() };
    let known = Resource::ALL.into_iter().find(|known| known.as_str() == resource).ok_or_else(|| corrupt("resource"))?;
    let owner = UserId::from_stored(owner_id);
    let note = NoteGuard::from_stored(author_id, note_type.as_deref(), is_private).map_err(|_| corrupt("note_type"))?;
    let photo = match photo {
        Some(hash) => {
            let hash = PhotoHash::parse(&hash).ok_or_else(|| corrupt("photo"))?;
            Some(PhotoId { user: owner.clone(), hash })
        }
        None => None,
    };
    Ok(TrashItem {
        id: TrashId::from_stored(id),
        resource: known,
        resource_id,
        profile: ProfileId::from_stored(profile_id),
        owner,
        note,
        photo,
        deleted_at: utc(deleted_at),
        deleted_by: deleted_by.map(UserId::from_stored),
    })
}
