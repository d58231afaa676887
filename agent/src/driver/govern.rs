//! What the collector's policies make of the checks of this device, and what the device's own makes of all of it.

use std::collections::HashSet;

use sonde_proto::v1;

use super::{Driver, DriverError, Due};
use crate::actions::Class;
use crate::checks::{self, Check, Overrides};
use crate::plugins;
use crate::session::BootUs;

/// No check runs more often, whatever a policy says: ten seconds.
const CHECK_LEAST_US: i64 = 10_000_000;

/// A plugin is a program of others.
fn least_us(check: &Check) -> i64 {
    match check.plugin() {
        Some(_) => plugins::LEAST_EVERY.as_micros() as i64,
        None => CHECK_LEAST_US,
    }
}

impl Driver {
    /// What runs by itself only reads; the device's own policy may forbid that as well.
    pub(super) fn may_read(&self) -> bool {
        self.jobs.policy().permits_class(Class::Read, None).is_ok()
    }

    /// Checks run as often as `schedule` says, judge by its limits and try its targets; what it does not name is as declared. What this
    /// agent does not know is of a newer one, and left.
    pub(super) fn govern(
        &mut self,
        schedule: &v1::Schedule,
        boot_us: BootUs,
    ) -> Result<(), DriverError> {
        let mut overrides = Overrides::default();
        for set in &schedule.checks {
            for limit in &set.limits {
                if let Err(error) = overrides.set(&set.check, &limit.name, limit.value) {
                    tracing::info!(%error, "a policy sets what this agent does not have");
                }
            }
            if !set.targets.is_empty()
                && let Err(error) = overrides.set_targets(&set.check, &set.targets)
            {
                tracing::info!(%error, "a policy names targets that this agent does not try");
            }
        }
        let mut silenced = HashSet::new();
        for (at, check) in checks::all().iter().enumerate() {
            let set = schedule.checks.iter().find(|set| set.check == check.id);
            let every_us = match set.and_then(|set| set.every_us) {
                // It is looked for when a ticket's order names it, and by no policy.
                _ if check.takes_asset() => 0,
                None => check.every.as_micros() as i64,
                Some(0) => {
                    silenced.insert(check.id);
                    0
                }
                Some(every_us) => every_us.max(least_us(check)),
            };
            self.schedule.set(Due::Check(at), every_us, boot_us);
        }
        let gone = self.watch.govern(overrides, silenced, self.seen.wall_us);
        self.report_findings(gone)?;
        Ok(())
    }
}
