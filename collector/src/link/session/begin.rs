//! How a session begins: who it is, whether it is admitted, whether another machine has the same key.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use sonde_proto::declaration::Pieces;
use sonde_proto::v1::{self, Hello, Restricted, from_agent, restricted::To, to_agent};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tonic::Status;

use super::{
    Command, DeviceCertificate, Digest, Ending, Handle, Id, Inbound, Intake, Link, Outbound,
    Session, body, digest, enrol, renewal,
};
use crate::bus::Live;
use crate::clock::now_us;
use crate::link::intake::tidy;
use crate::store::devices::{Admission, Connected};
use crate::store::{DeviceId, TimeUs};

/// The first message comes within this.
const HELLO: Duration = Duration::from_secs(10);
/// A machine that answers within this is there.
const PROBE: Duration = Duration::from_secs(5);
const REMOVED: &str = "this device was removed";
/// How often a session begins to be told apart from others that come at the same time.
const TURNS: usize = 8;
/// An expired certificate may be renewed for so long.
const RENEWABLE_US: i64 = 400 * 86_400_000_000;

/// Holds a session with whoever showed `certificate`. A status is what the device is told at the end.
pub(in super::super) async fn run(
    link: Link,
    certificate: Arc<DeviceCertificate>,
    mut inbound: Inbound,
    outbound: Outbound,
) -> Result<(), Status> {
    let Some(hello) = first(&mut inbound, &outbound).await? else {
        return Ok(());
    };
    let device_id: DeviceId = certificate
        .device_id
        .parse()
        .map_err(|_| Status::permission_denied("the certificate names no device"))?;
    let installation = id(&hello.installation_id, "installation_id")?;
    let mut admission = admitted(&link, &device_id, &certificate, installation).await?;
    if certificate.not_after_us < now_us() {
        return renewal::restricted(&link, &certificate, &admission, inbound, &outbound).await;
    }
    let mut turns = 0..TURNS;
    let (device_key, in_conflict, handle, commands) = loop {
        if turns.next().is_none() || outbound.is_closed() {
            return Err(Status::unavailable(
                "too many machines come with this key at once",
            ));
        }
        let Some(rivals) = meet(&link, admission.device_key, installation, &outbound).await? else {
            return Ok(());
        };
        if !rivals.is_empty() {
            // What the others have told of themselves meanwhile is in the store.
            admission = admitted(&link, &device_id, &certificate, installation).await?;
        }
        let apart = tell_apart(&link, &admission, installation, &rivals).await?;
        let rivals: Vec<u64> = rivals.iter().map(|rival| rival.session).collect();
        let added = link.registry.add(
            admission.device_key,
            apart.kept_under,
            installation,
            &rivals,
        );
        // Another one may have come while this one was told apart.
        if let Some((handle, commands)) = added {
            break (apart.kept_under, apart.in_conflict, handle, commands);
        }
    };
    let _leaving = Leaving {
        link: link.clone(),
        handle: handle.clone(),
    };
    let now = now_us();
    let intake = Intake::new(device_key, &hello, now)
        .map_err(|wrong| Status::invalid_argument(wrong.to_string()))?;
    let mut session = Session {
        link,
        certificate,
        device_id,
        device_key,
        installation,
        handle,
        intake,
        outbound,
        handed_out: HashSet::new(),
        cancelled: HashSet::new(),
        in_conflict,
        probes: Vec::new(),
        snapshots_due: true,
        wanted: HashSet::new(),
        pieces: Pieces::default(),
        fetching: HashSet::new(),
        site: admission.site,
        schedule: Digest::default(),
    };
    let handle = session.handle.clone();
    let whole = async {
        Box::pin(session.greet(hello, now)).await?;
        session.talk(inbound, commands).await
    };
    let talked = tokio::select! {
        biased;
        () = handle.is_removed() => Err(removed()),
        talked = whole => talked,
    };
    session.left(now).await;
    talked
}

/// Whether the device may open a session with this certificate, as the store has it now.
async fn admitted(
    link: &Link,
    device_id: &DeviceId,
    certificate: &DeviceCertificate,
    installation: Id,
) -> Result<Admission, Status> {
    let admission = link.store.admission(device_id).await;
    let admission = admission
        .map_err(enrol::store_status)?
        .ok_or_else(|| Status::permission_denied("this device is not known here; enrol it"))?;
    admit(&admission, certificate, installation)?;
    Ok(admission)
}

/// Takes a session out of the registry, however it ends.
struct Leaving {
    link: Link,
    handle: Handle,
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.link.registry.remove(&self.handle);
    }
}

/// The hello; `None` when the time was all that was asked for.
async fn first(inbound: &mut Inbound, outbound: &Outbound) -> Result<Option<Hello>, Status> {
    let late = |_| Status::deadline_exceeded("no hello came");
    let message = timeout(HELLO, inbound.message()).await.map_err(late)??;
    match message.and_then(|message| message.body) {
        Some(from_agent::Body::Hello(hello)) => Ok(Some(hello)),
        Some(from_agent::Body::AskTime(_)) => {
            restrict(outbound, To::Time).await?;
            Ok(None)
        }
        Some(_) | None => Err(Status::invalid_argument("a session begins with a hello")),
    }
}

/// Says what the session is limited to.
pub(super) async fn restrict(outbound: &Outbound, to: To) -> Result<(), Status> {
    let restricted = Restricted {
        to: to.into(),
        collector_time_us: now_us(),
    };
    let said = outbound
        .send(Ok(Box::new(body(to_agent::Body::Restricted(restricted)))))
        .await;
    said.map_err(|_| Status::cancelled("the device is gone"))
}

pub(super) fn removed() -> Status {
    Status::permission_denied(REMOVED)
}

fn admit(
    admission: &Admission,
    certificate: &DeviceCertificate,
    installation: Id,
) -> Result<(), Status> {
    let rules = [
        (admission.removed, REMOVED),
        (
            !admission.spki.contains(&certificate.spki),
            "this key was replaced by a newer one; enrol this device again",
        ),
        (
            admission.refused_installations.contains(&installation),
            "this installation was split off; enrol this device again",
        ),
        (
            certificate.not_after_us.saturating_add(RENEWABLE_US) < now_us(),
            "the certificate expired too long ago; enrol this device again",
        ),
    ];
    match rules.into_iter().find(|(applies, _)| *applies) {
        Some((_, reason)) => Err(Status::permission_denied(reason)),
        None => Ok(()),
    }
}

/// Sessions of other machines with this key, which answer. `None`: this is a copy of a machine that is connected, and
/// was told to become an installation of its own.
async fn meet(
    link: &Link,
    device_key: i64,
    installation: Id,
    outbound: &Outbound,
) -> Result<Option<Vec<Handle>>, Status> {
    let mut rivals = Vec::new();
    for other in link.registry.of(device_key) {
        if answers(&other).await {
            if other.installation == installation {
                restrict(outbound, To::NewInstallation).await?;
                return Ok(None);
            }
            rivals.push(other);
        } else {
            link.registry.remove(&other);
            other.tell(Command::End(Ending::Replaced));
        }
    }
    Ok(Some(rivals))
}

/// What a device that says hello is among those that have its key.
struct Apart {
    /// The key under which its reports are kept.
    kept_under: i64,
    in_conflict: bool,
}

async fn tell_apart(
    link: &Link,
    admission: &Admission,
    installation: Id,
    rivals: &[Handle],
) -> Result<Apart, Status> {
    let device_key = admission.device_key;
    let mut apart = Apart {
        kept_under: device_key,
        in_conflict: !rivals.is_empty() || admission.conflict_since.is_some(),
    };
    if !apart.in_conflict {
        return Ok(apart);
    }
    if !rivals.is_empty() {
        tracing::warn!(
            device.key = device_key,
            "several machines have the key of one device"
        );
    }
    for rival in rivals {
        rival.tell(Command::Conflict);
    }
    if installation != admission.installation_id {
        apart.kept_under = link
            .store
            .device_in_conflict(device_key, installation, now_us())
            .await
            .map_err(enrol::store_status)?;
        link.bus.tell(Live::Device { device_key });
    }
    Ok(apart)
}

async fn answers(other: &Handle) -> bool {
    let (sender, receiver) = oneshot::channel();
    other.tell(Command::Probe(sender)) && matches!(timeout(PROBE, receiver).await, Ok(Ok(())))
}

impl Session {
    /// Records the connection and welcomes the device; declarations that are missing are asked for first.
    async fn greet(&mut self, hello: Hello, now: TimeUs) -> Result<(), Status> {
        let declaration_ids = hello
            .declaration_ids
            .iter()
            .map(|bytes| id(bytes, "declaration_id"))
            .collect::<Result<Vec<Id>, _>>()?;
        let store = self.link.store.clone();
        let fail = enrol::store_status;
        let unknown = self.recognise(&declaration_ids).await?;
        let machine = enrol::cleaned(hello.machine.unwrap_or_default());
        let connected = Connected {
            device_key: self.device_key,
            installation_id: self.installation,
            boot_id: tidy(&hello.boot_id).into_owned(),
            agent_version: tidy(&hello.agent_version).into_owned(),
            hostname: machine.hostname,
            clock_offset_us: self.intake.anchor().offset_us(),
            spki: self.certificate.spki,
            declaration_ids: declaration_ids
                .into_iter()
                .filter(|id| !unknown.contains(id))
                .collect(),
            at: now,
        };
        store.device_connected(connected).await.map_err(fail)?;
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
        self.fetch_held().await
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
        })
    }

    async fn left(&self, connected_at: TimeUs) {
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

fn id(bytes: &[u8], field: &'static str) -> Result<Id, Status> {
    Id::from_slice(bytes)
        .map_err(|_| Status::invalid_argument(format!("{field} is not 16 bytes long")))
}

#[cfg(test)]
mod tests {
    use super::*;

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
