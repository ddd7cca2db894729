//! Photos from upload to removal over a store that keeps its transactions in memory: what happens in which order,
//! and what is put right after it was cut off.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

mod cuts;
mod objects;
mod outcome;
mod reprocess;
mod sweep;
mod sweep_races;
mod upload;
mod world;
