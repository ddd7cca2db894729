use super::TestServer;

/// The host's tables and their columns.
const HOST_TABLES: [(&str, &[&str]); 9] = [
    ("tenants", &["id", "name", "subdomain", "timezone", "isActive", "createdAt", "updatedAt"]),
    ("branches", &["id", "name", "isActive", "tenantId", "createdAt", "updatedAt"]),
    (
        "users",
        &[
            "id",
            "email",
            "password",
            "firstName",
            "lastName",
            "phone",
            "avatar",
            "role",
            "isActive",
            "tenantId",
            "branchId",
            "emailVerified",
            "createdAt",
            "updatedAt",
        ],
    ),
    (
        "clients",
        &[
            "id",
            "firstName",
            "lastName",
            "email",
            "phone",
            "address",
            "birthday",
            "notes",
            "isActive",
            "tenantId",
            "createdAt",
            "updatedAt",
        ],
    ),
    ("client_users", &["id", "email", "password", "firstName", "lastName", "phone", "isActive", "tenantId", "clientId"]),
    ("services", &["id", "name", "duration", "price", "isActive", "tenantId", "categoryId", "createdAt", "updatedAt"]),
    ("service_categories", &["id", "name", "isActive", "tenantId", "createdAt", "updatedAt"]),
    (
        "appointments",
        &[
            "id",
            "startTime",
            "endTime",
            "status",
            "notes",
            "isOnline",
            "notificationsSent",
            "tenantId",
            "branchId",
            "clientId",
            "serviceId",
            "userId",
            "createdAt",
            "updatedAt",
        ],
    ),
    (
        "payments",
        &[
            "id",
            "amount",
            "paymentMethod",
            "status",
            "notes",
            "tenantId",
            "branchId",
            "clientId",
            "appointmentId",
            "userId",
            "createdAt",
            "updatedAt",
        ],
    ),
];

/// The module's tables and our ledger of photos, with their columns.
const MODULE_TABLES: [(&str, &[&str]); 4] = [
    (
        "client_profiles",
        &[
            "id",
            "userId",
            "firstName",
            "lastName",
            "dateOfBirth",
            "gender",
            "address",
            "city",
            "state",
            "postalCode",
            "country",
            "phone",
            "alternatePhone",
            "email",
            "alternateEmail",
            "occupation",
            "company",
            "profilePhotoUrl",
            "emergencyContactName",
            "emergencyContactPhone",
            "notes",
            "createdAt",
            "updatedAt",
        ],
    ),
    (
        "client_notes",
        &["id", "clientProfileId", "createdByUserId", "noteType", "content", "isPrivate", "createdAt", "updatedAt"],
    ),
    (
        "client_preferences",
        &[
            "id",
            "clientProfileId",
            "preferredServices",
            "preferredStaff",
            "communicationPreference",
            "reminderTime",
            "specialRequests",
            "createdAt",
            "updatedAt",
        ],
    ),
    ("crm_photos", &["tenant_id", "user_id", "hash", "state", "full_bytes", "thumbnail_bytes", "changed_at"]),
];

impl TestServer {
    /// Every row of the host's tables, column by column, as text to compare.
    pub(crate) async fn host_rows(&self) -> Vec<String> {
        self.rows(&HOST_TABLES).await
    }

    /// Every row of the module's tables likewise.
    pub(crate) async fn module_rows(&self) -> Vec<String> {
        self.rows(&MODULE_TABLES).await
    }

    async fn rows(&self, tables: &[(&str, &[&str])]) -> Vec<String> {
        let mut rows = Vec::new();
        for (table, columns) in tables {
            let values: Vec<_> =
                columns.iter().map(|column| format!("COALESCE(CAST(\"{column}\" AS TEXT), 'NULL')")).collect();
            let sql = format!("SELECT '{table}|' || {} FROM {table} ORDER BY 1", values.join(" || '|' || "));
            rows.extend(self.database.select_column(&sql).await.into_iter().flatten());
        }
        rows
    }
}
