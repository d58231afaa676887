//! Healthy machines that look odd: nothing may be blamed on them. One file each.
//!
//! To add one: the file, its `mod` line, its name in `ALL`.

mod huge_disk_97;
mod tiny_disk;

use std::time::Instant;

use anyhow::{Context as _, Result};

use crate::gauntlet::plugins;
use crate::gauntlet::score::Seen;
use crate::machine::lacks;
use crate::patient::{Here, Machine};

pub const ALL: &[Healthy] = &[tiny_disk::MACHINE, huge_disk_97::MACHINE];

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
    let machine = (healthy.make)().context("the machine cannot be made")?;
    let began = Instant::now();
    let found = machine.check()?;
    seen.millis = began.elapsed().as_millis() as u64;
    let bad = found.iter().filter(|finding| finding.is_bad());
    seen.false_alarms = bad.map(|finding| finding.key()).collect();
    // What they say of this machine anyway is not of the odd one.
    let anyway = plugins::complaints(&Here::whole());
    seen.plugins = plugins::complaints(&*machine);
    seen.plugins.retain(|plugin| !anyway.contains(plugin));
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
