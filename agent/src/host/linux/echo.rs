//! ICMP echo (RFC 792, RFC 4443) over the unprivileged socket of icmp(7), else over a raw one.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::time::Duration;

use rustix::net::{AddressFamily, SocketFlags, SocketType, ipproto, socket_with};
use tokio::net::UdpSocket;
use tokio::time::Instant;

use crate::host::{Echo, Unavailable};
use crate::text::reason;

const WHAT: &str = "ICMP echo socket";
const PACKET_BYTES: usize = 16;
/// Requests at the most, spread over the deadline: one may get lost on a healthy network.
const REQUESTS: u32 = 3;

pub(in crate::host) async fn echo(
    address: IpAddr,
    interface: &str,
    deadline: Duration,
) -> Result<Echo, Unavailable> {
    let (socket, raw) = open(address)?;
    let to = target(address, interface);
    let mark = (std::process::id() as u16).to_be_bytes();
    let started = Instant::now();
    for sequence in 1..=REQUESTS {
        let packet = request(address, mark, sequence as u16);
        if let Err(error) = socket.send_to(&packet, to).await {
            if error.kind() == ErrorKind::PermissionDenied {
                return Err(Unavailable::Permission { what: WHAT.into() });
            }
            return Ok(Echo::Unreachable {
                why: reason(&error),
            });
        }
        let until = started + deadline * sequence / REQUESTS;
        match tokio::time::timeout_at(until, answer(&socket, address, raw, mark)).await {
            Ok(Ok(())) => {
                return Ok(Echo::Answered {
                    after: started.elapsed(),
                });
            }
            Ok(Err(error)) => {
                return Ok(Echo::Unreachable {
                    why: reason(&error),
                });
            }
            Err(_) => {}
        }
    }
    Ok(Echo::Silent)
}

/// A link-local address is reached by its interface only.
fn target(address: IpAddr, interface: &str) -> SocketAddr {
    match address {
        IpAddr::V6(address) if address.is_unicast_link_local() => {
            let index = std::fs::read_to_string(format!("/sys/class/net/{interface}/ifindex"))
                .ok()
                .and_then(|index| index.trim().parse().ok())
                .unwrap_or(0);
            SocketAddrV6::new(address, 0, 0, index).into()
        }
        IpAddr::V4(_) | IpAddr::V6(_) => SocketAddr::new(address, 0),
    }
}

/// The socket, and whether it is a raw one. For sending and receiving it is like one of UDP.
fn open(address: IpAddr) -> Result<(UdpSocket, bool), Unavailable> {
    let (family, protocol) = match address {
        IpAddr::V4(_) => (AddressFamily::INET, ipproto::ICMP),
        IpAddr::V6(_) => (AddressFamily::INET6, ipproto::ICMPV6),
    };
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let open = |kind| socket_with(family, kind, flags, Some(protocol));
    let (socket, raw) = open(SocketType::DGRAM)
        .map(|socket| (socket, false))
        .or_else(|_| open(SocketType::RAW).map(|socket| (socket, true)))
        .map_err(|error| Unavailable::io(WHAT, &error.into()))?;
    UdpSocket::from_std(socket.into())
        .map(|socket| (socket, raw))
        .map_err(|error| Unavailable::io(WHAT, &error))
}

/// Type, code, checksum, identifier, sequence number, eight bytes of nothing.
fn request(address: IpAddr, mark: [u8; 2], sequence: u16) -> [u8; PACKET_BYTES] {
    let mut packet = [0; PACKET_BYTES];
    packet[0] = if address.is_ipv4() { 8 } else { 128 };
    packet[4..6].copy_from_slice(&mark);
    packet[6..8].copy_from_slice(&sequence.to_be_bytes());
    // The kernel fills in the one of ICMPv6.
    if address.is_ipv4() {
        let sum = checksum(&packet).to_be_bytes();
        packet[2..4].copy_from_slice(&sum);
    }
    packet
}

/// RFC 1071
fn checksum(packet: &[u8]) -> u16 {
    let sum = packet
        .chunks(2)
        .map(|pair| {
            u32::from(u16::from_be_bytes([
                pair[0],
                pair.get(1).copied().unwrap_or(0),
            ]))
        })
        .sum::<u32>();
    let folded = (sum & 0xffff) + (sum >> 16);
    !(((folded & 0xffff) + (folded >> 16)) as u16)
}

async fn answer(socket: &UdpSocket, from: IpAddr, raw: bool, mark: [u8; 2]) -> std::io::Result<()> {
    let mut buffer = [0; 256];
    loop {
        let n = socket.recv(&mut buffer).await?;
        if is_answer(&buffer[..n], from, raw, mark) {
            return Ok(());
        }
    }
}

/// A raw IPv4 socket shows the IP header, and everyone's answers.
fn is_answer(packet: &[u8], from: IpAddr, raw: bool, mark: [u8; 2]) -> bool {
    let header = match (from, raw) {
        (IpAddr::V4(from), true) => {
            if packet.get(12..16) != Some(&from.octets()[..]) {
                return false;
            }
            packet
                .first()
                .map_or(0, |first| usize::from(first & 15) * 4)
        }
        (IpAddr::V4(_) | IpAddr::V6(_), _) => 0,
    };
    let expected = if from.is_ipv4() { 0 } else { 129 };
    packet.get(header) == Some(&expected)
        // Over the unprivileged socket the kernel sets and checks the identifier.
        && (!raw || packet.get(header + 4..header + 6) == Some(&mark[..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_adds_up_to_nothing() {
        let packet = request("192.0.2.1".parse().unwrap(), [1, 2], 3);
        assert_eq!(checksum(&packet), 0);
        assert_eq!(packet[0], 8);
    }

    #[test]
    fn only_the_one_that_was_asked_answers() {
        let from: IpAddr = "192.0.2.1".parse().unwrap();
        let mut packet = vec![0x45; 20];
        packet[12..16].copy_from_slice(&[192, 0, 2, 1]);
        packet.extend([0, 0, 0, 0, 1, 2, 0, 1]);
        assert!(is_answer(&packet, from, true, [1, 2]));
        assert!(!is_answer(&packet, from, true, [1, 3]));
        assert!(!is_answer(
            &packet,
            "192.0.2.2".parse().unwrap(),
            true,
            [1, 2]
        ));
        assert!(!is_answer(&packet[..10], from, true, [1, 2]));
    }

    #[tokio::test]
    async fn the_loopback_address_answers() {
        let address = "127.0.0.1".parse().unwrap();
        match echo(address, "lo", Duration::from_secs(2)).await {
            Ok(Echo::Answered { .. }) => {}
            // Only who may use neither kind of socket is told that.
            Err(Unavailable::Permission { .. }) if !may_ping() => {}
            other => panic!("{other:?}"),
        }
    }

    /// ip(7), ping_group_range; root may in any case, unless a container has taken that away.
    fn may_ping() -> bool {
        use rustix::net::{AddressFamily, SocketType, ipproto, socket};
        let opens = |kind| socket(AddressFamily::INET, kind, Some(ipproto::ICMP)).is_ok();
        opens(SocketType::DGRAM) || opens(SocketType::RAW)
    }
}
