//! When something is worked on, as it was planned: a span of time, once or every week. Pure.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::Refusal;
use super::ticket::refused;
use crate::wording::wording;

/// Longest span that is planned once, days.
pub const MOST_DAYS: i64 = 31;
/// Longest reason, characters.
pub const REASON_LENGTH: usize = 1_000;
/// Devices that one maintenance is about, where it is not about a whole site.
pub const MOST_DEVICES: usize = 500;

const DAY_US: i64 = 86_400_000_000;
const WEEK_DAYS: i64 = 7;

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Of its first span, microseconds since 1970 UTC.
    pub from: i64,
    pub until: i64,
    /// None: there is no other span.
    pub weekly: Option<Weekly>,
}

/// The same on the clock of a zone, every week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weekly {
    /// Of the IANA time zone database: `Europe/Paris`.
    pub zone: String,
    /// No span begins after this; none: they go on.
    pub last: Option<i64>,
}

impl Plan {
    /// What can be told of it alone.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn checked(self) -> Result<Self, Refusal> {
        let length = self.until.saturating_sub(self.from);
        if length <= 0 {
            return refused("until", wording!("it is not after the beginning"));
        }
        let Some(weekly) = &self.weekly else {
            return match length > MOST_DAYS * DAY_US {
                true => refused("until", wording!("a span has {} days at most", MOST_DAYS)),
                false => Ok(self),
            };
        };
        if length >= WEEK_DAYS * DAY_US {
            return refused(
                "until",
                wording!("what comes every week is shorter than one"),
            );
        }
        if TimeZone::get(&weekly.zone).is_err() {
            return Err(Refusal::new(
                "time_zone",
                wording!("there is no time zone {}", ?weekly.zone),
            )
            .remedy(wording!("write it as Europe/Paris")));
        }
        if weekly.last.is_some_and(|last| last < self.from) {
            return refused("last", wording!("it is before the beginning"));
        }
        Ok(self)
    }

    /// The end of the span that holds at a moment; none: none does.
    pub fn at(&self, now: i64) -> Option<i64> {
        let holds = |(from, until): &(i64, i64)| *from <= now && now < *until;
        self.around(now)
            .into_iter()
            .find(holds)
            .map(|(_, until)| until)
    }

    /// The span that holds at a moment, else the next one: from and until; none: it is over.
    pub fn next(&self, now: i64) -> Option<(i64, i64)> {
        let mut spans = self.around(now).into_iter();
        spans.find(|(_, until)| *until > now)
    }

    /// The spans that may hold at a moment, and the next one, in order.
    fn around(&self, now: i64) -> Vec<(i64, i64)> {
        let first = (self.from, self.until);
        let Some(weekly) = &self.weekly else {
            return vec![first];
        };
        // A zone that is not known any more has the first span alone.
        let Ok(zone) = TimeZone::get(&weekly.zone) else {
            return vec![first];
        };
        let wall = |at: i64| zone.to_datetime(timestamp(at));
        let (from, until) = (wall(self.from), wall(self.until));
        let n_weeks = now.saturating_sub(self.from).div_euclid(WEEK_DAYS * DAY_US);
        let weeks = n_weeks.max(1) - 1..=n_weeks.max(0) + 1;
        let spans = weeks.filter_map(|week| {
            let span = (later(&zone, from, week)?, later(&zone, until, week)?);
            let is_meant = weekly.last.is_none_or(|last| span.0 <= last);
            (is_meant && span.0 < span.1).then_some(span)
        });
        spans.collect()
    }
}

/// So many weeks later on the wall.
fn later(zone: &TimeZone, at: DateTime, weeks: i64) -> Option<i64> {
    let later = at.checked_add(Span::new().try_weeks(weeks).ok()?).ok()?;
    Some(zone.to_timestamp(later).ok()?.as_microsecond())
}

fn timestamp(at: i64) -> Timestamp {
    let range = Timestamp::MIN.as_microsecond()..=Timestamp::MAX.as_microsecond();
    let at = at.clamp(*range.start(), *range.end());
    Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn us(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn once(from: &str, until: &str) -> Plan {
        Plan {
            from: us(from),
            until: us(until),
            weekly: None,
        }
    }

    fn weekly(from: &str, until: &str, last: Option<&str>) -> Plan {
        let weekly = Weekly {
            zone: "Europe/Paris".into(),
            last: last.map(us),
        };
        Plan {
            weekly: Some(weekly),
            ..once(from, until)
        }
    }

    #[track_caller]
    fn check(plan: &Plan, now: &str, holds_until: &str, next: &str) {
        let shown = |at: i64| Timestamp::from_microsecond(at).unwrap().to_string();
        let holds = plan.at(us(now)).map(shown).unwrap_or_default();
        let from = plan.next(us(now)).map(|(from, _)| shown(from));
        assert_eq!((&*holds, &*from.unwrap_or_default()), (holds_until, next));
    }

    #[test]
    fn a_span_holds_from_its_beginning_and_not_at_its_end() {
        let plan = once("2026-03-01T20:00:00Z", "2026-03-01T22:00:00Z");
        let from = "2026-03-01T20:00:00Z";
        check(&plan, "2026-03-01T19:59:59Z", "", from);
        check(&plan, "2026-03-01T20:00:00Z", "2026-03-01T22:00:00Z", from);
        check(&plan, "2026-03-01T22:00:00Z", "", "");
    }

    #[test]
    fn every_week_it_holds_at_the_same_hour_of_the_wall() {
        // Sundays from 23:00 to 02:00 in Paris; the last one in March loses an hour at 2.
        let plan = weekly("2026-03-15T22:00:00Z", "2026-03-16T01:00:00Z", None);
        check(&plan, "2026-03-10T22:30:00Z", "", "2026-03-15T22:00:00Z");
        let second = "2026-03-22T22:00:00Z";
        check(&plan, "2026-03-20T00:00:00Z", "", second);
        check(
            &plan,
            "2026-03-23T00:59:00Z",
            "2026-03-23T01:00:00Z",
            second,
        );
        check(&plan, "2026-03-23T01:00:00Z", "", "2026-03-29T21:00:00Z");
        let in_summer = "2026-03-29T21:00:00Z";
        check(
            &plan,
            "2026-03-29T21:30:00Z",
            "2026-03-30T00:00:00Z",
            in_summer,
        );
        check(&plan, "2026-03-30T00:00:00Z", "", "2026-04-05T21:00:00Z");
        // Years later still.
        check(
            &plan,
            "2031-07-06T22:00:00Z",
            "2031-07-07T00:00:00Z",
            "2031-07-06T21:00:00Z",
        );
    }

    #[test]
    fn in_both_nights_of_daylight_saving_it_is_as_long_as_the_wall_says() {
        // Sundays from 01:30 to 03:30.
        let plan = weekly("2026-03-22T00:30:00Z", "2026-03-22T02:30:00Z", None);
        check(
            &plan,
            "2026-03-29T01:15:00Z",
            "2026-03-29T01:30:00Z",
            "2026-03-29T00:30:00Z",
        );
        check(
            &plan,
            "2026-10-25T02:15:00Z",
            "2026-10-25T02:30:00Z",
            "2026-10-24T23:30:00Z",
        );
    }

    #[test]
    fn after_the_last_one_begins_none() {
        let plan = weekly(
            "2026-03-15T22:00:00Z",
            "2026-03-16T01:00:00Z",
            Some("2026-03-22T22:00:00Z"),
        );
        check(
            &plan,
            "2026-03-22T23:00:00Z",
            "2026-03-23T01:00:00Z",
            "2026-03-22T22:00:00Z",
        );
        check(&plan, "2026-03-23T01:00:00Z", "", "");
        check(&plan, "2027-03-28T22:00:00Z", "", "");
    }

    #[test]
    fn a_plan_that_makes_no_sense_is_told_so() {
        let refused = |plan: Plan, expected: &str| {
            let told = plan.checked().unwrap_err().to_string();
            assert!(told.starts_with(expected), "{told}");
        };
        let (monday, tuesday) = ("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
        refused(
            once(tuesday, monday),
            "until: it is not after the beginning",
        );
        refused(
            once(monday, "2026-05-02T00:00:00Z"),
            "until: a span has 31 days",
        );
        refused(
            weekly(monday, "2026-03-09T00:00:00Z", None),
            "until: what comes every week",
        );
        refused(
            weekly(tuesday, "2026-03-04T00:00:00Z", Some(monday)),
            "last: it is before",
        );
        let mut nowhere = weekly(monday, tuesday, None);
        nowhere.weekly.as_mut().unwrap().zone = "Europe/Lyon".into();
        refused(nowhere, "time_zone: there is no time zone \"Europe/Lyon\"");
        assert!(weekly(monday, tuesday, None).checked().is_ok());
    }
}
