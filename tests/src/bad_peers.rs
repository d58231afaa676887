//! Whoever knocks at the agents' port and should not: each is turned away, and a connected device notices nothing.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use sonde_proto::v1::{self, from_agent};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::load::account;
use crate::peer::{Peer, Port};
use crate::program::{PATIENCE, output, talk, wait};
use crate::world::{Agent, Person, World};

/// Connections of the flood, one after the other, none given up by us.
const FLOOD: usize = 10_000;
/// What the collector may hold of them at a time: its cap for one address, and those that it has not yet looked at.
const HELD: usize = 2 * 256;
/// What opens HTTP/2 (RFC 9113 §3.4), with empty settings.
pub(crate) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// The header of a HEADERS frame of 16 KiB.
pub(crate) const HEADERS: &[u8] = b"\0\x40\0\x01\x04\0\0\0\x01";

/// A collector, a device that is connected, and who looks after it.
pub(crate) struct Scene {
    agent: Agent,
    person: Person,
    pub(crate) world: World,
    pub(crate) port: Port,
}

impl Scene {
    pub(crate) fn new() -> Result<Self> {
        let mut world = World::sqlite()?;
        world.settings = "report_every_seconds = 1\nlog = \"debug\"\n".into();
        world.stop_collector()?;
        world.start_collector()?;
        let person = world.person("ada", "technician")?;
        let agent = world.agent()?;
        person.wait_for(&agent, true)?;
        let port = Port::of(&world)?;
        Ok(Self {
            agent,
            person,
            world,
            port,
        })
    }

    pub(crate) fn token(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.world.token()?)?)
    }

    fn committed(&self) -> Result<i64> {
        let spools = account(&self.person, &self.agent.id)?;
        let ranges = spools.iter().flatten();
        Ok(ranges.map(|(first, last, _)| last - first + 1).sum())
    }

    /// Its session is the one it had, its reports come in, and a check comes through.
    pub(crate) fn device_noticed_nothing(&self) -> Result<()> {
        let before = self.committed()?;
        wait("more reports", || {
            self.committed().ok().filter(|now| *now >= before + 2)
        })?;
        let ran = self.person.try_sonde(&[
            "check",
            "run",
            "memory.pressure",
            "--device",
            &self.agent.id,
            "--new-ticket",
            "is it well",
        ])?;
        ensure!(ran.value["state"] == "succeeded", "{ran:?}");
        let log = self.agent.log();
        ensure!(log.matches("connected device.id").count() == 1, "{log}");
        ensure!(!log.contains("the session ended"), "{log}");
        Ok(())
    }
}

/// Says why somebody was turned away; an error when he was let in.
fn turned_away<T>(who: &str, came: Result<T>) -> Result<String> {
    match came {
        Ok(_) => anyhow::bail!("{who} was let in"),
        Err(error) => Ok(format!("{error:#}")),
    }
}

/// A token whose time has passed.
fn expired_token(world: &World) -> Result<String> {
    let create = ["token", "create", "--expires", "1s"];
    let token = output(&mut world.collector_command(&create))?;
    let made = Instant::now();
    wait("the token's time to pass", || {
        (made.elapsed() > Duration::from_secs(1)).then_some(())
    })?;
    Ok(token)
}

#[test]
fn who_may_not_come_in_is_told_why() -> Result<()> {
    let scene = Scene::new()?;
    let good = scene.token()?;
    let expired = expired_token(&scene.world)?;
    let n_tried = talk(async {
        let port = &scene.port;
        let peer = port.enrol(&good).await?;
        let said = turned_away("a used-up token", port.enrol(&good).await)?;
        ensure!(said.contains("token"), "{said}");
        let said = turned_away("a made-up token", port.enrol("sonde1.made-up.0").await)?;
        ensure!(said.contains("token"), "{said}");
        let said = turned_away("an expired token", port.enrol(&expired).await)?;
        ensure!(said.contains("token"), "{said}");
        let said = turned_away("a forged device", port.session(&peer.forged()?).await)?;
        ensure!(
            !said.contains("PermissionDenied"),
            "its CA was not looked at: {said}"
        );
        let unknown = Peer {
            certificate: Vec::new(),
            ..peer.clone()
        };
        turned_away("no certificate", port.session(&unknown).await)?;
        port.session(&peer).await.context("the good one")?;
        Ok(6)
    })?;
    scene.device_noticed_nothing()?;
    println!("{n_tried} who may not come in were turned away");
    Ok(())
}

#[test]
fn who_says_nothing_is_gone_after_a_while() -> Result<()> {
    let scene = Scene::new()?;
    let n_gone = talk(async {
        let mut waiting = JoinSet::new();
        for n in 0..20 {
            let port = scene.port.clone();
            waiting.spawn(async move {
                let mut stream = port.tcp().await?;
                // Half of them begin a TLS record, and do not go on.
                if n % 2 == 0 {
                    stream.write_all(&[22, 3, 1, 2, 0, 1]).await?;
                }
                gone(&mut stream).await
            });
        }
        for n in 0..10 {
            let port = scene.port.clone();
            waiting.spawn(async move {
                let mut stream = port.tls(None).await?;
                let begun: &[&[u8]] = match n % 3 {
                    0 => &[],
                    1 => &[PREFACE],
                    _ => &[PREFACE, HEADERS],
                };
                stream.write_all(&begun.concat()).await?;
                stream.flush().await?;
                gone(&mut stream).await
            });
        }
        let mut n_gone = 0;
        while let Some(joined) = waiting.join_next().await {
            joined??;
            n_gone += 1;
        }
        Ok(n_gone)
    })?;
    scene.device_noticed_nothing()?;
    let log = scene.world.log();
    let n_named = |what: &str| log.matches(what).count();
    ensure!(
        n_named("limit=10s") == 20
            && n_named("a handshake was not finished in time") == 20
            && n_named("a stranger's time is over") == 10,
        "{log}"
    );
    println!("{n_gone} silent connections were ended");
    Ok(())
}

/// Waits until the other side ends it.
async fn gone(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> Result<()> {
    let mut buffer = [0; 1024];
    let end = async { while stream.read(&mut buffer).await.is_ok_and(|n| n > 0) {} };
    timeout(PATIENCE, end).await.context("it is still there")
}

#[test]
fn ten_thousand_connections_leave_room_for_others() -> Result<()> {
    let scene = Scene::new()?;
    let token = scene.token()?;
    let most = talk(async {
        let mut held = Vec::new();
        let mut most = 0;
        for n in 0..FLOOD {
            held.push(scene.port.tcp().await?);
            if n % 64 == 0 {
                held.retain(is_open);
                most = most.max(held.len());
            }
            ensure!(
                held.len() <= HELD + 64,
                "{} of one address are held",
                held.len()
            );
        }
        // From another address somebody still comes in.
        let elsewhere = Port {
            from: ([127, 0, 0, 2], 0).into(),
            ..scene.port.clone()
        };
        let peer = elsewhere.enrol(&token).await?;
        elsewhere.session(&peer).await?;
        Ok(most)
    })?;
    scene.device_noticed_nothing()?;
    println!("of {FLOOD} connections from one address, {most} were held at most");
    Ok(())
}

/// Nothing comes on a flood's connection but its end.
fn is_open(stream: &tokio::net::TcpStream) -> bool {
    let read = stream.try_read(&mut [0; 1]);
    read.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

#[test]
fn enrolling_in_a_loop_brings_nobody_in() -> Result<()> {
    let scene = Scene::new()?;
    let n_refused = talk(async {
        let mut running = JoinSet::new();
        for _ in 0..8 {
            let port = scene.port.clone();
            running.spawn(async move {
                for _ in 0..50 {
                    turned_away("a guess", port.enrol("sonde1.guess.0").await)?;
                }
                anyhow::Ok(50)
            });
        }
        let mut n_refused = 0;
        while let Some(joined) = running.join_next().await {
            n_refused += joined??;
        }
        Ok(n_refused)
    })?;
    scene.device_noticed_nothing()?;
    let devices = scene.person.sonde(&["device", "list"])?;
    let n_devices = devices["items"].as_array().map_or(0, Vec::len);
    ensure!(n_devices == 1, "{devices}");
    println!("{n_refused} guesses were refused");
    Ok(())
}

#[test]
fn a_message_over_the_cap_ends_only_its_own_session() -> Result<()> {
    let scene = Scene::new()?;
    let token = scene.token()?;
    let said = talk(async {
        let peer = scene.port.enrol(&token).await?;
        let mut session = scene.port.session(&peer).await?;
        let bodies = vec![vec![0; 4 << 20].into()];
        let declared = from_agent::Body::Declared(v1::Declared {
            bodies,
            ..v1::Declared::default()
        });
        session.say(declared).await?;
        let said = loop {
            if let Err(error) = session.hear().await {
                break format!("{error:#}");
            }
        };
        let again = scene.port.session(&peer).await;
        again.context("the next session")?;
        Ok(said)
    })?;
    ensure!(
        said.contains("OutOfRange") || said.contains("InvalidArgument"),
        "{said}"
    );
    scene.device_noticed_nothing()?;
    println!("a message of 4 MiB: {said}");
    Ok(())
}

/// Connections that one device tries to have, and how many it may have.
const TRIED: usize = 64;
const SHARE: usize = 8;

#[test]
fn one_device_takes_no_more_than_its_share() -> Result<()> {
    let scene = Scene::new()?;
    let token = scene.token()?;
    talk(async {
        let peer = scene.port.enrol(&token).await?;
        let mut held = JoinSet::new();
        for _ in 0..TRIED {
            // Over its share it may be turned away before or after the handshake.
            if let Ok(mut stream) = scene.port.tls(Some(&peer)).await {
                held.spawn(async move {
                    let mut buffer = [0; 1024];
                    while stream.read(&mut buffer).await.is_ok_and(|n| n > 0) {}
                });
            }
        }
        while held.len() > SHARE {
            let closed = timeout(PATIENCE, held.join_next()).await;
            closed.with_context(|| format!("{} connections of one device are held", held.len()))?;
        }
        Ok(())
    })?;
    scene.device_noticed_nothing()?;
    println!("of {TRIED} connections of one device, no more than {SHARE} were held");
    Ok(())
}
