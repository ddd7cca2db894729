//! What the binary does besides serving, one file per command.

pub(crate) mod audit;
pub(crate) mod doctor;
pub(crate) mod health;
pub(crate) mod migrate;
pub(crate) mod openapi;
pub(crate) mod photos;
pub(crate) mod reindex;
pub(crate) mod seed;
pub(crate) mod trash;
