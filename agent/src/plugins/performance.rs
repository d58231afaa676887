//! What a plugin measured, as it prints it behind the bar: `'label'=value[UOM];[warn];[crit];[min];[max]`, separated by
//! spaces. Pure; what is not of that form is left out and counted.
//!
//! Source: Monitoring Plugins Development Guidelines, «Performance data» and «Threshold and ranges».

use serde::{Deserialize, Serialize};

/// Data of one run; a plugin that measures more is one that lists.
pub const MOST_DATA: usize = 64;
/// Longest label; a longer one is cut.
const LABEL_BYTES: usize = 120;
/// Longest unit that is shown; a longer one is none.
const UNIT_BYTES: usize = 12;

/// What a number counts, in Sonde's natural units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A plain number, or one in a unit that the convention does not know.
    Number,
    Seconds,
    Bytes,
    Percent,
    /// It only grows, except at restarts.
    Counter,
}

/// One number with what the plugin judges it by, all in natural units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Datum {
    pub label: String,
    pub value: f64,
    pub kind: Kind,
    /// The plugin's own unit where `kind` does not say it; empty elsewhere.
    pub unit: String,
    pub warning: Option<Range>,
    pub critical: Option<Range>,
    pub least: Option<f64>,
    pub most: Option<f64>,
}

/// Where a number lies well, or, `is_inside`, where it does not. An absent end is infinite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    pub is_inside: bool,
    pub start: Option<f64>,
    pub end: Option<f64>,
}

/// All of one output.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Performance {
    pub data: Vec<Datum>,
    /// Pieces that are not of the form, or beyond `MOST_DATA`.
    pub n_left_out: u64,
}

/// Reads what stands behind the bars of one output.
pub fn parse(text: &str) -> Performance {
    let mut performance = Performance::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let piece = piece(rest);
        rest = rest[piece.len()..].trim_start();
        match datum(piece) {
            Read::Datum(datum) if performance.data.len() < MOST_DATA => {
                performance.data.push(*datum);
            }
            // Said not to be known.
            Read::Nothing => {}
            Read::Datum(_) | Read::Garbage => performance.n_left_out += 1,
        }
    }
    performance
}

/// Up to the next space that is not within a quoted label.
fn piece(text: &str) -> &str {
    let mut is_quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '\'' => is_quoted = !is_quoted,
            c if c.is_whitespace() && !is_quoted => return &text[..at],
            _ => {}
        }
    }
    // A quote that is never closed quotes nothing.
    match is_quoted {
        true => text.split_whitespace().next().unwrap_or(text),
        false => text,
    }
}

enum Read {
    Datum(Box<Datum>),
    Nothing,
    Garbage,
}

fn datum(piece: &str) -> Read {
    let Some((label, fields)) = label(piece) else {
        return Read::Garbage;
    };
    let mut fields = fields.split(';');
    let first = fields.next().unwrap_or_default();
    if first == "U" {
        return Read::Nothing;
    }
    let Some((value, unit)) = number_and_unit(first) else {
        return Read::Garbage;
    };
    let (kind, times, by) = natural(unit);
    let scale = |number: f64| number * times / by;
    let is_named = kind != Kind::Number || unit.len() > UNIT_BYTES;
    let number = |text: Option<&str>| text.and_then(number).map(scale);
    let scaled = |range: Range| Range {
        start: range.start.map(scale),
        end: range.end.map(scale),
        ..range
    };
    let warning = fields.next().and_then(range).map(scaled);
    let critical = fields.next().and_then(range).map(scaled);
    let (least, most) = (number(fields.next()), number(fields.next()));
    let value = scale(value);
    if !value.is_finite() {
        return Read::Garbage;
    }
    Read::Datum(Box::new(Datum {
        label,
        value,
        kind,
        unit: if is_named { "" } else { unit }.to_owned(),
        warning,
        critical,
        least,
        most,
    }))
}

/// The label, harmless, and what follows the equals sign. Within quotes two quotes stand for one.
fn label(piece: &str) -> Option<(String, &str)> {
    let (label, fields) = match piece.strip_prefix('\'') {
        None => {
            let (label, fields) = piece.split_once('=')?;
            (label.to_owned(), fields)
        }
        Some(quoted) => {
            let mut label = String::new();
            let mut rest = quoted;
            loop {
                let (before, after) = rest.split_once('\'')?;
                label.push_str(before);
                match after.strip_prefix('\'') {
                    Some(more) => {
                        label.push('\'');
                        rest = more;
                    }
                    None => break (label, after.strip_prefix('=')?),
                }
            }
        }
    };
    let label = sonde_proto::text::clean(label.trim(), LABEL_BYTES, false).into_owned();
    (!label.is_empty()).then_some((label, fields))
}

/// Digits, sign and point, and what follows them. A unit has no digit, comma or quote: "3,5" is no number.
fn number_and_unit(text: &str) -> Option<(f64, &str)> {
    let is_of_number = |c: char| c.is_ascii_digit() || "+-.".contains(c);
    let mut end = text.find(|c| !is_of_number(c)).unwrap_or(text.len());
    // What printf's %g makes of very large and very small numbers.
    if let Some(exponent) = text[end..].strip_prefix(['e', 'E']) {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        let n_digits = digits.bytes().take_while(u8::is_ascii_digit).count();
        if n_digits > 0 {
            end = text.len() - digits.len() + n_digits;
        }
    }
    let (number, unit) = text.split_at(end);
    let is_unit = unit
        .chars()
        .all(|c| !c.is_ascii_digit() && !"',\"=".contains(c) && !c.is_control());
    let number: f64 = number.parse().ok()?;
    (is_unit && number.is_finite()).then_some((number, unit))
}

/// A number alone, or with the value's unit, which some plugins repeat.
fn number(text: &str) -> Option<f64> {
    number_and_unit(text).map(|(number, _)| number)
}

/// What a unit counts, and by what its numbers are multiplied, then divided. Prefixes of bytes are powers of 1024, as the
/// plugins of the convention themselves count.
fn natural(unit: &str) -> (Kind, f64, f64) {
    let (kind, times, by) = match unit {
        "s" => (Kind::Seconds, 1, 1),
        "ms" => (Kind::Seconds, 1, 1_000),
        "us" => (Kind::Seconds, 1, 1_000_000),
        "ns" => (Kind::Seconds, 1, 1_000_000_000),
        "%" => (Kind::Percent, 1, 1),
        "c" => (Kind::Counter, 1, 1),
        "B" => (Kind::Bytes, 1, 1),
        "KB" | "kB" | "KiB" => (Kind::Bytes, 1_u64 << 10, 1),
        "MB" | "MiB" => (Kind::Bytes, 1 << 20, 1),
        "GB" | "GiB" => (Kind::Bytes, 1 << 30, 1),
        "TB" | "TiB" => (Kind::Bytes, 1 << 40, 1),
        "PB" | "PiB" => (Kind::Bytes, 1 << 50, 1),
        _ => (Kind::Number, 1, 1),
    };
    (kind, times as f64, by as f64)
}

/// `[@]start:end`: "10" is 0 to 10, "10:" from 10 on, "~:10" up to 10.
fn range(text: &str) -> Option<Range> {
    let (is_inside, text) = match text.strip_prefix('@') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (start, end) = match text.split_once(':') {
        None => (Some(0.0), Some(number(text)?)),
        Some((start, end)) => {
            let start = match start {
                "~" => None,
                "" => Some(0.0),
                start => Some(number(start)?),
            };
            let end = match end {
                "" => None,
                end => Some(number(end)?),
            };
            (start, end)
        }
    };
    Some(Range {
        is_inside,
        start,
        end,
    })
}

impl std::fmt::Display for Range {
    /// As plugins write it, in natural units.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_inside {
            f.write_str("@")?;
        }
        match self.start {
            None => f.write_str("~:")?,
            Some(0.0) if self.end.is_some() => {}
            Some(start) => write!(f, "{start}:")?,
        }
        self.end.map_or(Ok(()), |end| write!(f, "{end}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let performance = parse(text);
        let data = performance.data.iter().map(|datum| {
            let range = |range: Option<Range>| range.map_or("-".into(), |range| range.to_string());
            let end = |end: Option<f64>| end.map_or("-".into(), |end| end.to_string());
            format!(
                "{}|{} {:?}{} {} {} {} {}",
                datum.label,
                datum.value,
                datum.kind,
                datum.unit,
                range(datum.warning),
                range(datum.critical),
                end(datum.least),
                end(datum.most)
            )
        });
        let mut said: Vec<String> = data.collect();
        if performance.n_left_out > 0 {
            said.push(format!("left out: {}", performance.n_left_out));
        }
        assert_eq!(said.join("\n"), expected);
    }

    #[test]
    fn debians_plugins_are_read() {
        check(
            "/=61502128128B;243497277849;257024904396;0;270552530944",
            "/|61502128128 Bytes 243497277849 257024904396 0 270552530944",
        );
        check("procs=75;1000;;0;", "procs|75 Number 1000 - 0 -");
        check(
            "load1=0.660;5.000;10.000;0; load5=0.750;5.000;10.000;0; ",
            "load1|0.66 Number 5 10 0 -\nload5|0.75 Number 5 10 0 -",
        );
        check(
            "rta=12.445000ms;100.000000;200.000000;0.000000 pl=0%;5;15;0",
            "rta|0.012445 Seconds 0.1 0.2 0 -\npl|0 Percent 5 15 0 -",
        );
    }

    #[test]
    fn a_quoted_label_may_hold_anything() {
        check("'a b=c'=1", "a b=c|1 Number - - - -");
        check("'it''s'=1 b=2", "it's|1 Number - - - -\nb|2 Number - - - -");
        check("''''=1", "'|1 Number - - - -");
        check("'C:\\ %'=5%", "C:\\ %|5 Percent - - - -");
        check(
            "'a\u{1b}[31m\u{202e}'=1",
            "a\u{fffd}[31m\u{fffd}|1 Number - - - -",
        );
    }

    #[test]
    fn units_become_natural_ones() {
        check("t=250us", "t|0.00025 Seconds - - - -");
        check("t=3s", "t|3 Seconds - - - -");
        check("m=2MB;1;;0;4", "m|2097152 Bytes 1048576 - 0 4194304");
        check("m=2KiB", "m|2048 Bytes - - - -");
        check("n=7c", "n|7 Counter - - - -");
        check("v=-3.5V", "v|-3.5 NumberV - - - -");
        check("t=21°C", "t|21 Number°C - - - -");
        check("r=1.5e-3s", "r|0.0015 Seconds - - - -");
    }

    #[test]
    fn ranges_are_those_of_the_guidelines() {
        check("a=1;10;20:", "a|1 Number 10 20: - -");
        check("a=1;~:10;10:20", "a|1 Number ~:10 10:20 - -");
        check("a=1;@10:20;:5", "a|1 Number @10:20 5 - -");
        check("a=1ms;@10:20", "a|0.001 Seconds @0.01:0.02 - - -");
        check("a=1;x;20", "a|1 Number - 20 - -");
    }

    #[test]
    fn what_is_not_of_the_form_is_left_out_and_counted() {
        check("", "");
        check("   ", "");
        check("a", "left out: 1");
        check("=1", "left out: 1");
        check("a=", "left out: 1");
        check("a=3,5", "left out: 1");
        check("a=1.2.3", "left out: 1");
        check("a=--1 b=2", "b|2 Number - - - -\nleft out: 1");
        check("'open=1 b=2", "b|2 Number - - - -\nleft out: 1");
        check("'a'b=1", "left out: 1");
        check("a=1e999", "left out: 1");
        check("a=inf b=NaN", "left out: 2");
        // Said not to be known.
        check("a=U b=1", "b|1 Number - - - -");
    }

    #[test]
    fn a_plugin_that_lists_is_cut() {
        let many: String = (0..2 * MOST_DATA).map(|n| format!("a{n}=1 ")).collect();
        let performance = parse(&many);
        assert_eq!(performance.data.len(), MOST_DATA);
        assert_eq!(performance.n_left_out, MOST_DATA as u64);
        let long = parse(&format!("{}=1", "x".repeat(4 * LABEL_BYTES)));
        assert_eq!(long.data[0].label.len(), LABEL_BYTES);
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(text in ".*", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for text in [text.as_str(), &String::from_utf8_lossy(&bytes)] {
                for datum in parse(text).data {
                    prop_assert!(datum.value.is_finite());
                    prop_assert!(datum.label.chars().all(|c| sonde_proto::text::harmless(c, false)));
                }
            }
        }

        #[test]
        fn nothing_of_its_own_signs_breaks_it(text in "[a-c'=;:@~ .0-9BKMs%eE+-]{0,60}") {
            for datum in parse(&text).data {
                prop_assert!(datum.value.is_finite());
            }
        }

        #[test]
        fn a_label_comes_back_as_it_was_quoted(label in "[a-z' =/%]{1,20}", value in -1e6..1e6) {
            prop_assume!(label.trim() == label);
            let text = format!("'{}'={value}s;1;2", label.replace('\'', "''"));
            let data = parse(&text).data;
            prop_assert_eq!(data.len(), 1);
            prop_assert_eq!((&data[0].label, data[0].value), (&label, value));
        }
    }
}
