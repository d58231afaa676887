//! The log as an exit: what happens is one line each, whatever texts from elsewhere say. Where it cannot be written, as on
//! a disk that is full, everything goes on without.

use std::fmt;
use std::io::{self, IsTerminal as _};

use tracing::field::Field;
use tracing::{Level, Subscriber};
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::{Writer, debug_fn};

use crate::config::{Config, Format};

/// Longest value of a field, bytes.
const VALUE_BYTES: usize = 4_096;

/// Begins the log of this process, on its standard error.
pub fn start(config: &Config) {
    let level = config.log.tracing();
    match config.log_format {
        Format::Text => {
            let log = text(io::stderr, level, io::stderr().is_terminal());
            // Once in a process, at its start.
            tracing::subscriber::set_global_default(log).unwrap_or_default();
        }
        Format::Json => {
            let log = json(io::stderr, level);
            tracing::subscriber::set_global_default(log).unwrap_or_default();
        }
    }
}

fn text<W>(writer: W, level: Level, colours: bool) -> impl Subscriber
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(writer)
        // It would be told on the standard error, which is what cannot be written: that ends the process.
        .log_internal_errors(false)
        .with_target(false)
        .with_ansi(colours)
        .fmt_fields(debug_fn(value).delimited(" "))
        .finish()
}

fn json<W>(writer: W, level: Level) -> impl Subscriber
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(writer)
        // It would be told on the standard error, which is what cannot be written: that ends the process.
        .log_internal_errors(false)
        .with_target(false)
        .json()
        .finish()
}

fn value(writer: &mut Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    let value = format!("{value:?}");
    let value = sonde_proto::text::clean(&value, VALUE_BYTES, false);
    match field.name() {
        "message" => write!(writer, "{value}"),
        name => write!(writer, "{name}={value}"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;
    use crate::hostile;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Lines {
        fn text(&self) -> String {
            let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            String::from_utf8(bytes.clone()).unwrap()
        }
    }

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged of a hostile text: as a value, and as the message.
    fn logged<S: Subscriber + Send + Sync>(log: impl Fn(Lines) -> S, hostile: &str) -> String {
        let lines = Lines::default();
        tracing::subscriber::with_default(log(lines.clone()), || {
            tracing::warn!(of.name = %hostile, of.debug = ?hostile, "it is named");
            tracing::warn!("{hostile}");
        });
        lines.text()
    }

    #[test]
    fn a_hostile_text_makes_no_line_of_its_own() {
        for hostile in hostile::texts() {
            let text = |lines: Lines| text(move || lines.clone(), Level::INFO, false);
            let text = logged(text, &hostile);
            assert_eq!(text.lines().count(), 2, "{text:?}");
            for line in text.lines() {
                hostile::assert_inert(line);
            }
            assert!(text.len() < 3 * VALUE_BYTES + 1_000, "{}", text.len());
            let json = |lines: Lines| json(move || lines.clone(), Level::INFO);
            let json = logged(json, &hostile);
            let said: Vec<serde_json::Value> = json
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect();
            assert_eq!(said.len(), 2);
            assert_eq!(said[0]["fields"]["of.name"], *hostile);
        }
    }
}
