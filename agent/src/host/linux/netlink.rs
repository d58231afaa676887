//! Dumps and requests over route netlink (rtnetlink(7), netlink(7)).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, sendto, socket_with,
};

use crate::host::{Term, Unavailable};

const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
const NLM_F_REQUEST: u16 = 1;
const NLM_F_ACK: u16 = 4;
const NLM_F_REPLACE: u16 = 0x100;
const NLM_F_DUMP: u16 = 0x300;
/// The kernel fills at most this much at a time.
const DATAGRAM_BYTES: usize = 32 << 10;

/// Gives `visit` type and body of every message that answers the dump `request`, whose own header is
/// `header_bytes` long and left open.
pub(super) fn dump(
    what: Term,
    request: u16,
    header_bytes: usize,
    visit: &mut dyn FnMut(u16, &[u8]),
) -> Result<(), Unavailable> {
    let broken = |error: Errno| Unavailable::io(what, &error.into());
    let body = vec![0; header_bytes];
    let socket = send(request, NLM_F_REQUEST | NLM_F_DUMP, &body).map_err(broken)?;
    let mut datagram = vec![0; DATAGRAM_BYTES];
    loop {
        let (n, _) = recv(&socket, &mut datagram[..], RecvFlags::empty()).map_err(broken)?;
        if n == 0 {
            return Err(Unavailable::broken(what, Term::EndsEarly));
        }
        for (kind, body) in Messages(&datagram[..n]) {
            match kind {
                NLMSG_DONE => return Ok(()),
                NLMSG_ERROR => return Err(Unavailable::broken(what, Term::KernelRefused)),
                _ => visit(kind, body),
            }
        }
    }
}

/// Gives `read` type and body of the one message that answers `body`; an error is the kernel's own, or that of the socket.
pub(super) fn get<T>(
    request: u16,
    body: &[u8],
    read: impl FnOnce(u16, &[u8]) -> Option<T>,
) -> Result<T, Errno> {
    let socket = send(request, NLM_F_REQUEST, body)?;
    let mut datagram = vec![0; DATAGRAM_BYTES];
    let (n, _) = recv(&socket, &mut datagram[..], RecvFlags::empty())?;
    match Messages(&datagram[..n]).next() {
        Some((NLMSG_ERROR, body)) => {
            let error = u32_at(body, 0).map(u32::cast_signed).unwrap_or_default();
            Err(Errno::from_raw_os_error(error.saturating_neg()))
        }
        Some((kind, body)) => read(kind, body).ok_or(Errno::PROTO),
        None => Err(Errno::PROTO),
    }
}

/// Has the kernel replace what `body` names; an error is its own, or that of the socket.
pub(super) fn replace(request: u16, body: &[u8]) -> Result<(), Errno> {
    let flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE;
    let socket = send(request, flags, body)?;
    let mut datagram = [0; 1024];
    let (n, _) = recv(&socket, &mut datagram[..], RecvFlags::empty())?;
    // nlmsgerr: the error as a negative number, 0 where there is none.
    match Messages(&datagram[..n]).next() {
        Some((NLMSG_ERROR, body)) => match u32_at(body, 0).map(u32::cast_signed) {
            Some(0) => Ok(()),
            Some(error) => Err(Errno::from_raw_os_error(-error)),
            None => Err(Errno::PROTO),
        },
        _ => Err(Errno::PROTO),
    }
}

fn send(request: u16, flags: u16, body: &[u8]) -> Result<OwnedFd, Errno> {
    // Route netlink is the protocol without a name.
    let socket = socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        None,
    )?;
    // nlmsghdr: length, type, flags, sequence number, sender.
    let length = 16 + body.len();
    let mut packet = Vec::with_capacity(length);
    packet.extend((length as u32).to_ne_bytes());
    packet.extend(request.to_ne_bytes());
    packet.extend(flags.to_ne_bytes());
    packet.resize(16, 0);
    packet.extend(body);
    let kernel = SocketAddrNetlink::new(0, 0);
    sendto(&socket, &packet, SendFlags::empty(), &kernel)?;
    Ok(socket)
}

/// Type and body of each message of a datagram.
struct Messages<'a>(&'a [u8]);

impl<'a> Iterator for Messages<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let length = u32_at(self.0, 0)? as usize;
        let kind = u16_at(self.0, 4)?;
        let body = self.0.get(16..length)?;
        self.0 = self.0.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((kind, body))
    }
}

/// Type and value of each attribute.
pub(super) struct Attributes<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let length = usize::from(u16_at(self.0, 0)?);
        let kind = u16_at(self.0, 2)?;
        let value = self.0.get(4..length)?;
        self.0 = self.0.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((kind, value))
    }
}

/// Appends an attribute.
pub(super) fn attribute(body: &mut Vec<u8>, kind: u16, value: &[u8]) {
    body.extend((4 + value.len() as u16).to_ne_bytes());
    body.extend(kind.to_ne_bytes());
    body.extend(value);
    body.resize(body.len().next_multiple_of(4), 0);
}

/// An address of either family.
pub(super) fn ip(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(bytes).into());
    }
    <[u8; 16]>::try_from(bytes)
        .ok()
        .map(|bytes| Ipv6Addr::from(bytes).into())
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_ends_early() {
        assert_eq!(Messages(&[200, 0, 0, 0, 20, 0]).next(), None);
        assert_eq!(Attributes(&[8, 0, 1, 0, 9]).next(), None);
        // A length of nothing does not go round for ever.
        assert_eq!(Messages(&[0; 32]).next(), None);
        assert_eq!(Attributes(&[0; 8]).next(), None);
    }
}
