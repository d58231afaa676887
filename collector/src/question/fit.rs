//! Whether a question fits the columns that devices declare.

use sonde_proto::v1::{self, ValueType};

use super::{Comparison, Condition, Literal, Wrong};
use crate::wording::{Wording, wording};

impl Condition {
    /// The same with its values as its columns have them.
    ///
    /// # Errors
    /// A column that is not there, with those that are; a value that is none of its column's.
    pub fn fitted(self, columns: &[v1::Column]) -> Result<Self, Wrong> {
        let each = |all: Vec<Self>| {
            let fitted = all.into_iter().map(|one| one.fitted(columns));
            fitted.collect::<Result<Vec<_>, _>>()
        };
        Ok(match self {
            Self::All(all) => Self::All(each(all)?),
            Self::Any(all) => Self::Any(each(all)?),
            Self::Not(one) => Self::Not(Box::new(one.fitted(columns)?)),
            Self::Absent { column, at } => {
                find(&column, columns).map_err(|wrong| wrong.at(at))?;
                Self::Absent { column, at }
            }
            Self::Compare {
                column,
                by,
                value,
                at,
            } => {
                let name = (at.0, at.0 + column.len());
                let found = find(&column, columns).map_err(|wrong| wrong.at(name))?;
                let value = fit(&column, found.r#type(), by, value);
                let value = value.map_err(|wrong| wrong.at(at))?;
                Self::Compare {
                    column,
                    by,
                    value,
                    at,
                }
            }
        })
    }
}

fn find<'a>(name: &str, columns: &'a [v1::Column]) -> Result<&'a v1::Column, Wrong> {
    columns
        .iter()
        .find(|column| column.name == name)
        .ok_or_else(|| {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            Wrong::new(
                wording!("there is no column {}", name),
                wording!("there are: {}", names.join(", ")),
            )
        })
}

fn fit(column: &str, kind: ValueType, by: Comparison, value: Literal) -> Result<Literal, Wrong> {
    let refuse = |is: Wording, remedy: Wording| {
        Err(Wrong::new(
            wording!("{} is {}, which `{}` does not fit", column, is, by.sign()),
            remedy,
        ))
    };
    let has_order = !matches!(by, Comparison::Contains);
    match (kind, value) {
        (ValueType::Text | ValueType::Unspecified, Literal::Text(text)) => Ok(Literal::Text(text)),
        (ValueType::Text | ValueType::Unspecified, Literal::Number(number)) => {
            refuse(wording!("text"), wording!("put it in quotes: '{}'", number))
        }
        (ValueType::Integer | ValueType::Real, value @ Literal::Number(_)) if has_order => {
            Ok(value)
        }
        (ValueType::Integer | ValueType::Real, _) => {
            refuse(wording!("a number"), wording!("as in: {} > 90", column))
        }
        (ValueType::Truth, value @ Literal::Truth(_))
            if matches!(by, Comparison::Equal | Comparison::Different) =>
        {
            Ok(value)
        }
        (ValueType::Truth | ValueType::Text | ValueType::Unspecified, _) => refuse(
            wording!("true or false"),
            wording!("as in: {} = true", column),
        ),
        (ValueType::Time, Literal::Text(text)) if has_order => {
            let at: Result<jiff::Timestamp, _> = text.parse();
            match at {
                Ok(at) => Ok(Literal::Number(at.as_microsecond() as f64)),
                Err(_) => refuse(
                    wording!("a time"),
                    wording!("as in: {} > '2026-01-31T09:00:00Z'", column),
                ),
            }
        }
        (ValueType::Time, _) => refuse(
            wording!("a time"),
            wording!("as in: {} > '2026-01-31T09:00:00Z'", column),
        ),
    }
}
