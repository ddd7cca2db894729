use super::{say, words};
use crate::format::number;

words! {
    /// A client's card, its print view included.
    Card {
        tabs: "Secciones de la ficha" / "Sections of the profile",
        summary: "Resumen" / "Summary",
        history: "Historial" / "History",
        notes: "Notas" / "Notes",
        preferences: "Preferencias" / "Preferences",
        photo: "Foto" / "Photo",
        medical_alert: "Alerta médica" / "Medical alert",
        see_notes: "Ver notas médicas" / "See medical notes",
        call: "Llamar" / "Call",
        write: "Correo" / "E-mail",
        whatsapp: "WhatsApp" / "WhatsApp",
        prefers: "prefiere" / "prefers",
        add_note: "Nueva nota" / "New note",
        print: "Imprimir" / "Print",
        activity: "Quién la vio y la cambió" / "Who viewed and changed it",
        delete: "Eliminar ficha" / "Delete profile",
        visits: "Citas completadas" / "Completed appointments",
        paid: "Pagado" / "Paid",
        last_visit: "Última visita" / "Last visit",
        next_visit: "Próxima cita" / "Next appointment",
        missed: "No asistió" / "Missed",
        never: "Ninguna" / "None",
        no_next: "Sin cita próxima" / "No upcoming appointment",
        average: "Ticket promedio" / "Average ticket",
        contact: "Contacto" / "Contact",
        address: "Dirección" / "Address",
        work: "Trabajo" / "Work",
        emergency: "Contacto de emergencia" / "Emergency contact",
        personal: "Datos personales" / "Personal details",
        staff_notes: "Notas internas" / "Internal notes",
        recent_notes: "Notas recientes" / "Recent notes",
        recent_visits: "Citas próximas y recientes" / "Upcoming and recent appointments",
        all_notes: "Ver todas las notas" / "See all notes",
        whole_history: "Ver todo el historial" / "See the whole history",
        change_preferences: "Cambiar preferencias" / "Change preferences",
        set_preferences: "Definir preferencias" / "Set preferences",
        no_preferences: "Sin preferencias todavía." / "No preferences yet.",
        no_notes: "Sin notas todavía." / "No notes yet.",
        no_visits: "Sin citas todavía." / "No appointments yet.",
        birthday_today: "¡Hoy cumple años!" / "Birthday today!",
        print_sections: "Qué imprimir" / "What to print",
        print_medical: "Notas médicas" / "Medical notes",
        print_update: "Actualizar vista" / "Update the view",
        print_now: "Imprimir ahora" / "Print now",
        print_title: "Ficha de cliente" / "Client profile",
        no_profile_title: "Todavía no tienes ficha" / "You have no profile yet",
        no_profile: "El negocio aún no ha creado tu ficha. Puedes seguir usando el sistema sin ella." / "The business has not created your profile yet. You can use the system without one.",
        unnamed: "Sin nombre" / "Unnamed",
    }
}

impl Card {
    /// Since when somebody has been a client.
    pub(crate) fn client_since(&self, month: &str) -> String {
        say!(self.language, "Cliente desde {month}", "Client since {month}")
    }

    /// How old somebody is.
    pub(crate) fn age(&self, years: i32) -> String {
        match years {
            0 => say!(self.language, "menos de 1 año", "under 1 year old"),
            1 => say!(self.language, "1 año", "1 year old"),
            _ => say!(self.language, "{years} años", "{years} years old"),
        }
    }

    /// When somebody's birthday is.
    pub(crate) fn birthday(&self, day: &str) -> String {
        say!(self.language, "cumple años el {day}", "birthday on {day}")
    }

    /// How many of the newest are on paper.
    pub(crate) fn newest_shown(&self, shown: u64, total: u64) -> String {
        let total = number(total);
        say!(self.language, "Solo aparecen {shown} de {total}.", "Only {shown} of {total} are here.")
    }

    /// How many medical notes the alert shows.
    pub(crate) fn medical_shown(&self, shown: u64, total: u64) -> String {
        say!(self.language, "Se muestran {shown} de {total} notas médicas.", "{shown} of {total} medical notes are shown.")
    }

    /// When the profile last changed.
    pub(crate) fn updated(&self, when: &str) -> String {
        say!(self.language, "Actualizada el {when}", "Updated on {when}")
    }

    /// When and for whom it was printed.
    pub(crate) fn printed(&self, when: &str, tenant: &str) -> String {
        say!(self.language, "{tenant} · impreso el {when}", "{tenant} · printed on {when}")
    }
}
