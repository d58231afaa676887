//! Linux: /proc, /sys, netlink and the programs of its distributions.

mod address;
mod arp;
mod authority;
mod boot;
mod cache;
mod certificate;
mod clock;
mod code;
mod crash;
mod disk;
mod echo;
mod filesystem;
mod firewall;
mod folder;
mod fstab;
mod heap;
mod held_file;
mod hosts;
mod interface;
mod kernel_log;
mod kernel_marks;
mod lease;
mod lease_keeper;
mod line;
mod listener;
mod log;
mod log_errors;
mod lower;
mod memory;
mod mount_user;
mod neighbour;
mod netlink;
mod next_hop;
mod nice;
mod notify;
mod old_log;
mod open_file;
mod package;
mod package_lock;
mod package_repair;
mod part;
mod port;
mod process;
mod proxy;
mod release;
mod remove;
mod resolver;
mod resolver_keeper;
mod route;
mod sensor;
mod session;
mod signal;
mod smart;
mod socket;
mod stat;
mod stuck_process;
mod system;
mod systemd;
mod task_limit;
mod time_daemon;
mod time_server;
mod update;
mod user;

pub(super) use address::addresses;
pub(super) use arp::other_owners;
pub(super) use authority::authorities;
pub(super) use boot::boots;
pub(super) use cache::cache_files;
pub(super) use certificate::certificates;
pub(super) use clock::clock_state;
pub(super) use code::let_go;
pub(super) use crash::crashes;
pub(super) use disk::{disk_counters, disks};
pub(super) use echo::{echo, echo_of, echoes};
pub(super) use filesystem::{filesystem_errors, filesystems, usage};
pub(super) use firewall::chains;
pub(super) use fstab::{configured_mounts, has_folder, has_source};
pub(super) use heap::give_back;
pub(super) use held_file::held_files;
pub(super) use hosts::{hosts_entries, hosts_file};
pub(super) use interface::{interface_counters, interfaces};
pub(super) use kernel_log::oom_kills;
pub(super) use kernel_marks::kernel_marks;
pub(super) use lease::{lease_clients, leases};
pub(super) use lease_keeper::lease_keeper;
pub(super) use line::change_line;
pub(super) use listener::listeners;
pub(super) use log::{log_sources, logs};
pub(super) use log_errors::error_log;
pub(super) use lower::{end_with_parent, is_root, lower};
pub(super) use memory::{memory, paging, pressure};
pub(super) use mount_user::mount_users;
pub(super) use neighbour::{ask_neighbour, neighbour, neighbours};
pub(super) use next_hop::next_hop;
pub(super) use nice::{nice, renice};
pub(super) use old_log::old_logs;
pub(super) use open_file::{deleted_files, descriptors};

pub(super) use notify::question;
pub(super) use package::{broken_packages, packages};
pub(super) use package_lock::package_lock;
pub(super) use package_repair::package_repair;
pub(super) use part::{batteries, memory_errors, raids};
pub(super) use port::{most_used_ports, port_room};
pub(super) use process::{arguments, n_processes, own_cost, process, processes};
pub(super) use proxy::{proxies, proxy_variables};
pub(super) use release::release;
pub(super) use remove::remove;
pub(super) use resolver::{name_servers, resolver_file};
pub(super) use resolver_keeper::resolver;
pub(super) use route::routes;
pub(super) use sensor::{sensors, throttling};
pub(super) use session::{sessions, users};
pub(super) use signal::signal;
pub(super) use smart::disk_health;
pub(super) use socket::sockets;
pub(super) use stat::{cpu_times, load, n_cpus, uptime_seconds};
pub(super) use stuck_process::blocked_processes;
pub(super) use system::{cpus, is_container, name, os, os_name, reboot_need, system, temperatures};
pub(super) use systemd::{
    blocked_units, has_service_manager, mask, restarting_services, services, timers,
};
pub(super) use task_limit::task_limits;
pub(super) use time_daemon::{may_set_clock, time_daemons};
pub(super) use time_server::time_servers;
pub(super) use update::{lists_fetched_us, updates};
pub(super) use user::{account, become_user, is_user};

/// Ticks of /proc in a second: USER_HZ, the same on every architecture that Linux runs on here.
const TICKS_PER_SECOND: u64 = 100;

/// What the kernel counts memory in; 64 KiB on some machines.
fn page_bytes() -> u64 {
    rustix::param::page_size() as u64
}
