//! What the machine's own configuration mounts (fstab(5)).

use super::filesystem::unescape;
use crate::host::{ConfiguredMount, Host, Unavailable};

const PATH: &str = "/etc/fstab";
/// Names of a device, and the folders in which udev keeps them (udev(7)).
const BY_NAME: &[(&str, &str)] = &[
    ("UUID=", "/dev/disk/by-uuid/"),
    ("LABEL=", "/dev/disk/by-label/"),
    ("PARTUUID=", "/dev/disk/by-partuuid/"),
    ("PARTLABEL=", "/dev/disk/by-partlabel/"),
];

/// A machine without the file wants nothing mounted by it.
pub(in crate::host) fn configured_mounts(host: &Host) -> Result<Vec<ConfiguredMount>, Unavailable> {
    match host.with_file(PATH, |text| text.lines().filter_map(parse).collect()) {
        Err(Unavailable::Absent { .. }) => Ok(Vec::new()),
        mounts => mounts,
    }
}

/// Source, mount point, kind, options, two numbers.
fn parse(line: &str) -> Option<ConfiguredMount> {
    let line = line.trim_start();
    if line.starts_with('#') {
        return None;
    }
    let mut words = line.split_whitespace();
    let source = unescape(words.next()?);
    let mount = unescape(words.next()?);
    let kind = words.next()?.to_owned();
    // A slash at the end names the same folder.
    let mount = match mount.trim_end_matches('/') {
        "" => "/",
        trimmed => trimmed,
    };
    Some(ConfiguredMount {
        source: source.trim_matches('"').to_owned(),
        mount: mount.to_owned(),
        kind,
        options: words.next().unwrap_or("defaults").to_owned(),
    })
}

pub(in crate::host) fn has_folder(host: &Host, path: &str) -> bool {
    host.exists(path)
}

pub(in crate::host) fn has_source(host: &Host, source: &str) -> bool {
    let by_name = BY_NAME
        .iter()
        .find_map(|(tag, folder)| Some((folder, source.strip_prefix(tag)?.trim_matches('"'))));
    match by_name {
        // udev writes other characters in a way of its own.
        Some((folder, name)) if is_plain(name) => host.exists(&format!("{folder}{name}")),
        Some(_) => true,
        None => !source.starts_with("/dev/") || host.exists(source),
    }
}

fn is_plain(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn lines_are_understood() {
        let tree = Tree::new(&[(
            PATH,
            "# /srv\n\n/dev/sdb1 /my\\040disk/ ext4 rw,noatime 0 2\nproc /proc proc\nbroken\n",
        )]);
        let mounts = configured_mounts(&tree.host()).unwrap();
        let shown = mounts.iter().map(|one| {
            format!(
                "{} on {} {} {}",
                one.source, one.mount, one.kind, one.options
            )
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                "/dev/sdb1 on /my disk ext4 rw,noatime",
                "proc on /proc proc defaults"
            ]
        );
        assert_eq!(configured_mounts(&Tree::new(&[]).host()), Ok(Vec::new()));
    }

    #[test]
    fn a_device_is_there_by_any_of_its_names() {
        let tree = Tree::new(&[("/dev/sdb1", ""), ("/dev/disk/by-uuid/12-ab", "")]);
        let host = tree.host();
        for source in [
            "/dev/sdb1",
            "UUID=12-ab",
            "UUID=\"12-ab\"",
            "nas:/export",
            "tmpfs",
            "LABEL=my disk",
        ] {
            assert!(has_source(&host, source), "{source}");
        }
        for source in ["/dev/sdc1", "UUID=34", "LABEL=data"] {
            assert!(!has_source(&host, source), "{source}");
        }
    }
}
