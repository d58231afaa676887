//! Cells: values as the store's columns hold them, and back.

use sonde_proto::v1::{self, ValueType, value};

use super::super::StoreError;
use crate::wording::wording;

/// Text that goes into an index; PostgreSQL takes 2,700 bytes at most.
pub(super) const INDEXED_BYTES: usize = 512;

/// A named value of a row.
pub type Cell = (String, v1::Value);

/// A value as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stored {
    pub(super) num: Option<f64>,
    pub(super) text: Option<String>,
    pub(super) rest: Option<String>,
}

/// None: the value is absent.
pub(super) fn stored(value: &v1::Value) -> Option<Stored> {
    let number = |num: f64| Stored {
        num: Some(num),
        text: None,
        rest: None,
    };
    Some(match value.value.as_ref()? {
        value::Value::Integer(n) | value::Value::TimeUs(n) => match exact(*n) {
            Some(num) => number(num),
            None => Stored {
                text: Some(n.to_string()),
                ..number(*n as f64)
            },
        },
        // SQLite has no NaN: it would become NULL.
        value::Value::Real(n) if n.is_nan() => Stored {
            num: None,
            text: Some("NaN".into()),
            rest: None,
        },
        value::Value::Real(n) => number(*n),
        value::Value::Truth(truth) => number(f64::from(u8::from(*truth))),
        value::Value::Text(text) => {
            let (text, rest) = text.split_at(text.floor_char_boundary(INDEXED_BYTES));
            Stored {
                num: None,
                text: Some(text.to_owned()),
                rest: (!rest.is_empty()).then(|| rest.to_owned()),
            }
        }
    })
}

/// The value that was stored, of a column of this type.
pub(super) fn value(stored: Stored, kind: ValueType) -> v1::Value {
    let integer = |stored: &Stored| match &stored.text {
        Some(text) => text.parse().ok(),
        None => stored.num.map(|num| num as i64),
    };
    let value = match kind {
        ValueType::Integer => integer(&stored).map(value::Value::Integer),
        ValueType::Time => integer(&stored).map(value::Value::TimeUs),
        ValueType::Real => stored
            .num
            .or(stored.text.is_some().then_some(f64::NAN))
            .map(value::Value::Real),
        ValueType::Truth => stored.num.map(|num| value::Value::Truth(num != 0.0)),
        ValueType::Text => stored
            .text
            .map(|text| value::Value::Text(text + &stored.rest.unwrap_or_default())),
        // The declaration is gone: what it is shows itself.
        ValueType::Unspecified => match (stored.text, stored.num) {
            (Some(text), _) => Some(value::Value::Text(text + &stored.rest.unwrap_or_default())),
            (None, num) => num.map(value::Value::Real),
        },
    };
    v1::Value { value }
}

/// Holds a row against its declaration.
///
/// # Errors
/// Refused: the field, by table and column.
pub(super) fn check_row(table: &v1::TableDeclaration, row: &v1::Row) -> Result<(), StoreError> {
    if row.values.len() != table.columns.len() {
        return Err(StoreError::refused(
            table.name.clone(),
            wording!(
                "a row has {} values where {} are declared",
                row.values.len(),
                table.columns.len()
            ),
        ));
    }
    for (column, value) in table.columns.iter().zip(&row.values) {
        let found = match &value.value {
            None => continue,
            Some(value::Value::Integer(_)) => ValueType::Integer,
            Some(value::Value::Real(_)) => ValueType::Real,
            Some(value::Value::Text(_)) => ValueType::Text,
            Some(value::Value::Truth(_)) => ValueType::Truth,
            Some(value::Value::TimeUs(_)) => ValueType::Time,
        };
        if found != column.r#type() {
            return Err(StoreError::refused(
                format!("{}.{}", table.name, column.name),
                wording!("{} where {} is declared", ?found, ?column.r#type()),
            ));
        }
    }
    Ok(())
}

/// The number as a double, if that is exact.
fn exact(n: i64) -> Option<f64> {
    const LARGEST: i64 = 1 << 53;
    (-LARGEST..=LARGEST).contains(&n).then_some(n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: value::Value, kind: ValueType) {
        let value = v1::Value { value: Some(value) };
        let back = super::value(stored(&value).unwrap(), kind);
        assert_eq!(format!("{back:?}"), format!("{value:?}"));
    }

    #[test]
    fn what_is_stored_comes_back() {
        check(value::Value::Integer(-5), ValueType::Integer);
        check(value::Value::Integer(i64::MAX), ValueType::Integer);
        check(value::Value::Integer(i64::MIN), ValueType::Integer);
        check(value::Value::TimeUs(1_767_225_600_000_001), ValueType::Time);
        check(value::Value::Real(0.1), ValueType::Real);
        check(value::Value::Real(f64::NAN), ValueType::Real);
        check(value::Value::Truth(true), ValueType::Truth);
        check(value::Value::Text("é".repeat(400)), ValueType::Text);
        check(value::Value::Text(String::new()), ValueType::Text);
    }
}
