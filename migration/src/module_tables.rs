//! The three tables of the client module, shared with the web app.
//!
//! They hold exactly what the host's model says: a column or index more would be dropped by its next start.

use crate::blueprint::{
    CREATED_AT, Enumeration, ID, Table, UPDATED_AT, boolean, cascade, enumeration, restrict, text, timestamp,
};

pub(crate) const ENUMERATIONS: &[Enumeration] = &[
    Enumeration { name: "NoteType", labels: &["GENERAL", "MEDICAL", "PREFERENCE", "COMPLAINT"] },
    Enumeration { name: "CommunicationPreference", labels: &["EMAIL", "SMS", "WHATSAPP"] },
    Enumeration { name: "ReminderTime", labels: &["HOURS_24", "HOURS_1", "BOTH"] },
    // An existing database may hold Spanish labels instead; those stay.
    Enumeration { name: "Gender", labels: &["MALE", "FEMALE", "OTHER", "PREFER_NOT_TO_SAY"] },
];

/// In an order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "client_profiles",
        columns: &[
            ID,
            text("userId"),
            text("firstName").optional(),
            text("lastName").optional(),
            timestamp("dateOfBirth").optional(),
            enumeration("gender", "Gender").optional(),
            text("address").optional(),
            text("city").optional(),
            text("state").optional(),
            text("postalCode").optional(),
            text("country").optional().or("'México'"),
            text("phone").optional(),
            text("alternatePhone").optional(),
            text("email").optional(),
            text("alternateEmail").optional(),
            text("occupation").optional(),
            text("company").optional(),
            text("profilePhotoUrl").optional(),
            text("emergencyContactName").optional(),
            text("emergencyContactPhone").optional(),
            text("notes").optional(),
            CREATED_AT,
            UPDATED_AT,
        ],
        unique: &[&["userId"]],
        references: &[cascade("userId", "users")],
    },
    Table {
        name: "client_notes",
        columns: &[
            ID,
            text("clientProfileId"),
            text("createdByUserId"),
            enumeration("noteType", "NoteType").or("'GENERAL'"),
            text("content"),
            boolean("isPrivate").or("false"),
            CREATED_AT,
            UPDATED_AT,
        ],
        unique: &[],
        references: &[cascade("clientProfileId", "client_profiles"), restrict("createdByUserId", "users")],
    },
    Table {
        name: "client_preferences",
        columns: &[
            ID,
            text("clientProfileId"),
            text("preferredServices").optional(),
            text("preferredStaff").optional(),
            enumeration("communicationPreference", "CommunicationPreference").or("'EMAIL'"),
            enumeration("reminderTime", "ReminderTime").or("'HOURS_24'"),
            text("specialRequests").optional(),
            CREATED_AT,
            UPDATED_AT,
        ],
        unique: &[&["clientProfileId"]],
        references: &[cascade("clientProfileId", "client_profiles")],
    },
];
