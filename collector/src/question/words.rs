//! A question's text as words.

use super::{Comparison, Literal, Span, Wrong};
use crate::wording::wording;

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
pub(super) struct Words {
    words: std::iter::Peekable<std::vec::IntoIter<(Word, Span)>>,
    /// Where the last one that was taken stands; the end if there was none.
    place: Span,
    end: Span,
}

impl Words {
    pub(super) fn of(text: &str) -> Result<Self, Wrong> {
        let n_chars = |part: &str| part.chars().count();
        let all = n_chars(text);
        let mut words = Vec::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let begin = all - n_chars(rest);
            let (word, after) = word(rest, first).map_err(|wrong| wrong.at((begin, all)))?;
            words.push((word, (begin, all - n_chars(after))));
            rest = after.trim_start();
        }
        let end = (all, all);
        Ok(Self {
            words: words.into_iter().peekable(),
            place: end,
            end,
        })
    }

    pub(super) fn next(&mut self) -> Option<Word> {
        let next = self.words.next();
        self.place = next.as_ref().map_or(self.end, |(_, place)| *place);
        next.map(|(word, _)| word)
    }

    /// Takes the next word if it is this one.
    pub(super) fn take(&mut self, name: &str) -> bool {
        let is_it = |(word, _): &(Word, Span)| matches!(word, Word::Name(word) if word.eq_ignore_ascii_case(name));
        let taken = self.words.next_if(is_it);
        if let Some((_, place)) = &taken {
            self.place = *place;
        }
        taken.is_some()
    }

    pub(super) fn place(&self) -> Span {
        self.place
    }
}

/// The first word, and what follows.
fn word(rest: &str, first: char) -> Result<(Word, &str), Wrong> {
    Ok(match first {
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
                wording!("`{}` means nothing in a question", %other.escape_default()),
                wording!("a text stands in quotes"),
            ));
        }
    })
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
        wording!("the text that begins with {} does not end", quote),
        wording!("close it with {}", quote),
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
        None => Err(Wrong::new(
            wording!("`!` means nothing by itself"),
            wording!("different is !="),
        )),
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
            wording!("`{}` is no number", said),
            wording!("a text stands in quotes: '{}'", said),
        )),
    }
}
