//! What commands print. Logs go elsewhere.

use std::io::Write as _;

/// Prints a line. Whoever closed the pipe does not want the rest.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints a line for whoever has to mend something.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
