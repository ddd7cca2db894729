use super::{say, words};

words! {
    /// The form of a profile, and choosing whose it will be.
    Profile {
        new_title: "Nuevo cliente" / "New client",
        edit_title: "Editar ficha" / "Edit profile",
        edit_own_title: "Editar mis datos" / "Edit my details",
        identity: "Identidad" / "Identity",
        contact: "Contacto" / "Contact",
        address_section: "Dirección" / "Address",
        work: "Trabajo" / "Work",
        emergency: "Contacto de emergencia" / "Emergency contact",
        remarks: "Notas internas" / "Internal notes",
        first_name: "Nombre" / "First name",
        last_name: "Apellidos" / "Last name",
        date_of_birth: "Fecha de nacimiento" / "Date of birth",
        date_hint: "Día/mes/año, por ejemplo 27/3/1990" / "Day/month/year, for example 27/3/1990",
        gender: "Género" / "Gender",
        no_gender: "Sin dato" / "Not given",
        phone: "Teléfono" / "Phone",
        alternate_phone: "Teléfono alterno" / "Other phone",
        email: "Correo" / "E-mail",
        alternate_email: "Correo alterno" / "Other e-mail",
        address: "Calle, número y colonia" / "Street, number and district",
        city: "Ciudad" / "City",
        state: "Estado" / "State",
        postal_code: "Código postal" / "Postal code",
        country: "País" / "Country",
        occupation: "Ocupación" / "Occupation",
        company: "Empresa" / "Company",
        emergency_contact_name: "Nombre del contacto" / "Contact's name",
        emergency_contact_phone: "Teléfono del contacto" / "Contact's phone",
        notes: "Notas internas" / "Internal notes",
        notes_hint: "Solo el personal las ve." / "Only the staff sees them.",
        phone_hint: "Por ejemplo 55 1234 5678" / "For example 55 1234 5678",
        whose: "¿De quién es la ficha?" / "Whose profile is it?",
        choose: "Elige a una persona" / "Choose a person",
        from_users: "Usuarios sin ficha" / "Users without a profile",
        from_agenda: "Clientes de la agenda" / "Clients of the agenda",
        find_person: "Buscar persona" / "Search for a person",
        create_for: "Crear ficha" / "Create profile",
        see: "Ver ficha" / "See profile",
        no_user: "Sin usuario todavía: créalo primero en CitaPlanner." / "No user yet: create it in CitaPlanner first.",
        nobody_left: "Todos los usuarios tienen ficha." / "Every user has a profile.",
        nobody_found: "Nadie coincide con esa búsqueda." / "Nobody matches that search.",
        agenda_empty: "La agenda no tiene clientes." / "The agenda has no clients.",
        other_person: "Elegir a otra persona" / "Choose another person",
        create: "Crear ficha" / "Create profile",
        create_anyway: "Es otra persona: crear ficha" / "It is someone else: create profile",
        same_person: "¿Es la misma persona?" / "Is this the same person?",
        same_person_lead: "Ya hay fichas que se parecen. Revísalas antes de guardar." / "There are similar profiles. Look at them before you save.",
        same_phone: "mismo teléfono" / "same phone",
        same_email: "mismo correo" / "same e-mail",
        same_name: "mismo nombre" / "same name",
    }
}

impl Profile {
    /// Whose profile is being made.
    pub(crate) fn for_person(&self, name: &str) -> String {
        say!(self.language, "Ficha de {name}", "Profile of {name}")
    }
}
