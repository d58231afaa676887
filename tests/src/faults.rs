//! Faults made for real on machines of the test's own. One file each: inject, expect, cure.
//!
//! To add one: the file, its `mod` line, its name in `ALL`.

mod address_missing;
mod array_degraded;
mod battery_worn;
mod certificate_expired;
mod clock_behind_certificates;
mod clock_not_told_of_network;
mod clock_wrong;
mod disk_failing;
mod disk_fills_up;
mod disk_full;
mod disk_full_of_cache;
mod disk_full_of_logs;
mod disk_held_by_deleted_file;
mod disk_inodes_used_up;
mod disk_nearly_full;
mod disk_not_mounted;
mod disk_remounted_read_only;
mod disk_sectors_damaged;
mod disk_slow;
mod disk_turned_read_only;
mod disk_with_errors;
mod fan_stopped;
mod firewall_forbids_names;
mod flash_media_errors;
mod flash_spare_low;
mod flash_worn;
mod gateway_dead;
mod gateway_loses;
mod hosts_entry_of_localhost;
mod interface_off;
mod ipv6_without_path;
mod kernel_oops;
mod large_packets_swallowed;
mod link_lost;
mod log_burst;
mod memory_leak;
mod memory_module_fails;
mod memory_thrashes;
mod memory_used_up;
mod mount_hung;
mod name_server_dead;
mod name_server_invents;
mod name_server_silent;
mod package_half_configured;
mod package_manager_held;
mod packets_too_small;
mod portal_in_the_way;
mod process_out_of_descriptors;
mod process_stuck;
mod process_too_many;
mod processes_not_cleared;
mod processor_hogged;
mod processor_hot;
mod processor_throttled;
mod program_crashed;
mod program_overflows;
mod proxy_dead;
mod resolver_empty;
mod restart_wanted;
mod route_black_hole;
mod route_into_nowhere;
mod route_missing;
mod security_update_waits;
mod service_exited;
mod service_flaps;
mod service_gives_up;
mod service_killed;
mod service_lacks_another;
mod service_masked;
mod service_never_ready;
mod system_out_of_support;
mod target_certificate_expired;
mod target_certificate_of_another;
mod target_certificate_untrusted;
mod target_fails;
mod target_refused;
mod time_daemon_stopped;
mod time_source_missing;
mod time_source_silent;
mod update_lists_stale;

use anyhow::{Result, bail};

use crate::patient::Machine;

/// In the order in which they are faced.
pub const ALL: &[Fault] = &[
    address_missing::FAULT,
    array_degraded::FAULT,
    battery_worn::FAULT,
    certificate_expired::FAULT,
    clock_behind_certificates::FAULT,
    clock_not_told_of_network::FAULT,
    clock_wrong::FAULT,
    disk_failing::FAULT,
    disk_fills_up::FAULT,
    disk_full::FAULT,
    disk_full_of_cache::FAULT,
    disk_full_of_logs::FAULT,
    disk_held_by_deleted_file::FAULT,
    disk_inodes_used_up::FAULT,
    disk_nearly_full::FAULT,
    disk_not_mounted::FAULT,
    disk_remounted_read_only::FAULT,
    disk_sectors_damaged::FAULT,
    disk_slow::FAULT,
    disk_turned_read_only::FAULT,
    disk_with_errors::FAULT,
    fan_stopped::FAULT,
    firewall_forbids_names::FAULT,
    flash_media_errors::FAULT,
    flash_spare_low::FAULT,
    flash_worn::FAULT,
    gateway_dead::FAULT,
    gateway_loses::FAULT,
    hosts_entry_of_localhost::FAULT,
    interface_off::FAULT,
    ipv6_without_path::FAULT,
    kernel_oops::FAULT,
    large_packets_swallowed::FAULT,
    link_lost::FAULT,
    log_burst::FAULT,
    memory_leak::FAULT,
    memory_module_fails::FAULT,
    memory_thrashes::FAULT,
    memory_used_up::FAULT,
    mount_hung::FAULT,
    name_server_dead::FAULT,
    name_server_invents::FAULT,
    name_server_silent::FAULT,
    package_manager_held::FAULT,
    packets_too_small::FAULT,
    package_half_configured::FAULT,
    portal_in_the_way::FAULT,
    process_out_of_descriptors::FAULT,
    process_stuck::FAULT,
    process_too_many::FAULT,
    processes_not_cleared::FAULT,
    processor_hogged::FAULT,
    processor_hot::FAULT,
    processor_throttled::FAULT,
    program_crashed::FAULT,
    program_overflows::FAULT,
    proxy_dead::FAULT,
    resolver_empty::FAULT,
    restart_wanted::FAULT,
    route_black_hole::FAULT,
    route_into_nowhere::FAULT,
    route_missing::FAULT,
    security_update_waits::FAULT,
    service_exited::FAULT,
    service_flaps::FAULT,
    service_gives_up::FAULT,
    service_killed::FAULT,
    service_lacks_another::FAULT,
    service_masked::FAULT,
    service_never_ready::FAULT,
    system_out_of_support::FAULT,
    target_certificate_expired::FAULT,
    target_certificate_of_another::FAULT,
    target_certificate_untrusted::FAULT,
    target_fails::FAULT,
    target_refused::FAULT,
    time_daemon_stopped::FAULT,
    time_source_missing::FAULT,
    time_source_silent::FAULT,
    update_lists_stale::FAULT,
];

/// A fault that can be made.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// `area-thing-state`
    pub id: &'static str,
    /// `disk`, `memory`, `process`, `service`, `time`, `package`, `network`.
    pub area: &'static str,
    /// Program and Debian package of what it is made with.
    pub needs: &'static [(&'static str, &'static str)],
    /// The machine for it, well.
    pub make: fn() -> Result<Box<dyn Case>>,
}

/// One fault on its machine.
pub trait Case {
    fn machine(&mut self) -> &mut dyn Machine;

    /// Makes the fault, and waits until it is there.
    fn inject(&mut self) -> Result<()>;

    fn expect(&self) -> Expected;

    /// Asked once the fault is there.
    fn cure(&self) -> Result<Cure>;

    /// Takes the fault away at the machine itself.
    fn by_hand(&mut self) -> Result<()> {
        bail!("an action cures this one")
    }
}

/// What a technician must be shown.
#[derive(Clone, Debug)]
pub struct Expected {
    pub check: &'static str,
    pub subject: String,
    pub status: &'static str,
    /// Id of the message.
    pub message: &'static str,
    /// A part of the likely cause, in English; empty: the message says all.
    pub because: &'static str,
}

impl Expected {
    /// What says all by its message.
    pub fn new(
        check: &'static str,
        subject: impl Into<String>,
        status: &'static str,
        message: &'static str,
    ) -> Self {
        Self {
            check,
            subject: subject.into(),
            status,
            message,
            because: "",
        }
    }

    pub fn because(self, because: &'static str) -> Self {
        Self { because, ..self }
    }

    pub fn key(&self) -> String {
        format!("{}/{}", self.check, self.subject)
    }
}

/// What takes a fault away.
#[derive(Clone, Debug)]
pub enum Cure {
    /// This action, with these parameters.
    Action(&'static str, Vec<String>),
    /// Somebody who stands at the machine.
    Hand,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Ids as the files of a folder below `src` are named, in some order.
    pub(crate) fn are_files(folder: &str, ids: impl Iterator<Item = &'static str>) {
        let mut ids: Vec<&str> = ids.collect();
        ids.sort_unstable();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src")
            .join(folder);
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                path.file_stem()
                    .unwrap()
                    .to_string_lossy()
                    .replace('_', "-")
            })
            .collect();
        files.sort_unstable();
        assert_eq!(ids, files);
    }

    #[test]
    fn every_fault_is_named_after_its_file() {
        are_files("faults", ALL.iter().map(|fault| fault.id));
    }
}
