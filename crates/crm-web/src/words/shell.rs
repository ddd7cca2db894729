use super::{say, words};

words! {
    /// What is around every page: navigation, search, settings, sign-in.
    Shell {
        skip: "Saltar al contenido" / "Skip to content",
        main_navigation: "Principal" / "Main",
        clients: "Clientes" / "Clients",
        own_card: "Mi ficha" / "My profile",
        trash: "Papelera" / "Trash",
        search: "Buscar" / "Search",
        search_client: "Buscar cliente" / "Search clients",
        search_hint: "Nombre, correo o teléfono" / "Name, e-mail or phone",
        sign_in: "Iniciar sesión" / "Sign in",
        sign_out: "Cerrar sesión" / "Sign out",
        email: "Correo electrónico" / "E-mail address",
        password: "Contraseña" / "Password",
        wrong_credentials: "El correo o la contraseña no son correctos." / "The e-mail address or the password is wrong.",
        settings: "Idioma y tema" / "Language and theme",
        language_name: "Idioma" / "Language",
        theme: "Tema" / "Theme",
        theme_auto: "Del sistema" / "System",
        theme_light: "Claro" / "Light",
        theme_dark: "Oscuro" / "Dark",
        undo: "Deshacer" / "Undo",
        back_home: "Ir al inicio" / "Go to the start page",
        previous: "Anterior" / "Previous",
        next: "Siguiente" / "Next",
        pages: "Páginas" / "Pages",
        save: "Guardar" / "Save",
        save_changes: "Guardar cambios" / "Save changes",
        cancel: "Cancelar" / "Cancel",
        edit: "Editar" / "Edit",
        delete: "Eliminar" / "Delete",
        filter: "Filtrar" / "Filter",
        clear_filters: "Quitar filtros" / "Clear filters",
        optional_all: "Todos los campos son opcionales." / "All fields are optional.",
        saved: "Cambios guardados." / "Changes saved.",
        nothing_changed: "No había nada que cambiar." / "There was nothing to change.",
        already_done: "Eso ya estaba hecho." / "That was done already.",
        client_created: "Ficha creada." / "Profile created.",
        note_created: "Nota agregada." / "Note added.",
        note_saved: "Nota guardada." / "Note saved.",
        note_deleted: "Nota eliminada." / "Note deleted.",
        photo_saved: "Foto guardada." / "Photo saved.",
        photo_removed: "Foto eliminada." / "Photo removed.",
        preferences_saved: "Preferencias guardadas." / "Preferences saved.",
        client_deleted: "Ficha enviada a la papelera. Sus citas y pagos no cambian." / "Profile moved to the trash. Appointments and payments are unchanged.",
        restored: "Listo, volvió como estaba." / "Done, it is back as it was.",
        profile_exists: "Este usuario ya tenía ficha; aquí está." / "This user already had a profile; here it is.",
        settings_saved: "Ajustes guardados." / "Settings saved.",
    }
}

impl Shell {
    /// What the browser's window is called.
    pub(crate) fn window_title(&self, title: &str, has_errors: bool) -> String {
        let title = if has_errors { say!(self.language, "Error: {title}", "Error: {title}") } else { title.to_owned() };
        format!("{title} · CitaPlanner")
    }

    /// Which rows of a list are shown, of how many.
    pub(crate) fn range(&self, first: &str, last: &str, total: &str) -> String {
        say!(self.language, "{first} a {last} de {total}", "{first} to {last} of {total}")
    }

    /// Likewise, of more than were counted.
    pub(crate) fn range_of_more(&self, first: &str, last: &str, counted: &str) -> String {
        say!(self.language, "{first} a {last} de más de {counted}", "{first} to {last} of more than {counted}")
    }

    /// Likewise, where more are shown than were counted.
    pub(crate) fn range_beyond(&self, first: &str, last: &str) -> String {
        say!(self.language, "{first} a {last}", "{first} to {last}")
    }

    /// Too many attempts to sign in.
    pub(crate) fn wait(&self, seconds: u64) -> String {
        if seconds == 1 {
            return say!(self.language, "Demasiados intentos. Espera 1 segundo.", "Too many attempts. Wait 1 second.");
        }
        say!(self.language, "Demasiados intentos. Espera {seconds} segundos.", "Too many attempts. Wait {seconds} seconds.")
    }
}
