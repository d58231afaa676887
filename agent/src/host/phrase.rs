//! A name of the machine's own, or words of ours.

use std::fmt;

use serde::{Deserialize, Serialize};
use sonde_proto::message::{self, ArgumentValue};

use super::Term;

/// What a reason speaks of. Only words of ours are translated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phrase {
    /// A path, a program, a check, or what the system itself said.
    Name(String),
    /// `of` stands in the term's text; empty: it has no such place.
    Term { term: Term, of: String },
}

impl Term {
    /// With a name of the machine's own.
    pub fn of(self, name: impl Into<String>) -> Phrase {
        Phrase::Term {
            term: self,
            of: name.into(),
        }
    }
}

impl From<Term> for Phrase {
    fn from(term: Term) -> Self {
        term.of("")
    }
}

impl From<String> for Phrase {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

impl From<&str> for Phrase {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<Phrase> for ArgumentValue {
    fn from(phrase: Phrase) -> Self {
        match phrase {
            Phrase::Name(name) => Self::Text(name),
            Phrase::Term { term, of } => {
                let english = term.text().en.replace("{of}", &of);
                Self::Term(message::Term {
                    id: term.text().id.into(),
                    of,
                    english,
                })
            }
        }
    }
}

/// In English.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Term { term, of } => f.write_str(&term.text().en.replace("{of}", of)),
        }
    }
}
