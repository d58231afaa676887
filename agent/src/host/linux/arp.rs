//! ARP probes (RFC 5227 §2.1.1): a question for an address from nobody, which disturbs no one's table.

use std::net::Ipv4Addr;
use std::os::fd::AsRawFd as _;
use std::time::Duration;

use nix::ifaddrs::getifaddrs;
use nix::sys::socket::{LinkAddr, bind};
use rustix::net::{AddressFamily, SocketFlags, SocketType, eth, socket_with};
use tokio::net::UdpSocket;
use tokio::time::{Instant, timeout_at};

use crate::host::{Host, Term, Unavailable};

const WHAT: Term = Term::ArpSocket;
/// One probe may get lost.
const PROBES: u32 = 2;
const WAIT: Duration = Duration::from_millis(250);
/// Ethernet's header and ARP's body (RFC 826).
const FRAME_BYTES: usize = 42;

type Mac = [u8; 6];

pub(in crate::host) async fn other_owners(
    host: &Host,
    address: Ipv4Addr,
    interface: &str,
) -> Result<Vec<String>, Unavailable> {
    if !host.is_live() {
        return Err(Unavailable::absent(Term::Recorded.of("ARP")));
    }
    let links = links()?;
    let ours: Vec<Mac> = links.iter().filter_map(|(_, link)| link.addr()).collect();
    let link = links.iter().find(|(name, _)| name == interface);
    let link = link.map(|(_, link)| link).filter(|link| link.halen() == 6);
    let Some((link, mac)) = link.and_then(|link| Some((link, link.addr()?))) else {
        return Err(Unavailable::absent(Term::ArpOn.of(interface)));
    };
    let socket = open(link)?;
    let failed = |error: std::io::Error| Unavailable::io(WHAT, &error);
    let mut owners = Vec::new();
    let started = Instant::now();
    let mut frame = [0; 128];
    for n in 1..=PROBES {
        let probe = probe(mac, address);
        socket.send(&probe).await.map_err(failed)?;
        while let Ok(n) = timeout_at(started + WAIT * n, socket.recv(&mut frame)).await {
            let owner = owner(&frame[..n.map_err(failed)?], address);
            owners.extend(owner.filter(|mac| !ours.contains(mac)).map(shown));
        }
    }
    owners.sort_unstable();
    owners.dedup();
    Ok(owners)
}

/// Link addresses of this machine's interfaces, by their names.
fn links() -> Result<Vec<(String, LinkAddr)>, Unavailable> {
    let all = getifaddrs().map_err(|error| Unavailable::io(WHAT, &error.into()))?;
    Ok(all
        .filter_map(|one| {
            let link = one.address?.as_link_addr().copied()?;
            Some((one.interface_name, link))
        })
        .collect())
}

/// For sending and receiving it is like a socket of UDP that is connected.
fn open(link: &LinkAddr) -> Result<UdpSocket, Unavailable> {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket = socket_with(
        AddressFamily::PACKET,
        SocketType::RAW,
        flags,
        Some(eth::ARP),
    )
    .map_err(|error| Unavailable::io(WHAT, &error.into()))?;
    bind(socket.as_raw_fd(), link).map_err(|error| Unavailable::io(WHAT, &error.into()))?;
    UdpSocket::from_std(socket.into()).map_err(|error| Unavailable::io(WHAT, &error))
}

/// Who has `address`? Told by nobody.
fn probe(mac: Mac, address: Ipv4Addr) -> Vec<u8> {
    let mut frame = Vec::with_capacity(FRAME_BYTES);
    frame.extend([0xff; 6]);
    frame.extend(mac);
    // ARP; for Ethernet and IPv4, whose addresses have 6 and 4 bytes; a request.
    frame.extend([8, 6, 0, 1, 8, 0, 6, 4, 0, 1]);
    frame.extend(mac);
    frame.extend([0; 4]);
    frame.extend([0; 6]);
    frame.extend(address.octets());
    frame
}

/// Who says in `frame` that `address` is theirs; nobody who merely asks.
fn owner(frame: &[u8], address: Ipv4Addr) -> Option<Mac> {
    let is_arp = frame.get(12..20)? == [8, 6, 0, 1, 8, 0, 6, 4];
    let of_it = frame.get(28..32)? == address.octets();
    let mac: Mac = frame.get(22..28)?.try_into().ok()?;
    (is_arp && of_it).then_some(mac)
}

fn shown(mac: Mac) -> String {
    mac.map(|byte| format!("{byte:02x}")).join(":")
}

#[test]
fn a_probe_claims_nothing_and_an_answer_does() {
    let (ours, other) = ([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 0xaf]);
    let address = Ipv4Addr::new(192, 0, 2, 7);
    let frame = probe(ours, address);
    assert_eq!(frame.len(), FRAME_BYTES);
    assert_eq!(owner(&frame, address), None);
    let mut answer = frame;
    answer[21] = 2;
    answer[22..28].copy_from_slice(&other);
    answer[28..32].copy_from_slice(&address.octets());
    assert_eq!(owner(&answer, address), Some(other));
    assert_eq!(owner(&answer, Ipv4Addr::new(192, 0, 2, 8)), None);
    assert_eq!(owner(&answer[..30], address), None);
    assert_eq!(shown(other), "02:00:00:00:00:af");
}
