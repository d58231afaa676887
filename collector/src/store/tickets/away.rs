//! Tickets that wait for a device: only for one that is away, and no longer than it is.

use crate::desk::{Event, State, WaitingFor};

use super::super::{Query, StoreError, TimeUs, Tx};
use super::timeline::{self, Happened};
use super::{MOST_DEVICES, NumberedTicket, happen, load};
use crate::wording::wording;

/// Whoever says that a device is back.
const ACTOR: &str = "collector";

/// Whether a ticket waits for a device from this event on.
pub(super) fn is_waited_for(event: &Event) -> bool {
    let device = Some(WaitingFor::Device);
    matches!(event, Event::StateChanged { to: State::Waiting, waiting_for, .. } if *waiting_for == device)
}

/// Keeps since when the devices of a ticket that is to wait for one are away.
///
/// # Errors
/// Refused: none is.
pub(super) async fn prove(
    tx: &mut Tx,
    present: NumberedTicket,
    actor: &str,
    at: TimeUs,
) -> Result<NumberedTicket, StoreError> {
    let away = Query::new(
        "SELECT d.id, d.last_seen FROM ticket_devices t JOIN devices d ON d.device_key = t.device_key \
         WHERE t.ticket = $1 AND d.connected_at IS NULL ORDER BY t.position",
    )
    .bind(present.number)
    .read(&mut tx.on, |columns| {
        Ok(Event::DeviceAway {
            device: columns.text()?,
            seen_at: columns.int()?,
        })
    })
    .await?;
    if away.is_empty() {
        let why = match present.ticket.devices.is_empty() {
            true => wording!("the ticket is about no device"),
            false => {
                wording!("its devices are connected: a ticket waits for a device that is away")
            }
        };
        return Err(StoreError::refused("waiting_for", why));
    }
    let mut present = present;
    for event in away {
        present = happen(tx, present.number, Some(present), &event, actor, at).await?;
    }
    Ok(present)
}

/// Opens the tickets that have waited for a device which is back. Gives their numbers and versions.
pub(in super::super) async fn back(
    tx: &mut Tx,
    device_key: i64,
    at: TimeUs,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let waiting = Query::new(
        "SELECT t.number, d.id, d.hostname FROM ticket_devices h JOIN tickets t ON t.number = h.ticket \
         JOIN devices d ON d.device_key = h.device_key WHERE h.device_key = $1 AND t.state = $2 AND t.waiting_for = $3 \
         ORDER BY t.number",
    )
    .bind(device_key)
    .bind(State::Waiting.as_str())
    .bind(WaitingFor::Device.as_str())
    .read(&mut tx.on, |columns| {
        Ok((columns.int()?, columns.text()?, columns.text()?))
    })
    .await?;
    let mut opened = Vec::new();
    for (number, device, hostname) in waiting {
        if !is_awaited(tx, number, &device).await? {
            continue;
        }
        let event = Event::StateChanged {
            to: State::Open,
            waiting_for: None,
            reason: Some(format!("{hostname} is connected again")),
            confirmation: None,
        };
        let present = load(&mut tx.on, number).await?;
        let ticket = happen(tx, number, present, &event, ACTOR, at).await?;
        opened.push((number, ticket.ticket.version));
    }
    Ok(opened)
}

/// Whether it was away when its ticket began to wait: that stands right before the change of state.
async fn is_awaited(tx: &mut Tx, number: i64, device: &str) -> Result<bool, StoreError> {
    let changed = Query::new(
        "SELECT COALESCE(MAX(number), 0) FROM ticket_events WHERE ticket = $1 AND kind = 'state_changed'",
    )
    .bind(number)
    .read_optional(&mut tx.on, |columns| columns.int())
    .await?
    .unwrap_or_default();
    let before = (changed - 1 - MOST_DEVICES as i64).max(0);
    let events = timeline::events(&mut tx.on, number, before, changed - 1 - before).await?;
    let mut proofs = events
        .iter()
        .rev()
        .map_while(|happened| match &happened.event {
            Happened::Known(Event::DeviceAway { device, .. }) => Some(device),
            Happened::Known(_) | Happened::Unknown { .. } => None,
        });
    Ok(proofs.any(|away| away == device))
}

#[cfg(test)]
mod tests {
    use super::super::super::devices::{Connected, MachineNames};
    use super::super::super::testing::{NOW, device, on_both, slow};
    use super::super::super::{Id, Store};
    use super::super::TicketChange;
    use super::*;

    async fn connect(store: &Store, device_key: i64, at: TimeUs) -> Vec<(i64, i64)> {
        let connected = Connected {
            device_key,
            installation_id: Id([3; 16]),
            boot_id: "b".into(),
            agent_version: "0.1.0".into(),
            hostname: "pc".into(),
            names: MachineNames::default(),
            clock_offset_us: 0,
            spki: [7; 32],
            declaration_ids: vec![],
            at,
        };
        store.device_connected(connected).await.unwrap()
    }

    async fn wait(store: &Store, number: i64, at: TimeUs) -> Result<NumberedTicket, StoreError> {
        let change = TicketChange {
            number,
            event: Event::StateChanged {
                to: State::Waiting,
                waiting_for: Some(WaitingFor::Device),
                reason: None,
                confirmation: None,
            },
            actor: "ann".into(),
            expected_version: None,
            at,
        };
        Ok(store.change_ticket(change).await?.ticket)
    }

    #[tokio::test]
    async fn a_ticket_waits_for_a_device_that_is_away_and_until_it_is_back() {
        on_both(|store| async move {
            let (pc, key) = device(&store, "pc").await;
            let (other, other_key) = device(&store, "other").await;
            let nothing = store.open_ticket(slow(vec![])).await.unwrap().number;
            let refused = |why| Err(StoreError::refused("waiting_for", why));
            assert_eq!(
                wait(&store, nothing, NOW).await,
                refused(wording!("the ticket is about no device"))
            );
            let opened = slow(vec![pc.to_string(), other.to_string()]);
            let number = store.open_ticket(opened).await.unwrap().number;
            assert_eq!(connect(&store, key, NOW).await, []);
            assert_eq!(connect(&store, other_key, NOW).await, []);
            assert_eq!(
                wait(&store, number, NOW).await,
                refused(wording!(
                    "its devices are connected: a ticket waits for a device that is away"
                ))
            );
            store.device_disconnected(key, NOW, NOW + 5).await.unwrap();
            wait(&store, number, NOW + 9).await.unwrap();
            let timeline = store.timeline(number, 0, 100).await.unwrap();
            let [.., proof, _] = &timeline[..] else {
                panic!("{timeline:?}")
            };
            let expected = Event::DeviceAway {
                device: pc.to_string(),
                seen_at: NOW + 5,
            };
            assert_eq!(proof.event, Happened::Known(expected));

            // The one that was there all along is not waited for.
            assert_eq!(connect(&store, other_key, NOW + 10).await, []);
            let version = timeline.len() as i64;
            assert_eq!(
                connect(&store, key, NOW + 20).await,
                [(number, version + 1)]
            );
            let ticket = store.ticket(number).await.unwrap().unwrap().ticket;
            assert_eq!((ticket.state, ticket.state_since), (State::Open, NOW + 20));
            assert_eq!(connect(&store, key, NOW + 30).await, []);
        })
        .await;
    }
}
