use super::{say, words};

words! {
    /// The list of clients and the search.
    List {
        title: "Clientes" / "Clients",
        new_client: "Nuevo cliente" / "New client",
        figures: "Cifras" / "Figures",
        total: "Clientes en total" / "Clients in total",
        new_this_month: "Nuevos este mes" / "New this month",
        with_upcoming: "Con cita próxima" / "With an upcoming appointment",
        search: "Nombre, correo o teléfono" / "Name, e-mail or phone",
        city: "Ciudad" / "City",
        state: "Estado" / "State",
        not_seen: "Sin visita desde hace" / "No visit for",
        any: "Cualquiera" / "Any",
        days_30: "30 días" / "30 days",
        days_60: "60 días" / "60 days",
        days_90: "90 días" / "90 days",
        days_180: "6 meses" / "6 months",
        days_365: "1 año" / "1 year",
        birthday: "Cumple años este mes" / "Birthday this month",
        more_filters: "Más filtros" / "More filters",
        order: "Orden" / "Order",
        by_name: "Nombre" / "Name",
        by_newest: "Más recientes" / "Newest",
        name: "Nombre" / "Name",
        phone: "Teléfono" / "Phone",
        email: "Correo" / "E-mail",
        place: "Ciudad" / "City",
        since: "Cliente desde" / "Client since",
        empty_title: "Aún no hay clientes" / "No clients yet",
        empty: "Crea la primera ficha para empezar." / "Create the first profile to begin.",
        none_title: "Sin resultados" / "No results",
        none_filtered: "Ningún cliente cumple con estos filtros." / "No client meets these filters.",
        search_title: "Buscar clientes" / "Search clients",
        search_prompt: "Escribe un nombre, un correo o un teléfono. Los últimos 4 dígitos bastan." / "Type a name, an e-mail address or a phone. The last 4 digits are enough.",
        see_all: "Ver todos los clientes" / "See all clients",
        see_found: "Ver en la lista de clientes" / "See in the list of clients",
        too_many_words: "Busca con 12 palabras o menos." / "Search with 12 words or fewer.",
    }
}

impl List {
    /// Nobody was found.
    pub(crate) fn nobody(&self, search: &str) -> String {
        say!(
            self.language,
            "Nadie coincide con «{search}». Prueba con menos letras o los últimos 4 dígitos del teléfono.",
            "Nobody matches “{search}”. Try fewer letters or the last 4 digits of the phone."
        )
    }

    /// Likewise, where other filters leave people out too.
    pub(crate) fn nobody_filtered(&self, search: &str) -> String {
        say!(
            self.language,
            "Nadie coincide con «{search}» y con los demás filtros.",
            "Nobody matches “{search}” and the other filters."
        )
    }

    /// How many were found.
    pub(crate) fn found(&self, count: u64, total: &str, is_exact: bool) -> String {
        // Where nobody was found among the first, "more than none" would help nobody.
        match (count, is_exact || count == 0) {
            (1, true) => say!(self.language, "1 cliente", "1 client"),
            (_, true) => say!(self.language, "{total} clientes", "{total} clients"),
            (_, false) => say!(self.language, "Más de {total} clientes", "More than {total} clients"),
        }
    }
}
