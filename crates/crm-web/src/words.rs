//! Everything people read on the pages, in Spanish and in English. A text without its translation does not compile.

mod card;
mod history;
mod labels;
mod list;
mod notes;
mod photo;
mod preferences;
mod problems;
mod profile;
mod record;
mod shell;

pub(crate) use card::Card;
pub(crate) use history::History;
pub(crate) use labels::Labels;
pub(crate) use list::List;
pub(crate) use notes::Notes;
pub(crate) use photo::Photo;
pub(crate) use preferences::Preferences;
pub(crate) use problems::Problems;
pub(crate) use profile::Profile;
pub(crate) use record::Record;
pub(crate) use shell::Shell;

use crm_http::problem::Language;

/// A group of texts, each with its Spanish and its English wording.
macro_rules! words {
    ($(#[$doc:meta])* $group:ident { $($name:ident: $spanish:literal / $english:literal,)* }) => {
        $(#[$doc])*
        pub(crate) struct $group {
            pub(crate) language: crm_http::problem::Language,
            $(pub(crate) $name: &'static str,)*
        }

        impl $group {
            pub(super) const SPANISH: Self =
                Self { language: crm_http::problem::Language::Spanish, $($name: $spanish,)* };
            pub(super) const ENGLISH: Self =
                Self { language: crm_http::problem::Language::English, $($name: $english,)* };
        }
    };
}

/// A sentence with values in it, in the given language.
macro_rules! say {
    ($language:expr, $spanish:literal, $english:literal) => {
        match $language {
            crm_http::problem::Language::Spanish => format!($spanish),
            crm_http::problem::Language::English => format!($english),
        }
    };
}

pub(crate) use {say, words};

/// Every text, in one language.
pub(crate) struct Words {
    /// What is around every page.
    pub(crate) shell: Shell,
    /// The list of clients and the search.
    pub(crate) list: List,
    /// A client's card, its print view included.
    pub(crate) card: Card,
    /// The form of a profile, and choosing whose it will be.
    pub(crate) profile: Profile,
    /// Notes.
    pub(crate) notes: Notes,
    /// Preferences.
    pub(crate) preferences: Preferences,
    /// Appointments, services and payments.
    pub(crate) history: History,
    /// The photo.
    pub(crate) photo: Photo,
    /// The trash, and who did what.
    pub(crate) record: Record,
    /// What can go wrong.
    pub(crate) problems: Problems,
    /// Names of the things that the host and the mission name.
    pub(crate) labels: Labels,
}

static SPANISH: Words = Words {
    shell: Shell::SPANISH,
    list: List::SPANISH,
    card: Card::SPANISH,
    profile: Profile::SPANISH,
    notes: Notes::SPANISH,
    preferences: Preferences::SPANISH,
    history: History::SPANISH,
    photo: Photo::SPANISH,
    record: Record::SPANISH,
    problems: Problems::SPANISH,
    labels: Labels::SPANISH,
};

static ENGLISH: Words = Words {
    shell: Shell::ENGLISH,
    list: List::ENGLISH,
    card: Card::ENGLISH,
    profile: Profile::ENGLISH,
    notes: Notes::ENGLISH,
    preferences: Preferences::ENGLISH,
    history: History::ENGLISH,
    photo: Photo::ENGLISH,
    record: Record::ENGLISH,
    problems: Problems::ENGLISH,
    labels: Labels::ENGLISH,
};

impl Words {
    /// The language.
    pub(crate) fn language(&self) -> Language {
        self.labels.language
    }

    /// The texts of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::Spanish => &SPANISH,
            Language::English => &ENGLISH,
        }
    }
}
