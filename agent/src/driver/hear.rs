//! What the collector says, and what it makes of this agent.

use sonde_proto::v1::{self, from_agent, restricted::To, to_agent};

use super::connection::FromCollector;
use super::{Driver, DriverError, Due, REPORT_LEAST_US};
use crate::session::{BootUs, Input};
use crate::{clock, facts, identity};

impl Driver {
    pub(super) fn hear(&mut self, message: FromCollector) -> Result<(), DriverError> {
        let boot_us = clock::now().boot_us;
        match message {
            FromCollector::Ended(reason) => {
                tracing::info!(reason, "the session ended");
                self.connection = None;
                self.session.handle(boot_us, Input::Disconnected);
            }
            FromCollector::Message(message) => match message.body {
                Some(to_agent::Body::Welcome(welcome)) => self.welcomed(welcome, boot_us),
                Some(to_agent::Body::WantDeclarations(want)) => {
                    let bodies = self.collected.declarations(&want.ids);
                    self.send(from_agent::Body::Declared(v1::Declared { bodies }));
                }
                Some(to_agent::Body::Answer(answer)) => {
                    self.correct(answer.collector_time_us);
                    for rejected in &answer.rejected {
                        tracing::warn!(
                            seq = rejected.seq,
                            reason = rejected.reason,
                            "the collector refused a report"
                        );
                    }
                    self.session.handle(boot_us, Input::Answered(answer));
                }
                Some(to_agent::Body::WantTable(want)) => {
                    if let Ok(table) = facts::find(&want.table) {
                        self.read_table(table, true);
                    }
                }
                Some(to_agent::Body::Work(work)) => self.ordered(&work.order)?,
                Some(to_agent::Body::Cancel(cancel)) => self.cancel(&cancel.order_id)?,
                Some(to_agent::Body::Renewed(renewed)) => self.renewed(&renewed, boot_us)?,
                Some(to_agent::Body::Probe(probe)) => {
                    self.send(from_agent::Body::Probed(v1::Probed { nonce: probe.nonce }))
                }
                Some(to_agent::Body::Hint(hint)) => {
                    tracing::info!(
                        reason = hint.reason,
                        "the collector asks to come back later"
                    );
                    self.session.handle(
                        boot_us,
                        Input::Hinted {
                            after_us: hint.reconnect_after_us,
                        },
                    );
                }
                Some(to_agent::Body::Restricted(restricted)) => {
                    self.restricted(restricted, boot_us)?
                }
                // From a newer collector, or a channel that no order of ours needs.
                Some(to_agent::Body::OpenChannel(_)) | None => {}
            },
        }
        Ok(())
    }

    fn welcomed(&mut self, welcome: v1::Welcome, boot_us: BootUs) {
        self.correct(welcome.collector_time_us);
        tracing::info!(device.id = welcome.device_id, "connected");
        if welcome.report_every_us > 0 {
            self.schedule.set(
                Due::Sample,
                welcome.report_every_us.max(REPORT_LEAST_US),
                boot_us,
            );
        }
        self.session.handle(boot_us, Input::Welcomed(welcome));
    }

    fn correct(&mut self, collector_time_us: i64) {
        self.correction
            .set(collector_time_us - clock::now().wall_us);
    }

    fn renewed(&mut self, renewed: &v1::Renewed, boot_us: BootUs) -> Result<(), DriverError> {
        let accepted = !renewed.certificate.is_empty();
        match self.new_key.take() {
            Some(key) if accepted => {
                self.state.identity = self.state.identity.renewed(key, renewed);
                self.state.identity_file.write(&self.state.identity)?;
                self.renewal_told = false;
                tracing::info!("the certificate was renewed");
            }
            Some(_) | None => {
                tracing::warn!(reason = renewed.reason, "the certificate was not renewed")
            }
        }
        self.session.handle(boot_us, Input::Renewed { accepted });
        Ok(())
    }

    fn restricted(
        &mut self,
        restricted: v1::Restricted,
        boot_us: BootUs,
    ) -> Result<(), DriverError> {
        match restricted.to() {
            To::Renewal => {
                self.correct(restricted.collector_time_us);
                self.session.handle(boot_us, Input::Restricted);
            }
            To::Time => {
                self.correct(restricted.collector_time_us);
                tracing::warn!(
                    offset_us = self.correction.offset_us(),
                    "the clock of this device is wrong; going on with the collector's"
                );
                self.connection = None;
                self.session.handle(boot_us, Input::Disconnected);
            }
            To::NewInstallation => {
                tracing::warn!(
                    "another machine answers under this installation: this is a new one from now on"
                );
                self.state.identity.installation_id = identity::random::<16>()?.to_vec();
                self.state.identity_file.write(&self.state.identity)?;
                let first_seq = self.state.spool.next_seq();
                self.state.spool.rename(identity::random()?, first_seq)?;
                self.session.spool_renamed(first_seq);
                self.session.handle(boot_us, Input::Hinted { after_us: 0 });
            }
            To::Unspecified => {}
        }
        Ok(())
    }
}
