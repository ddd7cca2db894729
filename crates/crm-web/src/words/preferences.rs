use super::{say, words};

words! {
    /// Preferences.
    Preferences {
        title: "Preferencias" / "Preferences",
        channel: "¿Cómo avisar?" / "How to get in touch?",
        reminder: "¿Cuándo recordar la cita?" / "When to remind of appointments?",
        services: "Servicios preferidos" / "Preferred services",
        staff: "Profesionales preferidos" / "Preferred professionals",
        special_requests: "Peticiones especiales" / "Special requests",
        special_hint: "Por ejemplo: sin música, silla junto a la ventana." / "For example: no music, a chair by the window.",
        no_phone: "No hay teléfono en la ficha; agrega uno." / "The profile has no phone; add one.",
        no_email: "No hay correo en la ficha; agrega uno." / "The profile has no e-mail address; add one.",
        gone_service: "Servicio eliminado" / "Removed service",
        gone_staff: "Persona eliminada" / "Removed person",
        inactive: "inactivo" / "inactive",
        no_services: "El negocio no tiene servicios." / "The business has no services.",
        no_staff: "El negocio no tiene profesionales." / "The business has no professionals.",
        defaults: "Sin preferencias todavía: se usan estas." / "No preferences yet: these are used.",
        list_services: "Servicios" / "Services",
        list_staff: "Profesionales" / "Professionals",
        by_email: "correo" / "e-mail",
    }
}

impl Preferences {
    /// How and when a client is told.
    pub(crate) fn sentence(&self, channel: &str, reminder: &str) -> String {
        let reminder = reminder.to_lowercase();
        say!(self.language, "Avisar por {channel}, {reminder}.", "Notify by {channel}, {reminder}.")
    }
}
