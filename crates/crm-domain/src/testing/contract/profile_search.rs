//! The search for profiles (product contract, section 8).

use super::world::World;
use super::{StoreHarness, pages};
use crate::page::PageRequest;
use crate::profile::{ProfileFilter, ProfileOrder, SearchTerms};
use crate::testing::rows::{self, Row};

/// Searches as if this had been typed, and answers the ids found, sorted.
async fn found(world: &World<'_>, typed: &str) -> Vec<String> {
    let search = Some(SearchTerms::parse(typed).expect("something to search for"));
    let filter = ProfileFilter { search, ..ProfileFilter::default() };
    let page = world.t1().profiles().list(&filter, &pages::everything()).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64, "the total of {typed:?} counts other rows than the list");
    let mut ids: Vec<_> = page.items.iter().map(|row| row.profile.id.to_string()).collect();
    ids.sort();
    ids
}

/// A profile with a user of its own, who is called after the profile.
async fn add(world: &World<'_>, id: &str, edit: impl FnOnce(Row) -> Row) {
    let user = format!("u-{id}");
    let account = rows::user(&user).with("email", format!("cuenta-{id}@hotel.mx").as_str());
    world.add([account, edit(rows::profile(id, &user))]).await;
}

async fn add_named(world: &World<'_>, id: &str, first: &str, last: &str) {
    add(world, id, |row| row.with("firstName", first).with("lastName", last)).await;
}

pub async fn names_are_found_in_either_order_whatever_their_case_and_accents(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    add_named(&world, "a", "Juan", "Pérez").await;
    add_named(&world, "b", "JUAN", "PEREZ Muñoz").await;
    add_named(&world, "c", "Juana", "Munoz").await;

    for typed in ["juan perez", "perez juan", "PÉREZ  JUAN", "pére jua", "pe\u{301}rez"] {
        assert_eq!(found(&world, typed).await, ["a", "b"], "{typed:?}");
    }
    for typed in ["muñoz", "MUNOZ", "mun\u{303}oz", "ñoz"] {
        assert_eq!(found(&world, typed).await, ["b", "c"], "{typed:?}");
    }
    assert_eq!(found(&world, "juana").await, ["c"]);
}

pub async fn accents_stored_as_marks_of_their_own_are_found(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    add_named(&world, "a", "Jose\u{301}", "Nu\u{301}n\u{303}ez").await;
    add_named(&world, "b", "José", "Núñez").await;
    for typed in ["josé", "jose\u{301}", "jose", "núñez", "nunez", "NU\u{301}N\u{303}EZ JOSE\u{301}"] {
        assert_eq!(found(&world, typed).await, ["a", "b"], "{typed:?}");
    }
}

pub async fn a_part_of_an_email_address_is_found(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    add(&world, "a", |row| row.with("firstName", "Ana").with("email", "Ana.Ruiz+spa@Ejemplo.MX")).await;
    add(&world, "b", |row| row.with("firstName", "Eva").with("alternateEmail", "ana.ruiz@otro.mx")).await;
    assert_eq!(found(&world, "ana.ruiz").await, ["a", "b"]);
    assert_eq!(found(&world, "RUIZ+SPA@ejemplo").await, ["a"]);
    assert_eq!(found(&world, "ana ejemplo.mx").await, ["a"], "one word in the name, one in the address");
    assert_eq!(found(&world, "otro.mx eva").await, ["b"]);
}

pub async fn a_phone_is_found_however_it_is_spelled(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let stored = ["5512345678", "+52 1 55 1234 5678", "(55) 1234-5678", "55.1234.5678", "044 55 1234 5678", "+525512345678"];
    for (index, phone) in stored.into_iter().enumerate() {
        add(&world, &format!("a{index}"), |row| row.with("phone", phone)).await;
    }
    add(&world, "a6", |row| row.with("alternatePhone", "55 12345678").with("phone", "999 000 0000")).await;
    add(&world, "z", |row| row.with("phone", "55 1234 9999")).await;

    let all = ["a0", "a1", "a2", "a3", "a4", "a5", "a6"];
    for typed in [
        "5512345678",
        "+52 1 55 1234 5678",
        "(55) 1234-5678",
        "55 1234 5678",
        "+52 55 1234 5678",
        "+5215512345678",
        "55-1234-5678",
        "044 55 1234 5678",
        "5678",
        "34 5678",
    ] {
        assert_eq!(found(&world, typed).await, all, "{typed:?}");
    }
    assert_eq!(found(&world, "9999").await, ["z"]);
    assert_eq!(found(&world, "5512340000").await, [""; 0]);
}

pub async fn a_phone_in_pieces_may_stand_beside_a_name(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    for (id, first, last, phone) in
        [("a", "Juan", "Pérez", "5512345678"), ("b", "Eva", "Ruiz", "5512345678"), ("c", "Juan", "Pérez", "5512340000")]
    {
        add(&world, id, |row| row.with("firstName", first).with("lastName", last).with("phone", phone)).await;
    }
    for typed in ["perez +52 1 55 1234 5678", "+52 1 55 1234 5678 perez", "juan +52 5512345678"] {
        assert_eq!(found(&world, typed).await, ["a"], "{typed:?}");
    }
}

pub async fn every_word_must_be_found_somewhere(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    add(&world, "a", |row| {
        let row = row.with("firstName", "Juan").with("lastName", "Pérez");
        row.with("email", "jp@ejemplo.mx").with("phone", "55 1234 5678")
    })
    .await;
    add_named(&world, "b", "Juan", "Ruiz").await;
    for typed in ["juan 5678", "5678 pérez", "perez jp@ juan 1234", "juan (55)"] {
        assert_eq!(found(&world, typed).await, ["a"], "{typed:?}");
    }
    for typed in ["juan perez ruiz", "juan 0000", "perez q", "jp@ ruiz", "55 ruiz"] {
        assert_eq!(found(&world, typed).await, [""; 0], "{typed:?}");
    }
}

pub async fn special_characters_in_a_search_mean_themselves(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    add_named(&world, "percent", "100%", "Natural").await;
    add_named(&world, "underscore", "Eva_Luz", "Natural").await;
    add_named(&world, "backslash", "Eva\\Luz", "Natural").await;
    add_named(&world, "quote", "Eva", "O'Hara").await;
    add_named(&world, "glob", "Eva*", "[a-z]?").await;
    for (typed, expected) in [
        ("%", "percent"),
        ("0%", "percent"),
        ("_", "underscore"),
        ("a_l", "underscore"),
        ("\\", "backslash"),
        ("a\\l", "backslash"),
        ("'", "quote"),
        ("o'hara", "quote"),
        ("*", "glob"),
        ("[a-z]?", "glob"),
    ] {
        assert_eq!(found(&world, typed).await, [expected], "{typed:?}");
    }
    for typed in ["e%a", "n_tural", "\\%", "' OR 1=1 --", "\"", "eva)"] {
        assert_eq!(found(&world, typed).await, [""; 0], "{typed:?}");
    }
}

pub async fn words_of_one_or_two_letters_are_found(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    add_named(&world, "a", "Zoé", "Ku").await;
    add_named(&world, "b", "Li", "Ñuz").await;
    add_named(&world, "c", "李", "雷").await;
    assert_eq!(found(&world, "z").await, ["a", "b"]);
    assert_eq!(found(&world, "zo").await, ["a"]);
    assert_eq!(found(&world, "Z k").await, ["a"]);
    assert_eq!(found(&world, "uz").await, ["b"]);
    assert_eq!(found(&world, "ñu li").await, ["b"]);
    assert_eq!(found(&world, "李").await, ["c"]);
    assert_eq!(found(&world, "雷 李").await, ["c"]);
    assert_eq!(found(&world, "q").await, [""; 0]);
}

pub async fn an_accent_by_itself_finds_nobody(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    add_named(&world, "a", "Jose\u{301}", "Núñez").await;
    for typed in ["\u{301}", "jose \u{301}"] {
        assert_eq!(found(&world, typed).await, [""; 0], "{typed:?}");
    }
}

pub async fn romanian_letters_are_found_by_plain_ones(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    add_named(&world, "a", "Ionuț", "Șerban").await;
    for typed in ["ionut", "Ionuț", "IONUȚ", "serban ionut"] {
        assert_eq!(found(&world, typed).await, ["a"], "{typed:?}");
    }
}

pub async fn what_a_profile_does_not_say_is_searched_in_its_user(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let account = rows::user("u1").with("firstName", "Fátima").with("lastName", "Núñez");
    world.add([account.with("phone", "55 1234 5678"), rows::profile("p1", "u1")]).await;
    for typed in ["fatima", "nunez fátima", "u1@ejemplo", "5678", "fatima 5512345678"] {
        assert_eq!(found(&world, typed).await, ["p1"], "{typed:?}");
    }
}

pub async fn what_another_application_left_blank_is_searched_in_the_user(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let account = rows::user("u1").with("firstName", "Fátima").with("lastName", "Núñez").with("phone", "55 1234 5678");
    let blank = ["firstName", "lastName", "email", "phone"].into_iter();
    world.add([account, blank.fold(rows::profile("p1", "u1"), |row, column| row.with(column, ""))]).await;
    for typed in ["fatima", "nunez fátima", "u1@ejemplo", "5678", "fatima 5512345678"] {
        assert_eq!(found(&world, typed).await, ["p1"], "{typed:?}");
    }
}

pub async fn what_another_application_does_to_a_profile_is_searched_at_once(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    add_named(&world, "a", "Beatriz", "Gómez").await;
    assert_eq!(found(&world, "beatriz").await, ["a"]);

    let update = "UPDATE client_profiles SET \"firstName\" = 'Camila', phone = '+52 55 1234 5678' WHERE id = 'a'";
    world.sql(update).await;
    assert_eq!(found(&world, "beatriz").await, [""; 0]);
    assert_eq!(found(&world, "gomez camila 5678").await, ["a"]);

    world.sql("UPDATE users SET \"tenantId\" = 't2' WHERE id = 'u-a'").await;
    assert_eq!(found(&world, "camila").await, [""; 0]);
    world.sql("UPDATE users SET \"tenantId\" = 't1' WHERE id = 'u-a'; DELETE FROM client_profiles WHERE id = 'a'").await;
    assert_eq!(found(&world, "camila").await, [""; 0]);
}

pub async fn a_profile_written_through_the_store_is_searched_at_once(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::user("u1")]).await;
    let before = super::world::profile("p1", "u1");
    world.store_profile(&before).await;
    let mut after = before.clone();
    after.details.last_name = super::samples::line("Quetzalcóatl");
    let unit = world.begin().await;
    assert!(unit.profiles().update(&before, &after).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(found(&world, "quetzalcoatl").await, ["p1"]);

    let unit = world.begin().await;
    assert!(unit.profiles().delete(&before.id).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(found(&world, "quetzalcoatl").await, [""; 0]);
}

/// Searches and answers the ids in the order of the list.
async fn ranked(world: &World<'_>, typed: &str) -> Vec<String> {
    let filter = ProfileFilter { search: SearchTerms::parse(typed), ..ProfileFilter::default() };
    let page = world.t1().profiles().list(&filter, &pages::everything()).await.unwrap();
    page.items.iter().map(|row| row.profile.id.to_string()).collect()
}

pub async fn whole_words_come_before_beginnings_and_those_before_the_rest(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let day = |id: &'static str, first: &'static str, phone: &'static str, day: u8| {
        (id, move |row: Row| {
            let row = row.with("firstName", first).with("lastName", "Cruz").with("phone", phone);
            row.with("createdAt", format!("2026-01-{day:02} 10:00:00").as_str())
        })
    };
    for (id, edit) in [
        day("whole", "Ana", "5512345678", 1),
        day("begins", "Anabel", "9990005512", 2),
        day("within", "Susana", "9995512999", 3),
        day("newer", "Ana Luz", "5512000000", 4),
    ] {
        add(&world, id, edit).await;
    }
    assert_eq!(ranked(&world, "ana").await, ["newer", "whole", "begins", "within"]);
    assert_eq!(ranked(&world, "cruz ana").await, ["newer", "whole", "begins", "within"], "the worst word decides");
    assert_eq!(ranked(&world, "5512").await, ["newer", "whole", "within", "begins"], "so it is with phones");
    assert_eq!(ranked(&world, "5512345678").await, ["whole"]);
}

pub async fn what_was_meant_is_found_where_nothing_matches(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    add_named(&world, "a", "Ramón", "González").await;
    add_named(&world, "b", "Ramona", "Gonzaga").await;
    add_named(&world, "c", "Luz", "Méndez").await;
    for (typed, expected) in [
        ("gonsales", vec!["a"]),
        ("gonzalzez", vec!["a"]),
        ("ramón gonsalez", vec!["a"]),
        ("mendes", vec!["c"]),
        ("mendze luz", vec!["c"]),
        ("mnedez", vec!["c"]),
        ("mendes ramona", vec![]),
        ("gonza", vec!["b", "a"]),
        ("lux", vec![]),
    ] {
        assert_eq!(ranked(&world, typed).await, expected, "{typed:?}");
    }
    add_named(&world, "e", "Ana", "Gonzalex").await;
    assert_eq!(ranked(&world, "gonzalet").await, ["e", "a"], "in the order of the list");
    assert_eq!(ranked(&world, "gonsalex").await, ["e"], "one wrong letter explains it, so nobody looks for two");
    add_named(&world, "d", "Eva", "Gonsales").await;
    assert_eq!(ranked(&world, "gonsales").await, ["d"], "where something matches, nothing else was meant");
    let theirs = ProfileFilter { search: SearchTerms::parse("mendes"), ..ProfileFilter::default() };
    assert_eq!(world.t2().profiles().list(&theirs, &pages::everything()).await.unwrap().items, []);
}

pub async fn pages_of_a_search_never_overlap_and_cover_all(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    for (id, first) in [("a", "Ana"), ("b", "Anabel"), ("c", "Susana"), ("d", "Ana"), ("e", "Mariana"), ("f", "Anahí")] {
        add_named(&world, id, first, "Gómez").await;
    }
    for typed in ["ana", "gomes"] {
        for order in ProfileOrder::ALL {
            let filter = ProfileFilter { search: SearchTerms::parse(typed), order, ..ProfileFilter::default() };
            let list = async |page| world.t1().profiles().list(&filter, &page).await.unwrap();
            let all = list(pages::everything()).await.items;
            assert_eq!(all.len(), 6);
            for take in [1, 2, 4, 6] {
                assert_eq!(pages::by_cursor(take, &list).await, all, "{typed} {order:?} {take}");
                assert_eq!(pages::by_offset(take, &list).await, all, "{typed} {order:?} {take}");
            }
        }
    }
}

/// An index of parts leads to a row where the parts stand apart as well, or in another word.
pub async fn whoever_several_ways_lead_to_is_listed_once(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    add(&world, "a", |row| row.with("email", "a987b876c@hotel.mx").with("phone", "55 9876 0000")).await;
    add(&world, "b", |row| row.with("phone", "55 9876 1111")).await;
    add_named(&world, "c", "Karla", "Santiago Salazar").await;
    for (typed, expected) in [("9876", vec!["b", "a"]), ("krala", vec!["c"])] {
        assert_eq!(ranked(&world, typed).await, expected, "{typed}");
        let filter = ProfileFilter { search: SearchTerms::parse(typed), ..ProfileFilter::default() };
        let list = async |page| world.t1().profiles().list(&filter, &page).await.unwrap();
        let first = list(PageRequest::first(1)).await;
        assert_eq!((first.total, first.total_is_exact), (expected.len() as u64, true), "{typed}");
        assert_eq!(pages::by_offset(1, &list).await.len(), expected.len(), "{typed}");
    }
}
