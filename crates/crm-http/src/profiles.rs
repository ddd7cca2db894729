//! `/api/clients/profiles`.

mod body;
mod json;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use crm_domain::access::Actor;
use crm_domain::error::{CrmError, Resource};
use crm_domain::idempotency::KeptRequest;
use crm_domain::ids::ProfileId;
use crm_domain::profile::{ProfileFilter, ProfileSummary, SearchTerms};
use crm_domain::validation::{Expectation, Reason};
use crm_domain::version::{Updated, Version};

use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::{Changed, DeleteConditions, IfMatch, UpdateConditions, changed_item, created_item, item};
use crate::envelope::{Deleted, Listing, Pagination, Success, listing, ok};
use crate::idempotency::{IdempotencyKey, RepeatableBody, once};
use crate::openapi::{CreateErrors, DeleteErrors, ItemErrors, ReadErrors, WriteErrors};
use crate::params::{PageParams, Params, time};
use crate::problem::Problem;
use crate::state::Api;

pub use body::{CreateProfileBody, UpdateProfileBody};
pub(crate) use json::{ProfileCardJson, ProfileSummaryJson, UserJson};

/// The id in a path. What can't be an id is as missing as what is not there.
pub(crate) fn profile_id(raw: &str) -> Result<ProfileId, Problem> {
    ProfileId::parse(raw).map_err(|_| CrmError::NotFound(Resource::Profile).into())
}

/// The tenant's profiles.
#[utoipa::path(get, path = "/api/clients/profiles", tag = "profiles", operation_id = "list_profiles",
    params(
        ("userId" = Option<String>, Query, description = "the profile of this user"),
        ("search" = Option<String>, Query, description = "every word must be part of a name, an e-mail address or a phone; case, accents and phone punctuation do not matter"),
        ("city" = Option<String>, Query, description = "part of the city; case and accents do not matter"),
        ("state" = Option<String>, Query, description = "part of the state; case and accents do not matter"),
        ("birthdayMonth" = Option<u32>, Query, minimum = 1, maximum = 12, description = "born in this month"),
        ("notSeenSince" = Option<String>, Query, description = "without a COMPLETED appointment that began at this time or later, such as 2026-01-31T18:00:00Z"),
        ("order" = Option<String>, Query, description = "NEWEST, which is the default, or NAME, which pages by `skip` and not by `cursor`"),
        PageParams,
    ),
    responses((status = 200, body = Listing<Vec<ProfileSummaryJson>>), ReadErrors))]
pub(crate) async fn list(Caller(actor): Caller, mut params: Params, api: Data<Api>) -> Result<HttpResponse, Problem> {
    let search = params.parsed("search", |raw| {
        let fits = raw.split_whitespace().count() <= SearchTerms::MAX_WORDS;
        if fits { Ok(SearchTerms::parse(raw)) } else { Err(Reason::TooMany { max: SearchTerms::MAX_WORDS }) }
    });
    let filter = ProfileFilter {
        user: params.id("userId"),
        search: search.flatten(),
        city: params.text("city"),
        state: params.text("state"),
        birthday_month: params.parsed("birthdayMonth", month),
        not_seen_since: params.parsed("notSeenSince", time),
        order: params.parsed("order", str::parse).unwrap_or_default(),
    };
    let page = params.page();
    params.finish()?;

    let found = api.profiles.list(&actor, &filter, &page).await?;
    let pagination = Pagination::of(&found, &page);
    let rows = found.items.into_iter().map(|row| ProfileSummaryJson::of(row, actor.role()));
    Ok(listing(rows.collect::<Vec<_>>(), pagination))
}

fn month(raw: &str) -> Result<u32, Reason> {
    let is_plain = raw.bytes().all(|byte| byte.is_ascii_digit());
    let month = raw.parse().ok().filter(|month| is_plain && (1..=12).contains(month));
    month.ok_or(Reason::Expected(Expectation::Month))
}

/// Give a user of the tenant a profile.
#[utoipa::path(post, path = "/api/clients/profiles", tag = "profiles", operation_id = "create_profile",
    params(IdempotencyKey), request_body = CreateProfileBody,
    responses((status = 201, body = Success<ProfileSummaryJson>), CreateErrors))]
pub(crate) async fn create(
    Caller(actor): Caller,
    api: Data<Api>,
    RepeatableBody { body, named }: RepeatableBody<CreateProfileBody>,
) -> Result<HttpResponse, Problem> {
    let made = |summary: ProfileSummary, reader| {
        created_item(&Version::of(&summary.profile), ProfileSummaryJson::of(summary, reader))
    };
    let act = async |actor: Actor| {
        let new = body.into_new(api.clock.now().date_naive())?;
        made(api.profiles.create(&actor, new).await?, actor.role())
    };
    let again = async |actor: Actor, kept: KeptRequest| {
        let card = api.profiles.get(&actor, &ProfileId::from_stored(kept.id)).await?;
        made(ProfileSummary { profile: card.profile, user: card.user }, actor.role())
    };
    once(&api, actor, named, act, again).await
}

/// My own profile.
#[utoipa::path(get, path = "/api/clients/profiles/me", tag = "profiles", operation_id = "get_own_profile",
    responses((status = 200, body = Success<ProfileCardJson>), (status = 304, description = "the caller has it already"), ItemErrors))]
pub(crate) async fn get_own(Caller(actor): Caller, request: HttpRequest, api: Data<Api>) -> Result<HttpResponse, Problem> {
    let user = actor.own_profile_of().unwrap_or_else(|| actor.user()).clone();
    let card = api.profiles.get_by_user(&actor, &user).await?;
    let version = Version::of(&card.profile);
    item(&request, &version, ProfileCardJson::of(card, actor.role()))
}

/// A profile with its user, its latest ten readable notes and its preferences.
#[utoipa::path(get, path = "/api/clients/profiles/{id}", tag = "profiles", operation_id = "get_profile",
    params(("id" = String, Path)),
    responses((status = 200, body = Success<ProfileCardJson>), (status = 304, description = "the caller has it already"), ItemErrors))]
pub(crate) async fn get(
    Caller(actor): Caller,
    id: Path<String>,
    request: HttpRequest,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let card = api.profiles.get(&actor, &profile_id(&id)?).await?;
    let version = Version::of(&card.profile);
    item(&request, &version, ProfileCardJson::of(card, actor.role()))
}

/// Change a profile. Fields left out keep their value; `null` clears them.
#[utoipa::path(put, path = "/api/clients/profiles/{id}", tag = "profiles", operation_id = "update_profile",
    params(("id" = String, Path), UpdateConditions), request_body = UpdateProfileBody,
    responses((status = 200, body = Changed<ProfileSummaryJson>), WriteErrors))]
pub(crate) async fn update(
    Caller(actor): Caller,
    id: Path<String>,
    IfMatch(precondition): IfMatch,
    api: Data<Api>,
    Body(body): Body<UpdateProfileBody>,
) -> Result<HttpResponse, Problem> {
    let id = profile_id(&id)?;
    let update = body.into_update(api.clock.now().date_naive(), precondition);
    let Updated { item, merged } = api.profiles.update(&actor, &id, update).await?;
    let version = Version::of(&item.profile);
    changed_item(&version, ProfileSummaryJson::of(item, actor.role()), merged)
}

/// Delete a profile with its notes, preferences and photo. The user stays.
#[utoipa::path(delete, path = "/api/clients/profiles/{id}", tag = "profiles", operation_id = "delete_profile",
    params(("id" = String, Path), DeleteConditions), responses((status = 200, body = Success<Deleted>), DeleteErrors))]
pub(crate) async fn delete(
    Caller(actor): Caller,
    id: Path<String>,
    IfMatch(precondition): IfMatch,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let id = profile_id(&id)?;
    api.profiles.delete(&actor, &id, &precondition).await?;
    Ok(ok(Deleted { id: id.to_string() }))
}
