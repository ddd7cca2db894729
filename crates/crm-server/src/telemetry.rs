//! Logs: pretty on a terminal, JSON lines otherwise, always on stderr so that stdout
//! stays free for what a command prints.

use std::fmt;
use std::io::{self, IsTerminal as _};
use std::panic::{self, PanicHookInfo};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use tracing::{Dispatch, dispatcher};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::config::LogFormat;

/// Starts logging for the whole process. Panics are logged from here on too.
pub(crate) fn init(filter: &str, format: LogFormat) -> anyhow::Result<()> {
    let is_terminal = io::stderr().is_terminal();
    let style = match format {
        LogFormat::Auto if is_terminal => Style::Pretty { colours: true },
        LogFormat::Pretty => Style::Pretty { colours: is_terminal },
        LogFormat::Auto | LogFormat::Json => Style::Json,
    };
    let filter = EnvFilter::builder().parse(filter)?;
    dispatcher::set_global_default(dispatch(filter, style, io::stderr))?;
    panic::set_hook(Box::new(log_panic));
    Ok(())
}

#[derive(Clone, Copy)]
enum Style {
    Pretty { colours: bool },
    Json,
}

fn dispatch<W>(filter: EnvFilter, style: Style, writer: W) -> Dispatch
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_timer(UtcMillis).with_writer(writer);
    match style {
        Style::Pretty { colours: true } => logs.compact().into(),
        Style::Pretty { colours: false } => logs.compact().with_ansi(false).into(),
        // All spans, not just the innermost: the outermost one carries the request id.
        Style::Json => logs.json().flatten_event(true).with_current_span(false).with_span_list(true).into(),
    }
}

/// Says where, never what: the message of a panic may quote a client's data.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(location, "a thread panicked; its message is withheld because it may hold personal data");
}

/// `2026-03-01T12:00:00.123Z`: sortable, and the same wherever the server stands.
struct UtcMillis;

impl FormatTime for UtcMillis {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        let now = DateTime::<Utc>::from(SystemTime::now());
        write!(writer, "{}", now.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use chrono::NaiveDateTime;

    use super::*;

    fn logged(style: Style, act: impl FnOnce()) -> String {
        let buffer = Arc::new(Mutex::new(Vec::new()));
        let writer = Shared(Arc::clone(&buffer));
        let dispatch = dispatch(EnvFilter::new("info"), style, move || writer.clone());
        dispatcher::with_default(&dispatch, act);
        String::from_utf8(buffer.lock().unwrap().clone()).unwrap()
    }

    #[derive(Clone)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn json_logs_are_one_object_a_line_with_utc_milliseconds_and_every_span() {
        let text = logged(Style::Json, || {
            let request = tracing::info_span!("request", request_id = "r1").entered();
            let inner = tracing::info_span!("query").entered();
            tracing::info!(rows = 3, "two\nlines");
            drop((inner, request));
            tracing::debug!("filtered out");
        });

        assert_eq!(text.lines().count(), 1, "{text}");
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["message"], "two\nlines");
        assert_eq!(line["rows"], 3);
        assert_eq!(line["spans"][0]["request_id"], "r1");
        let timestamp = line["timestamp"].as_str().unwrap();
        assert_eq!(timestamp.len(), "2026-03-01T12:00:00.123Z".len(), "{timestamp}");
        assert!(NaiveDateTime::parse_from_str(timestamp, "%Y-%m-%dT%H:%M:%S%.3fZ").is_ok(), "{timestamp}");
    }

    #[test]
    fn pretty_logs_without_colours_hold_no_escape_codes() {
        let text = logged(Style::Pretty { colours: false }, || tracing::warn!(rows = 3, "slow"));
        assert!(text.contains("WARN") && text.contains("slow rows=3"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }

    #[test]
    fn a_panic_is_logged_with_its_place_and_without_its_message() {
        let text = logged(Style::Json, || {
            let usual = panic::take_hook();
            panic::set_hook(Box::new(log_panic));
            let outcome = panic::catch_unwind(|| panic!("María Pérez, 55 1234 5678"));
            panic::set_hook(usual);
            assert!(outcome.is_err());
        });

        assert!(text.contains("telemetry.rs:"), "{text}");
        assert!(text.contains("a thread panicked"), "{text}");
        assert!(!text.contains("María"), "{text}");
    }
}
