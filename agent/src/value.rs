//! Cells, columns and typed parameters, as fact tables and actions share them.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// The machine does not say.
    #[serde(rename = "-")]
    Absent,
    #[serde(rename = "i")]
    Integer(i64),
    #[serde(rename = "r")]
    Real(f64),
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "b")]
    Truth(bool),
    /// Microseconds since 1970 UTC.
    #[serde(rename = "u")]
    TimeUs(i64),
}

/// The cells of a table's columns, in their order.
pub type Row = Vec<Value>;

/// Type of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Integer,
    Real,
    Text,
    Truth,
    /// Microseconds since 1970 UTC.
    Time,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Integer => "a whole number",
            Self::Real => "a number",
            Self::Text => "a text",
            Self::Truth => "true or false",
            Self::Time => "a time",
        }
    }
}

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Tells one row from another.
    Key,
    /// A change of it is history.
    Slow,
    /// Updated in place, makes no history.
    Live,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub role: Role,
    /// `bytes`, `%`, `bit/s`; empty: none.
    pub unit: &'static str,
}

impl Column {
    pub const fn key(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            role: Role::Key,
            unit: "",
        }
    }

    pub const fn slow(name: &'static str, kind: Kind, unit: &'static str) -> Self {
        Self {
            name,
            kind,
            role: Role::Slow,
            unit,
        }
    }

    pub const fn live(name: &'static str, kind: Kind, unit: &'static str) -> Self {
        Self {
            name,
            kind,
            role: Role::Live,
            unit,
        }
    }
}

impl Value {
    pub fn kind(&self) -> Option<Kind> {
        Some(match self {
            Self::Absent => return None,
            Self::Integer(_) => Kind::Integer,
            Self::Real(_) => Kind::Real,
            Self::Text(_) => Kind::Text,
            Self::Truth(_) => Kind::Truth,
            Self::TimeUs(_) => Kind::Time,
        })
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Integer(_) | Self::Real(_) | Self::Truth(_) | Self::TimeUs(_) => {
                None
            }
        }
    }

    /// Of a whole number or a time.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(n) | Self::TimeUs(n) => Some(*n),
            Self::Absent | Self::Real(_) | Self::Text(_) | Self::Truth(_) => None,
        }
    }

    pub fn as_truth(&self) -> Option<bool> {
        match self {
            Self::Truth(truth) => Some(*truth),
            Self::Absent | Self::Integer(_) | Self::Real(_) | Self::Text(_) | Self::TimeUs(_) => {
                None
            }
        }
    }

    /// Of cells of one column.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Real(a), Self::Real(b)) => a.total_cmp(b),
            (Self::Truth(a), Self::Truth(b)) => a.cmp(b),
            _ => self.as_integer().cmp(&other.as_integer()),
        }
    }

    /// `text` as a value of `kind`, as a command line gives it.
    pub fn parse(kind: Kind, text: &str) -> Option<Self> {
        Some(match kind {
            Kind::Integer => Self::Integer(text.parse().ok()?),
            Kind::Real => Self::Real(text.parse().ok().filter(|n: &f64| n.is_finite())?),
            Kind::Text => Self::Text(text.to_owned()),
            Kind::Truth => Self::Truth(text.parse().ok()?),
            Kind::Time => Self::TimeUs(text.parse::<jiff::Timestamp>().ok()?.as_microsecond()),
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value {
    fn from(n: u64) -> Self {
        i64::try_from(n).map_or(Self::Absent, Self::Integer)
    }
}

impl From<u32> for Value {
    fn from(n: u32) -> Self {
        Self::Integer(n.into())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

/// What narrows a table down or tells an action what to act on.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    pub help_en: &'static str,
    pub help_fr: &'static str,
    /// Inclusive, for whole numbers; both 0: unlimited.
    pub least: i64,
    pub most: i64,
    /// If not empty, the only values taken.
    pub choices: &'static [&'static str],
    /// In characters; 0: `LONGEST`.
    pub longest: u32,
    /// A rule of its own for a text.
    pub rule: Option<Rule>,
}

/// What a text must be, in words, and whether it is.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub must: &'static str,
    pub holds: fn(&str) -> bool,
}

/// Longest text that any parameter takes, in characters.
pub const LONGEST: u32 = 1024;

impl Parameter {
    /// An optional text without further rules.
    pub const PLAIN: Self = Self {
        name: "",
        kind: Kind::Text,
        required: false,
        help_en: "",
        help_fr: "",
        least: 0,
        most: 0,
        choices: &[],
        longest: 0,
        rule: None,
    };
}

/// A parameter that does not fit, by name, with what would.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{of}: parameter {name} {must}")]
pub struct WrongParameter {
    pub of: String,
    pub name: String,
    pub must: String,
}

/// Holds `given` against `declared`, of the table or action `of`.
pub fn validate(
    of: &str,
    declared: &[Parameter],
    given: &[(String, Value)],
) -> Result<(), WrongParameter> {
    let wrong = |name: &str, must: String| WrongParameter {
        of: of.to_owned(),
        name: crate::text::shown(name),
        must,
    };
    for (at, (name, value)) in given.iter().enumerate() {
        let Some(parameter) = declared.iter().find(|parameter| parameter.name == name) else {
            let names = declared.iter().map(|one| one.name).collect::<Vec<_>>();
            return Err(wrong(
                name,
                match names.is_empty() {
                    true => "is not known; it takes none".into(),
                    false => format!("is not known; it takes: {}", names.join(", ")),
                },
            ));
        };
        if given[..at].iter().any(|(earlier, _)| earlier == name) {
            return Err(wrong(name, "is given twice".into()));
        }
        fits(parameter, value).map_err(|must| wrong(name, must))?;
    }
    declared
        .iter()
        .find(|one| one.required && given.iter().all(|(name, _)| name != one.name))
        .map_or(Ok(()), |missing| {
            Err(wrong(
                missing.name,
                format!("is missing: {}", missing.help_en),
            ))
        })
}

fn fits(parameter: &Parameter, value: &Value) -> Result<(), String> {
    if value.kind() != Some(parameter.kind) {
        return Err(format!("must be {}", parameter.kind.word()));
    }
    let ranged = (parameter.least, parameter.most) != (0, 0);
    if let (true, Some(n)) = (ranged, value.as_integer())
        && !(parameter.least..=parameter.most).contains(&n)
    {
        return Err(format!(
            "must lie between {} and {}",
            parameter.least, parameter.most
        ));
    }
    let Some(text) = value.as_text() else {
        return Ok(());
    };
    let longest = match parameter.longest {
        0 => LONGEST,
        longest => longest,
    };
    if text.chars().count() > longest as usize {
        return Err(format!("must not be longer than {longest} characters"));
    }
    if !parameter.choices.is_empty() && !parameter.choices.contains(&text) {
        return Err(format!("must be one of: {}", parameter.choices.join(", ")));
    }
    match parameter.rule {
        Some(rule) if !(rule.holds)(text) => Err(format!("must be {}", rule.must)),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECLARED: &[Parameter] = &[
        Parameter {
            name: "unit",
            required: true,
            help_en: "name of the service",
            longest: 8,
            ..Parameter::PLAIN
        },
        Parameter {
            name: "count",
            kind: Kind::Integer,
            least: 1,
            most: 10,
            ..Parameter::PLAIN
        },
        Parameter {
            name: "how",
            choices: &["soft", "hard"],
            ..Parameter::PLAIN
        },
    ];

    #[track_caller]
    fn check(given: &[(&str, Value)], expected: &str) {
        let given = given
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect::<Vec<_>>();
        let found =
            validate("x.y", DECLARED, &given).map_or_else(|e| e.to_string(), |()| "fits".into());
        assert_eq!(found, expected);
    }

    #[test]
    fn what_does_not_fit_is_named_with_what_would() {
        let unit = ("unit", Value::from("ssh"));
        check(std::slice::from_ref(&unit), "fits");
        check(&[], "x.y: parameter unit is missing: name of the service");
        check(
            &[("unit", Value::Integer(1))],
            "x.y: parameter unit must be a text",
        );
        check(
            &[("unit", Value::from("123456789"))],
            "x.y: parameter unit must not be longer than 8 characters",
        );
        check(
            &[unit.clone(), ("count", Value::Integer(11))],
            "x.y: parameter count must lie between 1 and 10",
        );
        check(
            &[unit.clone(), ("how", Value::from("fast"))],
            "x.y: parameter how must be one of: soft, hard",
        );
        check(
            &[unit.clone(), ("colour", Value::Truth(true))],
            "x.y: parameter colour is not known; it takes: unit, count, how",
        );
        check(&[unit.clone(), unit], "x.y: parameter unit is given twice");
    }
}
