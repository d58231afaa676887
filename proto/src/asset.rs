//! Where a thing without an agent is, which a device beside it may be asked to look for: one parser for both ends of the
//! wire, and whom such a question is never put to.

use std::fmt::{self, Display};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::target::{is_host, number, split};

/// Characters of an address.
pub const LONGEST: usize = 253;

/// The address of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AssetAddress {
    /// Name or address, without brackets.
    pub host: String,
    /// On which it takes connections; none: it is asked for its address alone.
    pub port: Option<u16>,
}

/// Why a text is no such address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongAddress {
    #[error("it is longer than {LONGEST} characters")]
    Long,
    #[error("{0:?} is neither a name nor an address")]
    Host(String),
    #[error("a port is a number from 1 to 65535")]
    Port,
    #[error("{host} is not one thing's: {why}")]
    Barred { host: String, why: Barred },
}

/// What every refusal of an address can go on with.
pub const REMEDY: &str = "write it as 192.0.2.7, 2001:db8::7 or printer.example";

/// Whom an address stands for, if not for one other machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    #[error("it is nobody's")]
    Nobody,
    #[error("it is that of the machine itself")]
    Itself,
    #[error("it stands for several")]
    Several,
    #[error("it holds on one link alone, and does not say on which")]
    OneLink,
}

impl AssetAddress {
    /// From a host and a port that were given apart. An address of IPv6 may stand in brackets.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of(host: &str, port: Option<u16>) -> Result<Self, WrongAddress> {
        if host.chars().count() > LONGEST {
            return Err(WrongAddress::Long);
        }
        if port == Some(0) {
            return Err(WrongAddress::Port);
        }
        let bare = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let address: Option<IpAddr> = match bare {
            Some(bare) => bare.parse::<Ipv6Addr>().ok().map(IpAddr::from),
            None => host.parse().ok(),
        };
        let barred = |host: &str, why| WrongAddress::Barred {
            host: host.to_owned(),
            why,
        };
        let host = match address {
            Some(address) => {
                let address = address.to_canonical();
                one_machine(address).map_err(|why| barred(&address.to_string(), why))?;
                address.to_string()
            }
            None if is_host(host) => host.to_ascii_lowercase(),
            None => return Err(WrongAddress::Host(host.to_owned())),
        };
        // RFC 6761 §6.3
        match host == "localhost" || host.ends_with(".localhost") {
            true => Err(barred(&host, Barred::Itself)),
            false => Ok(Self { host, port }),
        }
    }

    /// From one text, as [`Display`] writes it: host or host:port, an address of IPv6 in brackets.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, WrongAddress> {
        let (host, port) = split(text).map_err(|_| WrongAddress::Host(text.to_owned()))?;
        let port = match port {
            Some(port) => Some(number(port).ok_or(WrongAddress::Port)?),
            None => None,
        };
        Self::of(&host, port)
    }
}

impl Display for AssetAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]", self.host)?,
            false => f.write_str(&self.host)?,
        }
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// Whether an address stands for one other machine; whatever a name leads to is held against it too.
///
/// # Errors
/// Whom it stands for instead.
pub fn one_machine(address: IpAddr) -> Result<(), Barred> {
    match address.to_canonical() {
        IpAddr::V4(address) => one_of_four(address),
        IpAddr::V6(address) => one_of_six(address),
    }
}

fn one_of_four(address: Ipv4Addr) -> Result<(), Barred> {
    if address.is_loopback() {
        return Err(Barred::Itself);
    }
    if address.is_multicast() || address.is_broadcast() {
        return Err(Barred::Several);
    }
    // RFC 1122 §3.2.1.3: "this network"; RFC 1112 §4: reserved.
    match address.octets()[0] {
        0 | 240.. => Err(Barred::Nobody),
        _ => Ok(()),
    }
}

fn one_of_six(address: Ipv6Addr) -> Result<(), Barred> {
    if address.is_unspecified() {
        return Err(Barred::Nobody);
    }
    if address.is_loopback() {
        return Err(Barred::Itself);
    }
    if address.is_multicast() {
        return Err(Barred::Several);
    }
    match address.is_unicast_link_local() {
        true => Err(Barred::OneLink),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(host: &str, port: Option<u16>, expected: &str) {
        let said = match AssetAddress::of(host, port) {
            Ok(address) => {
                let text = address.to_string();
                assert_eq!(AssetAddress::parse(&text), Ok(address), "{text}");
                text
            }
            Err(wrong) => wrong.to_string(),
        };
        assert_eq!(said, expected, "{host:?}");
    }

    #[test]
    fn a_name_or_an_address_with_a_port_or_without() {
        check("192.0.2.7", None, "192.0.2.7");
        check("192.0.2.7", Some(9100), "192.0.2.7:9100");
        check("Printer-3.Example", Some(631), "printer-3.example:631");
        check("printer_3", None, "printer_3");
        check("2001:DB8::7", None, "[2001:db8::7]");
        check("[2001:db8::7]", Some(80), "[2001:db8::7]:80");
        check("::ffff:192.0.2.7", Some(80), "192.0.2.7:80");
        check("169.254.3.4", None, "169.254.3.4");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "", "a b", "192.0.2", "http://h", "h:80", "h/", "me@h", "*", "[::g]", "a..b",
        ] {
            check(
                text,
                None,
                &format!("{text:?} is neither a name nor an address"),
            );
        }
        check(&"x".repeat(254), None, "it is longer than 253 characters");
        check("h", Some(0), "a port is a number from 1 to 65535");
        for text in ["h:", "h:0", "h:65536", "h:x"] {
            assert_eq!(AssetAddress::parse(text), Err(WrongAddress::Port), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_other_machine_is_never_asked() {
        for (text, why) in [
            ("0.0.0.0", "it is nobody's"),
            ("0.1.2.3", "it is nobody's"),
            ("240.0.0.1", "it is nobody's"),
            ("::", "it is nobody's"),
            ("127.0.0.1", "it is that of the machine itself"),
            ("127.9.9.9", "it is that of the machine itself"),
            ("::1", "it is that of the machine itself"),
            ("localhost", "it is that of the machine itself"),
            ("a.localhost", "it is that of the machine itself"),
            ("224.0.0.251", "it stands for several"),
            ("255.255.255.255", "it stands for several"),
            ("ff02::1", "it stands for several"),
            (
                "fe80::1",
                "it holds on one link alone, and does not say on which",
            ),
        ] {
            check(text, Some(80), &format!("{text} is not one thing's: {why}"));
        }
        let hidden = AssetAddress::of("::ffff:127.0.0.1", None);
        let host = "127.0.0.1".to_owned();
        let why = Barred::Itself;
        assert_eq!(hidden, Err(WrongAddress::Barred { host, why }));
        let mapped: IpAddr = "::ffff:224.0.0.1".parse().unwrap();
        assert_eq!(one_machine(mapped), Err(Barred::Several));
    }
}
