//! Mounts, and how full they are.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use super::{cache, old_log};
use crate::host::storage::Storage;
use crate::host::{Filesystem, Host, Unavailable, Usage};

const MOUNTINFO: &str = "/proc/self/mountinfo";

/// Kinds without content of their own.
const PSEUDO: &[&str] = &[
    "autofs",
    "binder",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "efivarfs",
    "fuse.gvfsd-fuse",
    "fuse.lxcfs",
    "fuse.portal",
    "fusectl",
    "hugetlbfs",
    "mqueue",
    "nfsd",
    "none",
    "nsfs",
    "proc",
    "pstore",
    "ramfs",
    "resctrl",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "smackfs",
    "sysfs",
    "tracefs",
];
const IMAGES: &[&str] = &[
    "cramfs",
    "erofs",
    "fuse.snapfuse",
    "fuse.squashfuse",
    "iso9660",
    "romfs",
    "squashfs",
    "udf",
];
/// Kinds that the kernel itself keeps on a disk of this machine: asking them does not hang. Whatever is not listed may
/// be another machine's, or a program's, and is asked by a worker.
const LOCAL: &[&str] = &[
    "bcachefs", "btrfs", "exfat", "ext2", "ext3", "ext4", "f2fs", "hfs", "hfsplus", "jfs", "msdos",
    "nilfs2", "ntfs", "ntfs3", "reiserfs", "ufs", "vfat", "xfs", "zfs",
];

pub(in crate::host) fn filesystems(host: &Host) -> Result<Vec<Filesystem>, Unavailable> {
    host.with_file(MOUNTINFO, |text| {
        let mut seen: Vec<Filesystem> = Vec::with_capacity(32);
        let mut places = HashMap::new();
        let mounts = text.lines().filter_map(|line| Some((line, parse(line)?)));
        let mounts = mounts.filter(|(line, filesystem)| !is_of_a_file(host, line, filesystem));
        for (_, filesystem) in mounts {
            // A later mount on the same point covers the earlier one.
            match places.entry(filesystem.mount.clone()) {
                Entry::Occupied(place) => seen[*place.get()] = filesystem,
                Entry::Vacant(place) => {
                    place.insert(seen.len());
                    seen.push(filesystem);
                }
            }
        }
        for root in cache::roots() {
            each_of(&mut seen, root, |filesystem| filesystem.has_caches = true);
        }
        each_of(&mut seen, old_log::ROOT, |filesystem| {
            filesystem.has_logs = true;
        });
        seen
    })
}

/// A file of a local file system that is mounted over a file, as containers get /etc/hosts: nothing is put there, and its
/// file system is somebody else's.
fn is_of_a_file(host: &Host, line: &str, filesystem: &Filesystem) -> bool {
    let is_local = matches!(filesystem.storage, Storage::Block | Storage::Memory);
    let is_part = line.split(' ').nth(3).is_some_and(|root| root != "/");
    is_local && is_part && host.path(&filesystem.mount).is_file()
}

/// Every mount of the file system on which `folder` lies: what is mounted deepest above it.
fn each_of(filesystems: &mut [Filesystem], folder: &str, mark: impl Fn(&mut Filesystem)) {
    let above = filesystems
        .iter()
        .filter(|one| Path::new(folder).starts_with(&one.mount))
        .max_by_key(|one| one.mount.len());
    let Some(device) = above.map(|one| one.device) else {
        return;
    };
    let same = filesystems.iter_mut().filter(|one| one.device == device);
    same.for_each(mark);
}

/// One line: id, parent, device, root, mount point, options, optional fields, `-`, kind, source, super options.
fn parse(line: &str) -> Option<Filesystem> {
    let (left, right) = line.split_once(" - ")?;
    let mut left = left.split(' ').skip(2);
    let (major, minor) = left.next()?.split_once(':')?;
    let mount = unescape(left.nth(1)?);
    let options = left.next()?;
    let mut right = right.splitn(3, ' ');
    let kind = right.next()?;
    let source = unescape(right.next()?);
    let super_options = right.next().unwrap_or_default();
    let has = |options: &str, option| options.split(',').any(|one| one == option);
    Some(Filesystem {
        storage: storage(kind, &mount),
        kind: kind.to_owned(),
        device: (major.parse().ok()?, minor.parse().ok()?),
        read_only: has(options, "ro"),
        // Newer kernels refuse all writing after an error without saying `ro` (fs/ext4/ext4.h: EXT4_FLAGS_EMERGENCY_RO).
        super_read_only: ["ro", "emergency_ro", "shutdown"]
            .iter()
            .any(|option| has(super_options, option)),
        options: format!("{options},{super_options}"),
        has_caches: false,
        has_logs: false,
        mount,
        source,
    })
}

fn storage(kind: &str, mount: &str) -> Storage {
    // A tmpfs that only carries mount points of the kernel's own.
    let is_carrier = matches!(mount, "/dev" | "/proc" | "/sys")
        || mount.starts_with("/sys/")
        || mount.starts_with("/proc/");
    if PSEUDO.contains(&kind) || (kind == "tmpfs" && is_carrier) {
        Storage::Pseudo
    } else if kind == "tmpfs" {
        Storage::Memory
    } else if IMAGES.contains(&kind) {
        Storage::Image
    } else if matches!(kind, "overlay" | "aufs") {
        Storage::Layer
    } else if LOCAL.contains(&kind) {
        Storage::Block
    } else {
        Storage::Remote
    }
}

/// The kernel writes space, tab, line feed and backslash as three octal digits.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let code = rest
            .get(at + 1..at + 4)
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code {
            Some(code) => {
                out.push(char::from(code));
                rest = &rest[at + 4..];
            }
            None => {
                out.push('\\');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

pub(in crate::host) fn usage(host: &Host, mount: &str) -> Result<Usage, Unavailable> {
    let stat = rustix::fs::statvfs(host.path(mount))
        .map_err(|error| Unavailable::io(mount, &error.into()))?;
    let unit = stat.f_frsize.max(1);
    Ok(Usage {
        total_bytes: stat.f_blocks * unit,
        free_bytes: stat.f_bfree * unit,
        available_bytes: stat.f_bavail * unit,
        inodes: stat.f_files,
        free_inodes: stat.f_ffree,
    })
}

pub(in crate::host) fn filesystem_errors(host: &Host, source: &str) -> Option<u64> {
    let name = source.strip_prefix("/dev/")?;
    let name = match name.strip_prefix("mapper/") {
        None => name.to_owned(),
        Some(_) => std::fs::canonicalize(host.path(source))
            .ok()?
            .file_name()?
            .to_str()?
            .to_owned(),
    };
    host.number(&format!("/sys/fs/ext4/{name}/errors_count"))
        .and_then(|n| n.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let found = parse(line).map_or("none".into(), |fs| {
            format!(
                "{} {} {} {:?} ro={} super={} fills={}",
                fs.mount,
                fs.kind,
                fs.source,
                fs.storage,
                fs.read_only,
                fs.super_read_only,
                fs.can_fill()
            )
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn lines_of_mountinfo_are_understood() {
        check(
            "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,errors=remount-ro",
            "/ ext4 /dev/vda Block ro=false super=false fills=true",
        );
        check(
            r"40 27 0:44 / /mnt/my\040share rw - cifs //nas/a\134b rw",
            r"/mnt/my share cifs //nas/a\b Remote ro=false super=false fills=true",
        );
        check(
            "41 27 7:1 / /snap/core/1 ro,nodev - squashfs /dev/loop1 ro",
            "/snap/core/1 squashfs /dev/loop1 Image ro=true super=true fills=false",
        );
        check(
            "42 27 254:0 /etc /mnt ro - ext4 /dev/vda rw",
            "/mnt ext4 /dev/vda Block ro=true super=false fills=true",
        );
        check(
            "43 23 0:29 / /sys/fs/cgroup rw - tmpfs tmpfs rw",
            "/sys/fs/cgroup tmpfs tmpfs Pseudo ro=false super=false fills=false",
        );
        check(
            "44 27 8:17 / /media/usb rw - fuseblk /dev/sdb1 rw",
            "/media/usb fuseblk /dev/sdb1 Remote ro=false super=false fills=true",
        );
        check(
            "45 27 7:0 / /srv rw - ext4 /dev/loop0 rw,errors=remount-ro,emergency_ro",
            "/srv ext4 /dev/loop0 Block ro=false super=true fills=false",
        );
        check("nonsense", "none");
    }

    #[test]
    fn a_covered_mount_is_not_seen() {
        let tree = Tree::new(&[(
            MOUNTINFO,
            "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:5 / /x rw - tmpfs one rw\n3 2 0:6 / /x rw - tmpfs two rw\n",
        )]);
        let sources = filesystems(&tree.host())
            .unwrap()
            .into_iter()
            .map(|fs| fs.source)
            .collect::<Vec<_>>();
        assert_eq!(sources, ["/dev/sda1", "two"]);
    }

    #[test]
    fn a_file_that_is_mounted_over_a_file_is_no_file_system() {
        let tree = Tree::new(&[
            (
                MOUNTINFO,
                "1 0 0:40 / / rw - overlay overlay rw\n2 1 8:1 /etc/hosts /etc/hosts rw - ext4 /dev/sda1 rw\n\
                 3 1 8:1 /home /data rw - ext4 /dev/sda1 rw\n4 1 8:1 /gone /gone rw - ext4 /dev/sda1 rw\n",
            ),
            ("/etc/hosts", ""),
            ("/data/x", ""),
        ]);
        let found = filesystems(&tree.host()).unwrap().into_iter();
        let mounts: Vec<String> = found.map(|fs| fs.mount).collect();
        assert_eq!(mounts, ["/", "/data", "/gone"]);
    }

    #[test]
    fn caches_and_logs_lie_on_what_is_mounted_deepest() {
        let tree = Tree::new(&[(
            MOUNTINFO,
            "1 0 8:1 / / rw - ext4 a rw\n2 1 8:2 / /var rw - ext4 b rw\n3 1 8:3 / /va rw - ext4 c rw\n",
        )]);
        let holding = filesystems(&tree.host())
            .unwrap()
            .into_iter()
            .filter(|fs| fs.has_caches && fs.has_logs)
            .map(|fs| fs.mount)
            .collect::<Vec<_>>();
        assert_eq!(holding, ["/var"]);
    }
}
