//! Removing files relative to folder handles, so that nobody can lead the way elsewhere meanwhile.

use rustix::fs::{AtFlags, FileType, ResolveFlags, Stat, statat, unlinkat};

use super::folder::{self, enter, is_ours, kept};
use crate::host::{Host, Kept};
use crate::plan::File;

/// Below are the system's own accounts (login.defs(5), UID_MIN), which write logs.
pub(super) const FIRST_PERSON: u32 = 1000;

pub(in crate::host) fn remove(host: &Host, root: &str, file: &File) -> Result<u64, Kept> {
    let (folders, name) = match file.path.rsplit_once('/') {
        Some((folders, name)) => (folders, name),
        None => ("", file.path.as_str()),
    };
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    if !is_plain(name) {
        return Err(Kept::LeadsElsewhere);
    }
    let mut folder = folder::open(host, root)?;
    for part in folders.split('/').filter(|part| !part.is_empty()) {
        if !is_plain(part) {
            return Err(Kept::LeadsElsewhere);
        }
        // From the cache's root on, the way stays on its file system.
        folder = enter(&folder, part, ResolveFlags::NO_XDEV)?;
    }
    let found = statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW).map_err(kept)?;
    judge(&found, file)?;
    unlinkat(&folder, name, AtFlags::empty()).map_err(kept)?;
    Ok(found.st_blocks as u64 * 512)
}

/// Whether what is there is the file that was planned.
fn judge(found: &Stat, file: &File) -> Result<(), Kept> {
    if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile {
        return Err(Kept::LeadsElsewhere);
    }
    if found.st_dev != file.device || found.st_ino != file.inode || found.st_nlink != 1 {
        return Err(Kept::Changed);
    }
    if !is_ours(found) && found.st_uid >= FIRST_PERSON {
        return Err(Kept::FileOfOthers);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;
    use std::os::unix::fs::{MetadataExt as _, symlink};
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    fn file(path: &str, at: &Path) -> File {
        let stat = std::fs::symlink_metadata(at).unwrap();
        File {
            path: path.into(),
            bytes: stat.len(),
            device: stat.dev(),
            inode: stat.ino(),
        }
    }

    const ROOT: &str = "/var/cache/apt/archives";

    #[test]
    fn the_planned_file_goes_and_its_replacement_stays() {
        let tree = Tree::new(&[
            ("/var/cache/apt/archives/sub/a.deb", "1"),
            ("/other/a.deb", "another"),
        ]);
        let host = tree.host();
        let at = host.path("/var/cache/apt/archives/sub/a.deb");
        let planned = file("sub/a.deb", &at);
        // A new name of another file in its place.
        std::fs::rename(host.path("/other/a.deb"), &at).unwrap();
        assert_eq!(remove(&host, ROOT, &planned), Err(Kept::Changed));
        let planned = file("sub/a.deb", &at);
        assert!(remove(&host, ROOT, &planned).is_ok());
        assert!(!at.exists());
        assert_eq!(remove(&host, ROOT, &planned), Err(Kept::Gone));
    }

    #[test]
    fn no_link_is_followed_at_any_place() {
        let tree = Tree::new(&[
            ("/var/cache/apt/archives/x", ""),
            ("/home/ana/a.deb", "hers"),
        ]);
        let host = tree.host();
        let hers = host.path("/home/ana/a.deb");
        let planned = |path| file(path, &hers);
        symlink(
            host.path("/home/ana"),
            host.path("/var/cache/apt/archives/sub"),
        )
        .unwrap();
        symlink(&hers, host.path("/var/cache/apt/archives/a.deb")).unwrap();
        for (root, path) in [
            (ROOT, "sub/a.deb"),
            (ROOT, "a.deb"),
            (ROOT, "../../../../home/ana/a.deb"),
            (ROOT, ".."),
            (ROOT, ""),
            ("/var/cache/apt/archives/sub", "a.deb"),
        ] {
            assert_eq!(
                remove(&host, root, &planned(path)),
                Err(Kept::LeadsElsewhere),
                "{root} {path}"
            );
        }
        assert!(hers.exists());
    }

    #[test]
    fn a_folder_that_others_may_write_is_not_entered() {
        use std::os::unix::fs::PermissionsExt as _;
        let tree = Tree::new(&[("/var/cache/apt/archives/sub/a.deb", "1")]);
        let host = tree.host();
        let at = host.path("/var/cache/apt/archives/sub/a.deb");
        let open = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(at.parent().unwrap(), open).unwrap();
        let planned = file("sub/a.deb", &at);
        assert_eq!(remove(&host, ROOT, &planned), Err(Kept::FolderOfOthers));
        assert!(at.exists());
    }

    /// The swapper has this process's own rights, so that only the handles protect: owners and modes are right.
    #[test]
    fn a_loop_that_swaps_folder_and_link_gets_nothing_outside_removed() {
        const ROUNDS: usize = 10_000;
        let tree = Tree::new(&[
            ("/var/cache/apt/archives/sub/a.deb", "1"),
            ("/victim/a.deb", "dear"),
        ]);
        let host = tree.host();
        let sub = host.path("/var/cache/apt/archives/sub");
        let aside = host.path("/var/cache/apt/archives/aside");
        let link = host.path("/var/cache/apt/archives/link");
        let victim = host.path("/victim/a.deb");
        symlink(host.path("/victim"), &link).unwrap();
        let stop = AtomicBool::new(false);
        let n_swaps = AtomicUsize::new(0);
        /// Ends the swapper, also when the test fails.
        struct Stop<'a>(&'a AtomicBool);
        impl Drop for Stop<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Relaxed);
            }
        }
        std::thread::scope(|scope| {
            let end = Stop(&stop);
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    // Folder, nothing, link, nothing, folder.
                    for (from, to) in [(&sub, &aside), (&link, &sub), (&sub, &link), (&aside, &sub)]
                    {
                        std::fs::rename(from, to).unwrap();
                    }
                    n_swaps.fetch_add(1, Ordering::Relaxed);
                }
            });
            // The attacker guesses right: the plan names the victim's own inode.
            let planned = file("sub/a.deb", &victim);
            for _ in 0..ROUNDS {
                let kept = remove(&host, ROOT, &planned).unwrap_err();
                assert!(
                    matches!(kept, Kept::LeadsElsewhere | Kept::Gone | Kept::Changed),
                    "{kept:?}"
                );
            }
            while n_swaps.load(Ordering::Relaxed) == 0 {
                std::thread::yield_now();
            }
            drop(end);
        });
        assert_eq!(std::fs::read_to_string(victim).unwrap(), "dear");
    }
}
