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
    ('s', "ßŚśŜŝŞşŠšſ"),
    ('t', "ŢţŤť"),
    ('u', "ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲų"),
    ('w', "Ŵŵ"),
    ('y', "ÝýÿŶŷŸ"),
    ('z', "ŹźŻżŽž"),
];

/// Combining marks that a search drops: an accent typed as a letter and a mark.
pub const FOLD_REMOVED: &[char] = &[
    '\u{300}', '\u{301}', '\u{302}', '\u{303}', '\u{304}', '\u{306}', '\u{307}', '\u{308}', '\u{30a}', '\u{30b}', '\u{30c}',
    '\u{327}', '\u{328}',
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

/// SQLite: a query that adds each folded column to those of `source`.
///
/// SQLite has no `translate`, only `replace`, and the parser of older versions gives up when calls nest deeply.
/// Programs with such a version must still be able to open the file, so the work is spread
/// over a chain of common table expressions with a few replacements each.
pub(crate) fn sqlite_query(source: &str, kept: &[&str], folded: &[(&str, &str)]) -> String {
    const REPLACEMENTS_PER_LAYER: usize = 12;

    let replacements: Vec<(char, String)> = letters()
        .map(|(variant, letter)| (variant, letter.to_string()))
        .chain(FOLD_REMOVED.iter().map(|mark| (*mark, String::new())))
        .collect();
    let raw = folded.iter().map(|(raw, _)| *raw);
    let carried: Vec<&str> = kept.iter().copied().chain(raw).collect();
    let carried = carried.join(", ");

    let start: Vec<String> = folded.iter().map(|(raw, column)| format!("{raw} AS {column}")).collect();
    let mut query = format!("WITH raw AS ({source}), layer0 AS (SELECT {carried}, {} FROM raw)", start.join(", "));
    let layers = replacements.chunks(REPLACEMENTS_PER_LAYER).enumerate();
    for (below, chunk) in layers {
        let columns: Vec<String> =
            folded.iter().map(|(_, column)| format!("{} AS {column}", replace_all(column, chunk))).collect();
        query.push_str(&format!(", layer{} AS (SELECT {carried}, {} FROM layer{below})", below + 1, columns.join(", ")));
    }
    // Most text is plain ASCII, and for that the whole chain can be skipped.
    let result: Vec<String> = folded
        .iter()
        .map(|(raw, column)| {
            format!("CASE WHEN {raw} GLOB '*[^ -~]*' THEN lower({column}) ELSE lower({raw}) END AS {column}")
        })
        .collect();
    let top = replacements.len().div_ceil(REPLACEMENTS_PER_LAYER);
    query.push_str(&format!(" SELECT {}, {} FROM layer{top}", kept.join(", "), result.join(", ")));
    query
}

fn letters() -> impl Iterator<Item = (char, char)> {
    FOLD_LETTERS.iter().flat_map(|(letter, variants)| variants.chars().map(|variant| (variant, *letter)))
}

fn replace_all(column: &str, replacements: &[(char, String)]) -> String {
    replacements.iter().fold(column.to_owned(), |inner, (from, to)| format!("replace({inner}, '{from}', '{to}')"))
}
