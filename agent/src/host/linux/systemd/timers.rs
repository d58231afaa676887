//! Timers: when they ran, when they run next, and what they start.

use std::collections::HashMap;

use zbus::OwnedVariant;

use super::{on_bus, properties, text, units};
use crate::host::{Host, Timer, Unavailable};

/// Timers that are asked for details.
const MOST: usize = 256;

pub(in crate::host) fn timers(host: &Host) -> Result<Vec<Timer>, Unavailable> {
    // What counts from the start on counts on the clock that stands still in sleep.
    let clock = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let since_boot_us = host.now_us() - (clock.tv_sec * 1_000_000 + clock.tv_nsec / 1000);
    on_bus(host, async |bus| {
        let mut timers = Vec::new();
        for (unit, _, _, active, _, _, path, ..) in
            units(&bus, &[], &["*.timer"]).await?.into_iter().take(MOST)
        {
            let own = properties(&bus, &path, "Timer").await?;
            timers.push(Timer {
                unit,
                is_active: active == "active",
                starts: text(&own, "Unit").unwrap_or_default(),
                last_us: moment(&own, "LastTriggerUSec"),
                next_us: moment(&own, "NextElapseUSecRealtime")
                    .or_else(|| Some(since_boot_us + moment(&own, "NextElapseUSecMonotonic")?)),
                result: text(&own, "Result"),
            });
        }
        timers.sort_unstable_by(|a, b| a.unit.cmp(&b.unit));
        Ok(timers)
    })
}

/// Microseconds since 1970 UTC. 0 and the largest number of all say that there is none.
fn moment(properties: &HashMap<String, OwnedVariant>, name: &str) -> Option<i64> {
    let us = properties
        .get(name)
        .and_then(|value| u64::try_from(value).ok());
    us.and_then(|us| i64::try_from(us).ok())
        .filter(|us| *us > 0)
}
