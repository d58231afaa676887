//! The lights of all devices: many are told together.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::Event;
use serde_json::json;
use tokio::sync::broadcast::error::TryRecvError;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::super::caller::Viewer;
use super::super::devices::light_name;
use super::super::{AppState, Problem, time};
use super::{Begin, Listener, Said, Topic, event};
use crate::store::devices::Device;

/// Lights of many devices are told together, so often at most.
const TOLD_EVERY: Duration = Duration::from_millis(500);
/// Devices of which one event tells.
const AT_ONCE: usize = 500;

/// The lights of devices that are not removed, and the ids of those that are.
pub(super) fn told(devices: &[&Device]) -> Event {
    let (there, removed): (Vec<&Device>, Vec<&Device>) = devices
        .iter()
        .partition(|device| device.removed_at.is_none());
    let light = |device: &&Device| {
        json!({
            "device": device.id.to_string(),
            "connected": device.connected_at.is_some(),
            "last_seen": time::shown(device.last_seen),
            "status": device.worst_status.map(light_name),
        })
    };
    let data = json!({
        "items": there.iter().map(light).collect::<Vec<_>>(),
        "removed": removed.iter().map(|device| device.id.to_string()).collect::<Vec<_>>(),
    });
    event("lights", &data)
}

impl Listener {
    /// What has changed meanwhile is told with the lights that wait.
    pub(super) fn gather(&mut self) {
        while self.waiting.len() < AT_ONCE {
            match self.changes.try_recv() {
                Ok(told) => self.hear(told),
                Err(TryRecvError::Lagged(_)) => self.waiting.push_back((Said::Resync, None)),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        let (mut keys, mut last) = (BTreeSet::new(), None);
        while let Some((Said::Lights(some), id)) = self
            .waiting
            .pop_front_if(|(said, _)| matches!(said, Said::Lights(_)))
        {
            keys.extend(some);
            last = id.or(last);
        }
        let lights = Said::Lights(keys.into_iter().collect());
        self.waiting.push_front((lights, last));
    }
}

/// However late a tick is taken, the next comes that long after it.
pub(super) fn pace() -> Interval {
    let mut interval = interval(TOLD_EVERY);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

pub(super) async fn of_devices(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let begin = Begin::new(&state, &headers);
    let topic = (Topic::Devices, Said::Listening);
    Ok(begin.stream(state, caller, topic, None))
}
