//! A ticket's clocks, from its history.

use std::collections::BTreeMap;

use super::clock::{Count, Counts};
use super::{Book, Clock, Measure, Priority, Terms, Tier, WaitingFor};
use crate::desk::Side;
use crate::desk::{Event, State, Ticket};

/// What a ticket was after one event, as far as clocks look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Microseconds since 1970 UTC.
    pub at: i64,
    pub state: State,
    pub waiting_for: Option<WaitingFor>,
    pub priority: Priority,
    pub tier: Tier,
    pub site: String,
    /// Of the requester.
    pub group: Option<String>,
    /// Somebody waits for answers.
    pub has_requester: bool,
    /// Who wrote to whom with this event.
    pub wrote: Option<Side>,
    /// Which clock was warned of, and how much of it was gone then.
    pub warned: Option<(Measure, Option<Tier>, u8)>,
}

impl Step {
    /// `ticket`: as it is after `event`.
    pub fn of(ticket: &Ticket, event: &Event, at: i64) -> Self {
        let wrote = if let Event::Messaged { side, .. } = event {
            Some(*side)
        } else {
            None
        };
        let warned = if let Event::ClockWarned {
            measure,
            tier,
            percent,
        } = event
        {
            Some((*measure, *tier, *percent))
        } else {
            None
        };
        Self {
            at,
            state: ticket.state,
            waiting_for: ticket.waiting_for,
            priority: ticket.priority,
            tier: ticket.tier,
            site: ticket.site.clone(),
            group: ticket
                .person
                .as_ref()
                .and_then(|person| person.group.clone()),
            has_requester: ticket.requester.is_some(),
            wrote,
            warned,
        }
    }
}

/// The clocks as the history has left them: those that run or pause, and those that have ended. It does not depend on when it
/// is asked; what is due later is told as an instant.
pub fn clocks(history: &[Step], book: &Book) -> Vec<Clock> {
    let Some(first) = history.first() else {
        return Vec::new();
    };
    let mut desk = Desk::new(book, first);
    for step in history {
        desk.take(step);
    }
    // Agreements that have changed since hold from then on.
    let until = book.last_change().map_or(desk.at, |last| last.max(desk.at));
    desk.pass_until(until);
    desk.clocks()
}

struct Desk<'b> {
    book: &'b Book,
    at: i64,
    now: Step,
    /// None: nobody waits for a first answer.
    first_response: Option<Count>,
    /// Those that ended, and then the one that runs, if any.
    next_responses: Vec<Count>,
    resolution: Count,
    tiers: BTreeMap<Tier, Count>,
}

impl<'b> Desk<'b> {
    fn new(book: &'b Book, first: &Step) -> Self {
        Self {
            book,
            at: first.at,
            now: first.clone(),
            first_response: first.has_requester.then(Count::default),
            next_responses: Vec::new(),
            resolution: Count::default(),
            tiers: BTreeMap::from([(first.tier, Count::default())]),
        }
    }

    fn terms(&self) -> Option<&'b Terms> {
        let group = self.now.group.as_deref();
        self.book.terms(self.at, &self.now.site, group)
    }

    /// How time counts now for an answer, and for the resolution.
    fn counts(&self) -> (Counts, Counts) {
        let pauses = |what| {
            self.terms()
                .is_some_and(|terms| terms.agreement.pauses.contains(&what))
        };
        let resolution = match (self.now.state, self.now.waiting_for) {
            (State::Waiting, Some(what)) if pauses(what) => Counts::No,
            (State::New | State::Open | State::Waiting, _) => Counts::Yes,
            (State::Proposed, _) => Counts::IfRefused,
            (State::Resolved | State::Closed, _) => Counts::No,
        };
        (Counts::Yes, resolution)
    }

    /// Lets time pass up to a moment, stretch by stretch of the same terms.
    fn pass_until(&mut self, to: i64) {
        let changes: Vec<i64> = self.book.changes(self.at, to).collect();
        for next in changes.into_iter().chain([to]) {
            let (from, terms) = (self.at, self.terms());
            let (answer, resolution) = self.counts();
            let answers = self
                .first_response
                .iter_mut()
                .chain(&mut self.next_responses);
            for count in answers {
                count.pass(terms, from, next, answer);
            }
            self.resolution.pass(terms, from, next, resolution);
            if let Some(count) = self.tiers.get_mut(&self.now.tier) {
                count.pass(terms, from, next, resolution);
            }
            self.at = self.at.max(next);
            self.promise();
        }
    }

    /// Tells each clock what is promised now.
    fn promise(&mut self) {
        let (at, priority, terms) = (self.at, self.now.priority, self.terms());
        let promised =
            |measure| terms.and_then(|terms| Some((terms, terms.target(priority, measure)?)));
        if let Some(count) = &mut self.first_response {
            count.promise(promised(Measure::FirstResponse), at);
        }
        for count in &mut self.next_responses {
            count.promise(promised(Measure::NextResponse), at);
        }
        self.resolution.promise(promised(Measure::Resolution), at);
        if let Some(count) = self.tiers.get_mut(&self.now.tier) {
            count.promise(promised(Measure::Tier), at);
        }
    }

    fn take(&mut self, step: &Step) {
        // A clock that was set back takes nothing away.
        self.pass_until(step.at.max(self.at));
        let (at, before) = (self.at, self.now.state);
        self.now = step.clone();
        self.tiers.entry(step.tier).or_default();
        if step.has_requester {
            // Who is named later waits from then on.
            self.first_response.get_or_insert_default();
        }
        if let Some((measure, tier, percent)) = step.warned {
            let counts = match measure {
                Measure::FirstResponse => self.first_response.as_mut(),
                Measure::NextResponse => self.next_responses.last_mut(),
                Measure::Resolution => Some(&mut self.resolution),
                Measure::Tier => tier.and_then(|tier| self.tiers.get_mut(&tier)),
            };
            if let Some(count) = counts {
                count.warned = count.warned.max(Some(percent));
            }
        }
        let has_ended = |state| matches!(state, State::Resolved | State::Closed);
        let resolutions = |desk: &mut Self, with: fn(&mut Count, i64)| {
            with(&mut desk.resolution, at);
            desk.tiers.values_mut().for_each(|count| with(count, at));
        };
        match (before, step.state) {
            (State::Proposed, State::Open) => resolutions(self, Count::refused),
            (before, after) if has_ended(before) && !has_ended(after) => {
                resolutions(self, |count, _| count.resume());
            }
            (before, after) if !has_ended(before) && has_ended(after) => {
                resolutions(self, Count::end)
            }
            _ => {}
        }
        // Who says that it is solved has answered; so has who asked.
        let is_answered = step.wrote == Some(Side::Technician)
            || matches!(
                step.state,
                State::Proposed | State::Resolved | State::Closed
            );
        if is_answered {
            let answers = self
                .first_response
                .iter_mut()
                .chain(&mut self.next_responses);
            answers.for_each(|count| count.end(at));
        } else if step.wrote == Some(Side::Requester) {
            let is_waiting = |count: &Count| count.ended_at.is_none();
            let waits_for_first = self.first_response.as_ref().is_some_and(is_waiting);
            if !waits_for_first && !self.next_responses.iter().any(is_waiting) {
                self.next_responses.push(Count::default());
            }
        }
        self.promise();
    }

    fn clocks(&self) -> Vec<Clock> {
        let (at, terms) = (self.at, self.terms());
        let (answer, resolution) = self.counts();
        let first = self.first_response.iter();
        let first =
            first.filter_map(|count| count.clock(Measure::FirstResponse, None, terms, at, answer));
        let next = self.next_responses.iter();
        let next =
            next.filter_map(|count| count.clock(Measure::NextResponse, None, terms, at, answer));
        let whole = self
            .resolution
            .clock(Measure::Resolution, None, terms, at, resolution);
        let tiers = self.tiers.iter().filter_map(|(tier, count)| {
            // A tier that has handed it on does not count.
            let counts = if *tier == self.now.tier {
                resolution
            } else {
                Counts::No
            };
            count.clock(Measure::Tier, Some(*tier), terms, at, counts)
        });
        first.chain(next).chain(whole).chain(tiers).collect()
    }
}
