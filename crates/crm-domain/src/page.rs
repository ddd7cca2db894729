//! Pages of a list: by offset, or after a cursor.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

/// Most rows of one page.
pub const MAX_TAKE: u32 = 200;
/// Rows of a page when the caller does not say.
pub const DEFAULT_TAKE: u32 = 50;

/// Rows of a list that are counted; of what is beyond, a total only says that there is more.
pub const COUNTED: u64 = 500;

/// A place in a list: after this row.
///
/// In a list newest first that is the row with this rank, time and id. In a list by name it is the row with this rank and
/// id, wherever its name stands now: a name is personal data, and a cursor is part of an address.
///
/// Its text form is stable within a version and opaque to callers.
/// It carries no permission: whatever it says, only rows of the caller's tenant are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// How well the last row seen matched, best first; 0 in lists that rank nothing.
    pub rank: u8,
    /// Time of the last row seen.
    pub at: DateTime<Utc>,
    /// Id of the last row seen.
    pub id: String,
}

/// A cursor that this service did not make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not one this service made")]
pub struct MalformedCursor;

impl Cursor {
    /// A place in a list that ranks nothing.
    pub fn unranked(at: DateTime<Utc>, id: impl Into<String>) -> Self {
        Self { rank: 0, at, id: id.into() }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rank, at, id } = self;
        let millis = at.timestamp_millis();
        if *rank == 0 { write!(f, "{millis}~{id}") } else { write!(f, "{millis}.{rank}~{id}") }
    }
}

impl FromStr for Cursor {
    type Err = MalformedCursor;

    fn from_str(raw: &str) -> Result<Self, MalformedCursor> {
        let (place, id) = raw.split_once('~').ok_or(MalformedCursor)?;
        let (millis, rank) = place.split_once('.').unwrap_or((place, "0"));
        let rank = rank.parse().map_err(|_| MalformedCursor)?;
        let at = millis.parse().ok().and_then(DateTime::from_timestamp_millis).ok_or(MalformedCursor)?;
        let plausible = (0..=9999).contains(&chrono::Datelike::year(&at));
        if !plausible || id.is_empty() || id.len() > 200 || id.chars().any(char::is_control) {
            return Err(MalformedCursor);
        }
        Ok(Self { rank, at, id: id.to_owned() })
    }
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// After this many rows.
    Skip(u64),
    /// After this row; as fast at any depth.
    After(Cursor),
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    start: Start,
    take: u32,
}

impl PageRequest {
    /// A page of `take` rows; `None` unless `take` is 1 to [`MAX_TAKE`].
    pub fn new(start: Start, take: u32) -> Option<Self> {
        (1..=MAX_TAKE).contains(&take).then_some(Self { start, take })
    }

    /// The first rows of a list, at most [`MAX_TAKE`].
    pub fn first(take: u32) -> Self {
        Self { start: Start::Skip(0), take: take.clamp(1, MAX_TAKE) }
    }

    /// Where the page begins.
    pub fn start(&self) -> &Start {
        &self.start
    }

    /// Most rows on the page, 1 to [`MAX_TAKE`].
    pub fn take(&self) -> u32 {
        self.take
    }

    /// The total of the list, if this page already tells: it begins at a known place, and the `found` rows, no more than
    /// asked for, are all there is from there on.
    pub fn total_of_last(&self, found: usize) -> Option<u64> {
        let is_last = found <= self.take as usize;
        match self.start {
            Start::Skip(skip) if is_last && (found > 0 || skip == 0) => Some(skip + found as u64),
            _ => None,
        }
    }

    /// Rows passed over, 0 when paging by cursor.
    pub fn skip(&self) -> u64 {
        match self.start {
            Start::Skip(skip) => skip,
            Start::After(_) => 0,
        }
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::first(DEFAULT_TAKE)
    }
}

/// How many rows a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// So many, or at least so many.
    pub count: u64,
    /// Whether there are no more.
    pub is_exact: bool,
}

impl Total {
    /// Just so many.
    pub const fn exact(count: u64) -> Self {
        Self { count, is_exact: true }
    }

    /// What is known once `found` rows were found and no more than `limit` were to be counted.
    pub fn counted(found: u64, limit: u64) -> Self {
        Self { count: found.min(limit), is_exact: found <= limit }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, at most as many as asked for.
    pub items: Vec<T>,
    /// Rows of the whole list that the caller may see.
    pub total: u64,
    /// Whether that is all; otherwise there are more than `total`.
    pub total_is_exact: bool,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page without rows.
    pub fn empty() -> Self {
        Self::of(Vec::new(), Total::exact(0), None)
    }

    /// A page with these rows.
    pub fn of(items: Vec<T>, total: Total, next: Option<Cursor>) -> Self {
        Self { items, total: total.count, total_is_exact: total.is_exact, next }
    }

    /// Builds a page from up to `take + 1` rows: the extra one only says that more follow.
    pub fn from_overfetched(mut items: Vec<T>, take: u32, total: Total, cursor: impl Fn(&T) -> Cursor) -> Self {
        let take = take as usize;
        let next = (items.len() > take).then(|| items.get(take - 1).map(&cursor)).flatten();
        items.truncate(take);
        Self::of(items, total, next)
    }

    /// The same page with each row made into something else.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        let Self { items, total, total_is_exact, next } = self;
        Page { items: items.into_iter().map(make).collect(), total, total_is_exact, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(id: u8) -> Cursor {
        Cursor::unranked(DateTime::UNIX_EPOCH, id.to_string())
    }

    #[test]
    fn a_cursor_survives_its_text_form() {
        let at = DateTime::from_timestamp_millis(1_760_000_000_123).unwrap();
        for rank in [0, 1, 255] {
            let cursor = Cursor { rank, ..Cursor::unranked(at, "cprf~odd.1") };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn a_cursor_that_was_tampered_with_is_refused() {
        for raw in [
            "",
            "~",
            "12~",
            "x~id",
            "1.~id",
            "1.256~id",
            "1.x~id",
            "99999999999999999999~id",
            "9223372036854775807~id",
            "1~a\n",
            "-99999999999999~x",
        ] {
            assert_eq!(raw.parse::<Cursor>(), Err(MalformedCursor), "{raw:?}");
        }
    }

    #[test]
    fn a_page_takes_1_to_200_rows() {
        assert_eq!(PageRequest::new(Start::Skip(0), 0), None);
        assert_eq!(PageRequest::new(Start::Skip(0), 201), None);
        assert_eq!(PageRequest::new(Start::Skip(0), 1_000_000_000), None);
        assert!(PageRequest::new(Start::Skip(0), 200).is_some());
    }

    #[test]
    fn the_next_cursor_is_the_last_row_shown_and_only_if_more_follow() {
        let page = Page::from_overfetched(vec![1, 2, 3], 2, Total::exact(9), |id| cursor(*id));
        assert_eq!((page.items, page.next), (vec![1, 2], Some(cursor(2))));
        let page = Page::from_overfetched(vec![1, 2], 2, Total::exact(2), |id| cursor(*id));
        assert_eq!((page.items, page.next), (vec![1, 2], None));
    }

    #[test]
    fn the_last_page_tells_the_total_and_no_other_does() {
        let skipping = |skip| PageRequest::new(Start::Skip(skip), 10).unwrap();
        assert_eq!(skipping(0).total_of_last(0), Some(0));
        assert_eq!(skipping(0).total_of_last(10), Some(10));
        assert_eq!(skipping(20).total_of_last(3), Some(23));
        assert_eq!(skipping(20).total_of_last(0), None, "far beyond the end");
        assert_eq!(skipping(0).total_of_last(11), None, "one more than the page shows");
        assert_eq!(PageRequest::new(Start::After(cursor(1)), 10).unwrap().total_of_last(3), None);
    }

    #[test]
    fn a_total_is_exact_up_to_the_limit() {
        assert_eq!(Total::counted(1_000, 1_000), Total::exact(1_000));
        assert_eq!(Total::counted(1_001, 1_000), Total { count: 1_000, is_exact: false });
    }
}
