//! Where an agent goes on when its state folder cannot be written: below /run, which a restart of the machine empties.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use ring::digest::{SHA256, digest};

use super::enrolment::absent;
use super::{StateError, fill_missing, lock, make_private, refuse_writable};
use crate::identity::{Identity, IdentityFile};

/// What goes on there; the recorder begins anew.
const FILES: [&str; 3] = ["spool", "journal", "identity"];

/// Where the files of `folder` go on.
pub fn home(folder: &Path) -> PathBuf {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let hash = digest(&SHA256, folder.as_os_str().as_encoded_bytes());
    let name: String = hash.as_ref()[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    run_folder().join("sonde-agent").join(name)
}

#[cfg(unix)]
fn run_folder() -> PathBuf {
    match rustix::process::geteuid().as_raw() {
        0 => "/run".into(),
        user => format!("/run/user/{user}").into(),
    }
}

#[cfg(not(unix))]
fn run_folder() -> PathBuf {
    std::env::temp_dir()
}

/// Copies the files of `folder` to `home`, unless those of the same device went on there before. `present`: who the
/// agent is, when the folder failed under it; then even a folder that cannot be read any more does not stop it.
pub(super) fn enter(
    folder: &Path,
    home: &Path,
    present: Option<&Identity>,
) -> Result<(), StateError> {
    let io = |source| StateError::Io {
        path: home.to_owned(),
        source,
    };
    if let Some(above) = home.parent() {
        make_private(above).map_err(io)?;
        refuse_writable(above)?;
    }
    make_private(home).map_err(io)?;
    refuse_writable(home)?;
    let _lock = lock(home)?;
    let here = match present {
        Some(identity) => Some(identity.clone()),
        None => {
            let copy = home.join("seen");
            fs::copy(folder.join("identity"), &copy).map_err(io)?;
            let seen = read(&copy);
            fs::remove_file(&copy).map_err(io)?;
            seen
        }
    };
    let there = read(&home.join("identity"));
    let same = |one: &Identity, other: &Identity| one.device_id == other.device_id;
    if let (Some(here), Some(there)) = (&here, &there)
        && same(here, there)
    {
        return Ok(());
    }
    for name in FILES {
        match copy(&folder.join(name), &home.join(name)) {
            Ok(()) => {}
            Err(error) if present.is_some() => {
                tracing::error!(%error, "{name} cannot be read any more: it begins anew");
                fs::remove_file(home.join(name))
                    .or_else(absent)
                    .map_err(io)?;
            }
            Err(error) => return Err(io(error)),
        }
    }
    fill_missing(home)?;
    if let Some(identity) = present {
        write(home, identity)?;
    }
    Ok(())
}

/// Brings the files back from `home`, and leaves nothing there.
pub(super) fn leave(folder: &Path, home: &Path) -> Result<(), StateError> {
    let io = |source| StateError::Io {
        path: folder.to_owned(),
        source,
    };
    let there_lock = lock(home)?;
    let _lock = lock(folder)?;
    let (here, there) = (read(&folder.join("identity")), read(&home.join("identity")));
    if let (Some(here), Some(there)) = (here, there)
        && here.device_id == there.device_id
    {
        for name in ["spool", "journal"] {
            copy(&home.join(name), &folder.join(name)).map_err(io)?;
        }
        // In place: the file itself tells this folder from a copy of it.
        let (mut file, _) = IdentityFile::open(&folder.join("identity")).map_err(|source| {
            StateError::Identity {
                path: folder.to_owned(),
                source,
            }
        })?;
        file.write(&there).map_err(|source| StateError::Identity {
            path: folder.to_owned(),
            source,
        })?;
    }
    fs::remove_dir_all(home).map_err(io)?;
    drop(there_lock);
    Ok(())
}

fn read(path: &Path) -> Option<Identity> {
    IdentityFile::open(path).ok().map(|(_, identity)| identity)
}

/// Writes an identity into the folder's file, which is made where there is none.
fn write(home: &Path, identity: &Identity) -> Result<(), StateError> {
    let path = home.join("identity");
    let fail = |source| StateError::Identity {
        path: path.clone(),
        source,
    };
    let mut file = match IdentityFile::open(&path) {
        Ok((file, _)) => file,
        Err(_) => IdentityFile::create(&path).map_err(fail)?,
    };
    file.write(identity).map_err(fail)
}

/// A whole and synced copy, or none.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let unfinished = to.with_extension("unfinished");
    let copied = fs::copy(from, &unfinished)
        .and_then(|_| File::open(&unfinished)?.sync_all())
        .and_then(|()| fs::rename(&unfinished, to))
        .and_then(|()| crate::blocks::sync_folder(to));
    if copied.is_err() {
        fs::remove_file(&unfinished).or_else(absent)?;
    }
    copied
}

#[cfg(test)]
mod tests {
    use super::super::enrolled as enrolled_as;
    use super::*;
    use crate::spool::{Kind, Spool};
    use sonde_proto::v1::Report;

    fn device(id: &str) -> Identity {
        Identity {
            device_id: id.into(),
            made_on: vec![7; 32],
            ..Identity::default()
        }
    }

    fn enrolled(id: &str) -> tempfile::TempDir {
        enrolled_as(&device(id))
    }

    /// Adds a report and gives its number.
    fn add(folder: &Path) -> u64 {
        let mut spool = Spool::open(&folder.join("spool")).unwrap();
        spool
            .add_report(Kind::Event, Report::default(), &mut Vec::new())
            .unwrap()
    }

    fn reports(folder: &Path) -> Vec<u64> {
        let spool = Spool::open(&folder.join("spool")).unwrap();
        spool.reports().map(|(seq, _)| seq).collect()
    }

    #[test]
    fn what_went_on_elsewhere_comes_back() {
        let (folder, above) = (enrolled("d"), tempfile::tempdir().unwrap());
        let home = above.path().join("home");
        let first = add(folder.path());
        enter(folder.path(), &home, None).unwrap();
        let second = add(&home);
        enter(folder.path(), &home, None).unwrap();
        assert_eq!(reports(&home), [first, second]);
        write(
            &home,
            &Identity {
                not_after_us: 9,
                ..device("d")
            },
        )
        .unwrap();
        leave(folder.path(), &home).unwrap();
        assert_eq!(reports(folder.path()), [first, second]);
        assert_eq!(
            read(&folder.path().join("identity")).unwrap().not_after_us,
            9
        );
        assert!(!home.exists());
    }

    #[test]
    fn another_devices_files_are_not_taken_up() {
        let (old, new, above) = (
            enrolled("old"),
            enrolled("new"),
            tempfile::tempdir().unwrap(),
        );
        let home = above.path().join("home");
        add(old.path());
        enter(old.path(), &home, None).unwrap();
        enter(new.path(), &home, None).unwrap();
        assert_eq!(read(&home.join("identity")).unwrap().device_id, "new");
        assert!(reports(&home).is_empty());
        enter(old.path(), &home, None).unwrap();
        leave(new.path(), &home).unwrap();
        assert!(reports(new.path()).is_empty());
    }

    #[test]
    fn a_folder_that_cannot_be_read_does_not_stop_who_is_known() {
        let above = tempfile::tempdir().unwrap();
        let home = above.path().join("home");
        let gone = above.path().join("gone");
        assert!(enter(&gone, &home, None).is_err());
        enter(&gone, &home, Some(&device("d"))).unwrap();
        assert_eq!(read(&home.join("identity")), Some(device("d")));
        assert!(reports(&home).is_empty());
    }
}
