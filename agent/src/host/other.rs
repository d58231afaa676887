//! An operating system that Sonde does not read itself yet: what sysinfo tells, and the reason for the rest.

mod change;
mod upkeep;
mod user;

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::{
    Address, BlockedUnit, CacheFile, Chain, ClockState, ConfiguredMount, Cpu, CpuCounters,
    CpuTimes, DeletedFiles, Descriptors, Disk, DiskCounters, Echo, Echoes, Filesystem, HeldFile,
    Host, HostsEntry, Interface, InterfaceCounters, Lease, LeaseKeeper, Listener, Load, LogQuery,
    LogRecord, Mask, Memory, MountUser, NameServer, Neighbour, NeighbourEntry, NextHop, OomLog, Os,
    OwnCost, Package, PackageChange, PackageLock, Paging, PortRoom, PortUse, Pressure, Process,
    Proxy, RebootNeed, Resolver, ResolverFile, Resource, Restarting, Route, Service, Session,
    Sockets, StuckProcess, System, TaskLimit, Temperature, Term, Unavailable, Usage, User,
};

pub(super) use change::{change_line, release, remove, renice, signal};
pub(super) use upkeep::{
    authorities, batteries, boots, certificates, crashes, disk_health, error_log, kernel_marks,
    lists_fetched_us, may_set_clock, memory_errors, raids, sensors, throttling, time_daemons,
    timers, updates,
};
#[cfg(unix)]
pub(super) use user::account;
pub(super) use user::{become_user, is_root, is_user};

fn unknown<T>(what: Term) -> Result<T, Unavailable> {
    Err(Unavailable::Unsupported { what: what.into() })
}

/// What sysinfo reads from; nothing is read yet.
fn look() -> Result<sysinfo::System, Unavailable> {
    sysinfo::System::new().map_err(|error| Unavailable::broken(Term::System, error.to_string()))
}

pub(super) fn filesystems(_: &Host) -> Result<Vec<Filesystem>, Unavailable> {
    unknown(Term::Filesystems)
}

pub(super) fn usage(_: &Host, _: &str) -> Result<Usage, Unavailable> {
    unknown(Term::FreeRoom)
}

pub(super) fn disks(_: &Host) -> Result<Vec<Disk>, Unavailable> {
    unknown(Term::Disks)
}

pub(super) fn disk_counters(
    _: &Host,
    _: &mut dyn FnMut(&str, DiskCounters),
) -> Result<(), Unavailable> {
    unknown(Term::DiskCounters)
}

pub(super) fn cache_files(_: &Host, _: usize) -> Result<Vec<CacheFile>, Unavailable> {
    unknown(Term::Caches)
}

pub(super) fn old_logs(_: &Host, _: Duration, _: usize) -> Result<Vec<CacheFile>, Unavailable> {
    unknown(Term::OldLogs)
}

pub(super) fn interfaces(_: &Host) -> Result<Vec<Interface>, Unavailable> {
    unknown(Term::Interfaces)
}

pub(super) fn interface_counters(
    _: &Host,
    _: &mut dyn FnMut(&str, InterfaceCounters),
) -> Result<(), Unavailable> {
    unknown(Term::InterfaceCounters)
}

pub(super) fn addresses(_: &Host) -> Result<Vec<Address>, Unavailable> {
    unknown(Term::Addresses)
}

pub(super) fn routes(_: &Host) -> Result<Vec<Route>, Unavailable> {
    unknown(Term::Routes)
}

pub(super) fn name_servers(_: &Host) -> Result<Vec<NameServer>, Unavailable> {
    unknown(Term::NameServers)
}

pub(super) fn resolver(_: &Host, _: &str) -> Result<Resolver, Unavailable> {
    unknown(Term::NameServerKeeper)
}

pub(super) fn resolver_file(_: &Host) -> Result<ResolverFile, Unavailable> {
    unknown(Term::NameServers)
}

pub(super) fn hosts_entries(_: &Host) -> Result<Vec<HostsEntry>, Unavailable> {
    unknown(Term::SettledNames)
}

pub(super) fn hosts_file(_: &Host) -> Result<String, Unavailable> {
    unknown(Term::SettledNames)
}

pub(super) fn time_servers(_: &Host) -> Vec<String> {
    Vec::new()
}

pub(super) fn proxy_variables(_: &Host) -> Vec<(String, String, &'static str)> {
    Vec::new()
}

pub(super) fn proxies(_: &Host) -> Vec<Proxy> {
    Vec::new()
}

pub(super) fn is_container(_: &Host) -> bool {
    false
}

pub(super) fn name(_: &Host) -> Option<String> {
    sysinfo::System::host_name().ok()
}

pub(super) fn next_hop(_: &Host, _: IpAddr) -> Result<Option<NextHop>, Unavailable> {
    unknown(Term::Routing)
}

pub(super) fn port_room(_: &Host) -> Result<PortRoom, Unavailable> {
    unknown(Term::Ports)
}

pub(super) fn most_used_ports(_: &Host) -> Result<Option<PortUse>, Unavailable> {
    unknown(Term::Ports)
}

pub(super) fn chains(_: &Host) -> Result<Vec<Chain>, Unavailable> {
    unknown(Term::PacketFilter)
}

pub(super) fn leases(_: &Host) -> Result<Vec<Lease>, Unavailable> {
    unknown(Term::DhcpLeases)
}

pub(super) fn lease_keeper(_: &Host, _: &str) -> Result<Option<LeaseKeeper>, Unavailable> {
    unknown(Term::DhcpClients)
}

pub(super) fn lease_clients(_: &Host) -> Result<Vec<&'static str>, Unavailable> {
    unknown(Term::DhcpClients)
}

pub(super) fn neighbours(_: &Host) -> Result<Vec<NeighbourEntry>, Unavailable> {
    unknown(Term::Neighbours)
}

pub(super) async fn other_owners(
    _: &Host,
    _: Ipv4Addr,
    _: &str,
) -> Result<Vec<String>, Unavailable> {
    unknown(Term::Arp)
}

pub(super) async fn echoes(_: IpAddr, _: &str, _: u32, _: Duration) -> Result<Echoes, Unavailable> {
    unknown(Term::Echo)
}

pub(super) async fn echo_of(_: IpAddr, _: &str, _: u32, _: Duration) -> Result<Echo, Unavailable> {
    unknown(Term::Echo)
}

pub(super) fn listeners(_: &Host) -> Result<Vec<Listener>, Unavailable> {
    unknown(Term::Listeners)
}

pub(super) fn processes(_: &Host) -> Result<Vec<Process>, Unavailable> {
    let mut system = look()?;
    system.refresh_processes(sysinfo::ProcessesToUpdate::All, true);
    let booted = sysinfo::System::boot_time()
        .map_err(|error| Unavailable::broken(Term::BootTime, error.to_string()))?
        as i64;
    let processes = system.processes().iter().map(|(pid, process)| Process {
        pid: pid.as_u32(),
        parent: process.parent().map_or(0, sysinfo::Pid::as_u32),
        name: process.name().to_string_lossy().into_owned(),
        started_us: process.start_time() as i64 * 1_000_000,
        start_us: (process.start_time() as i64 - booted) * 1_000_000,
        resident_bytes: process.memory(),
        ..Process::default()
    });
    Ok(processes.collect())
}

pub(super) fn process(host: &Host, pid: u32) -> Result<Process, Unavailable> {
    processes(host)?
        .into_iter()
        .find(|process| process.pid == pid)
        .ok_or_else(|| Unavailable::absent(Term::Process.of(pid.to_string())))
}

pub(super) fn arguments(_: &Host, _: u32) -> Result<Vec<String>, Unavailable> {
    unknown(Term::Arguments)
}

pub(super) fn users(_: &Host) -> Result<Vec<User>, Unavailable> {
    unknown(Term::Users)
}

pub(super) fn sessions(_: &Host) -> Result<Vec<Session>, Unavailable> {
    unknown(Term::Sessions)
}

pub(super) fn n_processes(host: &Host) -> Result<u64, Unavailable> {
    processes(host).map(|processes| processes.len() as u64)
}

pub(super) fn own_cost(_: &Host) -> Result<OwnCost, Unavailable> {
    unknown(Term::AgentCost)
}

pub(super) fn services(_: &Host, _: bool) -> Result<Vec<Service>, Unavailable> {
    unknown(Term::Services)
}

pub(super) fn restarting_services(_: &Host, _: i64) -> Result<Vec<Restarting>, Unavailable> {
    unknown(Term::RestartingServices)
}

pub(super) fn blocked_units(_: &Host) -> Result<Vec<BlockedUnit>, Unavailable> {
    unknown(Term::BlockedUnits)
}

pub(super) fn mask(_: &Host, _: &str) -> Option<Mask> {
    None
}

pub(super) fn packages(_: &Host) -> Result<Vec<Package>, Unavailable> {
    unknown(Term::Packages)
}

pub(super) fn broken_packages(_: &Host) -> Result<Vec<(String, String)>, Unavailable> {
    unknown(Term::HalfInstalled)
}

pub(super) fn package_repair(_: &Host) -> Result<Vec<PackageChange>, Unavailable> {
    unknown(Term::PackageRepair)
}

pub(super) fn package_lock(_: &Host) -> Result<Option<PackageLock>, Unavailable> {
    unknown(Term::PackageLock)
}

pub(super) fn task_limits(_: &Host) -> Result<Vec<TaskLimit>, Unavailable> {
    unknown(Term::TaskLimits)
}

pub(super) fn blocked_processes(_: &Host) -> Result<Vec<StuckProcess>, Unavailable> {
    unknown(Term::BlockedProcesses)
}

pub(super) fn log_sources(_: &Host) -> Vec<&'static str> {
    Vec::new()
}

pub(super) fn logs(_: &Host, _: &LogQuery) -> Result<Vec<LogRecord>, Unavailable> {
    unknown(Term::Logs)
}

pub(super) fn system(_: &Host) -> Result<System, Unavailable> {
    let hostname = sysinfo::System::host_name()
        .map_err(|error| Unavailable::broken(Term::HostName, error.to_string()))?;
    Ok(System {
        hostname,
        ..System::default()
    })
}

pub(super) fn os_name(_: &Host) -> Option<String> {
    sysinfo::System::long_os_version().ok()
}

pub(super) fn os(_: &Host) -> Result<Os, Unavailable> {
    let seconds = sysinfo::System::boot_time()
        .ok()
        .map(|seconds| seconds as i64);
    Ok(Os {
        id: std::env::consts::OS.into(),
        name: sysinfo::System::long_os_version().unwrap_or_default(),
        version: sysinfo::System::os_version().ok(),
        kernel: sysinfo::System::kernel_version().unwrap_or_default(),
        architecture: std::env::consts::ARCH.into(),
        booted_us: seconds.map(|seconds| seconds * 1_000_000),
        ..Os::default()
    })
}

pub(super) fn cpus(_: &Host) -> Result<Vec<Cpu>, Unavailable> {
    let mut system = look()?;
    system.refresh_cpu_all();
    let threads = system.cpus().len() as u32;
    let Some(first) = system.cpus().first() else {
        return unknown(Term::Processors);
    };
    Ok(vec![Cpu {
        socket: 0,
        model: first.brand().to_owned(),
        vendor: Some(first.vendor_id().to_owned()),
        cores: sysinfo::System::physical_core_count().map_or(threads, |n| n as u32),
        threads,
        max_hz: None,
        microcode: None,
    }])
}

pub(super) fn n_cpus(_: &Host) -> Result<u32, Unavailable> {
    std::thread::available_parallelism()
        .map(|n| n.get() as u32)
        .or_else(|_| unknown(Term::Processors))
}

pub(super) fn cpu_times(_: &Host, _: &mut dyn FnMut(CpuTimes)) -> Result<CpuCounters, Unavailable> {
    unknown(Term::ProcessorTimes)
}

pub(super) fn load(_: &Host) -> Result<Load, Unavailable> {
    unknown(Term::Load)
}

pub(super) fn pressure(_: &Host, _: Resource) -> Result<Pressure, Unavailable> {
    unknown(Term::Pressure)
}

pub(super) fn memory(_: &Host) -> Result<Memory, Unavailable> {
    let mut system = look()?;
    system.refresh_memory();
    if system.total_memory() == 0 {
        return unknown(Term::Memory);
    }
    Ok(Memory {
        total: system.total_memory(),
        free: system.free_memory(),
        available: system.available_memory(),
        swap_total: system.total_swap(),
        swap_free: system.free_swap(),
        ..Memory::default()
    })
}

pub(super) fn paging(_: &Host) -> Result<Paging, Unavailable> {
    unknown(Term::Paging)
}

pub(super) fn sockets(_: &Host) -> Result<Sockets, Unavailable> {
    unknown(Term::Sockets)
}

pub(super) fn temperatures(_: &Host) -> Result<Vec<Temperature>, Unavailable> {
    unknown(Term::Temperatures)
}

pub(super) fn oom_kills(_: &Host) -> Result<OomLog, Unavailable> {
    unknown(Term::Kills)
}

pub(super) fn clock_state(_: &Host) -> Result<ClockState, Unavailable> {
    unknown(Term::TimeDaemon)
}

pub(super) fn reboot_need(_: &Host) -> Result<RebootNeed, Unavailable> {
    unknown(Term::Restart)
}

pub(super) fn uptime_seconds(_: &Host) -> Result<u64, Unavailable> {
    sysinfo::System::uptime().map_err(|error| Unavailable::broken(Term::Uptime, error.to_string()))
}

pub(super) fn filesystem_errors(_: &Host, _: &str) -> Option<u64> {
    None
}

pub(super) fn configured_mounts(_: &Host) -> Result<Vec<ConfiguredMount>, Unavailable> {
    unknown(Term::ConfiguredMounts)
}

pub(super) fn has_folder(_: &Host, _: &str) -> bool {
    true
}

pub(super) fn has_source(_: &Host, _: &str) -> bool {
    true
}

pub(super) fn deleted_files(_: &Host) -> Result<Vec<DeletedFiles>, Unavailable> {
    unknown(Term::DeletedFiles)
}

pub(super) fn held_files(_: &Host, _: u32) -> Result<Vec<HeldFile>, Unavailable> {
    unknown(Term::DeletedFiles)
}

pub(super) fn mount_users(_: &Host, _: &str) -> Result<Vec<MountUser>, Unavailable> {
    unknown(Term::MountUsers)
}

pub(super) fn descriptors(_: &Host) -> Result<Vec<Descriptors>, Unavailable> {
    unknown(Term::OpenFiles)
}

pub(super) fn neighbour(_: &Host, _: IpAddr, _: &str) -> Neighbour {
    Neighbour::Unknown
}

pub(super) async fn ask_neighbour(
    _: &Host,
    _: IpAddr,
    _: &str,
    _: Duration,
) -> Result<Neighbour, Unavailable> {
    unknown(Term::Neighbours)
}

pub(super) async fn echo(_: IpAddr, _: &str, _: Duration) -> Result<Echo, Unavailable> {
    unknown(Term::Echo)
}

pub(super) fn has_service_manager(_: &Host) -> bool {
    false
}

/// Nothing is given up: a worker has what its parent has.
pub(super) fn lower(_: super::Lowered) -> std::io::Result<()> {
    Ok(())
}

pub(super) fn end_with_parent() -> std::io::Result<()> {
    Ok(())
}

/// The allocator gives back by itself.
pub(super) fn give_back() {}

pub(super) fn let_go() {}

pub(super) fn nice(_: u32) -> Result<i32, Unavailable> {
    unknown(Term::NiceValues)
}
