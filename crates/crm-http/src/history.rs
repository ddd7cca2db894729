//! `/api/clients/profiles/{id}/history`.

mod json;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use crm_domain::history::{DateBound, HistoryPeriod};

use crate::caller::Caller;
use crate::envelope::{Listing, Pagination, listing};
use crate::openapi::ParameterErrors;
use crate::params::{PageParams, Params};
use crate::problem::Problem;
use crate::profiles::profile_id;
use crate::state::Api;

pub(crate) use json::HistoryJson;

/// A client's appointments, services used and key figures. The page is one of appointments; the rest covers them all.
#[utoipa::path(get, path = "/api/clients/profiles/{id}/history", tag = "history", operation_id = "get_history",
    params(
        ("id" = String, Path),
        ("startDate" = Option<String>, Query, description = "first day in the tenant's time zone, or first moment"),
        ("endDate" = Option<String>, Query, description = "last day, all of it, in the tenant's time zone, or last moment"),
        PageParams,
    ),
    responses((status = 200, body = Listing<HistoryJson>), ParameterErrors))]
pub(crate) async fn get(
    Caller(actor): Caller,
    id: Path<String>,
    mut params: Params,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let id = profile_id(&id)?;
    let period = HistoryPeriod {
        start: params.parsed("startDate", DateBound::parse),
        end: params.parsed("endDate", DateBound::parse),
    };
    let page = params.page();
    params.finish()?;

    let history = api.history.complete(&actor, &id, period, &page).await?;
    let pagination = Pagination::of(&history.appointments, &page);
    Ok(listing(HistoryJson::from(history), pagination))
}
