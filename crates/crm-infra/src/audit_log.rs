//! The audit log in `crm_audit`, and the ends of its chains in `crm_audit_heads`.

use async_trait::async_trait;
use crm_domain::access::NoteVisibility;
use crm_domain::audit::chain::{Anchor, Head, LANES};
use crm_domain::audit::{AuditEntry, AuditFilter, AuditLog, AuditRecord, Listed};
use crm_domain::error::{Resource, StoreError};
use crm_domain::page::{Cursor, Page, PageRequest};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, DbBackend, EntityTrait, IntoActiveModel as _, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use crate::entity::audit::{Column, Entity, Model};
use crate::entity::{audit_head, client_note};
use crate::error::store_error;
use crate::rows::{newest_first, utc};
use crate::scope;
use crate::sql::same_id;
use crate::store::SeaUnit;

/// Rows of one statement; a row has 19 values, and SQLite takes 32,766 of them.
const BATCH: usize = 500;

/// The log under another name.
const LATER: &str = "later";

/// Whether to wait for a lane that somebody else holds.
enum Wait {
    Yes,
    No,
}

/// A lane that this unit of work holds, and the number of the unit.
struct Turn {
    head: Head,
    unit: i64,
}

impl SeaUnit {
    /// Puts the entries at the end of one of the tenant's chains, which nobody else can use until the unit ends.
    pub(crate) async fn append(&self, entries: &[AuditEntry]) -> Result<Option<Anchor>, StoreError> {
        if entries.is_empty() {
            return Ok(None);
        }
        let Turn { mut head, unit } = self.turn().await?;
        let records = entries.iter().enumerate().map(|(index, entry)| {
            let mut record = AuditRecord::of(entry, format!("{unit:012}{index:06}"));
            head.append(&mut record);
            into_row(record, self.scope.tenant().as_str())
        });
        let rows: Vec<_> = records.collect();
        for batch in rows.chunks(BATCH) {
            let rows = batch.iter().cloned().map(Model::into_active_model);
            Entity::insert_many(rows).exec_without_returning(self.executor()).await.map_err(store_error)?;
        }
        let end = audit_head::ActiveModel {
            position: ActiveValue::Set(head.position),
            hash: ActiveValue::Set(head.hash.clone()),
            ..audit_head::ActiveModel::default()
        };
        let update = scope::update_audit_heads(&self.scope).set(end).filter(audit_head::Column::Lane.eq(head.lane));
        update.exec(self.executor()).await.map_err(store_error)?;
        Ok(Some(Anchor { tenant: self.scope.tenant().clone(), head }))
    }

    /// Any lane that is free; if none is, one of them as soon as it is.
    async fn turn(&self) -> Result<Turn, StoreError> {
        if let Some(turn) = self.lane(Wait::No).await? {
            return Ok(turn);
        }
        let lanes = (0..LANES).map(|lane| {
            let Head { lane, position, hash } = Head::empty(self.scope.tenant(), lane);
            audit_head::Model { tenant_id: self.scope.tenant().to_string(), lane, position, hash }.into_active_model()
        });
        let key = OnConflict::columns([audit_head::Column::TenantId, audit_head::Column::Lane]).do_nothing().to_owned();
        let insert = audit_head::Entity::insert_many(lanes).on_conflict(key);
        insert.exec_without_returning(self.executor()).await.map_err(store_error)?;
        let turn = self.lane(Wait::Yes).await?;
        turn.ok_or_else(|| StoreError::Failed("the audit log of a tenant has no chain".into()))
    }

    async fn lane(&self, wait: Wait) -> Result<Option<Turn>, StoreError> {
        use audit_head::Column::{Hash, Lane, Position};
        let mut select = scope::audit_heads(&self.scope).select_only().columns([Lane, Position, Hash]);
        if self.backend() == DbBackend::Postgres {
            select = select.expr_as(Expr::cust("nextval('crm_audit_id')"), "unit");
            let query = QuerySelect::query(&mut select);
            query.order_by_expr(Expr::cust("random()"), Order::Asc).limit(1);
            match wait {
                Wait::No => query.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked),
                Wait::Yes => query.lock(LockType::NoKeyUpdate),
            };
        } else {
            // One writer at a time, so the first lane is free and holds every entry: its length numbers the units.
            select = select.expr_as(Expr::cust("position + 1"), "unit").order_by_asc(Lane).limit(1);
        }
        let row: Option<(i32, i64, String, i64)> = select.into_tuple().one(self.executor()).await.map_err(store_error)?;
        Ok(row.map(|(lane, position, hash, unit)| Turn { head: Head { lane, position, hash }, unit }))
    }
}

#[async_trait]
impl AuditLog for SeaUnit {
    async fn list(
        &self,
        visibility: &NoteVisibility,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<Listed>, StoreError> {
        let AuditFilter { user, profile, action, range } = filter;
        let conditions = Condition::all()
            .add_option(user.as_ref().map(|user| Column::UserId.eq(user.as_str())))
            .add_option(profile.as_ref().map(|profile| Column::ProfileId.eq(profile.as_str())))
            .add_option(action.map(|action| Column::Action.eq(action.as_str())))
            .add_option(range.from.map(|from| Column::At.gte(from.naive_utc())))
            .add_option(range.until.map(|until| Column::At.lt(until.naive_utc())));
        let mut listed = scope::audit(&self.scope).filter(conditions);
        if !visibility.is_total() {
            listed = listed.filter(self.readable(visibility));
        }
        let (id, mut rows) = (Expr::col((Entity, Column::Id)), listed.clone());
        newest_first(QuerySelect::query(&mut rows), (Entity, Column::At), &id, page);
        let rows = rows.all(self.executor()).await.map_err(store_error)?;
        let total = self.total(page, rows.len(), || listed.into_query()).await?;
        let items: Result<Vec<_>, _> = rows.into_iter().map(|row| into_record(row).into_listed()).collect();
        Ok(Page::from_overfetched(items?, page.take(), total, |item| Cursor::unranked(item.entry.at, item.id.clone())))
    }

    async fn lanes(&self) -> Result<Vec<i32>, StoreError> {
        let heads = scope::audit_heads(&self.scope).select_only().column(audit_head::Column::Lane);
        let mut lanes: Vec<i32> = heads.into_tuple().all(self.executor()).await.map_err(store_error)?;
        let rows = scope::audit(&self.scope).select_only().column(Column::Lane).distinct();
        lanes.extend(rows.into_tuple::<i32>().all(self.executor()).await.map_err(store_error)?);
        lanes.sort_unstable();
        lanes.dedup();
        Ok(lanes)
    }

    async fn head(&self, lane: i32) -> Result<Option<Head>, StoreError> {
        let select = scope::audit_heads(&self.scope).filter(audit_head::Column::Lane.eq(lane));
        let row = select.one(self.executor()).await.map_err(store_error)?;
        Ok(row.map(|audit_head::Model { lane, position, hash, .. }| Head { lane, position, hash }))
    }

    async fn chain(&self, lane: i32, after: i64, take: u32) -> Result<Vec<AuditRecord>, StoreError> {
        let select = scope::audit(&self.scope).filter(Column::Lane.eq(lane)).filter(Column::Position.gt(after));
        let select = select.order_by_asc(Column::Position).limit(u64::from(take));
        let rows = select.all(self.executor()).await.map_err(store_error)?;
        Ok(rows.into_iter().map(into_record).collect())
    }
}

impl SeaUnit {
    /// An entry on a note is as private as the note was then, has been since, and is now.
    fn readable(&self, visibility: &NoteVisibility) -> Condition {
        let later = |column| Expr::col((LATER, column));
        let hidden_since = scope::audit_as(&self.scope, LATER)
            .expr(Expr::cust("1"))
            .and_where(later(Column::Resource).eq(Resource::Note.as_str()))
            .and_where(later(Column::ResourceId).equals((Entity, Column::ResourceId)))
            .and_where(later(Column::Id).gt(Expr::col((Entity, Column::Id))))
            .cond_where(admitted(visibility, |column| (LATER, column).into_column_ref()).not())
            .to_owned();
        let hidden_now = scope::notes(&self.scope)
            .select_only()
            .column(client_note::Column::Id)
            .filter(same_id(self.backend(), "client_notes.id", "crm_audit.resource_id"))
            .filter(crate::notes::readable(visibility).not())
            .into_query();
        Condition::any().add(Column::AuthorId.is_null()).add(
            Condition::all()
                .add(admitted(visibility, |column| (Entity, column).into_column_ref()))
                .add(Expr::exists(hidden_since).not())
                .add(Expr::exists(hidden_now).not()),
        )
    }
}

/// Whether what guards an entry admits the reader.
fn admitted<C: IntoColumnRef>(visibility: &NoteVisibility, column: impl Fn(Column) -> C) -> Condition {
    let types = visibility.types().iter().map(|note_type| note_type.as_str());
    let by_type = Condition::all()
        .add(Expr::col(column(Column::NoteType)).is_in(types))
        .add_option((!visibility.sees_private()).then(|| Expr::col(column(Column::IsPrivate)).eq(false)));
    let author = visibility.author().map(|author| Expr::col(column(Column::AuthorId)).eq(author.as_str()));
    Condition::any().add(by_type).add_option(author)
}

fn into_row(record: AuditRecord, tenant: &str) -> Model {
    let AuditRecord { id, lane, position, at, user, role, address, request, action, denied, resource, .. } = record;
    let AuditRecord { resource_id, profile, author, note_type, is_private, changes, hash, .. } = record;
    Model {
        id,
        tenant_id: tenant.to_owned(),
        lane,
        position,
        at: at.naive_utc(),
        user_id: user,
        role,
        address,
        request_id: request,
        action,
        denied,
        resource,
        resource_id,
        profile_id: profile,
        author_id: author,
        note_type,
        is_private,
        changes,
        hash,
    }
}

fn into_record(row: Model) -> AuditRecord {
    let Model { id, tenant_id: _, lane, position, at, user_id, role, address, request_id, action, denied, .. } = row;
    let Model { resource, resource_id, profile_id, author_id, note_type, is_private, changes, hash, .. } = row;
    AuditRecord {
        id,
        lane,
        position,
        at: utc(at),
        user: user_id,
        role,
        address,
        request: request_id,
        action,
        denied,
        resource,
        resource_id,
        profile: profile_id,
        author: author_id,
        note_type,
        is_private,
        changes,
        hash,
    }
}
