use crate::page::{Page, PageRequest, Start};

/// Most pages that any list of a test has; an adapter that never ends must fail and not hang.
const MAX_PAGES: u64 = 1_000;

/// Walks a list by cursor. Cursors travel as text, as they do between a browser and the service.
pub(super) async fn by_cursor<T>(take: u32, fetch: impl AsyncFn(PageRequest) -> Page<T>) -> Vec<T> {
    let mut rows = Vec::new();
    let mut totals = Vec::new();
    let mut start = Start::Skip(0);
    for _ in 0..MAX_PAGES {
        let page = fetch(request(start, take)).await;
        assert!(page.items.len() <= take as usize, "a page has more rows than asked for");
        totals.push(page.total);
        rows.extend(page.items);
        let Some(next) = page.next else {
            assert!(totals.iter().all(|total| *total == rows.len() as u64), "totals {totals:?} of {} rows", rows.len());
            return rows;
        };
        start = Start::After(next.to_string().parse().expect("a cursor that survives its text form"));
    }
    panic!("the list never ends");
}

/// Walks a list by offset.
pub(super) async fn by_offset<T>(take: u32, fetch: impl AsyncFn(PageRequest) -> Page<T>) -> Vec<T> {
    let mut rows = Vec::new();
    let mut totals = Vec::new();
    for number in 0..MAX_PAGES {
        let page = fetch(request(Start::Skip(number * u64::from(take)), take)).await;
        assert!(page.items.len() <= take as usize, "a page has more rows than asked for");
        totals.push(page.total);
        if page.items.is_empty() {
            assert_eq!(page.next, None, "nothing follows an empty page");
            assert!(totals.iter().all(|total| *total == rows.len() as u64), "totals {totals:?} of {} rows", rows.len());
            return rows;
        }
        rows.extend(page.items);
    }
    panic!("the list never ends");
}

/// A page of `take` rows.
pub(super) fn request(start: Start, take: u32) -> PageRequest {
    PageRequest::new(start, take).expect("1 to 200 rows")
}

/// All rows of a short list.
pub(super) fn everything() -> PageRequest {
    PageRequest::first(200)
}
