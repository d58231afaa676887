//! How a session begins: who it is, whether it is admitted, whether another machine has the same key.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use sonde_proto::declaration::Pieces;
use sonde_proto::v1::{Hello, Restricted, from_agent, restricted::To, to_agent};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tonic::Status;

use super::{
    Command, DeviceCertificate, Digest, Ending, Handle, Id, Inbound, Intake, Link, Outbound,
    Session, body, enrol, renewal,
};
use crate::bus::Live;
use crate::clock::now_us;
use crate::store::devices::Admission;
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
    inbound: Inbound,
    outbound: Outbound,
) -> Result<(), Status> {
    // Boxed, as all that a session does once or seldom: it holds no room for that as long as it lasts.
    let begun = Box::pin(begin(link, certificate, inbound, outbound)).await?;
    let Some(Begun {
        mut session,
        inbound,
        commands,
        hello,
        at,
        leaving,
    }) = begun
    else {
        return Ok(());
    };
    let handle = leaving.handle.clone();
    let whole = async {
        Box::pin(session.greet(hello, at)).await?;
        session.talk(inbound, commands).await
    };
    let talked = tokio::select! {
        biased;
        () = handle.is_removed() => Err(removed()),
        talked = whole => talked,
    };
    Box::pin(session.left(at)).await;
    talked
}

/// A session that is in the registry.
struct Begun {
    session: Box<Session>,
    inbound: Inbound,
    commands: mpsc::Receiver<Command>,
    hello: Hello,
    at: TimeUs,
    leaving: Leaving,
}

/// `None`: there is no more to say.
async fn begin(
    link: Link,
    certificate: Arc<DeviceCertificate>,
    mut inbound: Inbound,
    outbound: Outbound,
) -> Result<Option<Begun>, Status> {
    let Some(hello) = first(&mut inbound, &outbound).await? else {
        return Ok(None);
    };
    let device_id: DeviceId = certificate
        .device_id
        .parse()
        .map_err(|_| Status::permission_denied("the certificate names no device"))?;
    let installation = id(&hello.installation_id, "installation_id")?;
    let mut admission = admitted(&link, &device_id, &certificate, installation).await?;
    if certificate.not_after_us < now_us() {
        renewal::restricted(&link, &certificate, &admission, inbound, &outbound).await?;
        return Ok(None);
    }
    let mut turns = 0..TURNS;
    let (device_key, in_conflict, handle, commands) = loop {
        if turns.next().is_none() || outbound.is_closed() {
            return Err(Status::unavailable(
                "too many machines come with this key at once",
            ));
        }
        let Some(rivals) = meet(&link, admission.device_key, installation, &outbound).await? else {
            return Ok(None);
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
    let leaving = Leaving {
        link: link.clone(),
        handle: handle.clone(),
    };
    let at = now_us();
    let intake = Intake::new(device_key, &hello, at)
        .map_err(|wrong| Status::invalid_argument(wrong.to_string()))?;
    let session = Session {
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
        missing: None,
        wanted: HashSet::new(),
        pieces: Pieces::default(),
        fetching: HashSet::new(),
        site: admission.site,
        schedule: Digest::default(),
        asking: super::Asking::new(tokio::time::Instant::now()),
    };
    Ok(Some(Begun {
        session: Box::new(session),
        inbound,
        commands,
        hello,
        at,
        leaving,
    }))
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

pub(super) fn id(bytes: &[u8], field: &'static str) -> Result<Id, Status> {
    Id::from_slice(bytes)
        .map_err(|_| Status::invalid_argument(format!("{field} is not 16 bytes long")))
}
