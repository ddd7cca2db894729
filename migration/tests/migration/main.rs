//! Both engines, from the outside: what is created, adopted, kept right and taken back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod adoption;
mod creation;
mod dump;
mod foreign_programs;
mod indexes;
mod normal_forms;
mod projections;
mod repair;
mod support;
