use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use crm_domain::profile::{ProfileFilter, ProfileOrder, SearchTerms};
use serde::Deserialize;

use crate::frame::Frame;
use crate::words::Words;

/// Longest text looked for, in characters: that of the API.
const MAX_TEXT: usize = 200;
/// Days without a visit that can be asked for.
const DAYS: [u32; 5] = [30, 60, 90, 180, 365];

/// What the address of the list says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    q: String,
    ciudad: String,
    estado: String,
    sin_visita: String,
    cumple: String,
    orden: String,
    pub(crate) pagina: String,
}

/// Which clients to list, as it was asked for.
#[derive(Default)]
pub(crate) struct Filters {
    pub(crate) search: String,
    pub(crate) city: String,
    pub(crate) state: String,
    /// Days without a visit.
    pub(crate) not_seen: Option<u32>,
    pub(crate) birthday: bool,
    pub(crate) by_newest: bool,
    /// Choices of days without a visit: value, text, whether it is chosen.
    pub(crate) days: Vec<(u32, &'static str, bool)>,
}

impl Filters {
    /// Reads an address; what makes no sense is as if it were not there.
    pub(crate) fn read(query: &ListQuery, frame: &Frame) -> Self {
        let text = |raw: &str| raw.trim().chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect::<String>();
        let not_seen = query.sin_visita.parse().ok().filter(|days| DAYS.contains(days));
        let t = &frame.t.list;
        let names = [t.days_30, t.days_60, t.days_90, t.days_180, t.days_365];
        Self {
            search: text(&query.q),
            city: text(&query.ciudad),
            state: text(&query.estado),
            not_seen,
            birthday: query.cumple == "1",
            by_newest: query.orden == "recientes",
            days: DAYS.into_iter().zip(names).map(|(days, name)| (days, name, not_seen == Some(days))).collect(),
        }
    }

    pub(crate) fn of_search(search: &str) -> Self {
        Self {
            search: search.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect(),
            by_newest: true,
            ..Self::default()
        }
    }

    /// Whether anything is asked for that leaves clients out.
    pub(crate) fn are_set(&self) -> bool {
        let texts = [&self.search, &self.city, &self.state].into_iter().any(|text| !text.is_empty());
        texts || self.not_seen.is_some() || self.birthday
    }

    /// Whether one of those that are not always shown is set.
    pub(crate) fn has_more(&self) -> bool {
        !self.city.is_empty() || !self.state.is_empty() || self.not_seen.is_some() || self.birthday
    }

    /// What is wrong with the search.
    pub(crate) fn mistake(&self, t: &Words) -> Option<&'static str> {
        (self.search.split_whitespace().count() > SearchTerms::MAX_WORDS).then_some(t.list.too_many_words)
    }

    /// The filter for the clients of a tenant where it is `today`.
    pub(crate) fn apply(&self, now: DateTime<Utc>, today: NaiveDate) -> ProfileFilter {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let words: Vec<_> = self.search.split_whitespace().take(SearchTerms::MAX_WORDS).collect();
        ProfileFilter {
            user: None,
            search: SearchTerms::parse(&words.join(" ")),
            city: given(&self.city),
            state: given(&self.state),
            birthday_month: self.birthday.then(|| today.month()),
            not_seen_since: self.not_seen.and_then(|days| now.checked_sub_days(Days::new(u64::from(days)))),
            order: if self.by_newest { ProfileOrder::Newest } else { ProfileOrder::Name },
        }
    }

    /// The address of a page of this list.
    pub(crate) fn address(&self, page: u64) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("q", &self.search), ("ciudad", &self.city), ("estado", &self.state)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(days) = self.not_seen {
            query.append_pair("sin_visita", &days.to_string());
        }
        if self.birthday {
            query.append_pair("cumple", "1");
        }
        if self.by_newest {
            query.append_pair("orden", "recientes");
        }
        if page > 1 {
            query.append_pair("pagina", &page.to_string());
        }
        let query = query.finish();
        if query.is_empty() { "/ui/clientes".to_owned() } else { format!("/ui/clientes?{query}") }
    }
}
