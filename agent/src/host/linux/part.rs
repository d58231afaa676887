//! Parts that wear out or fail: batteries, memory modules, arrays of disks.

use crate::host::{Battery, Host, MemoryErrors, Raid, Term, Unavailable};

const POWER: &str = "/sys/class/power_supply";
const EDAC: &str = "/sys/devices/system/edac/mc";
const MDSTAT: &str = "/proc/mdstat";

pub(in crate::host) fn batteries(host: &Host) -> Result<Vec<Battery>, Unavailable> {
    let mut batteries = Vec::new();
    for name in host.names(POWER)? {
        let of = |what: &str| host.line(&format!("{POWER}/{name}/{what}"));
        let number = |what: &str| of(what)?.parse::<u64>().ok();
        let is_ours =
            of("type").as_deref() == Some("Battery") && of("scope").as_deref() != Some("Device");
        if !is_ours || of("present").as_deref() == Some("0") {
            continue;
        }
        // Some count energy, some charge.
        let full = ["energy", "charge"].iter().find_map(|unit| {
            let full = number(&format!("{unit}_full"))?;
            let design = number(&format!("{unit}_full_design")).filter(|design| *design > 0)?;
            Some(full * 100 / design)
        });
        batteries.push(Battery {
            health_percent: full,
            cycles: number("cycle_count").filter(|cycles| *cycles > 0),
            health: of("health").filter(|health| health != "Unknown"),
            model: of("model_name"),
            name,
        });
    }
    Ok(batteries)
}

pub(in crate::host) fn memory_errors(host: &Host) -> Result<Vec<MemoryErrors>, Unavailable> {
    let mut errors = Vec::new();
    for controller in host.names(EDAC).unwrap_or_default() {
        let folder = format!("{EDAC}/{controller}");
        let number = |path: String| host.number(&path).map(|n| n.max(0) as u64);
        let (Some(corrected), Some(uncorrected)) = (
            number(format!("{folder}/ce_count")),
            number(format!("{folder}/ue_count")),
        ) else {
            continue;
        };
        let mut of_modules = (0, 0);
        for module in host.names(&folder).unwrap_or_default() {
            let of = |what: &str| number(format!("{folder}/{module}/dimm_{what}"));
            let Some(corrected) = of("ce_count") else {
                continue;
            };
            let one = MemoryErrors {
                module: host
                    .line(&format!("{folder}/{module}/dimm_label"))
                    .unwrap_or_else(|| format!("{controller} {module}")),
                corrected,
                uncorrected: of("ue_count").unwrap_or(0),
            };
            of_modules = (of_modules.0 + one.corrected, of_modules.1 + one.uncorrected);
            errors.push(one);
        }
        // What the controller could give to no module.
        let rest = (
            corrected.saturating_sub(of_modules.0),
            uncorrected.saturating_sub(of_modules.1),
        );
        if rest != (0, 0) || errors.is_empty() {
            errors.push(MemoryErrors {
                module: controller,
                corrected: rest.0,
                uncorrected: rest.1,
            });
        }
    }
    if errors.is_empty() {
        return Err(Unavailable::absent(Term::MemoryErrorCounter));
    }
    Ok(errors)
}

pub(in crate::host) fn raids(host: &Host) -> Result<Vec<Raid>, Unavailable> {
    // A kernel without arrays has no such file.
    if !host.exists(MDSTAT) {
        return Ok(Vec::new());
    }
    host.with_file(MDSTAT, |text| {
        let mut raids: Vec<Raid> = Vec::new();
        for line in text.lines() {
            match line.split_once(" : ") {
                Some((name, rest)) if name.starts_with("md") => raids.push(raid(name, rest)),
                _ => {
                    if let Some(raid) = raids.last_mut() {
                        further(raid, line);
                    }
                }
            }
        }
        raids
    })
}

/// `active raid1 sdb1[1](F) sda1[0]`, `inactive sda1[0](S)`, `active (auto-read-only) raid1 …`
fn raid(name: &str, line: &str) -> Raid {
    let mut words = line.split_whitespace();
    let is_active = words.next() == Some("active");
    let words: Vec<&str> = words.filter(|word| !word.starts_with('(')).collect();
    let failed = words.iter().filter(|word| word.ends_with("(F)"));
    let device = |word: &&str| word.split('[').next().unwrap_or_default().to_owned();
    Raid {
        name: name.to_owned(),
        level: words
            .first()
            .filter(|word| !word.contains('['))
            .map_or(String::new(), |word| (*word).to_owned()),
        is_active,
        failed: failed.map(device).collect(),
        ..Raid::default()
    }
}

/// `1000 blocks super 1.2 [2/1] [U_]`, `[==>..] recovery = 12.6% (…) finish=…`
fn further(raid: &mut Raid, line: &str) {
    for word in line.split_whitespace() {
        let pair = word
            .strip_prefix('[')
            .and_then(|word| word.strip_suffix(']'));
        let pair = pair.and_then(|word| word.split_once('/'));
        if let Some((wanted, working)) = pair
            && let (Ok(wanted), Ok(working)) = (wanted.parse(), working.parse())
        {
            (raid.wanted, raid.working) = (wanted, working);
        }
    }
    for what in ["recovery =", "reshape =", "resync ="] {
        let percent = line
            .split_once(what)
            .and_then(|(_, rest)| rest.trim_start().split_once('%'));
        if let Some(percent) = percent.and_then(|(percent, _)| percent.parse().ok()) {
            raid.rebuilt_percent = Some(percent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn a_battery_is_measured_by_what_it_was_made_for() {
        let tree = Tree::new(&[
            ("/sys/class/power_supply/BAT0/type", "Battery\n"),
            ("/sys/class/power_supply/BAT0/energy_full", "25000000\n"),
            (
                "/sys/class/power_supply/BAT0/energy_full_design",
                "50000000\n",
            ),
            ("/sys/class/power_supply/BAT0/cycle_count", "0\n"),
            ("/sys/class/power_supply/AC/type", "Mains\n"),
            ("/sys/class/power_supply/mouse/type", "Battery\n"),
            ("/sys/class/power_supply/mouse/scope", "Device\n"),
        ]);
        let found = batteries(&tree.host()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].health_percent, found[0].cycles), (Some(50), None));
    }

    #[test]
    fn errors_are_of_their_module_and_the_rest_of_the_controller() {
        let tree = Tree::new(&[
            ("/sys/devices/system/edac/mc/mc0/ce_count", "12\n"),
            ("/sys/devices/system/edac/mc/mc0/ue_count", "1\n"),
            (
                "/sys/devices/system/edac/mc/mc0/dimm0/dimm_label",
                "DIMM_A1\n",
            ),
            (
                "/sys/devices/system/edac/mc/mc0/dimm0/dimm_ce_count",
                "10\n",
            ),
            ("/sys/devices/system/edac/mc/mc0/dimm0/dimm_ue_count", "0\n"),
        ]);
        let shown =
            |of: &MemoryErrors| format!("{} {} {}", of.module, of.corrected, of.uncorrected);
        let found: Vec<String> = memory_errors(&tree.host())
            .unwrap()
            .iter()
            .map(shown)
            .collect();
        assert_eq!(found, ["DIMM_A1 10 0", "mc0 2 1"]);
        assert!(memory_errors(&Tree::new(&[]).host()).is_err());
    }

    #[test]
    fn arrays_are_understood() {
        let tree = Tree::new(&[(
            MDSTAT,
            "Personalities : [raid1] [raid6]\n\
             md0 : active raid1 sdb1[1](F) sda1[0]\n      488254464 blocks super 1.2 [2/1] [U_]\n      bitmap: 2/4 pages [8KB]\n\n\
             md1 : active (auto-read-only) raid5 sde1[3] sdd1[1] sdc1[0]\n      976508928 blocks level 5, 64k chunk [3/2] [UU_]\n\
             \x20     [==>..................]  recovery = 12.6% (123/976) finish=5.0min speed=1K/sec\n\n\
             md2 : inactive sdf1[0](S)\n      1000 blocks\n\nunused devices: <none>\n",
        )]);
        let shown = |of: &Raid| {
            format!(
                "{} {} {} {}/{} {:?} {:?}",
                of.name,
                of.level,
                of.is_active,
                of.working,
                of.wanted,
                of.failed,
                of.rebuilt_percent
            )
        };
        let found: Vec<String> = raids(&tree.host()).unwrap().iter().map(shown).collect();
        assert_eq!(
            found,
            [
                r#"md0 raid1 true 1/2 ["sdb1"] None"#,
                "md1 raid5 true 2/3 [] Some(12.6)",
                "md2  false 0/0 [] None",
            ]
        );
        assert_eq!(raids(&Tree::new(&[]).host()), Ok(Vec::new()));
    }
}
