//! What the session wants done.

use sonde_proto::caps;
use sonde_proto::v1::{self, from_agent};

use super::connection::{Connection, Failure};
use super::reports::Encoded;
use super::{Done, Driver, DriverError, unless_it_breaks};
use crate::session::{Input, Output};
use crate::spool::Kind;
use crate::{clock, identity};

impl Driver {
    pub(super) fn connected(&mut self, connection: Connection) -> Result<(), DriverError> {
        let address = connection.address().to_owned();
        let time_only = connection.is_time_only();
        self.connection = Some(connection);
        self.session.handle(self.seen.boot_us, Input::Connected);
        if time_only {
            self.send(from_agent::Body::AskTime(v1::AskTime {}));
            return Ok(());
        }
        // Through a proxy nothing is known of where it was.
        if !address.is_empty() && self.state.identity.reached_at(&address) {
            self.state.identity_file.write(&self.state.identity)?;
            let collector = self.connector.collector(&self.state.identity);
            self.host.set_collector(collector);
        }
        let hello = self.hello();
        self.send(from_agent::Body::Hello(hello));
        Ok(())
    }

    fn hello(&self) -> v1::Hello {
        v1::Hello {
            installation_id: self.state.identity.installation_id.clone().into(),
            machine: Some(crate::machine::describe(&self.host)),
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
            boot_id: self.collected.boot_id().to_owned(),
            clock: Some(clock::now().into()),
            declaration_ids: self.collected.declaration_ids(),
            spools: self.state.spool.head().spools.clone(),
            next_seq: self.state.spool.next_seq(),
            running_orders: self.jobs.running(),
            asks_consent: cfg!(target_os = "linux"),
        }
    }

    /// What cannot be sent will be sent in the next session; a full queue is a dead link. False: it is one.
    pub(super) fn send(&mut self, body: from_agent::Body) -> bool {
        let sent = self
            .connection
            .as_ref()
            .is_some_and(|connection| connection.send(body));
        if !sent {
            self.connection = None;
            self.session.handle(self.seen.boot_us, Input::Disconnected);
        }
        sent
    }

    pub(super) fn perform(&mut self, output: Output) -> Result<(), DriverError> {
        match output {
            Output::Connect => {
                let dial = self.connector.dial(&self.state.identity)?;
                self.tasks.spawn(async move {
                    let dialled = unless_it_breaks(dial, |why| Err(Failure::Broke(why)));
                    Done::Dialled(Box::new(dialled.await))
                });
            }
            Output::Disconnect => self.connection = None,
            Output::Send(seq) => {
                match self
                    .collected
                    .encode(seq, &mut self.state.spool, self.connection.as_mut())?
                {
                    Encoded::Said(bodies) => {
                        for body in bodies {
                            if !self.send(body) {
                                break;
                            }
                        }
                    }
                    Encoded::Gone => {
                        if self.state.spool.kind(seq) == Some(Kind::Findings) {
                            self.findings_lost();
                        }
                        self.session
                            .handle(self.seen.boot_us, Input::Thinned(vec![seq]));
                    }
                    Encoded::SessionFull => {
                        self.connection = None;
                        self.session.handle(self.seen.boot_us, Input::Disconnected);
                    }
                }
            }
            Output::Thin(ranges) => {
                for ranges in ranges.chunks(caps::RANGES) {
                    let ranges = ranges.to_vec();
                    if !self.send(from_agent::Body::Thinned(v1::Thinned { ranges })) {
                        break;
                    }
                }
            }
            Output::Release(range) => {
                for seq in self.collected.kept(&self.state.spool, range) {
                    self.state.spool.release(seq)?;
                }
            }
            Output::Rename { first_seq } => {
                tracing::warn!(
                    "the state folder went back in time: its reports go on under a new spool"
                );
                self.rename_spool(first_seq)?;
            }
            Output::Renew => {
                let (key, request) = identity::renewal(&self.state.identity)?;
                self.new_key = Some(key);
                self.send(from_agent::Body::Renew(request));
            }
        }
        Ok(())
    }

    /// Numbers from `first_seq` on belong to a spool of a new name.
    pub(super) fn rename_spool(&mut self, first_seq: u64) -> Result<(), DriverError> {
        self.state.spool.rename(identity::random()?, first_seq)?;
        self.session.renumber(self.state.spool.first_seqs());
        Ok(())
    }
}
