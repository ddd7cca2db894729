//! Profiles that may be of the same person.

use super::StoreHarness;
use super::samples::PLACEHOLDERS;
use super::world::World;
use crate::profile::SameContact::{Email, Name, Phone};
use crate::profile::{PossibleDuplicate, SameContact};
use crate::testing::rows;

fn person(names: Option<(&str, &str)>, phone: Option<&str>, email: Option<&str>) -> PossibleDuplicate {
    let text = |raw: &str| raw.to_owned();
    PossibleDuplicate {
        first_name: names.map(|(first, _)| text(first)),
        last_name: names.map(|(_, last)| text(last)),
        phone: phone.map(text),
        email: email.map(text),
        except: None,
    }
}

async fn found(world: &World<'_>, of: &PossibleDuplicate) -> Vec<(String, Vec<SameContact>)> {
    let found = world.t1().profiles().duplicates(of).await.unwrap();
    found.into_iter().map(|duplicate| (duplicate.summary.profile.id.to_string(), duplicate.same)).collect()
}

fn ids(found: &[(String, Vec<SameContact>)]) -> Vec<&str> {
    found.iter().map(|(id, _)| id.as_str()).collect()
}

pub async fn a_duplicate_has_the_same_phone_or_email_wherever_it_is_written(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world
        .add([
            rows::user("u1").with("phone", "55 1234 5678"),
            rows::profile("p1", "u1").with("phone", "999 000 0001").with("email", "otra@ejemplo.mx"),
            rows::user("u2"),
            rows::profile("p2", "u2").with("phone", "+52 1 55 1234 5678"),
            rows::user("u3"),
            rows::profile("p3", "u3").with("alternatePhone", "(55) 1234-5678").with("alternateEmail", "U1@Ejemplo.mx"),
            rows::user("u4"),
            rows::profile("p4", "u4").with("phone", "55 1234 56789").with("email", "a.u1@ejemplo.mx"),
            rows::user("u5"),
            rows::profile("p5", "u5").with("email", " u1@EJEMPLO.mx "),
        ])
        .await;
    let same = |id: &str, same: &[SameContact]| (id.to_owned(), same.to_vec());
    let by_phone = person(None, Some("044 55 1234 5678"), None);
    assert_eq!(
        found(&world, &by_phone).await,
        [same("p3", &[Phone]), same("p2", &[Phone]), same("p1", &[Phone])],
        "newest first"
    );
    let by_email = person(None, None, Some("U1@ejemplo.MX"));
    assert_eq!(found(&world, &by_email).await, [same("p5", &[Email]), same("p3", &[Email]), same("p1", &[Email])]);
    let both = PossibleDuplicate { except: "p5".parse().ok(), ..person(None, Some("5512345678"), Some("u1@ejemplo.mx")) };
    assert_eq!(
        found(&world, &both).await,
        [same("p3", &[Phone, Email]), same("p2", &[Phone]), same("p1", &[Phone, Email])],
        "but not the profile itself"
    );
}

pub async fn a_duplicate_has_both_names_whatever_their_case_and_accents(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let named = |id: &str, first: &str, last: &str| {
        let user = format!("u-{id}");
        [rows::user(&user), rows::profile(id, &user).with("firstName", first).with("lastName", last)]
    };
    for rows in [
        named("a", "José", "Núñez"),
        named("b", " JOSE", "nunez "),
        named("c", "José Luis", "Núñez"),
        named("d", "Núñez", "José"),
        named("e", "María", "Jose Nunez"),
        named("g", "Ana  Sofía", "Ruiz"),
    ] {
        world.add(rows).await;
    }
    world.add([rows::user("f").with("firstName", "Jose").with("lastName", "Ñunez"), rows::profile("f", "f")]).await;
    let jose = found(&world, &person(Some(("jose\u{301}", "NÚÑEZ")), None, None)).await;
    assert_eq!(ids(&jose), ["f", "b", "a"]);
    assert!(jose.iter().all(|(_, same)| same == &[Name]));
    let ana = found(&world, &person(Some(("ANA  SOFIA", "ruiz")), None, None)).await;
    assert_eq!(ids(&ana), ["g"], "with two blanks in between");
    let only_first = PossibleDuplicate { last_name: None, ..person(Some(("José", "")), None, None) };
    for nobody in [only_first, person(Some(("José", " ")), None, None), person(Some(("%", "_")), None, None)] {
        assert_eq!(found(&world, &nobody).await, [], "{nobody:?}");
    }
}

pub async fn what_says_nothing_of_a_person_has_no_duplicates(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    assert_eq!(found(&world, &PossibleDuplicate::default()).await, []);
    for phone in PLACEHOLDERS {
        world.sql(&format!("UPDATE client_profiles SET phone = '{phone}', email = ' '")).await;
        assert_eq!(found(&world, &person(None, Some(phone), Some(" "))).await, [], "{phone:?}");
    }
}

pub async fn profiles_of_another_tenant_are_no_duplicates(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let theirs = rows::user("u9").with("tenantId", "t2").with("phone", "5512345678").with("email", "ana@ejemplo.mx");
    let profile = rows::profile("p9", "u9").with("firstName", "Ana").with("lastName", "Ruiz").with("phone", "5512345678");
    world.add([theirs, profile.with("email", "ana@ejemplo.mx")]).await;
    let ana = person(Some(("Ana", "Ruiz")), Some("5512345678"), Some("ana@ejemplo.mx"));
    assert_eq!(found(&world, &ana).await, []);
    assert_eq!(world.t2().profiles().duplicates(&ana).await.unwrap().len(), 1);
}
