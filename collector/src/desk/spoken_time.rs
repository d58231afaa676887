//! When somebody means by the words they use, in English or French: "since this morning", "depuis 10 h 30".
//!
//! The text is read as tokens (`tokens`), of which phrases are made (`phrases`): lengths of time, times of the clock, days
//! and their parts. A phrase with *since* counts before any other, then the first. What may mean something else means nothing.

mod clock;
mod length;
mod named;
mod phrases;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use phrases::Phrase;
use tokens::Tokens;

/// How far back the devices' own recorders reach, and the windows that are chosen here: 24 hours.
pub const REACH_US: i64 = 86_400_000_000;
/// What was before it broke is wanted too: so much before a time that is named exactly.
pub const LEAD_US: i64 = 15 * 60_000_000;
/// Characters of a text that are read.
const LONGEST: usize = 4_000;
/// Characters of a phrase that are quoted.
const LONGEST_QUOTE: usize = 60;

/// A stretch of time, and the words that mean it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// As they stand in the text.
    pub words: String,
    /// Microseconds since 1970 UTC.
    pub from: i64,
    pub to: i64,
}

/// The time of which a text speaks that was said at `at` (microseconds since 1970 UTC), in the zone of who said it; never
/// after that moment, and no more than 24 hours before it. None: it speaks of none, or not clearly.
pub fn spoken(text: &str, at: i64, zone: &TimeZone) -> Option<Spoken> {
    let now = Timestamp::from_microsecond(at).ok()?;
    let text: String = text.chars().take(LONGEST).collect();
    let tokens = Tokens::of(&text);
    let phrases = phrases::all(&tokens, &now.to_zoned_datetime(zone.clone()));
    let windows = phrases.into_iter().filter_map(|phrase| {
        let (from, to) = window(&phrase, at)?;
        let quoted = text.get(tokens.bytes(phrase.begin, phrase.end))?;
        let words = quoted.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = words.chars().take(LONGEST_QUOTE).collect();
        Some((phrase.is_since, Spoken { words, from, to }))
    });
    let windows: Vec<(bool, Spoken)> = windows.collect();
    let since = windows.iter().position(|(is_since, _)| *is_since);
    let chosen = since.unwrap_or_default();
    windows.into_iter().nth(chosen).map(|(_, spoken)| spoken)
}

/// Within reach; none: it is all in the future, or too long ago.
fn window(phrase: &Phrase, at: i64) -> Option<(i64, i64)> {
    let micros = |time: &ZonedDateTime| time.timestamp().as_microsecond();
    let from = micros(&phrase.from).max(at.saturating_sub(REACH_US));
    let to = phrase.to.as_ref().map_or(at, micros).min(at);
    (from < to).then_some((from, to))
}
