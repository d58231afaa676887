//! Times of the clock: "10:30", "3 pm", "dix heures et demie", "noon".

use jiff::civil::{Date, DateTime};
use jiff::{ToSpan as _, ZonedDateTime};

use super::length::number;
use super::named::{Named, Part};
use super::tokens::{Token, Tokens};

/// A French hour below this is one of the night or of the afternoon, or a length of time.
pub(super) const EARLY: u32 = 6;

/// A time of the clock as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    hour: u32,
    minute: u32,
    /// It counts to 24, or says which half of the day.
    is_exact: bool,
    /// A number that nothing says to be a time.
    pub(super) is_bare: bool,
    /// "10 h", "dix heures": it may be a length.
    pub(super) by_h: bool,
}

const NAMES: &[(&str, u32)] = &[
    ("noon", 12),
    ("midday", 12),
    ("midi", 12),
    ("midnight", 0),
    ("minuit", 0),
];
const PAST: &[(&str, u32)] = &[
    ("half past", 30),
    ("quarter past", 15),
    ("a quarter past", 15),
];
const MORE: &[(&str, u32)] = &[("et demie", 30), ("et demi", 30), ("et quart", 15)];
const HALVES: &[(&str, Part)] = &[
    ("am", Part::Morning),
    ("a m", Part::Morning),
    ("in the morning", Part::Morning),
    ("du matin", Part::Morning),
    ("pm", Part::Afternoon),
    ("p m", Part::Afternoon),
    ("in the afternoon", Part::Afternoon),
    ("in the evening", Part::Evening),
    ("de l apres midi", Part::Afternoon),
    ("du soir", Part::Evening),
];

/// A time that stands at a place, and where it ends.
pub(super) fn clock(tokens: &Tokens, place: usize) -> Option<(usize, Clock)> {
    let (end, clock) = written(tokens, place)?;
    if clock.hour > 12 {
        return Some((end, clock));
    }
    let Some((end, half)) = tokens.one_of(end, HALVES) else {
        return Some((end, clock));
    };
    let hour = match half {
        Part::Morning => clock.hour % 12,
        Part::Afternoon | Part::Evening | Part::Night | Part::Whole | Part::Week => {
            clock.hour % 12 + 12
        }
    };
    Some((
        end,
        Clock {
            hour,
            is_exact: true,
            is_bare: false,
            by_h: false,
            ..clock
        },
    ))
}

fn written(tokens: &Tokens, place: usize) -> Option<(usize, Clock)> {
    let plain = Clock {
        hour: 0,
        minute: 0,
        is_exact: false,
        is_bare: false,
        by_h: false,
    };
    if let Some((end, hour)) = tokens.one_of(place, NAMES) {
        let (end, minute) = tokens.one_of(end, MORE).unwrap_or((end, 0));
        let is_exact = true;
        return Some((
            end,
            Clock {
                hour,
                minute,
                is_exact,
                ..plain
            },
        ));
    }
    if let Some((end, minute)) = tokens.one_of(place, PAST) {
        let (end, hour) = hour(tokens, end)?;
        return Some((
            end,
            Clock {
                hour,
                minute,
                ..plain
            },
        ));
    }
    if let Some(Token::Clock {
        hour,
        minute,
        has_zero,
        by_h,
    }) = tokens.at(place)
    {
        let is_early = *hour < EARLY && !has_zero;
        return Some((
            place + 1,
            Clock {
                hour: *hour,
                minute: *minute,
                is_exact: *has_zero || *hour > 12 || (*by_h && !is_early),
                by_h: *by_h,
                ..plain
            },
        ));
    }
    let (end, hour) = hour(tokens, place)?;
    let spelt = Clock {
        hour,
        is_exact: hour > 12,
        ..plain
    };
    if let Some(end) = tokens.any_of(end, &["o clock", "oclock"]) {
        return Some((end, spelt));
    }
    let Some(end) = tokens.any_of(end, &["h", "heure", "heures"]) else {
        let is_bare = true;
        return Some((end, Clock { is_bare, ..spelt }));
    };
    let (end, minute) = minutes(tokens, end);
    Some((
        end,
        Clock {
            minute,
            is_exact: hour >= EARLY,
            by_h: true,
            ..spelt
        },
    ))
}

/// "10 h 30", "dix heures et quart".
fn minutes(tokens: &Tokens, place: usize) -> (usize, u32) {
    if let Some(more) = tokens.one_of(place, MORE) {
        return more;
    }
    match tokens.at(place) {
        Some(Token::Number { value, n_digits: 2 }) if *value < 60 => (place + 1, *value),
        Some(_) | None => (place, 0),
    }
}

fn hour(tokens: &Tokens, place: usize) -> Option<(usize, u32)> {
    if let Some(Token::Number { value: 0, n_digits }) = tokens.at(place) {
        return (*n_digits <= 2).then_some((place + 1, 0));
    }
    // "a" is no hour.
    let is_article = tokens.any_of(place, &["a", "an"]).is_some();
    let (end, hour) = number(tokens, place).filter(|_| !is_article)?;
    (hour <= 24).then_some((end, hour % 24))
}

impl Clock {
    /// So many minutes of the day, if it is taken for a length.
    pub(super) fn seconds(self) -> i64 {
        i64::from(self.hour) * 3_600 + i64::from(self.minute) * 60
    }

    pub(super) fn is_early(self) -> bool {
        self.hour < EARLY
    }

    /// The last such time before now: of today, and where `yesterday_too` of yesterday.
    pub(super) fn last(self, now: &ZonedDateTime, yesterday_too: bool) -> Option<DateTime> {
        let today = now.date();
        let before = today.yesterday().ok().filter(|_| yesterday_too);
        let days = [Some(today), before].into_iter().flatten();
        let times = days.flat_map(|day| {
            self.hours()
                .into_iter()
                .filter_map(move |hour| self.at(day, hour))
        });
        times.filter(|time| *time <= now.datetime()).max()
    }

    /// That time of a named day.
    pub(super) fn of(self, named: Named, now: &ZonedDateTime) -> Option<DateTime> {
        let date = named.date(now)?;
        let half = |hour: u32| hour % 12 + 12;
        match named.part {
            Part::Morning => self.at(date, self.hour),
            Part::Afternoon | Part::Evening if !self.is_exact || self.hour < 12 => {
                self.at(date, half(self.hour))
            }
            Part::Afternoon | Part::Evening => self.at(date, self.hour),
            // It began the evening before.
            Part::Night if self.hour >= EARLY => {
                let hour = if self.hour < 12 {
                    half(self.hour)
                } else {
                    self.hour
                };
                self.at(date.checked_sub(1.day()).ok()?, hour)
            }
            Part::Night => self.at(date, self.hour),
            Part::Whole | Part::Week => {
                let times = self.hours().into_iter();
                let times = times.filter_map(|hour| self.at(date, hour));
                times.filter(|time| *time <= now.datetime()).max()
            }
        }
    }

    /// What it may be of 24.
    fn hours(self) -> Vec<u32> {
        match self.is_exact || self.hour > 12 {
            true => vec![self.hour],
            false => vec![self.hour % 12, self.hour % 12 + 12],
        }
    }

    fn at(self, date: Date, hour: u32) -> Option<DateTime> {
        let (hour, minute) = (i8::try_from(hour).ok()?, i8::try_from(self.minute).ok()?);
        Some(date.at(hour, minute, 0, 0))
    }
}
