//! What people say on their own machines, as it comes onto tickets; and what of these they may read there.

mod read;
#[cfg(test)]
mod tests;

pub use read::{Conversation, HelpMessage, HelpTicket, SaidFate};

use sonde_proto::help::Reason;

use super::super::{Columns, DeviceId, Id, Query, StoreError, TimeUs, Tx, snapshots};
use super::{LinkTickets, NumberedTicket, happen, load, marks};
use crate::desk::answer::{self, Reply};
use crate::desk::help::{Candidate, Course, MOST_OF_ONE, Said, asker, title};
use crate::desk::mark::Relation;
use crate::desk::person::folded;
use crate::desk::{Asked, Event, Listed, Priority, Side, State, Ticket};
use crate::digest::hex;
use crate::wording::wording;

const HOUR_US: i64 = 3_600_000_000;
/// Persons who are looked at to find the one who has asked.
const CANDIDATES: i64 = 20;

/// Something that somebody has said on a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSaid {
    pub said_id: Id,
    /// As the device's system knows them.
    pub login: String,
    /// Empty: it knows none.
    pub full_name: String,
    /// Empty only with `solved`.
    pub text: String,
    /// An answer on this ticket.
    pub ticket: Option<i64>,
    /// They say that it is solved.
    pub solved: bool,
    /// When they meant it, on the collector's clock.
    pub asked_at: TimeUs,
    /// When it came.
    pub taken_at: TimeUs,
}

/// A ticket that has changed by what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub number: i64,
    pub version: i64,
    /// It is new, and a snapshot of its device is owed.
    pub is_new: bool,
}

/// A device, as what is said on it needs it.
struct Device {
    id: DeviceId,
    hostname: String,
    site: String,
    site_key: i64,
}

/// Takes what was said on a device, once. `None`: it is known already, or was refused, as its speaker is told.
///
/// # Errors
/// The store's own.
pub(in super::super) async fn take(
    tx: &mut Tx,
    device_key: i64,
    said: &NewSaid,
) -> Result<Option<Taken>, StoreError> {
    let known = Query::new("SELECT taken_at FROM help_said WHERE device_key = $1 AND said_id = $2")
        .bind(device_key)
        .bind(said.said_id)
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?;
    if known.is_some() {
        return Ok(None);
    }
    let device = device(tx, device_key).await?;
    let course = standing(tx, device_key, said).await?.course();
    let (taken, reason) = match course {
        Course::Refuse(reason) => (None, Some(reason)),
        Course::Open { follows, reason } => {
            let opened = open(tx, &device, said, follows).await?;
            (Some(opened), reason)
        }
        Course::Answer { ticket, reason } => {
            let answered = answer(tx, &device, said, ticket).await?;
            (Some(answered), reason)
        }
    };
    Query::new(
        "INSERT INTO help_said (device_key, said_id, login, asked_at, taken_at, ticket, reason) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(device_key)
    .bind(said.said_id)
    .bind(&said.login)
    .bind(said.asked_at)
    .bind(said.taken_at)
    .bind(taken.as_ref().map(|taken| taken.number))
    .bind(reason.map(Reason::as_str))
    .execute(&mut tx.on)
    .await?;
    Ok(taken)
}

async fn device(tx: &mut Tx, device_key: i64) -> Result<Device, StoreError> {
    let found = Query::new(
        "SELECT d.id, d.hostname, s.name, d.site_key FROM devices d JOIN sites s ON s.site_key = d.site_key \
         WHERE d.device_key = $1",
    )
    .bind(device_key)
    .read_optional(&mut tx.on, |columns| {
        Ok(Device {
            id: columns.text()?.parse()?,
            hostname: columns.text()?,
            site: columns.text()?,
            site_key: columns.int()?,
        })
    });
    found
        .await?
        .ok_or(StoreError::not_found(wording!("device")))
}

/// What the desk's rules need to know.
async fn standing(tx: &mut Tx, device_key: i64, said: &NewSaid) -> Result<Said, StoreError> {
    let state = match said.ticket {
        None => None,
        Some(number) => {
            let state = Query::new(
                "SELECT state FROM tickets WHERE number = $1 AND asked_device_key = $2 AND asked_login = $3",
            )
            .bind(number)
            .bind(device_key)
            .bind(&said.login)
            .read_optional(&mut tx.on, |columns| columns.text());
            state.await?.as_deref().map(read::state).transpose()?
        }
    };
    let over = [State::Resolved.as_str(), State::Closed.as_str()];
    let open = Query::new("SELECT number FROM tickets WHERE asked_device_key = ")
        .arg(device_key)
        .push(" AND asked_login = ")
        .arg(said.login.as_str())
        .push(" AND state NOT IN ")
        .list(over)
        .push(" ORDER BY number DESC LIMIT ")
        .arg(MOST_OF_ONE as i64)
        .read(&mut tx.on, |columns| columns.int());
    let open = open.await?;
    let n_open = Query::new("SELECT COUNT(*) FROM tickets WHERE asked_device_key = ")
        .arg(device_key)
        .push(" AND state NOT IN ")
        .list(over)
        .one(&mut tx.on);
    let n_open_of_device = Columns::of(&n_open.await?).int()?;
    let n_last_hour =
        Query::new("SELECT COUNT(*) FROM help_said WHERE device_key = $1 AND taken_at > $2")
            .bind(device_key)
            .bind(said.taken_at.saturating_sub(HOUR_US))
            .one(&mut tx.on);
    let n_last_hour = Columns::of(&n_last_hour.await?).int()?;
    Ok(Said {
        ticket: said.ticket,
        solved: said.solved,
        has_text: !said.text.trim().is_empty(),
        state,
        open,
        n_open_of_device: usize::try_from(n_open_of_device).unwrap_or(usize::MAX),
        n_last_hour,
    })
}

async fn open(
    tx: &mut Tx,
    device: &Device,
    said: &NewSaid,
    follows: Option<i64>,
) -> Result<Taken, StoreError> {
    let row = Query::new("SELECT COALESCE(MAX(number), 0) + 1 FROM tickets")
        .one(&mut tx.on)
        .await?;
    let number = Columns::of(&row).int()?;
    let asked = asked(device, said);
    let (name, person) = requester(tx, device, said).await?;
    let opened = Event::Opened {
        title: title(&said.text),
        site: device.site.clone(),
        priority: Priority::Normal,
        requester: Some(name),
        asked: Some(asked.clone()),
        person,
        weight: None,
    };
    let added = Event::DeviceAdded {
        device: device.id.to_string(),
    };
    let written = Event::Messaged {
        side: Side::Requester,
        text: said.text.clone(),
        asked: Some(asked),
    };
    let events = [opened, added, written];
    let mut ticket = all_happen(tx, (number, None), events, device, said).await?;
    if let Some(other) = follows {
        let link = LinkTickets {
            number,
            relation: Relation::Follows,
            other,
            is_on: true,
            actor: actor(device, said),
            at: said.taken_at,
        };
        ticket = marks::link_both(tx, &link).await.map_err(half_written)?;
    }
    snapshots::owe(tx, number, &ticket.ticket.devices, said.taken_at).await?;
    Ok(Taken {
        number,
        version: ticket.ticket.version,
        is_new: true,
    })
}

async fn answer(
    tx: &mut Tx,
    device: &Device,
    said: &NewSaid,
    number: i64,
) -> Result<Taken, StoreError> {
    let present = load(&mut tx.on, number).await?;
    let present = present.ok_or(StoreError::not_found(wording!("ticket")))?;
    let text = Some(&said.text).filter(|text| !text.trim().is_empty());
    let reply = Reply {
        text: text.cloned(),
        is_solved: said.solved.then_some(true),
        asked: Some(asked(device, said)),
    };
    let events = answer::events(&present.ticket, &reply)
        .map_err(StoreError::from)
        .map_err(half_written)?;
    let ticket = all_happen(tx, (number, Some(present)), events, device, said).await?;
    Ok(Taken {
        number,
        version: ticket.ticket.version,
        is_new: false,
    })
}

async fn all_happen(
    tx: &mut Tx,
    (number, mut present): (i64, Option<NumberedTicket>),
    events: impl IntoIterator<Item = Event>,
    device: &Device,
    said: &NewSaid,
) -> Result<NumberedTicket, StoreError> {
    let actor = actor(device, said);
    for event in events {
        let next = happen(tx, number, present, &event, &actor, said.taken_at).await;
        present = Some(next.map_err(half_written)?);
    }
    present.ok_or_else(|| StoreError::Broken("nothing of what was said happens".into()))
}

/// Who speaks. No account can have this name.
fn actor(device: &Device, said: &NewSaid) -> String {
    format!("{} on {}", said.login, device.hostname)
}

/// The report must not be taken for one that was refused before anything of it was written.
fn half_written(error: StoreError) -> StoreError {
    if matches!(error, StoreError::Refused { .. }) {
        return StoreError::Broken(error.to_string());
    }
    error
}

fn asked(device: &Device, said: &NewSaid) -> Asked {
    Asked {
        device: device.id.to_string(),
        login: said.login.clone(),
        said: hex(&said.said_id.0),
        at: said.asked_at,
    }
}

/// The person of the device's site who has asked, as far as that is clear, else as the device names them.
async fn requester(
    tx: &mut Tx,
    device: &Device,
    said: &NewSaid,
) -> Result<(String, Option<Listed>), StoreError> {
    // Windows writes a login behind its domain.
    let login = said.login.rsplit('\\').next().unwrap_or_default();
    let candidates = Query::new(
        "SELECT p.id, p.team, p.name, CASE WHEN EXISTS (SELECT 1 FROM person_contacts c WHERE c.person = p.id AND c.kind = 'login' \
         AND c.compared = $1) THEN 1 ELSE 0 END, CASE WHEN EXISTS (SELECT 1 FROM person_devices o \
         JOIN devices d ON d.device_key = o.device_key WHERE o.person = p.id AND d.id = $2) THEN 1 ELSE 0 END \
         FROM persons p WHERE p.site_key = $3 AND (p.folded = $4 OR p.id IN (SELECT c.person FROM person_contacts c \
         WHERE c.kind = 'login' AND c.compared = $1)) ORDER BY p.id LIMIT $5",
    )
    .bind(login.to_lowercase())
    .bind(&device.id)
    .bind(device.site_key)
    .bind(folded(&said.full_name))
    .bind(CANDIDATES)
    .read(&mut tx.on, |columns| {
        Ok(Candidate {
            person: Listed {
                id: Some(columns.id()?.to_string()),
                group: columns.opt_text()?,
            },
            name: columns.text()?,
            by_login: columns.truth()?,
            is_confirmed: columns.truth()?,
        })
    });
    let candidates = candidates.await?;
    let as_named = match said.full_name.trim() {
        "" => &said.login,
        full_name => full_name,
    };
    Ok(match asker(&candidates, &said.full_name) {
        Some(one) => (one.name.clone(), Some(one.person.clone())),
        None => (as_named.to_owned(), None),
    })
}

/// Who has asked, out of the ticket's own row.
pub(super) fn read_asked(columns: &mut Columns<'_>) -> Result<Option<Asked>, StoreError> {
    let device = columns.opt_text()?;
    let (login, said, at) = (columns.opt_text()?, columns.opt_text()?, columns.opt_int()?);
    Ok(match (device, login, said, at) {
        (Some(device), Some(login), Some(said), Some(at)) => Some(Asked {
            device,
            login,
            said,
            at,
        }),
        _ => None,
    })
}

/// Brings the ticket's row to who has asked for it.
pub(super) async fn project(tx: &mut Tx, number: i64, ticket: &Ticket) -> Result<(), StoreError> {
    let asked = ticket.asked.as_ref();
    if asked.is_none() {
        return Ok(());
    }
    Query::new(
        "UPDATE tickets SET asked_device_key = (SELECT device_key FROM devices WHERE id = $1), asked_login = $2, \
         asked_said = $3, asked_at = $4 WHERE number = $5",
    )
    .bind(asked.map(|asked| asked.device.as_str()))
    .bind(asked.map(|asked| asked.login.as_str()))
    .bind(asked.map(|asked| asked.said.as_str()))
    .bind(asked.map(|asked| asked.at))
    .bind(number)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}
