//! `/api/clients/profiles/{id}/history`.

mod json;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use crm_domain::history::{DateBound, HistoryPeriod};

use crate::caller::Caller;
use crate::envelope::{Listing, Pagination, listing};
use crate::openapi::ParameterErrors;
use crate::params::{PageParams, Params, flag};
use crate::problem::Problem;
use crate::profiles::profile_id;
use crate::state::Api;

pub(crate) use json::HistoryJson;

/// A client's appointments, services used and key figures. The page is one of appointments; the rest covers them all, and
/// takes longer the more there are: whoever pages on can leave it out.
#[utoipa::path(get, path = "/api/clients/profiles/{id}/history", tag = "history", operation_id = "get_history",
    params(
        ("id" = String, Path),
        ("startDate" = Option<String>, Query, description = "first day in the tenant's time zone, or first moment"),
        ("endDate" = Option<String>, Query, description = "last day, all of it, in the tenant's time zone, or last moment"),
        ("statistics" = Option<bool>, Query, description = "false: the appointments only"),
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
    let with_figures = params.parsed("statistics", flag).unwrap_or(true);
    let page = params.page();
    params.finish()?;

    if with_figures {
        let history = api.history.complete(&actor, &id, period, &page).await?;
        let pagination = Pagination::of(&history.appointments, &page);
        return Ok(listing(HistoryJson::from(history), pagination));
    }
    let appointments = api.history.appointments(&actor, &id, period, &page).await?;
    let pagination = Pagination::of(&appointments, &page);
    Ok(listing(HistoryJson::from(appointments), pagination))
}
