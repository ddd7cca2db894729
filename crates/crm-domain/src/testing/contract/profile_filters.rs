//! Filters of the list of profiles.

use super::world::World;
use super::{StoreHarness, pages};
use crate::page::Page;
use crate::profile::ProfileFilter;
use crate::testing::rows;

async fn found(world: &World<'_>, filter: &ProfileFilter) -> Vec<String> {
    let page = world.t1().profiles().list(filter, &pages::everything()).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64, "the total counts other rows than the list");
    let mut ids: Vec<_> = page.items.iter().map(|row| row.profile.id.to_string()).collect();
    ids.sort();
    ids
}

async fn in_city(world: &World<'_>, city: &str) -> Vec<String> {
    found(world, &ProfileFilter { city: Some(city.to_owned()), ..ProfileFilter::default() }).await
}

async fn in_state(world: &World<'_>, state: &str) -> Vec<String> {
    found(world, &ProfileFilter { state: Some(state.to_owned()), ..ProfileFilter::default() }).await
}

/// Profiles `p0`, `p1`, … with these cities and states.
async fn places(world: &World<'_>, places: &[(&str, &str)]) {
    for (index, (city, state)) in places.iter().enumerate() {
        let user = format!("u{index}");
        let row = rows::profile(&format!("p{index}"), &user).with("city", *city).with("state", *state);
        world.add([rows::user(&user), row]).await;
    }
}

pub async fn profiles_are_filtered_by_user(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let of = |user: &str| ProfileFilter { user: Some(user.parse().unwrap()), ..ProfileFilter::default() };
    assert_eq!(found(&world, &of("u2")).await, ["p2"]);
    assert_eq!(found(&world, &of("staff")).await, [""; 0]);
    assert_eq!(found(&world, &of("nobody")).await, [""; 0]);
}

pub async fn cities_and_states_match_in_part_whatever_their_case_and_accents(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let places_known =
        [("Mérida", "Yucatán"), ("MERIDA Norte", "yucatan"), ("Cañitas", "Nuevo León"), ("Canitas", "Colima")];
    places(&world, &places_known).await;
    // An accent may be stored as a mark of its own.
    world.sql("UPDATE client_profiles SET city = 'Me\u{301}rida' WHERE id = 'p0'").await;
    world.add_client("p9", "u9").await;

    for city in ["Mérida", "mérida", "MERIDA", "Me\u{301}rida", "rid"] {
        assert_eq!(in_city(&world, city).await, ["p0", "p1"], "{city:?}");
    }
    for city in ["cañitas", "CANITAS", "ÑIT", "nit"] {
        assert_eq!(in_city(&world, city).await, ["p2", "p3"], "{city:?}");
    }
    assert_eq!(in_city(&world, "merida norte").await, ["p1"]);
    assert_eq!(in_city(&world, "yucatan").await, [""; 0], "a state is no city");
    assert_eq!(in_state(&world, "YUCATÁN").await, ["p0", "p1"]);
    assert_eq!(in_state(&world, "leon").await, ["p2"]);
    assert_eq!(in_state(&world, "merida").await, [""; 0], "a city is no state");
}

pub async fn special_characters_in_cities_and_states_mean_themselves(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let places_known =
        [("100% Sol", "a%b"), ("Sol_Mar", "a_b"), ("Sol\\Mar", "a\\b"), ("L'Arbre", "a'b"), ("Sol*[a-z]?", "ab")];
    places(&world, &places_known).await;
    let cases = [("%", "p0"), ("_", "p1"), ("\\", "p2"), ("'", "p3")];
    for (typed, expected) in cases {
        assert_eq!(in_city(&world, typed).await, [expected], "{typed:?}");
        assert_eq!(in_state(&world, typed).await, [expected], "{typed:?}");
        assert_eq!(in_state(&world, &format!("A{typed}B")).await, [expected], "{typed:?}");
    }
    assert_eq!(in_city(&world, "l_Mar").await, ["p1"]);
    assert_eq!(in_city(&world, "*[a-z]?").await, ["p4"]);
    assert_eq!(in_city(&world, "S%l").await, [""; 0]);
}

pub async fn every_condition_on_profiles_must_hold(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    places(&world, &[("Mérida", "Yucatán"), ("Mérida", "Mérida"), ("Uxmal", "Yucatán")]).await;
    let both =
        ProfileFilter { city: Some("merida".to_owned()), state: Some("yucatan".to_owned()), ..ProfileFilter::default() };
    assert_eq!(found(&world, &both).await, ["p0"]);

    let search = crate::profile::SearchTerms::parse("u0@");
    assert_eq!(found(&world, &ProfileFilter { search: search.clone(), ..both.clone() }).await, ["p0"]);
    let elsewhere = ProfileFilter { city: Some("uxmal".to_owned()), search, ..ProfileFilter::default() };
    assert_eq!(found(&world, &elsewhere).await, [""; 0]);
    let of_another = ProfileFilter { user: Some("u1".parse().unwrap()), ..both };
    assert_eq!(found(&world, &of_another).await, [""; 0]);
}

pub async fn filtered_profiles_are_paged_and_counted_like_all(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    places(&world, &[("Mérida", "A"), ("León", "A"), ("Mérida", "A"), ("Mérida", "B"), ("León", "B")]).await;
    let filter = ProfileFilter { city: Some("merida".to_owned()), ..ProfileFilter::default() };
    let list = async |page| world.t1().profiles().list(&filter, &page).await.unwrap();
    for take in [1, 2, 3] {
        for rows in [pages::by_cursor(take, &list).await, pages::by_offset(take, &list).await] {
            let ids: Vec<_> = rows.iter().map(|row| row.profile.id.as_str()).collect();
            assert_eq!(ids, ["p3", "p2", "p0"], "{take} rows a page");
        }
    }
    let nowhere = ProfileFilter { city: Some("Oz".to_owned()), ..ProfileFilter::default() };
    assert_eq!(world.t1().profiles().list(&nowhere, &pages::everything()).await.unwrap(), Page::empty());
}
