use crm_domain::validation::{Expectation, Reason};

use super::{say, words};
use crate::form::is_whole_date;
use crate::format::number;

words! {
    /// What can go wrong, and what to do then.
    Problems {
        summary: "Hay un problema" / "There is a problem",
        not_found: "No encontramos lo que buscas" / "We can't find what you are looking for",
        not_found_lead: "Tal vez se eliminó o el enlace está incompleto." / "Perhaps it was deleted, or the link is incomplete.",
        forbidden: "No tienes permiso" / "You don't have permission",
        forbidden_lead: "Tu cuenta no puede hacer esto. Pídelo a quien administra el negocio." / "Your account can't do this. Ask whoever manages the business.",
        cross_site: "La petición no viene de esta página" / "The request does not come from this page",
        cross_site_lead: "Por seguridad no hicimos nada. Abre la página de nuevo e inténtalo otra vez." / "To be safe, nothing was done. Open the page again and retry.",
        unauthenticated: "Inicia sesión para continuar" / "Sign in to continue",
        elsewhere_lead: "Inicia sesión en CitaPlanner y vuelve a abrir esta página." / "Sign in to CitaPlanner and open this page again.",
        expired: "Tu sesión terminó" / "Your session ended",
        expired_lead: "Inicia sesión en otra pestaña y vuelve a guardar: lo que escribiste sigue aquí." / "Sign in in another tab and save again: what you typed is still here.",
        expired_file: "Inicia sesión en otra pestaña, vuelve y elige la foto otra vez." / "Sign in in another tab, come back and choose the photo again.",
        open_sign_in: "Iniciar sesión en otra pestaña" / "Sign in in another tab",
        save_again: "Volver a guardar" / "Save again",
        conflict: "Eso ya existe" / "That exists already",
        conflict_lead: "No cambiamos nada. Revisa cómo está ahora." / "Nothing was changed. Look at how it is now.",
        gone: "Alguien lo cambió mientras tanto" / "Somebody changed it meanwhile",
        gone_lead: "No cambiamos nada. Abre la página de nuevo para ver la versión actual." / "Nothing was changed. Open the page again to see the current version.",
        too_large: "Lo que enviaste es demasiado grande" / "What you sent is too large",
        too_large_lead: "Una foto debe pesar menos de 5 MB; una nota, tener 5,000 caracteres o menos." / "A photo must be smaller than 5 MB; a note must have 5,000 characters or fewer.",
        too_many: "Demasiados intentos" / "Too many attempts",
        internal: "Algo falló de nuestro lado" / "Something failed on our side",
        internal_lead: "Ya quedó registrado. Vuelve a intentar." / "It has been logged. Please try again.",
        unavailable: "No podemos responder en este momento" / "We can't answer right now",
        unavailable_read: "Vuelve a intentar en unos segundos." / "Try again in a few seconds.",
        unavailable_save: "No pudimos guardar. No cierres la página; vuelve a intentar en unos segundos." / "We couldn't save. Keep this page open and try again in a few seconds.",
        unreadable: "No pudimos leer lo que enviaste" / "We couldn't read what you sent",
        unreadable_lead: "Abre la página de nuevo e inténtalo otra vez." / "Open the page again and retry.",
        retry: "Reintentar" / "Retry",
        choose_title: "Alguien cambió lo mismo que tú" / "Somebody changed the same as you",
        choose_lead: "No se perdió nada: elige qué conservar en cada campo." / "Nothing was lost: choose what to keep for each field.",
        field: "Campo" / "Field",
        yours: "Lo tuyo" / "Yours",
        theirs: "Lo actual" / "Current",
        nothing: "vacío" / "empty",
        save_choice: "Guardar lo elegido" / "Save the choice",
        yes: "Sí" / "Yes",
        no: "No" / "No",
        required: "Escribe este dato" / "Enter this",
        choose_one: "Elige una opción" / "Choose one",
        unsafe_characters: "Quita los caracteres que no se pueden mostrar" / "Remove the characters that can't be shown",
        bad_email: "Escribe un correo con el formato nombre@ejemplo.com" / "Enter an e-mail address like name@example.com",
        bad_phone: "Escribe un teléfono de 7 a 15 dígitos" / "Enter a phone number of 7 to 15 digits",
        no_such_date: "Esa fecha no existe en el calendario" / "There is no such date in the calendar",
        bad_date: "Escribe una fecha completa: día, mes y año" / "Enter a whole date: day, month and year",
        before_1900: "Escribe una fecha de 1900 o posterior" / "Enter a date in 1900 or later",
        future: "La fecha no puede ser futura" / "The date can't be in the future",
        unknown_choice: "Quita lo que ya no existe y vuelve a guardar" / "Remove what no longer exists and save again",
        not_accepted: "Este valor no se acepta" / "This value is not accepted",
    }
}

impl Problems {
    /// What is wrong with what was typed into a field.
    pub(crate) fn reason(&self, reason: &Reason, typed: &str) -> String {
        let sentence = match reason {
            Reason::Required | Reason::NotNullable => self.required,
            Reason::TooLong { max } => {
                let over = typed.trim().chars().count().saturating_sub(*max);
                return self.too_long(*max as u64, over as u64);
            }
            Reason::TooMany { max } => return self.too_many_choices(*max),
            Reason::UnsafeCharacters => self.unsafe_characters,
            Reason::NotOneOf(_) => self.choose_one,
            Reason::UnknownIds(_) => self.unknown_choice,
            Reason::Unknown | Reason::Immutable | Reason::Repeated => self.not_accepted,
            Reason::Expected(Expectation::Date) if is_whole_date(typed) => self.no_such_date,
            Reason::Expected(expectation) => self.expectation(*expectation),
        };
        sentence.to_owned()
    }

    fn expectation(&self, expectation: Expectation) -> &'static str {
        match expectation {
            Expectation::EmailAddress => self.bad_email,
            Expectation::PhoneNumber => self.bad_phone,
            Expectation::Date | Expectation::DateOrTime => self.bad_date,
            Expectation::Since1900 => self.before_1900,
            Expectation::NotInTheFuture => self.future,
            // What only programs can get wrong.
            Expectation::Text
            | Expectation::Boolean
            | Expectation::Ids
            | Expectation::Id
            | Expectation::Skip
            | Expectation::Take
            | Expectation::Cursor
            | Expectation::LostCursor
            | Expectation::Month
            | Expectation::Time
            | Expectation::NotBeforeStart
            | Expectation::PhotoAddress
            | Expectation::OwnPhoto
            | Expectation::PhotoFile
            | Expectation::PhotoBytes
            | Expectation::PhotoPixels
            | Expectation::ReadablePhoto
            | Expectation::SessionUser
            | Expectation::TenantUser
            | Expectation::Once
            | Expectation::IdempotencyKey
            | Expectation::SameAs(_) => self.not_accepted,
        }
    }

    /// More characters than a field holds.
    pub(crate) fn too_long(&self, max: u64, over: u64) -> String {
        let max = number(max);
        if over == 1 {
            return say!(
                self.language,
                "Debe tener {max} caracteres o menos. Sobra 1.",
                "It must have {max} characters or fewer. 1 too many."
            );
        }
        let over = number(over);
        say!(
            self.language,
            "Debe tener {max} caracteres o menos. Sobran {over}.",
            "It must have {max} characters or fewer. {over} too many."
        )
    }

    /// More choices than a list holds.
    pub(crate) fn too_many_choices(&self, max: usize) -> String {
        say!(self.language, "Elige {max} como máximo", "Choose at most {max}")
    }

    /// When to try again.
    pub(crate) fn wait(&self, seconds: u64) -> String {
        if seconds == 1 {
            return say!(self.language, "Espera 1 segundo y vuelve a intentar.", "Wait 1 second and try again.");
        }
        say!(self.language, "Espera {seconds} segundos y vuelve a intentar.", "Wait {seconds} seconds and try again.")
    }

    /// Names the request in the log.
    pub(crate) fn code(&self, id: &str) -> String {
        say!(self.language, "Código: {id}", "Code: {id}")
    }
}
