//! SHA-256 as text.

use sha2::{Digest as _, Sha256};

/// The digest as 64 lower-case hexadecimal digits.
pub(crate) fn hex(hasher: Sha256) -> String {
    hex::encode(hasher.finalize())
}
