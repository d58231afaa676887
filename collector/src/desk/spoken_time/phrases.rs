//! What a text says of time, phrase by phrase.

use jiff::civil::DateTime;
use jiff::{SignedDuration, ZonedDateTime};

use super::LEAD_US;
use super::clock::{Clock, clock};
use super::length::{length, unit};
use super::named::{Named, Part, named, weekday};
use super::tokens::{Token, Tokens};
use super::words::{
    AFTER, AGAIN, AGAIN_WITHIN, AT, FOR, GOES_ON, IT_IS, JUST_NOW, LAST, LUNCH, ROUGHLY, SINCE,
    TO_COME, UNTIL,
};

/// A time that somebody speaks of.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    /// Of its tokens.
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) from: ZonedDateTime,
    /// None: it goes on.
    pub(super) to: Option<ZonedDateTime>,
    /// It says since when something is so.
    pub(super) is_since: bool,
}

/// What was longer ago than a month is no cause that somebody tells of.
const LATELY_S: i64 = 31 * 86_400;

/// From when to when, none: it goes on; and where the words end.
type Found = (usize, ZonedDateTime, Option<ZonedDateTime>);

/// All that stand in a text, in its order.
pub(super) fn all(tokens: &Tokens, now: &ZonedDateTime) -> Vec<Phrase> {
    let reader = Reader { tokens, now };
    let mut phrases = Vec::new();
    let mut place = 0;
    while place < tokens.len() {
        match reader.phrase(place) {
            Some(phrase) => {
                place = phrase.end;
                phrases.push(phrase);
            }
            None => place += 1,
        }
    }
    phrases
}

struct Reader<'t> {
    tokens: &'t Tokens,
    now: &'t ZonedDateTime,
}

impl Reader<'_> {
    fn phrase(&self, begin: usize) -> Option<Phrase> {
        let since = self.tokens.any_of(begin, SINCE);
        let (found, is_since) = match since.and_then(|place| self.since(place)) {
            Some(found) => (found, true),
            None if self.is_again(begin) => return None,
            None => (self.other(begin)?, false),
        };
        let (end, from, to) = found;
        if !is_since && self.tokens.any_of(end, TO_COME).is_some() {
            return None;
        }
        Some(Phrase {
            begin,
            end,
            from,
            to,
            is_since,
        })
    }

    /// Whether it is said of what happens again and again, or is still to come.
    fn is_again(&self, begin: usize) -> bool {
        let before = begin.saturating_sub(AGAIN_WITHIN)..begin;
        let since_stop = before
            .rev()
            .take_while(|place| !matches!(self.tokens.at(*place), Some(Token::Stop) | None));
        let mut since_stop = since_stop.filter_map(|place| self.tokens.word(place));
        since_stop.any(|word| AGAIN.contains(&word))
    }

    /// Behind *since*.
    fn since(&self, place: usize) -> Option<Found> {
        if let Some(found) = self.day(place).or_else(|| self.weekday(place)) {
            return Some((found.0, found.1, None));
        }
        if let Some(end) = self.tokens.any_of(place, LUNCH) {
            return self.since_noon(end);
        }
        let rough = self.tokens.past(place, ROUGHLY);
        if let Some((end, clock)) = clock(self.tokens, rough) {
            if clock.by_h {
                return self.by_h(end, clock);
            }
            let is_length = length(self.tokens, rough).is_some_and(|(told, _)| told >= end);
            if !is_length {
                let has_day = named(self.tokens, end).is_some();
                let is_time = !clock.is_bare || has_day || self.goes_on(end);
                let time = is_time.then(|| self.at_clock(end, clock, true));
                return time.flatten();
            }
        }
        let (end, seconds) = length(self.tokens, rough)?;
        self.ago(end, seconds)
    }

    /// "depuis 10 h" is since ten, "depuis 2 h" for two hours, and so is what has not been yet today.
    fn by_h(&self, end: usize, clock: Clock) -> Option<Found> {
        match clock.is_early() {
            true => self.ago(end, clock.seconds()),
            false => self
                .at_clock(end, clock, false)
                .or_else(|| self.ago(end, clock.seconds())),
        }
    }

    fn other(&self, begin: usize) -> Option<Found> {
        let tokens = self.tokens;
        if let Some(end) = tokens.any_of(begin, JUST_NOW) {
            return self.ago(end, 0);
        }
        if let Some(place) = tokens.any_of(begin, AFTER) {
            if let Some(end) = tokens.any_of(place, LUNCH) {
                return self.since_noon(end);
            }
            let (end, clock) = clock(tokens, place).filter(|(_, clock)| !clock.is_bare)?;
            return self.at_clock(end, clock, false);
        }
        if let Some(place) = tokens.any_of(begin, UNTIL) {
            let (end, from, _) = self.day(place)?;
            return Some((end, from, None));
        }
        if let Some(found) = self.lasting(begin) {
            return Some(found);
        }
        if let Some(found) = self.day(begin) {
            return Some(found);
        }
        if let Some(place) = tokens.any_of(begin, AT) {
            if let Some(end) = tokens.any_of(place, LUNCH) {
                return self.since_noon(end);
            }
            let (end, clock) = clock(tokens, place)?;
            return self.at_clock(end, clock, false).filter(|(after, ..)| {
                // A number alone is a time only where a day follows.
                !clock.is_bare || *after > end
            });
        }
        // "10 h ce matin", "3 pm yesterday".
        let (end, clock) = clock(tokens, begin).filter(|(_, clock)| !clock.is_bare)?;
        self.at_clock(end, clock, false)
            .filter(|(after, ..)| *after > end)
    }

    /// "for two hours", "ces deux dernières heures", "il y a une heure", "an hour ago".
    fn lasting(&self, begin: usize) -> Option<Found> {
        let tokens = self.tokens;
        let intro = tokens.any_of(begin, FOR).or(tokens.any_of(begin, IT_IS));
        if let Some(place) = intro {
            let (end, seconds) = length(tokens, tokens.past(place, ROUGHLY))?;
            let end = tokens.any_of(end, &["ago"]).unwrap_or(end);
            return self.lately(end, seconds);
        }
        if let Some(place) = tokens.any_of(begin, LAST) {
            let is_last = |word: &str| {
                [
                    "last",
                    "past",
                    "dernieres",
                    "derniers",
                    "derniere",
                    "dernier",
                ]
                .contains(&word)
            };
            let (end, seconds) = match length(tokens, place) {
                Some(told) => told,
                // "the last hour", "ces dernières minutes"
                None => unit(tokens, tokens.past(place, &["dernieres", "derniers"]))?,
            };
            let mut said = (begin..end).filter_map(|at| tokens.word(at));
            return said.any(is_last).then(|| self.ago(end, seconds)).flatten();
        }
        let (end, seconds) = length(tokens, begin)?;
        let end = tokens.any_of(end, &["ago", "earlier"])?;
        self.lately(end, seconds)
    }

    /// So long ago, unless it is told as a story: "il y a deux ans on l'a acheté".
    fn lately(&self, end: usize, seconds: i64) -> Option<Found> {
        self.ago(end, seconds).filter(|_| seconds <= LATELY_S)
    }

    /// So long ago, with what was before.
    fn ago(&self, end: usize, seconds: i64) -> Option<Found> {
        let back = SignedDuration::from_secs(seconds) + SignedDuration::from_micros(LEAD_US);
        let from = self.now.checked_sub(back).ok()?;
        Some((end, from, None))
    }

    /// A day or a part of one, with the time of the clock that stands behind it.
    fn day(&self, place: usize) -> Option<Found> {
        let (end, day) = named(self.tokens, place)?;
        self.on(end, day)
    }

    fn weekday(&self, place: usize) -> Option<Found> {
        let (end, day) = weekday(self.tokens, place, self.now)?;
        self.on(end, day)
    }

    fn on(&self, end: usize, day: Named) -> Option<Found> {
        let at = self.tokens.any_of(end, AT);
        let timed = clock(self.tokens, at.unwrap_or(end));
        let timed = timed.filter(|(_, clock)| at.is_some() || !clock.is_bare);
        if let Some((after, clock)) = timed
            && day.part != Part::Week
            && let Some(time) = clock.of(day, self.now)
        {
            return self.exactly(after, time);
        }
        let (from, to) = day.span(self.now)?;
        let goes_on = day.days_ago == 0 && day.part != Part::Night;
        let to = if goes_on { None } else { self.zoned(to) };
        Some((end, self.zoned(from)?, to))
    }

    /// A time of the clock, with the day that stands behind it.
    fn at_clock(&self, end: usize, clock: Clock, yesterday_too: bool) -> Option<Found> {
        if let Some((after, day)) = named(self.tokens, end)
            && day.part != Part::Week
            && let Some(time) = clock.of(day, self.now)
        {
            return self.exactly(after, time);
        }
        self.exactly(end, clock.last(self.now, yesterday_too)?)
    }

    fn since_noon(&self, end: usize) -> Option<Found> {
        let noon = self.now.date().at(12, 0, 0, 0);
        Some((end, self.zoned(noon)?, None)).filter(|_| noon <= self.now.datetime())
    }

    /// From a time on, with what was before.
    fn exactly(&self, end: usize, time: DateTime) -> Option<Found> {
        let from = self.zoned(time)?;
        let from = from.checked_sub(SignedDuration::from_micros(LEAD_US));
        Some((end, from.ok()?, None))
    }

    fn zoned(&self, time: DateTime) -> Option<ZonedDateTime> {
        time.to_zoned_datetime(self.now.time_zone().clone()).ok()
    }

    /// Whether what follows a number lets it be a time.
    fn goes_on(&self, end: usize) -> bool {
        match self.tokens.at(end) {
            None | Some(Token::Stop) => true,
            Some(Token::Word(word)) => GOES_ON.contains(&word.as_str()),
            Some(Token::Number { .. } | Token::Clock { .. } | Token::Other) => false,
        }
    }
}
