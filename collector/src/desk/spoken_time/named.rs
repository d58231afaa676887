//! Days and their parts that have a name: "this morning", "hier soir", "last night".

use jiff::civil::{Date, DateTime, Time, Weekday, time};
use jiff::{ToSpan as _, ZonedDateTime};

use super::tokens::Tokens;

/// A part of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Morning,
    Afternoon,
    Evening,
    /// From the evening before.
    Night,
    Whole,
    /// Of days before as well.
    Week,
}

/// A part of a day so many days ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) days_ago: i64,
    pub(super) part: Part,
}

const fn of(days_ago: i64, part: Part) -> Named {
    Named { days_ago, part }
}

const NAMES: &[(&str, Named)] = &[
    ("this morning", of(0, Part::Morning)),
    ("all morning", of(0, Part::Morning)),
    ("the whole morning", of(0, Part::Morning)),
    ("this afternoon", of(0, Part::Afternoon)),
    ("all afternoon", of(0, Part::Afternoon)),
    ("this evening", of(0, Part::Evening)),
    ("tonight", of(0, Part::Evening)),
    ("last night", of(0, Part::Night)),
    ("yesterday night", of(0, Part::Night)),
    ("overnight", of(0, Part::Night)),
    ("during the night", of(0, Part::Night)),
    ("all night", of(0, Part::Night)),
    ("today", of(0, Part::Whole)),
    ("all day", of(0, Part::Whole)),
    ("the whole day", of(0, Part::Whole)),
    ("yesterday", of(1, Part::Whole)),
    ("yesterday morning", of(1, Part::Morning)),
    ("yesterday afternoon", of(1, Part::Afternoon)),
    ("yesterday evening", of(1, Part::Evening)),
    ("last evening", of(1, Part::Evening)),
    ("the day before yesterday", of(2, Part::Whole)),
    ("this week", of(0, Part::Week)),
    ("all week", of(0, Part::Week)),
    ("last week", of(7, Part::Week)),
    ("ce matin", of(0, Part::Morning)),
    ("toute la matinee", of(0, Part::Morning)),
    ("cet apres midi", of(0, Part::Afternoon)),
    ("cette apres midi", of(0, Part::Afternoon)),
    ("tout l apres midi", of(0, Part::Afternoon)),
    ("toute l apres midi", of(0, Part::Afternoon)),
    ("ce soir", of(0, Part::Evening)),
    ("cette nuit", of(0, Part::Night)),
    ("la nuit derniere", of(0, Part::Night)),
    ("pendant la nuit", of(0, Part::Night)),
    ("durant la nuit", of(0, Part::Night)),
    ("toute la nuit", of(0, Part::Night)),
    ("aujourd hui", of(0, Part::Whole)),
    ("toute la journee", of(0, Part::Whole)),
    ("hier", of(1, Part::Whole)),
    ("hier matin", of(1, Part::Morning)),
    ("hier apres midi", of(1, Part::Afternoon)),
    ("hier soir", of(1, Part::Evening)),
    ("hier au soir", of(1, Part::Evening)),
    ("avant hier", of(2, Part::Whole)),
    ("cette semaine", of(0, Part::Week)),
    ("toute la semaine", of(0, Part::Week)),
    ("la semaine derniere", of(7, Part::Week)),
];

const WEEKDAYS: &[(&str, Weekday)] = &[
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
    ("lundi", Weekday::Monday),
    ("mardi", Weekday::Tuesday),
    ("mercredi", Weekday::Wednesday),
    ("jeudi", Weekday::Thursday),
    ("vendredi", Weekday::Friday),
    ("samedi", Weekday::Saturday),
    ("dimanche", Weekday::Sunday),
];

const PARTS: &[(&str, Part)] = &[
    ("morning", Part::Morning),
    ("afternoon", Part::Afternoon),
    ("evening", Part::Evening),
    ("matin", Part::Morning),
    ("apres midi", Part::Afternoon),
    ("soir", Part::Evening),
];

const MORNING: Time = time(6, 0, 0, 0);
const NOON: Time = time(12, 0, 0, 0);
const EVENING: Time = time(18, 0, 0, 0);
const NIGHT: Time = time(20, 0, 0, 0);

/// A day or a part of one that stands at a place, and where it ends.
pub(super) fn named(tokens: &Tokens, place: usize) -> Option<(usize, Named)> {
    tokens.one_of(place, NAMES)
}

/// The last one of a day of the week, today included: only who says *since* means it surely.
pub(super) fn weekday(
    tokens: &Tokens,
    place: usize,
    now: &ZonedDateTime,
) -> Option<(usize, Named)> {
    let before = tokens.past(place, &["last"]);
    let (end, day) = tokens.one_of(before, WEEKDAYS)?;
    let days_ago = i64::from(now.weekday().since(day));
    let is_before = tokens.any_of(end, &["dernier"]);
    let end = is_before.unwrap_or(end);
    let is_last = before > place || is_before.is_some();
    let days_ago = if is_last && days_ago == 0 {
        7
    } else {
        days_ago
    };
    let part = tokens.one_of(end, PARTS);
    let (end, part) = part.unwrap_or((end, Part::Whole));
    Some((end, Named { days_ago, part }))
}

impl Named {
    /// The day itself; of a night that in which it ends.
    pub(super) fn date(self, now: &ZonedDateTime) -> Option<Date> {
        now.date().checked_sub(self.days_ago.days()).ok()
    }

    /// From when to when.
    pub(super) fn span(self, now: &ZonedDateTime) -> Option<(DateTime, DateTime)> {
        let date = self.date(now)?;
        let midnight = date.at(0, 0, 0, 0);
        let (before, after) = (date.yesterday().ok()?, date.tomorrow().ok()?);
        Some(match self.part {
            // Before it has begun, the morning is what there is of the day.
            Part::Morning if self.days_ago == 0 && now.time() < MORNING => {
                (midnight, date.to_datetime(NOON))
            }
            Part::Morning => (date.to_datetime(MORNING), date.to_datetime(NOON)),
            Part::Afternoon => (date.to_datetime(NOON), date.to_datetime(EVENING)),
            Part::Evening => (date.to_datetime(EVENING), after.at(0, 0, 0, 0)),
            // Who says it in the evening means the one that begins.
            Part::Night if self.days_ago == 0 && now.time() >= NIGHT => {
                (date.to_datetime(NIGHT), after.to_datetime(MORNING))
            }
            Part::Night => (before.to_datetime(NIGHT), date.to_datetime(MORNING)),
            Part::Whole => (midnight, after.at(0, 0, 0, 0)),
            Part::Week => (
                date.checked_sub(7.days()).ok()?.at(0, 0, 0, 0),
                after.at(0, 0, 0, 0),
            ),
        })
    }
}
