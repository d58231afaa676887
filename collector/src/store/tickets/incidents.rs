//! Incidents: one ticket for what many devices have at once.

use std::collections::{BTreeSet, HashMap};

use super::{OpenTicket, escalations, happen, load, open};
use crate::desk::{Event, MOST_DEVICES, State};
use crate::store::{Query, Store, StoreError, TimeUs, Tx};

/// A ticket of an incident that begins.
#[derive(Debug, Clone)]
pub struct OpenIncident {
    pub check: String,
    pub ticket: OpenTicket,
}

/// Devices that have what an incident is about.
#[derive(Debug, Clone)]
pub struct JoinIncident {
    pub incident: i64,
    pub check: String,
    pub device_keys: Vec<i64>,
    pub by: String,
    pub at: TimeUs,
}

impl Store {
    /// Tickets of incidents that are not solved, by check and site.
    ///
    /// # Errors
    /// The store's own.
    pub async fn open_incidents(&self) -> Result<HashMap<(String, i64), i64>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(
            "SELECT incident_check, site_key, number FROM tickets WHERE incident_check IS NOT NULL \
             AND state NOT IN ($1, $2) ORDER BY number",
        )
        .bind(State::Resolved.as_str())
        .bind(State::Closed.as_str())
        .read(&mut on, |columns| {
            Ok(((columns.text()?, columns.int()?), columns.int()?))
        })
        .await?;
        Ok(found.into_iter().collect())
    }

    /// Opens the ticket of an incident; gives its number.
    ///
    /// # Errors
    /// As for any ticket.
    pub async fn open_incident(&self, incident: OpenIncident) -> Result<i64, StoreError> {
        self.write(incident, |tx, incident| {
            Box::pin(async move {
                let opened = open(tx, &incident.ticket).await?;
                let number = opened.number;
                let event = Event::IncidentDeclared {
                    check: incident.check.clone(),
                };
                let (by, at) = (&incident.ticket.opened_by, incident.ticket.at);
                happen(tx, number, Some(opened), &event, by, at).await?;
                Ok(number)
            })
        })
        .await
    }

    /// Makes the open alerts of these devices, and the tickets that they have, part of an incident. What is part of it
    /// already stays as it is. True: something is new.
    ///
    /// # Errors
    /// The store's own.
    pub async fn join_incident(&self, join: JoinIncident) -> Result<bool, StoreError> {
        self.write(join, |tx, join| Box::pin(join_all(tx, join)))
            .await
    }
}

async fn join_all(tx: &mut Tx, join: &JoinIncident) -> Result<bool, StoreError> {
    let alerts = Query::new(
        "SELECT a.ticket, d.id FROM alerts a JOIN devices d ON d.device_key = a.device_key \
         WHERE a.cleared_at IS NULL AND a.check_id = ",
    )
    .arg(&join.check)
    .push(" AND a.device_key IN ")
    .list(join.device_keys.iter().copied())
    .push(" ORDER BY a.alert_key")
    .read(&mut tx.on, |columns| {
        Ok((columns.opt_int()?, columns.text()?))
    })
    .await?;
    let new: Vec<(Option<i64>, String)> = alerts
        .into_iter()
        .filter(|(ticket, _)| *ticket != Some(join.incident))
        .collect();
    let n_rows = Query::new("UPDATE alerts SET ticket = ")
        .arg(join.incident)
        .push(" WHERE cleared_at IS NULL AND ticket IS NULL AND check_id = ")
        .arg(&join.check)
        .push(" AND device_key IN ")
        .list(join.device_keys.iter().copied())
        .execute(&mut tx.on)
        .await?;
    let mut is_new = n_rows > 0;
    let own: BTreeSet<i64> = new.iter().filter_map(|(ticket, _)| *ticket).collect();
    for number in own {
        is_new |= join_ticket(tx, join, number).await?;
    }
    is_new |= add_devices(tx, join, new.into_iter().map(|(_, device)| device)).await?;
    if let (true, Some(incident)) = (is_new, load(&mut tx.on, join.incident).await?) {
        escalations::reckon(tx, &incident).await?;
    }
    Ok(is_new)
}

async fn join_ticket(tx: &mut Tx, join: &JoinIncident, number: i64) -> Result<bool, StoreError> {
    let present = load(&mut tx.on, number).await?;
    let can_join = present.as_ref().is_some_and(|present| {
        let ticket = &present.ticket;
        ticket.state != State::Closed
            && ticket.incident.is_none()
            && ticket.incident_check.is_none()
    });
    if can_join {
        let event = Event::JoinedIncident {
            incident: join.incident,
        };
        happen(tx, number, present, &event, &join.by, join.at).await?;
    }
    Ok(can_join)
}

/// An incident is about more devices than a ticket names: those that are too many are in its alerts.
async fn add_devices(
    tx: &mut Tx,
    join: &JoinIncident,
    devices: impl Iterator<Item = String>,
) -> Result<bool, StoreError> {
    let mut present = load(&mut tx.on, join.incident).await?;
    let mut is_new = false;
    for device in devices {
        let has_room = present.as_ref().is_some_and(|present| {
            let ticket = &present.ticket;
            let is_full = ticket.devices.len() >= MOST_DEVICES || ticket.state == State::Closed;
            !ticket.devices.contains(&device) && !is_full
        });
        if has_room {
            let event = Event::DeviceAdded { device };
            let next = happen(tx, join.incident, present, &event, &join.by, join.at).await?;
            present = Some(next);
            is_new = true;
        }
    }
    Ok(is_new)
}
