//! Devices with a good certificate that begin to say something and stop: each is cut after its time, and the others
//! notice nothing.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use prost::Message as _;
use sonde_proto::v1::{FromAgent, from_agent};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::bad_peers::{HEADERS, PREFACE, Scene};
use crate::peer::{Peer, Port};
use crate::program::{talk, wait};

/// The collector asks after 60 s whether somebody is still there, and waits 20 s for the answer.
const LONGEST: Duration = Duration::from_secs(150);
/// Kinds of frames (RFC 9113 §6), and the flag that ends a head.
const DATA: u8 = 0;
const HEAD: u8 = 1;
const END_HEADERS: u8 = 4;
/// The head of a message of gRPC that is to be 100 bytes long: not compressed, its length.
const MESSAGE_HEAD: &[u8] = &[0, 0, 0, 0, 100];

/// One frame of the first stream.
fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    let head = [length[1], length[2], length[3], kind, flags, 0, 0, 0, 1];
    [&head, payload].concat()
}

/// What calls `Session`: literals without indexing, without Huffman's code (RFC 7541 §6.2.2), after POST and https.
fn call() -> Vec<u8> {
    let mut block = vec![0x83, 0x87];
    let mut field = |name: &[u8], value: &str| {
        block.extend_from_slice(name);
        block.push(value.len() as u8);
        block.extend_from_slice(value.as_bytes());
    };
    field(&[0x04], "/sonde.agent.v1.Agents/Session");
    field(&[0x01], "collector.sonde.internal");
    field(&[0x0f, 0x10], "application/grpc");
    field(b"\0\x02te", "trailers");
    frame(HEAD, END_HEADERS, &block)
}

fn hello(peer: &Peer) -> Vec<u8> {
    let hello = FromAgent {
        body: Some(from_agent::Body::Hello(peer.hello())),
    };
    let hello = hello.encode_to_vec();
    let head = [&[0][..], &(hello.len() as u32).to_be_bytes()].concat();
    frame(DATA, 0, &[head, hello].concat())
}

/// How far a device comes before it stops, and what is said of it in the collector's log.
fn beginnings(peer: &Peer) -> [(&'static str, Vec<u8>); 6] {
    let data_of_a_message = frame(DATA, 0, MESSAGE_HEAD);
    let a_frame_begun = &data_of_a_message[..9];
    [
        ("nothing", Vec::new()),
        ("a preface", PREFACE.to_vec()),
        ("a frame's header", [PREFACE, HEADERS].concat()),
        ("a call", [PREFACE, &call()].concat()),
        (
            "a message's header",
            [PREFACE, &call(), &data_of_a_message].concat(),
        ),
        (
            "a message's header in a session",
            [
                PREFACE,
                &call(),
                &hello(peer),
                &data_of_a_message,
                a_frame_begun,
            ]
            .concat(),
        ),
    ]
}

/// Waits until the collector has cut it; gives what came before.
async fn cut(port: Port, peer: Peer, begun: Vec<u8>) -> Result<Vec<u8>> {
    let mut stream = port.tls(Some(&peer)).await?;
    stream.write_all(&begun).await?;
    stream.flush().await?;
    let mut heard = Vec::new();
    let mut buffer = [0; 1024];
    let end = async {
        while let Ok(n @ 1..) = stream.read(&mut buffer).await {
            heard.extend_from_slice(&buffer[..n]);
        }
    };
    timeout(LONGEST, end).await.context("it is still there")?;
    Ok(heard)
}

#[test]
fn a_device_that_begins_and_stops_is_cut_and_others_notice_nothing() -> Result<()> {
    let scene = Scene::new()?;
    let peers = talk(async {
        let mut peers = Vec::new();
        for _ in 0..6 {
            peers.push(scene.port.enrol(&scene.token()?).await?);
        }
        Ok(peers)
    })?;
    let in_session = peers[5].device_id.clone();
    let stalled = std::thread::scope(|scope| {
        let stalled = scope.spawn(|| {
            talk(async {
                let mut waiting = JoinSet::new();
                for (n, peer) in peers.iter().enumerate() {
                    let (what, begun) = beginnings(peer)[n].clone();
                    let cut = cut(scene.port.clone(), peer.clone(), begun);
                    waiting.spawn(async move { cut.await.context(what) });
                }
                let mut n_cut = 0;
                while let Some(joined) = waiting.join_next().await {
                    joined??;
                    n_cut += 1;
                }
                Ok(n_cut)
            })
        });
        // While they hang.
        wait("the session of one of them", || {
            let log = scene.world.log();
            log.lines()
                .any(|line| line.contains("a device is connected") && line.contains(&in_session))
                .then_some(())
        })?;
        scene.device_noticed_nothing()?;
        stalled.join().map_err(|_| anyhow::anyhow!("it panicked"))?
    });
    let n_cut = stalled?;
    scene.device_noticed_nothing()?;
    let log = scene.world.log();
    let n_named = log.matches("a device holds a connection without a session");
    ensure!(n_named.count() == 5, "{log}");
    let gone = log
        .lines()
        .any(|line| line.contains("a device is gone") && line.contains(&in_session));
    ensure!(gone, "{log}");
    println!("{n_cut} devices that stopped were cut");
    Ok(())
}
