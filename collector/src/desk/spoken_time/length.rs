//! Lengths of time: "two hours", "une demi-heure", "2 h 30".

use super::tokens::{Token, Tokens};

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 86_400;
/// Larger numbers are no lengths that people tell.
const MOST: u32 = 1_000;
/// What "a few" is at most.
const FEW: u32 = 5;

const WHOLE: &[(&str, i64)] = &[
    ("half an hour", HOUR_S / 2),
    ("half hour", HOUR_S / 2),
    ("a half hour", HOUR_S / 2),
    ("a quarter of an hour", HOUR_S / 4),
    ("quarter of an hour", HOUR_S / 4),
    ("three quarters of an hour", 3 * HOUR_S / 4),
    ("half a day", DAY_S / 2),
    ("une demi heure", HOUR_S / 2),
    ("une demie heure", HOUR_S / 2),
    ("demi heure", HOUR_S / 2),
    ("un quart d heure", HOUR_S / 4),
    ("quart d heure", HOUR_S / 4),
    ("trois quarts d heure", 3 * HOUR_S / 4),
    ("une demi journee", DAY_S / 2),
];

const NUMBERS: &[(&str, u32)] = &[
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("a couple of", 2),
    ("couple of", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("a few", FEW),
    ("few", FEW),
    ("several", FEW),
    ("un", 1),
    ("une", 1),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("onze", 11),
    ("douze", 12),
    ("quelques", FEW),
    ("plusieurs", FEW),
];

const UNITS: &[(&str, i64)] = &[
    ("min", MINUTE_S),
    ("mins", MINUTE_S),
    ("mn", MINUTE_S),
    ("minute", MINUTE_S),
    ("minutes", MINUTE_S),
    ("h", HOUR_S),
    ("hr", HOUR_S),
    ("hrs", HOUR_S),
    ("hour", HOUR_S),
    ("hours", HOUR_S),
    ("heure", HOUR_S),
    ("heures", HOUR_S),
    ("d", DAY_S),
    ("j", DAY_S),
    ("day", DAY_S),
    ("days", DAY_S),
    ("jour", DAY_S),
    ("jours", DAY_S),
    ("week", 7 * DAY_S),
    ("weeks", 7 * DAY_S),
    ("semaine", 7 * DAY_S),
    ("semaines", 7 * DAY_S),
    ("month", 30 * DAY_S),
    ("months", 30 * DAY_S),
    ("mois", 30 * DAY_S),
    ("year", 365 * DAY_S),
    ("years", 365 * DAY_S),
    ("an", 365 * DAY_S),
    ("ans", 365 * DAY_S),
];

/// What may stand between a number and its unit.
const BETWEEN: &[&str] = &[
    "good",
    "full",
    "last",
    "past",
    "bonne",
    "bonnes",
    "petite",
    "petites",
    "derniere",
    "dernieres",
    "dernier",
    "derniers",
];
const AND_A_HALF: &[&str] = &["and a half", "et demie", "et demi"];

/// A number as people write it, from one to a thousand.
pub(super) fn number(tokens: &Tokens, place: usize) -> Option<(usize, u32)> {
    match tokens.at(place)? {
        Token::Number { value, .. } => {
            let is_one = (1..=MOST).contains(value);
            is_one.then_some((place + 1, *value))
        }
        Token::Word(_) => tokens.one_of(place, NUMBERS),
        Token::Clock { .. } | Token::Stop | Token::Other => None,
    }
}

/// A unit alone, seconds.
pub(super) fn unit(tokens: &Tokens, place: usize) -> Option<(usize, i64)> {
    tokens.one_of(place, UNITS)
}

/// A length that stands at a place: where it ends, and its seconds.
pub(super) fn length(tokens: &Tokens, place: usize) -> Option<(usize, i64)> {
    if let Some(whole) = tokens.one_of(place, WHOLE) {
        return Some(whole);
    }
    if let Some(Token::Clock {
        hour,
        minute,
        by_h: true,
        ..
    }) = tokens.at(place)
    {
        let seconds = i64::from(*hour) * HOUR_S + i64::from(*minute) * MINUTE_S;
        return Some((place + 1, seconds));
    }
    let (end, n) = number(tokens, place)?;
    let (end, one) = unit(tokens, tokens.past(end, BETWEEN))?;
    let seconds = i64::from(n) * one;
    if let Some(end) = tokens.any_of(end, AND_A_HALF) {
        return Some((end, seconds + one / 2));
    }
    if one != HOUR_S {
        return Some((end, seconds));
    }
    // "2 h 30", "2 hours and 30 minutes".
    let next = tokens.past(end, &["and", "et"]);
    Some(match tokens.at(next) {
        Some(Token::Number { value, n_digits: 2 }) if *value < 60 => {
            let after = tokens.past(next + 1, &["min", "mins", "mn", "minute", "minutes"]);
            (after, seconds + i64::from(*value) * MINUTE_S)
        }
        Some(_) | None => (end, seconds),
    })
}
