//! Findings and events on their way to the collector; findings again where it did not get them.

use sonde_proto::v1;

use super::{Driver, DriverError, TELL_AGAIN_US, watch};
use crate::changes::in_parts;
use crate::session::BootUs;
use crate::spool::Kind;

impl Driver {
    /// The collector did not get some of them.
    pub(super) fn findings_lost(&mut self) {
        self.tell_again_at
            .get_or_insert(self.seen.boot_us + TELL_AGAIN_US);
    }

    /// Tells all findings once more, some time after some of them were thinned, dropped or rejected.
    pub(super) fn tell_again(&mut self, now: BootUs) -> Result<(), DriverError> {
        let lost = self.state.spool.take_lost();
        if lost.findings {
            self.findings_lost();
        }
        if lost.facts {
            self.collected.doubt_tables();
        }
        if self.tell_again_at.is_some_and(|at| at <= now) {
            self.tell_again_at = None;
            let whole = self.watch.whole_again();
            self.report_findings(whole)?;
            self.state.spool.sync()?;
        }
        Ok(())
    }

    /// What befell the agent, to the collector and on the record.
    pub(super) fn report_event(
        &mut self,
        event: v1::agent_event::Event,
    ) -> Result<(), DriverError> {
        let word = match &event {
            v1::agent_event::Event::Started(_) => "started",
            v1::agent_event::Event::Resumed(_) => "resumed",
            v1::agent_event::Event::ClockJumped(_) => "clock set",
        };
        let at_us = self.corrected_us(self.seen);
        self.record.event(at_us, "agent", String::new(), word);
        let body = v1::report::Body::Event(v1::AgentEvent { event: Some(event) });
        self.collected
            .report(Kind::Event, body, &mut self.state.spool, &mut self.session)?;
        Ok(())
    }

    /// Reports what a run of checks changed. True: there was something; it is not synced yet.
    pub(super) fn checked(&mut self, checked: &mut watch::Checked) -> Result<bool, DriverError> {
        let changes = self.watch.checked(checked, self.seen.wall_us);
        self.report_findings(changes)
    }

    pub(super) fn report_findings(
        &mut self,
        changes: impl IntoIterator<Item = v1::FindingChanges>,
    ) -> Result<bool, DriverError> {
        let mut changed = false;
        for changes in changes.into_iter().flat_map(in_parts) {
            changed = true;
            let now = self.seen;
            let at_us = self.corrected_us(now);
            if self.record.findings(at_us, &changes) {
                self.record.processes(&self.host, now, at_us);
            }
            let body = v1::report::Body::Findings(changes);
            self.collected.report(
                Kind::Findings,
                body,
                &mut self.state.spool,
                &mut self.session,
            )?;
        }
        Ok(changed)
    }
}
