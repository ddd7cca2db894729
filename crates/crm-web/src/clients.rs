//! `/ui/clientes` and `/ui/buscar`: the list of clients, and finding one.

mod filters;

use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use crm_domain::access::{Action, Role};
use crm_domain::page::{Page as Rows, PageRequest};
use crm_domain::profile::ProfileSummary;
use crm_domain::value::Text;
use crm_http::problem::Problem;
use crm_http::sign_in::see_other;

use crate::format::{self, Moment};
use crate::frame::{Frame, Page, show};
use crate::paging::{Pager, numbered};
use crate::person::{email_of, name_of, phone_of};
use crate::visit::Visit;

use filters::{Filters, ListQuery};

/// Clients of one page of the list.
const ROWS: u32 = 50;
/// Clients that a search shows.
const FOUND: u32 = 8;

/// A client in a list.
pub(crate) struct ClientRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) phone: Option<PhoneLink>,
    pub(crate) email: String,
    pub(crate) city: String,
    pub(crate) since: Moment,
}

/// A phone that can be called.
pub(crate) struct PhoneLink {
    pub(crate) text: String,
    pub(crate) href: Option<String>,
}

impl PhoneLink {
    pub(crate) fn of(raw: &str) -> Self {
        Self { text: format::phone(raw), href: format::dialled(raw).map(|number| format!("tel:{number}")) }
    }
}

/// The figures above the list, as text.
pub(crate) struct Figures {
    total: String,
    new_this_month: String,
    with_upcoming: String,
}

#[derive(Template)]
#[template(path = "pages/clients.html")]
struct ClientsPage {
    frame: Frame,
    figures: Figures,
    filters: Filters,
    rows: Vec<ClientRow>,
    /// How many clients meet the filters.
    found: String,
    /// Nobody does, in these words.
    nobody: Option<String>,
    /// The tenant has no clients at all.
    is_empty: bool,
    may_create: bool,
    pager: Pager,
}

impl Page for ClientsPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.t.list.title.to_owned()
    }
}

#[derive(Template)]
#[template(path = "pages/search.html")]
struct SearchPage {
    frame: Frame,
    search: String,
    rows: Vec<ClientRow>,
    /// How many were found, of whom the best are shown.
    found: String,
    /// The list with all that can be shown of them.
    address: String,
    nobody: Option<String>,
    may_create: bool,
}

impl Page for SearchPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.t.list.search_title.to_owned()
    }
}

/// `GET /ui`
pub(crate) async fn start(visit: Visit) -> HttpResponse {
    see_other(if visit.actor.role() == Role::Client { "/ui/yo" } else { "/ui/clientes" })
}

/// `GET /ui/clientes`
pub(crate) async fn list(visit: Visit, Query(query): Query<ListQuery>) -> Result<HttpResponse, Problem> {
    let filters = Filters::read(&query, &visit.frame);
    let filter = filters.apply(visit.api.clock.now(), visit.today());
    let page = numbered(&query.pagina, ROWS);
    let figures = visit.api.profiles.figures(&visit.actor).await?;
    let found = visit.api.profiles.list(&visit.actor, &filter, &page).await?;

    let t = visit.frame.t;
    let total = format::number(found.total);
    let nobody = (found.total == 0).then(|| match filters.search.as_str() {
        "" => t.list.none_filtered.to_owned(),
        search if filters.has_more() => t.list.nobody_filtered(search),
        search => t.list.nobody(search),
    });
    show(&ClientsPage {
        figures: Figures {
            total: format::number(figures.total),
            new_this_month: format::number(figures.new_this_month),
            with_upcoming: format::number(figures.with_upcoming),
        },
        found: t.list.found(found.total, &total, found.total_is_exact),
        is_empty: found.total == 0 && !filters.are_set(),
        nobody,
        may_create: visit.actor.require(Action::CreateProfile).is_ok(),
        pager: Pager::new(&page, &found, &visit.frame, |number| filters.address(number)),
        rows: found.items.iter().map(|summary| row(summary, &visit)).collect(),
        filters,
        frame: visit.frame,
    })
}

/// `GET /ui/buscar`: the best matches; also what the palette shows.
pub(crate) async fn search(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Problem> {
    visit.actor.require(Action::ListProfiles)?;
    let asked = url::form_urlencoded::parse(request.query_string().as_bytes()).find(|(name, _)| name == "q");
    let search = asked.map(|(_, value)| value.trim().to_owned()).unwrap_or_default();
    let filters = Filters::of_search(&search);
    let t = visit.frame.t;
    let found = if search.is_empty() || filters.mistake(t).is_some() {
        Rows::empty()
    } else {
        let filter = filters.apply(visit.api.clock.now(), visit.today());
        visit.api.profiles.list(&visit.actor, &filter, &PageRequest::first(FOUND)).await?
    };
    let nobody = filters.mistake(t).map(str::to_owned);
    let nobody = nobody.or_else(|| (!search.is_empty() && found.items.is_empty()).then(|| t.list.nobody(&search)));
    show(&SearchPage {
        found: t.list.found(found.total, &format::number(found.total), found.total_is_exact),
        address: filters.address(1),
        rows: found.items.iter().map(|summary| row(summary, &visit)).collect(),
        nobody,
        search,
        may_create: visit.actor.require(Action::CreateProfile).is_ok(),
        frame: visit.frame,
    })
}

pub(crate) fn row(summary: &ProfileSummary, visit: &Visit) -> ClientRow {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    ClientRow {
        id: summary.profile.id.to_string(),
        name: name_of(summary, visit.frame.t),
        phone: phone_of(summary).map(PhoneLink::of),
        email: text(email_of(summary)),
        city: text(summary.profile.details.city.as_ref().map(Text::as_str)),
        since: visit.frame.format.day(summary.profile.created_at),
    }
}
