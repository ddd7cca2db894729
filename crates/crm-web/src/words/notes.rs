use super::{say, words};

words! {
    /// Notes.
    Notes {
        title: "Notas" / "Notes",
        add: "Agregar nota" / "Add note",
        edit_title: "Editar nota" / "Edit note",
        content: "Nota" / "Note",
        content_hint: "Escribe lo que ayude en la próxima visita." / "Write what will help at the next visit.",
        note_type: "Tipo" / "Type",
        private: "Privada" / "Private",
        private_hint: "Solo quien la escribió y administración la verán." / "Only its author and administrators will see it.",
        all: "Todas" / "All",
        types: "Tipos de nota" / "Types of notes",
        empty: "Sin notas todavía. Escribe lo que ayude en la próxima visita." / "No notes yet. Write what will help at the next visit.",
        empty_type: "No hay notas de este tipo." / "There are no notes of this type.",
        edited: "editada" / "edited",
        older: "Ver notas anteriores" / "See older notes",
        newest: "Volver a las más recientes" / "Back to the newest",
        show_all: "Mostrar toda la nota" / "Show the whole note",
        gone: "Esa nota ya no existe." / "That note is gone.",
    }
}

impl Notes {
    /// Removes this note; named for those who can't see which one.
    pub(crate) fn delete_of(&self, when: &str) -> String {
        say!(self.language, "Eliminar la nota del {when}", "Delete the note of {when}")
    }

    /// Changes this note.
    pub(crate) fn edit_of(&self, when: &str) -> String {
        say!(self.language, "Editar la nota del {when}", "Edit the note of {when}")
    }
}
