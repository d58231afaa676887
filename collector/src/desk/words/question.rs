//! What somebody looks for among tickets.

use super::super::Refusal;
use super::{JOINT, RUN, compounds, has_digit, joined, stems};
use crate::wording::{Wording, wording};

/// Longest question, characters.
pub const QUESTION_LENGTH: usize = 200;
/// Words of a question.
pub const MOST_WORDS: usize = 12;
/// A last word of so many letters is taken as the beginning of one: a shorter one begins too many.
const SHORTEST_BEGINNING: usize = 3;

/// Words of which a question in whole sentences is full. They are in the index like others, and may be asked for alone; beside
/// other words they need not be on a ticket: who asks "the printer is offline" does not look for "the".
const COMMON: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "do", "does", "for",
    "from", "has", "have", "he", "her", "his", "i", "in", "is", "it", "its", "my", "no", "not",
    "of", "on", "or", "our", "she", "so", "that", "the", "their", "them", "there", "they", "this",
    "to", "was", "we", "were", "when", "will", "with", "you", "your", "au", "aux", "avec", "ce",
    "cela", "ces", "cette", "d", "dans", "de", "des", "du", "elle", "en", "est", "et", "eux", "il",
    "ils", "j", "je", "l", "la", "le", "les", "leur", "lui", "m", "ma", "mais", "me", "mes", "mon",
    "n", "ne", "nos", "notre", "nous", "ou", "par", "pas", "plus", "pour", "qu", "que", "qui", "s",
    "sa", "se", "ses", "son", "sont", "sur", "t", "un", "une", "vos", "votre", "vous", "y",
];

/// One word that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As [`super::words`] gives it.
    pub text: String,
    pub stems: Vec<String>,
    /// A word that begins so is one too.
    pub is_beginning: bool,
    /// A ticket without it is not found.
    pub is_needed: bool,
}

/// A question: all words that are needed have to be on a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub words: Vec<Word>,
}

impl Asked {
    /// Of what somebody typed. The last word may still be typed, unless something stands behind it.
    ///
    /// # Errors
    /// It is empty, has no letter or digit, is too long, or has too many words.
    pub fn of(text: &str) -> Result<Self, Refusal> {
        let refused =
            |reason: Wording, remedy: Wording| Err(Refusal::new("search", reason).remedy(remedy));
        match text.chars().count() {
            _ if text.trim().is_empty() => {
                return refused(wording!("it is empty"), wording!("say what is looked for"));
            }
            length if length > QUESTION_LENGTH => {
                return refused(
                    wording!(
                        "{} characters, where {} are the most",
                        length,
                        QUESTION_LENGTH
                    ),
                    wording!("a few words that only the ticket has find it"),
                );
            }
            _ => {}
        }
        let mut texts: Vec<String> = Vec::new();
        for parts in compounds(text) {
            let is_chain = parts.iter().any(|part| has_digit(part));
            // A chain that is longer than a run is looked for by its runs.
            let run = if is_chain { RUN.min(parts.len()) } else { 1 };
            texts.extend(parts.windows(run).map(joined));
        }
        let ends_open = text.chars().last().is_some_and(char::is_alphanumeric);
        let last = texts.last().filter(|_| ends_open).cloned();
        let mut seen = Vec::new();
        texts.retain(|text| {
            !seen.contains(text) && {
                seen.push(text.clone());
                true
            }
        });
        match texts.len() {
            0 => {
                return refused(
                    wording!("{} has no letter and no digit", ?text),
                    wording!("say what is looked for"),
                );
            }
            n_words if n_words > MOST_WORDS => {
                return refused(
                    wording!("{} words, where {} are the most", n_words, MOST_WORDS),
                    wording!("leave out what many tickets have"),
                );
            }
            _ => {}
        }
        let is_common = |text: &str| COMMON.contains(&text);
        let has_others = texts.iter().any(|text| !is_common(text));
        let words = texts.into_iter().map(|text| {
            let is_last = last.as_ref() == Some(&text);
            Word {
                stems: stems(&text),
                is_beginning: is_last && letters(&text) >= SHORTEST_BEGINNING,
                is_needed: !has_others || !is_common(&text),
                text,
            }
        });
        Ok(Self {
            words: words.collect(),
        })
    }
}

fn letters(word: &str) -> usize {
    word.replace(JOINT, "").chars().count()
}
