//! Partial updates.

/// What an update says about one field that may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Not mentioned: leave it alone.
    #[default]
    Keep,
    /// Explicitly nothing: empty it.
    Clear,
    /// A new value.
    Set(T),
}

impl<T> Patch<T> {
    /// The value to set, if any.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Whether the field was mentioned at all.
    pub fn is_mentioned(&self) -> bool {
        !matches!(self, Self::Keep)
    }

    /// The same, or nothing unless it is wanted.
    pub(crate) fn only_if(self, is_wanted: bool) -> Self {
        if is_wanted { self } else { Self::Keep }
    }

    /// Puts the new value, if there is one, into the field.
    pub fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }

    /// What a new record holds: `Keep` and `Clear` both leave it empty.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }
}
