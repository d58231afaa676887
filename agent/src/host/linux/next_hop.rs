//! The way that the kernel would send a packet, over netlink; nothing is sent.

use std::net::IpAddr;

use rustix::io::Errno;

use crate::host::{Host, NextHop, Term, Unavailable};

use super::netlink::{Attributes, attribute, get, ip, u32_at};

const RTM_NEWROUTE: u16 = 24;
const RTM_GETROUTE: u16 = 26;
const RTMSG_BYTES: usize = 12;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
/// rtnetlink.h
const RTN_UNICAST: u8 = 1;
const RTN_LOCAL: u8 = 2;
const RTA_DST: u16 = 1;
const RTA_OIF: u16 = 4;
const RTA_GATEWAY: u16 = 5;
const RTA_METRICS: u16 = 8;
const RTAX_MTU: u16 = 2;
/// Flags of an attribute's type are not part of it.
const TYPE: u16 = 0x3fff;

pub(in crate::host) fn next_hop(host: &Host, to: IpAddr) -> Result<Option<NextHop>, Unavailable> {
    const WHAT: Term = Term::Routing;
    if !host.is_live() {
        return Err(Unavailable::absent(Term::Recorded.of("netlink")));
    }
    let found = get(RTM_GETROUTE, &question(to), |kind, body| {
        (kind == RTM_NEWROUTE).then(|| parse(body)).flatten()
    });
    match found {
        Ok((kind, index, gateway, mtu)) if [RTN_UNICAST, RTN_LOCAL].contains(&kind) => {
            let interfaces = super::interface::interfaces(host)?;
            let interface = interfaces.into_iter().find(|one| one.index == index);
            Ok(interface.map(|interface| NextHop {
                mtu: mtu.unwrap_or(interface.mtu),
                interface: interface.name,
                gateway,
                is_local: kind == RTN_LOCAL,
            }))
        }
        Ok(_) => Ok(None),
        // No route, or one that says unreachable, prohibited or blackhole.
        Err(Errno::NETUNREACH | Errno::HOSTUNREACH | Errno::ACCESS | Errno::INVAL) => Ok(None),
        Err(error) => Err(Unavailable::io(WHAT, &error.into())),
    }
}

/// rtmsg: family, lengths of destination and source, tos, table, protocol, scope, type, flags; then attributes.
fn question(to: IpAddr) -> Vec<u8> {
    let (family, octets) = match to {
        IpAddr::V4(to) => (AF_INET, to.octets().to_vec()),
        IpAddr::V6(to) => (AF_INET6, to.octets().to_vec()),
    };
    let mut body = vec![0; RTMSG_BYTES];
    body[0] = family;
    body[1] = octets.len() as u8 * 8;
    attribute(&mut body, RTA_DST, &octets);
    body
}

type Parsed = (u8, u32, Option<IpAddr>, Option<u32>);

/// Type, interface, gateway and what of the path's MTU has been learnt or set.
fn parse(body: &[u8]) -> Option<Parsed> {
    let kind = *body.get(7)?;
    let (mut index, mut gateway, mut mtu) = (0, None, None);
    for (attribute, value) in Attributes(body.get(RTMSG_BYTES..)?) {
        match attribute & TYPE {
            RTA_OIF => index = u32_at(value, 0)?,
            RTA_GATEWAY => gateway = ip(value),
            RTA_METRICS => {
                let set = Attributes(value).find(|(metric, _)| metric & TYPE == RTAX_MTU);
                mtu = set.and_then(|(_, value)| u32_at(value, 0));
            }
            _ => {}
        }
    }
    Some((kind, index, gateway, mtu))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_answer_is_understood() {
        let mut body = vec![2, 32, 0, 0, 254, 0, 0, 1, 0, 0, 0, 0];
        attribute(&mut body, RTA_OIF, &4_u32.to_ne_bytes());
        attribute(&mut body, RTA_GATEWAY, &[192, 0, 2, 1]);
        let mut metrics = Vec::new();
        attribute(&mut metrics, RTAX_MTU, &1300_u32.to_ne_bytes());
        attribute(&mut body, RTA_METRICS | 0x8000, &metrics);
        let gateway = IpAddr::from([192, 0, 2, 1]);
        assert_eq!(parse(&body), Some((1, 4, Some(gateway), Some(1300))));
        assert_eq!(parse(&body[..10]), None);
    }

    #[test]
    fn this_machine_is_its_own_neighbour() {
        let hop = next_hop(&Host::this(), [127, 0, 0, 1].into());
        let hop = hop.unwrap().unwrap();
        assert_eq!((hop.interface.as_str(), hop.is_local), ("lo", true));
    }
}
