//! What commands print. Logs go elsewhere.

use std::error::Error;
use std::fmt::Display;
use std::io::Write as _;

use crm_domain::progress::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// Prints a line. Whoever closed the pipe does not want the rest.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints a line for whoever has to mend something.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A bar on the terminal; nothing where there is none.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:14} {wide_bar} {human_pos}/{human_len} {eta}") {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn start(&self, what: &'static str, total: u64) {
        self.0.reset();
        self.0.set_length(total);
        self.0.set_message(what);
    }

    fn advance(&self, by: u64) {
        self.0.inc(by);
    }

    fn failed(&self, step: &dyn Display, error: &dyn Error) {
        let mut line = format!("{step}: {error}");
        let mut cause = error.source();
        while let Some(error) = cause {
            line = format!("{line}: {error}");
            cause = error.source();
        }
        self.0.suspend(|| complain(&line));
    }

    fn lost(&self, what: &dyn Display) {
        self.0.suspend(|| complain(&format!("{what} is missing")));
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
