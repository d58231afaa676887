//! Random agreements, calendars and histories.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::super::*;
use crate::desk::calendar::Hours;
use crate::desk::{Event, Listed, State, Ticket};
use crate::desk::{Side, ticket};

pub(super) const MINUTE_US: i64 = 60_000_000;
/// Both have their night of daylight saving in each of these, in minutes since 1970: from 2 March 2026 on, and from 19 October.
pub(super) const WINDOWS: [i64; 2] = [1_772_409_600 / 60, 1_792_368_000 / 60];
pub(super) const WINDOW_MINUTES: i64 = 30 * 24 * 60;
/// What happens to a ticket happens this early, so that most is due within the window.
const BUSY_MINUTES: i64 = 16 * 24 * 60;
const ZONES: [&str; 2] = ["Europe/Paris", "America/New_York"];
const SITES: [&str; 2] = ["lyon", "nice"];
const GROUPS: [&str; 2] = ["Ventes", "board"];

/// What the clock on the wall shows: weekday from Monday, minute of the day, date.
type Wall = (usize, u16, Date);

/// Minute by minute of a window.
fn walls(zone: &str, window: i64) -> Vec<Wall> {
    let zone = TimeZone::get(zone).unwrap();
    let minutes = window..window + WINDOW_MINUTES;
    let wall = |minute: i64| {
        let at = Timestamp::from_second(minute * 60).unwrap();
        let wall = zone.to_datetime(at);
        let weekday = wall.weekday().to_monday_zero_offset() as usize;
        let minute = wall.hour() as u16 * 60 + wall.minute() as u16;
        (weekday, minute, wall.date())
    };
    minutes.map(wall).collect()
}

thread_local! {
    pub(super) static WALLS: Vec<Vec<Wall>> = ZONES
        .iter()
        .flat_map(|zone| WINDOWS.map(|window| walls(zone, window)))
        .collect();
}

/// A random agreement with its calendar, as the model reads it and as the clocks do.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    pub(super) zone: usize,
    hours: Hours,
    /// Of `hours`, minutes of the day.
    spans: Vec<Vec<(u16, u16)>>,
    pub(super) agreement: Agreement,
}

fn days(hours: &Hours) -> [&Vec<String>; 7] {
    [
        &hours.monday,
        &hours.tuesday,
        &hours.wednesday,
        &hours.thursday,
        &hours.friday,
        &hours.saturday,
        &hours.sunday,
    ]
}

/// Day by day.
fn spans(hours: &Hours) -> Vec<Vec<(u16, u16)>> {
    let number =
        |text: &str| text[..2].parse::<u16>().unwrap() * 60 + text[3..].parse::<u16>().unwrap();
    let span = |text: &String| (number(&text[..5]), number(&text[6..]));
    days(hours).map(|day| day.iter().map(span).collect()).into()
}

impl Drawn {
    pub(super) fn works(&self, (weekday, minute, date): Wall) -> bool {
        let within = |(from, to): &(u16, u16)| (*from..*to).contains(&minute);
        self.spans[weekday].iter().any(within) && !self.hours.holidays.contains_key(&date)
    }

    pub(super) fn target(&self, priority: Priority, measure: Measure) -> Option<i64> {
        let targets = self.agreement.priorities.get(&priority)?;
        let minutes = match measure {
            Measure::FirstResponse => targets.first_response,
            Measure::NextResponse => targets.next_response,
            Measure::Resolution => targets.resolution,
            Measure::Tier => targets.tier,
        };
        minutes.map(i64::from)
    }
}

#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) window: usize,
    has_requester: bool,
    /// Minute of the window, and what was tried then.
    events: Vec<(i64, Event)>,
    /// From a minute of the window on, which may lie before it.
    pub(super) editions: Vec<(i64, Vec<Drawn>)>,
}

fn hours() -> impl Strategy<Value = (usize, Hours)> {
    let day = select(vec![
        vec![],
        vec!["09:00-17:00"],
        vec!["08:30-12:00", "13:00-18:15"],
        // Into both nights of daylight saving.
        vec!["00:00-24:00"],
        vec!["01:10-02:40", "22:00-24:00"],
    ]);
    let holidays = prop::collection::vec((0..2_usize, 0..30_i64), 0..4);
    (0..ZONES.len(), prop::collection::vec(day, 7), holidays).prop_map(|(zone, week, holidays)| {
        let mut week = week
            .into_iter()
            .map(|day| day.into_iter().map(str::to_owned).collect());
        let mut next = || -> Vec<String> { week.next().unwrap() };
        let date = |(window, day): (usize, i64)| {
            let at = Timestamp::from_second((WINDOWS[window] + day * 24 * 60) * 60).unwrap();
            (TimeZone::UTC.to_datetime(at).date(), String::new())
        };
        let mut hours = Hours {
            time_zone: ZONES[zone].into(),
            monday: next(),
            tuesday: next(),
            wednesday: next(),
            thursday: next(),
            friday: next(),
            saturday: next(),
            sunday: next(),
            holidays: holidays.into_iter().map(date).collect(),
        };
        if days(&hours).iter().all(|day| day.is_empty()) {
            hours.sunday.push("01:00-03:00".into());
        }
        (zone, hours)
    })
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let minutes = || prop::option::weighted(0.8, 1..4_000_u32);
    let targets =
        (minutes(), minutes(), minutes(), minutes()).prop_map(|(first, next, whole, tier)| {
            Targets {
                first_response: first,
                next_response: next,
                resolution: whole,
                tier,
            }
        });
    let priorities = prop::collection::btree_map(select(Priority::ALL.to_vec()), targets, 1..4);
    let pauses = subsequence(WaitingFor::ALL.to_vec(), 0..=5);
    let sites = subsequence(SITES.map(str::to_owned).to_vec(), 0..=2);
    let groups = subsequence(GROUPS.map(str::to_owned).to_vec(), 0..=2);
    (hours(), priorities, pauses, sites, groups).prop_map(
        |((zone, hours), priorities, pauses, sites, groups)| Drawn {
            zone,
            spans: spans(&hours),
            hours,
            agreement: Agreement {
                sites,
                groups,
                calendar: "c".into(),
                priorities,
                pauses,
                ..Agreement::default()
            },
        },
    )
}

/// As somebody may have written the group.
fn listed() -> impl Strategy<Value = Option<Listed>> {
    let group = prop::option::of(select(vec!["VENTES", "ventes", "Board", "others"]));
    prop::option::of(group).prop_map(|listed| {
        listed.map(|group| Listed {
            id: None,
            group: group.map(str::to_owned),
        })
    })
}

fn event() -> impl Strategy<Value = Event> {
    let state = (
        select(State::ALL.to_vec()),
        select(WaitingFor::ALL.to_vec()),
    )
        .prop_map(|(to, what)| Event::StateChanged {
            to,
            waiting_for: (to == State::Waiting).then_some(what),
            reason: Some("so".into()),
            confirmation: None,
        });
    let side = select(vec![Side::Requester, Side::Technician]);
    prop_oneof![
        4 => state,
        2 => side.prop_map(|side| Event::Messaged { side, text: "hello".into(), asked: None }),
        1 => select(Priority::ALL.to_vec()).prop_map(|to| Event::PriorityChanged { to, weight: None }),
        1 => listed().prop_map(|person| Event::RequesterChanged { to: "rosa".into(), person }),
        1 => select(Tier::ALL.to_vec()).prop_map(|to| Event::TierChanged { to, reason: "so".into() }),
        1 => Just(Event::Noted { text: "hm".into() }),
    ]
}

pub(super) fn case() -> impl Strategy<Value = Case> {
    let events = prop::collection::vec((0..BUSY_MINUTES, event()), 0..14);
    let edition = (-100..BUSY_MINUTES, prop::collection::vec(drawn(), 0..3));
    let editions = prop::collection::vec(edition, 1..4);
    (0..WINDOWS.len(), any::<bool>(), events, editions).prop_map(
        |(window, has_requester, mut events, mut editions)| {
            events.sort_by_key(|(minute, _)| *minute);
            editions.sort_by_key(|(minute, _)| *minute);
            editions.dedup_by_key(|(minute, _)| *minute);
            // Most tickets are promised something from the start.
            if let Some(first) = editions.first_mut().filter(|_| has_requester) {
                first.0 = first.0.min(-1);
            }
            Case {
                window,
                has_requester,
                events,
                editions,
            }
        },
    )
}

impl Case {
    pub(super) fn us(&self, minute: i64) -> i64 {
        (WINDOWS[self.window] + minute) * MINUTE_US
    }

    pub(super) fn book(&self) -> Book {
        let terms = |(n, drawn): (usize, &Drawn)| Terms {
            name: format!("{n}"),
            agreement: Arc::new(drawn.agreement.clone()),
            calendar: Arc::new(Calendar::new(&drawn.hours).unwrap()),
        };
        let edition = |(minute, drawn): &(i64, Vec<Drawn>)| Edition {
            since: self.us(*minute),
            agreements: drawn.iter().enumerate().map(terms).collect(),
        };
        Book::new(self.editions.iter().map(edition).collect())
    }

    /// The history, without what the desk refuses: minute, ticket afterwards, event.
    pub(super) fn history(&self) -> Vec<(i64, Ticket, Event)> {
        let opened = Event::Opened {
            title: "slow".into(),
            site: SITES[0].into(),
            priority: Priority::Normal,
            requester: self.has_requester.then(|| "rosa".into()),
            asked: None,
            person: None,
            weight: None,
        };
        let first = self.events.first().map_or(0, |(minute, _)| *minute);
        let mut ticket = ticket::after(None, &opened, "ann", self.us(first)).unwrap();
        let mut history = vec![(first, ticket.clone(), opened)];
        for (minute, event) in &self.events {
            if let Ok(next) = ticket::after(Some(&ticket), event, "ann", self.us(*minute)) {
                ticket = next;
                history.push((*minute, ticket.clone(), event.clone()));
            }
        }
        history
    }

    /// What holds from the beginning of a minute on for whoever is of a group.
    pub(super) fn drawn(&self, minute: i64, ticket: &Ticket) -> Option<&Drawn> {
        let (_, all) = self
            .editions
            .iter()
            .rev()
            .find(|(since, _)| *since <= minute)?;
        let group = ticket
            .person
            .iter()
            .find_map(|person| person.group.as_ref());
        let is_one = |one: &String| group.is_some_and(|group| group.eq_ignore_ascii_case(one));
        for (by_group, by_site) in [(true, true), (true, false), (false, true), (false, false)] {
            let found = all.iter().find(|drawn| {
                let Agreement { groups, sites, .. } = &drawn.agreement;
                let fits_group = match by_group {
                    true => groups.iter().any(is_one),
                    false => groups.is_empty(),
                };
                let fits_site = match by_site {
                    true => sites.iter().any(|site| site == SITES[0]),
                    false => sites.is_empty(),
                };
                fits_group && fits_site
            });
            if found.is_some() {
                return found;
            }
        }
        None
    }
}
