//! Healthy machines that look odd: nothing may be blamed on them. One file each.
//!
//! To add one: the file, its `mod` line, its name in `ALL`.

mod bare_container;
mod busy_builds;
mod full_images;
mod huge_disk_97;
mod many_mounts;
mod many_processes;
mod no_ipv6;
mod no_network_manager;
mod read_only_disk;
mod read_only_iso;
mod resumed_from_sleep;
mod split_dns;
mod targets_reached;
mod tiny_disk;

use std::time::Instant;

use anyhow::{Context as _, Result};

use crate::gauntlet::plugins;
use crate::gauntlet::score::Seen;
use crate::machine::{lacks, without_disks};
use crate::patient::{Finding, Here, Machine, in_time};

pub const ALL: &[Healthy] = &[
    bare_container::MACHINE,
    busy_builds::MACHINE,
    full_images::MACHINE,
    huge_disk_97::MACHINE,
    many_mounts::MACHINE,
    many_processes::MACHINE,
    no_ipv6::MACHINE,
    no_network_manager::MACHINE,
    read_only_disk::MACHINE,
    read_only_iso::MACHINE,
    resumed_from_sleep::MACHINE,
    split_dns::MACHINE,
    targets_reached::MACHINE,
    tiny_disk::MACHINE,
];

/// What an office's network is made with.
const OFFICE: [(&str, &str); 2] = [("ip", "iproute2"), ("dnsmasq", "dnsmasq-base")];

/// A machine that is well.
#[derive(Clone, Copy, Debug)]
pub struct Healthy {
    pub id: &'static str,
    /// Program and Debian package of what it is made with.
    pub needs: &'static [(&'static str, &'static str)],
    pub make: fn() -> Result<Box<dyn Machine>>,
}

/// Looks at one. `Err`: why it cannot be made on this machine.
pub fn look(healthy: &Healthy) -> Result<Seen, String> {
    if let Some(lack) = lacks(healthy.needs) {
        return Err(lack);
    }
    let mut seen = Seen::of(healthy.id);
    if let Err(error) = looked(healthy, &mut seen) {
        seen.note = format!("{error:#}");
    }
    Ok(seen)
}

fn looked(healthy: &Healthy, seen: &mut Seen) -> Result<()> {
    let _turn = without_disks(healthy.needs)?;
    // What is found on this machine anyway is not of the odd one.
    let anyway = in_time(&mut Here::whole())?;
    let plugins_anyway = plugins::complaints(&Here::whole());
    let mut machine = (healthy.make)().context("the machine cannot be made")?;
    let began = Instant::now();
    let found = machine.check()?;
    seen.millis = began.elapsed().as_millis() as u64;
    let is_new = |finding: &&Finding| {
        let same = |one: &Finding| one.key() == finding.key() && one.is_bad();
        finding.is_bad() && !anyway.iter().any(same)
    };
    let bad = found.iter().filter(is_new);
    seen.false_alarms = bad.map(|finding| finding.key()).collect();
    seen.plugins = plugins::complaints(&*machine);
    seen.plugins
        .retain(|plugin| !plugins_anyway.contains(plugin));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_machine_is_named_after_its_file() {
        let ids = ALL.iter().map(|one| one.id);
        crate::faults::tests::are_files("healthy", ids);
    }
}
