//! ICMP echo (RFC 792, RFC 4443) over the unprivileged socket of icmp(7), else over a raw one.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use rustix::net::sockopt::{
    Ipv4PathMtuDiscovery, Ipv6PathMtuDiscovery, set_ip_mtu_discover, set_ipv6_mtu_discover,
};
use rustix::net::{AddressFamily, SocketFlags, SocketType, ipproto, socket_with};
use tokio::net::UdpSocket;
use tokio::time::Instant;

use crate::host::{Echo, Echoes, Term, Unavailable};
use crate::text::reason;

const WHAT: Term = Term::EchoSocket;
const PACKET_BYTES: usize = 16;
const LARGEST_BYTES: usize = 65_535;
/// Between two of several echoes.
const PACE: Duration = Duration::from_millis(160);
/// Requests at the most, spread over the deadline: one may get lost on a healthy network.
const REQUESTS: u32 = 3;

pub(in crate::host) async fn echo(
    address: IpAddr,
    interface: &str,
    deadline: Duration,
) -> Result<Echo, Unavailable> {
    let (socket, raw) = open(address)?;
    let deadline = Instant::now() + deadline;
    ask(
        &socket,
        raw,
        target(address, interface),
        PACKET_BYTES,
        deadline,
    )
    .await
}

/// As `echo`, with packets of `bytes` that no one may cut, whatever is known of the path.
pub(in crate::host) async fn echo_of(
    address: IpAddr,
    interface: &str,
    bytes: u32,
    deadline: Duration,
) -> Result<Echo, Unavailable> {
    let (socket, raw) = open(address)?;
    let whole = match address {
        IpAddr::V4(_) => set_ip_mtu_discover(&socket, Ipv4PathMtuDiscovery::PROBE),
        IpAddr::V6(_) => set_ipv6_mtu_discover(&socket, Ipv6PathMtuDiscovery::PROBE),
    };
    whole.map_err(|error| Unavailable::io(WHAT, &error.into()))?;
    let header = if address.is_ipv4() { 20 } else { 40 };
    let bytes = (bytes as usize).clamp(header + PACKET_BYTES, LARGEST_BYTES) - header;
    let deadline = Instant::now() + deadline;
    ask(&socket, raw, target(address, interface), bytes, deadline).await
}

/// `n` echoes, one after another; the last answers come before the deadline.
pub(in crate::host) async fn echoes(
    address: IpAddr,
    interface: &str,
    n: u32,
    deadline: Duration,
) -> Result<Echoes, Unavailable> {
    let (socket, raw) = open(address)?;
    let to = target(address, interface);
    let mark = next_mark();
    let started = Instant::now();
    let mut told = Told::default();
    for sequence in 1..=n {
        let packet = request(address, mark, sequence as u16, PACKET_BYTES);
        if let Err(error) = socket.send_to(&packet, to).await {
            refused(&error)?;
            return Ok(told.echoes(Some(reason(&error)), started + deadline));
        }
        told.sent.push((Instant::now(), None));
        let until = match sequence {
            last if last == n => started + deadline,
            other => started + PACE * other,
        };
        while told.is_waiting() || sequence < n {
            match tokio::time::timeout_at(until, answer(&socket, address, raw, mark)).await {
                Ok(Ok(sequence)) => told.answered(sequence),
                Ok(Err(error)) => {
                    return Ok(told.echoes(Some(reason(&error)), started + deadline));
                }
                Err(_) => break,
            }
        }
    }
    Ok(told.echoes(None, started + deadline))
}

/// When each echo was sent, and what its answer took.
#[derive(Default)]
struct Told {
    sent: Vec<(Instant, Option<Duration>)>,
}

impl Told {
    fn is_waiting(&self) -> bool {
        self.sent.iter().any(|(_, after)| after.is_none())
    }

    /// The first answer counts.
    fn answered(&mut self, sequence: u16) {
        let at = usize::from(sequence).wrapping_sub(1);
        if let Some((sent, after)) = self.sent.get_mut(at) {
            after.get_or_insert(sent.elapsed());
        }
    }

    /// An echo without an answer counts as lost when it had twice the time that the slowest answer took.
    fn echoes(&self, why: Option<String>, end: Instant) -> Echoes {
        let mut took: Vec<Duration> = self.sent.iter().filter_map(|(_, after)| *after).collect();
        took.sort_unstable();
        let enough = took.last().map_or(Duration::ZERO, |slowest| *slowest * 2);
        let counts = |sent: &Instant, after: &Option<Duration>| {
            after.is_some() || end.saturating_duration_since(*sent) >= enough
        };
        let counted = self.sent.iter().filter(|(sent, after)| counts(sent, after));
        Echoes {
            n_sent: counted.count() as u32,
            n_answered: took.len() as u32,
            after: took.get(took.len() / 2).copied(),
            why: why.filter(|_| took.is_empty()),
        }
    }
}

/// Sends again until somebody answers or the time is up.
async fn ask(
    socket: &UdpSocket,
    raw: bool,
    to: SocketAddr,
    bytes: usize,
    deadline: Instant,
) -> Result<Echo, Unavailable> {
    let mark = next_mark();
    let started = Instant::now();
    let time = deadline.saturating_duration_since(started);
    for sequence in 1..=REQUESTS {
        let packet = request(to.ip(), mark, sequence as u16, bytes);
        if let Err(error) = socket.send_to(&packet, to).await {
            refused(&error)?;
            return Ok(Echo::Unreachable {
                why: reason(&error),
            });
        }
        let until = started + time * sequence / REQUESTS;
        match tokio::time::timeout_at(until, answer(socket, to.ip(), raw, mark)).await {
            Ok(Ok(_)) => {
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

/// This user may not, or this machine's own rules forbid it: then nothing is known of the other one.
fn refused(error: &std::io::Error) -> Result<(), Unavailable> {
    match error.kind() == ErrorKind::PermissionDenied {
        true => Err(Unavailable::Permission { what: WHAT.into() }),
        false => Ok(()),
    }
}

/// Tells the answers to one question from those to others of this process, and of others.
fn next_mark() -> [u8; 2] {
    static N_ASKED: AtomicU16 = AtomicU16::new(0);
    let number = N_ASKED.fetch_add(1, Ordering::Relaxed);
    (std::process::id() as u16)
        .wrapping_add(number)
        .to_be_bytes()
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

/// Type, code, checksum, identifier, sequence number, then nothing.
fn request(address: IpAddr, mark: [u8; 2], sequence: u16, bytes: usize) -> Vec<u8> {
    let mut packet = vec![0; bytes];
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

/// The sequence number of the next answer. What does not fit the buffer is cut off.
async fn answer(
    socket: &UdpSocket,
    from: IpAddr,
    raw: bool,
    mark: [u8; 2],
) -> std::io::Result<u16> {
    let mut buffer = [0; 256];
    loop {
        let n = socket.recv(&mut buffer).await?;
        if let Some(sequence) = sequence(&buffer[..n], from, raw, mark) {
            return Ok(sequence);
        }
    }
}

/// Of an answer to `mark`. A raw IPv4 socket shows the IP header, and everyone's answers.
fn sequence(packet: &[u8], from: IpAddr, raw: bool, mark: [u8; 2]) -> Option<u16> {
    let header = match (from, raw) {
        (IpAddr::V4(from), true) => {
            if packet.get(12..16) != Some(&from.octets()[..]) {
                return None;
            }
            packet
                .first()
                .map_or(0, |first| usize::from(first & 15) * 4)
        }
        (IpAddr::V4(_) | IpAddr::V6(_), _) => 0,
    };
    let expected = if from.is_ipv4() { 0 } else { 129 };
    let icmp = packet.get(header..header + 8)?;
    // Over the unprivileged socket the kernel sets and checks the identifier.
    let is_ours = icmp[0] == expected && (!raw || icmp[4..6] == mark);
    is_ours.then(|| u16::from_be_bytes([icmp[6], icmp[7]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_adds_up_to_nothing() {
        let packet = request("192.0.2.1".parse().unwrap(), [1, 2], 3, 16);
        assert_eq!(checksum(&packet), 0);
        assert_eq!(packet[0], 8);
    }

    #[test]
    fn only_the_one_that_was_asked_answers() {
        let from: IpAddr = "192.0.2.1".parse().unwrap();
        let mut packet = vec![0x45; 20];
        packet[12..16].copy_from_slice(&[192, 0, 2, 1]);
        packet.extend([0, 0, 0, 0, 1, 2, 0, 1]);
        assert_eq!(sequence(&packet, from, true, [1, 2]), Some(1));
        assert_eq!(sequence(&packet, from, true, [1, 3]), None);
        let other = "192.0.2.2".parse().unwrap();
        assert_eq!(sequence(&packet, other, true, [1, 2]), None);
        assert_eq!(sequence(&packet[..10], from, true, [1, 2]), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_had_no_time_is_not_lost() {
        let mut told = Told::default();
        let started = Instant::now();
        for _ in 0..5 {
            told.sent.push((Instant::now(), None));
            tokio::time::advance(PACE).await;
        }
        told.answered(1);
        told.answered(1);
        let echoes = told.echoes(None, started + Duration::from_millis(1100));
        // The answer took 800 ms: only one that was sent at once could have had twice that.
        assert_eq!((echoes.n_sent, echoes.n_answered), (1, 1));
        let told = Told {
            sent: vec![(started, None); 5],
        };
        let echoes = told.echoes(Some("no route".into()), started + PACE);
        assert_eq!((echoes.n_sent, echoes.n_answered), (5, 0));
        assert_eq!(echoes.why.as_deref(), Some("no route"));
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
        if may_ping() {
            let echoes = echoes(address, "lo", 3, Duration::from_secs(2)).await;
            assert_eq!(echoes.map(|of| (of.n_sent, of.n_answered)), Ok((3, 3)));
            let whole = echo_of(address, "lo", 1500, Duration::from_secs(2)).await;
            assert!(matches!(whole, Ok(Echo::Answered { .. })), "{whole:?}");
        }
    }

    /// ip(7), ping_group_range; root may in any case, unless a container has taken that away.
    fn may_ping() -> bool {
        use rustix::net::{AddressFamily, SocketType, ipproto, socket};
        let opens = |kind| socket(AddressFamily::INET, kind, Some(ipproto::ICMP)).is_ok();
        opens(SocketType::DGRAM) || opens(SocketType::RAW)
    }
}
