//! Lists of profiles: order, pages, totals.

use super::world::{World, profile};
use super::{StoreHarness, pages};
use crate::page::{Cursor, Page, PageRequest, Start};
use crate::profile::{ClientProfile, ProfileFilter, ProfileSummary};
use crate::store::Repositories;
use crate::testing::fixtures::time;
use crate::testing::rows;

async fn list(read: &dyn Repositories, page: PageRequest) -> Page<ProfileSummary> {
    read.profiles().list(&ProfileFilter::default(), &page).await.unwrap()
}

fn ids(rows: &[ProfileSummary]) -> Vec<&str> {
    rows.iter().map(|row| row.profile.id.as_str()).collect()
}

/// Profiles with times to the second and to the millisecond, by both applications, many at the same time.
async fn eleven_profiles(world: &World<'_>) -> [&'static str; 11] {
    let times = [
        ("a1", "2026-01-02 10:00:00"),
        ("a2", "2026-01-02 10:00:00.001"),
        ("b1", "2026-01-02 10:00:00"),
        ("b-2", "2026-01-03 10:00:00"),
        ("b_3", "2026-01-03 10:00:00"),
        ("b4", "2026-01-03 10:00:00"),
        ("c1", "2025-12-31 23:59:59.999"),
        ("c2", "2025-12-31 23:59:59.900"),
    ];
    for (id, at) in times {
        world.add([rows::user(&format!("u-{id}")), rows::profile(id, &format!("u-{id}")).with("createdAt", at)]).await;
    }
    for (id, at) in [("d1", "2026-01-02T10:00:00Z"), ("d2", "2026-01-02T10:00:00.001Z"), ("d3", "2026-01-04T00:00:00Z")] {
        let user = format!("u-{id}");
        world.add([rows::user(&user)]).await;
        world.store_profile(&ClientProfile { created_at: time(at), ..profile(id, &user) }).await;
    }
    ["d3", "b_3", "b4", "b-2", "d2", "a2", "d1", "b1", "a1", "c1", "c2"]
}

pub async fn profiles_are_listed_newest_first_and_ties_by_id_downwards(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let expected = eleven_profiles(&world).await;
    let page = list(&*world.t1(), pages::everything()).await;
    assert_eq!(ids(&page.items), expected);
    assert_eq!((page.total, page.next), (11, None));
}

pub async fn offset_pages_of_profiles_never_overlap_and_cover_all(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let expected = eleven_profiles(&world).await;
    for take in [1, 4, 11] {
        let rows = pages::by_offset(take, async |page| list(&*world.t1(), page).await).await;
        assert_eq!(ids(&rows), expected, "{take} rows a page");
    }
}

pub async fn cursor_pages_of_profiles_never_overlap_and_cover_all(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let expected = eleven_profiles(&world).await;
    for take in [1, 4, 10, 11] {
        let rows = pages::by_cursor(take, async |page| list(&*world.t1(), page).await).await;
        assert_eq!(ids(&rows), expected, "{take} rows a page");
    }
}

pub async fn cursor_pages_of_profiles_stand_still_while_rows_come_and_go(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let expected = eleven_profiles(&world).await;
    let mut seen = Vec::new();
    let mut start = Start::Skip(0);
    for number in 0..6 {
        let page = list(&*world.t1(), pages::request(start, 2)).await;
        seen.extend(ids(&page.items).into_iter().map(str::to_owned));
        assert_eq!(page.total, 11, "one row came and one went before each page but the first");
        let (new, user) = (format!("new{number}"), format!("newcomer{number}"));
        world.add([rows::user(&user), rows::profile(&new, &user).with("createdAt", "2026-01-31 10:00:00")]).await;
        // The row that the cursor names is gone when the next page is asked for.
        let last = seen.last().unwrap();
        world.sql(&format!("DELETE FROM client_profiles WHERE id = '{last}'")).await;
        match page.next {
            Some(next) => start = Start::After(next),
            None => break,
        }
    }
    assert_eq!(seen, expected);
}

pub async fn a_page_of_profiles_by_offset_continues_by_cursor(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let expected = eleven_profiles(&world).await;
    let page = list(&*world.t1(), pages::request(Start::Skip(3), 4)).await;
    assert_eq!(ids(&page.items), expected[3..7]);
    let rest = list(&*world.t1(), pages::request(Start::After(page.next.unwrap()), 4)).await;
    assert_eq!((ids(&rest.items).as_slice(), rest.next), (&expected[7..], None));
}

pub async fn a_page_of_profiles_far_beyond_the_end_is_empty(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let beginning_of_time = Cursor::unranked(time("1970-01-01T00:00:00Z"), "p1");
    for start in [Start::Skip(1_000_000_000_000), Start::After(beginning_of_time)] {
        let page = list(&*world.t1(), pages::request(start, 1)).await;
        assert_eq!(page, Page { total: 2, ..Page::empty() });
    }
}

pub async fn a_listed_profile_is_whole_and_has_its_user_beside_it(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::user("u1").with("phone", "55 1234 5678"), rows::user("u2").with("role", "MANAGER")]).await;
    for (id, user) in [("p1", "u1"), ("p2", "u2")] {
        let details = super::samples::full_details();
        world.store_profile(&ClientProfile { details, ..profile(id, user) }).await;
    }
    for row in list(&*world.t1(), pages::everything()).await.items {
        let read = world.t1();
        assert_eq!(Some(&row.profile), read.profiles().find(&row.profile.id).await.unwrap().as_ref());
        let user = read.directory().find_user(&row.profile.user_id).await.unwrap().unwrap();
        assert!(row.user == user, "the user of {:?}", row.profile.id);
    }
}

pub async fn what_another_application_does_to_profiles_is_listed_at_once(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    assert_eq!(ids(&list(&*world.t1(), pages::everything()).await.items), ["p2", "p1"]);

    world.sql("UPDATE client_profiles SET \"createdAt\" = '2026-01-09 10:00:00' WHERE id = 'p1'").await;
    world.add_client("p3", "u3").await;
    assert_eq!(ids(&list(&*world.t1(), pages::everything()).await.items), ["p1", "p3", "p2"]);

    world.sql("DELETE FROM client_profiles WHERE id = 'p3'; UPDATE client_profiles SET id = 'p9' WHERE id = 'p2'").await;
    let page = list(&*world.t1(), pages::everything()).await;
    assert_eq!((ids(&page.items), page.total), (vec!["p1", "p9"], 2));

    // Deleting the user deletes the profile, by the host's own foreign key.
    world.sql("DELETE FROM users WHERE id = 'u1'").await;
    let page = list(&*world.t1(), pages::everything()).await;
    assert_eq!((ids(&page.items), page.total), (vec!["p9"], 1));
}

pub async fn a_profile_leaves_the_tenant_together_with_its_user(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.sql("UPDATE users SET \"tenantId\" = 't2' WHERE id = 'u1'").await;

    let (id, user) = ("p1".parse().unwrap(), "u1".parse().unwrap());
    let left = world.t1();
    assert_eq!(left.profiles().find(&id).await.unwrap(), None);
    assert_eq!(left.profiles().find_by_user(&user).await.unwrap(), None);
    let page = list(&*left, pages::everything()).await;
    assert_eq!((ids(&page.items), page.total), (vec!["p2"], 1));
    let of_user = ProfileFilter { user: Some(user.clone()), ..ProfileFilter::default() };
    assert_eq!(left.profiles().list(&of_user, &pages::everything()).await.unwrap(), Page::empty());

    let entered = world.t2();
    assert!(entered.profiles().find(&id).await.unwrap().is_some());
    assert!(entered.profiles().find_by_user(&user).await.unwrap().is_some());
}
