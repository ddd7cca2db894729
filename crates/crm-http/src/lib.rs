//! Skeleton.
pub mod session;
