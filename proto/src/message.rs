//! Message id + typed arguments + text → what a person reads.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::v1;

/// A language that every text exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    En,
    Fr,
}

impl Lang {
    /// The best of the languages that `wanted` names, as `Accept-Language` (RFC 9110 §12.5.4), `LANG` or
    /// `--lang` write them: the highest quality, of the same the first. English when none is known.
    pub fn best(wanted: &str) -> Self {
        let mut best = None;
        for one in wanted.split(',') {
            let (name, parameters) = one.split_once(';').unwrap_or((one, ""));
            let quality = quality(parameters);
            let is_better = best.is_none_or(|(_, found)| quality > found);
            if let Some(lang) = Self::named(name.trim())
                && quality > 0.0
                && is_better
            {
                best = Some((lang, quality));
            }
        }
        best.map(|(lang, _)| lang).unwrap_or_default()
    }

    /// "fr", "fr-CH", "fr_FR.UTF-8".
    pub fn named(name: &str) -> Option<Self> {
        let language = name.split(['-', '_', '.', '@']).next()?;
        match language.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "fr" => Some(Self::Fr),
            _ => None,
        }
    }
}

/// "q=0.8"; what is not said or not a number is 1.
fn quality(parameters: &str) -> f32 {
    let mut all = parameters.split(';').map(str::trim);
    let named = all.find_map(|one| one.strip_prefix("q=").or(one.strip_prefix("Q=")));
    named.and_then(|text| text.parse().ok()).unwrap_or(1.0)
}

/// Whom a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Technician,
    /// Whose machine it is.
    User,
}

/// What stands for one pair of braces in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    pub name: Cow<'static, str>,
    pub value: ArgumentValue,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ArgumentValue {
    /// Unit as it is written after the number: `%`, `°C`, or nothing.
    Number {
        value: f64,
        unit: Cow<'static, str>,
    },
    Bytes(u64),
    /// Microseconds.
    DurationUs(i64),
    /// Microseconds since 1970 UTC.
    TimeUs(i64),
    /// A name of the machine's own; shown as it is.
    Text(String),
    /// A phrase of the agent's own; `translated` says it in the reader's language.
    Term(Term),
}

/// A phrase that the catalogue has in every language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Of the text that says it.
    pub id: Cow<'static, str>,
    /// A name of the machine's own that stands in that text as `{of}`. Empty: it has none.
    pub of: String,
    /// What it says in English, for whoever lacks the text.
    pub english: String,
}

impl Term {
    /// What `template`, the text that has its id, says of it.
    pub fn said(&self, template: &str) -> String {
        template.replace("{of}", &self.of)
    }
}

/// `arguments` with each term in the words that `wording` has for its id; in English where it has none.
pub fn translated<'t>(
    arguments: impl IntoIterator<Item = Argument>,
    wording: impl Fn(&str) -> Option<&'t str>,
) -> Vec<Argument> {
    let translate = |mut argument: Argument| {
        if let ArgumentValue::Term(term) = &argument.value
            && let Some(template) = wording(&term.id)
        {
            argument.value = ArgumentValue::Text(term.said(template));
        }
        argument
    };
    arguments.into_iter().map(translate).collect()
}

/// Fills the braces of `template`, times in UTC.
///
/// A pair of braces without its argument stays as it is, so that nothing is hidden.
pub fn render(template: &str, arguments: &[Argument], lang: Lang) -> String {
    render_in(template, arguments, lang, &TimeZone::UTC)
}

/// The same, times in the reader's zone.
pub fn render_in(template: &str, arguments: &[Argument], lang: Lang, zone: &TimeZone) -> String {
    let mut out = String::with_capacity(template.len() + 16 * arguments.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, braces) = rest.split_at(open);
        out.push_str(before);
        let Some(close) = braces.find('}') else {
            rest = braces;
            break;
        };
        let (braces, after) = braces.split_at(close + 1);
        let name = &braces[1..close];
        match arguments.iter().find(|argument| argument.name == name) {
            Some(argument) => argument.value.write(&mut out, lang, zone),
            None => out.push_str(braces),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The names between braces in `template`, in the order of their standing.
pub fn names(template: &str) -> impl Iterator<Item = &str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|after| after.split_once('}'))
        .map(|(name, _)| name)
}

impl ArgumentValue {
    fn write(&self, out: &mut String, lang: Lang, zone: &TimeZone) {
        match self {
            Self::Number { value, unit } => {
                write_number(out, *value, lang);
                if !unit.is_empty() {
                    out.push('\u{a0}');
                    out.push_str(unit);
                }
            }
            Self::Bytes(bytes) => write_bytes(out, *bytes, lang),
            Self::DurationUs(us) => write_duration(out, *us, lang),
            Self::TimeUs(us) => write_time(out, *us, zone),
            Self::Text(text) => out.push_str(text),
            Self::Term(term) => out.push_str(&term.english),
        }
    }
}

/// One decimal below 10 unless it is 0, none above; the decimal mark of the language.
fn write_number(out: &mut String, value: f64, lang: Lang) {
    let decimals = usize::from(value.abs() < 9.95);
    let start = out.len();
    push(out, format_args!("{value:.decimals$}"));
    if out.ends_with(".0") {
        out.truncate(out.len() - 2);
    }
    if lang == Lang::Fr
        && let Some(dot) = out[start..].find('.')
    {
        out.replace_range(start + dot..=start + dot, ",");
    }
}

/// Powers of 1024 with IEC 80000-13 prefixes; French counts octets.
fn write_bytes(out: &mut String, bytes: u64, lang: Lang) {
    const PREFIXES: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let mut power = 0;
    let mut value = bytes as f64;
    while value >= 1023.5 && power + 1 < PREFIXES.len() {
        value /= 1024.0;
        power += 1;
    }
    write_number(out, value, lang);
    let unit = match lang {
        Lang::En => "B",
        Lang::Fr => "o",
    };
    push(out, format_args!("\u{a0}{}{unit}", PREFIXES[power]));
}

/// The two largest units of a length of time.
fn write_duration(out: &mut String, us: i64, lang: Lang) {
    let day = match lang {
        Lang::En => "d",
        Lang::Fr => "j",
    };
    let units = [
        (86_400_000_000, day),
        (3_600_000_000, "h"),
        (60_000_000, "min"),
        (1_000_000, "s"),
    ];
    if us < 0 {
        out.push('−');
    }
    let us = us.unsigned_abs();
    let Some(first) = units.iter().position(|(size, _)| us >= *size) else {
        write_number(out, us as f64 / 1000.0, lang);
        out.push_str("\u{a0}ms");
        return;
    };
    let (size, unit) = units[first];
    if size == 1_000_000 {
        write_number(out, us as f64 / size as f64, lang);
        push(out, format_args!("\u{a0}{unit}"));
        return;
    }
    push(out, format_args!("{}\u{a0}{unit}", us / size));
    let (small, small_unit) = units[first + 1];
    let rest = us % size / small;
    if rest > 0 {
        push(out, format_args!(" {rest}\u{a0}{small_unit}"));
    }
}

fn write_time(out: &mut String, us: i64, zone: &TimeZone) {
    let Ok(at) = Timestamp::from_microsecond(us) else {
        push(out, format_args!("{us}\u{a0}µs"));
        return;
    };
    let suffix = if *zone == TimeZone::UTC { " UTC" } else { "" };
    push(
        out,
        format_args!(
            "{}{suffix}",
            at.to_zoned_datetime(zone.clone())
                .strftime("%Y-%m-%d %H:%M:%S")
        ),
    );
}

/// Writing to a string cannot fail.
fn push(out: &mut String, what: std::fmt::Arguments<'_>) {
    out.write_fmt(what).ok();
}

impl From<Argument> for v1::Argument {
    fn from(argument: Argument) -> Self {
        use v1::argument::Value;
        let (mut term, mut of) = (String::new(), String::new());
        let value = match argument.value {
            ArgumentValue::Number { value, unit } => Value::Number(v1::Number {
                value,
                unit: unit.into_owned(),
            }),
            ArgumentValue::Bytes(bytes) => Value::Bytes(bytes),
            ArgumentValue::DurationUs(us) => Value::DurationUs(us),
            ArgumentValue::TimeUs(us) => Value::TimeUs(us),
            ArgumentValue::Text(text) => Value::Text(text),
            ArgumentValue::Term(told) => {
                (term, of) = (told.id.into_owned(), told.of);
                Value::Text(told.english)
            }
        };
        Self {
            name: argument.name.into_owned(),
            value: Some(value),
            term,
            of,
        }
    }
}

impl From<v1::Argument> for Argument {
    /// An argument without a value becomes an empty text.
    fn from(argument: v1::Argument) -> Self {
        use v1::argument::Value;
        let value = match argument.value {
            Some(Value::Number(number)) => ArgumentValue::Number {
                value: number.value,
                unit: Cow::Owned(number.unit),
            },
            Some(Value::Bytes(bytes)) => ArgumentValue::Bytes(bytes),
            Some(Value::DurationUs(us)) => ArgumentValue::DurationUs(us),
            Some(Value::TimeUs(us)) => ArgumentValue::TimeUs(us),
            Some(Value::Text(english)) if !argument.term.is_empty() => ArgumentValue::Term(Term {
                id: Cow::Owned(argument.term),
                of: argument.of,
                english,
            }),
            Some(Value::Text(text)) => ArgumentValue::Text(text),
            None => ArgumentValue::Text(String::new()),
        };
        Self {
            name: Cow::Owned(argument.name),
            value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: ArgumentValue, english: &str, french: &str) {
        let arguments = [Argument {
            name: "x".into(),
            value,
        }];
        let plain = |lang| render("{x}", &arguments, lang).replace('\u{a0}', " ");
        assert_eq!(plain(Lang::En), english);
        assert_eq!(plain(Lang::Fr), french);
    }

    #[test]
    fn numbers_carry_unit_and_decimal_mark() {
        let percent = |value| ArgumentValue::Number {
            value,
            unit: "%".into(),
        };
        check(percent(2.9), "2.9 %", "2,9 %");
        check(percent(10.4), "10 %", "10 %");
        check(percent(10.0), "10 %", "10 %");
        check(
            ArgumentValue::Number {
                value: -3.0,
                unit: "".into(),
            },
            "-3",
            "-3",
        );
    }

    #[test]
    fn bytes_are_octets_in_french() {
        check(ArgumentValue::Bytes(0), "0 B", "0 o");
        check(ArgumentValue::Bytes(1_048_575), "1 MiB", "1 Mio");
        check(ArgumentValue::Bytes(52_428_800), "50 MiB", "50 Mio");
        check(ArgumentValue::Bytes(u64::MAX), "16 EiB", "16 Eio");
    }

    #[test]
    fn durations_name_their_two_largest_units() {
        check(ArgumentValue::DurationUs(1500), "1.5 ms", "1,5 ms");
        check(ArgumentValue::DurationUs(2_500_000), "2.5 s", "2,5 s");
        check(
            ArgumentValue::DurationUs(200_000_000),
            "3 min 20 s",
            "3 min 20 s",
        );
        check(ArgumentValue::DurationUs(3 * 86_400_000_000), "3 d", "3 j");
        check(
            ArgumentValue::DurationUs(-90_000_000),
            "−1 min 30 s",
            "−1 min 30 s",
        );
    }

    #[test]
    fn times_are_utc_unless_a_zone_is_given() {
        check(
            ArgumentValue::TimeUs(0),
            "1970-01-01 00:00:00 UTC",
            "1970-01-01 00:00:00 UTC",
        );
        check(
            ArgumentValue::TimeUs(i64::MAX),
            "9223372036854775807 µs",
            "9223372036854775807 µs",
        );
    }

    #[test]
    fn a_term_is_said_in_the_readers_language_where_its_text_is_known() {
        let term = Term {
            id: "term.interface".into(),
            of: "{x}".into(),
            english: "interface {x}".into(),
        };
        let argument = Argument {
            name: "x".into(),
            value: ArgumentValue::Term(term),
        };
        let sent = v1::Argument::from(argument.clone());
        let told = v1::argument::Value::Text("interface {x}".into());
        assert_eq!(sent.value, Some(told), "for whoever knows no terms");
        assert_eq!(Argument::from(sent), argument);
        let said = |known: &str| {
            let wording = |id: &str| (id == known).then_some("interface réseau {of}");
            render(
                "« {x} »",
                &translated([argument.clone()], wording),
                Lang::Fr,
            )
        };
        assert_eq!(said("term.interface"), "« interface réseau {x} »");
        assert_eq!(said("term.other"), "« interface {x} »");
    }

    #[test]
    fn braces_without_an_argument_stay() {
        assert_eq!(render("{y} of {x", &[], Lang::En), "{y} of {x");
        assert_eq!(
            names("{free} on {mount}").collect::<Vec<_>>(),
            ["free", "mount"]
        );
    }

    #[test]
    fn the_first_known_language_is_taken() {
        assert_eq!(Lang::best("de-DE, fr-CH;q=0.9, en;q=0.8"), Lang::Fr);
        assert_eq!(Lang::best("fr_FR.UTF-8"), Lang::Fr);
        assert_eq!(Lang::best("é"), Lang::En);
        assert_eq!(Lang::best("en;q=0.1, fr"), Lang::Fr);
        assert_eq!(Lang::best("fr;q=0"), Lang::En);
        assert_eq!(Lang::best("fr;q=0.5, en; q=0.5"), Lang::Fr);
        assert_eq!(Lang::best("fry, frr-DE"), Lang::En);
        assert_eq!(Lang::best("C.UTF-8"), Lang::En);
    }
}
