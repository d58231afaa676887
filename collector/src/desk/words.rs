//! The words of a text and of a question, as they are compared: in lower case, without accents, by their stems in English
//! and in French. Both stores are given the same words and only match them.
//!
//! A word is kept once, as it was written; its stems stand beside it in the dictionary, and a question is widened by them. So
//! no language has to be guessed for a line of text, a word has one place in the index whatever languages it may belong to, and
//! what was written exactly so ranks before its relatives. Stems are taken of the folded word until they no longer change: "réparée",
//! "reparee" and "réparer" meet, with and without their accents.

mod question;
#[cfg(test)]
mod tests;

pub use question::{Asked, MOST_WORDS, QUESTION_LENGTH, Word};

use rust_stemmers::{Algorithm, Stemmer};

use super::person::{bare, push_plain};

/// Words that one text gives at most; what stands behind them is not found.
pub const MOST_OF_TEXT: usize = 4_000;
/// Longest word, characters: a SHA-256 in hexadecimal. Of a longer one, what comes first.
pub const WORD_LENGTH: usize = 64;
/// Parts of a number or a name that are found together beside the whole: those of an IPv4 address.
const RUN: usize = 4;
/// What joins the parts of a number or a name, in the index.
const JOINT: &str = "-";
/// Shorter words have no stem but themselves.
const SHORTEST_STEMMED: usize = 3;
/// A stem is stemmed again so often at most; three times was never needed.
const STEMMED_AGAIN: usize = 4;

/// The words of a text, in their order and as often as they stand there.
///
/// What has a digit in it and is joined by `.`, `-`, `_`, `:`, `/`, `\`, `@` or `+` (addresses, host names, dates, versions) is
/// there as a whole, in its parts and in every run of up to four of them; what has none ("rendez-vous") in its parts. A
/// hexadecimal number is there without its `0x` too.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for parts in compounds(text) {
        if words.len() >= MOST_OF_TEXT {
            break;
        }
        let is_chain = parts.len() > 1 && parts.iter().any(|part| has_digit(part));
        let lengths = match is_chain {
            true => 1..=RUN.min(parts.len()),
            false => 1..=1,
        };
        for length in lengths {
            words.extend(parts.windows(length).map(joined));
        }
        if is_chain && parts.len() > RUN {
            words.push(joined(&parts));
        }
        words.extend(parts.iter().filter_map(|part| without_prefix(part)));
    }
    words.truncate(MOST_OF_TEXT);
    words
}

/// The stems of a word in English and in French, without doubles; a number and a short word have none.
pub fn stems(word: &str) -> Vec<String> {
    let is_stemmed = word.chars().count() >= SHORTEST_STEMMED && !has_digit(word);
    if !is_stemmed {
        return Vec::new();
    }
    let mut stems = vec![
        stem(Algorithm::English, word),
        stem(Algorithm::French, word),
    ];
    stems.dedup();
    stems
}

fn stem(language: Algorithm, word: &str) -> String {
    let stemmer = Stemmer::create(language);
    let mut present = word.to_owned();
    for _ in 0..STEMMED_AGAIN {
        let next = stemmer.stem(&present).into_owned();
        if next == present || next.chars().count() < SHORTEST_STEMMED {
            break;
        }
        present = next;
    }
    present
}

/// Each row of letters and digits that nothing but joints stands in, in its parts.
fn compounds(text: &str) -> impl Iterator<Item = Vec<String>> {
    let mut letters = bare(text);
    std::iter::from_fn(move || {
        let (mut parts, mut part, mut joints) = (Vec::new(), String::new(), 0);
        for c in letters.by_ref() {
            if push_plain(c, &mut part) {
                joints = 0;
                continue;
            }
            if !part.is_empty() {
                parts.push(capped(std::mem::take(&mut part)));
            }
            joints += 1;
            // "::" and "://" join; "..." ends a sentence.
            let joins = is_joint(c) && joints <= 3 && c != '.' || joints == 1 && c == '.';
            if !joins && !parts.is_empty() {
                return Some(parts);
            }
        }
        if !part.is_empty() {
            parts.push(capped(part));
        }
        (!parts.is_empty()).then_some(parts)
    })
}

fn is_joint(c: char) -> bool {
    matches!(c, '.' | '-' | '_' | ':' | '/' | '\\' | '@' | '+')
}

fn has_digit(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
}

fn capped(word: String) -> String {
    match word.char_indices().nth(WORD_LENGTH) {
        Some((end, _)) => word[..end].to_owned(),
        None => word,
    }
}

fn joined(parts: &[String]) -> String {
    capped(parts.join(JOINT))
}

/// "80070005" of "0x80070005".
fn without_prefix(part: &str) -> Option<String> {
    let digits = part.strip_prefix("0x")?;
    let is_one = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit());
    is_one.then(|| digits.to_owned())
}
