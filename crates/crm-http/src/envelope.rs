//! The shape of every success: `{"success": true, "data": …}`.

use actix_web::HttpResponse;
use chrono::{DateTime, SecondsFormat, Utc};
use crm_domain::page::{Page, PageRequest, Start};
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
    /// Rows of the whole list that the caller may see.
    total: u64,
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
            skip: request.skip(),
            take: request.take(),
            // A list by name has no cursor.
            has_more: page.next.is_some() || is_followed(page, request),
            next_cursor: page.next.as_ref().map(ToString::to_string),
        }
    }
}

fn is_followed<T>(page: &Page<T>, request: &PageRequest) -> bool {
    matches!(request.start(), Start::Skip(skip) if !page.items.is_empty() && skip + (page.items.len() as u64) < page.total)
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
