//! What the collector says, and what it makes of this agent.

use sonde_proto::v1::{self, from_agent, restricted::To, to_agent};

use super::connection::FromCollector;
use super::reports::Collected;
use super::{Driver, DriverError, Due, REPORT_LEAST_US};
use crate::session::{BootUs, Input};
use crate::spool::Kind;
use crate::status::Status;
use crate::trust::is_usable;
use crate::{clock, facts, identity};

impl Driver {
    pub(super) fn hear(&mut self, message: FromCollector) -> Result<(), DriverError> {
        // What it says of the time is held against a clock whose jumps are known.
        let boot_us = self.look()?.boot_us;
        if let FromCollector::Message(_) = &message {
            self.standing.heard_us = Some(clock::now().wall_us);
        }
        match message {
            FromCollector::Ended(reason) => {
                tracing::info!(reason, "the session ended");
                self.connection = None;
                self.standing.connected_since_us = None;
                self.standing.trouble = Some(reason);
                self.session.handle(boot_us, Input::Disconnected);
            }
            FromCollector::Message(message) if self.says_too_much(&message) => {
                tracing::warn!(
                    "a collector whose certificate is not valid now may only tell the time"
                );
                self.connection = None;
                self.session.handle(boot_us, Input::Disconnected);
            }
            FromCollector::Message(message) => match message.body {
                Some(to_agent::Body::Welcome(welcome)) => self.welcomed(welcome, boot_us)?,
                Some(to_agent::Body::Schedule(schedule)) => self.govern(&schedule, boot_us)?,
                Some(to_agent::Body::WantDeclarations(want)) => {
                    for declared in Collected::declared(&want.ids) {
                        if !self.send(from_agent::Body::Declared(declared)) {
                            break;
                        }
                    }
                }
                Some(to_agent::Body::Answer(answer)) => {
                    self.correct(answer.collector_time_us);
                    for rejected in &answer.rejected {
                        if self.state.spool.kind(rejected.seq) == Some(Kind::Findings) {
                            self.findings_lost();
                        }
                        self.standing.n_rejected += 1;
                        self.standing.rejected = Some(rejected.reason.clone());
                        tracing::warn!(
                            seq = rejected.seq,
                            reason = rejected.reason,
                            "the collector refused a report"
                        );
                    }
                    self.session.handle(boot_us, Input::Answered(answer));
                }
                Some(to_agent::Body::WantTable(want)) => {
                    let table = facts::find(&want.table).ok();
                    // What is read on demand takes an order.
                    let table = table.filter(|table| !table.every.is_zero() && self.may_read());
                    if let Some(table) = table {
                        self.read_table(table, true);
                    }
                }
                Some(to_agent::Body::Work(work)) => self.ordered(&work.order)?,
                Some(to_agent::Body::Cancel(cancel)) => self.cancel(&cancel.order_id)?,
                Some(to_agent::Body::Renewed(renewed)) => self.renewed(&renewed, boot_us)?,
                Some(to_agent::Body::Probe(probe)) => {
                    self.send(from_agent::Body::Probed(v1::Probed { nonce: probe.nonce }));
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
                Some(to_agent::Body::OpenChannel(open)) => self.open_channel(&open),
                Some(to_agent::Body::Help(help)) => self.user_is_answered(help)?,
                Some(to_agent::Body::AskConsent(asked)) => self.ask_consent(asked)?,
                // From a newer collector.
                None => {}
            },
        }
        Ok(())
    }

    /// How this agent is.
    pub(super) fn status(&self) -> Status {
        let connected = self.connection.is_some();
        Status {
            device_id: self.state.identity.device_id.clone(),
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
            collector: self.state.identity.collector.clone(),
            proxy: self.connector.collector(&self.state.identity).proxy,
            addresses: self.state.identity.addresses.clone(),
            connected_since_us: self.standing.connected_since_us.filter(|_| connected),
            trouble: self.standing.trouble.clone(),
            heard_us: self.standing.heard_us,
            clock_offset_us: -self.correction.offset_us(),
            n_pending: self.session.n_pending(),
            spool_percent: self.state.spool.taken_percent(),
            n_rejected: self.standing.n_rejected,
            rejected: self.standing.rejected.clone(),
            n_jobs: self.jobs.running().len(),
            certificate_not_after_us: self.state.identity.not_after_us,
            fallback: self
                .state
                .fallback
                .as_ref()
                .map(|home| home.display().to_string()),
        }
    }

    /// It may tell the time and nothing else, and says something else.
    fn says_too_much(&self, message: &v1::ToAgent) -> bool {
        let connection = self.connection.as_ref();
        !tells_time(message) && connection.is_some_and(|connection| connection.is_time_only())
    }

    fn welcomed(&mut self, welcome: v1::Welcome, boot_us: BootUs) -> Result<(), DriverError> {
        self.correct(welcome.collector_time_us);
        tracing::info!(device.id = welcome.device_id, "connected");
        self.standing.connected_since_us = Some(clock::now().wall_us);
        self.standing.trouble = None;
        if welcome.report_every_us > 0 {
            self.schedule.set(
                Due::Sample,
                welcome.report_every_us.max(REPORT_LEAST_US),
                boot_us,
            );
        }
        self.govern(&welcome.schedule.clone().unwrap_or_default(), boot_us)?;
        self.session.handle(boot_us, Input::Welcomed(welcome));
        self.heard();
        Ok(())
    }

    fn correct(&mut self, collector_time_us: i64) {
        let offset_us = collector_time_us.saturating_sub(clock::now().wall_us);
        self.correction.set(offset_us);
        self.host.set_clock_ahead(self.correction.told_us());
    }

    fn renewed(&mut self, renewed: &v1::Renewed, boot_us: BootUs) -> Result<(), DriverError> {
        let key = self.new_key.take();
        let offered = key.filter(|_| !renewed.certificate.is_empty());
        let taken = offered
            .map(|key| self.state.identity.renewed(key, renewed))
            .filter(|identity| is_usable(identity, &self.correction));
        let accepted = taken.is_some();
        match taken {
            Some(identity) => {
                self.state.identity = identity;
                self.state.identity_file.write(&self.state.identity)?;
                self.renewal_told = false;
                tracing::info!("the certificate was renewed");
            }
            None => tracing::warn!(reason = renewed.reason, "the certificate was not renewed"),
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
                // The spool first: an installation never goes on under the numbers of another.
                self.rename_spool(self.state.spool.next_seq())?;
                self.state.identity.installation_id = identity::random::<16>()?.to_vec();
                self.state.identity_file.write(&self.state.identity)?;
                self.session.handle(boot_us, Input::Hinted { after_us: 0 });
            }
            To::Unspecified => {}
        }
        Ok(())
    }
}

fn tells_time(message: &v1::ToAgent) -> bool {
    match &message.body {
        Some(to_agent::Body::Restricted(restricted)) => restricted.to() == To::Time,
        Some(_) | None => false,
    }
}

#[test]
fn a_restriction_to_the_time_is_all_that_tells_it() {
    let restricted = |to: To| {
        to_agent::Body::Restricted(v1::Restricted {
            to: to.into(),
            collector_time_us: 1,
        })
    };
    let tells = |body| tells_time(&v1::ToAgent { body: Some(body) });
    assert!(tells(restricted(To::Time)));
    // Each of them has a time in it as well.
    assert!(!tells(restricted(To::Renewal)));
    assert!(!tells(restricted(To::NewInstallation)));
    assert!(!tells(to_agent::Body::Welcome(v1::Welcome::default())));
    assert!(!tells(to_agent::Body::Answer(v1::Answer::default())));
    assert!(!tells(to_agent::Body::Work(v1::OrderedWork::default())));
}
