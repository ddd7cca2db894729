//! Gathers what was given, from where, and every mistake in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fmt, io};

use secrecy::SecretString;
use toml::{Table, Value};

use super::settings::{self, Fallback, NEXTAUTH_SECRET, PREFIX, SETTINGS, Setting};

/// Everything wrong with a configuration, never just the first thing.
#[derive(Debug)]
pub(crate) struct ConfigErrors(Vec<String>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration cannot be used:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for ConfigErrors {}

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    CommandLine,
    Environment,
    NextAuth,
    File,
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CommandLine => "command line",
            Self::Environment => "environment",
            Self::NextAuth => "environment, NEXTAUTH_SECRET",
            Self::File => "file",
            Self::Default => "default",
        })
    }
}

/// A value that cannot be used; the mistake is already in the list.
#[derive(Clone, Copy)]
pub(super) struct Reported;

/// A value that can be used, or one whose mistake is already in the list.
pub(super) type Checked<T> = Result<T, Reported>;

/// The given values, and the mistakes found so far.
#[derive(Default)]
pub(super) struct Reader {
    given: BTreeMap<&'static str, (String, Source)>,
    problems: Vec<String>,
    file_is_unread: bool,
}

impl Reader {
    /// Takes in the environment, and after it the file, which therefore only fills gaps.
    ///
    /// An empty variable counts as not set: that is what a compose file makes of one it was not given.
    pub(super) fn new(
        vars: impl Iterator<Item = (String, String)>,
        file: Option<&Path>,
        read: impl FnOnce(&Path) -> io::Result<String>,
    ) -> Self {
        let mut reader = Self::default();
        let mut nextauth_secret = None;
        for (name, value) in vars.filter(|(_, value)| !value.trim().is_empty()) {
            if name == NEXTAUTH_SECRET {
                nextauth_secret = Some(value);
            } else if name.starts_with(PREFIX) {
                reader.take_variable(&name, value);
            }
        }
        if let Some(path) = file {
            let path = path.display().to_string();
            reader.given.insert(settings::CONFIG.name, (path, Source::CommandLine));
        }
        if let Some((path, _)) = reader.given.get(settings::CONFIG.name) {
            match read(Path::new(path.trim())) {
                Ok(text) => reader.take_file(&text),
                Err(error) => reader.file_problem(&format!("cannot read {path}: {error}")),
            }
        }
        if let Some(secret) = nextauth_secret {
            reader.give(&settings::SESSION_SECRET, secret, Source::NextAuth);
        }
        reader
    }

    fn take_variable(&mut self, name: &str, value: String) {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            let nearest = nearest(name, |setting| setting.name.to_owned());
            return self.problem(format!("{name}: no such setting; the nearest is {nearest}"));
        };
        if value.contains(char::REPLACEMENT_CHARACTER) {
            return self.problem(format!("{name}: must be valid UTF-8"));
        }
        self.give(setting, value, Source::Environment);
    }

    fn take_file(&mut self, text: &str) {
        let table = match text.parse::<Table>() {
            Ok(table) => table,
            Err(error) => {
                // Only the message: in full, the error quotes the line, which may hold a secret.
                let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                return self.file_problem(&format!("line {line}: {}", error.message().replace('\n', ", ")));
            }
        };
        for (key, value) in table {
            let Some(setting) = SETTINGS.iter().find(|setting| setting.key() == key) else {
                let nearest = nearest(&key, Setting::key);
                self.problem(format!("{key} in the configuration file: no such key; the nearest is {nearest}"));
                continue;
            };
            match value {
                _ if setting.name == settings::CONFIG.name => {
                    self.problem(format!("{key} in the configuration file: a file cannot name another one"));
                }
                Value::String(text) if text.trim().is_empty() => {}
                Value::String(text) => self.give(setting, text, Source::File),
                Value::Integer(number) => self.give(setting, number.to_string(), Source::File),
                Value::Boolean(choice) => self.give(setting, choice.to_string(), Source::File),
                _ => self.problem(format!("{key} in the configuration file: must be text, a whole number or a boolean")),
            }
        }
    }

    /// Keeps a value unless a place that comes first has given one.
    fn give(&mut self, setting: &Setting, text: String, source: Source) {
        self.given.entry(setting.name).or_insert((text, source));
    }

    /// Records that nothing of the file is known.
    fn file_problem(&mut self, text: &str) {
        self.file_is_unread = true;
        self.problem(format!("configuration file: {text}"));
    }

    pub(super) fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(text.into());
    }

    /// Whether every place was read, so that what is missing is missing for certain.
    pub(super) fn is_complete(&self) -> bool {
        !self.file_is_unread
    }

    /// A setting that may stay unset.
    pub(super) fn optional<T>(&mut self, setting: &Setting, parse: impl FnOnce(&str) -> Option<T>) -> Checked<Option<T>> {
        let (text, source) = match (self.given.get(setting.name), &setting.default) {
            (Some((text, source)), _) => (text.as_str(), *source),
            (None, Fallback::Fixed(text)) => (*text, Source::Default),
            (None, Fallback::Derived { .. }) => return Ok(None),
        };
        if let Some(value) = parse(text.trim()) {
            return Ok(Some(value));
        }
        let (accepts, example) = (setting.accepts, setting.example());
        self.problem(format!("{}: must be {accepts}, such as {example} (set in: {source})", setting.name));
        Err(Reported)
    }

    /// A setting with a fixed default.
    pub(super) fn value<T>(&mut self, setting: &Setting, parse: impl FnOnce(&str) -> Option<T>) -> Checked<T> {
        self.optional(setting, parse)?.ok_or(Reported)
    }

    /// The session secret, to the letter: blanks at its ends belong to it, as they do for the web app.
    pub(super) fn session_secret(&mut self) -> Checked<Option<SecretString>> {
        let Some((text, source)) = self.given.get(settings::SESSION_SECRET.name) else {
            return Ok(None);
        };
        if *source == Source::NextAuth || text.chars().count() >= 32 {
            return Ok(Some(text.as_str().into()));
        }
        let accepts = settings::SESSION_SECRET.accepts;
        self.problem(format!(
            "CRM_SESSION_SECRET: must be {accepts}; `openssl rand -hex 32` makes a good one (set in: {source})"
        ));
        Err(Reported)
    }

    /// Where each given value came from.
    pub(super) fn sources(&self) -> BTreeMap<&'static str, Source> {
        self.given.iter().map(|(name, (_, source))| (*name, *source)).collect()
    }

    /// The value, unless anything at all was wrong.
    pub(super) fn finish<T>(self, value: Checked<T>) -> Result<T, ConfigErrors> {
        match value {
            Ok(value) if self.problems.is_empty() => Ok(value),
            _ => Err(ConfigErrors(self.problems)),
        }
    }
}

/// The known name that takes the fewest changes to reach.
fn nearest(unknown: &str, name_of: impl Fn(&Setting) -> String) -> String {
    let names = SETTINGS.iter().map(|setting| name_of(setting));
    names.min_by_key(|name| edits(unknown, name)).unwrap_or_default()
}

/// Levenshtein distance: letters to insert, delete or replace.
fn edits(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.bytes().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in to.bytes().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
