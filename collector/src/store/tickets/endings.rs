//! Tickets that end by themselves: a proposal that nobody answers or that the checks confirm, a resolution that lasts.

use crate::desk::{Confirmation, Event, State};

use super::super::{Query, Store, StoreError, TimeUs, Tx};
use super::{Changed, TicketChange, apply, proof};

/// Whoever ends what nobody ends.
const ACTOR: &str = "collector";

/// When a ticket ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endings {
    pub now: TimeUs,
    /// A proposal that its requester has not answered for so long is taken.
    pub silence_us: i64,
    /// A ticket that is resolved for so long is closed.
    pub close_after_us: i64,
}

/// What a round has done, and where the next one begins.
#[derive(Debug, Default)]
pub struct Ended {
    pub changed: Vec<Changed>,
    /// The last ticket that was looked at; none: there are no more.
    pub last: Option<i64>,
}

/// A ticket that may end.
struct Candidate {
    number: i64,
    state: State,
    state_since: TimeUs,
    has_requester: bool,
}

impl Store {
    /// Looks at the next `most` tickets after `after` that are proposed or resolved, and ends those whose time has come.
    ///
    /// # Errors
    /// The store's own.
    pub async fn end_tickets(
        &self,
        endings: Endings,
        after: i64,
        most: u32,
    ) -> Result<Ended, StoreError> {
        self.write((endings, after, most), |tx, (endings, after, most)| {
            Box::pin(end(tx, *endings, *after, *most))
        })
        .await
    }
}

async fn end(tx: &mut Tx, endings: Endings, after: i64, most: u32) -> Result<Ended, StoreError> {
    let candidates = Query::new(
        "SELECT number, state, state_since, requester FROM tickets WHERE state IN ($1, $2) AND number > $3 \
         ORDER BY number LIMIT $4",
    )
    .bind(State::Proposed.as_str())
    .bind(State::Resolved.as_str())
    .bind(after)
    .bind(i64::from(most))
    .read(&mut tx.on, |columns| {
        Ok(Candidate {
            number: columns.int()?,
            state: super::named("state", &State::ALL, State::as_str, &columns.text()?)?,
            state_since: columns.int()?,
            has_requester: columns.opt_text()?.is_some(),
        })
    })
    .await?;
    let mut ended = Ended {
        changed: Vec::new(),
        last: candidates.last().map(|candidate| candidate.number),
    };
    for candidate in candidates {
        if let Some(event) = ending(tx, &candidate, endings).await? {
            let change = TicketChange {
                number: candidate.number,
                event,
                actor: ACTOR.into(),
                expected_version: None,
                at: endings.now,
            };
            ended.changed.push(apply(tx, &change).await?);
        }
    }
    Ok(ended)
}

/// How it ends now, if it does.
async fn ending(
    tx: &mut Tx,
    candidate: &Candidate,
    endings: Endings,
) -> Result<Option<Event>, StoreError> {
    let for_us = endings.now.saturating_sub(candidate.state_since);
    let to = |to, reason: &str, confirmation| {
        Some(Event::StateChanged {
            to,
            waiting_for: None,
            reason: Some(reason.to_owned()),
            confirmation,
        })
    };
    let is_proposed = candidate.state == State::Proposed;
    if is_proposed && candidate.has_requester {
        let is_silent = for_us >= endings.silence_us;
        let none = Some(Confirmation::None);
        return Ok(to(State::Resolved, "nobody has answered", none).filter(|_| is_silent));
    }
    if is_proposed {
        let is_well = proof::still_wrong(tx, candidate.number).await?.is_empty();
        let checks = Some(Confirmation::Checks);
        let resolved = to(State::Resolved, "nothing of it is wrong any more", checks);
        return Ok(resolved.filter(|_| is_well));
    }
    let is_over = for_us >= endings.close_after_us;
    Ok(to(State::Closed, "it has stayed resolved", None).filter(|_| is_over))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{self, NOW, on_both};
    use super::super::{Happened, OpenTicket};
    use super::*;

    const HOUR_US: i64 = 3_600_000_000;

    async fn open(store: &Store, requester: Option<&str>) -> i64 {
        let ticket = OpenTicket {
            requester: requester.map(Into::into),
            ..testing::slow(vec![])
        };
        store.open_ticket(ticket).await.unwrap().number
    }

    async fn propose(store: &Store, number: i64) {
        let change = TicketChange {
            number,
            event: Event::StateChanged {
                to: State::Proposed,
                waiting_for: None,
                reason: None,
                confirmation: None,
            },
            actor: "ann".into(),
            expected_version: None,
            at: NOW,
        };
        store.change_ticket(change).await.unwrap();
    }

    /// After so many hours; the numbers of those that changed.
    async fn after(store: &Store, hours: i64) -> Vec<i64> {
        let endings = Endings {
            now: NOW + hours * HOUR_US,
            silence_us: 72 * HOUR_US,
            close_after_us: 168 * HOUR_US,
        };
        let (mut changed, mut last) = (Vec::new(), 0);
        loop {
            let ended = store.end_tickets(endings, last, 2).await.unwrap();
            changed.extend(ended.changed.iter().map(|changed| changed.ticket.number));
            match ended.last {
                Some(at) => last = at,
                None => return changed,
            }
        }
    }

    async fn last(store: &Store, number: i64) -> (State, Option<Confirmation>) {
        let timeline = store.timeline(number, 0, 100).await.unwrap();
        let Some(Happened::Known(Event::StateChanged {
            to, confirmation, ..
        })) = timeline.last().map(|event| &event.event)
        else {
            panic!("no state was changed");
        };
        (*to, *confirmation)
    }

    #[tokio::test]
    async fn what_nobody_answers_is_resolved_in_time_and_closed_a_week_later() {
        on_both(|store| async move {
            let asked = open(&store, Some("rosa")).await;
            let alert = open(&store, None).await;
            let open = open(&store, Some("bob")).await;
            propose(&store, asked).await;
            propose(&store, alert).await;
            // Nothing is known to be wrong with what nobody has asked for.
            assert_eq!(after(&store, 0).await, [alert]);
            assert_eq!(
                last(&store, alert).await,
                (State::Resolved, Some(Confirmation::Checks))
            );
            assert!(after(&store, 71).await.is_empty());
            assert_eq!(after(&store, 72).await, [asked]);
            assert_eq!(
                last(&store, asked).await,
                (State::Resolved, Some(Confirmation::None))
            );
            assert!(after(&store, 167).await.is_empty());
            assert_eq!(after(&store, 168).await, [alert]);
            assert_eq!(after(&store, 72 + 168).await, [asked]);
            assert_eq!(last(&store, asked).await, (State::Closed, None));
            assert!(after(&store, 10_000).await.is_empty());
            let ticket = store.ticket(open).await.unwrap().unwrap();
            assert_eq!(ticket.ticket.state, State::New);
        })
        .await;
    }
}
