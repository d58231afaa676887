//! What disks say of themselves, by smartctl(8).

use serde_json::Value;

use crate::host::program;
use crate::host::{Disk, DiskHealth, Host, Term, Unavailable};

use super::disk::disks;

const OUTPUT_BYTES: usize = 1 << 20;
/// Disks that are asked, all at once.
const MOST: usize = 32;
/// Disks that another machine keeps: they have nothing to say.
const VIRTUAL: &[&str] = &["loop", "nbd", "ram", "rbd", "vd", "xvd", "zram"];

pub(in crate::host) fn disk_health(host: &Host) -> Result<Vec<DiskHealth>, Unavailable> {
    let mut disks = disks(host)?;
    disks.retain(|disk| disk.kind == "disk");
    let is_virtual = |disk: &Disk| VIRTUAL.iter().any(|begin| disk.name.starts_with(begin));
    if disks.iter().all(is_virtual) {
        return Err(Unavailable::absent(Term::OwnDisk));
    }
    disks.retain(|disk| !is_virtual(disk));
    disks.truncate(MOST);
    std::thread::scope(|scope| {
        let asked: Vec<_> = disks
            .iter()
            .map(|disk| scope.spawn(|| ask(host, &disk.name)))
            .collect();
        let gone = || Err(Unavailable::broken("smartctl", Term::ReaderPanicked));
        asked
            .into_iter()
            .map(|one| one.join().unwrap_or_else(|_| gone()))
            .collect()
    })
}

fn ask(host: &Host, disk: &str) -> Result<DiskHealth, Unavailable> {
    let device = format!("/dev/{disk}");
    // A disk that sleeps is not woken up for this.
    let asked = ["--json=c", "--all", "--nocheck=standby", &device];
    // Its exit code is a set of findings; what it says is said in any case.
    let said = program::read_as(host, "smartctl", &asked, OUTPUT_BYTES, |_| true)?;
    let said: Value = serde_json::from_str(&said)
        .map_err(|error| Unavailable::broken("smartctl", error.to_string()))?;
    Ok(health(disk, &said))
}

/// Of smartctl's JSON (smartmontools 7; its fields are those of `smartctl --json=v`).
fn health(disk: &str, said: &Value) -> DiskHealth {
    let text = |key: &str| said[key].as_str().map(str::to_owned);
    let attributes = said["ata_smart_attributes"]["table"]
        .as_array()
        .into_iter()
        .flatten();
    // The upper bytes of some makers' numbers hold something else.
    let raw = |id: u64| {
        let of = attributes.clone().find(|one| one["id"] == id)?;
        Some(of["raw"]["value"].as_u64()? & 0xffff_ffff)
    };
    let failing = attributes.clone().filter(|one| one["when_failed"] == "now");
    let nvme = &said["nvme_smart_health_information_log"];
    let of_nvme = |key: &str| nvme[key].as_u64();
    let has_passed = said["smart_status"]["passed"].as_bool();
    let is_silent = has_passed.is_none() && attributes.clone().next().is_none() && nvme.is_null();
    DiskHealth {
        disk: disk.to_owned(),
        model: text("model_name").or_else(|| text("scsi_model_name")),
        serial: text("serial_number"),
        has_passed,
        failing: failing
            .filter_map(|one| one["name"].as_str().map(str::to_owned))
            .collect(),
        reallocated: raw(5).or_else(|| said["scsi_grown_defect_list"].as_u64()),
        pending: raw(197),
        uncorrectable: raw(198),
        media_errors: of_nvme("media_errors"),
        spare_percent: of_nvme("available_spare"),
        spare_least_percent: of_nvme("available_spare_threshold"),
        used_percent: of_nvme("percentage_used"),
        critical_warning: of_nvme("critical_warning"),
        celsius: said["temperature"]["current"].as_i64(),
        hours: said["power_on_time"]["hours"].as_u64(),
        trouble: is_silent.then(|| {
            let message = said["smartctl"]["messages"][0]["string"].as_str();
            message.unwrap_or("it does not tell").to_owned()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn both_kinds_of_disk_are_understood_and_virtual_ones_not_asked() {
        let said =
            |disk: &str| format!("/said/smartctl --json=c --all --nocheck=standby _dev_{disk}");
        let ata = r#"{"model_name":"WDC WD10","serial_number":"S1","smart_status":{"passed":false},
            "temperature":{"current":41},"power_on_time":{"hours":30000},"ata_smart_attributes":{"table":[
            {"id":5,"name":"Reallocated_Sector_Ct","when_failed":"now","raw":{"value":4294967304}},
            {"id":197,"name":"Current_Pending_Sector","when_failed":"","raw":{"value":3}}]}}"#;
        let nvme = r#"{"model_name":"SAMSUNG","smart_status":{"passed":true,"nvme":{"value":0}},
            "nvme_smart_health_information_log":{"critical_warning":0,"available_spare":100,
            "available_spare_threshold":10,"percentage_used":7,"media_errors":2}}"#;
        let asleep = r#"{"smartctl":{"exit_status":2,"messages":[{"string":"Device is in STANDBY mode, exit(2)"}]}}"#;
        let tree = Tree::new(&[
            ("/sys/block/sda/size", "2048\n"),
            ("/sys/block/sdb/size", "2048\n"),
            ("/sys/block/nvme0n1/size", "2048\n"),
            ("/sys/block/vda/size", "2048\n"),
            (&said("sda"), ata),
            (&said("sdb"), asleep),
            (&said("nvme0n1"), nvme),
        ]);
        let shown = |of: &DiskHealth| {
            format!(
                "{} {:?} {:?} {:?} {:?} {:?} {:?}",
                of.disk,
                of.has_passed,
                of.failing,
                of.reallocated,
                of.pending,
                of.media_errors,
                of.trouble
            )
        };
        let found: Vec<String> = disk_health(&tree.host())
            .unwrap()
            .iter()
            .map(shown)
            .collect();
        assert_eq!(
            found,
            [
                "nvme0n1 Some(true) [] None None Some(2) None",
                r#"sda Some(false) ["Reallocated_Sector_Ct"] Some(8) Some(3) None None"#,
                r#"sdb None [] None None None Some("Device is in STANDBY mode, exit(2)")"#,
            ]
        );
        let virtual_only = Tree::new(&[("/sys/block/vda/size", "2048\n")]);
        assert!(disk_health(&virtual_only.host()).is_err());
    }
}
