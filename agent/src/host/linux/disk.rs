//! /sys/block and /proc/diskstats.

use crate::host::{Disk, DiskCounters, Host, Unavailable};

use super::stat::number;

const BLOCK: &str = "/sys/block";
const DISKSTATS: &str = "/proc/diskstats";
/// Both count in sectors of this size, whatever the disk's own is.
const SECTOR_BYTES: u64 = 512;

pub(in crate::host) fn disks(host: &Host) -> Result<Vec<Disk>, Unavailable> {
    let mut disks = Vec::new();
    for name in host.names(BLOCK)? {
        let folder = format!("{BLOCK}/{name}");
        let size_bytes = size(host, &folder);
        // Loop devices and card readers with nothing in them.
        if size_bytes == 0 || name.starts_with("ram") {
            continue;
        }
        let of = |file: &str| host.line(&format!("{folder}/{file}"));
        let truth = |file: &str| host.number(&format!("{folder}/{file}")).map(|n| n != 0);
        disks.push(Disk {
            kind: kind(host, &folder, &name),
            parent: None,
            size_bytes,
            model: of("device/model"),
            vendor: of("device/vendor").filter(|vendor| !vendor.starts_with("0x")),
            serial: of("device/serial").or_else(|| of("serial")),
            firmware: of("device/firmware_rev").or_else(|| of("device/rev")),
            rotational: truth("queue/rotational"),
            removable: truth("removable"),
            read_only: truth("ro"),
            name: name.clone(),
        });
        for part in host.names(&folder)? {
            let folder = format!("{folder}/{part}");
            if !part.starts_with(&name) || !host.exists(&format!("{folder}/partition")) {
                continue;
            }
            disks.push(Disk {
                kind: "part".into(),
                parent: Some(name.clone()),
                size_bytes: size(host, &folder),
                read_only: host.number(&format!("{folder}/ro")).map(|n| n != 0),
                name: part,
                ..Disk::default()
            });
        }
    }
    Ok(disks)
}

fn size(host: &Host, folder: &str) -> u64 {
    host.number(&format!("{folder}/size"))
        .map_or(0, |sectors| sectors as u64 * SECTOR_BYTES)
}

fn kind(host: &Host, folder: &str, name: &str) -> String {
    if name.starts_with("loop") {
        return "loop".into();
    }
    if name.starts_with("md") {
        return "raid".into();
    }
    if name.starts_with("sr") {
        return "rom".into();
    }
    let mapper = host.line(&format!("{folder}/dm/uuid")).unwrap_or_default();
    match mapper.split('-').next() {
        Some("LVM") => "lvm",
        Some("CRYPT") => "crypt",
        Some("mpath") => "mpath",
        Some(_) | None if name.starts_with("dm-") => "dm",
        Some(_) | None => "disk",
    }
    .into()
}

/// Whole disks only: partitions are named after the disk before them.
pub(in crate::host) fn disk_counters(
    host: &Host,
    visit: &mut dyn FnMut(&str, DiskCounters),
) -> Result<(), Unavailable> {
    host.with_file(DISKSTATS, |text| {
        let mut disk = "";
        for line in text.lines() {
            let mut words = line.split_ascii_whitespace();
            let Some(name) = words.nth(2) else { continue };
            if is_partition(name, disk) || name.starts_with("ram") {
                continue;
            }
            disk = name;
            let mut n = [0_u64; 17];
            for (n, word) in n.iter_mut().zip(words) {
                *n = number(word);
            }
            // A loop device that was never used.
            if name.starts_with("loop") && n[0] == 0 {
                continue;
            }
            visit(
                name,
                DiskCounters {
                    reads: n[0],
                    read_bytes: n[2].wrapping_mul(SECTOR_BYTES),
                    read_ms: n[3],
                    writes: n[4],
                    written_bytes: n[6].wrapping_mul(SECTOR_BYTES),
                    write_ms: n[7],
                    in_flight: n[8],
                    busy_ms: n[9],
                    weighted_ms: n[10],
                    discards: n[11],
                    flushes: n[15],
                },
            );
        }
    })
}

/// `sda1` of `sda`, `nvme0n1p2` of `nvme0n1`.
fn is_partition(name: &str, disk: &str) -> bool {
    if disk.is_empty() || disk.starts_with("loop") && !name.contains('p') {
        return false;
    }
    let Some(rest) = name.strip_prefix(disk) else {
        return false;
    };
    let rest = if disk.ends_with(|c: char| c.is_ascii_digit()) {
        match rest.strip_prefix('p') {
            Some(rest) => rest,
            None => return false,
        }
    } else {
        rest
    };
    !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn partitions_belong_to_their_disk() {
        for (name, disk, expected) in [
            ("sda1", "sda", true),
            ("sda", "", false),
            ("sdab", "sda", false),
            ("nvme0n1p2", "nvme0n1", true),
            ("nvme0n11", "nvme0n1", false),
            ("loop10", "loop1", false),
        ] {
            assert_eq!(is_partition(name, disk), expected, "{name} of {disk}");
        }
    }

    #[test]
    fn sectors_become_bytes() {
        let tree = Tree::new(&[
            (
                DISKSTATS,
                "254 0 vda 5 0 16 7 2 0 8 3 0 9 10 1 0 0 0 4 0\n254 1 vda1 1 0 8 1 0 0 0 0 0 1 1\n7 0 loop0 0 0 0\n",
            ),
            ("/sys/block/vda/size", "2048\n"),
            ("/sys/block/vda/queue/rotational", "1\n"),
            ("/sys/block/vda/device/model", "DISK 1   \n"),
            ("/sys/block/vda/vda1/size", "1024\n"),
            ("/sys/block/vda/vda1/partition", "1\n"),
            ("/sys/block/loop0/size", "0\n"),
        ]);
        let mut seen = Vec::new();
        disk_counters(&tree.host(), &mut |name, counters| {
            seen.push(format!(
                "{name} {} {}",
                counters.read_bytes, counters.flushes
            ));
        })
        .unwrap();
        assert_eq!(seen, ["vda 8192 4"]);
        let disks = disks(&tree.host()).unwrap();
        assert_eq!(disks.len(), 2);
        assert_eq!(disks[0].size_bytes, 1 << 20);
        assert_eq!(disks[0].model.as_deref(), Some("DISK 1"));
        assert_eq!(disks[0].rotational, Some(true));
        assert_eq!(disks[1].parent.as_deref(), Some("vda"));
    }
}
