//! The terminal as an exit: nothing from elsewhere reaches it with control or bidirectional characters.

use std::io::{self, IsTerminal as _, Write as _};

use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};
use serde_json::Value;

use super::layout::{self, Column};

/// Width of a table that goes to no terminal.
const WIDTH: u16 = 80;
/// A terminal that says that it is narrower does not know.
const NARROWEST: u16 = 20;
/// Columns that are neither broken nor shortened.
const WHOLE: [&str; 6] = ["id", "at", "no", "status", "state", "check"];
/// Longest text of one line, bytes.
const LINE_BYTES: usize = 4_096;
/// Longest text of several lines, bytes: more than a note may have.
const LINES_BYTES: usize = 256 << 10;
/// Stands where a text goes on.
const CUT: &str = " … (cut)";

/// How a command shows what it has.
pub(super) struct Output {
    pub(super) json: bool,
    /// A wide table with all of its columns, under each other.
    pub(super) all_columns: bool,
    /// Bytes of a job's output that the terminal shows already.
    pub(super) n_shown: usize,
    is_terminal: bool,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self {
            json,
            all_columns: false,
            n_shown: 0,
            is_terminal: io::stdout().is_terminal(),
        }
    }

    /// What the collector said, as it said it.
    pub(super) fn value(&self, value: &Value) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{}", json(value, true)?)
    }

    /// The same on one line.
    pub(super) fn json_line(&self, value: &Value) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{}", json(value, false)?)
    }

    pub(super) fn line(&self, text: &str) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{}", clean(text))
    }

    /// What is no answer, but should be known before it: beside the answer, for people.
    pub(super) fn notice(&self, text: &str) -> io::Result<()> {
        writeln!(io::stderr().lock(), "{}", clean(text))
    }

    /// Text of several lines.
    pub(super) fn text(&self, text: &str) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{}", many(text))
    }

    /// A table that fits the terminal; one without rows says so.
    pub(super) fn table(
        &self,
        header: &[&str],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> io::Result<()> {
        let rows: Vec<Vec<String>> = rows.into_iter().collect();
        if rows.is_empty() {
            return writeln!(io::stdout().lock(), "none");
        }
        let width = self.width();
        let headings: Vec<String> = header.iter().map(|name| heading(name)).collect();
        let columns: Vec<Column> = (0..)
            .zip(header)
            .zip(&headings)
            .map(|((index, name), heading)| {
                let cells = rows.iter().filter_map(|row| row.get(index));
                let texts = cells.map(String::as_str).chain([heading.as_str()]);
                Column::new(WHOLE.contains(name), texts)
            })
            .collect();
        let limits = layout::limits(&columns, width.into());
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width)
            .set_header(
                headings
                    .iter()
                    .zip(&limits)
                    .map(|(text, limit)| layout::shorten(text, *limit)),
            );
        for row in rows {
            let cells = row.iter().zip(&limits);
            table.add_row(cells.map(|(text, limit)| self.cell(&layout::shorten(text, *limit))));
        }
        for ((column, width), limit) in table.column_iter_mut().zip(&columns).zip(&limits) {
            column.set_constraint(match width.is_whole {
                true => ColumnConstraint::ContentWidth,
                false => ColumnConstraint::LowerBoundary(Width::Fixed(layout::least_width(*limit))),
            });
        }
        writeln!(io::stdout().lock(), "{}", table.trim_fmt())
    }

    /// Says how to go on where a list has more than it shows.
    pub(super) fn more(&self, list: &Value, option: &str) -> io::Result<()> {
        match list["next"].as_str() {
            Some(next) => self.line(&format!("more: --{option} {next}")),
            None => Ok(()),
        }
    }

    /// Of the terminal, as far as it says one that can be: else what the environment says.
    fn width(&self) -> u16 {
        let terminal = match self.is_terminal {
            true => Table::new().width(),
            false => None,
        };
        let said = || std::env::var("COLUMNS").ok()?.parse().ok();
        terminal
            .filter(|width| *width >= NARROWEST)
            .or_else(said)
            .filter(|width| *width >= NARROWEST)
            .unwrap_or(WIDTH)
    }

    /// Statuses and states have their colour on a terminal, and their word everywhere.
    fn cell(&self, text: &str) -> Cell {
        // Lines are this side's own: what comes from elsewhere has been made one line before.
        let cell = Cell::new(many(text));
        let plain = !self.is_terminal || std::env::var_os("NO_COLOR").is_some();
        match text {
            _ if plain => cell,
            "ok" | "succeeded" | "done" => cell.fg(Color::Green),
            "warning" | "queued" => cell.fg(Color::Yellow),
            "critical" | "failed" | "refused" => cell.fg(Color::Red),
            "unknown" => cell.fg(Color::Magenta),
            _ => cell,
        }
    }
}

/// A column's name over it; where times stand, with their zone.
fn heading(name: &str) -> String {
    let name = name.replace('_', " ").to_uppercase();
    match name.as_str() {
        "AT" | "SINCE" | "SEEN" | "CHANGED" | "STARTED AT" => {
            let now = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::system());
            format!("{name} ({})", now.strftime("%Z"))
        }
        _ => name,
    }
}

/// JSON that does nothing to a terminal either: what is not plain text in it is escaped.
pub(super) fn json(value: &impl serde::Serialize, pretty: bool) -> serde_json::Result<String> {
    let text = match pretty {
        true => serde_json::to_string_pretty(value),
        false => serde_json::to_string(value),
    }?;
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        // Outside of strings JSON has line feeds and what is harmless.
        match c {
            '\n' => escaped.push(c),
            _ if sonde_proto::text::clean(c.encode_utf8(&mut [0; 4]), 4, false) == "\u{fffd}" => {
                escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => escaped.push(c),
        }
    }
    Ok(escaped)
}

/// One line without control or bidirectional characters.
pub(super) fn clean(text: &str) -> String {
    within(text, LINE_BYTES, false)
}

/// Lines without control or bidirectional characters.
pub(super) fn many(text: &str) -> String {
    sonde_proto::text::clean(text, usize::MAX, true).into_owned()
}

/// What is longer says that it goes on.
fn within(text: &str, longest: usize, lines: bool) -> String {
    let whole = sonde_proto::text::clean(text, usize::MAX, lines);
    match whole.len() > longest {
        false => whole.into_owned(),
        true => format!("{}{CUT}", &whole[..whole.floor_char_boundary(longest)]),
    }
}

/// A plain value as one line of harmless text; an absent one as nothing.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => clean(text),
        Value::Array(parts) if parts.iter().all(Value::is_string) => {
            parts.iter().map(plain).collect::<Vec<_>>().join(" ")
        }
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            clean(&value.to_string())
        }
    }
}

/// A text that may have several lines.
pub(super) fn lines(value: &Value) -> String {
    within(value.as_str().unwrap_or_default(), LINES_BYTES, true)
}

/// The beginning of an id, where it need not be typed again; other names as they are.
pub(super) fn short(name: &str) -> String {
    match name.parse::<crate::store::Id>() {
        Ok(_) => format!("{}…", &name[..8]),
        Err(_) => name.to_owned(),
    }
}

/// A field of an object as text.
pub(super) fn field(object: &Value, name: &str) -> String {
    plain(&object[name])
}

/// A time in the reader's zone, to the minute.
pub(super) fn when(value: &Value) -> String {
    local(value, "%Y-%m-%d %H:%M")
}

/// The same to the second, where the next command may take it.
pub(super) fn exactly(value: &Value) -> String {
    local(value, "%Y-%m-%d %H:%M:%S")
}

/// The hour alone, to the second.
pub(super) fn clock(value: &Value) -> String {
    local(value, "%H:%M:%S")
}

fn local(value: &Value, form: &str) -> String {
    value
        .as_str()
        .and_then(|text| text.parse::<jiff::Timestamp>().ok())
        .map_or_else(
            || plain(value),
            |time| {
                time.to_zoned_datetime(jiff::tz::TimeZone::system())
                    .strftime(form)
                    .to_string()
            },
        )
}

/// The items of a list.
pub(super) fn items(list: &Value) -> &[Value] {
    list["items"].as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostile;
    use serde_json::json;

    #[test]
    fn hostile_text_is_shown_inert() {
        assert_eq!(
            clean("a\u{1b}[31mb\u{202e}c\nd"),
            "a\u{fffd}[31mb\u{fffd}c\u{fffd}d"
        );
        let output = Output::new(false);
        for hostile in hostile::texts() {
            let value =
                json!({ "of": hostile, "all": [hostile, hostile], "in": { "of": hostile } });
            for shown in [
                clean(&hostile),
                when(&value["of"]),
                field(&value, "of"),
                field(&value, "all"),
                field(&value, "in"),
                super::json(&value, false).unwrap(),
            ] {
                hostile::assert_inert(&shown);
            }
            let pretty = super::json(&value, true).unwrap();
            for text in [many(&hostile), lines(&value["of"]), pretty] {
                text.split(['\n', '\t']).for_each(hostile::assert_inert);
            }
            let cell = output.cell(&field(&value, "of"));
            let mut table = Table::new();
            table.add_row([cell]);
            table.to_string().lines().for_each(hostile::assert_inert);
            assert!(field(&value, "of").len() <= LINE_BYTES + CUT.len());
        }
    }

    #[test]
    fn what_is_cut_says_so() {
        let line = clean(&"é".repeat(LINE_BYTES));
        assert!(line.ends_with("é … (cut)"), "{}", line.len());
        assert_eq!(clean(&"x".repeat(LINE_BYTES)).len(), LINE_BYTES);
        let note = json!("a\n".repeat(LINE_BYTES));
        assert_eq!(Value::from(lines(&note)), note);
    }

    #[test]
    fn json_is_inert_and_still_the_same() {
        let value = json!({"a": "x\u{7f}\u{9b}31m\u{202e}\n\u{2028}é"});
        let text = super::json(&value, false).unwrap();
        assert_eq!(text, r#"{"a":"x\u007f\u009b31m\u202e\n\u2028é"}"#);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        let pretty = super::json(&value, true).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&pretty).unwrap(), value);
    }

    #[test]
    fn values_are_shown_plainly() {
        let object = json!({"a": "x", "b": 3, "c": null});
        let shown = ["a", "b", "c", "d"].map(|name| field(&object, name));
        assert_eq!(shown, ["x", "3", "", ""]);
    }
}
