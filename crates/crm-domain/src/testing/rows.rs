//! Rows as another application writes them, in SQL that both engines understand.

use std::fmt;

/// A value as SQL.
pub struct Sql(String);

impl From<&str> for Sql {
    fn from(text: &str) -> Self {
        Self(format!("'{}'", text.replace('\'', "''")))
    }
}

impl From<Option<&str>> for Sql {
    fn from(text: Option<&str>) -> Self {
        text.map_or_else(|| Self("NULL".to_owned()), Self::from)
    }
}

impl From<bool> for Sql {
    fn from(yes: bool) -> Self {
        Self(if yes { "TRUE" } else { "FALSE" }.to_owned())
    }
}

impl From<i32> for Sql {
    fn from(number: i32) -> Self {
        Self(number.to_string())
    }
}

impl From<f64> for Sql {
    fn from(number: f64) -> Self {
        Self(format!("{number:?}"))
    }
}

/// A row to insert. Whatever a test does not set has a plausible value.
pub struct Row {
    table: &'static str,
    values: Vec<(&'static str, Sql)>,
}

impl Row {
    fn new(table: &'static str, id: &str) -> Self {
        let row = Self { table, values: Vec::new() };
        row.with("id", id).with("createdAt", "2026-01-01 10:00:00").with("updatedAt", "2026-01-01 10:00:00")
    }

    /// Sets a column.
    #[must_use]
    pub fn with(mut self, column: &'static str, value: impl Into<Sql>) -> Self {
        self.values.retain(|(existing, _)| *existing != column);
        self.values.push((column, value.into()));
        self
    }
}

/// A note in the trash, with its row; it was written by `author` on `profile`, which is `owner`'s.
pub fn trashed_note(id: &str, tenant: &str, profile: &str, owner: &str, author: &str) -> [Row; 2] {
    let (note, time) = (format!("note-of-{id}"), "2026-01-01T10:00:00");
    let content = format!(
        r#"{{"id":"{note}","client_profile_id":"{profile}","created_by_user_id":"{author}","note_type":"GENERAL","content":"x","is_private":false,"created_at":"{time}","updated_at":"{time}"}}"#
    );
    let plain = |table| Row { table, values: Vec::new() }.with("tenant_id", tenant);
    let item = plain("crm_trash")
        .with("id", id)
        .with("resource", "NOTE")
        .with("resource_id", note.as_str())
        .with("profile_id", profile)
        .with("owner_id", owner)
        .with("author_id", author)
        .with("note_type", "GENERAL")
        .with("is_private", false)
        .with("deleted_at", "2026-01-01 10:00:00");
    let row = plain("crm_trash_rows").with("item_id", id).with("resource", "NOTE").with("row_id", note.as_str());
    [item, row.with("content", content.as_str())]
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<_> = self.values.iter().map(|(column, _)| format!("\"{column}\"")).collect();
        let values: Vec<_> = self.values.iter().map(|(_, value)| value.0.as_str()).collect();
        write!(f, "INSERT INTO {} ({}) VALUES ({})", self.table, columns.join(", "), values.join(", "))
    }
}

/// An active tenant in Mexico City.
pub fn tenant(id: &str) -> Row {
    Row::new("tenants", id).with("name", id).with("subdomain", id)
}

/// A branch called `Centro`.
pub fn branch(id: &str, tenant: &str) -> Row {
    Row::new("branches", id).with("name", "Centro").with("tenantId", tenant)
}

/// A client of tenant `t1` called Sin Nombre, with e-mail `<id>@ejemplo.mx`.
pub fn user(id: &str) -> Row {
    Row::new("users", id)
        .with("email", format!("{id}@ejemplo.mx").as_str())
        .with("firstName", "Sin")
        .with("lastName", "Nombre")
        .with("role", "CLIENT")
        .with("tenantId", "t1")
}

/// A client record of tenant `t1` whose phone is its id, which no normalised number equals.
pub fn client(id: &str) -> Row {
    Row::new("clients", id).with("firstName", "Sin").with("lastName", "Nombre").with("phone", id).with("tenantId", "t1")
}

/// A portal account of tenant `t1` with this e-mail, linked to no client record.
pub fn portal_account(id: &str, email: &str) -> Row {
    Row::new("client_users", id)
        .with("email", email)
        .with("firstName", "Sin")
        .with("lastName", "Nombre")
        .with("phone", id)
        .with("tenantId", "t1")
}

/// A service of half an hour for 350.5.
pub fn service(id: &str, tenant: &str) -> Row {
    Row::new("services", id).with("name", id).with("duration", 30).with("price", 350.5).with("tenantId", tenant)
}

/// A pending appointment of tenant `t1` for service `corte` with `staff`.
pub fn appointment(id: &str, client: &str, start: &str) -> Row {
    Row::new("appointments", id)
        .with("startTime", start)
        .with("endTime", start)
        .with("tenantId", "t1")
        .with("branchId", "b1")
        .with("clientId", client)
        .with("serviceId", "corte")
        .with("userId", "staff")
}

/// A paid payment of tenant `t1` in cash.
pub fn payment(id: &str, client: &str, appointment: Option<&str>, amount: f64) -> Row {
    Row::new("payments", id)
        .with("amount", amount)
        .with("tenantId", "t1")
        .with("branchId", "b1")
        .with("clientId", client)
        .with("appointmentId", appointment)
        .with("userId", "staff")
}

/// A profile that says nothing.
pub fn profile(id: &str, user: &str) -> Row {
    Row::new("client_profiles", id).with("userId", user)
}

/// A public note of type GENERAL by `staff`.
pub fn note(id: &str, profile: &str) -> Row {
    Row::new("client_notes", id).with("clientProfileId", profile).with("createdByUserId", "staff").with("content", id)
}

/// Preferences with every default.
pub fn preferences(id: &str, profile: &str) -> Row {
    Row::new("client_preferences", id).with("clientProfileId", profile)
}
