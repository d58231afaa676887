//! Sensors with their limits, and how long processors were slowed down for heat.

use crate::host::{Host, Sensor, Term, Throttling, Unavailable};

const HWMON: &str = "/sys/class/hwmon";
const CPUS: &str = "/sys/devices/system/cpu";
/// Each reading of these is a command to the disk, which may wake it up.
const OF_DISKS: &[&str] = &["drivetemp", "nvme"];
const MOST: usize = 500;

pub(in crate::host) fn sensors(host: &Host) -> Result<Vec<Sensor>, Unavailable> {
    let mut sensors: Vec<Sensor> = Vec::new();
    for chip in host.names(HWMON).unwrap_or_default() {
        let folder = format!("{HWMON}/{chip}");
        let chip = host.line(&format!("{folder}/name")).unwrap_or(chip);
        if OF_DISKS.contains(&chip.as_str()) {
            continue;
        }
        for file in host.names(&folder).unwrap_or_default() {
            let Some(input) = file.strip_suffix("_input") else {
                continue;
            };
            let is_fan = input.starts_with("fan");
            if is_fan || input.starts_with("temp") {
                sensors.extend(sensor(host, &folder, &chip, input, is_fan));
            }
        }
    }
    if sensors.is_empty() {
        return Err(Unavailable::absent(Term::TemperatureSensor));
    }
    sensors.truncate(MOST);
    // Memory modules and processors have one chip each, all of one name.
    for at in 1..sensors.len() {
        let (before, rest) = sensors.split_at_mut(at);
        let n_alike = before.iter().filter(|one| one.name == rest[0].name).count();
        if n_alike > 0 {
            rest[0].name = format!("{} {}", rest[0].name, n_alike + 1);
        }
    }
    Ok(sensors)
}

fn sensor(host: &Host, folder: &str, chip: &str, input: &str, is_fan: bool) -> Option<Sensor> {
    let of = |what: &str| host.number(&format!("{folder}/{input}_{what}"));
    // Chips without a limit say 0 or a number that nothing ever reaches.
    let limit = |what| of(what).filter(|limit| (1..150_000).contains(limit));
    let label = host.line(&format!("{folder}/{input}_label"));
    let value = of("input")?;
    // A sensor that is not connected shows what no machine has.
    if !is_fan && !(-40_000..150_000).contains(&value) {
        return None;
    }
    Some(Sensor {
        name: format!("{chip} {}", label.as_deref().unwrap_or(input)),
        is_fan,
        value,
        min: of("min").filter(|min| *min > 0),
        max: limit("max"),
        critical: limit("crit"),
        // The others are raised by limits that nobody has set.
        has_alarm: !is_fan && of("crit_alarm") == Some(1),
    })
}

pub(in crate::host) fn throttling(host: &Host) -> Result<Throttling, Unavailable> {
    let mut throttling = None;
    for cpu in host.names(CPUS)? {
        let folder = format!("{CPUS}/{cpu}/thermal_throttle");
        let of = |what: &str| {
            let number = host.number(&format!("{folder}/package_throttle_{what}"));
            let number = number.or_else(|| host.number(&format!("{folder}/core_throttle_{what}")));
            number.and_then(|n| u64::try_from(n).ok())
        };
        let Some(times) = of("count") else {
            continue;
        };
        let so_far: &mut Throttling = throttling.get_or_insert_default();
        // All processors of a package tell the package's own number.
        so_far.times = so_far.times.max(times);
        so_far.longest_ms = so_far.longest_ms.max(of("total_time_ms"));
    }
    throttling.ok_or_else(|| Unavailable::absent(Term::ThrottlingCounter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn sensors_come_with_their_limits() {
        let tree = Tree::new(&[
            ("/sys/class/hwmon/hwmon0/name", "coretemp\n"),
            ("/sys/class/hwmon/hwmon0/temp1_input", "97000\n"),
            ("/sys/class/hwmon/hwmon0/temp1_label", "Package id 0\n"),
            ("/sys/class/hwmon/hwmon0/temp1_max", "80000\n"),
            ("/sys/class/hwmon/hwmon0/temp1_crit", "100000\n"),
            ("/sys/class/hwmon/hwmon0/temp1_crit_alarm", "0\n"),
            ("/sys/class/hwmon/hwmon0/temp2_input", "-128000\n"),
            ("/sys/class/hwmon/hwmon1/name", "nvme\n"),
            ("/sys/class/hwmon/hwmon1/temp1_input", "40000\n"),
            ("/sys/class/hwmon/hwmon2/name", "nct6775\n"),
            ("/sys/class/hwmon/hwmon2/fan1_input", "0\n"),
            ("/sys/class/hwmon/hwmon2/fan1_min", "600\n"),
            ("/sys/class/hwmon/hwmon2/fan1_alarm", "1\n"),
        ]);
        let expected = [
            Sensor {
                name: "coretemp Package id 0".into(),
                value: 97_000,
                max: Some(80_000),
                critical: Some(100_000),
                ..Sensor::default()
            },
            Sensor {
                name: "nct6775 fan1".into(),
                is_fan: true,
                min: Some(600),
                ..Sensor::default()
            },
        ];
        assert_eq!(sensors(&tree.host()).unwrap(), expected);
        let none = sensors(&Tree::new(&[]).host());
        assert_eq!(none, Err(Unavailable::absent(Term::TemperatureSensor)));
    }

    #[test]
    fn a_package_is_counted_once_however_many_processors_tell() {
        let at = |cpu: u32, what: &str| {
            format!("/sys/devices/system/cpu/cpu{cpu}/thermal_throttle/package_throttle_{what}")
        };
        let files = [
            (at(0, "count"), "7"),
            (at(1, "count"), "7"),
            (at(1, "total_time_ms"), "900"),
        ];
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), *text))
            .collect();
        let found = throttling(&Tree::new(&files).host()).unwrap();
        assert_eq!((found.times, found.longest_ms), (7, Some(900)));
    }
}
