//! Interfaces, addresses, routes, name servers, listeners.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::{Host, Unavailable, os};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    pub name: String,
    pub index: u32,
    /// `ethernet`, `wifi`, `loopback`, `bridge`, `bond`, `vlan`, `tunnel`, `veth`, `virtual`, `other`.
    pub kind: String,
    pub mac: Option<String>,
    pub mtu: u32,
    /// Someone wants it up.
    pub up: bool,
    /// A cable, a radio link. Absent while it is not up.
    pub carrier: Option<bool>,
    /// Bits per second.
    pub speed: Option<u64>,
    pub full_duplex: Option<bool>,
    pub driver: Option<String>,
    /// Hardware of this machine, or what a hypervisor shows as such.
    pub physical: bool,
    /// The bridge, bond or the like that it is a part of.
    pub master: Option<String>,
}

/// Since the interface was made (kernel: Documentation/networking/statistics.rst).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InterfaceCounters {
    pub received_bytes: u64,
    pub received_packets: u64,
    pub receive_errors: u64,
    pub receive_drops: u64,
    pub multicast: u64,
    pub sent_bytes: u64,
    pub sent_packets: u64,
    pub send_errors: u64,
    pub send_drops: u64,
    pub collisions: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub interface: String,
    pub ip: IpAddr,
    pub prefix: u8,
    /// `global`, `link`, `host`, `site`.
    pub scope: &'static str,
    /// Set by hand or by a program, not learnt from the network.
    pub permanent: bool,
    /// Absent: for ever.
    pub valid_seconds: Option<u32>,
    /// The kernel has found it on another machine.
    pub is_duplicate: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    V4,
    V6,
}

impl Family {
    pub fn name(self) -> &'static str {
        match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        }
    }
}

/// A route of the main table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub family: Family,
    pub destination: IpAddr,
    pub prefix: u8,
    pub gateway: Option<IpAddr>,
    pub interface: String,
    pub metric: u32,
}

impl Route {
    pub fn is_default(&self) -> bool {
        self.prefix == 0
    }
}

/// Who keeps the name servers that an interface is asked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolver {
    /// systemd-resolved.
    Resolved {
        /// Those that a program has set for the interface.
        servers: Vec<String>,
    },
    /// A file that somebody writes by hand.
    File { text: String },
    /// A file that another program writes.
    Managed,
}

/// A name server that programs of this machine ask, or that its stub resolver asks for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameServer {
    pub address: IpAddr,
    /// Number of the interface behind which a link-local address lies (RFC 4007); 0 for others.
    pub scope_id: u32,
    pub position: u32,
    /// The file that names it.
    pub source: &'static str,
    pub search: Vec<String>,
}

/// What /etc/resolv.conf is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolverFile {
    Missing,
    /// A link to what is not there.
    Dangling {
        target: String,
    },
    Read {
        /// Not only by its owner.
        by_all: bool,
        n_servers: usize,
        /// What stands where an address of a name server should.
        wrong: Vec<String>,
    },
}

/// A line of /etc/hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostsEntry {
    pub line: u32,
    pub address: IpAddr,
    pub names: Vec<String>,
}

impl HostsEntry {
    /// Whether it is about `name`.
    pub fn names(&self, name: &str) -> bool {
        self.names.iter().any(|one| one.eq_ignore_ascii_case(name))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// `tcp` or `udp`.
    pub protocol: &'static str,
    pub address: SocketAddr,
    pub user_id: u32,
    /// Absent: this user may not see whose it is.
    pub pid: Option<u32>,
    pub program: Option<String>,
}

/// Room for outgoing connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PortRoom {
    /// That the kernel gives to outgoing connections.
    pub n_ports: u64,
    /// Sockets, those included that wait for others, or for their end.
    pub n_tcp: u64,
    pub n_udp: u64,
    /// Connections that the firewall follows, and how many it can.
    pub followed: Option<(u64, u64)>,
}

/// How many ports are taken for one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortUse {
    /// `192.0.2.7:443`.
    pub target: String,
    pub n_ports: u64,
}

/// What the neighbour table says of an address on the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neighbour {
    /// It has answered just now.
    Known,
    /// Nobody asks on this link, or the entry was made by hand.
    Unasked,
    /// It has answered some time ago.
    Stale,
    /// It was asked and does not answer.
    Failed,
    /// Nobody has asked, or the table does not say.
    Unknown,
}

/// A line of the neighbour table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeighbourEntry {
    pub interface: String,
    pub address: IpAddr,
    pub mac: Option<String>,
    pub state: Neighbour,
}

/// What became of one ICMP echo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Echo {
    Answered {
        after: Duration,
    },
    Silent,
    /// There is no way there: the operating system's words.
    Unreachable {
        why: String,
    },
}

impl Host {
    pub fn interfaces(&self) -> Result<Vec<Interface>, Unavailable> {
        os::interfaces(self)
    }

    /// Gives `visit` each interface's name and counters.
    pub fn interface_counters(
        &self,
        visit: &mut dyn FnMut(&str, InterfaceCounters),
    ) -> Result<(), Unavailable> {
        os::interface_counters(self, visit)
    }

    pub fn addresses(&self) -> Result<Vec<Address>, Unavailable> {
        os::addresses(self)
    }

    /// Routes of the main table, of both families.
    pub fn routes(&self) -> Result<Vec<Route>, Unavailable> {
        os::routes(self)
    }

    pub fn name_servers(&self) -> Result<Vec<NameServer>, Unavailable> {
        os::name_servers(self)
    }

    pub fn resolver_file(&self) -> Result<ResolverFile, Unavailable> {
        os::resolver_file(self)
    }

    /// In the order of the file.
    pub fn hosts_entries(&self) -> Result<Vec<HostsEntry>, Unavailable> {
        os::hosts_entries(self)
    }

    /// Who keeps the name servers of `interface`. `Absent`: there is no such interface.
    pub fn resolver(&self, interface: &str) -> Result<Resolver, Unavailable> {
        os::resolver(self, interface)
    }

    /// The whole of /etc/hosts; bytes that are no text are U+FFFD.
    pub fn hosts_file(&self) -> Result<String, Unavailable> {
        os::hosts_file(self)
    }

    /// Whether this is a container, as its manager has marked it.
    pub fn is_container(&self) -> bool {
        os::is_container(self)
    }

    /// A container that was made without a network.
    pub fn is_isolated(&self) -> bool {
        let is_alone = |all: Vec<Interface>| all.iter().all(|one| one.kind == "loopback");
        self.is_container() && self.interfaces().is_ok_and(is_alone)
    }

    /// This machine's name, as its kernel has it.
    pub fn name(&self) -> Option<String> {
        os::name(self)
    }

    /// Names and addresses of the servers that this machine's time daemons are told to ask.
    pub fn time_servers(&self) -> Vec<String> {
        os::time_servers(self)
    }

    /// Sockets that wait for others. Slow with many processes: for a worker.
    pub fn listeners(&self) -> Result<Vec<Listener>, Unavailable> {
        os::listeners(self)
    }

    pub fn neighbour(&self, address: IpAddr, interface: &str) -> Neighbour {
        os::neighbour(self, address, interface)
    }

    pub fn port_room(&self) -> Result<PortRoom, Unavailable> {
        os::port_room(self)
    }

    /// The target to which most ports are taken. Slow with many connections: for a worker.
    pub fn most_used_ports(&self) -> Result<Option<PortUse>, Unavailable> {
        os::most_used_ports(self)
    }

    pub fn neighbours(&self) -> Result<Vec<NeighbourEntry>, Unavailable> {
        os::neighbours(self)
    }

    /// MAC addresses of other machines that say they have `address` too (RFC 5227 §2.1.1). Permission: only an
    /// administrator may ask.
    pub async fn other_owners(
        &self,
        address: Ipv4Addr,
        interface: &str,
    ) -> Result<Vec<String>, Unavailable> {
        os::other_owners(self, address, interface).await
    }

    /// Asks the neighbour itself whether it is there, now, and waits for its answer. Permission: only an
    /// administrator may.
    pub async fn ask_neighbour(
        &self,
        address: IpAddr,
        interface: &str,
        deadline: Duration,
    ) -> Result<Neighbour, Unavailable> {
        os::ask_neighbour(self, address, interface, deadline).await
    }

    /// One ICMP echo of `bytes` (the whole IP packet) that no one may cut, as `echo`.
    pub async fn echo_of(
        &self,
        address: IpAddr,
        interface: &str,
        bytes: u32,
        deadline: Duration,
    ) -> Result<Echo, Unavailable> {
        os::echo_of(address, interface, bytes, deadline).await
    }

    /// One ICMP echo to `address`, which leaves by `interface` where that matters.
    pub async fn echo(
        &self,
        address: IpAddr,
        interface: &str,
        deadline: Duration,
    ) -> Result<Echo, Unavailable> {
        os::echo(address, interface, deadline).await
    }
}
