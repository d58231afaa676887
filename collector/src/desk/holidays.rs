//! Holidays out of an iCalendar file (RFC 5545), as authorities and employers publish them: whole days, once or every year.

use std::collections::BTreeMap;

use icalendar::parser::{Component, Property, read_calendar, unfold};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::Refusal;
use super::calendar::{HOLIDAY_NAME_LENGTH, MOST_HOLIDAYS};
use super::ticket::refused;
use crate::wording::{Wording, wording};

/// Longest file, bytes.
pub const MOST_BYTES: usize = 1 << 20;
/// Longest event, days: what lasts longer is no holiday of a helpdesk.
const MOST_DAYS: i32 = 92;
/// An event that comes every year is taken for so many years from the present one on.
const YEARS: i16 = 10;

const FIELD: &str = "ics";

/// The days of all events, each with the event's name; those before the year of `today` are left out.
///
/// # Errors
/// A [`Refusal`] that names the event: it has no date, lasts too long, comes again otherwise than every year on its day.
/// Nothing is taken then.
pub fn read(text: &str, today: Date) -> Result<BTreeMap<Date, String>, Refusal> {
    if text.len() > MOST_BYTES {
        return refused(FIELD, wording!("more than {} bytes", MOST_BYTES));
    }
    let unfolded = unfold(text);
    let calendar = read_calendar(&unfolded).map_err(|_| {
        Refusal::new(FIELD, wording!("it is no iCalendar file"))
            .remedy(wording!("it begins with BEGIN:VCALENDAR"))
    })?;
    let is_event = |component: &&Component<'_>| component.name == "VEVENT";
    let mut days = BTreeMap::new();
    for (number, event) in (1..).zip(calendar.components.iter().filter(is_event)) {
        for (day, name) in days_of(event, number, today)? {
            days.entry(day).or_insert(name);
        }
        if days.len() > MOST_HOLIDAYS {
            return refused(FIELD, wording!("more than {} days", MOST_HOLIDAYS));
        }
    }
    if days.is_empty() {
        return Err(
            Refusal::new(FIELD, wording!("it has no event from this year on")).remedy(wording!(
                "export the holidays of this year and the next ones"
            )),
        );
    }
    Ok(days)
}

fn days_of(
    event: &Component<'_>,
    number: usize,
    today: Date,
) -> Result<Vec<(Date, String)>, Refusal> {
    let summary = event
        .find_prop("SUMMARY")
        .map_or("", |summary| summary.val.as_str());
    let name = sonde_proto::text::clean(&plain(summary), HOLIDAY_NAME_LENGTH, false).into_owned();
    let wrong =
        |why: Wording| Refusal::new(FIELD, wording!("event {} ({}): {}", number, name, why));
    let start = event
        .find_prop("DTSTART")
        .ok_or_else(|| wrong(wording!("it has no DTSTART")))?;
    let start = date(start).ok_or_else(|| wrong(wording!("its DTSTART is no date")))?;
    // A day that is not given is the day after the start (RFC 5545 §3.6.1).
    let end = match event.find_prop("DTEND") {
        Some(end) => date(end).ok_or_else(|| wrong(wording!("its DTEND is no date")))?,
        None => start.saturating_add(1.day()),
    };
    let n_days = (end - start).get_days().max(1);
    if n_days > MOST_DAYS {
        return Err(wrong(wording!(
            "it lasts {} days; {} at most",
            n_days,
            MOST_DAYS
        )));
    }
    let starts = match event.find_prop("RRULE") {
        None => vec![start],
        Some(rule) => yearly(rule.val.as_str(), start, today).ok_or_else(|| {
            wrong(wording!(
                "it comes again otherwise than every year on its day"
            ))
        })?,
    };
    let days = starts
        .into_iter()
        .flat_map(|start| (0..n_days).map(move |n| start.saturating_add(n.days())));
    Ok(days
        .filter(|day| day.year() >= today.year())
        .map(|day| (day, name.clone()))
        .collect())
}

/// `20261225`, and of `20261225T000000Z` the day.
fn date(property: &Property<'_>) -> Option<Date> {
    let day = property.val.as_str().split('T').next()?;
    let is_date = day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit());
    is_date
        .then(|| Date::strptime("%Y%m%d", day).ok())
        .flatten()
}

/// The starts of an event that comes every year on its day (RFC 5545 §3.3.10); `None`: it comes otherwise.
fn yearly(rule: &str, start: Date, today: Date) -> Option<Vec<Date>> {
    let (mut n_times, mut until, mut is_yearly) = (i16::MAX, Date::MAX, false);
    for part in rule.split(';') {
        let (name, value) = part.split_once('=')?;
        match (name, value) {
            ("FREQ", "YEARLY") => is_yearly = true,
            ("INTERVAL", "1") | ("WKST", _) => {}
            ("COUNT", count) => n_times = count.parse().ok()?,
            ("UNTIL", end) => until = Date::strptime("%Y%m%d", end.get(..8)?).ok()?,
            ("BYMONTH", month) if month.parse() == Ok(start.month()) => {}
            ("BYMONTHDAY", day) if day.parse() == Ok(start.day()) => {}
            _ => return None,
        }
    }
    if !is_yearly {
        return None;
    }
    let last_year = start
        .year()
        .saturating_add(n_times.saturating_sub(1))
        .min(today.year() + YEARS);
    let in_year = |year| Date::new(year, start.month(), start.day()).ok();
    let starts = (start.year()..=last_year).filter_map(in_year);
    Some(starts.filter(|start| *start <= until).collect())
}

/// Without the escapes of a text (RFC 5545 §3.3.11).
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => match characters.next() {
                Some('n' | 'N') | None => ' ',
                Some(other) => other,
            },
            other => other,
        });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 28);

    fn file(events: &[&str]) -> String {
        let events = events.iter().map(|event| {
            format!(
                "BEGIN:VEVENT\r\nUID:1\r\n{}\r\nEND:VEVENT\r\n",
                event.replace('|', "\r\n")
            )
        });
        let events: String = events.collect();
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{events}END:VCALENDAR\r\n")
    }

    #[track_caller]
    fn check(events: &[&str], expected: &str) {
        let shown = match read(&file(events), TODAY) {
            Ok(days) => {
                let days = days.iter().map(|(day, name)| format!("{day} {name}"));
                days.collect::<Vec<_>>().join("\n")
            }
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn days_are_read_as_they_are_published() {
        check(
            &[
                "DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261227|SUMMARY:Noël\\, et la\r\n  suite",
                "SUMMARY:Fête|DTSTART:20270714T000000Z",
                "DTSTART;VALUE=DATE:20250101|SUMMARY:over",
            ],
            "2026-12-25 Noël, et la suite\n2026-12-26 Noël, et la suite\n2027-07-14 Fête",
        );
        check(
            &["DTSTART;VALUE=DATE:20200501|RRULE:FREQ=YEARLY;UNTIL=20271231;BYMONTH=5|SUMMARY:May"],
            "2026-05-01 May\n2027-05-01 May",
        );
        check(
            &["DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY;COUNT=5|SUMMARY:leap"],
            "2028-02-29 leap",
        );
    }

    #[test]
    fn what_cannot_be_taken_is_refused_by_the_event() {
        let otherwise = "it comes again otherwise than every year on its day";
        check(
            &[
                "DTSTART;VALUE=DATE:20261225|SUMMARY:a",
                "DTSTART;VALUE=DATE:20261101|RRULE:FREQ=YEARLY;BYDAY=4TH|SUMMARY:b",
            ],
            &format!("ics: event 2 (b): {otherwise}"),
        );
        check(
            &["DTSTART;VALUE=DATE:20261101|RRULE:FREQ=DAILY|SUMMARY:c"],
            &format!("ics: event 1 (c): {otherwise}"),
        );
        check(&["SUMMARY:d"], "ics: event 1 (d): it has no DTSTART");
        check(
            &["DTSTART:2026-12-25|SUMMARY:e"],
            "ics: event 1 (e): its DTSTART is no date",
        );
        check(
            &["DTSTART:20260101|DTEND:20270101|SUMMARY:f"],
            "ics: event 1 (f): it lasts 365 days; 92 at most",
        );
        check(
            &["DTSTART:20250101|SUMMARY:g"],
            "ics: it has no event from this year on: export the holidays of this year and the next ones",
        );
        let none = read("hello", TODAY).unwrap_err().to_string();
        assert_eq!(
            none,
            "ics: it is no iCalendar file: it begins with BEGIN:VCALENDAR"
        );
    }

    #[test]
    fn what_is_hostile_is_read_or_refused() {
        for text in crate::hostile::texts() {
            if let Ok(days) = read(&file(&[&format!("DTSTART:20261225|SUMMARY:{text}")]), TODAY) {
                days.values()
                    .for_each(|name| crate::hostile::assert_inert(name));
            }
            read(&text, TODAY).unwrap_err();
        }
        let long = "x".repeat(MOST_BYTES + 1);
        assert!(read(&long, TODAY).is_err());
    }
}
