//! The pages of the client module: rendered here, complete without scripts.
//!
//! | Module | Holds |
//! |---|---|
//! | [`pages`] | the one table of pages: method, path, who may open it, handler |
//! | `clients`, `card`, `profile`, `notes`, `preferences`, `history`, `photo`, `trash`, `activity`, `sign_in`, `settings` | handlers and what their templates show |
//! | `visit` | from a request to a person looking at a page |
//! | `frame` | what is around every page |
//! | `form` | what was typed, read by the rules of the API |
//! | `conflict` | two people changed the same: a choice per field |
//! | `failure` | every error page; what was typed is offered again |
//! | `words` | every text in both languages |
//! | `format` | dates, times, money, phones |
//! | `assets` | the stylesheet, the script, the icon |
//!
//! Templates are in `templates/`: `components` are macros named after the components of the product, `pages` use them.

mod activity;
mod assets;
mod card;
mod clients;
#[cfg(test)]
mod components;
mod conflict;
mod failure;
mod flash;
mod form;
mod format;
mod frame;
mod history;
mod notes;
pub mod pages;
mod paging;
mod person;
mod photo;
mod preferences;
mod profile;
mod settings;
mod sign_in;
mod trash;
mod visit;
mod words;

pub use pages::configure;
