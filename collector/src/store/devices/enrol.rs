//! Becoming a device, and whom it may continue.

use std::collections::BTreeSet;

use super::super::work::JobChange;
use super::super::{
    DeviceId, Id, Query, Store, StoreError, TimeUs, Tx, audit, insert_rows, persons, tickets,
    tokens,
};
use super::CodeKey;
use crate::wording::wording;

/// A device that has not been heard of for so long counts as silent, microseconds: one hour.
const SILENT_US: i64 = 3_600 * 1_000_000;
/// Addresses kept of a device.
pub const MOST_ADDRESSES: usize = 32;

/// What the link has verified of an enrolment.
#[derive(Debug, Clone)]
pub struct EnrolDevice {
    /// SHA-256 of the token's secret.
    pub token_secret_hash: [u8; 32],
    /// Made for this enrolment.
    pub device_id: DeviceId,
    pub hostname: String,
    pub os: String,
    pub installation_id: Id,
    pub serial: String,
    pub board_serial: String,
    pub machine_id: String,
    /// Lower-case hexadecimal with colons.
    pub macs: Vec<String>,
    pub spki_sha256: [u8; 32],
    pub certificate_not_after: TimeUs,
    pub agent_version: String,
    pub code_key: CodeKey,
    pub at: TimeUs,
}

/// A device that has come into being.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    pub device_key: i64,
    /// A silent device that this one may be; a person joins them or not.
    pub proposed_predecessor: Option<Predecessor>,
}

/// A silent device with the same serial number, board or address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predecessor {
    pub device_key: i64,
    pub id: String,
    pub hostname: String,
}

impl Store {
    /// Uses the token and makes the device, in one transaction.
    ///
    /// # Errors
    /// Refused, field `token`: unknown, revoked, expired, used up. Conflict: the id is there.
    pub async fn enrol_device(&self, enrolment: EnrolDevice) -> Result<Enrolled, StoreError> {
        self.write(enrolment, |tx, enrolment| Box::pin(enrol(tx, enrolment)))
            .await
    }

    /// A person says that `successor` is the machine that `predecessor` was: the latter is removed, as any device is,
    /// and its tickets that are not closed are about the former from then on. Gives how the latter's jobs ended.
    ///
    /// # Errors
    /// Not found: either of them. Refused: they are the same, or the predecessor is connected.
    pub async fn join_device(
        &self,
        successor: &DeviceId,
        predecessor: &DeviceId,
        by: &str,
        at: TimeUs,
    ) -> Result<Vec<JobChange>, StoreError> {
        self.write(
            (successor.clone(), predecessor.clone(), by.to_owned(), at),
            |tx, (successor, predecessor, by, at)| {
                Box::pin(async move {
                    let jobs = join(tx, successor, predecessor, by, *at).await?;
                    let detail = format!("it continues {predecessor}");
                    audit::note(tx, by, "device.join", successor, &detail, *at).await?;
                    Ok(jobs)
                })
            },
        )
        .await
    }

    /// A person says that the proposed predecessor is another machine.
    ///
    /// # Errors
    /// Not found: the device.
    pub async fn decline_predecessor(
        &self,
        device: &DeviceId,
        by: &str,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        self.write(
            (device.clone(), by.to_owned(), at),
            |tx, (device, by, at)| {
                Box::pin(async move {
                    let n_rows =
                        Query::new("UPDATE devices SET proposed_predecessor = NULL WHERE id = $1")
                            .bind(device)
                            .execute(&mut tx.on)
                            .await?;
                    super::found(n_rows)?;
                    audit::note(tx, by, "device.join", device, "it continues none", *at).await
                })
            },
        )
        .await
    }
}

async fn enrol(tx: &mut Tx, e: &EnrolDevice) -> Result<Enrolled, StoreError> {
    let token = tokens::use_token(tx, &e.token_secret_hash, e.at).await?;
    let predecessor = silent_match(tx, e, token.site_key).await?;
    let device_key = Query::new(
        "INSERT INTO devices (id, site_key, hostname, os, serial, board_serial, machine_id, agent_version, \
         installation_id, spki, certificate_not_after, enrolled_at, last_seen, proposed_predecessor, code_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14) RETURNING device_key",
    )
    .bind(&e.device_id)
    .bind(token.site_key)
    .bind(&e.hostname)
    .bind(&e.os)
    .bind(&e.serial)
    .bind(&e.board_serial)
    .bind(&e.machine_id)
    .bind(&e.agent_version)
    .bind(e.installation_id)
    .bind(&e.spki_sha256[..])
    .bind(e.certificate_not_after)
    .bind(e.at)
    .bind(predecessor.as_ref().map(|device| device.device_key))
    .bind(&e.code_key.0[..])
    .read_optional(&mut tx.on, |columns| columns.int())
    .await?
    .ok_or_else(|| StoreError::Broken("no key was given".into()))?;
    has_addresses(tx, device_key, &e.macs).await?;
    Ok(Enrolled {
        device_key,
        proposed_predecessor: predecessor,
    })
}

/// The machine has these addresses and no others; none: it cannot tell.
pub(super) async fn has_addresses(
    tx: &mut Tx,
    device_key: i64,
    macs: &[String],
) -> Result<(), StoreError> {
    let now: BTreeSet<&str> = macs
        .iter()
        .take(MOST_ADDRESSES)
        .map(String::as_str)
        .collect();
    let known = Query::new("SELECT mac FROM device_addresses WHERE device_key = $1 ORDER BY mac")
        .bind(device_key)
        .read(&mut tx.on, |columns| columns.text())
        .await?;
    if now.is_empty() || known.iter().map(String::as_str).eq(now.iter().copied()) {
        return Ok(());
    }
    Query::new("DELETE FROM device_addresses WHERE device_key = $1")
        .bind(device_key)
        .execute(&mut tx.on)
        .await?;
    let rows = now
        .into_iter()
        .map(|mac| vec![mac.into(), device_key.into()]);
    let head = "INSERT INTO device_addresses (mac, device_key) VALUES ";
    insert_rows(&mut tx.on, head, rows.collect(), "").await?;
    Ok(())
}

/// The serial number tells most, then the board, then an address.
async fn silent_match(
    tx: &mut Tx,
    e: &EnrolDevice,
    site_key: i64,
) -> Result<Option<Predecessor>, StoreError> {
    let query = Query::new(
        "SELECT d.device_key, d.id, d.hostname FROM devices d WHERE d.connected_at IS NULL AND d.last_seen < ",
    )
    .arg(e.at - SILENT_US)
    .push(" AND d.removed_at IS NULL AND d.twin_of IS NULL AND d.site_key = ")
    .arg(site_key)
    .push(" AND ((d.serial <> '' AND d.serial = ")
    .arg(&e.serial)
    .push(") OR (d.board_serial <> '' AND d.board_serial = ")
    .arg(&e.board_serial)
    .push(") OR d.device_key IN (SELECT a.device_key FROM device_addresses a WHERE a.mac IN ")
    .list(e.macs.iter().take(MOST_ADDRESSES).map(String::as_str))
    .push(")) ORDER BY CASE WHEN d.serial <> '' AND d.serial = ")
    .arg(&e.serial)
    .push(" THEN 0 WHEN d.board_serial <> '' AND d.board_serial = ")
    .arg(&e.board_serial)
    .push(" THEN 1 ELSE 2 END, d.last_seen DESC LIMIT 1");
    query
        .read_optional(&mut tx.on, |columns| {
            Ok(Predecessor {
                device_key: columns.int()?,
                id: columns.text()?,
                hostname: columns.text()?,
            })
        })
        .await
}

async fn join(
    tx: &mut Tx,
    successor: &DeviceId,
    predecessor: &DeviceId,
    by: &str,
    at: TimeUs,
) -> Result<Vec<JobChange>, StoreError> {
    let found = Query::new("SELECT device_key, connected_at FROM devices WHERE id = $1")
        .bind(predecessor)
        .read_optional(&mut tx.on, |columns| {
            Ok((columns.int()?, columns.opt_int()?))
        })
        .await?;
    let Some((predecessor_key, connected_at)) = found else {
        return Err(StoreError::not_found(wording!("device")));
    };
    if successor == predecessor {
        return Err(StoreError::refused(
            "predecessor",
            wording!("it is the device itself"),
        ));
    }
    if connected_at.is_some() {
        return Err(StoreError::refused(
            "predecessor",
            wording!("it is connected, and two machines cannot be one"),
        ));
    }
    let n_rows = Query::new(
        "UPDATE devices SET predecessor = $1, proposed_predecessor = NULL WHERE id = $2 AND removed_at IS NULL",
    )
    .bind(predecessor_key)
    .bind(successor)
    .execute(&mut tx.on)
    .await?;
    super::found(n_rows)?;
    Query::new("UPDATE devices SET removed_at = COALESCE(removed_at, $1) WHERE device_key = $2")
        .bind(at)
        .bind(predecessor_key)
        .execute(&mut tx.on)
        .await?;
    let jobs = super::leave(tx, predecessor_key, by, at).await?;
    tickets::hand_on(tx, predecessor, successor, by, at).await?;
    persons::hand_on(tx, predecessor, successor).await?;
    Ok(jobs)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{
        HOUR_US, NOW, ask_writer, device, enrolment, on_both, slow, token,
    };
    use super::super::super::tickets::TicketChange;
    use super::super::super::work::{JobState, NewOrder, Origin};
    use super::super::{Connected, MachineNames};
    use super::*;
    use crate::desk::{Event, State};

    #[tokio::test]
    async fn a_token_is_good_for_its_uses_and_its_time() {
        on_both(|store| async move {
            let (_, secret) = token(&store, 1, NOW + HOUR_US).await;
            let refused = |reason: &str, remedy: &str| {
                let refused = StoreError::refused("token", wording!("{}", reason));
                Err(refused.remedy(wording!("{}", remedy)))
            };
            let wrong = EnrolDevice {
                token_secret_hash: [9; 32],
                ..enrolment(secret, "a")
            };
            assert_eq!(
                store.enrol_device(wrong).await,
                refused("it is not known here", "make a new one on this collector")
            );
            let late = EnrolDevice {
                at: NOW + HOUR_US,
                ..enrolment(secret, "a")
            };
            assert_eq!(
                store.enrol_device(late).await,
                refused("it has expired", "make a new one")
            );
            assert!(store.enrol_device(enrolment(secret, "a")).await.is_ok());
            assert_eq!(
                store.enrol_device(enrolment(secret, "b")).await,
                refused("it is used up", "make a new one")
            );
            let (id, secret) = token(&store, 1, NOW + HOUR_US).await;
            store.revoke_token(id, "root", NOW).await.unwrap();
            assert_eq!(
                store.enrol_device(enrolment(secret, "b")).await,
                refused("it was revoked", "make a new one")
            );
        })
        .await;
    }

    #[tokio::test]
    async fn a_silent_device_with_the_same_serial_is_proposed_and_a_person_joins_them() {
        on_both(|store| async move {
            let (_, secret) = token(&store, 9, NOW + 9 * HOUR_US).await;
            let with_serial = |name: &str, at| EnrolDevice {
                serial: "S-1".into(),
                at,
                ..enrolment(secret, name)
            };
            let first = with_serial("first", NOW);
            store.enrol_device(first.clone()).await.unwrap();
            let soon = store
                .enrol_device(with_serial("soon", NOW + 1))
                .await
                .unwrap();
            assert_eq!(soon.proposed_predecessor, None);
            let second = with_serial("second", NOW + 2 * HOUR_US);
            let later = store.enrol_device(second.clone()).await.unwrap();
            let proposed = later.proposed_predecessor.unwrap();
            assert_eq!(proposed.hostname, "soon");
            store
                .join_device(&second.device_id, &first.device_id, "ann", NOW)
                .await
                .unwrap();
            let joined = store.device(&second.device_id).await.unwrap().unwrap();
            assert_eq!(joined.predecessor, Some(first.device_id.to_string()));
            let gone = store.admission(&first.device_id).await.unwrap().unwrap();
            assert!(gone.removed);
            let itself = store
                .join_device(&second.device_id, &second.device_id, "ann", NOW)
                .await;
            assert_eq!(
                itself,
                Err(StoreError::refused(
                    "predecessor",
                    wording!("it is the device itself")
                ))
            );
        })
        .await;
    }

    #[tokio::test]
    async fn a_machine_is_told_by_what_it_said_last() {
        on_both(|store| async move {
            let (id, key) = device(&store, "pc").await;
            let connects = async |serial: &str, macs: &[&str]| {
                let connected = Connected {
                    device_key: key,
                    installation_id: Id([3; 16]),
                    boot_id: "b".into(),
                    agent_version: "0.1.0".into(),
                    hostname: "pc".into(),
                    names: MachineNames {
                        os: "Debian 13".into(),
                        serial: serial.into(),
                        macs: macs.iter().map(|mac| (*mac).to_owned()).collect(),
                        ..MachineNames::default()
                    },
                    clock_offset_us: 0,
                    spki: [7; 32],
                    declaration_ids: vec![],
                    at: NOW,
                };
                store.device_connected(connected).await.unwrap();
            };
            connects("S-1", &["aa", "bb"]).await;
            connects("", &["bb", "cc"]).await;
            connects("", &[]).await;
            let known = store.device(&id).await.unwrap().unwrap();
            assert_eq!((&*known.os, &*known.serial), ("Debian 13", "S-1"));
            let mut macs = Vec::new();
            for which in ["MIN", "MAX"] {
                let text = format!("SELECT {which}(mac) FROM device_addresses");
                macs.push(ask_writer(&store, text.leak()).await.unwrap());
            }
            assert_eq!(macs, ["bb", "cc"]);
        })
        .await;
    }

    #[tokio::test]
    async fn who_is_continued_leaves_its_tickets_and_nothing_else_open() {
        on_both(|store| async move {
            let (before, before_key) = device(&store, "before").await;
            let (after, _) = device(&store, "after").await;
            let ticket = slow(vec![before.to_string()]);
            let open = store.open_ticket(ticket.clone()).await.unwrap().number;
            let closed = store.open_ticket(ticket).await.unwrap().number;
            for to in [State::Proposed, State::Resolved, State::Closed] {
                let change = TicketChange {
                    number: closed,
                    event: Event::StateChanged {
                        to,
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
            let own = NewOrder {
                id: Id::random(),
                device_key: before_key,
                origin: Origin::Ticket(open),
                kind: "checks",
                title: "disk.space".into(),
                request: "{}".into(),
                consent: None,
                asset: None,
                requested_by: "ann".into(),
                issued_at: NOW,
                expires_at: NOW + HOUR_US,
                bound: None,
            };
            store.submit_orders(vec![own.clone()]).await.unwrap();
            let twin = store.device_in_conflict(before_key, Id([9; 16]), NOW).await;
            let jobs = store
                .join_device(&after, &before, "ann", NOW)
                .await
                .unwrap();
            let ended: Vec<_> = jobs.iter().map(|job| (job.id, job.state)).collect();
            assert_eq!(ended, [(own.id, JobState::Cancelled)]);
            let twin = store.device_by_key(twin.unwrap()).await.unwrap().unwrap();
            assert!(twin.removed_at.is_some());
            let devices = async |number| {
                let ticket = store.ticket(number).await.unwrap().unwrap();
                ticket.ticket.devices
            };
            assert_eq!(devices(open).await, [after.to_string()]);
            assert_eq!(devices(closed).await, [before.to_string()]);
        })
        .await;
    }
}
