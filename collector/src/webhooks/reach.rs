//! Which addresses a message is sent to: those of the public internet, and those that the collector's configuration
//! names. Judged is the address that is dialled, whatever name led to it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::Deserialize;

/// A range of addresses: `10.1.0.0/16`, `fd00::/8`; without a length one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Range {
    first: IpAddr,
    length: u8,
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no range of addresses: write 10.1.0.0/16 or fd00::/8");
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().map_err(|_| wrong())?;
        let whole = if first.is_ipv4() { 32 } else { 128 };
        let length: u8 = match length {
            Some(length) => length.parse().map_err(|_| wrong())?,
            None => whole,
        };
        if length > whole {
            return Err(wrong());
        }
        let range = Self { first, length };
        match bits(first) & !range.mask() {
            0 => Ok(range),
            _ => Err(format!("{text:?} has bits beyond its length")),
        }
    }
}

impl TryFrom<String> for Range {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl Range {
    fn mask(&self) -> u128 {
        let width = if self.first.is_ipv4() { 32 } else { 128 };
        let ones = u128::MAX >> (128 - width);
        let hosts = width - u32::from(self.length);
        ones.checked_shr(width - hosts)
            .map_or(ones, |low| ones & !low)
    }

    fn holds(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.first.is_ipv4() && bits(address) & self.mask() == bits(self.first)
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}

/// What may be reached.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach {
    /// Beside what is public.
    pub(crate) allowed: Vec<Range>,
}

impl Reach {
    /// Every address: whoever runs the program chooses for themselves.
    pub(crate) fn everywhere() -> Self {
        let all = |first: IpAddr| Range { first, length: 0 };
        Self {
            allowed: vec![
                all(Ipv4Addr::UNSPECIFIED.into()),
                all(Ipv6Addr::UNSPECIFIED.into()),
            ],
        }
    }

    /// Whether this address may be dialled. An IPv4 address that is written as one of IPv6 is judged as what it is.
    pub(crate) fn may_dial(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.allowed.iter().any(|range| range.holds(address))
    }
}

/// IPv4 that is not of the public internet (IANA IPv4 Special-Purpose Address Registry, and multicast).
const NOT_PUBLIC: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Of it 169.254.169.254, where clouds tell a machine its secrets.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Of IPv6 only 2000::/3 is given out (IANA IPv6 Address Space); so neither loopback, link-local, unique local, multicast nor
/// NAT64 (64:ff9b::/96, 64:ff9b:1::/48) is in it. Of it these are not public, or carry an IPv4 address that would be
/// dialled behind it (IANA IPv6 Special-Purpose Address Registry).
const NOT_PUBLIC_6: &[(Ipv6Addr, u8)] = &[
    // Teredo, benchmarks, ORCHID and others.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    // 6to4.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

const GIVEN_OUT: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

fn is_public(address: IpAddr) -> bool {
    let within = |first: IpAddr, length: u8| Range { first, length }.holds(address);
    match address {
        IpAddr::V4(_) => !NOT_PUBLIC
            .iter()
            .any(|(first, length)| within((*first).into(), *length)),
        IpAddr::V6(_) => {
            within(GIVEN_OUT.0.into(), GIVEN_OUT.1)
                && !NOT_PUBLIC_6
                    .iter()
                    .any(|(first, length)| within((*first).into(), *length))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(allowed: &[&str], addresses: &[&str], expected: bool) {
        let allowed = allowed.iter().map(|range| range.parse().unwrap()).collect();
        let reach = Reach { allowed };
        for address in addresses {
            assert_eq!(
                reach.may_dial(address.parse().unwrap()),
                expected,
                "{address}"
            );
        }
    }

    #[test]
    fn only_the_public_internet_is_reached() {
        let public = [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "2001:4860:4860::8888",
            "2606:4700::1111",
        ];
        check(&[], &public, true);
        let private = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.168.1.1",
            "198.19.255.255",
            "224.0.0.1",
            "239.1.1.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "fec0::1",
            "100::1",
            "4000::1",
        ];
        check(&[], &private, false);
    }

    #[test]
    fn an_ipv4_address_inside_one_of_ipv6_leads_nowhere_else() {
        let wrapped = [
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::1.1.1.1",
            "64:ff9b:1::7f00:1",
            "2002:7f00:1::",
            "2002:101:101::",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        ];
        check(&[], &wrapped, false);
    }

    #[test]
    fn what_the_configuration_names_is_reached_too_and_nothing_beside_it() {
        let allowed = ["10.1.0.0/16", "127.0.0.2", "fd00:1::/32", "64:ff9b::/96"];
        let inside = [
            "10.1.2.3",
            "::ffff:10.1.0.0",
            "127.0.0.2",
            "fd00:1::9",
            "64:ff9b::1.1.1.1",
        ];
        check(&allowed, &inside, true);
        check(
            &allowed,
            &["10.2.0.1", "127.0.0.1", "fd00:2::9", "::a01:203"],
            false,
        );
        check(&["0.0.0.0/0"], &["127.0.0.1", "10.0.0.1"], true);
        check(&["0.0.0.0/0"], &["::1"], false);
        check(&["::/0"], &["::1", "fd00::1"], true);
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for bad in [
            "",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "fd00::/129",
            "example.com",
            "10.0.0.0/",
            "10.0.0.0/-1",
        ] {
            assert!(bad.parse::<Range>().is_err(), "{bad}");
        }
    }
}
