use crm_domain::audit::AuditAction;

use super::{say, words};

words! {
    /// The trash, and who did what.
    Record {
        trash: "Papelera" / "Trash",
        trash_empty: "La papelera está vacía." / "The trash is empty.",
        deleted_at: "Eliminado" / "Deleted",
        deleted_by: "Por" / "By",
        until: "Se conserva hasta" / "Kept until",
        restore: "Restaurar" / "Restore",
        activity: "Quién la vio y la cambió" / "Who viewed and changed it",
        activity_empty: "Todavía no hay actividad." / "There is no activity yet.",
        fields: "Cambios" / "Changes",
        before: "Antes" / "Before",
        after: "Después" / "After",
        nothing: "vacío" / "empty",
        system: "El sistema" / "The system",
        somebody: "Alguien que ya no está" / "Somebody who is gone",
        older: "Ver actividad anterior" / "See earlier activity",
        newest: "Volver a la más reciente" / "Back to the latest",
        created: "Creó" / "Created",
        updated: "Cambió" / "Changed",
        deleted: "Eliminó" / "Deleted",
        restored: "Restauró" / "Restored",
        purged: "Eliminó para siempre" / "Deleted for good",
        read: "Vio" / "Viewed",
        exported: "Descargó" / "Downloaded",
        signed_in: "Inició sesión" / "Signed in",
        sign_in_failed: "No pudo iniciar sesión" / "Failed to sign in",
        denied: "Intentó sin permiso" / "Tried without permission",
        place_taken: "Algo más ocupó su lugar; quítalo antes de restaurar." / "Something else has taken its place; remove that before you restore.",
        owner_gone: "Aquello a lo que pertenecía ya no existe. Restaura primero la ficha." / "What it belonged to is gone. Restore the profile first.",
    }
}

impl Record {
    /// What somebody did.
    pub(crate) fn action(&self, action: AuditAction) -> &'static str {
        match action {
            AuditAction::Created => self.created,
            AuditAction::Updated => self.updated,
            AuditAction::Deleted => self.deleted,
            AuditAction::Restored => self.restored,
            AuditAction::Purged => self.purged,
            AuditAction::Read => self.read,
            AuditAction::Exported => self.exported,
            AuditAction::SignedIn => self.signed_in,
            AuditAction::SignInFailed => self.sign_in_failed,
            AuditAction::Denied => self.denied,
        }
    }

    /// Brings this back; named for those who can't see which one.
    pub(crate) fn restore_of(&self, what: &str, whose: &str) -> String {
        say!(self.language, "Restaurar: {what} de {whose}", "Restore: {what} of {whose}")
    }

    /// How long the trash keeps things.
    pub(crate) fn keeps(&self, days: i64) -> String {
        if days == 1 {
            return say!(
                self.language,
                "Lo eliminado se puede restaurar durante 1 día.",
                "What was deleted can be restored for 1 day."
            );
        }
        say!(
            self.language,
            "Lo eliminado se puede restaurar durante {days} días.",
            "What was deleted can be restored for {days} days."
        )
    }
}
