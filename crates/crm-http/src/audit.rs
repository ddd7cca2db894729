//! `/api/clients/audit` and `/api/clients/profiles/{id}/activity`.

mod json;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use crm_domain::audit::{AuditAction, AuditQuery, Listed};
use crm_domain::history::{DateBound, HistoryPeriod};
use crm_domain::page::{Page, PageRequest};
use crm_domain::validation::Reason;

use crate::caller::Caller;
use crate::envelope::{Listing, Pagination, listing};
use crate::openapi::{ParameterErrors, ReadErrors};
use crate::params::{PageParams, Params};
use crate::problem::Problem;
use crate::profiles::profile_id;
use crate::state::Api;

pub(crate) use json::AuditEntryJson;

/// What was done in the tenant, newest first.
#[utoipa::path(get, path = "/api/clients/audit", tag = "audit", operation_id = "list_audit",
    params(
        ("userId" = Option<String>, Query, description = "what this person did"),
        ("clientProfileId" = Option<String>, Query, description = "what was done to this profile and to what belongs to it; `clientId` means the same"),
        ("action" = Option<String>, Query, description = "what was done: CREATED, UPDATED, DELETED, RESTORED, PURGED, READ, EXPORTED, SIGNED_IN, SIGN_IN_FAILED or DENIED"),
        ("startDate" = Option<String>, Query, description = "first day in the tenant's time zone, or first moment"),
        ("endDate" = Option<String>, Query, description = "last day, all of it, in the tenant's time zone, or last moment"),
        PageParams,
    ),
    responses((status = 200, body = Listing<Vec<AuditEntryJson>>), ReadErrors))]
pub(crate) async fn list(Caller(actor): Caller, mut params: Params, api: Data<Api>) -> Result<HttpResponse, Problem> {
    let query = AuditQuery {
        user: params.id("userId"),
        profile: params.id_or_alias("clientProfileId", "clientId"),
        action: params.parsed("action", action),
        period: HistoryPeriod {
            start: params.parsed("startDate", DateBound::parse),
            end: params.parsed("endDate", DateBound::parse),
        },
    };
    let page = params.page();
    params.finish()?;
    Ok(answer(api.audit.list(&actor, query, &page).await?, &page))
}

/// Who viewed and changed a client: the profile, its notes, preferences and photo, newest first.
#[utoipa::path(get, path = "/api/clients/profiles/{id}/activity", tag = "audit", operation_id = "get_activity",
    params(("id" = String, Path), PageParams),
    responses((status = 200, body = Listing<Vec<AuditEntryJson>>), ParameterErrors))]
pub(crate) async fn activity(
    Caller(actor): Caller,
    id: Path<String>,
    mut params: Params,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let id = profile_id(&id)?;
    let page = params.page();
    params.finish()?;
    Ok(answer(api.audit.activity(&actor, &id, &page).await?, &page))
}

fn action(raw: &str) -> Result<AuditAction, Reason> {
    let known = AuditAction::ALL.into_iter().find(|action| action.as_str() == raw);
    known.ok_or(Reason::NotOneOf(
        "CREATED, UPDATED, DELETED, RESTORED, PURGED, READ, EXPORTED, SIGNED_IN, SIGN_IN_FAILED, DENIED",
    ))
}

fn answer(found: Page<Listed>, page: &PageRequest) -> HttpResponse {
    let pagination = Pagination::of(&found, page);
    listing(found.items.into_iter().map(AuditEntryJson::from).collect::<Vec<_>>(), pagination)
}
