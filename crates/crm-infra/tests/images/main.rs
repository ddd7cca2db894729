//! Uploaded files become photos: what is read, what is refused, what is left of it, and what it costs.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

mod bombs;
mod files;
mod jpegs;
mod limits;
mod metadata;
mod mutations;
mod pngs;
mod refit;
mod refusals;
mod support;
mod webps;
