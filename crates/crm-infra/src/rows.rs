//! Between stored values and the domain's.

use chrono::{DateTime, NaiveDateTime, Utc};
use crm_domain::page::{Cursor, PageRequest, Start};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Order, SelectStatement};
use sea_orm::{ActiveValue, DbErr, QueryResult, TryGetable, Value};

/// A stored time; the columns have no zone and hold UTC.
pub(crate) fn utc(stored: NaiveDateTime) -> DateTime<Utc> {
    stored.and_utc()
}

/// A count, which both engines give as a signed number.
pub(crate) fn count(row: &QueryResult, column: &str) -> Result<u64, DbErr> {
    Ok(u64::try_from(row.try_get::<i64>("", column)?).unwrap_or_default())
}

/// The columns of a row, read one after the other as they were selected: finding each by its name takes longer than reading
/// it, and a page has more than a thousand.
pub(crate) struct InOrder<'a> {
    row: &'a QueryResult,
    next: usize,
}

impl<'a> InOrder<'a> {
    pub(crate) fn of(row: &'a QueryResult) -> Self {
        Self { row, next: 0 }
    }

    pub(crate) fn read<T: TryGetable>(&mut self) -> Result<T, DbErr> {
        let index = self.next;
        self.next += 1;
        self.row.try_get_by_index(index)
    }
}

/// A value to write, if it differs from what is stored: the web app writes the same rows,
/// so what we did not change we do not touch.
pub(crate) fn changed<T: PartialEq + Into<Value>>(before: &T, after: T) -> ActiveValue<T> {
    if *before == after { ActiveValue::NotSet } else { ActiveValue::Set(after) }
}

/// Orders by time and id, newest first, and cuts out the page and one row more,
/// which [`crm_domain::page::Page::from_overfetched`] takes as the sign that more follow.
pub(crate) fn newest_first<C: IntoColumnRef + Clone>(select: &mut SelectStatement, time: C, id: &Expr, page: &PageRequest) {
    select.and_where_option(follows(time.clone(), id, page));
    if page.skip() > 0 {
        select.offset(page.skip());
    }
    select.order_by(time, Order::Desc).order_by_expr(id.clone(), Order::Desc).limit(u64::from(page.take()) + 1);
}

/// Whether a row comes after the place where a page begins, if it begins at one.
pub(crate) fn follows<C: IntoColumnRef>(time: C, id: &Expr, page: &PageRequest) -> Option<Expr> {
    let Start::After(Cursor { at, id: last, .. }) = page.start() else { return None };
    // A row comparison, which both engines can answer from an index on (time, id).
    let place = Expr::tuple([Expr::col(time), id.clone()]);
    Some(place.lt(Expr::tuple([Expr::val(at.naive_utc()), Expr::val(last.as_str())])))
}

/// A row of a list with its place in it.
pub(crate) struct Placed<T> {
    pub(crate) at: DateTime<Utc>,
    pub(crate) id: String,
    pub(crate) item: T,
}

impl<T> Placed<T> {
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor::unranked(self.at, self.id.clone())
    }
}

/// The rows of a page and one more, of all rows in their order.
pub(crate) fn cut<T>(rows: Vec<Placed<T>>, page: &PageRequest) -> Vec<Placed<T>> {
    let is_before = |row: &Placed<T>| match page.start() {
        Start::Skip(_) => false,
        Start::After(Cursor { at, id, .. }) => (row.at, row.id.as_str()) >= (*at, id.as_str()),
    };
    let skipped = usize::try_from(page.skip()).unwrap_or(usize::MAX);
    rows.into_iter().skip_while(is_before).skip(skipped).take(page.take() as usize + 1).collect()
}
