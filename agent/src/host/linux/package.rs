//! Installed packages: dpkg's status file, or what rpm says.

use crate::host::program;
use crate::host::{Host, Package, Term, Unavailable};

const DPKG: &str = "/var/lib/dpkg/status";
const RPM_FORMAT: &str = "%{NAME}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\t%{ARCH}\t%{SIZE}\n";
const RPM_BYTES: usize = 8 << 20;

pub(in crate::host) fn packages(host: &Host) -> Result<Vec<Package>, Unavailable> {
    if host.exists(DPKG) {
        return host.with_file(DPKG, |text| text.split("\n\n").filter_map(dpkg).collect());
    }
    if ["/var/lib/rpm", "/usr/lib/sysimage/rpm"]
        .iter()
        .any(|folder| host.exists(folder))
    {
        let output = program::read(host, "rpm", &["-qa", "--qf", RPM_FORMAT], RPM_BYTES)?;
        return Ok(output.lines().filter_map(rpm).collect());
    }
    Err(Unavailable::absent(Term::PackageManager))
}

/// Name and state of those that are not completely installed. What is left of a removed package is none of them.
pub(in crate::host) fn broken_packages(host: &Host) -> Result<Vec<(String, String)>, Unavailable> {
    if !host.exists(DPKG) {
        return match packages(host) {
            Err(why @ Unavailable::Absent { .. }) if host.is_live() => Err(why),
            Ok(_) | Err(_) => Err(Unavailable::Unsupported {
                what: Term::HalfInstalled.into(),
            }),
        };
    }
    let is_whole = |state: &str| matches!(state, "installed" | "config-files");
    let broken = packages(host)?.into_iter();
    let broken = broken.filter(|package| !is_whole(&package.state));
    Ok(broken
        .map(|package| (package.name, package.state))
        .collect())
}

/// One paragraph of dpkg's status file (deb822(5)). Known but not installed packages are left out.
fn dpkg(paragraph: &str) -> Option<Package> {
    let mut package = Package {
        manager: "dpkg",
        ..Package::default()
    };
    for line in paragraph.lines() {
        if line.starts_with(' ') {
            continue;
        }
        let Some((name, value)) = line.split_once(": ") else {
            continue;
        };
        match name {
            "Package" => package.name = value.to_owned(),
            "Version" => package.version = value.to_owned(),
            "Architecture" => package.architecture = value.to_owned(),
            // Wanted, error flag, state.
            "Status" => package.state = value.rsplit(' ').next()?.to_owned(),
            "Installed-Size" => {
                package.installed_bytes = value.parse::<u64>().ok().map(|kib| kib * 1024);
            }
            _ => {}
        }
    }
    let known = !package.name.is_empty() && !package.version.is_empty();
    (known && !matches!(package.state.as_str(), "not-installed" | "")).then_some(package)
}

fn rpm(line: &str) -> Option<Package> {
    let mut words = line.split('\t');
    Some(Package {
        name: words.next()?.to_owned(),
        version: words.next()?.trim_start_matches("0:").to_owned(),
        architecture: words.next()?.to_owned(),
        manager: "rpm",
        state: "installed".into(),
        installed_bytes: words.next()?.parse().ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn removed_packages_are_not_installed() {
        let tree = Tree::new(&[(
            DPKG,
            "Package: bash\nStatus: install ok installed\nInstalled-Size: 2\nArchitecture: amd64\n\
             Version: 5.2-1\nDescription: shell\n Version: of a description\n\n\
             Package: gone\nStatus: deinstall ok not-installed\nVersion: 1\n\n\
             Package: half\nStatus: install ok half-configured\nVersion: 2\nArchitecture: all\n",
        )]);
        let packages = packages(&tree.host()).unwrap();
        let named = packages
            .iter()
            .map(|p| {
                format!(
                    "{} {} {} {:?}",
                    p.name, p.version, p.state, p.installed_bytes
                )
            })
            .collect::<Vec<_>>();
        assert_eq!(
            named,
            [
                "bash 5.2-1 installed Some(2048)",
                "half 2 half-configured None"
            ]
        );
    }

    #[test]
    fn a_line_of_rpm_is_understood() {
        let package = rpm("bash\t0:5.1.8-6.el9\tx86_64\t7738634").unwrap();
        assert_eq!(package.version, "5.1.8-6.el9");
        assert_eq!(rpm("nonsense"), None);
    }

    #[test]
    fn a_machine_without_either_says_so() {
        assert!(matches!(
            packages(&Tree::new(&[]).host()),
            Err(Unavailable::Absent { .. })
        ));
    }
}
