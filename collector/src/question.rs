//! Questions about the facts of many devices, as `filesystems where used_percent > 90 and mount = '/'`. Pure.
//!
//! ```text
//! question   = table [ "where" any ]
//! any        = all { "or" all }
//! all        = one { "and" one }
//! one        = "not" one | "(" any ")" | column comparison | column "is" [ "not" ] "absent"
//! comparison = ( "=" | "!=" | "<" | "<=" | ">" | ">=" | "contains" ) value
//! value      = number | 'text' | "text" | true | false
//! ```
//!
//! A comparison with a value that is absent does not hold, whatever it is compared by.

mod fit;
mod words;

use sonde_proto::v1::{self, ColumnRole};

use crate::wording::{Wording, wording};
use words::{Word, Words};

/// Longest question, bytes.
pub const LONGEST: usize = 1_000;
/// Parentheses and `not` inside each other.
const DEEPEST: usize = 16;
/// Comparisons of one question.
const MOST_COMPARISONS: usize = 32;

/// A table, and which of its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    pub table: String,
    pub condition: Option<Condition>,
}

/// What a row is held against.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Compare {
        column: String,
        by: Comparison,
        value: Literal,
        at: Span,
    },
    Absent {
        column: String,
        at: Span,
    },
}

/// Where something stands in a question's text: its first character, and the one after its last.
pub type Span = (usize, usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Different,
    Less,
    AtMost,
    Greater,
    AtLeast,
    /// A part of a text, the case of ASCII letters aside.
    Contains,
}

impl Comparison {
    fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Different => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Contains => "contains",
        }
    }
}

/// A value as a question names it. A moment is a text until its column is known, then microseconds since 1970 UTC.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Number(f64),
    Text(String),
    Truth(bool),
}

/// What is wrong with a question, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Wrong {
    pub what: Wording,
    pub remedy: Wording,
    /// None: it is wrong as a whole.
    pub at: Option<Span>,
}

impl Wrong {
    fn new(what: Wording, remedy: Wording) -> Self {
        Self {
            what,
            remedy,
            at: None,
        }
    }

    /// It stands here, unless it was said to stand elsewhere.
    fn at(self, at: Span) -> Self {
        Self {
            at: self.at.or(Some(at)),
            ..self
        }
    }
}

fn example() -> Wording {
    wording!("as in: filesystems where used_percent > 90 and mount = '/'")
}

impl std::str::FromStr for Question {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        if text.len() > LONGEST {
            return Err(Wrong::new(
                wording!("the question is longer than {} bytes", LONGEST),
                wording!("ask several"),
            ));
        }
        let mut parser = Parser {
            words: Words::of(text)?,
            n_comparisons: 0,
        };
        let question = parser.question();
        question.map_err(|wrong| wrong.at(parser.words.place()))
    }
}

fn unexpected(word: &Word, wanted: Wording) -> Wrong {
    Wrong::new(
        wording!("{} where {} is expected", %word, wanted),
        example(),
    )
}

struct Parser {
    words: Words,
    n_comparisons: usize,
}

impl Parser {
    fn question(&mut self) -> Result<Question, Wrong> {
        let table = match self.words.next() {
            Some(Word::Name(table)) => table,
            Some(_) | None => return Err(Wrong::new(wording!("no table is named"), example())),
        };
        let condition = match self.words.next() {
            None => None,
            Some(Word::Name(word)) if word.eq_ignore_ascii_case("where") => {
                let condition = self.any(0)?;
                if let Some(word) = self.words.next() {
                    return Err(unexpected(&word, wording!("`and`, `or` or the end")));
                }
                Some(condition)
            }
            Some(word) => return Err(unexpected(&word, wording!("`where`"))),
        };
        Ok(Question { table, condition })
    }

    fn any(&mut self, depth: usize) -> Result<Condition, Wrong> {
        let mut all = vec![self.all(depth)?];
        while self.words.take("or") {
            all.push(self.all(depth)?);
        }
        Ok(one_or(all, Condition::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Condition, Wrong> {
        let mut all = vec![self.one(depth)?];
        while self.words.take("and") {
            all.push(self.one(depth)?);
        }
        Ok(one_or(all, Condition::All))
    }

    fn one(&mut self, depth: usize) -> Result<Condition, Wrong> {
        if depth > DEEPEST {
            let what = wording!("more than {} parentheses inside each other", DEEPEST);
            return Err(Wrong::new(what, wording!("ask several")));
        }
        if self.words.take("not") {
            return Ok(Condition::Not(Box::new(self.one(depth + 1)?)));
        }
        match self.words.next() {
            Some(Word::Open) => {
                let inside = self.any(depth + 1)?;
                match self.words.next() {
                    Some(Word::Close) => Ok(inside),
                    Some(word) => Err(unexpected(&word, wording!("`)`"))),
                    None => Err(Wrong::new(wording!("a `)` is missing"), example())),
                }
            }
            Some(Word::Name(column)) => self.comparison(column),
            Some(word) => Err(unexpected(&word, wording!("a column"))),
            None => Err(Wrong::new(
                wording!("the condition ends too early"),
                example(),
            )),
        }
    }

    fn comparison(&mut self, column: String) -> Result<Condition, Wrong> {
        self.n_comparisons += 1;
        let at = self.words.place();
        if self.n_comparisons > MOST_COMPARISONS {
            let what = wording!("more than {} comparisons", MOST_COMPARISONS);
            return Err(Wrong::new(what, wording!("ask several")));
        }
        if self.words.take("is") {
            let is_not = self.words.take("not");
            if !self.words.take("absent") {
                return Err(Wrong::new(
                    wording!("after `{} is` comes `absent` or `not absent`", column),
                    wording!("a value is compared by = or !="),
                ));
            }
            let absent = Condition::Absent { column, at };
            return Ok(match is_not {
                true => Condition::Not(Box::new(absent)),
                false => absent,
            });
        }
        let by = match self.words.next() {
            Some(Word::Sign(by)) => by,
            Some(Word::Name(word)) if word.eq_ignore_ascii_case("contains") => Comparison::Contains,
            Some(word) => {
                return Err(unexpected(
                    &word,
                    wording!("=, !=, <, <=, >, >=, contains or is"),
                ));
            }
            None => {
                return Err(Wrong::new(
                    wording!("`{}` is not compared with anything", column),
                    example(),
                ));
            }
        };
        let value = match self.words.next() {
            Some(Word::Value(value)) => value,
            Some(Word::Name(word)) if word.eq_ignore_ascii_case("true") => Literal::Truth(true),
            Some(Word::Name(word)) if word.eq_ignore_ascii_case("false") => Literal::Truth(false),
            Some(Word::Name(word)) => {
                return Err(Wrong::new(
                    wording!("`{}` is no value", word),
                    wording!("a text stands in quotes: '{}'", word),
                ));
            }
            Some(word) => return Err(unexpected(&word, wording!("a value"))),
            None => {
                return Err(Wrong::new(
                    wording!("after `{} {}` a value is missing", column, by.sign()),
                    example(),
                ));
            }
        };
        let at = (at.0, self.words.place().1);
        Ok(Condition::Compare {
            column,
            by,
            value,
            at,
        })
    }
}

fn one_or(mut all: Vec<Condition>, of: fn(Vec<Condition>) -> Condition) -> Condition {
    match all.len() {
        1 => all.remove(0),
        _ => of(all),
    }
}

impl Condition {
    /// Whether a row holds. `of`: its value of a column, as a fitted question has it; none: it is absent.
    pub fn holds(&self, of: &dyn Fn(&str) -> Option<Literal>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.holds(of)),
            Self::Any(all) => all.iter().any(|one| one.holds(of)),
            Self::Not(one) => !one.holds(of),
            Self::Absent { column, .. } => of(column).is_none(),
            Self::Compare {
                column, by, value, ..
            } => of(column).is_some_and(|found| found.compares(*by, value)),
        }
    }

    /// Whether it asks for nothing that moves: it can be answered by what rows say of themselves.
    pub fn is_slow(&self, columns: &[v1::Column]) -> bool {
        match self {
            Self::All(all) | Self::Any(all) => all.iter().all(|one| one.is_slow(columns)),
            Self::Not(one) => one.is_slow(columns),
            Self::Compare { column, .. } | Self::Absent { column, .. } => columns
                .iter()
                .any(|one| one.name == *column && one.role() != ColumnRole::Live),
        }
    }
}

impl Literal {
    /// A value as a fitted question has it; none: it is absent.
    pub fn of(value: &v1::Value) -> Option<Self> {
        use v1::value::Value;
        Some(match value.value.as_ref()? {
            Value::Integer(n) | Value::TimeUs(n) => Self::Number(*n as f64),
            Value::Real(n) => Self::Number(*n),
            Value::Text(text) => Self::Text(text.clone()),
            Value::Truth(truth) => Self::Truth(*truth),
        })
    }

    fn compares(&self, by: Comparison, with: &Self) -> bool {
        use std::cmp::Ordering;
        let order = match (self, with) {
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b),
            (Self::Truth(a), Self::Truth(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) if by == Comparison::Contains => {
                return a.to_ascii_lowercase().contains(&b.to_ascii_lowercase());
            }
            (Self::Text(a), Self::Text(b)) => Some(a.as_str().cmp(b)),
            (Self::Number(_) | Self::Truth(_) | Self::Text(_), _) => None,
        };
        let Some(order) = order else {
            return false;
        };
        match by {
            Comparison::Equal => order == Ordering::Equal,
            Comparison::Different => order != Ordering::Equal,
            Comparison::Less => order == Ordering::Less,
            Comparison::AtMost => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            Comparison::AtLeast => order != Ordering::Less,
            Comparison::Contains => false,
        }
    }
}

#[cfg(test)]
mod tests;
