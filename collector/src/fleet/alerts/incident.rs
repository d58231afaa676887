//! Alerts that are one incident: what counts, and what is done about it.

use std::collections::HashMap;

use sonde_proto::v1::Status;

use super::super::incidents::{Case, Incident};
use super::{Deed, Fleet, TITLE_BYTES};
use crate::bus::{Bus, Live};
use crate::desk::{MOST_DEVICES, Priority};
use crate::store::devices::Device;
use crate::store::findings::code;
use crate::store::tickets::{JoinIncident, OpenIncident, OpenTicket};
use crate::store::{Store, StoreError};

impl Deed {
    /// No ticket of its own is opened for what is part of an incident.
    pub(super) fn belongs_to(&mut self, found: &[Incident]) {
        if let Self::Raise {
            device_key,
            check,
            opened_by,
            ..
        } = self
        {
            let is_part = |one: &Incident| one.check == *check && one.devices.contains(device_key);
            if found.iter().any(is_part) {
                *opened_by = None;
            }
        }
    }
}

/// What is critical of devices that have settled and are not worked on, as it stands and as it begins now; and how many devices
/// each site has.
pub(super) fn cases(
    fleet: &Fleet<'_>,
    deeds: &[Deed],
    now: i64,
) -> (Vec<Case>, HashMap<i64, usize>) {
    let critical = code(Status::Critical);
    let standing = fleet
        .open
        .iter()
        .filter(|alert| alert.status == critical)
        .map(|alert| (alert.device_key, &alert.check, alert.opened_at));
    let beginning = deeds.iter().filter_map(|deed| match deed {
        Deed::Raise {
            device_key,
            check,
            status: Status::Critical,
            ..
        } => Some((*device_key, check, now)),
        Deed::Raise { .. } | Deed::Clear { .. } => None,
    });
    let cases = standing
        .chain(beginning)
        .filter_map(|(device_key, check, since)| {
            let device = fleet.devices.get(&device_key)?;
            let is_settled =
                now.saturating_sub(device.enrolled_at) >= fleet.of(device_key).settling_us();
            let is_worked_on = fleet
                .silences
                .maintained(device_key, device.site_key)
                .is_some();
            (is_settled && !is_worked_on).then(|| Case {
                check: check.clone(),
                site_key: device.site_key,
                device_key,
                since,
            })
        });
    let mut n_devices = HashMap::new();
    for device in fleet.devices.values() {
        *n_devices.entry(device.site_key).or_default() += 1;
    }
    (cases.collect(), n_devices)
}

/// Opens an incident's ticket if it begins, and makes what its devices have part of it.
pub(super) async fn join(
    store: &Store,
    bus: &Bus,
    devices: &HashMap<i64, Device>,
    incident: Incident,
    now: i64,
) -> Result<(), StoreError> {
    let by = "policy incident".to_owned();
    let number = match incident.ticket {
        Some(number) => number,
        None => {
            let of = incident.devices.iter().filter_map(|key| devices.get(key));
            let of: Vec<&Device> = of.take(MOST_DEVICES).collect();
            let Some(site) = of.first().map(|device| device.site.clone()) else {
                return Ok(());
            };
            let n = incident.devices.len();
            let title = format!("Incident: {} on {n} devices of {site}", incident.check);
            let ticket = OpenTicket {
                title: sonde_proto::text::clean(&title, TITLE_BYTES, false).into_owned(),
                site,
                priority: Priority::High,
                requester: None,
                person: None,
                weight: None,
                devices: of.iter().map(|device| device.id.to_string()).collect(),
                note: None,
                opened_by: by.clone(),
                at: now,
            };
            let check = incident.check.clone();
            tracing::warn!(check.id = check, n_devices = n, "an incident begins");
            store.open_incident(OpenIncident { check, ticket }).await?
        }
    };
    let join = JoinIncident {
        incident: number,
        check: incident.check,
        device_keys: incident.devices,
        by,
        at: now,
    };
    if store.join_incident(join).await? {
        bus.tell(Live::Ticket { number, version: 0 });
    }
    Ok(())
}
