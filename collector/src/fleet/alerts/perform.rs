//! What was judged of alerts is done: raised with their tickets, or cleared.

use std::collections::HashMap;

use futures::future::join_all;

use super::super::catalogue::Catalogue;
use super::{Deed, TITLE_BYTES};
use crate::bus::{Bus, Live};
use crate::desk::Priority;
use crate::store::alerts::Raise;
use crate::store::devices::Device;
use crate::store::tickets::OpenTicket;
use crate::store::{Store, StoreError};

/// Alerts that are kept at a time.
const KEPT_TOGETHER: usize = 128;

/// Does all of it; what fails is judged again in the next round.
pub(super) async fn all(
    store: &Store,
    bus: &Bus,
    devices: &HashMap<i64, Device>,
    catalogue: &Catalogue,
    deeds: Vec<Deed>,
    now: i64,
) {
    let mut deeds = deeds.into_iter();
    loop {
        // The writer keeps together what comes together.
        let some = deeds.by_ref().take(KEPT_TOGETHER);
        let kept = some.map(|deed| perform(store, bus, devices, catalogue, deed, now));
        let kept = join_all(kept).await;
        if kept.is_empty() {
            return;
        }
        for error in kept.into_iter().filter_map(Result::err) {
            tracing::warn!(%error, "an alert is not kept");
        }
    }
}

async fn perform(
    store: &Store,
    bus: &Bus,
    devices: &HashMap<i64, Device>,
    catalogue: &Catalogue,
    deed: Deed,
    now: i64,
) -> Result<(), StoreError> {
    let device_key = match deed {
        Deed::Clear {
            device_key,
            check,
            subject,
        } => {
            let cleared = store.clear_alert(device_key, &check, &subject, now).await?;
            tracing::info!(check.id = check, "an alert is over");
            if let Some(number) = cleared.and_then(|cleared| cleared.solved) {
                bus.tell(Live::Ticket { number, version: 0 });
            }
            device_key
        }
        Deed::Raise {
            device_key,
            check,
            subject,
            status,
            message,
            opened_by,
        } => {
            let raise = Raise {
                device_key,
                check: check.clone(),
                subject: subject.clone(),
                status,
                at: now,
            };
            let ticket = devices.get(&device_key).zip(opened_by).map(|(device, by)| {
                let said = catalogue.says(device_key, &check, &message);
                ticket(device, &format!("{check} {subject}"), said, by, now)
            });
            let by = ticket.as_ref().map(|ticket| ticket.opened_by.clone());
            let raised = store.raise_alert(raise, ticket).await?;
            tracing::info!(check.id = check, "an alert is raised");
            if let (Some(number), Some(by)) = (raised.ticket, by) {
                bus.tell(Live::Ticket { number, version: 0 });
                if raised.is_new_ticket {
                    let is_away = devices
                        .get(&device_key)
                        .is_none_or(|device| device.connected_at.is_none());
                    store
                        .take_snapshot(number, device_key, is_away, &by, now)
                        .await?;
                }
            }
            device_key
        }
    };
    bus.tell(Live::Device { device_key });
    Ok(())
}

/// What a policy opens for a finding of the check and subject `of`, which says `said`.
fn ticket(device: &Device, of: &str, said: Option<String>, by: String, now: i64) -> OpenTicket {
    let title = match said {
        Some(said) => format!("{}: {said} ({})", device.hostname, of.trim_end()),
        None => format!("{}: {}", device.hostname, of.trim_end()),
    };
    OpenTicket {
        title: sonde_proto::text::clean(&title, TITLE_BYTES, false).into_owned(),
        site: device.site.clone(),
        priority: Priority::High,
        requester: None,
        person: None,
        weight: None,
        devices: vec![device.id.to_string()],
        note: None,
        opened_by: by,
        at: now,
    }
}
