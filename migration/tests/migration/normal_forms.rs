//! Folding and phone keys, the same on both engines.

use crate::support::{TestDatabase, on_each_engine};
use migration::{FOLD_LETTERS, FOLD_REMOVED, sql_phone_key};
use std::collections::HashSet;

#[tokio::test]
async fn phone_numbers_compare_by_their_national_digits() {
    on_each_engine(async |database| {
        migration::up(&database.db).await.unwrap();
        for (typed, key) in [
            ("+52 1 55 1234 5678", "5512345678"),
            ("+52 55 1234 5678", "5512345678"),
            ("(55) 1234-5678", "5512345678"),
            ("55.1234.5678", "5512345678"),
            ("55\u{a0}1234\t5678", "5512345678"),
            ("55/1234/5678", "5512345678"),
            ("044 55 1234 5678", "5512345678"),
            ("045 55 1234 5678", "5512345678"),
            ("01 55 1234 5678", "5512345678"),
            ("+1 415 555 2671", "14155552671"),
            ("525512345678", "5512345678"),
            ("5212345678", "5212345678"),
            ("5678", "5678"),
            ("55 1234 5678 ext 9", "5512345678ext9"),
            ("52 1 55 1234 567x", "521551234567x"),
            ("", ""),
        ] {
            let sql = format!("SELECT {}", sql_phone_key(database.backend(), &format!("'{typed}'")));
            assert_eq!(database_value(database, &sql).await, key, "{typed}");
        }
    })
    .await;
}

#[tokio::test]
async fn text_folds_to_plain_lower_case() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        let examples = [
            ("é", "e"),
            ("Ñ", "n"),
            ("e\u{301}", "e"),
            ("N\u{303}", "n"),
            ("Š", "s"),
            ("Straße", "strase"),
            ("İSTANBUL ı", "istanbul i"),
            ("Øystein Łódź Đorđe", "oystein lodz dorde"),
            ("ÆØÅ œ þ", "Æoa œ þ"),
            ("Ünïcödé 100%_'x", "unicode 100%_'x"),
            ("日本 Ж", "日本 Ж"),
            ("PLAIN ascii", "plain ascii"),
            ("tab\there", "tab\there"),
        ];
        for (text, folded) in examples {
            assert_eq!(fold(database, text).await, folded, "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_letter_of_the_table_folds_and_every_mark_goes() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        for (letter, variants) in FOLD_LETTERS {
            let expected = letter.to_string().repeat(variants.chars().count());
            assert_eq!(fold(database, variants).await, expected);
        }
        let marks: String = FOLD_REMOVED.iter().collect();
        assert_eq!(fold(database, &format!("a{marks}b")).await, "ab");
    })
    .await;
}

#[test]
fn no_letter_is_listed_twice() {
    let mut seen = HashSet::new();
    for variant in FOLD_LETTERS.iter().flat_map(|(_, variants)| variants.chars()) {
        assert!(seen.insert(variant), "{variant}");
    }
}

/// Folds through the projection, the way it happens in use.
async fn fold(database: &TestDatabase, text: &str) -> String {
    let text = text.replace('\'', "''");
    database.execute(&format!("UPDATE client_profiles SET city = '{text}' WHERE id = 'profile-1'")).await;
    database_value(database, "SELECT city FROM crm_profile_search WHERE profile_id = 'profile-1'").await
}

async fn database_value(database: &TestDatabase, sql: &str) -> String {
    database.rows(sql).await.remove(0)
}
