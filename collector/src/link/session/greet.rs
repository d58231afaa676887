//! A session's first and last words with the store and the device.

use sonde_proto::v1::{self, Hello, to_agent};
use tonic::Status;

use super::begin::id;
use super::{Id, Session, body, digest, enrol, settle};
use crate::bus::Live;
use crate::clock::now_us;
use crate::link::intake::tidy;
use crate::store::TimeUs;
use crate::store::devices::{Connected, MachineNames};

impl Session {
    /// Records the connection and welcomes the device; declarations that are missing are asked for first.
    pub(super) async fn greet(&mut self, hello: Hello, now: TimeUs) -> Result<(), Status> {
        self.asking.asks_consent = hello.asks_consent;
        let declaration_ids = hello
            .declaration_ids
            .iter()
            .map(|bytes| id(bytes, "declaration_id"))
            .collect::<Result<Vec<Id>, _>>()?;
        let store = self.link.store.clone();
        let fail = enrol::store_status;
        let unknown = self.recognise(&declaration_ids).await?;
        let told = settle::told(
            &hello,
            self.device_key,
            self.installation,
            self.intake.spools(),
        );
        self.missing = store.missing_jobs(&told).await.map_err(fail)?;
        let machine = enrol::cleaned(hello.machine.unwrap_or_default());
        let connected = Connected {
            device_key: self.device_key,
            installation_id: self.installation,
            boot_id: tidy(&hello.boot_id).into_owned(),
            agent_version: tidy(&hello.agent_version).into_owned(),
            hostname: machine.hostname,
            names: MachineNames {
                os: machine.os,
                serial: machine.serial,
                board_serial: machine.board_serial,
                machine_id: machine.machine_id,
                macs: machine.mac_addresses,
            },
            clock_offset_us: self.intake.anchor().offset_us(),
            spki: self.certificate.spki,
            declaration_ids: declaration_ids
                .into_iter()
                .filter(|id| !unknown.contains(id))
                .collect(),
            at: now,
        };
        let waited = store.device_connected(connected).await.map_err(fail)?;
        for (number, version) in waited {
            self.link.bus.tell(Live::Ticket { number, version });
        }
        if !unknown.is_empty() {
            self.wanted = unknown.iter().copied().collect();
            let ids = unknown.iter().map(|id| id.0.to_vec().into()).collect();
            self.say(body(to_agent::Body::WantDeclarations(
                v1::WantDeclarations { ids },
            )))
            .await?;
        }
        let schedule = self.schedule();
        self.schedule = digest(&schedule);
        let welcome = self.welcome(schedule, now).await?;
        self.say(body(to_agent::Body::Welcome(welcome))).await?;
        tracing::info!(device.id = %self.device_id, conflict = self.in_conflict, "a device is connected");
        self.link.bus.tell(Live::Device {
            device_key: self.device_key,
        });
        self.hand_out().await?;
        self.fetch_held().await?;
        self.link.registry.looks.afresh(self.device_key);
        self.open_live().await
    }

    /// Takes the tables among the declarations that are known; gives the ids that are not.
    async fn recognise(&mut self, ids: &[Id]) -> Result<Vec<Id>, Status> {
        let fail = enrol::store_status;
        let mut strange = Vec::new();
        for id in ids {
            match self.link.declared.known(*id) {
                Some(Some(table)) => self.intake.declare(*id, table),
                Some(None) => {}
                None => strange.push(*id),
            }
        }
        if strange.is_empty() {
            return Ok(strange);
        }
        let store = self.link.store.clone();
        let unknown = store.unknown_declarations(&strange).await.map_err(fail)?;
        for id in strange.iter().filter(|id| !unknown.contains(id)) {
            if let Some(body) = store.declaration(*id).await.map_err(fail)?
                && let Some(table) = self.link.declared.remember(*id, &body)
            {
                self.intake.declare(*id, table);
            }
        }
        Ok(unknown)
    }

    async fn welcome(&self, schedule: v1::Schedule, now: TimeUs) -> Result<v1::Welcome, Status> {
        let mut accounts = Vec::new();
        for (spool_id, _) in self.intake.spools() {
            let ranges = self
                .link
                .store
                .spool_ranges(self.device_key, *spool_id)
                .await
                .map_err(enrol::store_status)?;
            accounts.push(account(
                ranges
                    .iter()
                    .map(|range| (range.first as u64, range.last as u64)),
                sonde_proto::caps::RANGES / self.intake.spools().len(),
            ));
        }
        Ok(v1::Welcome {
            device_id: self.device_id.as_str().to_owned(),
            collector_time_us: now,
            accounts,
            report_every_us: self.link.settings.report_every.as_micros() as i64,
            session_us: spread(
                self.link.settings.session.as_micros() as i64,
                self.handle.session,
            ),
            schedule: Some(schedule),
            takes_said: true,
        })
    }

    pub(super) async fn left(&self, connected_at: TimeUs) {
        match self
            .link
            .store
            .device_disconnected(self.device_key, connected_at, now_us())
            .await
        {
            Ok(()) => tracing::info!(device.id = %self.device_id, "a device is gone"),
            Err(error) => {
                tracing::warn!(device.id = %self.device_id, %error, "cannot record that a device is gone")
            }
        }
        self.link.bus.tell(Live::Device {
            device_key: self.device_key,
        });
    }
}

/// The first `most` ranges of one spool, whatever became of their numbers, neighbours merged.
fn account(ranges: impl Iterator<Item = (u64, u64)>, most: usize) -> v1::SpoolAccount {
    let mut accounted: Vec<v1::SeqRange> = Vec::new();
    for (first, last) in ranges {
        match accounted.last_mut() {
            Some(before) if before.last.checked_add(1) == Some(first) => before.last = last,
            Some(_) | None => accounted.push(v1::SeqRange { first, last }),
        }
    }
    let last_seq = accounted.last().map_or(0, |range| range.last);
    let more = accounted.len() > most;
    accounted.truncate(most);
    v1::SpoolAccount {
        accounted,
        last_seq,
        more,
    }
}

/// Sessions that began together end apart: up to a tenth earlier.
fn spread(session_us: i64, session: u64) -> i64 {
    session_us - session_us / 1000 * (session.wrapping_mul(37) % 100) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_account_does_not_tell_how_numbers_fared() {
        let ranges = [(1, 3), (4, 4), (6, 9)];
        let shown = |most| {
            let account = account(ranges.into_iter(), most);
            let ranges: Vec<_> = account
                .accounted
                .iter()
                .map(|range| (range.first, range.last))
                .collect();
            (ranges, account.last_seq, account.more)
        };
        assert_eq!(shown(2), (vec![(1, 4), (6, 9)], 9, false));
        assert_eq!(shown(1), (vec![(1, 4)], 9, true));
    }

    #[test]
    fn sessions_end_apart_but_not_too_early() {
        let day = 86_400_000_000;
        let ends: HashSet<i64> = (0..100).map(|session| spread(day, session)).collect();
        assert_eq!(ends.len(), 100);
        assert!(ends.iter().all(|end| (day * 9 / 10..=day).contains(end)));
    }
}
