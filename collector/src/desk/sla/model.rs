//! The clocks once more, minute by minute and by other means, over random histories.

mod draw;

use std::collections::BTreeMap;

use draw::{Case, Drawn, MINUTE_US, WALLS, WINDOW_MINUTES, WINDOWS, case};
use proptest::prelude::*;

use super::*;
use crate::desk::Side;
use crate::desk::{Event, State, Ticket};

/// Which clock, and the how manieth of its kind.
type Key = (Measure, Option<Tier>, usize);

/// One clock of the model: what it has counted, and since when without a break that is no less than promised.
#[derive(Debug, Clone, Default, PartialEq)]
struct Hand {
    spent: i64,
    held: i64,
    target: Option<i64>,
    reached: Option<i64>,
    ended: Option<i64>,
}

impl Hand {
    fn look(&mut self, minute: i64) {
        let is_over = self.target.is_some_and(|target| self.spent >= target);
        self.reached = self
            .reached
            .filter(|_| is_over)
            .or(is_over.then_some(minute));
    }
}

/// The hands after the history, then what becomes of them when nothing happens any more.
struct Watch<'c> {
    case: &'c Case,
    minute: i64,
    ticket: Ticket,
    hands: BTreeMap<Key, Hand>,
}

impl Watch<'_> {
    fn is_counted(&self, key: Key) -> bool {
        let is_paused = self.ticket.waiting_for.is_some_and(|what| {
            self.case
                .drawn(self.minute, &self.ticket)
                .is_some_and(|drawn| drawn.agreement.pauses.contains(&what))
        });
        match key {
            (Measure::FirstResponse | Measure::NextResponse, ..) => true,
            (Measure::Tier, tier, _) if tier != Some(self.ticket.tier) => false,
            _ => !is_paused,
        }
    }

    /// One minute passes.
    fn tick(&mut self) {
        let drawn = self.case.drawn(self.minute, &self.ticket);
        let wall = |drawn: &Drawn| {
            let at = drawn.zone * WINDOWS.len() + self.case.window;
            WALLS.with(|walls| walls[at][self.minute as usize])
        };
        let works = drawn.is_some_and(|drawn| drawn.works(wall(drawn)));
        let keys: Vec<_> = self.hands.keys().copied().collect();
        for key in keys {
            let counts = works && self.is_counted(key);
            let is_answer = matches!(key.0, Measure::FirstResponse | Measure::NextResponse);
            let is_held = self.ticket.state == State::Proposed && !is_answer;
            let hand = self.hands.get_mut(&key).unwrap();
            if hand.ended.is_none() && counts {
                *(if is_held {
                    &mut hand.held
                } else {
                    &mut hand.spent
                }) += 1;
            }
        }
        self.minute += 1;
        self.promise();
    }

    fn promise(&mut self) {
        let drawn = self.case.drawn(self.minute, &self.ticket);
        for ((measure, tier, _), hand) in &mut self.hands {
            let is_away = tier.is_some_and(|tier| tier != self.ticket.tier);
            if hand.ended.is_none() {
                if !is_away {
                    hand.target =
                        drawn.and_then(|drawn| drawn.target(self.ticket.priority, *measure));
                }
                hand.look(self.minute);
            }
        }
    }

    fn happen(&mut self, next: &Ticket, event: &Event) {
        let is_over = |state| matches!(state, State::Resolved | State::Closed);
        let (was, is) = (self.ticket.state, next.state);
        self.ticket = next.clone();
        if next.requester.is_some() {
            self.hands
                .entry((Measure::FirstResponse, None, 0))
                .or_default();
        }
        self.hands
            .entry((Measure::Resolution, None, 0))
            .or_default();
        self.hands
            .entry((Measure::Tier, Some(next.tier), 0))
            .or_default();
        for ((measure, ..), hand) in &mut self.hands {
            match measure {
                Measure::Resolution | Measure::Tier => {
                    if was == State::Proposed && is == State::Open {
                        hand.spent += hand.held;
                    }
                    if is != State::Proposed {
                        hand.held = 0;
                    }
                    hand.ended = is_over(is).then(|| hand.ended.unwrap_or(self.minute));
                }
                Measure::FirstResponse | Measure::NextResponse => {
                    let answers = matches!(
                        event,
                        Event::Messaged {
                            side: Side::Technician,
                            ..
                        }
                    );
                    if hand.ended.is_none() && (answers || is_over(is) || is == State::Proposed) {
                        hand.ended = Some(self.minute);
                    }
                }
            }
        }
        let asks = matches!(
            event,
            Event::Messaged {
                side: Side::Requester,
                ..
            }
        );
        let waits = |((measure, ..), hand): (&Key, &Hand)| {
            matches!(measure, Measure::FirstResponse | Measure::NextResponse)
                && hand.ended.is_none()
        };
        if asks && !is_over(is) && is != State::Proposed && !self.hands.iter().any(waits) {
            let n_next = self
                .hands
                .keys()
                .filter(|(measure, ..)| *measure == Measure::NextResponse)
                .count();
            self.hands
                .insert((Measure::NextResponse, None, n_next), Hand::default());
        }
        self.promise();
    }
}

/// As both tell it: what, whose, promised, spent, reached, ended, due; minutes.
type Told = (
    Measure,
    Option<Tier>,
    i64,
    i64,
    Option<i64>,
    Option<i64>,
    Option<i64>,
);

fn by_model(case: &Case) -> Vec<Told> {
    let history = case.history();
    let (first, ticket, _) = &history[0];
    let mut watch = Watch {
        case,
        minute: *first,
        ticket: ticket.clone(),
        hands: BTreeMap::new(),
    };
    for (minute, ticket, event) in &history {
        while watch.minute < *minute {
            watch.tick();
        }
        watch.happen(ticket, event);
    }
    let last_edition = case.editions.last().map_or(0, |(minute, _)| *minute);
    while watch.minute < last_edition {
        watch.tick();
    }
    let at_end = watch.hands.clone();
    let is_running = |watch: &Watch<'_>, key: Key| {
        let (measure, ..) = key;
        let is_answer = matches!(measure, Measure::FirstResponse | Measure::NextResponse);
        watch.case.drawn(watch.minute, &watch.ticket).is_some()
            && watch.is_counted(key)
            && (is_answer || watch.ticket.state != State::Proposed)
    };
    let running: Vec<_> = at_end
        .keys()
        .copied()
        .filter(|key| is_running(&watch, *key))
        .collect();
    while watch.minute < WINDOW_MINUTES {
        watch.tick();
    }
    let told = at_end.iter().filter_map(|(key, hand)| {
        let is_running = hand.ended.is_none() && running.contains(key);
        let due = watch.hands[key].reached.filter(|_| is_running);
        Some((
            key.0,
            key.1,
            hand.target?,
            hand.spent,
            hand.reached,
            hand.ended,
            due,
        ))
    });
    told.collect()
}

fn by_clocks(case: &Case) -> Vec<Told> {
    let steps: Vec<Step> = case
        .history()
        .iter()
        .map(|(minute, ticket, event)| Step::of(ticket, event, case.us(*minute)))
        .collect();
    let minutes = |us: i64| {
        assert_eq!(us % MINUTE_US, 0);
        us / MINUTE_US
    };
    let minute = |at: i64| minutes(at) - WINDOWS[case.window];
    let tell = |clock: Clock| {
        let ended = match clock.standing {
            Standing::Ended { ended_at } => Some(minute(ended_at)),
            Standing::Running { .. } | Standing::Paused => None,
        };
        // What is due after the window is not told by the model.
        let due = clock
            .due_at()
            .map(minute)
            .filter(|due| *due <= WINDOW_MINUTES);
        let reached = clock.reached_at.map(minute);
        (
            clock.measure,
            clock.tier,
            minutes(clock.target_us),
            minutes(clock.spent_us),
            reached,
            ended,
            due,
        )
    };
    let mut told: Vec<Told> = clocks(&steps, &case.book()).into_iter().map(tell).collect();
    told.sort_by_key(|told| (told.0, told.1));
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn clocks_tell_what_counting_minutes_tells(case in case()) {
        prop_assert_eq!(by_clocks(&case), by_model(&case));
    }
}
