//! Snapshots: facts, findings and recent metrics of a device at a moment, attached to a ticket; with the first one what was
//! measured when, as the ticket's own words say, it happened.

mod window;

pub use window::FrozenWindow;

use prost::Message as _;
use serde_json::{Map, Value, json};
use sonde_proto::v1;

use super::metrics::Wanted;
use super::{COLLECTOR, Columns, DeviceId, Id, Query, Store, StoreError, TimeUs, Tx, tickets};
use crate::desk::Event;
use crate::desk::event::Window;
use crate::digest::hex;
use crate::wording::wording;

/// How far back a snapshot's metrics go: 15 minutes.
pub const SNAPSHOT_METRICS_US: i64 = 15 * 60 * 1_000_000;

/// Owed snapshots that are taken at a time.
const OWED_AT_ONCE: i64 = 20;

/// A snapshot without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub id: Id,
    pub ticket: i64,
    pub device_key: i64,
    pub device: DeviceId,
    pub taken_at: TimeUs,
    /// The device was not connected; it is to be completed.
    pub partial: bool,
}

struct NewSnapshot {
    id: Id,
    ticket: i64,
    device_key: i64,
    partial: bool,
    by: String,
    at: TimeUs,
    body: String,
    window: Option<Window>,
}

const SELECT: &str = "SELECT s.id, s.ticket, s.device_key, d.id, s.taken_at, s.partial";
const FROM: &str = " FROM snapshots s JOIN devices d ON d.device_key = s.device_key WHERE ";

fn read(columns: &mut Columns<'_>) -> Result<Snapshot, StoreError> {
    Ok(Snapshot {
        id: columns.id()?,
        ticket: columns.int()?,
        device_key: columns.int()?,
        device: columns.text()?.parse()?,
        taken_at: columns.int()?,
        partial: columns.truth()?,
    })
}

impl Store {
    /// Freezes what is known of a device and notes it on the ticket.
    ///
    /// # Errors
    /// Not found: the ticket or the device.
    pub async fn take_snapshot(
        &self,
        ticket: i64,
        device_key: i64,
        partial: bool,
        by: &str,
        at: TimeUs,
    ) -> Result<Snapshot, StoreError> {
        let is_first = self.is_owed(ticket, device_key).await?;
        let window = match is_first {
            true => self.freeze_window(ticket, device_key).await?,
            false => None,
        };
        let body = self.snapshot_body(device_key, at).await?;
        let new = NewSnapshot {
            id: Id::random(),
            ticket,
            device_key,
            partial,
            by: by.to_owned(),
            at,
            body: whole(body, window.as_ref()),
            window: window.as_ref().map(FrozenWindow::event),
        };
        self.write(new, |tx, new| Box::pin(keep(tx, new))).await
    }

    /// A device has come back: tickets that are not closed and have only what was known while it was away get another
    /// snapshot beside that, made from what it has reported since.
    ///
    /// # Errors
    /// The store's own.
    pub async fn complete_snapshots(
        &self,
        device_key: i64,
        at: TimeUs,
    ) -> Result<Vec<Snapshot>, StoreError> {
        let mut on = self.reader().await?;
        let waiting = Query::new(
            "SELECT DISTINCT s.ticket FROM snapshots s JOIN tickets t ON t.number = s.ticket \
             WHERE s.device_key = $1 AND s.partial = 1 AND t.state <> 'closed' AND NOT EXISTS (SELECT 1 FROM \
             snapshots w WHERE w.ticket = s.ticket AND w.device_key = s.device_key AND w.partial = 0)",
        )
        .bind(device_key)
        .read(&mut on, |columns| columns.int())
        .await?;
        drop(on);
        if waiting.is_empty() {
            return Ok(Vec::new());
        }
        let body = self.snapshot_body(device_key, at).await?;
        let mut taken = Vec::with_capacity(waiting.len());
        for ticket in &waiting {
            let window = self.freeze_window(*ticket, device_key).await?;
            let new = NewSnapshot {
                id: Id::random(),
                ticket: *ticket,
                device_key,
                partial: false,
                by: COLLECTOR.to_owned(),
                at,
                body: whole(body.clone(), window.as_ref()),
                window: window.as_ref().map(FrozenWindow::event),
            };
            taken.push(self.write(new, |tx, new| Box::pin(keep(tx, new))).await?);
        }
        Ok(taken)
    }

    /// Takes the snapshots of tickets that were opened before `before` and did not get theirs: whoever was to take them
    /// has gone. One that cannot be taken is logged and let go.
    ///
    /// # Errors
    /// The store is unavailable; those that were taken stay.
    pub async fn take_owed_snapshots(
        &self,
        before: TimeUs,
        at: TimeUs,
    ) -> Result<Vec<Snapshot>, StoreError> {
        let mut on = self.reader().await?;
        let owed = Query::new(
            "SELECT s.ticket, s.device_key, d.connected_at FROM snapshots_due s \
             JOIN devices d ON d.device_key = s.device_key WHERE s.at < $1 ORDER BY s.at LIMIT $2",
        )
        .bind(before)
        .bind(OWED_AT_ONCE)
        .read(&mut on, |columns| {
            Ok((columns.int()?, columns.int()?, columns.opt_int()?.is_none()))
        })
        .await?;
        drop(on);
        let mut all = Vec::with_capacity(owed.len());
        for (ticket, device_key, is_away) in owed {
            let taken = self.take_snapshot(ticket, device_key, is_away, COLLECTOR, at);
            match taken.await {
                Ok(taken) => all.push(taken),
                Err(error) if error.is_unavailable() => return Err(error),
                Err(error) => {
                    tracing::warn!(ticket.number = ticket, device.key = device_key, %error, "a snapshot cannot be taken");
                    self.write((ticket, device_key), |tx, (ticket, device_key)| {
                        Box::pin(settle(tx, *ticket, *device_key))
                    })
                    .await?;
                }
            }
        }
        Ok(all)
    }

    /// A page of a ticket's snapshots, oldest first: those after the one named.
    ///
    /// # Errors
    /// The store's own.
    pub async fn snapshots(
        &self,
        ticket: i64,
        after: Option<Id>,
        most: u32,
    ) -> Result<Vec<Snapshot>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT)
            .push(FROM)
            .push("s.ticket = ")
            .arg(ticket);
        if let Some(after) = after {
            query = query
                .push(" AND (s.taken_at, s.id) > (SELECT taken_at, id FROM snapshots WHERE id = ")
                .arg(after)
                .push(")");
        }
        query
            .push(" ORDER BY s.taken_at, s.id LIMIT ")
            .arg(most)
            .read(&mut on, read)
            .await
    }

    /// One snapshot with its content as JSON.
    ///
    /// # Errors
    /// The store's own.
    pub async fn snapshot(&self, id: Id) -> Result<Option<(Snapshot, String)>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .push(", s.body")
            .push(FROM)
            .push("s.id = ")
            .arg(id)
            .read_optional(&mut on, |columns| Ok((read(columns)?, columns.text()?)))
            .await
    }

    async fn snapshot_body(&self, device_key: i64, at: TimeUs) -> Result<Value, StoreError> {
        let mut tables = Map::new();
        for state in self.fact_states(device_key).await? {
            let Some(table) = self.facts(device_key, &state.table).await? else {
                continue;
            };
            let rows = table.rows.into_iter().map(|values| v1::Row { values });
            let rows = v1::JobRows {
                rows: rows.collect(),
                ..v1::JobRows::default()
            };
            let declared = v1::TableDeclaration {
                name: state.table.clone(),
                columns: table.columns,
                ..v1::TableDeclaration::default()
            };
            let content = json!({
                "changed_at_us": state.changed_at,
                "unavailable": state.unavailable,
                // As they travelled, so that they can be shown as any table is.
                "declaration": hex(&declared.encode_to_vec()),
                "rows": hex(&rows.encode_to_vec()),
            });
            tables.insert(state.table, content);
        }
        let findings: Vec<Value> = self
            .findings(device_key)
            .await?
            .into_iter()
            .map(|row| {
                json!({
                    "since_us": row.since,
                    // As it travelled, so that it can be rendered in any language.
                    "encoded": hex(&row.finding.encode_to_vec()),
                })
            })
            .collect();
        let wanted = Wanted {
            from: at - SNAPSHOT_METRICS_US,
            to: at + 1,
            ..Wanted::default()
        };
        let metrics: Vec<Value> = self
            .read_metrics(device_key, &wanted)
            .await?
            .into_iter()
            .map(|one| {
                json!({
                    "name": one.series.series.name,
                    "labels": one.series.series.labels,
                    "unit": one.series.series.unit,
                    "scale": one.series.series.scale,
                    // Microseconds and scaled integers.
                    "samples": one.samples,
                })
            })
            .collect();
        Ok(json!({
            "at_us": at,
            "tables": tables,
            "findings": findings,
            "metrics": metrics,
        }))
    }
}

/// As it is kept.
fn whole(mut body: Value, window: Option<&FrozenWindow>) -> String {
    body["window"] = json!(window);
    body.to_string()
}

/// A ticket was opened about these devices: each is to be frozen, and is until that is done.
pub(super) async fn owe(
    tx: &mut Tx,
    ticket: i64,
    devices: &[String],
    at: TimeUs,
) -> Result<(), StoreError> {
    for device in devices {
        Query::new(
            "INSERT INTO snapshots_due (ticket, device_key, at) SELECT $1, device_key, $2 FROM devices WHERE id = $3",
        )
        .bind(ticket)
        .bind(at)
        .bind(device)
        .execute(&mut tx.on)
        .await?;
    }
    Ok(())
}

/// What was owed is there, or never will be.
async fn settle(tx: &mut Tx, ticket: i64, device_key: i64) -> Result<(), StoreError> {
    Query::new("DELETE FROM snapshots_due WHERE ticket = $1 AND device_key = $2")
        .bind(ticket)
        .bind(device_key)
        .execute(&mut tx.on)
        .await?;
    Ok(())
}

async fn keep(tx: &mut Tx, new: &NewSnapshot) -> Result<Snapshot, StoreError> {
    let present = tickets::load(&mut tx.on, new.ticket)
        .await?
        .ok_or(StoreError::not_found(wording!("ticket")))?;
    let device = Query::new("SELECT id FROM devices WHERE device_key = $1")
        .bind(new.device_key)
        .read_optional(&mut tx.on, |columns| columns.text())
        .await?
        .ok_or(StoreError::not_found(wording!("device")))?;
    Query::new(
        "INSERT INTO snapshots (id, ticket, device_key, taken_at, partial, body) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.id)
    .bind(new.ticket)
    .bind(new.device_key)
    .bind(new.at)
    .bind(new.partial)
    .bind(&new.body)
    .execute(&mut tx.on)
    .await?;
    settle(tx, new.ticket, new.device_key).await?;
    let event = Event::SnapshotTaken {
        snapshot: new.id.to_string(),
        device: device.clone(),
        partial: new.partial,
        window: new.window.clone(),
    };
    tickets::happen(tx, new.ticket, Some(present), &event, &new.by, new.at).await?;
    Ok(Snapshot {
        id: new.id,
        ticket: new.ticket,
        device_key: new.device_key,
        device: device.parse()?,
        taken_at: new.at,
        partial: new.partial,
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HOUR_US, NOW, device, on_both, slow};
    use super::*;

    async fn ticket(store: &Store, devices: Vec<String>) -> i64 {
        let ticket = slow(devices);
        store.open_ticket(ticket).await.unwrap().number
    }

    async fn taken(store: &Store, ticket: i64) -> Vec<(TimeUs, bool)> {
        let snapshots = store.snapshots(ticket, None, 9).await.unwrap();
        snapshots
            .iter()
            .map(|snapshot| (snapshot.taken_at, snapshot.partial))
            .collect()
    }

    #[tokio::test]
    async fn a_ticket_that_nobody_took_snapshots_for_gets_them() {
        on_both(|store| async move {
            let (id, key) = device(&store, "pc").await;
            let (other, _) = device(&store, "other").await;
            let number = ticket(&store, vec![id.to_string(), other.to_string()]).await;
            store
                .take_snapshot(number, key, false, "ann", NOW)
                .await
                .unwrap();
            assert_eq!(store.take_owed_snapshots(NOW, NOW).await.unwrap().len(), 0);
            assert_eq!(
                store
                    .take_owed_snapshots(NOW + 1, NOW + 1)
                    .await
                    .unwrap()
                    .len(),
                1
            );
            let expected = [(NOW, false), (NOW + 1, true)];
            assert_eq!(taken(&store, number).await, expected);
            assert_eq!(
                store
                    .take_owed_snapshots(NOW + 1, NOW + 2)
                    .await
                    .unwrap()
                    .len(),
                0
            );
        })
        .await;
    }

    #[tokio::test]
    async fn a_device_that_is_back_gets_another_snapshot_beside_the_partial_one() {
        on_both(|store| async move {
            let (id, key) = device(&store, "pc").await;
            let number = ticket(&store, vec![id.to_string()]).await;
            assert_eq!(store.complete_snapshots(key, NOW).await.unwrap().len(), 0);
            store
                .take_snapshot(number, key, true, "ann", NOW)
                .await
                .unwrap();
            let back = NOW + HOUR_US;
            assert_eq!(store.complete_snapshots(key, back).await.unwrap().len(), 1);
            assert_eq!(
                store.complete_snapshots(key, back + 1).await.unwrap().len(),
                0
            );
            assert_eq!(taken(&store, number).await, [(NOW, true), (back, false)]);
        })
        .await;
    }
}
