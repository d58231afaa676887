//! What the machine is: firmware, distribution, processors, sensors, and whether it wants a restart.

use crate::host::{Cpu, Host, Os, RebootNeed, System, Temperature, Term, Unavailable};

use super::process::booted_us;

const DMI: &str = "/sys/class/dmi/id";
const MODULES: &str = "/lib/modules";

pub(in crate::host) fn system(host: &Host) -> Result<System, Unavailable> {
    let dmi = |file: &str| {
        host.line(&format!("{DMI}/{file}")).filter(|text| {
            // What makers leave in when they fill in nothing.
            ![
                "To Be Filled By O.E.M.",
                "Default string",
                "None",
                "Not Specified",
            ]
            .contains(&text.as_str())
        })
    };
    let vendor = dmi("sys_vendor").or_else(|| host.line("/proc/device-tree/vendor"));
    let product = dmi("product_name").or_else(|| host.line("/proc/device-tree/model"));
    Ok(System {
        hostname: host
            .line("/proc/sys/kernel/hostname")
            .ok_or_else(|| Unavailable::absent(Term::HostName))?,
        virtualisation: virtualisation(host, vendor.as_deref(), product.as_deref()),
        serial: dmi("product_serial"),
        board_id: dmi("product_uuid"),
        chassis: dmi("chassis_type").and_then(|code| Some(chassis(code.parse().ok()?).to_owned())),
        firmware_version: dmi("bios_version"),
        firmware_date: dmi("bios_date"),
        machine_id: host.line("/etc/machine-id"),
        vendor,
        product,
    })
}

/// SMBIOS 3.7 §7.4.1
fn chassis(code: u32) -> &'static str {
    match code {
        3..=7 | 13 | 15 | 16 | 35 | 36 => "desktop",
        8..=10 | 14 | 31 | 32 => "laptop",
        11 | 30 => "tablet",
        17 | 23 | 28 | 29 => "server",
        _ => "other",
    }
}

pub(in crate::host) fn name(host: &Host) -> Option<String> {
    host.line("/proc/sys/kernel/hostname")
}

/// The manager's name, as systemd inside repeats it and as the manager writes it (systemd's container interface).
const CONTAINERS: [&str; 2] = ["/run/systemd/container", "/run/host/container-manager"];

/// Marks that container managers leave (systemd's container interface, docker, podman).
pub(in crate::host) fn is_container(host: &Host) -> bool {
    const MARKS: &[&str] = &[
        CONTAINERS[0],
        CONTAINERS[1],
        "/.dockerenv",
        "/run/.containerenv",
    ];
    MARKS.iter().any(|mark| host.exists(mark))
}

fn virtualisation(host: &Host, vendor: Option<&str>, product: Option<&str>) -> Option<String> {
    if let Some(manager) = CONTAINERS.iter().find_map(|mark| host.line(mark)) {
        return Some(manager);
    }
    if host.exists("/.dockerenv") {
        return Some("docker".into());
    }
    let firmware = format!(
        "{} {}",
        vendor.unwrap_or_default(),
        product.unwrap_or_default()
    );
    let known = [
        ("QEMU", "kvm"),
        ("KVM", "kvm"),
        ("VMware", "vmware"),
        ("VirtualBox", "virtualbox"),
        ("Xen", "xen"),
        ("Virtual Machine", "hyper-v"),
        ("Amazon EC2", "amazon"),
        ("Google Compute", "google"),
    ]
    .into_iter()
    .find(|(mark, _)| firmware.contains(mark))
    .map(|(_, name)| name.to_owned());
    known.or_else(|| {
        host.with_file("/proc/cpuinfo", |text| {
            text.lines()
                .find(|line| line.starts_with("flags"))
                .is_some_and(|flags| flags.split_whitespace().any(|flag| flag == "hypervisor"))
        })
        .unwrap_or_default()
        .then(|| "virtual".to_owned())
    })
}

pub(in crate::host) fn os(host: &Host) -> Result<Os, Unavailable> {
    let release = os_release(host)?;
    let of = |key: &str| os_word(&release, key);
    let kernel = host
        .line("/proc/sys/kernel/osrelease")
        .ok_or_else(|| Unavailable::absent(Term::KernelRelease))?;
    Ok(Os {
        id: of("ID").unwrap_or_else(|| "linux".into()),
        name: of("PRETTY_NAME").or_else(|| of("NAME")).unwrap_or_default(),
        version: host
            .line("/etc/debian_version")
            // Others carry the file of the Debian that they were made from.
            .filter(|_| of("ID").as_deref() == Some("debian"))
            .or_else(|| of("VERSION_ID")),
        codename: of("VERSION_CODENAME"),
        support_end: of("SUPPORT_END"),
        kernel,
        architecture: std::env::consts::ARCH.into(),
        time_zone: time_zone(host),
        boot_id: host.line("/proc/sys/kernel/random/boot_id"),
        booted_us: booted_us(host).ok(),
    })
}

/// Without the point release, where the system tells them apart: machines are grouped by it.
pub(in crate::host) fn os_name(host: &Host) -> Option<String> {
    let release = os_release(host).ok()?;
    let of = |key: &str| os_word(&release, key).filter(|word| !word.is_empty());
    match (of("NAME"), of("VERSION_ID")) {
        (Some(name), Some(version)) => Some(format!("{name} {version}")),
        (Some(name), None) => Some(name),
        (None, _) => of("ID"),
    }
}

fn time_zone(host: &Host) -> Option<String> {
    let link = std::fs::read_link(host.path("/etc/localtime")).ok();
    link.and_then(|path| Some(path.to_str()?.split_once("zoneinfo/")?.1.to_owned()))
        .or_else(|| host.line("/etc/timezone"))
}

pub(in crate::host) fn cpus(host: &Host) -> Result<Vec<Cpu>, Unavailable> {
    let mut cpus = Vec::<Cpu>::new();
    let mut cores = Vec::new();
    host.with_file("/proc/cpuinfo", |text| {
        for processor in text.split("\n\n") {
            let of = |key: &str| {
                processor.lines().find_map(|line| {
                    let (name, value) = line.split_once(':')?;
                    (name.trim() == key).then(|| value.trim().to_owned())
                })
            };
            if of("processor").is_none() {
                continue;
            }
            let socket = of("physical id").and_then(|n| n.parse().ok()).unwrap_or(0);
            let at = cpus.iter().position(|cpu| cpu.socket == socket);
            let at = at.unwrap_or_else(|| {
                cpus.push(Cpu {
                    socket,
                    model: of("model name").or_else(|| of("Model")).unwrap_or_default(),
                    vendor: of("vendor_id"),
                    microcode: of("microcode"),
                    ..Cpu::default()
                });
                cpus.len() - 1
            });
            cpus[at].threads += 1;
            let core = (socket, of("core id").or_else(|| of("processor")));
            if !cores.contains(&core) {
                cores.push(core);
                cpus[at].cores += 1;
            }
        }
    })?;
    let max_khz = host.number("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq");
    for cpu in &mut cpus {
        cpu.max_hz = max_khz.map(|khz| khz as u64 * 1000);
    }
    Ok(cpus)
}

pub(in crate::host) fn temperatures(host: &Host) -> Result<Vec<Temperature>, Unavailable> {
    let mut temperatures = Vec::new();
    let mut labels: Vec<String> = Vec::new();
    for chip in host.names("/sys/class/hwmon").unwrap_or_default() {
        let folder = format!("/sys/class/hwmon/{chip}");
        let name = host.line(&format!("{folder}/name")).unwrap_or(chip);
        // Each reading of these is a command to the disk, which waits as long as that does.
        if matches!(name.as_str(), "drivetemp" | "nvme") {
            continue;
        }
        for file in host.names(&folder).unwrap_or_default() {
            let Some(input) = file
                .strip_suffix("_input")
                .filter(|f| f.starts_with("temp"))
            else {
                continue;
            };
            let label = host
                .line(&format!("{folder}/{input}_label"))
                .unwrap_or_else(|| input.to_owned());
            if let Some(millidegrees) = host.number(&format!("{folder}/{file}")) {
                let sensor = format!("{name} {label}").replace(',', " ");
                // Memory modules, processors and graphics cards have one chip each, all of one name.
                let n_alike = labels.iter().filter(|one| **one == sensor).count();
                labels.push(sensor.clone());
                temperatures.push(Temperature {
                    sensor: match n_alike {
                        0 => sensor,
                        n => format!("{sensor} {}", n + 1),
                    },
                    millidegrees,
                });
            }
        }
    }
    for zone in host.names("/sys/class/thermal").unwrap_or_default() {
        let folder = format!("/sys/class/thermal/{zone}");
        if let Some(millidegrees) = host.number(&format!("{folder}/temp")) {
            let kind = host.line(&format!("{folder}/type")).unwrap_or_default();
            temperatures.push(Temperature {
                sensor: format!("{zone} {kind}").replace(',', " "),
                millidegrees,
            });
        }
    }
    if temperatures.is_empty() {
        return Err(Unavailable::absent(Term::TemperatureSensor));
    }
    Ok(temperatures)
}

pub(in crate::host) fn reboot_need(host: &Host) -> Result<RebootNeed, Unavailable> {
    const FLAG: &str = "/run/reboot-required";
    if host.exists(FLAG) {
        let mut packages = host
            .text(&format!("{FLAG}.pkgs"))
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        packages.sort_unstable();
        packages.dedup();
        return Ok(RebootNeed::Packages(packages));
    }
    let running = host
        .line("/proc/sys/kernel/osrelease")
        .ok_or_else(|| Unavailable::absent(Term::KernelRelease))?;
    // A machine with a kernel from elsewhere, a container or a guest, has no modules at all, or none that fit.
    let installed = host.names(MODULES).unwrap_or_default();
    let flavour = |release: &str| release.rsplit('-').next().map(str::to_owned);
    let replaced = !installed.contains(&running)
        && installed
            .iter()
            .any(|release| flavour(release) == flavour(&running))
        && host.exists("/boot");
    if replaced {
        return Ok(RebootNeed::KernelGone { running });
    }
    // Only the distributions that raise the flag say something by not raising it.
    if is_of_debian(host) {
        return Ok(RebootNeed::None);
    }
    Err(Unavailable::Unsupported {
        what: Term::RestartWanted.into(),
    })
}

fn is_of_debian(host: &Host) -> bool {
    let release = os_release(host).unwrap_or_default();
    ["ID", "ID_LIKE"]
        .into_iter()
        .filter_map(|key| os_word(&release, key))
        .any(|words| words.split(' ').any(|word| word == "debian"))
}

/// os-release(5)
fn os_release(host: &Host) -> Result<String, Unavailable> {
    host.text("/etc/os-release")
        .or_else(|_| host.text("/usr/lib/os-release"))
}

fn os_word(release: &str, key: &str) -> Option<String> {
    release
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
        .map(|value| value.trim_matches(['"', '\'']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn processors_are_counted_by_package() {
        let tree = Tree::new(&[(
            "/proc/cpuinfo",
            "processor\t: 0\nmodel name\t: Fast\nphysical id\t: 0\ncore id\t: 0\n\n\
             processor\t: 1\nmodel name\t: Fast\nphysical id\t: 0\ncore id\t: 0\n\n\
             processor\t: 2\nmodel name\t: Fast\nphysical id\t: 1\ncore id\t: 0\n\n",
        )]);
        let cpus = cpus(&tree.host()).unwrap();
        assert_eq!(cpus.len(), 2);
        assert_eq!((cpus[0].cores, cpus[0].threads), (1, 2));
        assert_eq!((cpus[1].cores, cpus[1].threads), (1, 1));
    }

    #[test]
    fn a_container_is_known_with_and_without_a_service_manager_in_it() {
        for mark in CONTAINERS {
            let tree = Tree::new(&[(mark, "systemd-nspawn\n")]);
            assert!(is_container(&tree.host()), "{mark}");
            let found = virtualisation(&tree.host(), Some("QEMU"), None);
            assert_eq!(found.as_deref(), Some("systemd-nspawn"), "{mark}");
        }
        assert!(!is_container(&Tree::new(&[]).host()));
    }

    #[test]
    fn makers_placeholders_are_absent() {
        let tree = Tree::new(&[
            ("/proc/sys/kernel/hostname", "desk-7\n"),
            (
                "/sys/class/dmi/id/product_serial",
                "To Be Filled By O.E.M.\n",
            ),
            ("/sys/class/dmi/id/chassis_type", "10\n"),
        ]);
        let system = system(&tree.host()).unwrap();
        assert_eq!((system.hostname.as_str(), system.serial), ("desk-7", None));
        assert_eq!(system.chassis.as_deref(), Some("laptop"));
    }

    #[test]
    fn a_system_is_called_by_its_name_and_version() {
        let named = |release: &str| os_name(&Tree::new(&[("/etc/os-release", release)]).host());
        let ubuntu = "PRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\n";
        assert_eq!(named(ubuntu).as_deref(), Some("Ubuntu 24.04"));
        let arch = "NAME=\"Arch Linux\"\nID=arch\nVERSION_ID=\n";
        assert_eq!(named(arch).as_deref(), Some("Arch Linux"));
        assert_eq!(named("ID=strange\n").as_deref(), Some("strange"));
        assert_eq!(named(""), None);
        assert_eq!(os_name(&Tree::new(&[]).host()), None);
    }

    #[test]
    fn a_restart_is_wanted_by_packages_or_a_replaced_kernel() {
        let kernel = ("/proc/sys/kernel/osrelease", "6.1.0-1-amd64\n");
        let debian = ("/etc/os-release", "ID=ubuntu\nID_LIKE=\"debian\"\n");
        let fedora = ("/etc/os-release", "ID=fedora\n");
        let none = Tree::new(&[kernel, debian, ("/lib/modules/6.1.0-1-amd64/x", "")]);
        assert_eq!(reboot_need(&none.host()), Ok(RebootNeed::None));
        let gone = Tree::new(&[
            kernel,
            ("/lib/modules/6.1.0-2-amd64/x", ""),
            ("/boot/x", ""),
        ]);
        assert!(matches!(
            reboot_need(&gone.host()),
            Ok(RebootNeed::KernelGone { .. })
        ));
        let silent = Tree::new(&[kernel, fedora, ("/lib/modules/6.1.0-1-amd64/x", "")]);
        assert!(matches!(
            reboot_need(&silent.host()),
            Err(Unavailable::Unsupported { .. })
        ));
        let guest = Tree::new(&[
            kernel,
            debian,
            ("/lib/modules/6.6.9-cloud/x", ""),
            ("/boot/x", ""),
        ]);
        assert_eq!(reboot_need(&guest.host()), Ok(RebootNeed::None));
        let flag = Tree::new(&[
            kernel,
            ("/run/reboot-required", ""),
            ("/run/reboot-required.pkgs", "b\na\nb\n"),
        ]);
        assert_eq!(
            reboot_need(&flag.host()),
            Ok(RebootNeed::Packages(vec!["a".into(), "b".into()]))
        );
    }

    #[test]
    fn sensors_are_named_by_chip_and_label() {
        let tree = Tree::new(&[
            ("/sys/class/hwmon/hwmon0/name", "coretemp\n"),
            ("/sys/class/hwmon/hwmon0/temp1_input", "45000\n"),
            ("/sys/class/hwmon/hwmon0/temp1_label", "Package id 0\n"),
            ("/sys/class/hwmon/hwmon1/name", "drivetemp\n"),
            ("/sys/class/hwmon/hwmon1/temp1_input", "31000\n"),
            ("/sys/class/hwmon/hwmon2/name", "spd5118\n"),
            ("/sys/class/hwmon/hwmon2/temp1_input", "38000\n"),
            ("/sys/class/hwmon/hwmon3/name", "spd5118\n"),
            ("/sys/class/hwmon/hwmon3/temp1_input", "39000\n"),
        ]);
        let temperatures = temperatures(&tree.host()).unwrap();
        let shown = temperatures
            .iter()
            .map(|one| (one.sensor.as_str(), one.millidegrees));
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                ("coretemp Package id 0", 45_000),
                ("spd5118 temp1", 38_000),
                ("spd5118 temp1 2", 39_000)
            ],
            "a disk is not asked"
        );
    }
}
