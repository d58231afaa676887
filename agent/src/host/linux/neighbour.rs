//! The neighbour table, over netlink: /proc has only the one of IPv4, and not how fresh an entry is.

use std::net::IpAddr;
use std::time::Duration;

use rustix::io::Errno;
use tokio::time::{Instant, sleep};

use crate::host::{Host, Neighbour, NeighbourEntry, Term, Unavailable};

use super::netlink::{Attributes, dump, ip, replace, u16_at, u32_at};

const RTM_NEWNEIGH: u16 = 28;
const RTM_GETNEIGH: u16 = 30;
const NDMSG_BYTES: usize = 12;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const NDA_DST: u16 = 1;
const NDA_LLADDR: u16 = 2;
/// neighbour.h
const INCOMPLETE: u16 = 0x01;
const REACHABLE: u16 = 0x02;
const STALE: u16 = 0x04;
const DELAY: u16 = 0x08;
const PROBE: u16 = 0x10;
const FAILED: u16 = 0x20;
const NOARP: u16 = 0x40;
const PERMANENT: u16 = 0x80;
/// How often the table is looked at for an answer.
const LOOK: Duration = Duration::from_millis(25);

pub(in crate::host) fn neighbour(host: &Host, address: IpAddr, interface: &str) -> Neighbour {
    let mut found = Neighbour::Unknown;
    let index = host.number(&format!("/sys/class/net/{interface}/ifindex"));
    let Some(index) = index.filter(|_| host.is_live()) else {
        return found;
    };
    let dumped = dump(
        Term::Neighbours,
        RTM_GETNEIGH,
        NDMSG_BYTES,
        &mut |kind, body| {
            let entry = parse(body).filter(|_| kind == RTM_NEWNEIGH);
            // An address of the link means another machine on another interface.
            if let Some((of, state)) = entry
                && of == (index, address)
            {
                found = state;
            }
        },
    );
    match dumped {
        Ok(()) => found,
        Err(_) => Neighbour::Unknown,
    }
}

/// The whole table, without what needs no asking: groups and this machine itself.
pub(in crate::host) fn neighbours(host: &Host) -> Result<Vec<NeighbourEntry>, Unavailable> {
    if !host.is_live() {
        return Err(Unavailable::absent(Term::Recorded.of("netlink")));
    }
    let interfaces = super::interface::interfaces(host)?;
    let mut entries = Vec::new();
    let mut add = |kind, body: &[u8]| {
        let entry = parse(body).filter(|_| kind == RTM_NEWNEIGH);
        let is_noarp = u16_at(body, 8) == Some(NOARP);
        let Some(((index, address), state)) = entry.filter(|_| !is_noarp) else {
            return;
        };
        let of = |one: &&crate::host::Interface| i64::from(one.index) == index;
        if let Some(interface) = interfaces.iter().find(of) {
            entries.push(NeighbourEntry {
                interface: interface.name.clone(),
                address,
                mac: mac(body),
                state,
            });
        }
    };
    dump(Term::Neighbours, RTM_GETNEIGH, NDMSG_BYTES, &mut add)?;
    Ok(entries)
}

fn mac(body: &[u8]) -> Option<String> {
    let (_, value) = Attributes(body.get(NDMSG_BYTES..)?).find(|(kind, _)| *kind == NDA_LLADDR)?;
    let bytes = value.iter().map(|byte| format!("{byte:02x}"));
    (!value.is_empty()).then(|| bytes.collect::<Vec<_>>().join(":"))
}

/// An entry that is told to be in PROBE has the kernel ask at once (neigh_update in net/core/neighbour.c); only
/// an administrator may tell it.
pub(in crate::host) async fn ask_neighbour(
    host: &Host,
    address: IpAddr,
    interface: &str,
    deadline: Duration,
) -> Result<Neighbour, Unavailable> {
    let index = host.number(&format!("/sys/class/net/{interface}/ifindex"));
    let Some(index) = index.filter(|_| host.is_live()) else {
        return Ok(Neighbour::Unknown);
    };
    match replace(RTM_NEWNEIGH, &probe(index as u32, address)) {
        Ok(()) => {}
        // It has been forgotten meanwhile, or never answered.
        Err(Errno::NOENT | Errno::INVAL) => return Ok(neighbour(host, address, interface)),
        Err(error) => return Err(Unavailable::io(Term::Neighbours, &error.into())),
    }
    let until = Instant::now() + deadline;
    loop {
        sleep(LOOK).await;
        let now = neighbour(host, address, interface);
        if now != Neighbour::Stale {
            return Ok(now);
        }
        if Instant::now() >= until {
            return Ok(Neighbour::Failed);
        }
    }
}

fn probe(interface: u32, address: IpAddr) -> Vec<u8> {
    let (family, octets) = match address {
        IpAddr::V4(address) => (AF_INET, address.octets().to_vec()),
        IpAddr::V6(address) => (AF_INET6, address.octets().to_vec()),
    };
    let mut body = vec![family, 0, 0, 0];
    body.extend(interface.to_ne_bytes());
    body.extend(PROBE.to_ne_bytes());
    body.extend([0, 0]);
    body.extend((4 + octets.len() as u16).to_ne_bytes());
    body.extend(NDA_DST.to_ne_bytes());
    body.extend(octets);
    body
}

/// ndmsg: family, padding, interface, state, flags, type; then attributes.
fn parse(body: &[u8]) -> Option<((i64, IpAddr), Neighbour)> {
    let interface = i64::from(u32_at(body, 4)?);
    let state = match u16_at(body, 8)? {
        REACHABLE => Neighbour::Known,
        NOARP | PERMANENT => Neighbour::Unasked,
        STALE | DELAY | PROBE => Neighbour::Stale,
        INCOMPLETE | FAILED => Neighbour::Failed,
        _ => Neighbour::Unknown,
    };
    Attributes(body.get(NDMSG_BYTES..)?)
        .find(|(kind, _)| *kind == NDA_DST)
        .and_then(|(_, value)| Some(((interface, ip(value)?), state)))
}

#[test]
fn states_are_told_apart() {
    let message = |state: u8| {
        let mut body = vec![2, 0, 0, 0, 2, 0, 0, 0, state, 0, 0, 1];
        body.extend([8, 0, 1, 0, 192, 0, 2, 1]);
        body
    };
    for (state, expected) in [
        (0x02, Neighbour::Known),
        (0x40, Neighbour::Unasked),
        (0x08, Neighbour::Stale),
        (0x20, Neighbour::Failed),
        (0x00, Neighbour::Unknown),
    ] {
        let gateway = IpAddr::from([192, 0, 2, 1]);
        assert_eq!(parse(&message(state)), Some(((2, gateway), expected)));
    }
    assert_eq!(parse(&[2, 0]), None);
    let mut with_mac = message(0x02);
    with_mac.extend([10, 0, 2, 0, 2, 0, 0, 0, 0, 0xaf, 0, 0]);
    assert_eq!(mac(&with_mac).as_deref(), Some("02:00:00:00:00:af"));
    assert_eq!(mac(&message(0x02)), None);
}

#[test]
fn a_probe_names_the_neighbour() {
    for gateway in ["192.0.2.1", "fe80::1"] {
        let gateway: IpAddr = gateway.parse().unwrap();
        let body = probe(7, gateway);
        assert_eq!(parse(&body), Some(((7, gateway), Neighbour::Stale)));
    }
}
