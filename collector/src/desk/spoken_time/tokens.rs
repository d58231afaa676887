//! A text as words, numbers and times of the clock, each with its place.

use std::ops::Range;

use crate::desk::person::bare;

/// Digits of a number that is one here: no year of five, no serial number.
const MOST_DIGITS: usize = 4;
/// What may follow the digits of a number without a space.
const UNITS: &[&str] = &["h", "hr", "hrs", "am", "pm", "min", "mins", "mn", "d", "j"];
/// What may follow the minutes of "2h30" without a space.
const MINUTES: &[&str] = &["", "m", "mn", "min"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// In small letters, without accents.
    Word(String),
    Number {
        value: u32,
        n_digits: usize,
    },
    /// "10:30", "10h30".
    Clock {
        hour: u32,
        minute: u32,
        /// "03:30": so write those who count to 24.
        has_zero: bool,
        /// With an h, as the French write it.
        by_h: bool,
    },
    /// What ends a phrase.
    Stop,
    /// "v2", "3rd", "10.15", "%": nothing that is understood here.
    Other,
}

/// Of one text.
pub(super) struct Tokens {
    all: Vec<(Token, Range<usize>)>,
}

impl Tokens {
    pub(super) fn of(text: &str) -> Self {
        let mut all = Vec::new();
        let mut rest = 0;
        while let Some(c) = text[rest..].chars().next() {
            let begin = rest;
            rest = match c {
                c if c.is_alphanumeric() => take(text, begin, &mut all),
                // They join words: "aujourd'hui", "après-midi".
                '\'' | '’' | '-' | '\u{2010}' | '\u{2011}' => begin + c.len_utf8(),
                c if c.is_whitespace() => begin + c.len_utf8(),
                '.' | ',' | ';' | '!' | '?' | '…' | '(' | ')' | '"' | '«' | '»' | ':' => {
                    let end = begin + c.len_utf8();
                    all.push((Token::Stop, begin..end));
                    end
                }
                c => {
                    let end = begin + c.len_utf8();
                    all.push((Token::Other, begin..end));
                    end
                }
            };
        }
        Self { all }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn at(&self, place: usize) -> Option<&Token> {
        self.all.get(place).map(|(token, _)| token)
    }

    pub(super) fn word(&self, place: usize) -> Option<&str> {
        match self.at(place)? {
            Token::Word(word) => Some(word),
            Token::Number { .. } | Token::Clock { .. } | Token::Stop | Token::Other => None,
        }
    }

    /// Where these words end that stand at a place, with a space between two.
    pub(super) fn says(&self, place: usize, words: &str) -> Option<usize> {
        let mut end = place;
        for word in words.split(' ') {
            if self.word(end)? != word {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// The longest of these that stands at a place, and where it ends.
    pub(super) fn one_of<T: Copy>(&self, place: usize, known: &[(&str, T)]) -> Option<(usize, T)> {
        let found = known
            .iter()
            .filter_map(|(words, what)| Some((self.says(place, words)?, *what)));
        found.max_by_key(|(end, _)| *end)
    }

    /// Where the longest of these ends that stands at a place.
    pub(super) fn any_of(&self, place: usize, known: &[&str]) -> Option<usize> {
        let ends = known.iter().filter_map(|words| self.says(place, words));
        ends.max()
    }

    /// Past as many of these as stand there.
    pub(super) fn past(&self, mut place: usize, known: &[&str]) -> usize {
        while let Some(end) = self.any_of(place, known) {
            place = end;
        }
        place
    }

    /// Where the tokens from one place up to another stand in the text.
    pub(super) fn bytes(&self, begin: usize, end: usize) -> Range<usize> {
        let start = self.all.get(begin).map_or(0, |(_, bytes)| bytes.start);
        let last = self.all.get(end.saturating_sub(1));
        start..last.map_or(start, |(_, bytes)| bytes.end)
    }
}

/// Takes what begins with a letter or a digit; gives where it ends.
fn take(text: &str, begin: usize, all: &mut Vec<(Token, Range<usize>)>) -> usize {
    let run = |from: usize| {
        let rest = &text[from..];
        let length = rest.find(|c: char| !c.is_alphanumeric() && !is_mark(c));
        from + length.unwrap_or(rest.len())
    };
    let mut end = run(begin);
    // "10:30", but no "10:30:15", and no "10.15" or "192.0.2.7".
    let joined = |at: usize, by: &[char]| {
        let mut rest = text[at..].chars();
        let is_joined = rest.next().is_some_and(|c| by.contains(&c));
        is_joined && rest.next().is_some_and(|c| c.is_ascii_digit())
    };
    if let Some(after) = half_of_day(text, begin..end, all) {
        return after;
    }
    let is_number = text[begin..end].bytes().all(|b| b.is_ascii_digit());
    if is_number && joined(end, &[':']) {
        let minutes = run(end + 1);
        if !joined(minutes, &[':', '.', ',']) {
            let clock = clock(&text[begin..end], &text[end + 1..minutes], false);
            all.push((clock.unwrap_or(Token::Other), begin..minutes));
            return minutes;
        }
    }
    if is_number && joined(end, &[':', '.', ',', '/', '-']) {
        while joined(end, &[':', '.', ',', '/', '-']) {
            end = run(end + 1);
        }
        all.push((Token::Other, begin..end));
        return end;
    }
    mixed(text, begin..end, all);
    end
}

/// "a.m.", "p.m.": takes it, and gives where it ends.
fn half_of_day(
    text: &str,
    letter: Range<usize>,
    all: &mut Vec<(Token, Range<usize>)>,
) -> Option<usize> {
    let word = match &text[letter.clone()] {
        "a" | "A" => "am",
        "p" | "P" => "pm",
        _ => return None,
    };
    let rest = text[letter.end..].strip_prefix('.')?;
    let rest = rest.strip_prefix(['m', 'M'])?;
    if rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let end = text.len() - rest.len();
    all.push((Token::Word(word.to_owned()), letter.start..end));
    Some(end)
}

/// A combining accent.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// A word, a number, a number with its unit, or a time of the clock.
fn mixed(text: &str, bytes: Range<usize>, all: &mut Vec<(Token, Range<usize>)>) {
    let whole = &text[bytes.clone()];
    let n_digits = whole.bytes().take_while(u8::is_ascii_digit).count();
    if n_digits == 0 {
        let is_word = !whole.bytes().any(|b| b.is_ascii_digit());
        let word: String = bare(whole).flat_map(char::to_lowercase).collect();
        let token = if is_word {
            Token::Word(word)
        } else {
            Token::Other
        };
        return all.push((token, bytes));
    }
    let (digits, unit) = whole.split_at(n_digits);
    let unit = unit.to_lowercase();
    let number = || number(digits);
    let by_h = unit.strip_prefix('h').and_then(|rest| {
        let (minute, rest) = rest.split_at_checked(2)?;
        MINUTES
            .contains(&rest)
            .then(|| clock(digits, minute, true))?
    });
    match (number(), by_h) {
        (Some(number), _) if unit.is_empty() => all.push((number, bytes)),
        (Some(number), _) if UNITS.contains(&unit.as_str()) => {
            let middle = bytes.start + n_digits;
            all.push((number, bytes.start..middle));
            all.push((Token::Word(unit), middle..bytes.end));
        }
        (Some(_), Some(clock)) => all.push((clock, bytes)),
        (Some(_) | None, _) => all.push((Token::Other, bytes)),
    }
}

fn number(digits: &str) -> Option<Token> {
    let n_digits = digits.len();
    let value = digits.parse().ok().filter(|_| n_digits <= MOST_DIGITS)?;
    Some(Token::Number { value, n_digits })
}

fn clock(hour: &str, minute: &str, by_h: bool) -> Option<Token> {
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_clock = (1..=2).contains(&hour.len()) && minute.len() == 2;
    if !is_clock || !is_number(hour) || !is_number(minute) {
        return None;
    }
    let has_zero = hour.starts_with('0');
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(Token::Clock {
        hour,
        minute,
        has_zero,
        by_h,
    })
}
