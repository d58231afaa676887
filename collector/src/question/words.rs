//! A question's text as words.

use super::{Comparison, Literal, Wrong};

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    Name(String),
    Value(Literal),
    Sign(Comparison),
    Open,
    Close,
}

impl std::fmt::Display for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => write!(f, "`{name}`"),
            Self::Value(Literal::Number(number)) => write!(f, "`{number}`"),
            Self::Value(Literal::Text(text)) => write!(f, "'{text}'"),
            Self::Value(Literal::Truth(truth)) => write!(f, "`{truth}`"),
            Self::Sign(by) => write!(f, "`{}`", by.sign()),
            Self::Open => f.write_str("`(`"),
            Self::Close => f.write_str("`)`"),
        }
    }
}

/// Words that are still to come.
pub(super) struct Words(std::iter::Peekable<std::vec::IntoIter<Word>>);

impl Words {
    pub(super) fn of(text: &str) -> Result<Self, Wrong> {
        let mut words = Vec::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let (word, after) = match first {
                '(' => (Word::Open, &rest[1..]),
                ')' => (Word::Close, &rest[1..]),
                '\'' | '"' => quoted(rest, first)?,
                '=' | '!' | '<' | '>' => sign(rest)?,
                '0'..='9' | '-' | '+' | '.' => number(rest)?,
                _ if is_of_name(first) => {
                    let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
                    (Word::Name(rest[..end].to_owned()), &rest[end..])
                }
                other => {
                    return Err(Wrong::new(
                        format!("`{}` means nothing in a question", other.escape_default()),
                        "a text stands in quotes",
                    ));
                }
            };
            words.push(word);
            rest = after.trim_start();
        }
        Ok(Self(words.into_iter().peekable()))
    }

    pub(super) fn next(&mut self) -> Option<Word> {
        self.0.next()
    }

    /// Takes the next word if it is this one.
    pub(super) fn take(&mut self, name: &str) -> bool {
        let is_it =
            |word: &Word| matches!(word, Word::Name(word) if word.eq_ignore_ascii_case(name));
        self.0.next_if(is_it).is_some()
    }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Up to the same quote; a quote inside is written twice.
fn quoted(text: &str, quote: char) -> Result<(Word, &str), Wrong> {
    let mut inside = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            inside.push(c);
        } else if chars.next_if(|(_, next)| *next == quote).is_some() {
            inside.push(quote);
        } else {
            return Ok((Word::Value(Literal::Text(inside)), &text[at + 1..]));
        }
    }
    Err(Wrong::new(
        format!("the text that begins with {quote} does not end"),
        format!("close it with {quote}"),
    ))
}

fn sign(text: &str) -> Result<(Word, &str), Wrong> {
    let signs = [
        ("!=", Comparison::Different),
        ("<>", Comparison::Different),
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("==", Comparison::Equal),
        ("=", Comparison::Equal),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
    ];
    let found = signs
        .iter()
        .find_map(|(sign, by)| Some((*by, text.strip_prefix(sign)?)));
    match found {
        Some((by, rest)) => Ok((Word::Sign(by), rest)),
        None => Err(Wrong::new("`!` means nothing by itself", "different is !=")),
    }
}

fn number(text: &str) -> Result<(Word, &str), Wrong> {
    let is_of_it = |(at, c): (usize, char)| {
        c.is_ascii_alphanumeric()
            || c == '.'
            || c == '_'
            || (matches!(c, '-' | '+') && (at == 0 || text[..at].ends_with(['e', 'E'])))
    };
    let end = text
        .char_indices()
        .find(|one| !is_of_it(*one))
        .map_or(text.len(), |(at, _)| at);
    let said = &text[..end];
    let number: Option<f64> = said.replace('_', "").parse().ok();
    match number.filter(|number| number.is_finite()) {
        Some(number) => Ok((Word::Value(Literal::Number(number)), &text[end..])),
        None => Err(Wrong::new(
            format!("`{said}` is no number"),
            format!("a text stands in quotes: '{said}'"),
        )),
    }
}
