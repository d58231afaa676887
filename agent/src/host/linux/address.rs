//! Addresses, over netlink: /proc does not tell which interface an IPv4 address is on.

use crate::host::{Address, Host, Term, Unavailable};

use super::netlink::{Attributes, dump, ip, u32_at};

const RTM_NEWADDR: u16 = 20;
const RTM_GETADDR: u16 = 22;
const IFADDRMSG_BYTES: usize = 8;
const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;
const IFA_CACHEINFO: u16 = 6;
const IFA_FLAGS: u16 = 8;
/// if_addr.h: another machine has answered for it (RFC 4862 §5.4).
const IFA_F_DADFAILED: u32 = 0x08;
const IFA_F_PERMANENT: u32 = 0x80;
const FOR_EVER: u32 = u32::MAX;

pub(in crate::host) fn addresses(host: &Host) -> Result<Vec<Address>, Unavailable> {
    if !host.is_live() {
        return Err(Unavailable::absent(Term::Recorded.of("netlink")));
    }
    let interfaces = super::interface::interfaces(host)?;
    let name = |index| {
        interfaces
            .iter()
            .find(|interface| interface.index == index)
            .map_or_else(|| format!("#{index}"), |interface| interface.name.clone())
    };
    let mut addresses = Vec::new();
    dump(
        Term::Addresses,
        RTM_GETADDR,
        IFADDRMSG_BYTES,
        &mut |kind, body| {
            if kind == RTM_NEWADDR {
                addresses.extend(parse(body, &name));
            }
        },
    )?;
    Ok(addresses)
}

/// ifaddrmsg: family, prefix length, flags, scope, index; then attributes.
fn parse(body: &[u8], name: &dyn Fn(u32) -> String) -> Option<Address> {
    let (&prefix, &scope) = (body.get(1)?, body.get(3)?);
    let mut flags = u32::from(*body.get(2)?);
    let index = u32_at(body, 4)?;
    let (mut address, mut local, mut valid_seconds) = (None, None, None);
    for (kind, value) in Attributes(body.get(IFADDRMSG_BYTES..)?) {
        match kind {
            IFA_ADDRESS => address = ip(value),
            IFA_LOCAL => local = ip(value),
            // ifa_cacheinfo: seconds that it is preferred, then seconds that it is valid.
            IFA_CACHEINFO => valid_seconds = u32_at(value, 4).filter(|of| *of != FOR_EVER),
            IFA_FLAGS => flags = u32_at(value, 0)?,
            _ => {}
        }
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
        valid_seconds,
        is_duplicate: flags & IFA_F_DADFAILED != 0,
    })
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
        assert!(address.permanent && !address.is_duplicate);
        assert_eq!(address.valid_seconds, None);
        body.extend([20, 0, 6, 0, 9, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        body[28] = 0x88;
        let address = parse(&body, &|index| format!("eth{index}")).unwrap();
        assert!(address.is_duplicate);
        assert_eq!(address.valid_seconds, Some(7));
        assert_eq!(parse(&[2, 24, 0x80], &|_| String::new()), None);
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
