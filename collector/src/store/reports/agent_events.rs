//! What devices tell of themselves: starts, jumps of their clocks, sleep.

use prost::Message as _;
use sonde_proto::v1;

use super::super::{Query, Store, StoreError, TimeUs};

/// An event as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentEventRow {
    pub event_key: i64,
    /// On the collector's clock.
    pub at: TimeUs,
    /// On the device's.
    pub reported_at: TimeUs,
    pub boot_id: String,
    pub event: v1::AgentEvent,
}

impl Store {
    /// A device's events, the newest first; `before`: only those that came before the one with this key.
    ///
    /// # Errors
    /// The store's own.
    pub async fn agent_events(
        &self,
        device_key: i64,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<AgentEventRow>, StoreError> {
        let mut on = self.reader().await?;
        let rows = Query::new(
            "SELECT event_key, at, reported_at, boot_id, body FROM agent_events \
             WHERE device_key = $1 AND event_key < $2 ORDER BY event_key DESC LIMIT $3",
        )
        .bind(device_key)
        .bind(before.unwrap_or(i64::MAX))
        .bind(most)
        .read(&mut on, |columns| {
            Ok((
                columns.int()?,
                columns.int()?,
                columns.int()?,
                columns.text()?,
                columns.bytes()?,
            ))
        })
        .await?;
        rows.into_iter()
            .map(|(event_key, at, reported_at, boot_id, body)| {
                let event = v1::AgentEvent::decode(&body[..])
                    .map_err(|error| StoreError::Broken(error.to_string()))?;
                Ok(AgentEventRow {
                    event_key,
                    at,
                    reported_at,
                    boot_id,
                    event,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Id;
    use super::super::super::testing::{NOW, device, on_both};
    use super::super::{Body, NewOutcome, NewReport};
    use super::*;
    use sonde_proto::v1::agent_event::Event;

    #[tokio::test]
    async fn a_devices_events_are_read_from_the_newest_on() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let slept = |seq: u64| v1::AgentEvent {
                event: Some(Event::Resumed(v1::Resumed {
                    asleep_us: seq as i64,
                })),
            };
            let reports = (1..=5).map(|seq| NewReport {
                device_key: key,
                spool_id: Id([1; 16]),
                seq,
                reported_at: NOW - 5,
                corrected_at: NOW + seq as i64,
                boot_id: "b".into(),
                outcome: NewOutcome::Committed(Body::Event(slept(seq))),
            });
            store.record_reports(reports.collect()).await.unwrap();
            let first = store.agent_events(key, None, 2).await.unwrap();
            let rest = store
                .agent_events(key, Some(first[1].event_key), 9)
                .await
                .unwrap();
            let all: Vec<_> = [first, rest].concat();
            let told: Vec<_> = all
                .iter()
                .map(|row| (row.at - NOW, row.event.clone()))
                .collect();
            let expected: Vec<_> = (1..=5).rev().map(|seq| (seq as i64, slept(seq))).collect();
            assert_eq!(told, expected);
        })
        .await;
    }
}
