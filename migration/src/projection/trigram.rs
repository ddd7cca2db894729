//! SQLite: `crm_profile_search` in its second form, and the text index it had before keys held the tenant.

/// SQLite: the columns that `crm_profile_text` finds text in.
const SEARCHED: [&str; 4] = ["search_text", "phone_keys", "city", "state"];

/// SQLite: `crm_profile_search` once more, its rows numbered so that the text index can refer to them, and that index.
///
/// An implicit row number would not do: `VACUUM` changes it.
pub(crate) fn sqlite_tables() -> Vec<String> {
    let columns = SEARCHED.join(", ");
    let row = |row: &str| SEARCHED.map(|column| format!("{row}.{column}")).join(", ");
    let add = format!("INSERT INTO crm_profile_text (rowid, {columns}) VALUES (NEW.row_number, {})", row("NEW"));
    // The index keeps no text of its own, so it must be told what it had indexed.
    let remove = format!(
        "INSERT INTO crm_profile_text (crm_profile_text, rowid, {columns}) VALUES ('delete', OLD.row_number, {})",
        row("OLD")
    );
    let trigger = |name: &str, event: &str, statements: &[&String]| {
        let statements: Vec<_> = statements.iter().map(|statement| format!("{statement};")).collect();
        format!("CREATE TRIGGER {name} AFTER {event} ON crm_profile_search BEGIN {} END", statements.concat())
    };
    vec![
        "DROP TABLE crm_profile_search".to_owned(),
        "CREATE TABLE crm_profile_search (row_number integer NOT NULL PRIMARY KEY, profile_id text NOT NULL UNIQUE, \
         user_id text NOT NULL, tenant_id text NOT NULL, created_at datetime_text NOT NULL, search_text text NOT NULL, \
         phone_keys text NOT NULL, city text NOT NULL, state text NOT NULL, name_key text NOT NULL, \
         birth_month integer NOT NULL)"
            .to_owned(),
        index("newest", "tenant_id, created_at DESC, profile_id DESC"),
        index("user", "user_id"),
        index("name", "tenant_id, name_key, profile_id"),
        index("birth", "tenant_id, birth_month, created_at DESC, profile_id DESC"),
        format!(
            "CREATE VIRTUAL TABLE crm_profile_text USING fts5({columns}, content='crm_profile_search', \
             content_rowid='row_number', tokenize='trigram', detail='none')"
        ),
        trigger("crm_profile_text_added", "INSERT", &[&add]),
        trigger("crm_profile_text_removed", "DELETE", &[&remove]),
        trigger("crm_profile_text_changed", &format!("UPDATE OF {columns}"), &[&remove, &add]),
    ]
}

fn index(name: &str, columns: &str) -> String {
    format!("CREATE INDEX crm_profile_search_{name}_idx ON crm_profile_search ({columns})")
}
