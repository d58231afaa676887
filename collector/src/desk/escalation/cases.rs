//! Rules as conversations.

mod histories;

use std::sync::Arc;

use super::*;
use crate::desk::calendar::{Calendar, Hours};
use crate::desk::sla::{Agreement, Book, Edition, Step, Terms, clocks};
use crate::desk::ticket::{Ticket, after};
use crate::desk::{Event, Priority, Side, State, WaitingFor};

/// 2026-01-05, a Monday, 08:00 UTC.
const MONDAY: i64 = 1_767_600_000_000_000;
const MINUTE: i64 = 60_000_000;

fn rule(name: &str, json: &str) -> Named {
    Named {
        name: name.into(),
        rule: serde_json::from_str(json).unwrap(),
    }
}

/// Works from 9 to 17 UTC, and pauses for the user alone.
fn office() -> Book {
    let day = || vec!["09:00-17:00".to_owned()];
    let hours = Hours {
        time_zone: "UTC".into(),
        monday: day(),
        tuesday: day(),
        ..Hours::default()
    };
    let agreement = serde_json::from_str::<Agreement>(
        r#"{"calendar": "office", "pauses": ["user"], "priorities": {"normal": {"resolution": 100, "tier": 60}}}"#,
    );
    Book::new(vec![Edition {
        since: 0,
        agreements: vec![Terms {
            name: "gold".into(),
            agreement: Arc::new(agreement.unwrap()),
            calendar: Arc::new(Calendar::new(&hours).unwrap()),
        }],
    }])
}

/// A ticket and its rules; moments are minutes since it was opened.
struct Bench {
    rules: Vec<Named>,
    book: Book,
    ticket: Ticket,
    stay: Stay,
    steps: Vec<Step>,
    lasting: Vec<Lasting>,
    at: i64,
    /// Whoever acted, and where to.
    fired: Vec<(String, Tier)>,
}

impl Bench {
    fn new(rules: Vec<Named>, book: Book) -> Self {
        let opened = Event::Opened {
            title: "slow".into(),
            site: "lyon".into(),
            priority: Priority::Normal,
            requester: Some("rosa".into()),
            asked: None,
            person: None,
            weight: None,
        };
        let ticket = after(None, &opened, "ann", MONDAY).unwrap();
        Self {
            stay: Stay::begin(&ticket, MONDAY),
            steps: vec![Step::of(&ticket, &opened, MONDAY)],
            rules,
            book,
            ticket,
            lasting: vec![],
            at: 0,
            fired: vec![],
        }
    }

    fn due(&self) -> Option<Due> {
        let clocks = clocks(&self.steps, &self.book);
        let beside = Beside {
            book: &self.book,
            clocks: &clocks,
            lasting: &self.lasting,
        };
        next(&self.stay, &self.rules, beside)
    }

    /// Minutes later, if the desk lets it.
    fn happens(&mut self, minutes: i64, actor: &str, event: Event) -> bool {
        self.passes(minutes);
        self.apply(actor, event)
    }

    fn apply(&mut self, actor: &str, event: Event) -> bool {
        let at = MONDAY + self.at * MINUTE;
        let Ok(next) = after(Some(&self.ticket), &event, actor, at) else {
            return false;
        };
        self.ticket = next;
        self.stay.take(&self.ticket, &event, actor, at);
        if event.moves_clocks() {
            self.steps.push(Step::of(&self.ticket, &event, at));
        }
        true
    }

    /// Time passes, and rules whose time has come act.
    fn passes(&mut self, minutes: i64) {
        self.at += minutes;
        while let Some(due) = self.due().filter(|due| due.at <= MONDAY + self.at * MINUTE) {
            let by = actor(&due.rule);
            self.fired.push((due.rule, due.to));
            let event = Event::TierChanged {
                to: due.to,
                reason: due.reason,
            };
            assert!(self.apply(&by, event), "what a rule does is allowed");
        }
    }

    fn ann(mut self, minutes: i64, event: Event) -> Self {
        assert!(self.happens(minutes, "ann", event.clone()), "{event:?}");
        self
    }

    /// What is due next, in minutes since the opening, and why.
    #[track_caller]
    fn expect(self, expected: &str) -> Self {
        let told = self.due().map(|due| {
            let minute = (due.at - MONDAY) / MINUTE;
            format!("{} at {minute}: {}", due.to.as_str(), due.reason)
        });
        assert_eq!(told.unwrap_or_default(), expected);
        self
    }

    /// Who has acted by then.
    #[track_caller]
    fn fired(mut self, minutes: i64, expected: &str) -> Self {
        self.passes(minutes);
        let fired: Vec<&str> = self.fired.iter().map(|(rule, _)| rule.as_str()).collect();
        assert_eq!(fired.join(", "), expected);
        self
    }
}

fn to(to: State) -> Event {
    Event::StateChanged {
        to,
        waiting_for: None,
        reason: None,
        confirmation: None,
    }
}

fn waits(what: WaitingFor) -> Event {
    Event::StateChanged {
        to: State::Waiting,
        waiting_for: Some(what),
        reason: None,
        confirmation: None,
    }
}

fn tier(to: Tier) -> Event {
    Event::TierChanged {
        to,
        reason: "so".into(),
    }
}

fn assigned(to: Option<&str>) -> Event {
    Event::Assigned {
        to: to.map(str::to_owned),
    }
}

fn asks() -> Event {
    Event::Messaged {
        side: Side::Requester,
        text: "still so".into(),
        asked: None,
    }
}

fn ended(job: &str, title: &str, state: &str) -> Event {
    Event::WorkEnded {
        job: job.into(),
        device: "pc".into(),
        title: title.into(),
        state: state.into(),
    }
}

fn slow() -> Named {
    rule(
        "slow",
        r#"{"to": "second", "when": {"in_tier": {"minutes": 60}}}"#,
    )
}

#[test]
fn time_with_a_tier_is_the_time_in_which_it_could_be_worked_on() {
    Bench::new(vec![slow()], Book::default())
        .expect("second at 60: rule slow: it has been with the first tier for 60 min")
        .ann(10, assigned(Some("ann")))
        .ann(20, waits(WaitingFor::Part))
        .expect("")
        .ann(100, to(State::Open))
        .expect("second at 160: rule slow: it has been with the first tier for 60 min")
        .ann(5, to(State::Proposed))
        .expect("")
        .fired(1_000, "")
        .ann(0, to(State::Open))
        .fired(24, "")
        .fired(1, "slow");
}

#[test]
fn where_an_agreement_holds_its_hours_and_pauses_count() {
    // It is 8 o'clock, and work begins at 9.
    Bench::new(vec![slow()], office())
        .expect("second at 120: rule slow: it has been with the first tier for 60 min")
        .ann(90, waits(WaitingFor::User))
        .expect("")
        .ann(60, waits(WaitingFor::Part))
        .expect("second at 180: rule slow: it has been with the first tier for 60 min")
        // Monday evening, with one minute left.
        .ann(29, waits(WaitingFor::User))
        .ann(600, to(State::Open))
        .expect("second at 1501: rule slow: it has been with the first tier for 60 min");
}

#[test]
fn nobody_having_it_counts_anew_each_time() {
    let lonely = r#"{"to": "third", "when": {"unassigned": {"minutes": 30}}}"#;
    Bench::new(vec![rule("lonely", lonely)], Book::default())
        .expect("third at 30: rule lonely: nobody has had it for 30 min")
        .ann(20, assigned(Some("ann")))
        .expect("")
        .ann(20, assigned(None))
        .expect("third at 70: rule lonely: nobody has had it for 30 min")
        .fired(30, "lonely");
}

#[test]
fn a_promise_is_reckoned_by_its_clock() {
    let late = r#"{"to": "second", "when": {"promise": {"measure": "resolution", "percent": 80}}}"#;
    let long = r#"{"to": "third", "when": {"promise": {"measure": "tier", "percent": 150}}}"#;
    Bench::new(vec![rule("late", late)], office())
        .expect("second at 140: rule late: 80 % of the time promised for resolution is used")
        .ann(70, to(State::Proposed))
        .expect("");
    Bench::new(vec![rule("long", long), rule("late", late)], office())
        .ann(
            70,
            Event::PriorityChanged {
                to: Priority::Low,
                weight: None,
            },
        )
        .expect("")
        .ann(
            1,
            Event::PriorityChanged {
                to: Priority::Normal,
                weight: None,
            },
        )
        .fired(68, "")
        .fired(1, "late");
    Bench::new(vec![rule("long", long)], office())
        .expect("third at 150: rule long: 150 % of the time promised for tier is used");
}

#[test]
fn what_fails_again_and_again_is_for_others() {
    let twice = r#"{"to": "second", "when": {"failed_actions": {"times": 2}}}"#;
    let bench = Bench::new(vec![rule("twice", twice)], Book::default())
        .ann(1, ended("a", "service.restart apply", "failed"))
        .ann(1, ended("b", "service.restart plan", "failed"))
        .ann(1, ended("c", "disk.space", "failed"))
        .ann(1, ended("d", "service.restart apply", "refused"))
        .ann(1, ended("e", "service.restart apply", "unknown"))
        // The device tells how it really was.
        .ann(1, ended("e", "service.restart apply", "succeeded"));
    assert_eq!(bench.fired, [("twice".to_owned(), Tier::Second)]);
    let bench = Bench::new(vec![rule("twice", twice)], Book::default())
        .ann(1, ended("a", "service.restart apply", "unknown"))
        .ann(1, ended("a", "service.restart apply", "succeeded"))
        .ann(1, ended("b", "service.restart undo", "failed"))
        .expect("")
        .ann(1, ended("c", "service.restart apply", "failed"));
    bench.expect("second at 4: rule twice: actions have failed: 2");
}

#[test]
fn what_is_opened_again_is_for_others() {
    let again = r#"{"to": "second", "when": {"reopened": {"times": 2}}}"#;
    Bench::new(vec![rule("again", again)], Book::default())
        .ann(1, to(State::Proposed))
        .ann(1, to(State::Open))
        .ann(1, waits(WaitingFor::Part))
        .ann(1, to(State::Open))
        .ann(1, to(State::Proposed))
        .ann(1, to(State::Resolved))
        .expect("")
        .ann(1, to(State::Open))
        .expect("second at 7: rule again: it was opened again: 2");
}

fn lasting(check: &str, status: i64, minute: i64) -> Lasting {
    Lasting {
        check: check.into(),
        subject: "/dev/sda".into(),
        hostname: "pc-7".into(),
        status,
        since: MONDAY + minute * MINUTE,
    }
}

#[test]
fn a_class_of_findings_is_for_others() {
    let broken = r#"{"to": "third", "when": {"finding": {"check": "disk.smart"}}}"#;
    let disks = r#"{"to": "second", "when": {"finding": {"area": "disk", "status": "warning"}}}"#;
    let check = |json: &str, lasting: Vec<Lasting>, expected: &str| {
        let mut bench = Bench::new(vec![rule("worn", json)], Book::default());
        bench.lasting = lasting;
        bench.expect(expected);
    };
    check(broken, vec![lasting("disk.smart", 1, 0)], "");
    check(broken, vec![lasting("disk.space", 2, 0)], "");
    let said = "rule worn: disk.smart /dev/sda on pc-7 is critical";
    let smart = || vec![lasting("disk.smart", 2, -500)];
    // It was there when the ticket came.
    check(broken, smart(), &format!("third at 0: {said}"));
    check(disks, smart(), &format!("second at 0: {said}"));
    check(disks, vec![lasting("diskette.space", 2, 1)], "");
    check(disks, vec![lasting("disk.space", 3, 1)], "");
    let space = "second at 4: rule worn: disk.space /dev/sda on pc-7 is warning";
    check(
        disks,
        vec![lasting("disk.space", 1, 4), lasting("disk.io", 1, 5)],
        space,
    );
}

#[test]
fn who_sends_it_back_is_not_overruled_until_something_new_happens() {
    let with = |rule: Named| Bench::new(vec![rule], office());
    let back = |bench: Bench| {
        bench
            .ann(0, assigned(Some("bob")))
            .ann(0, tier(Tier::First))
    };
    let late = r#"{"to": "second", "when": {"promise": {"measure": "resolution", "percent": 50}}}"#;
    let lonely = r#"{"to": "second", "when": {"unassigned": {"minutes": 60}}}"#;
    for one in [slow(), rule("late", late), rule("lonely", lonely)] {
        let name = one.name.clone();
        let twice = format!("{name}, {name}");
        // Opened at 8, work begins at 9.
        let sent_back = || back(with(one.clone()).fired(120, &name));
        sent_back()
            .ann(5, Event::Noted { text: "hm".into() })
            .fired(2_000, &name);
        sent_back()
            .ann(5, asks())
            .fired(59, &name_or(&name, "late"));
        sent_back().ann(5, asks()).fired(60, &twice);
    }
    let twice = r#"{"to": "second", "when": {"failed_actions": {"times": 1}}}"#;
    let failed = |job| ended(job, "service.restart apply", "failed");
    let bench = with(rule("twice", twice))
        .ann(1, failed("a"))
        .fired(0, "twice");
    back(bench)
        .fired(2_000, "twice")
        .ann(1, failed("b"))
        .fired(0, "twice, twice");
    let broken = r#"{"to": "second", "when": {"finding": {"check": "disk.smart"}}}"#;
    let mut bench = with(rule("worn", broken));
    bench.lasting = vec![lasting("disk.smart", 2, 3)];
    let mut bench = back(bench.fired(5, "worn")).ann(1, asks()).fired(1, "worn");
    bench.lasting.push(lasting("disk.smart", 2, 9));
    bench.fired(3, "worn, worn");
}

/// A promise that is used already is at once what it takes.
fn name_or(name: &str, at_once: &str) -> String {
    match name == at_once {
        true => format!("{name}, {name}"),
        false => name.to_owned(),
    }
}

#[test]
fn each_tier_has_its_own_rules_and_sites() {
    let up = r#"{"at": "second", "to": "supplier", "when": {"in_tier": {"minutes": 5}}}"#;
    let paris = r#"{"site": "paris", "to": "second", "when": {"in_tier": {"minutes": 1}}}"#;
    let rules = vec![rule("up", up), rule("paris", paris), slow()];
    Bench::new(rules, Book::default())
        .fired(59, "")
        .fired(1, "slow")
        .fired(4, "slow")
        .fired(1, "slow, up");
}
