//! The shape of every success: `{"success": true, "data": …}`.

use actix_web::HttpResponse;
use chrono::{DateTime, SecondsFormat, Utc};
use crm_domain::page::{Page, PageRequest};
use serde::Serialize;
use utoipa::ToSchema;

/// A success.
#[derive(Serialize, ToSchema)]
pub(crate) struct Success<T> {
    /// Always `true`.
    success: bool,
    /// The answer.
    data: T,
}

impl<T> Success<T> {
    pub(crate) fn of(data: T) -> Self {
        Self { success: true, data }
    }
}

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listing<T> {
    /// Always `true`.
    success: bool,
    /// The rows, or what holds them.
    data: T,
    pagination: Pagination,
}

/// Which part of a list an answer holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pagination {
    /// Rows of the whole list that the caller may see, or at least so many.
    total: u64,
    /// Whether `total` is all; otherwise there are more. It is exact without a filter, and up to 500 with one.
    total_is_exact: bool,
    /// Rows passed over; 0 when paging by cursor.
    skip: u64,
    /// Most rows asked for.
    take: u32,
    /// Whether more rows follow.
    has_more: bool,
    /// Send it as `cursor` to get the next page; null on the last.
    next_cursor: Option<String>,
}

impl Pagination {
    pub(crate) fn of<T>(page: &Page<T>, request: &PageRequest) -> Self {
        Self {
            total: page.total,
            total_is_exact: page.total_is_exact,
            skip: request.skip(),
            take: request.take(),
            has_more: page.next.is_some(),
            next_cursor: page.next.as_ref().map(ToString::to_string),
        }
    }
}

/// The id of what was deleted.
#[derive(Serialize, ToSchema)]
pub(crate) struct Deleted {
    pub(crate) id: String,
}

pub(crate) fn ok<T: Serialize>(data: T) -> HttpResponse {
    HttpResponse::Ok().json(Success::of(data))
}

pub(crate) fn listing<T: Serialize>(data: T, pagination: Pagination) -> HttpResponse {
    HttpResponse::Ok().json(Listing { success: true, data, pagination })
}

/// ISO 8601 in UTC with milliseconds and `Z`.
pub(crate) fn iso(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
