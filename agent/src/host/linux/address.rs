//! Addresses, over route netlink (rtnetlink(7)): /proc does not tell which interface an IPv4 address is on.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, sendto, socket_with,
};

use crate::host::{Address, Host, Unavailable};

const WHAT: &str = "addresses over netlink";
const RTM_GETADDR: u16 = 22;
const RTM_NEWADDR: u16 = 20;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
const NLM_F_REQUEST: u16 = 1;
const NLM_F_DUMP: u16 = 0x300;
const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;
const IFA_FLAGS: u16 = 8;
const IFA_F_PERMANENT: u32 = 0x80;
/// The kernel fills at most this much at a time.
const DATAGRAM_BYTES: usize = 32 << 10;

pub(in crate::host) fn addresses(host: &Host) -> Result<Vec<Address>, Unavailable> {
    if !host.is_live() {
        return Err(Unavailable::absent("netlink in a recorded tree"));
    }
    let names = super::interface::interfaces(host)?;
    let name = |index| {
        names
            .iter()
            .find(|interface| interface.index == index)
            .map_or_else(|| format!("#{index}"), |interface| interface.name.clone())
    };
    dump().map(|messages| {
        messages
            .iter()
            .flat_map(|datagram| Messages(datagram))
            .filter(|(kind, _)| *kind == RTM_NEWADDR)
            .filter_map(|(_, body)| parse(body, &name))
            .collect()
    })
}

/// All datagrams of the answer.
fn dump() -> Result<Vec<Vec<u8>>, Unavailable> {
    let broken = |error: rustix::io::Errno| Unavailable::io(WHAT, &error.into());
    let socket = socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        // Route netlink is the one without a name.
        None,
    )
    .map_err(broken)?;
    // nlmsghdr, then ifaddrmsg with the family left open.
    let mut request = Vec::with_capacity(24);
    request.extend(24_u32.to_ne_bytes());
    request.extend(RTM_GETADDR.to_ne_bytes());
    request.extend((NLM_F_REQUEST | NLM_F_DUMP).to_ne_bytes());
    request.extend([0; 16]);
    let kernel = SocketAddrNetlink::new(0, 0);
    sendto(&socket, &request, SendFlags::empty(), &kernel).map_err(broken)?;
    let mut datagrams = Vec::new();
    loop {
        let mut datagram = vec![0; DATAGRAM_BYTES];
        let (n, _) = recv(&socket, &mut datagram[..], RecvFlags::empty()).map_err(broken)?;
        datagram.truncate(n);
        let end = Messages(&datagram).find(|(kind, _)| matches!(*kind, NLMSG_DONE | NLMSG_ERROR));
        match end {
            Some((NLMSG_ERROR, _)) => return Err(Unavailable::broken(WHAT, "the kernel refused")),
            Some(_) => {
                datagrams.push(datagram);
                return Ok(datagrams);
            }
            None if n == 0 => return Err(Unavailable::broken(WHAT, "the answer ends early")),
            None => datagrams.push(datagram),
        }
    }
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

/// ifaddrmsg: family, prefix length, flags, scope, index; then attributes.
fn parse(body: &[u8], name: &dyn Fn(u32) -> String) -> Option<Address> {
    let (&prefix, &scope) = (body.get(1)?, body.get(3)?);
    let mut flags = u32::from(*body.get(2)?);
    let index = u32_at(body, 4)?;
    let mut attributes = body.get(8..)?;
    let (mut address, mut local) = (None, None);
    while let (Some(length), Some(kind)) = (u16_at(attributes, 0), u16_at(attributes, 2)) {
        let value = attributes.get(4..usize::from(length))?;
        match kind {
            IFA_ADDRESS => address = ip(value),
            IFA_LOCAL => local = ip(value),
            IFA_FLAGS => flags = u32_at(value, 0)?,
            _ => {}
        }
        attributes = attributes
            .get(usize::from(length).next_multiple_of(4)..)
            .unwrap_or_default();
    }
    Some(Address {
        interface: name(index),
        // On a point-to-point link IFA_ADDRESS is the other end's.
        ip: local.or(address)?,
        prefix,
        scope: match scope {
            0 => "global",
            200 => "site",
            253 => "link",
            254 => "host",
            _ => "other",
        },
        permanent: flags & IFA_F_PERMANENT != 0,
    })
}

fn ip(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(bytes).into());
    }
    <[u8; 16]>::try_from(bytes)
        .ok()
        .map(|bytes| Ipv6Addr::from(bytes).into())
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_message_is_understood() {
        // 192.0.2.2/24 on interface 2, of global scope, set for good.
        let mut body = vec![2, 24, 0x80, 0, 2, 0, 0, 0];
        body.extend([8, 0, 1, 0, 192, 0, 2, 2]);
        body.extend([8, 0, 2, 0, 192, 0, 2, 2]);
        body.extend([8, 0, 8, 0, 0x80, 0, 0, 0]);
        let address = parse(&body, &|index| format!("eth{index}")).unwrap();
        assert_eq!(address.ip.to_string(), "192.0.2.2");
        assert_eq!((address.prefix, address.scope), (24, "global"));
        assert_eq!(address.interface, "eth2");
        assert!(address.permanent);
    }

    #[test]
    fn a_cut_message_is_none() {
        assert_eq!(parse(&[2, 24, 0x80], &|_| String::new()), None);
        assert_eq!(Messages(&[200, 0, 0, 0, 20, 0]).next(), None);
    }

    #[test]
    fn this_machine_has_a_loopback_address() {
        let addresses = addresses(&Host::this()).unwrap();
        assert!(
            addresses.iter().any(|address| address.ip.is_loopback()),
            "{addresses:?}"
        );
    }
}
