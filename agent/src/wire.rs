//! Between the agent's own types and the wire's.

use sonde_proto::caps;
use sonde_proto::message::{Argument, ArgumentValue};
use sonde_proto::v1;

use crate::actions::{self, Action, Class};
use crate::checks::{self, Check, Limit};
use crate::facts::{Column, Kind, Role, Row, Table, Value};
use crate::finding::{Finding, Message, Status, Text};
use crate::host::TERMS;
use crate::metrics::Series;
use crate::texts;
use crate::value::Parameter;

/// A table's declaration.
pub fn table(table: &Table) -> v1::TableDeclaration {
    v1::TableDeclaration {
        name: table.name.to_owned(),
        columns: table.columns.iter().map(column).collect(),
        parameters: table.parameters.iter().map(parameter).collect(),
        every_us: table.every.as_micros() as i64,
        most_rows: table.most_rows as u32,
    }
}

fn column(column: &Column) -> v1::Column {
    let role = match column.role {
        Role::Key => v1::ColumnRole::Key,
        Role::Slow => v1::ColumnRole::Slow,
        Role::Live => v1::ColumnRole::Live,
    };
    v1::Column {
        name: column.name.to_owned(),
        r#type: kind(column.kind).into(),
        role: role.into(),
        unit: column.unit.to_owned(),
    }
}

/// Type of a cell.
pub fn kind(kind: Kind) -> v1::ValueType {
    match kind {
        Kind::Integer => v1::ValueType::Integer,
        Kind::Real => v1::ValueType::Real,
        Kind::Text => v1::ValueType::Text,
        Kind::Truth => v1::ValueType::Truth,
        Kind::Time => v1::ValueType::Time,
    }
}

pub fn row(row: Row) -> v1::Row {
    v1::Row {
        values: row.into_iter().map(value).collect(),
    }
}

/// Text is cut to the cap and cleaned here: a hash made of it must be that of what arrives.
pub fn value(value: Value) -> v1::Value {
    use v1::value::Value as Wire;
    let value = match value {
        Value::Absent => None,
        Value::Integer(n) => Some(Wire::Integer(n)),
        Value::Real(n) => Some(Wire::Real(n)),
        Value::Text(text) => Some(Wire::Text(cut(&text))),
        Value::Truth(truth) => Some(Wire::Truth(truth)),
        Value::TimeUs(us) => Some(Wire::TimeUs(us)),
    };
    v1::Value { value }
}

/// A value as an order brings it.
pub fn own_value(value: v1::Value) -> Value {
    use v1::value::Value as Wire;
    match value.value {
        None => Value::Absent,
        Some(Wire::Integer(n)) => Value::Integer(n),
        Some(Wire::Real(n)) => Value::Real(n),
        Some(Wire::Text(text)) => Value::Text(text),
        Some(Wire::Truth(truth)) => Value::Truth(truth),
        Some(Wire::TimeUs(us)) => Value::TimeUs(us),
    }
}

/// A series, under no number yet.
pub fn series(series: &Series) -> v1::Series {
    v1::Series {
        number: 0,
        name: series.name.to_owned(),
        labels: series.labels.clone(),
        unit: series.unit.to_owned(),
        scale: series.scale,
        counter: series.counter,
    }
}

pub fn message(message: Message) -> v1::Message {
    v1::Message {
        id: message.id.into_owned(),
        arguments: arguments(message.arguments),
    }
}

fn arguments(arguments: Vec<Argument>) -> Vec<v1::Argument> {
    let arguments = arguments.into_iter().take(caps::ARGUMENTS);
    arguments
        .map(|mut argument| {
            match &mut argument.value {
                ArgumentValue::Text(text) => *text = cut(text),
                ArgumentValue::Term(term) => {
                    term.of = cut(&term.of);
                    term.english = cut(&term.english);
                }
                ArgumentValue::Number { .. }
                | ArgumentValue::Bytes(_)
                | ArgumentValue::DurationUs(_)
                | ArgumentValue::TimeUs(_) => {}
            }
            argument.into()
        })
        .collect()
}

/// One text as it travels: cleaned, and within its cap.
pub fn cut(text: &str) -> String {
    sonde_proto::text::clean(text, caps::TEXT_BYTES, false).into_owned()
}

/// A finding; since when it is so, its keeper knows.
pub fn finding(finding: Finding) -> v1::Finding {
    let status = match finding.status {
        Status::Ok => v1::Status::Ok,
        Status::Warning => v1::Status::Warning,
        Status::Critical => v1::Status::Critical,
        Status::Unknown => v1::Status::Unknown,
    };
    v1::Finding {
        check: finding.check.to_owned(),
        subject: finding.subject,
        status: status.into(),
        message: Some(message(finding.message)),
        cause: finding.cause.map(message),
        evidence: arguments(finding.evidence),
        explained_by: finding.explained_by.unwrap_or_default(),
        since_us: 0,
        remedies: finding
            .remedies
            .iter()
            .map(|remedy| (*remedy).to_owned())
            .collect(),
    }
}

/// A check's declaration.
pub fn check(check: &Check) -> v1::CheckDeclaration {
    let limit = |limit: &Limit| v1::LimitDeclaration {
        name: limit.name.to_owned(),
        default: limit.default,
        unit: limit.unit.to_owned(),
    };
    v1::CheckDeclaration {
        id: check.id.to_owned(),
        version: check.version,
        title_en: check.title_en.to_owned(),
        title_fr: check.title_fr.to_owned(),
        every_us: check.every.as_micros() as i64,
        limits: check.limits.iter().map(limit).collect(),
        texts: check.all_texts().map(text).collect(),
        remedies: check
            .remedies
            .iter()
            .map(|remedy| (*remedy).to_owned())
            .collect(),
        ticket_worthy: check.ticket_worthy,
        number: check.number.into(),
        takes_targets: check.takes_targets(),
        takes_asset: check.takes_asset(),
    }
}

/// An action's declaration.
pub fn action(action: &Action) -> v1::ActionDeclaration {
    let class = match action.class {
        Class::Read => v1::ActionClass::Read,
        Class::Private => v1::ActionClass::Private,
        Class::Repair => v1::ActionClass::Repair,
        Class::Disrupt => v1::ActionClass::Disrupt,
        Class::Control => v1::ActionClass::Control,
    };
    v1::ActionDeclaration {
        id: action.id.to_owned(),
        version: action.version,
        title_en: action.title_en.to_owned(),
        title_fr: action.title_fr.to_owned(),
        class: class.into(),
        parameters: action.parameters.iter().map(parameter).collect(),
        texts: action.all_texts().map(text).collect(),
        verified_by: action.verified_by.to_owned(),
        can_undo: action.can_undo,
    }
}

fn parameter(parameter: &Parameter) -> v1::ParameterDeclaration {
    v1::ParameterDeclaration {
        name: parameter.name.to_owned(),
        r#type: kind(parameter.kind).into(),
        required: parameter.required,
        help_en: parameter.help_en.to_owned(),
        help_fr: parameter.help_fr.to_owned(),
        least: parameter.least,
        most: parameter.most,
        choices: parameter
            .choices
            .iter()
            .map(|choice| (*choice).to_owned())
            .collect(),
        longest: parameter.longest,
    }
}

/// A device's plugins. They are a declaration of their own, so that devices of one version share the other.
pub fn plugins(all: &[&'static Check]) -> Option<v1::Catalogue> {
    let plugins = all.iter().filter(|check| check.plugin().is_some());
    let checks: Vec<_> = plugins.map(|of| check(of)).collect();
    (!checks.is_empty()).then(|| v1::Catalogue {
        checks,
        ..v1::Catalogue::default()
    })
}

/// Everything built in that the agent can check and do, with its words.
pub fn catalogue() -> v1::Catalogue {
    v1::Catalogue {
        checks: checks::ALL.iter().map(|of| check(of)).collect(),
        actions: actions::ALL.iter().map(|of| action(of)).collect(),
        texts: texts::ALL.iter().chain(TERMS).map(text).collect(),
    }
}

fn text(text: &Text) -> v1::Text {
    v1::Text {
        id: text.id.to_owned(),
        en: text.en.to_owned(),
        fr: text.fr.to_owned(),
        user_en: text.user_en.to_owned(),
        user_fr: text.user_fr.to_owned(),
    }
}

#[test]
fn what_a_message_says_is_within_the_caps() {
    let long = crate::finding::name("why", "\t".repeat(2 * caps::TEXT_BYTES));
    let mut said = message(Message::new("x", vec![long; 2 * caps::ARGUMENTS]));
    assert_eq!(caps::admit_message(&mut said), Ok(()));
}
