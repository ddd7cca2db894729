//! Pages of a list: by offset, or after a cursor.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

/// Most rows of one page.
pub const MAX_TAKE: u32 = 200;
/// Rows of a page when the caller does not say.
pub const DEFAULT_TAKE: u32 = 50;

/// A place in a list ordered newest first: after the row with this time and id.
///
/// Its text form is stable within a version and opaque to callers.
/// It carries no permission: whatever it says, only rows of the caller's tenant are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Time of the last row seen.
    pub at: DateTime<Utc>,
    /// Id of the last row seen.
    pub id: String,
}

/// A cursor that this service did not make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not one this service made")]
pub struct MalformedCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.at.timestamp_millis(), self.id)
    }
}

impl FromStr for Cursor {
    type Err = MalformedCursor;

    fn from_str(raw: &str) -> Result<Self, MalformedCursor> {
        let (millis, id) = raw.split_once('~').ok_or(MalformedCursor)?;
        let at = millis.parse().ok().and_then(DateTime::from_timestamp_millis).ok_or(MalformedCursor)?;
        let plausible = (0..=9999).contains(&chrono::Datelike::year(&at));
        if !plausible || id.is_empty() || id.len() > 200 || id.chars().any(char::is_control) {
            return Err(MalformedCursor);
        }
        Ok(Self { at, id: id.to_owned() })
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

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, at most as many as asked for.
    pub items: Vec<T>,
    /// Rows of the whole list that the caller may see.
    pub total: u64,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page without rows.
    pub fn empty() -> Self {
        Self { items: Vec::new(), total: 0, next: None }
    }

    /// Builds a page from up to `take + 1` rows: the extra one only says that more follow.
    pub fn from_overfetched(mut items: Vec<T>, take: u32, total: u64, cursor: impl Fn(&T) -> Cursor) -> Self {
        let take = take as usize;
        let next = (items.len() > take).then(|| items.get(take - 1).map(&cursor)).flatten();
        items.truncate(take);
        Self { items, total, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(id: u8) -> Cursor {
        Cursor { at: DateTime::UNIX_EPOCH, id: id.to_string() }
    }

    #[test]
    fn a_cursor_survives_its_text_form() {
        let at = DateTime::from_timestamp_millis(1_760_000_000_123).unwrap();
        let cursor = Cursor { at, id: "cprf~odd".to_owned() };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn a_cursor_that_was_tampered_with_is_refused() {
        for raw in
            ["", "~", "12~", "x~id", "99999999999999999999~id", "9223372036854775807~id", "1~a\n", "-99999999999999~x"]
        {
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
        let page = Page::from_overfetched(vec![1, 2, 3], 2, 9, |id| cursor(*id));
        assert_eq!((page.items, page.next), (vec![1, 2], Some(cursor(2))));
        let page = Page::from_overfetched(vec![1, 2], 2, 2, |id| cursor(*id));
        assert_eq!((page.items, page.next), (vec![1, 2], None));
    }
}
