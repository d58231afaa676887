//! Tickets that a rule hands on: when it is due, which the transaction of each event writes, and its doing.

#[cfg(test)]
mod tests;

use crate::desk::escalation::{self, Beside, Condition, Due, Lasting, Named, Stay, next};
use crate::desk::sla::{Book, Clock, Standing};
use crate::desk::{Event, Refusal, State, ticket};

use super::super::alerts::{Heard, silences_of_devices};
use super::super::desk_rules::{self, Held};
use super::super::{Query, Store, StoreError, TimeUs, Tx};
use super::timeline::{self, Happened};
use super::{NumberedTicket, TicketClock, clocks, happen, load};

/// Alerts of one ticket that rules look at, the oldest of those that are open.
const MOST_ALERTS: i64 = 2_000;

/// What a round has done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Escalated {
    /// Tickets that were handed on, and their versions.
    pub changed: Vec<(i64, i64)>,
    /// There may be more to be done at once.
    pub is_more: bool,
}

/// A ticket that a rule would hand on now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    pub ticket: NumberedTicket,
    pub due: Due,
}

impl Store {
    /// Hands on the tickets whose time has come by `now`, and looks at those of which a finding has changed, `most` of each
    /// at most.
    ///
    /// # Errors
    /// The store's own.
    pub async fn escalate(&self, now: TimeUs, most: u32) -> Result<Escalated, StoreError> {
        self.write((now, most), |tx, (now, most)| {
            Box::pin(escalate(tx, *now, *most))
        })
        .await
    }

    /// Which of the next `most` tickets after `after` a rule would hand on by `now`, and the last one that was looked at;
    /// none: there are no more.
    ///
    /// # Errors
    /// The store's own.
    pub async fn try_escalation(
        &self,
        rule: Named,
        sites: Option<&[i64]>,
        now: TimeUs,
        after: i64,
        most: u32,
    ) -> Result<(Vec<Tried>, Option<i64>), StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new("SELECT number FROM tickets WHERE tier = ")
            .arg(rule.rule.at.as_str())
            .push(" AND state IN ")
            .list(WORKED_ON.map(State::as_str))
            .push(" AND number > ")
            .arg(after);
        if let Some(sites) = sites {
            query = query.push(" AND site_key IN ").list(sites.iter().copied());
        }
        let numbers = query
            .push(" ORDER BY number LIMIT ")
            .arg(most)
            .read(&mut on, |columns| columns.int())
            .await?;
        let held = desk_rules::present(&mut on).await?;
        let rules = [rule];
        let mut tried = Vec::new();
        for number in &numbers {
            let Some(ticket) = load(&mut on, *number).await? else {
                continue;
            };
            let due = due(&mut on, &ticket, &rules, &held.book, Some(now)).await?;
            if let Some(due) = due.filter(|due| due.at <= now) {
                tried.push(Tried { ticket, due });
            }
        }
        Ok((tried, numbers.last().copied()))
    }
}

/// A ticket in one of these can be handed on.
const WORKED_ON: [State; 3] = [State::New, State::Open, State::Waiting];
/// In these it cannot.
const DONE: [State; 3] = [State::Proposed, State::Resolved, State::Closed];

/// One more event: what is due of it, and whether it is to be looked at for its findings.
pub(super) async fn follow(
    tx: &mut Tx,
    before: Option<&NumberedTicket>,
    after: &NumberedTicket,
    event: &Event,
) -> Result<(), StoreError> {
    let Some(held) = desk_rules::held(tx).await? else {
        return Ok(());
    };
    if held.escalations.is_empty() {
        return Ok(());
    }
    if event.moves_clocks() || matches!(event, Event::Assigned { .. } | Event::WorkEnded { .. }) {
        set_due(tx, after, &held).await?;
    }
    let is_elsewhere = before.is_none_or(|before| {
        let (before, after) = (&before.ticket, &after.ticket);
        (before.tier, before.state) != (after.tier, after.state) || before.devices != after.devices
    });
    match is_elsewhere {
        true => look_at(tx, after, &held).await,
        false => Ok(()),
    }
}

/// The same of a ticket whose events are made anew, or whose rules have changed.
pub(super) async fn reckon(tx: &mut Tx, ticket: &NumberedTicket) -> Result<(), StoreError> {
    let Some(held) = desk_rules::held(tx).await? else {
        return Ok(());
    };
    set_due(tx, ticket, &held).await?;
    look_at(tx, ticket, &held).await
}

/// An alert of a device has changed, which may be of a ticket.
pub(in super::super) async fn look_at_alert(
    tx: &mut Tx,
    device_key: i64,
    check: &str,
    status: i64,
    ticket: Option<i64>,
) -> Result<(), StoreError> {
    let Some(held) = desk_rules::held(tx).await? else {
        return Ok(());
    };
    let covers = |one: &Named| matches!(&one.rule.when, Condition::Finding(class) if class.covers(check, status));
    if !held.escalations.iter().any(covers) {
        return Ok(());
    }
    for (which, key) in [
        ("t.number = ", ticket.unwrap_or_default()),
        (
            "t.number IN (SELECT ticket FROM ticket_devices WHERE device_key = ",
            device_key,
        ),
    ] {
        let end = if which.contains('(') { ")" } else { "" };
        Query::new("INSERT INTO escalation_looks (ticket) SELECT t.number FROM tickets t WHERE ")
            .push(which)
            .arg(key)
            .push(end)
            // Looked for by number, never by state.
            .push(" AND t.state NOT IN ")
            .list(DONE.map(State::as_str))
            .push(" ON CONFLICT (ticket) DO NOTHING")
            .execute(&mut tx.on)
            .await?;
    }
    Ok(())
}

/// Keeps that a ticket is to be looked at, if a rule about findings can be for it.
async fn look_at(tx: &mut Tx, ticket: &NumberedTicket, held: &Held) -> Result<(), StoreError> {
    let own = &ticket.ticket;
    let is_for = |one: &Named| {
        matches!(one.rule.when, Condition::Finding(_)) && one.rule.is_for(own.tier, &own.site)
    };
    if !WORKED_ON.contains(&own.state) || !held.escalations.iter().any(is_for) {
        return Ok(());
    }
    Query::new("INSERT INTO escalation_looks (ticket) VALUES ($1) ON CONFLICT (ticket) DO NOTHING")
        .bind(ticket.number)
        .execute(&mut tx.on)
        .await?;
    Ok(())
}

async fn set_due(tx: &mut Tx, ticket: &NumberedTicket, held: &Held) -> Result<(), StoreError> {
    let due = due(&mut tx.on, ticket, &held.escalations, &held.book, None).await?;
    Query::new("UPDATE tickets SET escalate_at = $1 WHERE number = $2")
        .bind(due.map(|due| due.at))
        .bind(ticket.number)
        .execute(&mut tx.on)
        .await?;
    Ok(())
}

async fn escalate(tx: &mut Tx, now: TimeUs, most: u32) -> Result<Escalated, StoreError> {
    let Some(held) = desk_rules::held(tx).await? else {
        return Ok(Escalated::default());
    };
    let due = Query::new(
        "SELECT number FROM tickets WHERE escalate_at IS NOT NULL AND escalate_at <= $1 ORDER BY escalate_at, number LIMIT $2",
    )
    .bind(now)
    .bind(i64::from(most))
    .read(&mut tx.on, |columns| columns.int())
    .await?;
    let to_look_at = Query::new("SELECT ticket FROM escalation_looks ORDER BY ticket LIMIT $1")
        .bind(i64::from(most))
        .read(&mut tx.on, |columns| columns.int())
        .await?;
    Query::new("DELETE FROM escalation_looks WHERE ticket IN ")
        .list(to_look_at.iter().copied())
        .execute(&mut tx.on)
        .await?;
    let is_more = due.len().max(to_look_at.len()) >= most as usize;
    let mut numbers: Vec<i64> = due.into_iter().chain(to_look_at).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut changed = Vec::new();
    for number in numbers {
        let Some(present) = load(&mut tx.on, number).await? else {
            continue;
        };
        changed.extend(hand_on(tx, present, &held, now).await?);
    }
    Ok(Escalated { changed, is_more })
}

/// Hands a ticket on if a rule says so now; its number and version then.
async fn hand_on(
    tx: &mut Tx,
    present: NumberedTicket,
    held: &Held,
    now: TimeUs,
) -> Result<Option<(i64, i64)>, StoreError> {
    let number = present.number;
    let due = due(
        &mut tx.on,
        &present,
        &held.escalations,
        &held.book,
        Some(now),
    )
    .await?;
    let Some(due) = due.filter(|due| due.at <= now) else {
        set_due(tx, &present, held).await?;
        return Ok(None);
    };
    tracing::info!(ticket = number, rule = due.rule, "a ticket is handed on");
    let event = Event::TierChanged {
        to: due.to,
        reason: due.reason,
    };
    let actor = escalation::actor(&due.rule);
    let next = happen(tx, number, Some(present), &event, &actor, now).await?;
    Ok(Some((number, next.ticket.version)))
}

/// Which rule hands a ticket on, and when. `now`: rules about findings are asked too, by what is found now; what is due by the
/// others follows from events and rules alone.
async fn due(
    on: &mut sqlx::AnyConnection,
    ticket: &NumberedTicket,
    rules: &[Named],
    book: &Book,
    now: Option<TimeUs>,
) -> Result<Option<Due>, StoreError> {
    let own = &ticket.ticket;
    let can_be = |one: &&Named| {
        let is_asked = now.is_some() || !matches!(one.rule.when, Condition::Finding(_));
        is_asked && one.rule.is_for(own.tier, &own.site)
    };
    let rules: Vec<Named> = rules.iter().filter(can_be).cloned().collect();
    if rules.is_empty() || !WORKED_ON.contains(&own.state) {
        return Ok(None);
    }
    let stay = match stay(on, ticket.number).await? {
        Ok(Some(stay)) => stay,
        Ok(None) => return Ok(None),
        // It can be worked on all the same.
        Err(refusal) => {
            tracing::warn!(ticket = ticket.number, %refusal, "no rule can hand on a ticket");
            return Ok(None);
        }
    };
    let clocks = clocks::of(on, ticket.number).await?;
    let clocks: Vec<Clock> = clocks.into_iter().map(clock).collect();
    let asks_findings = |one: &Named| matches!(one.rule.when, Condition::Finding(_));
    let lasting = match now.filter(|_| rules.iter().any(asks_findings)) {
        Some(now) => lasting(on, ticket.number, now).await?,
        None => Vec::new(),
    };
    let beside = Beside {
        book,
        clocks: &clocks,
        lasting: &lasting,
    };
    Ok(next(&stay, &rules, beside))
}

async fn stay(
    on: &mut sqlx::AnyConnection,
    number: i64,
) -> Result<Result<Option<Stay>, Refusal>, StoreError> {
    let mut present = None;
    let mut stay: Option<Stay> = None;
    for happened in timeline::events(on, number, 0, i64::MAX).await? {
        let Happened::Known(event) = &happened.event else {
            continue;
        };
        let (actor, at) = (&happened.actor, happened.at);
        let next = match ticket::after(present.as_ref(), event, actor, at) {
            Ok(next) => next,
            Err(refusal) => return Ok(Err(refusal)),
        };
        match &mut stay {
            Some(stay) => stay.take(&next, event, actor, at),
            None => stay = Some(Stay::begin(&next, at)),
        }
        present = Some(next);
    }
    Ok(Ok(stay))
}

fn clock(row: TicketClock) -> Clock {
    let standing = match (row.ended_at, row.is_running) {
        (Some(ended_at), _) => Standing::Ended { ended_at },
        (None, true) => Standing::Running {
            due_at: row.due_at,
            warning: None,
        },
        (None, false) => Standing::Paused,
    };
    Clock {
        measure: row.measure,
        tier: row.tier,
        agreement: row.agreement,
        target_us: row.target_us,
        spent_us: row.spent_us,
        at: row.reckoned_at,
        reached_at: row.reached_at,
        standing,
    }
}

/// Open alerts of a ticket and of its devices that nothing silences.
async fn lasting(
    on: &mut sqlx::AnyConnection,
    ticket: i64,
    now: TimeUs,
) -> Result<Vec<Lasting>, StoreError> {
    let mut found = Vec::new();
    for which in [
        "a.ticket = $1",
        "a.device_key IN (SELECT device_key FROM ticket_devices WHERE ticket = $1)",
    ] {
        let rows = Query::new(
            "SELECT a.device_key, d.site_key, a.check_id, a.subject, d.hostname, a.status, a.opened_at FROM alerts a \
             JOIN devices d ON d.device_key = a.device_key WHERE a.cleared_at IS NULL AND ",
        )
        .push(which)
        .push(" ORDER BY a.alert_key LIMIT $2")
        .bind(ticket)
        .bind(MOST_ALERTS)
        .read(on, |columns| {
            let place = (columns.int()?, columns.int()?);
            let lasting = Lasting {
                check: columns.text()?,
                subject: columns.text()?,
                hostname: columns.text()?,
                status: columns.int()?,
                since: columns.int()?,
            };
            Ok((place, lasting))
        })
        .await?;
        found.extend(rows);
    }
    let devices: Vec<i64> = found
        .iter()
        .map(|((device_key, _), _)| *device_key)
        .collect();
    let silences = silences_of_devices(on, &devices, now).await?;
    let is_told = |((device_key, site_key), one): &((i64, i64), Lasting)| {
        let heard = Heard {
            device_key: *device_key,
            site_key: *site_key,
            check: &one.check,
            subject: &one.subject,
            status: one.status,
            since: one.since,
        };
        silences.of(&heard).is_none()
    };
    let told = found.into_iter().filter(is_told);
    Ok(told.map(|(_, one)| one).collect())
}
