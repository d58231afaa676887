//! Addresses that the machine has for a time.

use std::net::IpAddr;

use super::{Host, Unavailable, os};

/// A lease as a DHCP client keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub interface: String,
    pub address: IpAddr,
    /// Who keeps it: `systemd-networkd`, `NetworkManager`, `dhclient`, `dhcpcd`.
    pub client: &'static str,
    pub server: Option<IpAddr>,
    pub lifetime_seconds: Option<u64>,
    /// Microseconds since 1970 UTC. Absent: never, or it is not told.
    pub expires_us: Option<i64>,
}

impl Host {
    /// What the DHCP clients of this machine keep. None where addresses are set by hand.
    pub fn leases(&self) -> Result<Vec<Lease>, Unavailable> {
        os::leases(self)
    }

    /// DHCP clients that run as programs of their own.
    pub fn lease_clients(&self) -> Result<Vec<&'static str>, Unavailable> {
        os::lease_clients(self)
    }
}
