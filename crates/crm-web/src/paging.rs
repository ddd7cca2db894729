//! Pages of lists: by number, or after a place in the list.

use crm_domain::page::{Cursor, Page as Rows, PageRequest, Start};
use serde::Deserialize;

use crate::format;
use crate::frame::Frame;
use crate::words::Shell;

/// Rows passed over at most; a list is not read by leafing through it.
const MOST_SKIPPED: u64 = 1_000_000;

/// The page of a list with this number, from 1; the first if it is no number.
pub(crate) fn numbered(raw: &str, rows: u32) -> PageRequest {
    let number: u64 = raw.parse().unwrap_or(1).max(1);
    let skip = (number - 1).saturating_mul(u64::from(rows)).min(MOST_SKIPPED);
    PageRequest::new(Start::Skip(skip), rows).unwrap_or_default()
}

/// Which rows are shown, and where the others are.
pub(crate) struct Pager {
    /// `1 a 50 de 1,284`; `None` if there are no rows.
    pub(crate) range: Option<String>,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

impl Pager {
    /// `address` is that of the page with a number.
    pub(crate) fn new<T>(page: &PageRequest, rows: &Rows<T>, frame: &Frame, address: impl Fn(u64) -> String) -> Self {
        let (skip, take) = (page.skip(), u64::from(page.take()));
        let number = skip / take + 1;
        let last = skip + rows.items.len() as u64;
        // From beyond the end it leads to the last page.
        let last_page = if rows.total_is_exact { rows.total.div_ceil(take).max(1) } else { u64::MAX };
        Self {
            range: (skip < last).then(|| range(skip + 1, last, rows.total, rows.total_is_exact, &frame.t.shell)),
            previous: (skip > 0).then(|| address((number - 1).min(last_page))),
            next: rows.next.is_some().then(|| address(number + 1)),
        }
    }
}

fn range(first: u64, last: u64, counted: u64, is_exact: bool, t: &Shell) -> String {
    let total = format::number(counted);
    let is_beyond = last > counted;
    let (first, last) = (format::number(first), format::number(last));
    match (is_exact, is_beyond) {
        (true, _) => t.range(&first, &last, &total),
        (false, false) => t.range_of_more(&first, &last, &total),
        (false, true) => t.range_beyond(&first, &last),
    }
}

/// Where a list goes on, as an address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct After {
    antes: String,
}

impl After {
    /// The page after that place; the first if the address names none.
    pub(crate) fn request(&self, rows: u32) -> PageRequest {
        let cursor = self.antes.parse::<Cursor>().ok();
        cursor.and_then(|cursor| PageRequest::new(Start::After(cursor), rows)).unwrap_or_else(|| PageRequest::first(rows))
    }

    /// Whether this is the beginning of the list.
    pub(crate) fn is_first(&self) -> bool {
        self.antes.is_empty()
    }
}

/// The address of the part of a list after a place.
pub(crate) fn after(path: &str, cursor: &Cursor) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    let value: String = url::form_urlencoded::byte_serialize(cursor.to_string().as_bytes()).collect();
    format!("{path}{separator}antes={value}")
}

#[cfg(test)]
mod tests {
    use crm_http::problem::Language;

    use super::*;
    use crate::words::Words;

    #[test]
    fn a_page_is_found_by_its_number_whatever_was_typed() {
        for (raw, skip) in [("1", 0), ("3", 100), ("0", 0), ("-1", 0), ("x", 0), ("", 0), ("99999999999999", MOST_SKIPPED)] {
            assert_eq!(numbered(raw, 50).skip(), skip, "{raw}");
        }
    }

    #[test]
    fn a_range_says_no_more_than_is_known() {
        let t = &Words::of(Language::Spanish).shell;
        assert_eq!(range(2_201, 2_250, 4_445, true, t), "2,201 a 2,250 de 4,445");
        assert_eq!(range(51, 100, 500, false, t), "51 a 100 de más de 500");
        assert_eq!(range(451, 500, 500, false, t), "451 a 500 de más de 500");
        assert_eq!(range(9_951, 10_000, 50, false, t), "9,951 a 10,000");
    }

    #[test]
    fn a_place_in_a_list_survives_the_address() {
        let cursor = Cursor::unranked(chrono::DateTime::UNIX_EPOCH, "a~b&c");
        let address = after("/ui/x?tipo=MEDICAL", &cursor);
        let query = address.split_once('?').unwrap().1;
        let antes = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "antes").unwrap().1.into_owned();
        assert_eq!(After { antes }.request(5).start(), &Start::After(cursor));
        assert_eq!(After { antes: "x".to_owned() }.request(5).start(), &Start::Skip(0));
    }
}
