//! Files that no honest program writes: made here, since most of them unfold to gigabytes.

pub(crate) mod exif;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod webp;
