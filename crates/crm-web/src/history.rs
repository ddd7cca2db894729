//! `/ui/clientes/{id}/historial`: appointments, services used and payments.

mod csv;
mod spending;
mod visit_line;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use askama::Template;
use crm_domain::access::Role;
use crm_domain::history::{DateBound, HistoryPeriod, MAX_EXPORTED, Statistics, UsedService};
use crm_domain::page::Page as Rows;
use crm_http::problem::Problem;
use serde::Deserialize;

use crate::card::profile_id;
use crate::form::Mistakes;
use crate::format::{self, Moment};
use crate::frame::{Frame, Page, show_as};
use crate::paging::{After, after};
use crate::person::{Head, Tab, preferred_channel};
use crate::visit::Visit;
use crate::words::Words;

pub(crate) use csv::csv;
pub(crate) use spending::Spending;
#[cfg(test)]
pub(crate) use visit_line::PaymentLine;
pub(crate) use visit_line::{VisitLine, visits_by_year};

/// Appointments shown at once.
const ROWS: u32 = 20;

/// A key figure.
pub(crate) struct Figure {
    pub(crate) label: &'static str,
    pub(crate) value: String,
}

/// The key figures of a client in a period, which says nothing of the next visit: that may be after it. How reliable and
/// how profitable clients are is not for themselves.
pub(crate) fn figures(statistics: &Statistics, period: HistoryPeriod, visit: &Visit) -> Vec<Figure> {
    let (t, format) = (&visit.frame.t.card, visit.frame.format);
    let day = |moment: Option<chrono::DateTime<chrono::Utc>>, none: &str| {
        moment.map_or_else(|| none.to_owned(), |moment| format.day(moment).text)
    };
    let missed = match statistics.no_show {
        0 => "0".to_owned(),
        missed => format!("{missed} ({})", format::percent(statistics.no_show_rate)),
    };
    let mut figures = vec![
        Figure { label: t.visits, value: format::number(statistics.completed) },
        Figure { label: t.paid, value: format::money(statistics.total_paid) },
        Figure { label: t.last_visit, value: day(statistics.last_visit, t.never) },
    ];
    if period == HistoryPeriod::default() {
        figures.push(Figure { label: t.next_visit, value: day(statistics.next_visit, t.no_next) });
    }
    if visit.actor.role() != Role::Client {
        figures.push(Figure { label: t.missed, value: missed });
        figures.push(Figure { label: t.average, value: format::money(statistics.average_ticket) });
    }
    figures
}

/// A service the client has used.
pub(crate) struct ServiceLine {
    pub(crate) name: String,
    pub(crate) count: String,
    pub(crate) last: Moment,
    pub(crate) listed: String,
}

fn service_line(service: &UsedService, visit: &Visit) -> ServiceLine {
    ServiceLine {
        name: service.service_name.clone(),
        count: format::number(service.count),
        last: visit.frame.format.day(service.last_visit),
        listed: format::money(service.total_spent),
    }
}

#[derive(Template)]
#[template(path = "pages/history.html")]
struct HistoryPage {
    frame: Frame,
    head: Head,
    figures: Vec<Figure>,
    from: String,
    until: String,
    mistakes: Mistakes,
    years: Vec<(i32, Vec<VisitLine>)>,
    count: String,
    /// The file will lack the oldest.
    csv_is_cut: Option<String>,
    services: Vec<ServiceLine>,
    spending: Spending,
    csv_address: String,
    older: Option<String>,
    is_first: bool,
    is_filtered: bool,
}

impl Page for HistoryPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        format!("{} · {}", self.frame.t.history.title, self.head.name)
    }

    fn has_mistakes(&self) -> bool {
        !self.mistakes.is_empty()
    }
}

/// The period that an address asks for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PeriodQuery {
    desde: String,
    hasta: String,
}

impl PeriodQuery {
    /// The period, or what is wrong with it.
    fn period(&self, t: &Words) -> Result<HistoryPeriod, Mistakes> {
        let h = &t.history;
        let bound = |raw: &str, field, label| match raw.trim() {
            "" => Ok(None),
            raw => DateBound::parse(raw).map(Some).map_err(|_| Mistakes::one(field, label, h.bad_date)),
        };
        let period =
            HistoryPeriod { start: bound(&self.desde, "desde", h.from)?, end: bound(&self.hasta, "hasta", h.until)? };
        let is_backwards = period.in_zone(crm_domain::directory::DEFAULT_TIME_ZONE).is_err();
        if is_backwards { Err(Mistakes::one("hasta", h.until, h.bad_period)) } else { Ok(period) }
    }

    /// The period as the end of an address.
    fn suffix(&self) -> String {
        let given =
            [("desde", self.desde.trim()), ("hasta", self.hasta.trim())].into_iter().filter(|(_, raw)| !raw.is_empty());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

/// `GET /ui/clientes/{id}/historial`
pub(crate) async fn page(
    visit: Visit,
    id: Path<String>,
    Query(asked): Query<PeriodQuery>,
    Query(start): Query<After>,
) -> Result<HttpResponse, Problem> {
    let id = profile_id(id.into_inner())?;
    let t = visit.frame.t;
    let (period, mistakes) = match asked.period(t) {
        Ok(period) => (period, Mistakes::default()),
        Err(mistakes) => (HistoryPeriod::default(), mistakes),
    };
    let summary = visit.api.profiles.summary(&visit.actor, &id).await?;
    let history = visit.api.history.complete(&visit.actor, &id, period, &start.request(ROWS)).await?;
    let months = visit.api.history.spending(&visit.actor, &id, spending::MONTHS).await?;
    let Rows { items, total, next, .. } = &history.appointments;
    let path = format!("/ui/clientes/{id}/historial");
    let suffix = if mistakes.is_empty() { asked.suffix() } else { String::new() };
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let page = HistoryPage {
        head: Head::of(&visit, &summary, Tab::History, preferred_channel(&visit, &summary.profile).await?).await?,
        figures: figures(&history.statistics, period, &visit),
        years: visits_by_year(items, &visit),
        count: format::number(*total),
        csv_is_cut: (*total > MAX_EXPORTED as u64).then(|| t.history.csv_is_cut(&format::number(MAX_EXPORTED as u64))),
        services: history.services.iter().map(|service| service_line(service, &visit)).collect(),
        spending: Spending::new(&months, visit.frame.format),
        csv_address: format!("{path}.csv{suffix}"),
        older: next.as_ref().map(|cursor| after(&format!("{path}{suffix}"), cursor)),
        is_first: start.is_first(),
        is_filtered: !asked.suffix().is_empty(),
        from: asked.desde,
        until: asked.hasta,
        mistakes,
        frame: visit.frame,
    };
    show_as(status, &page)
}
