//! What apt-get(8) would do to finish what is half installed, as its simulation tells.

use crate::host::program;
use crate::host::{Host, PackageChange, PackageDeed, Unavailable};

const OUTPUT_BYTES: usize = 4 << 20;

pub(in crate::host) fn package_repair(host: &Host) -> Result<Vec<PackageChange>, Unavailable> {
    let arguments = ["--simulate", "--fix-broken", "install"];
    let said = program::read(host, "apt-get", &arguments, OUTPUT_BYTES)?;
    Ok(said.lines().filter_map(change).collect())
}

/// `Inst name [old version] (new version origin [architecture])`, `Conf …`, `Remv name [version]`.
fn change(line: &str) -> Option<PackageChange> {
    let mut words = line.split_ascii_whitespace();
    let deed = match words.next()? {
        "Inst" => PackageDeed::Install,
        "Conf" => PackageDeed::Configure,
        "Remv" | "Purg" => PackageDeed::Remove,
        _ => return None,
    };
    let name = words.next()?.to_owned();
    Some(PackageChange { deed, name })
}

#[test]
fn a_simulation_is_understood() {
    let said = "Reading package lists...\nThe following packages will be REMOVED:\n  old\n\
                Remv old [1.2-1] []\nInst libfoo [1.0] (1.1 Debian:12.4/stable [amd64])\n\
                Conf libfoo (1.1 Debian:12.4/stable [amd64])\nConf labels (1 now [all])\n";
    let shown = said.lines().filter_map(change);
    let shown: Vec<String> = shown
        .map(|change| format!("{:?} {}", change.deed, change.name))
        .collect();
    assert_eq!(
        shown,
        [
            "Remove old",
            "Install libfoo",
            "Configure libfoo",
            "Configure labels"
        ]
    );
}
