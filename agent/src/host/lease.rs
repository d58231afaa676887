//! Addresses that the machine has for a time.

use std::net::IpAddr;

use super::{Host, Process, Unavailable, os};

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

/// Who asks for an interface's address, and what is needed to have it ask again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeaseKeeper {
    NetworkManager {
        /// Id of the profile that the interface has.
        profile: String,
    },
    Networkd,
    Dhcpcd,
    Dhclient {
        /// Absent: it does not run any more.
        process: Option<Process>,
        /// Of the process, its own name first.
        arguments: Vec<String>,
    },
}

impl Host {
    /// Who keeps the lease of `interface`; none where its address is set by hand. `Absent`: there is no such interface.
    pub fn lease_keeper(&self, interface: &str) -> Result<Option<LeaseKeeper>, Unavailable> {
        os::lease_keeper(self, interface)
    }

    /// What the DHCP clients of this machine keep. None where addresses are set by hand.
    pub fn leases(&self) -> Result<Vec<Lease>, Unavailable> {
        os::leases(self)
    }

    /// DHCP clients that run as programs of their own.
    pub fn lease_clients(&self) -> Result<Vec<&'static str>, Unavailable> {
        os::lease_clients(self)
    }
}
