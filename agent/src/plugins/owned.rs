//! Whether root alone decides what stands at a path: the file itself, every folder above it, every link on the way.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use crate::state::StateError;

/// Links on one way, as for the kernel (path_resolution(7)).
const MOST_LINKS: usize = 40;
const STICKY: u32 = 0o1000;
const OTHERS: u32 = 0o022;

/// Refuses `path` when somebody other than root, or the user who runs this agent, could put something else there. A group
/// counts as others, whichever it is: where a file has an access list, its group's bits say what that allows at most.
/// A folder above, in which everybody may write and nobody may replace what is another's (/tmp), changes nothing that is
/// there.
///
/// # Errors
/// `Io` of a path that cannot be looked at, `OfAnother` and `WritableByOthers` of the file or folder that is at fault.
pub(super) fn refuse_writable(path: &Path) -> Result<(), StateError> {
    refuse_writable_by(path, rustix::process::geteuid().as_raw())
}

fn refuse_writable_by(path: &Path, runs: u32) -> Result<(), StateError> {
    let io = |path: &Path, source| StateError::Io {
        path: path.to_owned(),
        source,
    };
    let mut way: VecDeque<OsString> = names(path);
    let mut at = PathBuf::from("/");
    let mut n_links = 0;
    judge(&at, !way.is_empty(), runs)?;
    while let Some(name) = way.pop_front() {
        if name == ".." {
            at.pop();
            continue;
        }
        let next = at.join(&name);
        let metadata = fs::symlink_metadata(&next).map_err(|source| io(&next, source))?;
        if !metadata.is_symlink() {
            at = next;
            judge(&at, !way.is_empty(), runs)?;
            continue;
        }
        n_links += 1;
        if n_links > MOST_LINKS {
            let endless = std::io::Error::from_raw_os_error(rustix::io::Errno::LOOP.raw_os_error());
            return Err(io(&next, endless));
        }
        refuse_other(&next, metadata.uid(), runs)?;
        let target = fs::read_link(&next).map_err(|source| io(&next, source))?;
        if target.is_absolute() {
            at = PathBuf::from("/");
        }
        for name in names(&target).into_iter().rev() {
            way.push_front(name);
        }
    }
    Ok(())
}

/// What a path goes through, below the root or below where it begins.
fn names(path: &Path) -> VecDeque<OsString> {
    let names = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
    });
    names.collect()
}

/// `is_above`: it is a folder on the way, and not the end of it.
fn judge(path: &Path, is_above: bool, runs: u32) -> Result<(), StateError> {
    let metadata = fs::symlink_metadata(path).map_err(|source| StateError::Io {
        path: path.to_owned(),
        source,
    })?;
    refuse_other(path, metadata.uid(), runs)?;
    let is_kept = is_above && metadata.mode() & STICKY != 0;
    if metadata.mode() & OTHERS != 0 && !is_kept {
        return Err(StateError::WritableByOthers {
            path: path.to_owned(),
        });
    }
    Ok(())
}

fn refuse_other(path: &Path, owner: u32, runs: u32) -> Result<(), StateError> {
    match owner == 0 || owner == runs {
        true => Ok(()),
        false => Err(StateError::OfAnother {
            path: path.to_owned(),
            owner,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    struct Tree(tempfile::TempDir);

    impl Tree {
        /// `plugins/check`, which nobody else can write.
        fn new() -> Self {
            let tree = Self(tempfile::tempdir().unwrap());
            fs::create_dir(tree.at("plugins")).unwrap();
            tree.mode("plugins", 0o755);
            fs::write(tree.at("plugins/check"), "#!/bin/sh\n").unwrap();
            tree.mode("plugins/check", 0o755);
            tree
        }

        fn at(&self, path: &str) -> PathBuf {
            self.0.path().join(path)
        }

        fn mode(&self, path: &str, mode: u32) {
            fs::set_permissions(self.at(path), fs::Permissions::from_mode(mode)).unwrap();
        }

        /// The path at fault, below the tree; none: nothing is.
        fn at_fault(&self, path: &str) -> Option<String> {
            let path = match refuse_writable(&self.at(path)) {
                Ok(()) => return None,
                Err(StateError::WritableByOthers { path } | StateError::Io { path, .. }) => path,
                Err(other) => panic!("{other}"),
            };
            let below = path.strip_prefix(self.0.path()).unwrap();
            Some(below.display().to_string())
        }
    }

    #[test]
    fn what_nobody_else_can_write_is_taken() {
        assert_eq!(Tree::new().at_fault("plugins/check"), None);
        refuse_writable(Path::new("/bin/sh")).unwrap();
    }

    #[test]
    fn the_file_and_every_folder_above_it_count() {
        for (path, mode) in [
            ("plugins/check", 0o757),
            ("plugins/check", 0o775),
            ("plugins", 0o777),
            ("plugins", 0o775),
            ("", 0o733),
        ] {
            let tree = Tree::new();
            tree.mode(path, mode);
            assert_eq!(
                tree.at_fault("plugins/check").as_deref(),
                Some(path),
                "{mode:o}"
            );
        }
    }

    #[test]
    fn in_a_folder_that_keeps_what_is_anothers_a_file_is_safe_and_new_ones_are_not() {
        let tree = Tree::new();
        tree.mode("plugins", 0o1777);
        assert_eq!(tree.at_fault("plugins/check"), None);
        assert_eq!(tree.at_fault("plugins").as_deref(), Some("plugins"));
    }

    #[test]
    fn a_link_leads_to_what_it_names_and_back_up() {
        let tree = Tree::new();
        fs::create_dir(tree.at("open")).unwrap();
        tree.mode("open", 0o777);
        fs::write(tree.at("open/check"), "").unwrap();
        symlink(tree.at("open/check"), tree.at("plugins/whole")).unwrap();
        symlink("../open/check", tree.at("plugins/relative")).unwrap();
        symlink("check", tree.at("plugins/beside")).unwrap();
        symlink("../plugins", tree.at("plugins/folder")).unwrap();
        assert_eq!(tree.at_fault("plugins/whole").as_deref(), Some("open"));
        assert_eq!(tree.at_fault("plugins/relative").as_deref(), Some("open"));
        assert_eq!(tree.at_fault("plugins/beside"), None);
        assert_eq!(tree.at_fault("plugins/folder/check"), None);
        assert_eq!(
            tree.at_fault("plugins/../open/check").as_deref(),
            Some("open")
        );
        symlink("round", tree.at("plugins/round")).unwrap();
        assert_eq!(
            tree.at_fault("plugins/round").as_deref(),
            Some("plugins/round")
        );
        assert_eq!(
            tree.at_fault("plugins/none").as_deref(),
            Some("plugins/none")
        );
    }

    #[test]
    fn what_belongs_to_another_user_is_refused() {
        let tree = Tree::new();
        if !rustix::process::geteuid().is_root() {
            println!("skipped: it needs root");
            return;
        }
        let another = Some(rustix::process::Uid::from_raw(12_345));
        rustix::fs::chown(tree.at("plugins/check"), another, None).unwrap();
        let refused = refuse_writable(&tree.at("plugins/check"));
        assert!(matches!(
            refused,
            Err(StateError::OfAnother { owner: 12_345, .. })
        ));
        // They may run their own.
        let runs = refuse_writable_by(&tree.at("plugins/check"), 12_345);
        assert!(runs.is_ok(), "{runs:?}");
    }
}
