//! Whether a thing beside this machine is there: its name, a way to it, echoes, a port.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use sonde_proto::asset::{AssetAddress, Barred, one_machine};

use super::{Address, Echoes, Host, Neighbour, Reached, Unavailable, os};

/// For a name, then for echoes and port at once: a check takes less than 1.8 s.
const NAME: Duration = Duration::from_millis(400);
const ANSWER: Duration = Duration::from_millis(1200);
const N_ECHOES: u32 = 5;

/// What was seen of a thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// The one of its addresses that was asked.
    pub address: IpAddr,
    /// It is on a link of this machine's own.
    pub is_beside: bool,
    pub echoes: Result<Echoes, Unavailable>,
    /// Of the neighbour table, after the question.
    pub neighbour: Neighbour,
    /// What became of a connection to its port, and how long that took; none: it has none.
    pub port: Option<(Reached, Duration)>,
}

/// Why nobody was asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Unasked {
    NoName,
    /// Nobody answers for the name.
    Unresolved,
    /// Its name leads to what is not one other machine.
    Barred(IpAddr, Barred),
    /// This machine knows no way there.
    NoWay(IpAddr),
    Untold(Unavailable),
}

impl Host {
    /// Looks for one thing at one of its addresses. What is not one other machine is not asked.
    pub async fn look_for(&self, asset: &AssetAddress) -> Result<Sight, Unasked> {
        let found = tokio::time::timeout(NAME, self.addresses_of(&asset.host)).await;
        let found = match found {
            Ok(Ok(found)) if found.is_empty() => return Err(Unasked::NoName),
            Ok(Ok(found)) => found,
            Ok(Err(_)) | Err(_) => return Err(Unasked::Unresolved),
        };
        let own = self.addresses().unwrap_or_default();
        let mut refused = Unasked::NoName;
        for address in found {
            if let Err(why) = another(address, &own) {
                refused = Unasked::Barred(address, why);
                continue;
            }
            match self.next_hop(address) {
                Ok(Some(hop)) if hop.is_local => {
                    refused = Unasked::Barred(address, Barred::Itself);
                }
                Ok(Some(hop)) => {
                    let is_beside = hop.gateway.is_none();
                    return Ok(self.ask(asset, address, &hop.interface, is_beside).await);
                }
                Ok(None) => refused = Unasked::NoWay(address),
                Err(why) => refused = Unasked::Untold(why),
            }
        }
        Err(refused)
    }

    async fn ask(
        &self,
        asset: &AssetAddress,
        address: IpAddr,
        interface: &str,
        is_beside: bool,
    ) -> Sight {
        let connect = async {
            let to = (address, asset.port?).into();
            let began = Instant::now();
            let reached = self.reach(to, ANSWER).await;
            Some((reached, began.elapsed()))
        };
        let echoes = os::echoes(address, interface, N_ECHOES, ANSWER);
        let (echoes, port) = tokio::join!(echoes, connect);
        Sight {
            address,
            is_beside,
            echoes,
            neighbour: match is_beside {
                true => self.neighbour(address, interface),
                false => Neighbour::Unknown,
            },
            port,
        }
    }
}

/// Whether an address is one other machine's, as far as this machine's own addresses tell: the first and the last of a
/// network of its own stand for all of it.
fn another(address: IpAddr, own: &[Address]) -> Result<(), Barred> {
    one_machine(address)?;
    let address = address.to_canonical();
    if own.iter().any(|one| one.ip == address) {
        return Err(Barred::Itself);
    }
    let IpAddr::V4(to) = address else {
        return Ok(());
    };
    for one in own {
        let IpAddr::V4(ours) = one.ip else {
            continue;
        };
        // RFC 3021: the two of a link of two are both machines.
        let hosts = match one.prefix {
            prefix @ 0..=30 => u32::MAX >> prefix,
            _ => continue,
        };
        let is_of_it = (u32::from(ours) ^ u32::from(to)) & !hosts == 0;
        let host = u32::from(to) & hosts;
        if is_of_it && (host == 0 || host == hosts) {
            return Err(Barred::Several);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: Result<(), Barred>) {
        let own = [("198.18.0.2", 30), ("10.1.2.3", 8), ("192.0.2.0", 31)];
        let four = own.map(|(ip, prefix)| (ip.parse().unwrap(), prefix));
        let six = ("2001:db8::5".parse().unwrap(), 64);
        let own = four.into_iter().chain([six]).map(|(ip, prefix)| Address {
            interface: "eth0".into(),
            ip,
            prefix,
            scope: "global",
            permanent: true,
            valid_seconds: None,
            is_duplicate: false,
        });
        let own: Vec<Address> = own.collect();
        assert_eq!(
            another(address.parse().unwrap(), &own),
            expected,
            "{address}"
        );
    }

    #[test]
    fn a_network_is_no_machine_and_neither_is_oneself() {
        check("198.18.0.1", Ok(()));
        check("198.18.0.2", Err(Barred::Itself));
        check("198.18.0.0", Err(Barred::Several));
        check("198.18.0.3", Err(Barred::Several));
        check("10.255.255.255", Err(Barred::Several));
        check("10.1.2.255", Ok(()));
        check("192.0.2.1", Ok(()));
        check("203.0.113.255", Ok(()));
        check("::ffff:198.18.0.2", Err(Barred::Itself));
        check("2001:db8::5", Err(Barred::Itself));
        check("2001:db8::6", Ok(()));
        check("ff02::1", Err(Barred::Several));
    }

    #[tokio::test]
    async fn this_machine_is_not_asked_for_itself() {
        let of = |host: &str| AssetAddress {
            host: host.to_owned(),
            port: Some(1),
        };
        let host = Host::this();
        let itself = |address: &str| Err(Unasked::Barred(address.parse().unwrap(), Barred::Itself));
        assert_eq!(host.look_for(&of("127.0.0.1")).await, itself("127.0.0.1"));
        assert_eq!(host.look_for(&of("::1")).await, itself("::1"));
        let several = Unasked::Barred("224.0.0.1".parse().unwrap(), Barred::Several);
        assert_eq!(host.look_for(&of("224.0.0.1")).await, Err(several));
    }
}
