//! What a ticket's events make of its clocks, and where it stands in the queue: rows that the transaction of each event writes,
//! the same as those of a rebuild at any time.

#[cfg(test)]
mod tests;

use crate::desk::sla::{Clock, Measure, Standing, Step, clocks};
use crate::desk::{Event, Refusal, State, Tier, ticket};

use super::super::{Columns, Query, Store, StoreError, TimeUs, Tx, desk_rules};
use super::timeline::{self, Happened};
use super::{NumberedTicket, escalations, happen, named, rank};
use crate::wording::wording;

/// In the queue, what has nothing due comes after all that has, by priority.
pub(super) const NOTHING_DUE: i64 = 8_000_000_000_000_000_000;
/// Whoever warns.
const ACTOR: &str = "collector";

/// A clock under its ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketClock {
    pub ticket: i64,
    pub measure: Measure,
    pub tier: Option<Tier>,
    pub agreement: String,
    /// Microseconds of working time.
    pub target_us: i64,
    pub spent_us: i64,
    pub reckoned_at: TimeUs,
    pub reached_at: Option<TimeUs>,
    pub is_running: bool,
    /// None: it does not run, or not within ten years.
    pub due_at: Option<TimeUs>,
    pub ended_at: Option<TimeUs>,
}

/// Clocks that ended in a stretch of time, by agreement and measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub agreement: String,
    pub measure: Measure,
    pub n_ended: i64,
    pub n_met: i64,
}

const SELECT: &str = "SELECT ticket, measure, tier, agreement, target_us, spent_us, reckoned_at, reached_at, is_running, \
     due_at, ended_at FROM ticket_clocks ";

impl Store {
    /// The clocks of some tickets, in the order in which they began.
    ///
    /// # Errors
    /// The store's own.
    pub async fn clocks(&self, tickets: &[i64]) -> Result<Vec<TicketClock>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .push("WHERE ticket IN ")
            .list(tickets.iter().copied())
            .push(" ORDER BY ticket, position")
            .read(&mut on, read)
            .await
    }

    /// How promises were kept whose clocks ended from one moment on and before another, or fell due then and run still: those
    /// are broken already. No moment is in the future.
    ///
    /// # Errors
    /// The store's own.
    pub async fn kept(
        &self,
        from: TimeUs,
        to: TimeUs,
        sites: Option<&[i64]>,
    ) -> Result<Vec<Kept>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(
            "SELECT c.agreement, c.measure, COUNT(*), \
             CAST(SUM(CASE WHEN c.ended_at IS NOT NULL AND c.spent_us <= c.target_us THEN 1 ELSE 0 END) AS BIGINT) \
             FROM ticket_clocks c JOIN tickets t ON t.number = c.ticket WHERE (c.ended_at >= ",
        )
        .arg(from)
        .push(" AND c.ended_at < ")
        .arg(to)
        .push(" OR c.ended_at IS NULL AND c.due_at >= ")
        .arg(from)
        .push(" AND c.due_at < ")
        .arg(to)
        .push(")");
        if let Some(sites) = sites {
            query = query
                .push(" AND t.site_key IN ")
                .list(sites.iter().copied());
        }
        query
            .push(" GROUP BY c.agreement, c.measure ORDER BY c.agreement, c.measure")
            .read(&mut on, |columns| {
                Ok(Kept {
                    agreement: columns.text()?,
                    measure: measure(columns)?,
                    n_ended: columns.int()?,
                    n_met: columns.int()?,
                })
            })
            .await
    }

    /// Puts each warning that is due by `now` onto its ticket, `most` at most. Gives the tickets' numbers and versions.
    ///
    /// # Errors
    /// The store's own.
    pub async fn warn_of_clocks(
        &self,
        now: TimeUs,
        most: u32,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        self.write((now, most), |tx, (now, most)| {
            Box::pin(warn(tx, *now, *most))
        })
        .await
    }

    /// Reckons the clocks of the next `most` tickets after `after` that are not closed: the rules have changed. Gives the
    /// last one's number; none: there are no more.
    ///
    /// # Errors
    /// The store's own.
    pub async fn reckon_clocks(&self, after: i64, most: u32) -> Result<Option<i64>, StoreError> {
        self.write((after, most), |tx, (after, most)| {
            Box::pin(async move {
                let numbers = Query::new(
                    "SELECT number FROM tickets WHERE number > $1 AND state <> $2 ORDER BY number LIMIT $3",
                )
                .bind(*after)
                .bind(State::Closed.as_str())
                .bind(i64::from(*most))
                .read(&mut tx.on, |columns| columns.int())
                .await?;
                for number in &numbers {
                    let ticket = super::load(&mut tx.on, *number).await?;
                    let ticket = ticket.ok_or(StoreError::not_found(wording!("ticket")))?;
                    reckon(tx, &ticket).await?;
                    escalations::reckon(tx, &ticket).await?;
                }
                Ok(numbers.last().copied())
            })
        })
        .await
    }
}

/// The clocks of one ticket.
pub(super) async fn of(
    on: &mut sqlx::AnyConnection,
    ticket: i64,
) -> Result<Vec<TicketClock>, StoreError> {
    Query::new(SELECT)
        .push("WHERE ticket = $1 ORDER BY position")
        .bind(ticket)
        .read(on, read)
        .await
}

fn measure(columns: &mut Columns<'_>) -> Result<Measure, StoreError> {
    named("clock", &Measure::ALL, Measure::as_str, &columns.text()?)
}

fn tier(columns: &mut Columns<'_>) -> Result<Option<Tier>, StoreError> {
    let name = columns.opt_text()?;
    name.map(|name| named("clock's tier", &Tier::ALL, Tier::as_str, &name))
        .transpose()
}

fn read(columns: &mut Columns<'_>) -> Result<TicketClock, StoreError> {
    Ok(TicketClock {
        ticket: columns.int()?,
        measure: measure(columns)?,
        tier: tier(columns)?,
        agreement: columns.text()?,
        target_us: columns.int()?,
        spent_us: columns.int()?,
        reckoned_at: columns.int()?,
        reached_at: columns.opt_int()?,
        is_running: columns.int()? != 0,
        due_at: columns.opt_int()?,
        ended_at: columns.opt_int()?,
    })
}

async fn warn(tx: &mut Tx, now: TimeUs, most: u32) -> Result<Vec<(i64, i64)>, StoreError> {
    let due = Query::new(
        "SELECT ticket, measure, tier, warn_percent FROM ticket_clocks WHERE warn_at <= $1 ORDER BY warn_at, ticket LIMIT $2",
    )
    .bind(now)
    .bind(i64::from(most))
    .read(&mut tx.on, |columns| {
        let (ticket, measure, tier) = (columns.int()?, measure(columns)?, tier(columns)?);
        let percent = columns.int()?.clamp(0, i64::from(u8::MAX)) as u8;
        let event = Event::ClockWarned {
            measure,
            tier,
            percent,
        };
        Ok((ticket, event))
    })
    .await?;
    let mut warned = Vec::with_capacity(due.len());
    for (number, event) in due {
        let present = super::load(&mut tx.on, number).await?;
        let next = happen(tx, number, present, &event, ACTOR, now).await?;
        warned.push((number, next.ticket.version));
    }
    Ok(warned)
}

/// Makes the rows of a ticket's clocks from all its events. One whose events break the rules of today has none, and can be
/// worked on all the same.
pub(super) async fn reckon(tx: &mut Tx, ticket: &NumberedTicket) -> Result<(), StoreError> {
    let number = ticket.number;
    let reckoned = match desk_rules::book(tx).await? {
        None => Vec::new(),
        Some(book) => match steps(tx, number).await? {
            Ok(steps) => clocks(&steps, &book),
            Err(refusal) => {
                tracing::warn!(ticket = number, %refusal, "a ticket's clocks cannot be reckoned");
                Vec::new()
            }
        },
    };
    Query::new("DELETE FROM ticket_clocks WHERE ticket = $1")
        .bind(number)
        .execute(&mut tx.on)
        .await?;
    for (position, clock) in (0..).zip(&reckoned) {
        keep(tx, number, position, clock).await?;
    }
    let due = reckoned.iter().filter_map(Clock::due_at).min();
    let is_queued = !matches!(ticket.ticket.state, State::Resolved | State::Closed);
    let queue_at = due.unwrap_or(NOTHING_DUE + rank(ticket.ticket.priority));
    Query::new("UPDATE tickets SET queue_at = $1 WHERE number = $2")
        .bind(is_queued.then_some(queue_at))
        .bind(number)
        .execute(&mut tx.on)
        .await?;
    Ok(())
}

async fn steps(tx: &mut Tx, number: i64) -> Result<Result<Vec<Step>, Refusal>, StoreError> {
    let mut present = None;
    let mut steps = Vec::new();
    for happened in timeline::events(&mut tx.on, number, 0, i64::MAX).await? {
        let Happened::Known(event) = &happened.event else {
            continue;
        };
        let next = match ticket::after(present.as_ref(), event, &happened.actor, happened.at) {
            Ok(next) => next,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if event.moves_clocks() {
            steps.push(Step::of(&next, event, happened.at));
        }
        present = Some(next);
    }
    Ok(Ok(steps))
}

async fn keep(tx: &mut Tx, ticket: i64, position: i64, clock: &Clock) -> Result<(), StoreError> {
    let (is_running, warning, ended_at) = match &clock.standing {
        Standing::Running { warning, .. } => (true, *warning, None),
        Standing::Paused => (false, None, None),
        Standing::Ended { ended_at } => (false, None, Some(*ended_at)),
    };
    Query::new(
        "INSERT INTO ticket_clocks (ticket, position, measure, tier, agreement, target_us, spent_us, reckoned_at, \
         reached_at, is_running, due_at, ended_at, warn_percent, warn_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(ticket)
    .bind(position)
    .bind(clock.measure.as_str())
    .bind(clock.tier.map(Tier::as_str))
    .bind(&clock.agreement)
    .bind(clock.target_us)
    .bind(clock.spent_us)
    .bind(clock.at)
    .bind(clock.reached_at)
    .bind(i64::from(is_running))
    .bind(clock.due_at())
    .bind(ended_at)
    .bind(warning.map(|(percent, _)| i64::from(percent)))
    .bind(warning.map(|(_, at)| at))
    .execute(&mut tx.on)
    .await?;
    Ok(())
}
