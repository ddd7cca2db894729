//! Many small tenants, written by a handful of statements.

use crm_infra::testing::TestDatabase;

/// Enough for the planner to prefer an index to reading everything.
pub(super) const TENANTS: u32 = 400;
/// Clients of each tenant.
pub(super) const CLIENTS: u32 = 50;

/// Tenant `t<k>` has branch `b<k>`, service `s<k>`, staff `admin<k>`, `manager<k>` and `staff<k>`, and the clients `i` with
/// `i / 50 = k`: user `u<i>`, profile `p<i>`, notes `n<i>-1` and `n<i>-2`, preferences `f<i>`, the host's record `c<i>`
/// with portal account `a<i>`, appointments `v<i>-1` and `v<i>-2`, payment `m<i>`, the record of a photo that nothing
/// shows, and an entry of the audit log on note `n<i>-1`. User `w<k>` has no profile.
pub(super) async fn fill(database: &TestDatabase) {
    for statement in statements(database.database().is_sqlite()) {
        database.execute(&statement).await;
    }
    database.execute("ANALYZE").await;
}

fn statements(is_sqlite: bool) -> Vec<String> {
    let time = |text: &str| if is_sqlite { format!("({text})") } else { format!("CAST({text} AS timestamp)") };
    // All parts have two digits, so that the text is a time without padding.
    let at =
        time("'2026-' || (10 + i % 3) || '-' || (10 + i % 18) || ' ' || (10 + i % 13) || ':' || (10 + i % 50) || ':10'");
    let tenants = TENANTS_ROWS.iter().map(|row| (TENANTS, row));
    let clients = CLIENT_ROWS.iter().map(|row| (TENANTS * CLIENTS, row));
    let all = tenants.chain(clients);
    all.map(|(rows, (table, columns, values))| insert(rows, table, columns, &values.replace("{at}", &at))).collect()
}

/// A table, the columns to fill besides the times of creation and change, and their values.
type Rows = (&'static str, &'static str, &'static str);

const TENANTS_ROWS: [Rows; 7] = [
    ("tenants", "id, name, subdomain", "'t' || i, 'Salón ' || i, 't' || i"),
    ("branches", "id, name, \"tenantId\"", "'b' || i, 'Centro', 't' || i"),
    ("services", "id, name, duration, price, \"tenantId\"", "'s' || i, 'Corte', 30, 350.5, 't' || i"),
    ("users", STAFF, "'admin' || i, 'admin' || i, 'Ana', 'Ruiz', 'ADMIN', 't' || i"),
    ("users", STAFF, "'staff' || i, 'staff' || i, 'Eva', 'Ruiz', 'PROFESSIONAL', 't' || i"),
    ("users", STAFF, "'manager' || i, 'manager' || i, 'Luz', 'Ruiz', 'MANAGER', 't' || i"),
    ("users", STAFF, "'w' || i, 'w' || i, 'Iván', 'Cruz', 'CLIENT', 't' || i"),
];
const STAFF: &str = "id, email, \"firstName\", \"lastName\", role, \"tenantId\"";

const CLIENT_ROWS: [Rows; 15] = [
    (
        "users",
        "id, email, phone, \"firstName\", \"lastName\", role, \"tenantId\"",
        "'u' || i, 'u' || i || '@ejemplo.mx', '55' || (10000000 + i), 'María ' || i, 'Pérez', 'CLIENT', 't' || (i / 50)",
    ),
    (
        "client_profiles",
        "id, \"userId\", \"firstName\", \"lastName\", email, phone, city, state, \"createdAt\"",
        "'p' || i, 'u' || i, 'María ' || i, 'Pérez López', 'u' || i || '@ejemplo.mx', '55' || (10000000 + i), \
         'Mérida', 'Yucatán', {at}",
    ),
    (
        "client_notes",
        "id, \"clientProfileId\", \"createdByUserId\", content, \"createdAt\"",
        "'n' || i || '-1', 'p' || i, 'staff' || (i / 50), 'Prefiere las mañanas', {at}",
    ),
    (
        "client_notes",
        "id, \"clientProfileId\", \"createdByUserId\", content, \"noteType\", \"createdAt\"",
        "'n' || i || '-2', 'p' || i, 'admin' || (i / 50), 'Alergia', 'MEDICAL', {at}",
    ),
    ("client_preferences", "id, \"clientProfileId\"", "'f' || i, 'p' || i"),
    (
        "clients",
        "id, email, phone, \"firstName\", \"lastName\", \"tenantId\"",
        "'c' || i, 'u' || i || '@ejemplo.mx', '55' || (10000000 + i), 'María', 'Pérez', 't' || (i / 50)",
    ),
    (
        "client_users",
        "id, email, phone, \"firstName\", \"lastName\", \"tenantId\", \"clientId\"",
        "'a' || i, 'u' || i || '@ejemplo.mx', '55' || (10000000 + i), 'María', 'Pérez', 't' || (i / 50), 'c' || i",
    ),
    (
        "appointments",
        APPOINTMENT,
        "'v' || i || '-1', 'PENDING', 't' || (i / 50), 'b' || (i / 50), 'c' || i, 's' || (i / 50), 'staff' || (i / 50), {at}, {at}",
    ),
    (
        "appointments",
        APPOINTMENT,
        "'v' || i || '-2', 'COMPLETED', 't' || (i / 50), 'b' || (i / 50), 'c' || i, 's' || (i / 50), 'staff' || (i / 50), {at}, {at}",
    ),
    (
        "payments",
        "id, amount, \"tenantId\", \"branchId\", \"clientId\", \"appointmentId\", \"userId\", \"createdAt\"",
        "'m' || i, 350.5, 't' || (i / 50), 'b' || (i / 50), 'c' || i, 'v' || i || '-2', 'staff' || (i / 50), {at}",
    ),
    (
        "crm_trash",
        "id, tenant_id, resource, resource_id, profile_id, owner_id, author_id, note_type, is_private, photo, deleted_at",
        "'x' || i, 't' || (i / 50), 'NOTE', 'nx' || i, 'p' || i, 'u' || i, 'staff' || (i / 50), 'GENERAL', FALSE, NULL, {at}",
    ),
    (
        "crm_trash_rows",
        "tenant_id, item_id, resource, row_id, content",
        "'t' || (i / 50), 'x' || i, 'NOTE', 'nx' || i, '{\"id\":\"nx' || i || '\",\"client_profile_id\":\"p' || i || \
         '\",\"created_by_user_id\":\"staff' || (i / 50) || '\",\"note_type\":\"GENERAL\",\"content\":\"x\",\"is_private\":false,' || \
         '\"created_at\":\"2026-01-01T10:00:00\",\"updated_at\":\"2026-01-01T10:00:00\"}'",
    ),
    ("crm_audit_heads", "tenant_id, lane, position, hash", "'t' || (i / 50), i % 50, 50, ''"),
    (
        "crm_audit",
        "id, tenant_id, lane, position, at, user_id, action, resource, resource_id, profile_id, author_id, note_type, \
         is_private, changes, hash",
        "'9000000000' || (10000000 + i), 't' || (i / 50), 0, i % 50 + 1, {at}, 'staff' || (i / 50), 'UPDATED', 'NOTE', \
         'n' || i || '-1', 'p' || i, 'staff' || (i / 50), 'MEDICAL', FALSE, \
         '[{\"field\":\"content\",\"old\":\"x\",\"new\":\"y\"}]', ''",
    ),
    (
        "crm_photos",
        "tenant_id, user_id, state, full_bytes, thumbnail_bytes, hash, changed_at",
        "'t' || (i / 50), 'u' || i, 'kept', 5, 5, \
         '0123456789abcdef0123456789abcdef0123456789abcdef01234567' || (10000000 + i), {at}",
    ),
];
const APPOINTMENT: &str =
    "id, status, \"tenantId\", \"branchId\", \"clientId\", \"serviceId\", \"userId\", \"startTime\", \"endTime\"";

/// One row for each `i` from 0.
fn insert(rows: u32, table: &str, columns: &str, values: &str) -> String {
    const TIME: &str = "'2026-01-01 10:00:00'";
    let (stamps, times) = if columns.contains("tenant_id") {
        ("", String::new())
    } else if columns.contains("createdAt") {
        (", \"updatedAt\"", format!(", {TIME}"))
    } else {
        (", \"createdAt\", \"updatedAt\"", format!(", {TIME}, {TIME}"))
    };
    format!(
        "INSERT INTO {table} ({columns}{stamps}) \
         WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < {rows}) \
         SELECT {values}{times} FROM numbers"
    )
}
