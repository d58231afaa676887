//! Holds what is asked against what the device declares. The device checks all of it again.

use serde_json::Value;
use sonde_proto::caps;
use sonde_proto::v1::{self, ValueType};

use super::Catalogue;
use crate::api::Problem;
use crate::wording::{Both, Wording, wording};
use crate::work::{Parameter, ParameterValue};

/// Names listed in an error.
const NAMES_SHOWN: usize = 40;

pub(super) fn type_name(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Integer => "integer",
        ValueType::Real => "real",
        ValueType::Text | ValueType::Unspecified => "text",
        ValueType::Truth => "truth",
        ValueType::Time => "time",
    }
}

impl Catalogue {
    /// # Errors
    /// A check that the device does not declare.
    pub(in crate::api) fn check_ids(&self, ids: &[String]) -> Result<(), Problem> {
        for (index, id) in ids.iter().enumerate() {
            let known = self.checks().find(|check| check.id == *id);
            if known.is_some_and(|check| check.takes_asset) {
                let what = wording!("{} looks for an asset, which has to be named", id);
                return Err(Problem::field(format!("checks[{index}]"), what)
                    .remedy(wording!("sonde asset probe NAME --ticket NUMBER")));
            }
            if known.is_none() {
                return Err(unknown(
                    format!("checks[{index}]"),
                    wording!("check"),
                    id,
                    self.checks().map(|check| check.id.as_str()),
                ));
            }
        }
        Ok(())
    }

    /// The declaration of a check, the collector's own included; of several versions, the newest.
    ///
    /// # Errors
    /// A check that nobody declares; `field` names it.
    pub(in crate::api) fn check(
        &self,
        field: &str,
        id: &str,
    ) -> Result<&v1::CheckDeclaration, Problem> {
        let all = || self.checks().chain(&super::COLLECTOR.checks);
        all()
            .filter(|check| check.id == id)
            .max_by_key(|check| check.version)
            .ok_or_else(|| {
                let problem = Problem::field(field, wording!("no device has a check {}", ?id));
                let mut known: Vec<&str> = all().map(|check| check.id.as_str()).collect();
                known.sort_unstable();
                known.dedup();
                known.truncate(NAMES_SHOWN);
                problem.remedy(wording!("there are: {}", known.join(", ")))
            })
    }

    /// Ids of all checks, the collector's own included; some more than once.
    pub(in crate::api) fn all_checks(&self) -> impl Iterator<Item = &str> {
        let all = self.checks().chain(&super::COLLECTOR.checks);
        all.map(|check| check.id.as_str())
    }

    /// The declaration of an action; of several versions, the newest.
    ///
    /// # Errors
    /// An action that the device does not declare.
    pub(in crate::api) fn action(&self, id: &str) -> Result<&v1::ActionDeclaration, Problem> {
        self.actions()
            .filter(|action| action.id == id)
            .max_by_key(|action| action.version)
            .ok_or_else(|| {
                unknown(
                    "action".into(),
                    wording!("action"),
                    id,
                    self.actions().map(|action| action.id.as_str()),
                )
            })
    }
}

impl Catalogue {
    /// The declaration of a table.
    ///
    /// # Errors
    /// A table that the device does not declare.
    pub(in crate::api) fn table(&self, name: &str) -> Result<&v1::TableDeclaration, Problem> {
        self.tables()
            .find(|table| table.name == name)
            .ok_or_else(|| {
                unknown(
                    "table".into(),
                    wording!("table"),
                    name,
                    self.tables().map(|table| table.name.as_str()),
                )
            })
    }
}

fn unknown<'a>(
    field: String,
    what: Wording,
    id: &str,
    known: impl Iterator<Item = &'a str>,
) -> Problem {
    let mut known: Vec<&str> = known.take(NAMES_SHOWN).collect();
    known.sort_unstable();
    let problem = Problem::field(field, wording!("the device has no {} {}", what, ?id));
    match known.is_empty() {
        true => problem.remedy(wording!(
            "the device has not declared any yet: wait until it has connected"
        )),
        false => problem.remedy(wording!("it has: {}", known.join(", "))),
    }
}

/// Parameters as JSON gives them, checked and with their types.
///
/// # Errors
/// Unknown or missing ones, a wrong type, a value out of range.
pub(in crate::api) fn parameters(
    declared: &[v1::ParameterDeclaration],
    given: &serde_json::Map<String, Value>,
) -> Result<Vec<Parameter>, Problem> {
    for name in given.keys() {
        if !declared.iter().any(|parameter| parameter.name == *name) {
            let names: Vec<&str> = declared.iter().map(|p| p.name.as_str()).collect();
            let problem = Problem::field(
                format!("parameters.{name}"),
                wording!("there is no parameter {}", ?name),
            );
            return Err(match names.is_empty() {
                true => problem.remedy(wording!("it takes none")),
                false => problem.remedy(wording!("it takes: {}", names.join(", "))),
            });
        }
    }
    let mut parameters = Vec::new();
    for parameter in declared {
        match given.get(&parameter.name) {
            None | Some(Value::Null) if parameter.required => {
                return Err(Problem::field(
                    format!("parameters.{}", parameter.name),
                    wording!("{} is missing", parameter.name),
                )
                .remedy(wording!(
                    "{}",
                    Both {
                        en: &parameter.help_en,
                        fr: &parameter.help_fr,
                    }
                )));
            }
            None | Some(Value::Null) => {}
            Some(value) => parameters.push(Parameter {
                name: parameter.name.clone(),
                value: typed(parameter, value)?,
            }),
        }
    }
    Ok(parameters)
}

/// A value of the type, as it is written.
fn example(of: ValueType) -> &'static str {
    match of {
        ValueType::Integer => "5",
        ValueType::Real => "0.5",
        ValueType::Truth => "true",
        ValueType::Time => "2026-01-31T09:00:00Z",
        ValueType::Text | ValueType::Unspecified => "\"some text\"",
    }
}

/// A command line has only texts: a number or a truth may come as one.
fn typed(declared: &v1::ParameterDeclaration, given: &Value) -> Result<ParameterValue, Problem> {
    let field = || format!("parameters.{}", declared.name);
    let wrong = || {
        Problem::field(
            field(),
            wording!("{} is not of type {}", %given, type_name(declared.r#type())),
        )
        .remedy(wording!("as here: {}", example(declared.r#type())))
    };
    let text = given.as_str();
    let value = match declared.r#type() {
        ValueType::Integer => given
            .as_i64()
            .or_else(|| text?.parse().ok())
            .map(ParameterValue::Integer),
        ValueType::Real => given
            .as_f64()
            .or_else(|| text?.parse().ok())
            .map(ParameterValue::Real),
        ValueType::Truth => given
            .as_bool()
            .or_else(|| text?.parse().ok())
            .map(ParameterValue::Truth),
        ValueType::Time => text
            .and_then(|text| text.parse::<jiff::Timestamp>().ok())
            .map(|time| ParameterValue::TimeUs(time.as_microsecond())),
        ValueType::Text | ValueType::Unspecified => {
            text.map(|text| ParameterValue::Text(text.to_owned()))
        }
    }
    .ok_or_else(wrong)?;
    within(declared, &value).map_err(|detail| Problem::field(field(), detail))?;
    Ok(value)
}

fn within(declared: &v1::ParameterDeclaration, value: &ParameterValue) -> Result<(), Wording> {
    match value {
        ParameterValue::Integer(n) => {
            let (least, most) = (declared.least, declared.most);
            match (least, most) != (0, 0) && !(least..=most).contains(n) {
                true => Err(wording!("{} is not between {} and {}", n, least, most)),
                false => Ok(()),
            }
        }
        ParameterValue::Text(text) => {
            let longest = match declared.longest {
                0 => caps::TEXT_BYTES,
                longest => longest as usize,
            };
            if text.chars().count() > longest || text.len() > caps::TEXT_BYTES {
                return Err(wording!("it has more than {} characters", longest));
            }
            if sonde_proto::text::clean(text, usize::MAX, false) != text.as_str() {
                return Err(wording!("it has control or bidirectional characters"));
            }
            if !declared.choices.is_empty() && !declared.choices.contains(text) {
                return Err(wording!(
                    "{} is none of {}",
                    ?text,
                    declared.choices.join(", ")
                ));
            }
            Ok(())
        }
        ParameterValue::Real(n) if !n.is_finite() => Err(wording!("it is not a finite number")),
        ParameterValue::Real(_) | ParameterValue::Truth(_) | ParameterValue::TimeUs(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared() -> Vec<v1::ParameterDeclaration> {
        vec![
            v1::ParameterDeclaration {
                name: "unit".into(),
                r#type: ValueType::Text.into(),
                required: true,
                help_en: "Name of the service".into(),
                longest: 10,
                ..Default::default()
            },
            v1::ParameterDeclaration {
                name: "wait".into(),
                r#type: ValueType::Integer.into(),
                least: 1,
                most: 60,
                ..Default::default()
            },
        ]
    }

    #[track_caller]
    fn check(given: &str, expected: &str) {
        let given: Value = serde_json::from_str(given).unwrap();
        let shown = match parameters(&declared(), given.as_object().unwrap()) {
            Ok(parameters) => serde_json::to_string(&parameters).unwrap(),
            Err(problem) => format!(
                "{}: {} / {}",
                problem.field.unwrap(),
                problem.detail,
                problem
                    .remedy
                    .map_or_else(String::new, |remedy| remedy.to_string())
            ),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn types_and_ranges_are_held_against_the_declaration() {
        let both =
            r#"[{"name":"unit","value":{"text":"cron"}},{"name":"wait","value":{"integer":5}}]"#;
        check(r#"{"unit":"cron","wait":5}"#, both);
        check(r#"{"unit":"cron","wait":"5"}"#, both);
        check(
            r#"{"unit":"cron","wait":null}"#,
            r#"[{"name":"unit","value":{"text":"cron"}}]"#,
        );
        check(
            "{}",
            "parameters.unit: unit is missing / Name of the service",
        );
        check(
            r#"{"unit":"cron","wait":61}"#,
            "parameters.wait: 61 is not between 1 and 60 / ",
        );
        check(
            r#"{"unit":"cron","wait":"soon"}"#,
            r#"parameters.wait: "soon" is not of type integer / as here: 5"#,
        );
        check(
            r#"{"unit":7}"#,
            "parameters.unit: 7 is not of type text / as here: \"some text\"",
        );
        check(
            r#"{"unit":"cron","units":1}"#,
            r#"parameters.units: there is no parameter "units" / it takes: unit, wait"#,
        );
        check(
            r#"{"unit":"a\u001bb"}"#,
            "parameters.unit: it has control or bidirectional characters / ",
        );
        check(
            r#"{"unit":"a-very-long-name"}"#,
            "parameters.unit: it has more than 10 characters / ",
        );
    }
}
