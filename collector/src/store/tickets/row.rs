//! A ticket as rows: read, and brought to what its events have made of it.

use crate::desk::mark::Marks;
use crate::desk::matrix::{Impact, Urgency, Weight};
use crate::desk::{Priority, State, Ticket, Tier, WaitingFor};

use super::super::{Columns, Query, StoreError, Tx, devices, sites};
use super::{NumberedTicket, assets, help, marks, requesters};

pub(super) const SELECT: &str = "SELECT t.number, t.site_key, s.name, t.title, t.state, t.state_since, t.waiting_for, t.n_rechecks, t.priority, t.requester, \
     t.person, t.requester_group, t.impact, t.urgency, t.assignee, t.tier, t.incident, t.incident_check, a.id, t.asked_login, t.asked_said, t.asked_at, \
     t.opened_by, t.opened_at, t.changed_at, t.version FROM tickets t JOIN sites s ON s.site_key = t.site_key \
     LEFT JOIN devices a ON a.device_key = t.asked_device_key ";

pub(super) fn read(columns: &mut Columns<'_>) -> Result<NumberedTicket, StoreError> {
    Ok(NumberedTicket {
        number: columns.int()?,
        site_key: columns.int()?,
        ticket: Ticket {
            site: columns.text()?,
            title: columns.text()?,
            state: named("state", &State::ALL, State::as_str, &columns.text()?)?,
            state_since: columns.int()?,
            waiting_for: columns
                .opt_text()?
                .map(|name| named("waiting_for", &WaitingFor::ALL, WaitingFor::as_str, &name))
                .transpose()?,
            n_rechecks: columns.int()?.try_into().unwrap_or(u8::MAX),
            priority: priority(columns.int()?)?,
            requester: columns.opt_text()?,
            person: requesters::read(columns)?,
            weight: weight(columns)?,
            assignee: columns.opt_text()?,
            tier: named("tier", &Tier::ALL, Tier::as_str, &columns.text()?)?,
            devices: Vec::new(),
            assets: Vec::new(),
            marks: Marks::default(),
            incident: columns.opt_int()?,
            incident_check: columns.opt_text()?,
            asked: help::read_asked(columns)?,
            opened_by: columns.text()?,
            opened_at: columns.int()?,
            changed_at: columns.int()?,
            version: columns.int()?,
        },
    })
}

pub(super) fn named<T: Copy>(
    field: &str,
    all: &[T],
    name_of: fn(T) -> &'static str,
    name: &str,
) -> Result<T, StoreError> {
    all.iter()
        .find(|value| name_of(**value) == name)
        .copied()
        .ok_or_else(|| StoreError::Broken(format!("a ticket's {field} is {name:?}")))
}

fn priority(rank: i64) -> Result<Priority, StoreError> {
    usize::try_from(rank - 1)
        .ok()
        .and_then(|index| Priority::ALL.get(index).copied())
        .ok_or_else(|| StoreError::Broken(format!("a ticket's priority is {rank}")))
}

fn weight(columns: &mut Columns<'_>) -> Result<Option<Weight>, StoreError> {
    let (impact, urgency) = (columns.opt_text()?, columns.opt_text()?);
    let (Some(impact), Some(urgency)) = (impact, urgency) else {
        return Ok(None);
    };
    Ok(Some(Weight {
        impact: named("impact", &Impact::ALL, Impact::as_str, &impact)?,
        urgency: named("urgency", &Urgency::ALL, Urgency::as_str, &urgency)?,
    }))
}

pub(super) fn rank(priority: Priority) -> i64 {
    priority as i64 + 1
}

pub(in super::super) async fn load(
    on: &mut sqlx::AnyConnection,
    number: i64,
) -> Result<Option<NumberedTicket>, StoreError> {
    let found = Query::new(SELECT)
        .push("WHERE t.number = $1")
        .bind(number)
        .read_optional(on, read)
        .await?;
    let Some(mut ticket) = found else {
        return Ok(None);
    };
    ticket.ticket.devices = Query::new(
        "SELECT d.id FROM ticket_devices t JOIN devices d ON d.device_key = t.device_key \
         WHERE t.ticket = $1 ORDER BY t.position",
    )
    .bind(number)
    .read(on, |columns| columns.text())
    .await?;
    assets::read(on, std::slice::from_mut(&mut ticket)).await?;
    marks::read(on, std::slice::from_mut(&mut ticket)).await?;
    Ok(Some(ticket))
}

/// Forgets the rows beside a ticket's own.
pub(super) async fn forget(tx: &mut Tx, number: i64) -> Result<(), StoreError> {
    for rows in [
        "DELETE FROM ticket_devices WHERE ticket = $1",
        "DELETE FROM ticket_assets WHERE ticket = $1",
        "DELETE FROM ticket_marks WHERE ticket = $1",
        "DELETE FROM ticket_persons WHERE ticket = $1",
    ] {
        Query::new(rows).bind(number).execute(&mut tx.on).await?;
    }
    Ok(())
}

/// Brings the rows to what the ticket is now.
pub(super) async fn project(
    tx: &mut Tx,
    number: i64,
    before: Option<&NumberedTicket>,
    ticket: Ticket,
) -> Result<NumberedTicket, StoreError> {
    let site_key = match before {
        Some(before) if before.ticket.site == ticket.site => before.site_key,
        _ => sites::site_key(tx, &ticket.site).await?,
    };
    let person = requesters::id(&ticket)?;
    let weight = ticket.weight;
    Query::new(
        "INSERT INTO tickets (number, site_key, title, state, waiting_for, priority, requester, assignee, \
         opened_by, opened_at, changed_at, version, incident, incident_check, tier, state_since, n_rechecks, recheck_at, person, \
         requester_group, impact, urgency) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) \
         ON CONFLICT (number) DO UPDATE SET site_key = excluded.site_key, title = excluded.title, \
         state = excluded.state, waiting_for = excluded.waiting_for, priority = excluded.priority, \
         requester = excluded.requester, assignee = excluded.assignee, opened_by = excluded.opened_by, \
         opened_at = excluded.opened_at, changed_at = excluded.changed_at, \
         version = excluded.version, incident = excluded.incident, \
         incident_check = excluded.incident_check, tier = excluded.tier, \
         state_since = excluded.state_since, n_rechecks = excluded.n_rechecks, recheck_at = excluded.recheck_at, \
         person = excluded.person, requester_group = excluded.requester_group, impact = excluded.impact, \
         urgency = excluded.urgency",
    )
    .bind(number)
    .bind(site_key)
    .bind(&ticket.title)
    .bind(ticket.state.as_str())
    .bind(ticket.waiting_for.map(WaitingFor::as_str))
    .bind(rank(ticket.priority))
    .bind(ticket.requester.as_deref())
    .bind(ticket.assignee.as_deref())
    .bind(&ticket.opened_by)
    .bind(ticket.opened_at)
    .bind(ticket.changed_at)
    .bind(ticket.version)
    .bind(ticket.incident)
    .bind(ticket.incident_check.as_deref())
    .bind(ticket.tier.as_str())
    .bind(ticket.state_since)
    .bind(i64::from(ticket.n_rechecks))
    .bind(ticket.recheck_at())
    .bind(person)
    .bind(ticket.person.as_ref().and_then(|person| person.group.as_deref()))
    .bind(weight.map(|weight| weight.impact.as_str()))
    .bind(weight.map(|weight| weight.urgency.as_str()))
    .execute(&mut tx.on)
    .await?;
    requesters::project(tx, number, person).await?;
    let marks_before = before.map(|before| &before.ticket.marks);
    marks::project(tx, number, marks_before, &ticket.marks).await?;
    help::project(tx, number, &ticket).await?;
    assets::project(tx, number, before, &ticket).await?;
    let before: &[String] = before.map_or(&[], |before| &before.ticket.devices);
    for gone in before.iter().filter(|id| !ticket.devices.contains(id)) {
        Query::new(
            "DELETE FROM ticket_devices WHERE ticket = $1 AND device_key = \
             (SELECT device_key FROM devices WHERE id = $2)",
        )
        .bind(number)
        .bind(gone)
        .execute(&mut tx.on)
        .await?;
    }
    for added in ticket.devices.iter().filter(|id| !before.contains(id)) {
        let n_rows = Query::new(
            "INSERT INTO ticket_devices (ticket, position, device_key) \
             SELECT $1, $2, device_key FROM devices WHERE id = $3",
        )
        .bind(number)
        .bind(ticket.version)
        .bind(added)
        .execute(&mut tx.on)
        .await?;
        devices::found(n_rows)?;
    }
    Ok(NumberedTicket {
        number,
        site_key,
        ticket,
    })
}
