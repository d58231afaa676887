//! When a helpdesk works: hours of the week in a time zone, without its holidays. Exact to the microsecond, both nights of
//! daylight saving included: an instant is working time when the clock on the wall then shows working hours.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::ControlFlow;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::Refusal;
use super::ticket::refused;
use crate::wording::wording;

/// Spans of working hours in one day.
pub const MOST_SPANS: usize = 12;
/// Holidays of one calendar.
pub const MOST_HOLIDAYS: usize = 2_000;
/// Longest name of a holiday, characters.
pub const HOLIDAY_NAME_LENGTH: usize = 100;
/// Nothing is due later than this after it began, in days: ten years.
const HORIZON_DAYS: i64 = 3_653;

const SECOND_US: i64 = 1_000_000;
const MINUTE_US: i64 = 60 * SECOND_US;
const DAY_US: i64 = 24 * 60 * MINUTE_US;
const DAY_MINUTES: u16 = 24 * 60;

/// A calendar as people write it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Hours {
    /// Of the IANA time zone database: `Europe/Paris`.
    pub time_zone: String,
    /// Each day's spans as `09:00-12:30`, at most up to `24:00`; a day without any is free.
    pub monday: Vec<String>,
    pub tuesday: Vec<String>,
    pub wednesday: Vec<String>,
    pub thursday: Vec<String>,
    pub friday: Vec<String>,
    pub saturday: Vec<String>,
    pub sunday: Vec<String>,
    /// Days on which nobody works, by date; each with its name.
    #[schema(value_type = Object)]
    pub holidays: BTreeMap<Date, String>,
}

/// A calendar that can be reckoned with.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    /// From Monday on: from and to, minutes of the day on the wall, in order and apart.
    week: [Vec<(u16, u16)>; 7],
    /// Days since 1970, in order.
    holidays: Vec<i64>,
}

impl Calendar {
    /// # Errors
    /// A [`Refusal`] that names the field: a time zone that is not known, a span that is none or meets another, too many of
    /// something, a week without any working time.
    pub fn new(hours: &Hours) -> Result<Self, Refusal> {
        let zone = TimeZone::get(&hours.time_zone).map_err(|_| {
            let reason = match hours.time_zone.is_empty() {
                true => wording!("it is missing"),
                false => wording!("no time zone is called so"),
            };
            Refusal::new("time_zone", reason).remedy(wording!("write it as Europe/Paris"))
        })?;
        let week = [
            day("monday", &hours.monday)?,
            day("tuesday", &hours.tuesday)?,
            day("wednesday", &hours.wednesday)?,
            day("thursday", &hours.thursday)?,
            day("friday", &hours.friday)?,
            day("saturday", &hours.saturday)?,
            day("sunday", &hours.sunday)?,
        ];
        if week.iter().all(Vec::is_empty) {
            return Err(Refusal::new(
                "monday",
                wording!("no day of the week has any working time"),
            )
            .remedy(wording!(
                "give at least one day a span: \"monday\": [\"09:00-17:00\"]"
            )));
        }
        if hours.holidays.len() > MOST_HOLIDAYS {
            return refused(
                "holidays",
                wording!("a calendar takes {} at most", MOST_HOLIDAYS),
            );
        }
        for (date, name) in &hours.holidays {
            if name.chars().count() > HOLIDAY_NAME_LENGTH {
                return refused(
                    "holidays",
                    wording!("the name of {} has more than {} characters", %date, HOLIDAY_NAME_LENGTH),
                );
            }
        }
        Ok(Self {
            zone,
            week,
            holidays: hours.holidays.keys().copied().map(day_number).collect(),
        })
    }

    /// Whose clocks it goes by.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The working time between two instants, microseconds; none when `to` is not after `from`.
    pub fn worked(&self, from: i64, to: i64) -> i64 {
        let mut total = 0;
        let ControlFlow::Continue(()): ControlFlow<Infallible> =
            self.each(from, to, |start, end| {
                total += end - start;
                ControlFlow::Continue(())
            });
        total
    }

    /// The first instant at which so much working time has passed since `from`; `None`: not within ten years.
    pub fn after(&self, from: i64, working_us: i64) -> Option<i64> {
        if working_us <= 0 {
            return Some(from);
        }
        let mut left = working_us;
        let until = from.saturating_add(HORIZON_DAYS * DAY_US);
        let found = self.each(from, until, |start, end| {
            if left <= end - start {
                return ControlFlow::Break(start + left);
            }
            left -= end - start;
            ControlFlow::Continue(())
        });
        found.break_value()
    }

    /// Calls `with` for each stretch of working time between two instants, in order. Between two changes of the zone's offset
    /// the wall clock runs evenly.
    fn each<B>(
        &self,
        from: i64,
        to: i64,
        mut with: impl FnMut(i64, i64) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let mut start = from;
        while start < to {
            let at = timestamp(start);
            let offset = i64::from(self.zone.to_offset(at).seconds()) * SECOND_US;
            let change = self.zone.following(at).next();
            let change = change.map_or(i64::MAX, |change| change.timestamp().as_microsecond());
            let end = change.min(to);
            self.each_on_wall(start + offset, end.saturating_add(offset), |start, end| {
                with(start - offset, end - offset)
            })?;
            start = end;
        }
        ControlFlow::Continue(())
    }

    /// The same on the wall's own count of microseconds.
    fn each_on_wall<B>(
        &self,
        from: i64,
        to: i64,
        mut with: impl FnMut(i64, i64) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let mut day = from.div_euclid(DAY_US);
        while day * DAY_US < to {
            if self.holidays.binary_search(&day).is_err() {
                for (first, last) in &self.week[weekday(day)] {
                    let start = day * DAY_US + i64::from(*first) * MINUTE_US;
                    let end = day * DAY_US + i64::from(*last) * MINUTE_US;
                    let (start, end) = (start.max(from), end.min(to));
                    if start < end {
                        with(start, end)?;
                    }
                }
            }
            day += 1;
        }
        ControlFlow::Continue(())
    }
}

fn timestamp(at: i64) -> Timestamp {
    let range = Timestamp::MIN.as_microsecond()..=Timestamp::MAX.as_microsecond();
    let at = at.clamp(*range.start(), *range.end());
    Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// From Monday on; 1970 began on a Thursday.
fn weekday(day: i64) -> usize {
    (day + 3).rem_euclid(7) as usize
}

/// Days since 1970.
fn day_number(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    i64::from((date - epoch).get_days())
}

fn day(field: &'static str, spans: &[String]) -> Result<Vec<(u16, u16)>, Refusal> {
    if spans.len() > MOST_SPANS {
        return refused(field, wording!("a day takes {} spans at most", MOST_SPANS));
    }
    let mut day = Vec::with_capacity(spans.len());
    for text in spans {
        let parsed = text
            .split_once('-')
            .and_then(|(from, to)| Some((minute(from)?, minute(to)?)))
            .filter(|(from, to)| from < to);
        let Some(span) = parsed else {
            let text: String = text.chars().take(40).collect();
            return Err(
                Refusal::new(field, wording!("{} is no span of a day", ?text))
                    .remedy(wording!("write it as 09:00-17:30, up to 24:00")),
            );
        };
        day.push(span);
    }
    day.sort_unstable();
    if day.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return refused(field, wording!("two of its spans meet"));
    }
    Ok(day)
}

/// `09:30` as minutes of the day.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let is_number = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= DAY_MINUTES).then_some(minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(zone: &str) -> Hours {
        let day = || vec!["09:00-12:30".to_owned(), "13:30-17:00".to_owned()];
        Hours {
            time_zone: zone.into(),
            monday: day(),
            tuesday: day(),
            wednesday: day(),
            thursday: day(),
            friday: day(),
            holidays: [(Date::constant(2026, 12, 25), "Christmas".to_owned())].into(),
            ..Hours::default()
        }
    }

    /// Around the clock.
    fn always(zone: &str) -> Hours {
        let day = || vec!["00:00-24:00".to_owned()];
        Hours {
            saturday: day(),
            sunday: day(),
            monday: day(),
            tuesday: day(),
            wednesday: day(),
            thursday: day(),
            friday: day(),
            time_zone: zone.into(),
            ..Hours::default()
        }
    }

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    #[track_caller]
    fn worked(hours: &Hours, from: &str, to: &str, minutes: i64) {
        let calendar = Calendar::new(hours).unwrap();
        let worked = calendar.worked(at(from), at(to));
        assert_eq!(worked, minutes * MINUTE_US, "{} min", worked / MINUTE_US);
        // The first instant at which so much has passed is not after the end, and just so much has passed there.
        let after = calendar.after(at(from), worked).unwrap();
        assert!(after <= at(to).max(at(from)));
        assert_eq!(calendar.worked(at(from), after), worked);
    }

    #[test]
    fn only_hours_of_work_count() {
        let paris = office("Europe/Paris");
        // A Friday evening to the Monday after, in winter: one hour ahead of UTC.
        worked(&paris, "2026-11-27T15:00:00Z", "2026-11-30T08:30:00Z", 90);
        worked(&paris, "2026-11-27T11:00:00Z", "2026-11-27T12:40:00Z", 40);
        worked(&paris, "2026-11-28T00:00:00Z", "2026-11-29T20:00:00Z", 0);
        worked(&paris, "2026-11-27T15:00:00Z", "2026-11-27T14:00:00Z", 0);
        // The day before Christmas, and the Monday after it.
        worked(&paris, "2026-12-24T15:30:00Z", "2026-12-28T08:10:00Z", 40);
    }

    #[test]
    fn a_night_of_daylight_saving_is_an_hour_shorter_or_longer() {
        let paris = always("Europe/Paris");
        worked(
            &paris,
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
            23 * 60,
        );
        worked(
            &paris,
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
            25 * 60,
        );
        let night = |from: &str| Hours {
            sunday: vec![from.into()],
            time_zone: "America/New_York".into(),
            ..Hours::default()
        };
        // From two to three there is no clock on 8 March, and from one to two there are two on 1 November.
        worked(
            &night("01:30-03:30"),
            "2026-03-08T05:00:00Z",
            "2026-03-08T15:00:00Z",
            60,
        );
        worked(
            &night("02:00-03:00"),
            "2026-03-08T05:00:00Z",
            "2026-03-08T15:00:00Z",
            0,
        );
        worked(
            &night("01:00-01:30"),
            "2026-11-01T04:00:00Z",
            "2026-11-01T15:00:00Z",
            60,
        );
    }

    #[test]
    fn what_is_due_falls_into_hours_of_work() {
        let paris = Calendar::new(&office("Europe/Paris")).unwrap();
        let due = |from: &str, minutes: i64| {
            let due = paris.after(at(from), minutes * MINUTE_US).unwrap();
            timestamp(due).to_string()
        };
        assert_eq!(due("2026-11-27T15:30:00Z", 30), "2026-11-27T16:00:00Z");
        assert_eq!(due("2026-11-27T15:30:00Z", 31), "2026-11-30T08:01:00Z");
        assert_eq!(due("2026-11-28T10:00:00Z", 0), "2026-11-28T10:00:00Z");
    }

    #[test]
    fn nothing_is_due_after_ten_years() {
        let hours = Hours {
            monday: vec!["00:00-00:01".into()],
            time_zone: "UTC".into(),
            ..Hours::default()
        };
        let calendar = Calendar::new(&hours).unwrap();
        assert_eq!(calendar.after(0, 600 * MINUTE_US), None);
        assert!(calendar.after(0, 500 * MINUTE_US).is_some());
        assert!(calendar.after(i64::MAX, MINUTE_US).is_none());
    }

    #[track_caller]
    fn refused_with(change: impl FnOnce(&mut Hours), expected: &str) {
        let mut hours = office("Europe/Paris");
        change(&mut hours);
        assert_eq!(Calendar::new(&hours).unwrap_err().to_string(), expected);
    }

    #[test]
    fn what_is_no_calendar_is_refused_by_its_field() {
        let write = "write it as 09:00-17:30, up to 24:00";
        refused_with(
            |hours| hours.time_zone = "Paris".into(),
            "time_zone: no time zone is called so: write it as Europe/Paris",
        );
        refused_with(
            |hours| hours.time_zone.clear(),
            "time_zone: it is missing: write it as Europe/Paris",
        );
        for span in [
            "9:00-17:00",
            "09:00",
            "17:00-09:00",
            "09:00-24:01",
            "09:60-10:00",
            "+9:00-10:00",
        ] {
            refused_with(
                |hours| hours.friday = vec![span.into()],
                &format!("friday: {span:?} is no span of a day: {write}"),
            );
        }
        refused_with(
            |hours| hours.monday.push("12:00-14:00".into()),
            "monday: two of its spans meet",
        );
        refused_with(
            |hours| {
                *hours = Hours {
                    time_zone: "UTC".into(),
                    ..Hours::default()
                }
            },
            "monday: no day of the week has any working time: give at least one day a span: \
             \"monday\": [\"09:00-17:00\"]",
        );
    }
}
