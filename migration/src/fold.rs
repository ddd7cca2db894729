//! Folding of text, so that a search ignores case and accents.
//!
//! Both engines fold by the same explicit table: their own notions of case and accents differ.

use crate::engine::ours;
use sea_orm_migration::sea_orm::DbBackend;

/// Every letter that a search treats like a plain one: the plain letter, then its variants.
///
/// These are the letters of Latin-1 Supplement and Latin Extended-A that decompose to an ASCII letter,
/// and the stroked, dotless and sharp ones that do not. What is not listed stays as it is.
pub const FOLD_LETTERS: &[(char, &str)] = &[
    ('a', "ÀÁÂÃÄÅàáâãäåĀāĂăĄą"),
    ('c', "ÇçĆćĈĉĊċČč"),
    ('d', "ĎďĐđ"),
    ('e', "ÈÉÊËèéêëĒēĔĕĖėĘęĚě"),
    ('g', "ĜĝĞğĠġĢģ"),
    ('h', "Ĥĥ"),
    ('i', "ÌÍÎÏìíîïĨĩĪīĬĭĮįİıĲĳ"),
    ('j', "Ĵĵ"),
    ('k', "Ķķ"),
    ('l', "ĹĺĻļĽľĿŀŁł"),
    ('n', "ÑñŃńŅņŇň"),
    ('o', "ÒÓÔÕÖØòóôõöøŌōŎŏŐő"),
    ('r', "ŔŕŖŗŘř"),
    ('s', "ßŚśŜŝŞşŠšſȘș"),
    ('t', "ŢţŤťȚț"),
    ('u', "ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲų"),
    ('w', "Ŵŵ"),
    ('y', "ÝýÿŶŷŸ"),
    ('z', "ŹźŻżŽž"),
];

/// Combining marks that a search drops: an accent typed as a letter and a mark.
pub const FOLD_REMOVED: &[char] = &[
    '\u{300}', '\u{301}', '\u{302}', '\u{303}', '\u{304}', '\u{306}', '\u{307}', '\u{308}', '\u{309}', '\u{30a}', '\u{30b}',
    '\u{30c}', '\u{31b}', '\u{323}', '\u{326}', '\u{327}', '\u{328}',
];

/// PostgreSQL: `crm_fold(text)`.
pub(crate) fn postgres_function() -> String {
    let (mut from, mut to) = (String::new(), String::new());
    for (variant, letter) in letters() {
        from.push(variant);
        to.push(letter);
    }
    // What has no counterpart in the second list is removed.
    from.extend(FOLD_REMOVED);
    format!(
        "CREATE OR REPLACE FUNCTION {}(value text) RETURNS text \
         LANGUAGE sql IMMUTABLE PARALLEL SAFE \
         AS $$ SELECT lower(translate(value, '{from}', '{to}') COLLATE \"C\") $$",
        ours(DbBackend::Postgres, "crm_fold"),
    )
}

/// SQLite: a query that adds to the columns `kept` of `source` the folded form of others, as `(raw, folded)`.
///
/// SQLite has no `translate`, only `replace`, and the parser of older versions gives up when calls nest deeply.
/// Programs with such a version must still be able to open the file, so the work is spread
/// over a chain of common table expressions with a few replacements each.
pub(crate) fn sqlite_query(source: &str, kept: &[&str], folded: &[(&str, &str)]) -> String {
    const REPLACEMENTS_PER_LAYER: usize = 12;

    let list = |item: &dyn Fn(&str, &str) -> String| {
        let items: Vec<String> = folded.iter().map(|(raw, column)| item(raw, column)).collect();
        items.join(", ")
    };
    let kept = kept.join(", ");
    let raw = list(&|raw, _| raw.to_owned());
    let start = list(&|raw, column| format!("{raw} AS {column}"));
    // Most text is plain ASCII, and for that the whole chain is skipped.
    let result = list(&|raw, column| {
        format!("CASE WHEN {raw} GLOB '*[^ -~]*' THEN lower({column}) ELSE lower({raw}) END AS {column}")
    });

    let mut layers = vec![format!("raw AS ({source})"), format!("layer0 AS (SELECT {kept}, {raw}, {start} FROM raw)")];
    let replacements: Vec<(char, String)> = letters()
        .map(|(variant, letter)| (variant, letter.to_string()))
        .chain(FOLD_REMOVED.iter().map(|mark| (*mark, String::new())))
        .collect();
    let mut top = 0;
    for chunk in replacements.chunks(REPLACEMENTS_PER_LAYER) {
        let replaced = list(&|_, column| format!("{} AS {column}", replace_all(column, chunk)));
        layers.push(format!("layer{} AS (SELECT {kept}, {raw}, {replaced} FROM layer{top})", top + 1));
        top += 1;
    }
    format!("WITH {} SELECT {kept}, {result} FROM layer{top}", layers.join(", "))
}

fn letters() -> impl Iterator<Item = (char, char)> {
    FOLD_LETTERS.iter().flat_map(|(letter, variants)| variants.chars().map(|variant| (variant, *letter)))
}

fn replace_all(column: &str, replacements: &[(char, String)]) -> String {
    replacements.iter().fold(column.to_owned(), |inner, (from, to)| format!("replace({inner}, '{from}', '{to}')"))
}
