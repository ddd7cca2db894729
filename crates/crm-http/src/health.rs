//! Whether the process lives, whether it can work, and what it has done.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::Api;

/// Longest a dependency may take to answer and still count as working.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether each dependency answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct Readiness {
    /// Whether all of them do.
    success: bool,
    /// `ok` or `unavailable`.
    database: &'static str,
    /// `ok` or `unavailable`.
    photos: &'static str,
}

/// The process lives.
#[utoipa::path(get, path = "/health/live", tag = "operations", operation_id = "live", security(()),
    responses((status = 200, description = "the process lives")))]
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "success": true }))
}

/// The database and the photo store answer.
#[utoipa::path(get, path = "/health/ready", tag = "operations", operation_id = "ready", security(()),
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub(crate) async fn ready(api: Data<Api>) -> HttpResponse {
    let database = tokio::time::timeout(PATIENCE, api.store.ping());
    let photos = tokio::time::timeout(PATIENCE, api.photo_store.ping());
    let (database, photos) = futures_util::future::join(database, photos).await;
    let (database, photos) = (matches!(database, Ok(Ok(()))), matches!(photos, Ok(Ok(()))));
    let word = |works| if works { "ok" } else { "unavailable" };
    let readiness = Readiness { success: database && photos, database: word(database), photos: word(photos) };

    let status = if readiness.success { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut answer = HttpResponse::build(status);
    if !readiness.success {
        answer.insert_header((header::RETRY_AFTER, PATIENCE.as_secs()));
    }
    answer.json(readiness)
}

/// Counters and durations in Prometheus format, without personal data.
#[utoipa::path(get, path = "/metrics", tag = "operations", operation_id = "metrics", security(()),
    responses((status = 200, description = "Prometheus text", content_type = "text/plain")))]
pub(crate) async fn metrics(api: Data<Api>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(api.metrics.render())
}
