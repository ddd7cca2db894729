use unicode_normalization::UnicodeNormalization;

use super::{FieldValue, is_unsafe};
use crate::validation::Reason;

/// Text of at most `MAX` characters, in canonical composition, with line breaks only if `MULTILINE`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Text<const MAX: usize, const MULTILINE: bool>(String);

/// Text on one line, at most `MAX` characters.
pub type Line<const MAX: usize> = Text<MAX, false>;
/// Text of several lines, at most `MAX` characters.
pub type Prose<const MAX: usize> = Text<MAX, true>;

impl<const MAX: usize, const MULTILINE: bool> Text<MAX, MULTILINE> {
    /// Checks and cleans input; see [`super::parse_optional`] for how blank input is read.
    pub fn parse(raw: &str) -> Result<Self, Reason> {
        super::parse_required(raw)
    }

    /// Trusts a stored value.
    pub fn from_stored(raw: String) -> Self {
        Self(raw)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize, const MULTILINE: bool> FieldValue for Text<MAX, MULTILINE> {
    fn parse(trimmed: &str) -> Result<Self, Reason> {
        let text: String = trimmed.nfc().collect();
        if text.chars().count() > MAX {
            return Err(Reason::TooLong { max: MAX });
        }
        let is_line_break = |c| MULTILINE && matches!(c, '\n' | '\r' | '\t');
        if text.chars().any(|c| is_unsafe(c) && !is_line_break(c)) {
            return Err(Reason::UnsafeCharacters);
        }
        Ok(Self(text))
    }
}

// Personal data stays out of logs even when someone prints a whole struct.
impl<const MAX: usize, const MULTILINE: bool> std::fmt::Debug for Text<MAX, MULTILINE> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Text({} characters)", self.0.chars().count())
    }
}

impl<const MAX: usize, const MULTILINE: bool> From<Text<MAX, MULTILINE>> for String {
    fn from(text: Text<MAX, MULTILINE>) -> Self {
        text.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::parse_optional;

    #[test]
    fn text_is_trimmed_composed_and_blank_counts_as_nothing() {
        assert_eq!(Line::<100>::parse("  Jose\u{301} \u{200B}").unwrap().as_str(), "José");
        for blank in ["", "  ", "\t\n", "\u{200B}\u{FEFF}"] {
            assert_eq!(parse_optional::<Line<100>>(blank), Ok(None), "{blank:?}");
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(Line::<3>::parse("ñáü").is_ok());
        assert_eq!(Line::<3>::parse("ñáüo"), Err(Reason::TooLong { max: 3 }));
    }

    #[test]
    fn control_characters_and_direction_overrides_are_refused() {
        for hostile in ["a\0b", "a\u{202E}b", "a\u{2067}b", "a\u{1B}[31m", "a\nb"] {
            assert_eq!(Line::<100>::parse(hostile), Err(Reason::UnsafeCharacters), "{hostile:?}");
        }
        assert!(Prose::<100>::parse("a\r\nb\tc").is_ok());
        assert_eq!(Prose::<100>::parse("a\0b"), Err(Reason::UnsafeCharacters));
    }

    #[test]
    fn printing_a_value_for_debugging_does_not_show_it() {
        assert_eq!(format!("{:?}", Line::<100>::parse("Ana").unwrap()), "Text(3 characters)");
    }
}
