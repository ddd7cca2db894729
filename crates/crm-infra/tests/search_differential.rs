//! Both engines answer ten thousand searches alike, and as a simple model of the rule does.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::cmp::Reverse;

use crm_domain::access::Role;
use crm_domain::page::{Page, PageRequest, Start};
use crm_domain::profile::{ProfileFilter, ProfileOrder, ProfileSummary, SearchTerms};
use crm_domain::store::Store as _;
use crm_domain::testing::fixtures::actor_in;
use crm_domain::testing::rows;
use crm_infra::SeaStore;
use crm_infra::testing::TestDatabase;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

const SEARCHES: usize = 10_000;
const PROFILES: usize = 400;
/// The last characters are the same, of which keys are made on SQLite.
const OURS: &str = "norte-sucursal";
const THEIRS: &str = "sur-sucursal";
/// So few rows are counted that most searches find more; or so few that those of a sample are enough.
const COUNTED: [u64; 2] = [40, 4];

const FIRST: [&str; 15] = [
    "Flor🌸",
    "María Guadalupe",
    "José Luis",
    "Ana",
    "Anabel",
    "Susana",
    "Íñigo",
    "Zoé",
    "Xóchitl",
    "Luz",
    "Juan",
    "Juana",
    "Li",
    "O'Hara",
    "María José",
];
const LAST: [&str; 14] = [
    "Hernández",
    "García",
    "Garza",
    "López",
    "Pérez",
    "Núñez",
    "Muñoz",
    "de la Cruz",
    "Cruz",
    "Ek",
    "Ramírez",
    "González",
    "Gonzaga",
    "100%_Real",
];
const CITIES: [&str; 4] = ["Mérida", "Ciudad de México", "Cancún", "Xalapa"];

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0.random_range(0..sides)
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.roll(all.len())]
    }
}

/// A profile as the model sees it.
struct Person {
    id: String,
    text: String,
    name: String,
    phone: String,
    city: String,
    created: u32,
}

fn people(dice: &mut Dice) -> Vec<Person> {
    (0..PROFILES)
        .map(|number| {
            let (first, last) = (dice.pick(&FIRST), format!("{} {}", dice.pick(&LAST), dice.pick(&LAST)));
            let email = format!("{}.{number}@correo.mx", plain(dice.pick(&LAST)).replace(' ', ""));
            Person {
                id: format!("p{:03}", (number * 7) % PROFILES),
                text: plain(&format!("{first} {last} {email}")),
                name: format!("{first}|{last}|{email}"),
                phone: format!("{}{:08}", dice.pick(&["55", "99"]), dice.roll(100_000_000)),
                city: dice.pick(&CITIES).to_owned(),
                created: u32::try_from(dice.roll(60)).unwrap(),
            }
        })
        .collect()
}

/// Enough of the folding for the names above.
fn plain(text: &str) -> String {
    let from = "áéíóúñÁÉÍÓÚÑ";
    let fold = |c: char| from.chars().position(|one| one == c).map_or(c, |at| "aeiounaeioun".chars().nth(at).unwrap());
    text.chars().map(fold).collect::<String>().to_lowercase()
}

async fn fill(database: &TestDatabase, people: &[Person]) {
    let mut statements = vec![rows::tenant(OURS).to_string(), rows::tenant(THEIRS).to_string()];
    for (number, person) in people.iter().enumerate() {
        let user = format!("u{number}");
        let mut names = person.name.split('|');
        let mut name = || names.next().unwrap();
        let tenant = if number % 9 == 0 { THEIRS } else { OURS };
        let profile = rows::profile(&person.id, &user)
            .with("firstName", name())
            .with("lastName", name())
            .with("email", name())
            .with("phone", person.phone.as_str())
            .with("city", person.city.as_str())
            .with("createdAt", format!("2026-01-02 10:00:{:02}", person.created).as_str());
        statements.push(rows::user(&user).with("tenantId", tenant).to_string());
        statements.push(profile.to_string());
    }
    database.execute(&statements.join(";\n")).await;
}

/// Something that a person might type, from what there is, or nearly.
fn typed(dice: &mut Dice, people: &[Person]) -> String {
    let words: Vec<String> = (0..=dice.roll(2))
        .map(|_| {
            let person = &people[dice.roll(people.len())];
            let words: Vec<_> = person.text.split(' ').collect();
            let word = if dice.roll(6) == 0 { person.phone.clone() } else { dice.pick(&words).to_owned() };
            let letters: Vec<char> = word.chars().collect();
            let (from, length) = (dice.roll(letters.len()), 1 + dice.roll(7));
            match dice.roll(5) {
                0 => word,
                1 => letters.iter().skip(from).take(length).collect(),
                2 => {
                    let mut letters = letters;
                    letters[from] = 'x';
                    letters.iter().collect()
                }
                _ => letters.iter().take(length).collect(),
            }
        })
        .collect();
    words.join(" ")
}

/// How well a person matches words without phones in pieces: 0 whole words, 1 beginnings, 2 anywhere.
fn rank(person: &Person, words: &[&str]) -> Option<u8> {
    let one = |word: &&str| {
        let digits = word.bytes().all(|byte| byte.is_ascii_digit()).then_some(*word);
        let texts = person.text.split(' ').map(|text| (text, *word));
        let phones = digits.map(|digits| (person.phone.as_str(), digits));
        texts
            .chain(phones)
            .filter_map(|(text, word)| match text {
                text if text == word => Some(0),
                text if text.starts_with(word) => Some(1),
                text if text.contains(word) => Some(2),
                _ => None,
            })
            .min()
    };
    words.iter().map(one).collect::<Option<Vec<u8>>>()?.into_iter().max()
}

/// The ids that a search finds, in order, by the rule alone; `None` where the model has no say: phones in pieces, and what
/// is only similar.
fn expected(people: &[Person], typed: &str, filter: &ProfileFilter) -> Option<Vec<String>> {
    let words: Vec<_> = typed.split_whitespace().collect();
    let has_letters = |word: &str| word.chars().any(char::is_alphabetic);
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = words.iter().filter(|word| !has_letters(word)).count();
    if numbers > 1 || !words.iter().all(|word| has_letters(word) || is_number(word)) {
        return None;
    }
    let in_city = |person: &Person| filter.city.as_ref().is_none_or(|city| plain(&person.city).contains(city));
    let ours = people.iter().enumerate().filter(|(number, person)| number % 9 != 0 && in_city(person));
    let mut found: Vec<_> = ours.filter_map(|(_, person)| Some((rank(person, &words)?, person))).collect();
    let by_name = |person: &Person| {
        let names: Vec<_> = person.name.split('|').collect();
        plain(&format!("{} {}", names[0], names[1]))
    };
    found.sort_by_key(|(rank, person)| match filter.order {
        ProfileOrder::Newest => (*rank, String::new(), Reverse((person.created, person.id.clone())), String::new()),
        ProfileOrder::Name => (*rank, by_name(person), Reverse((0, String::new())), person.id.clone()),
    });
    (!found.is_empty()).then(|| found.into_iter().map(|(_, person)| person.id.clone()).collect())
}

fn ids(page: &Page<ProfileSummary>) -> Vec<&str> {
    page.items.iter().map(|row| row.profile.id.as_str()).collect()
}

#[tokio::test]
async fn ten_thousand_searches_find_the_same_in_the_same_order() {
    let Some(postgres) = TestDatabase::postgres().await else { return };
    let sqlite = TestDatabase::sqlite().await;
    let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(1));
    let people = people(&mut dice);
    for database in [&sqlite, &postgres] {
        fill(database, &people).await;
    }
    let scope = actor_in(OURS, "nobody", Role::Admin).scope();
    let read = |database: &TestDatabase, counted: u64| {
        SeaStore::new(database.database().clone()).counting(counted).read(scope.clone())
    };
    let stores = COUNTED.map(|counted| (counted, read(&sqlite, counted), read(&postgres, counted)));
    let mut compared = 0;
    let mut next = None;
    let mut last = (String::new(), ProfileFilter::default(), 0);
    for _ in 0..SEARCHES {
        // Every other time, the page after the last one.
        let goes_on = next.take().filter(|_| dice.roll(2) == 0);
        let ((typed, filter, store), start) = if let Some(cursor) = goes_on {
            (last, Start::After(cursor))
        } else {
            let typed = typed(&mut dice, &people);
            let filter = ProfileFilter {
                search: SearchTerms::parse(&typed),
                city: (dice.roll(8) == 0).then(|| "exico".to_owned()),
                order: ProfileOrder::ALL[dice.roll(2)],
                ..ProfileFilter::default()
            };
            let skip = if dice.roll(4) == 0 { dice.roll(60) as u64 } else { 0 };
            ((typed, filter, dice.roll(stores.len())), Start::Skip(skip))
        };
        let page = PageRequest::new(start, 1 + u32::try_from(dice.roll(20)).unwrap()).unwrap();
        let (counted, sqlite, postgres) = &stores[store];
        let (here, there) = tokio::join!(sqlite.profiles().list(&filter, &page), postgres.profiles().list(&filter, &page));
        let (here, there) = (here.unwrap(), there.unwrap());
        assert_eq!(ids(&here), ids(&there), "{typed:?} {filter:?} {page:?}");
        assert_eq!((here.total, here.total_is_exact, &here.next), (there.total, there.total_is_exact, &there.next));
        if let (Start::Skip(skip), Some(all)) = (page.start(), expected(&people, &typed, &filter)) {
            let (skip, take) = (usize::try_from(*skip).unwrap(), page.take() as usize);
            let shown: Vec<_> = all.iter().skip(skip).take(take).collect();
            assert_eq!(ids(&here), shown, "{typed:?} {filter:?} {page:?}");
            let found = all.len() as u64;
            assert_eq!((here.total, here.total_is_exact), (found.min(*counted), found <= *counted), "{typed:?}");
            compared += 1;
        }
        next = here.next;
        last = (typed, filter, store);
    }
    assert!(compared > SEARCHES / 4, "the model had a say in {compared} of {SEARCHES}");
}
