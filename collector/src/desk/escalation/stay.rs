//! One stay of a ticket with its tier, and when which rule ends it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Class, Condition, Named, is_repair, rule_of};
use crate::desk::sla::{Book, Clock, Measure, Terms};
use crate::desk::{Event, Priority, Side, State, Ticket, Tier, WaitingFor};

const MINUTE_US: i64 = 60_000_000;

/// What a ticket's events come to for rules: how it has been with its present tier.
#[derive(Debug, Clone)]
pub struct Stay {
    site: String,
    tier: Tier,
    state: State,
    priority: Priority,
    /// When the last event was, microseconds since 1970 UTC. A clock that was set back takes nothing away.
    at: i64,
    /// When it came to the tier.
    since: i64,
    /// Rules that have handed it on before.
    fired: BTreeSet<String>,
    /// The first thing of this stay after which a rule that has fired before looks at it again.
    news_at: Option<i64>,
    /// None: somebody has it.
    unassigned_since: Option<i64>,
    /// Each from its moment until the next one's, the last one without end.
    spans: Vec<Span>,
    /// Jobs that have failed, and when.
    failed: BTreeMap<String, i64>,
    reopened: Vec<i64>,
}

/// From a moment on it was worked on, or waited, or neither, for somebody of a group.
#[derive(Debug, Clone)]
struct Span {
    from: i64,
    state: State,
    waiting_for: Option<WaitingFor>,
    group: Option<String>,
}

/// A finding that lasts on one of the ticket's devices, or that it was opened for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lasting {
    pub check: String,
    pub subject: String,
    pub hostname: String,
    /// As monitoring plugins number it.
    pub status: i64,
    pub since: i64,
}

/// What a rule does, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The first moment at which all that it takes is so, which may be to come: microseconds since 1970 UTC.
    pub at: i64,
    pub rule: String,
    pub to: Tier,
    /// What the ticket's timeline says.
    pub reason: String,
}

/// Whatever else rules look at.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    pub book: &'a Book,
    pub clocks: &'a [Clock],
    pub lasting: &'a [Lasting],
}

/// The rule that hands the ticket on next if nothing happens any more: of several, the one whose time comes first, then the
/// first by name.
pub fn next(stay: &Stay, rules: &[Named], beside: Beside<'_>) -> Option<Due> {
    let due = rules.iter().filter_map(|rule| stay.due(rule, beside));
    due.min_by(|one, other| (one.at, &one.rule).cmp(&(other.at, &other.rule)))
}

impl Stay {
    /// A ticket that was just opened.
    pub fn begin(ticket: &Ticket, at: i64) -> Self {
        let mut stay = Self {
            site: ticket.site.clone(),
            tier: ticket.tier,
            state: ticket.state,
            priority: ticket.priority,
            at,
            since: at,
            fired: BTreeSet::new(),
            news_at: None,
            unassigned_since: Some(at),
            spans: Vec::new(),
            failed: BTreeMap::new(),
            reopened: Vec::new(),
        };
        stay.enter(ticket);
        stay
    }

    /// One more event; `ticket`: as it is after it.
    pub fn take(&mut self, ticket: &Ticket, event: &Event, actor: &str, at: i64) {
        self.at = at.max(self.at);
        let (at, before) = (self.at, self.state);
        if ticket.tier != self.tier {
            self.fired.extend(rule_of(actor).map(str::to_owned));
            self.since = at;
            self.news_at = None;
            self.spans.clear();
            self.failed.clear();
            self.reopened.clear();
            self.unassigned_since = None;
        }
        let was_solved = matches!(before, State::Proposed | State::Resolved);
        let is_reopened = was_solved && ticket.state == State::Open;
        let has_failed = self.failure(event);
        let is_said = matches!(event, Event::Messaged { side, .. } if *side == Side::Requester);
        let is_more_urgent = ticket.priority < self.priority;
        if is_reopened {
            self.reopened.push(at);
        }
        if ticket.tier == self.tier && (is_reopened || has_failed || is_said || is_more_urgent) {
            self.news_at.get_or_insert(at);
        }
        self.tier = ticket.tier;
        self.state = ticket.state;
        self.priority = ticket.priority;
        self.unassigned_since = match ticket.assignee {
            Some(_) => None,
            None => self.unassigned_since.or(Some(at)),
        };
        self.enter(ticket);
    }

    /// A job that ends is counted as it ended last: a device may still tell what nobody knew.
    fn failure(&mut self, event: &Event) -> bool {
        let Event::WorkEnded {
            job, title, state, ..
        } = event
        else {
            return false;
        };
        let has_failed = is_repair(title) && matches!(state.as_str(), "failed" | "unknown");
        match has_failed {
            true => {
                self.failed.entry(job.clone()).or_insert(self.at);
            }
            false => {
                self.failed.remove(job);
            }
        }
        has_failed
    }

    fn enter(&mut self, ticket: &Ticket) {
        let person = ticket.person.as_ref();
        let next = Span {
            from: self.at,
            state: ticket.state,
            waiting_for: ticket.waiting_for,
            group: person.and_then(|person| person.group.clone()),
        };
        let is_same = |last: &Span| {
            (last.state, last.waiting_for) == (next.state, next.waiting_for)
                && last.group == next.group
        };
        if !self.spans.last().is_some_and(is_same) {
            self.spans.push(next);
        }
    }

    /// When a rule hands it on; none: not, unless something happens.
    fn due(&self, named: &Named, beside: Beside<'_>) -> Option<Due> {
        let rule = &named.rule;
        // What is taken for solved is nobody's burden.
        let is_worked_on = matches!(self.state, State::New | State::Open | State::Waiting);
        if !is_worked_on || !rule.is_for(self.tier, &self.site) {
            return None;
        }
        let has_fired = self.fired.contains(&named.name);
        // From here on its time counts; none: it rests.
        let from = match has_fired {
            true => self.news_at,
            false => Some(self.since),
        };
        let (at, why) = match &rule.when {
            Condition::InTier { minutes } => {
                let at = self.passed(from?, *minutes, beside.book)?;
                (
                    at,
                    format!(
                        "it has been with the {} tier for {minutes} min",
                        self.tier.as_str()
                    ),
                )
            }
            Condition::Unassigned { minutes } => {
                let from = from?.max(self.unassigned_since?);
                let at = self.passed(from, *minutes, beside.book)?;
                (at, format!("nobody has had it for {minutes} min"))
            }
            Condition::Promise { measure, percent } => {
                let at = self.used(*measure, *percent, beside)?.max(from?);
                let what = measure.as_str().replace('_', " ");
                (
                    at,
                    format!("{percent} % of the time promised for {what} is used"),
                )
            }
            Condition::FailedActions { times } => {
                let at = nth(self.failed.values().copied(), *times)?;
                (at, format!("actions have failed: {times}"))
            }
            Condition::Reopened { times } => {
                let at = nth(self.reopened.iter().copied(), *times)?;
                (at, format!("it was opened again: {times}"))
            }
            Condition::Finding(class) => {
                let newer_than = has_fired.then_some(self.since);
                let found = first(class, beside.lasting, newer_than)?;
                (found.since.max(self.since), said(found))
            }
        };
        Some(Due {
            at,
            rule: named.name.clone(),
            to: rule.to,
            reason: format!("rule {}: {why}", named.name),
        })
    }

    /// When so many minutes have passed since `from` in which somebody could have worked on it.
    fn passed(&self, from: i64, minutes: u32, book: &Book) -> Option<i64> {
        let mut left = i64::from(minutes) * MINUTE_US;
        for (from, to, span) in self.stretches(from, book) {
            let terms = book.terms(from, &self.site, span.group.as_deref());
            if !span.runs(terms) {
                continue;
            }
            let reached = match terms {
                Some(terms) => terms.calendar.after(from, left),
                None => from.checked_add(left),
            };
            let to = to.unwrap_or(i64::MAX);
            if reached.is_some_and(|at| at <= to) {
                return reached;
            }
            left -= terms.map_or(to - from, |terms| terms.calendar.worked(from, to));
        }
        None
    }

    /// From a moment on, the stretches in which state and agreement stay the same: from, to, the last one without end.
    fn stretches(&self, from: i64, book: &Book) -> Vec<(i64, Option<i64>, &Span)> {
        let mut stretches = Vec::new();
        let ends = self.spans.iter().skip(1).map(|span| Some(span.from));
        for (span, end) in self.spans.iter().zip(ends.chain([None])) {
            let mut start = span.from.max(from);
            if end.is_some_and(|end| end <= start) {
                continue;
            }
            for change in book.changes(start, end.unwrap_or(i64::MAX)) {
                stretches.push((start, Some(change), span));
                start = change;
            }
            stretches.push((start, end, span));
        }
        stretches
    }

    /// When so much of what is promised is used; of several clocks of a kind, by the one that has not ended.
    fn used(&self, measure: Measure, percent: u32, beside: Beside<'_>) -> Option<i64> {
        let clocks = beside.clocks.iter().filter(|clock| {
            let is_own = clock.measure != Measure::Tier || clock.tier == Some(self.tier);
            clock.measure == measure && is_own
        });
        let group = self.spans.last().and_then(|span| span.group.as_deref());
        let used = clocks.filter_map(|clock| {
            let terms = beside.book.terms(clock.at, &self.site, group);
            clock.used_at(percent, terms)
        });
        used.min()
    }
}

impl Span {
    /// Whether time counts in it. Where nothing is promised, no waiting does.
    fn runs(&self, terms: Option<&Terms>) -> bool {
        match (self.state, self.waiting_for) {
            (State::New | State::Open, _) => true,
            (State::Waiting, Some(what)) => {
                terms.is_some_and(|terms| !terms.agreement.pauses.contains(&what))
            }
            (State::Waiting | State::Proposed | State::Resolved | State::Closed, _) => false,
        }
    }
}

/// The moment of the nth of them.
fn nth(moments: impl Iterator<Item = i64>, n: u32) -> Option<i64> {
    let mut moments: Vec<i64> = moments.collect();
    moments.sort_unstable();
    let index = usize::try_from(n).ok()?.checked_sub(1)?;
    moments.get(index).copied()
}

/// The oldest finding of a class that began after a moment.
fn first<'l>(class: &Class, lasting: &'l [Lasting], after: Option<i64>) -> Option<&'l Lasting> {
    let covered = lasting.iter().filter(|one| {
        class.covers(&one.check, one.status) && after.is_none_or(|after| one.since > after)
    });
    covered.min_by(|one, other| {
        let of = |lasting: &'l Lasting| {
            (
                lasting.since,
                &lasting.check,
                &lasting.subject,
                &lasting.hostname,
            )
        };
        of(one).cmp(&of(other))
    })
}

/// "disk.smart /dev/sda on pc-7 is critical".
fn said(found: &Lasting) -> String {
    let what = format!("{} {}", found.check, found.subject);
    let status = match found.status {
        1 => "warning",
        _ => "critical",
    };
    format!("{} on {} is {status}", what.trim_end(), found.hostname)
}
