//! What a check says: status, subject, message, evidence.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sonde_proto::message::{Argument, ArgumentValue, Audience, Lang, render, translated};
use sonde_proto::verdict::Weight;

use crate::host::TERMS;

/// As monitoring plugins define them; the numbers are their exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Status {
    Ok = 0,
    Warning = 1,
    Critical = 2,
    Unknown = 3,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::Unknown => "unknown",
        }
    }

    /// How bad it is.
    pub fn weight(self) -> Weight {
        self.into()
    }

    pub fn worse(self, other: Self) -> Self {
        if other.weight() > self.weight() {
            other
        } else {
            self
        }
    }
}

impl From<Status> for Weight {
    fn from(status: Status) -> Self {
        match status {
            Status::Ok => Self::Ok,
            Status::Unknown => Self::Unknown,
            Status::Warning => Self::Warning,
            Status::Critical => Self::Critical,
        }
    }
}

/// Something to be read by a person, as an id and typed arguments.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: Cow<'static, str>,
    #[serde(with = "kept")]
    pub arguments: Vec<Argument>,
}

/// Arguments as they are kept in a plan.
mod kept {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use sonde_proto::message::{Argument, ArgumentValue, Term};

    #[derive(Serialize, Deserialize)]
    enum Kept {
        Number(String, f64, String),
        Bytes(String, u64),
        Duration(String, i64),
        Time(String, i64),
        Text(String, String),
        Term(String, String, String, String),
    }

    pub(super) fn serialize<S: Serializer>(
        arguments: &[Argument],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(arguments.iter().map(|argument| {
            let name = argument.name.clone().into_owned();
            match &argument.value {
                ArgumentValue::Number { value, unit } => {
                    Kept::Number(name, *value, unit.clone().into_owned())
                }
                ArgumentValue::Bytes(bytes) => Kept::Bytes(name, *bytes),
                ArgumentValue::DurationUs(us) => Kept::Duration(name, *us),
                ArgumentValue::TimeUs(us) => Kept::Time(name, *us),
                ArgumentValue::Text(text) => Kept::Text(name, text.clone()),
                ArgumentValue::Term(Term { id, of, english }) => {
                    Kept::Term(name, id.clone().into_owned(), of.clone(), english.clone())
                }
            }
        }))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Argument>, D::Error> {
        let kept = Vec::<Kept>::deserialize(deserializer)?;
        let argument = |kept| {
            let (name, value) = match kept {
                Kept::Number(name, value, unit) => {
                    let unit = unit.into();
                    (name, ArgumentValue::Number { value, unit })
                }
                Kept::Bytes(name, bytes) => (name, ArgumentValue::Bytes(bytes)),
                Kept::Duration(name, us) => (name, ArgumentValue::DurationUs(us)),
                Kept::Time(name, us) => (name, ArgumentValue::TimeUs(us)),
                Kept::Text(name, text) => (name, ArgumentValue::Text(text)),
                Kept::Term(name, id, of, english) => {
                    let id = id.into();
                    (name, ArgumentValue::Term(Term { id, of, english }))
                }
            };
            Argument {
                name: name.into(),
                value,
            }
        };
        Ok(kept.into_iter().map(argument).collect())
    }
}

impl Message {
    pub fn new(id: &'static str, arguments: Vec<Argument>) -> Self {
        Self {
            id: id.into(),
            arguments,
        }
    }

    /// Each argument is used by the text that the message has among `texts`, and none is missing.
    #[cfg(test)]
    #[track_caller]
    pub(crate) fn audit<'a>(&self, of: &str, mut texts: impl Iterator<Item = &'a Text>) {
        let text = texts.find(|text| text.id == self.id);
        let text = text.unwrap_or_else(|| panic!("{of}: no text {}", self.id));
        let mut wanted = sonde_proto::message::names(text.en).collect::<Vec<_>>();
        wanted.sort_unstable();
        wanted.dedup();
        let given = self.arguments.iter();
        let mut given = given.map(|one| one.name.as_ref()).collect::<Vec<_>>();
        given.sort_unstable();
        assert_eq!(given, wanted, "{of}: {}", self.id);
    }

    /// As a technician reads it, by the wording of `texts`; the bare id when they lack it.
    pub fn say<'a>(&self, texts: impl Iterator<Item = &'a Text>, lang: Lang) -> String {
        self.say_to(Audience::Technician, texts, lang)
    }

    /// As this audience reads it.
    pub fn say_to<'a>(
        &self,
        audience: Audience,
        mut texts: impl Iterator<Item = &'a Text>,
        lang: Lang,
    ) -> String {
        match texts.find(|text| text.id == self.id) {
            Some(text) => {
                let term = |id: &str| TERMS.iter().find(|text| text.id == id);
                let wording = |id: &str| term(id).map(|text| text.wording(lang));
                let arguments = translated(self.arguments.iter().cloned(), wording);
                render(text.wording_for(audience, lang), &arguments, lang)
            }
            None => self.id.clone().into_owned(),
        }
    }
}

/// One message's wording for two readers, in two languages.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub id: &'static str,
    pub en: &'static str,
    pub fr: &'static str,
    /// For the person whose machine it is. Empty: the same.
    pub user_en: &'static str,
    pub user_fr: &'static str,
}

impl Text {
    /// The same words for both readers.
    pub const fn technician(id: &'static str, en: &'static str, fr: &'static str) -> Self {
        Self {
            id,
            en,
            fr,
            user_en: "",
            user_fr: "",
        }
    }

    pub fn wording(&self, lang: Lang) -> &'static str {
        self.wording_for(Audience::Technician, lang)
    }

    pub fn wording_for(&self, audience: Audience, lang: Lang) -> &'static str {
        match (audience, lang) {
            (Audience::User, Lang::En) if !self.user_en.is_empty() => self.user_en,
            (Audience::User, Lang::Fr) if !self.user_fr.is_empty() => self.user_fr,
            (Audience::Technician | Audience::User, Lang::En) => self.en,
            (Audience::Technician | Audience::User, Lang::Fr) => self.fr,
        }
    }
}

/// One judgement about one subject. As a worker sends it, it lacks its check and what explains it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Id of the check.
    #[serde(skip)]
    pub check: &'static str,
    /// What of the machine: a mount, a service. Empty: the machine as a whole.
    pub subject: String,
    pub status: Status,
    pub message: Message,
    /// Likely cause. Absent: the check names none.
    pub cause: Option<Message>,
    #[serde(with = "kept")]
    pub evidence: Vec<Argument>,
    /// Ids of actions that may cure it.
    #[serde(deserialize_with = "known_actions")]
    pub remedies: Vec<&'static str>,
    /// `check/subject` of the finding that explains this one.
    #[serde(skip)]
    pub explained_by: Option<String>,
    /// None of the check's actions would cure it.
    pub(crate) is_incurable: bool,
    /// Of a check that could not look: what it found before is not gone.
    pub(crate) is_unread: bool,
}

fn known_actions<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<&'static str>, D::Error> {
    let ids = Vec::<String>::deserialize(deserializer)?;
    let known = ids.iter().map(|id| crate::actions::find(id));
    known
        .map(|found| {
            found
                .map(|action| action.id)
                .map_err(serde::de::Error::custom)
        })
        .collect()
}

impl Finding {
    /// The runner fills in the check and, where it is not well, the check's remedies.
    pub fn new(status: Status, subject: impl Into<String>) -> Self {
        Self {
            check: "",
            subject: subject.into(),
            status,
            message: Message::default(),
            cause: None,
            evidence: Vec::new(),
            remedies: Vec::new(),
            explained_by: None,
            is_incurable: false,
            is_unread: false,
        }
    }

    /// Of a fault that lies elsewhere than where the check's actions reach.
    #[must_use]
    pub fn without_remedies(mut self) -> Self {
        self.is_incurable = true;
        self
    }

    /// Of a fault that one alone of the check's actions reaches.
    #[must_use]
    pub fn with_remedy(mut self, action: &'static str) -> Self {
        if matches!(self.status, Status::Warning | Status::Critical) {
            self.remedies = vec![action];
        }
        self
    }

    #[must_use]
    pub fn says(mut self, id: &'static str, arguments: Vec<Argument>) -> Self {
        self.message = Message::new(id, arguments);
        self
    }

    #[must_use]
    pub fn because(mut self, id: &'static str, arguments: Vec<Argument>) -> Self {
        self.cause = Some(Message::new(id, arguments));
        self
    }

    #[must_use]
    pub fn evidence(mut self, argument: Argument) -> Self {
        self.evidence.push(argument);
        self
    }

    /// `check/subject`, as `explained_by` of others names it.
    pub fn key(&self) -> String {
        format!("{}/{}", self.check, self.subject)
    }
}

/// A share of a hundred.
pub fn percent(name: &'static str, value: f64) -> Argument {
    number(name, value, "%")
}

pub fn number(name: &'static str, value: f64, unit: &'static str) -> Argument {
    Argument {
        name: name.into(),
        value: ArgumentValue::Number {
            value,
            unit: unit.into(),
        },
    }
}

pub fn count(name: &'static str, value: u64) -> Argument {
    number(name, value as f64, "")
}

pub fn bytes(name: &'static str, value: u64) -> Argument {
    Argument {
        name: name.into(),
        value: ArgumentValue::Bytes(value),
    }
}

/// A length of time, in microseconds.
pub fn duration(name: &'static str, us: i64) -> Argument {
    Argument {
        name: name.into(),
        value: ArgumentValue::DurationUs(us),
    }
}

/// A moment, in microseconds since 1970 UTC.
pub fn time(name: &'static str, us: i64) -> Argument {
    Argument {
        name: name.into(),
        value: ArgumentValue::TimeUs(us),
    }
}

/// A name of the machine's own.
pub fn name(name: &'static str, text: impl Into<String>) -> Argument {
    Argument {
        name: name.into(),
        value: ArgumentValue::Text(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_to_be_broken_outweighs_what_is_not_known() {
        assert_eq!(Status::Ok.worse(Status::Unknown), Status::Unknown);
        assert_eq!(Status::Unknown.worse(Status::Warning), Status::Warning);
        assert_eq!(Status::Critical.worse(Status::Unknown), Status::Critical);
    }
}
