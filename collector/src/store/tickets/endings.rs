//! Tickets that end by themselves: a proposal that nobody answers or that the checks confirm, a resolution that lasts.

use crate::desk::{Confirmation, Event, State};

use super::super::{Query, Store, StoreError, TimeUs, Tx};
use super::{Changed, NumberedTicket, TicketChange, apply, proof};

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

impl Store {
    /// Looks at the next `most` tickets after `after` that may have come to their end, and ends those that have.
    ///
    /// # Errors
    /// The store's own.
    pub async fn end_tickets(
        &self,
        endings: Endings,
        after: i64,
        most: u32,
    ) -> Result<Ended, StoreError> {
        let mut on = self.reader().await?;
        let numbers = candidates(&mut on, endings, after, most).await?;
        drop(on);
        let Some(last) = numbers.last().copied() else {
            return Ok(Ended::default());
        };
        let changed = self
            .write((endings, numbers), |tx, (endings, numbers)| {
                Box::pin(end(tx, *endings, numbers))
            })
            .await?;
        Ok(Ended {
            changed,
            last: Some(last),
        })
    }
}

/// Those whose time has come, and those without a requester, for which the checks speak.
async fn candidates(
    on: &mut sqlx::AnyConnection,
    endings: Endings,
    after: i64,
    most: u32,
) -> Result<Vec<i64>, StoreError> {
    let before = |for_us: i64| endings.now.saturating_sub(for_us);
    Query::new(
        "SELECT number FROM tickets WHERE number > $1 AND ((state = $2 AND (requester IS NULL OR state_since <= $3)) \
         OR (state = $4 AND state_since <= $5)) ORDER BY number LIMIT $6",
    )
    .bind(after)
    .bind(State::Proposed.as_str())
    .bind(before(endings.silence_us))
    .bind(State::Resolved.as_str())
    .bind(before(endings.close_after_us))
    .bind(i64::from(most))
    .read(on, |columns| columns.int())
    .await
}

async fn end(tx: &mut Tx, endings: Endings, numbers: &[i64]) -> Result<Vec<Changed>, StoreError> {
    let mut changed = Vec::new();
    for number in numbers {
        // It may have changed since it was looked for.
        let Some(present) = super::load(&mut tx.on, *number).await? else {
            continue;
        };
        if let Some(event) = ending(tx, &present, endings).await? {
            let change = TicketChange {
                number: *number,
                event,
                actor: ACTOR.into(),
                expected_version: None,
                at: endings.now,
            };
            changed.push(apply(tx, &change).await?);
        }
    }
    Ok(changed)
}

/// How it ends now, if it does.
async fn ending(
    tx: &mut Tx,
    present: &NumberedTicket,
    endings: Endings,
) -> Result<Option<Event>, StoreError> {
    let ticket = &present.ticket;
    let for_us = endings.now.saturating_sub(ticket.state_since);
    let to = |to, reason: &str, confirmation| {
        Some(Event::StateChanged {
            to,
            waiting_for: None,
            reason: Some(reason.to_owned()),
            confirmation,
        })
    };
    Ok(match (ticket.state, &ticket.requester) {
        (State::Proposed, Some(_)) if for_us >= endings.silence_us => to(
            State::Resolved,
            "nobody has answered",
            Some(Confirmation::None),
        ),
        (State::Proposed, None)
            if proof::still_wrong(tx, present.number, endings.now)
                .await?
                .is_empty() =>
        {
            to(
                State::Resolved,
                "nothing of it is wrong any more",
                Some(Confirmation::Checks),
            )
        }
        (State::Resolved, _) if for_us >= endings.close_after_us => {
            to(State::Closed, "it has stayed resolved", None)
        }
        _ => None,
    })
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
