//! Files of the system's caches.

use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use super::folder;
use super::remove::FIRST_PERSON;
use crate::host::{CacheFile, Host, Unavailable};

/// A folder with files that may be removed.
pub(super) struct Cache {
    pub(super) root: &'static str,
    /// How deep below the root files are looked for.
    pub(super) depth: u32,
    /// By its name.
    pub(super) wanted: fn(&str) -> bool,
    /// Younger files are left alone: someone may be at it.
    pub(super) older_than: Duration,
}

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

/// Their files can be fetched or made again.
const CACHES: &[Cache] = &[
    Cache {
        root: "/var/cache/apt/archives",
        depth: 1,
        wanted: |name| name.ends_with(".deb"),
        older_than: HOUR,
    },
    Cache {
        root: "/var/cache/dnf",
        depth: 3,
        wanted: |name| name.ends_with(".rpm") || name.ends_with(".drpm"),
        older_than: HOUR,
    },
    Cache {
        root: "/var/cache/PackageKit",
        depth: 4,
        wanted: |name| name.ends_with(".rpm") || name.ends_with(".deb"),
        older_than: HOUR,
    },
    Cache {
        root: "/var/cache/pacman/pkg",
        depth: 1,
        wanted: |name| name.contains(".pkg.tar."),
        older_than: DAY,
    },
];

/// The folders of the caches.
pub(super) fn roots() -> impl Iterator<Item = &'static str> {
    CACHES.iter().map(|cache| cache.root)
}

pub(in crate::host) fn cache_files(
    host: &Host,
    most: usize,
) -> Result<Vec<CacheFile>, Unavailable> {
    let mut files = Vec::new();
    for cache in CACHES {
        files.extend(files_of(host, cache, most)?);
    }
    Ok(files)
}

/// The largest ones of one folder.
pub(super) fn files_of(
    host: &Host,
    cache: &Cache,
    most: usize,
) -> Result<Vec<CacheFile>, Unavailable> {
    let before_us = host.now_us() - cache.older_than.as_micros() as i64;
    let mut found = Vec::new();
    match walk(host, cache, "", cache.depth, before_us, &mut found) {
        Ok(()) | Err(Unavailable::Absent { .. }) => {}
        Err(why) => return Err(why),
    }
    found.sort_unstable_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.path.cmp(&b.path)));
    found.truncate(most);
    Ok(found)
}

fn walk(
    host: &Host,
    cache: &Cache,
    below: &str,
    depth: u32,
    before_us: i64,
    found: &mut Vec<CacheFile>,
) -> Result<(), Unavailable> {
    let folder = format!("{}/{below}", cache.root);
    for name in host.names(&folder)? {
        let path = format!("{below}{name}");
        // Links are not followed, neither here nor when the file is removed.
        let Ok(metadata) = std::fs::symlink_metadata(host.path(&format!("{}/{path}", cache.root)))
        else {
            continue;
        };
        // What is another's would be left alone when it is to be removed.
        let is_ours = folder::is_ours_by(metadata.uid());
        if metadata.is_dir() && depth > 1 {
            if !is_ours || metadata.mode() & 0o002 != 0 {
                continue;
            }
            match walk(
                host,
                cache,
                &format!("{path}/"),
                depth - 1,
                before_us,
                found,
            ) {
                Ok(()) | Err(Unavailable::Absent { .. } | Unavailable::Permission { .. }) => {}
                Err(why) => return Err(why),
            }
        } else if metadata.is_file()
            && (is_ours || metadata.uid() < FIRST_PERSON)
            && (cache.wanted)(&name)
            && metadata.mtime() * 1_000_000 < before_us
        {
            found.push(CacheFile {
                root: cache.root.into(),
                path,
                bytes: metadata.blocks() * 512,
                device: metadata.dev(),
                inode: metadata.ino(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn only_old_files_of_caches_are_found_and_no_links() {
        let tree = Tree::new(&[
            ("/var/cache/apt/archives/a_1.deb", &"x".repeat(9000)),
            ("/var/cache/apt/archives/lock", ""),
            ("/var/cache/apt/archives/partial/b.deb", "x"),
            ("/etc/passwd", "x"),
        ]);
        let host = tree.host();
        std::os::unix::fs::symlink(
            host.path("/etc/passwd"),
            host.path("/var/cache/apt/archives/c.deb"),
        )
        .unwrap();
        // The files are of now, the tree's clock may be of any time.
        let later = Host::recorded(host.root(), i64::MAX / 2);
        let files = cache_files(&later, 10).unwrap();
        assert_eq!(files.len(), 1, "{files:?}");
        assert_eq!(files[0].path, "a_1.deb");
        assert!(files[0].bytes >= 9000);
        let young = Host::recorded(host.root(), 0);
        assert_eq!(cache_files(&young, 10), Ok(Vec::new()));
    }
}
