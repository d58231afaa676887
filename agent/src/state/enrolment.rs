//! Enrolment of a folder: the new files are made beside the old, and take their place when the collector has answered.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{RECORDER, StateError, fill, lock, make_private, refuse_writable};
use crate::identity::{Identity, IdentityFile};

/// Where the new files are made.
const NEW: &str = "new";
/// The same folder once its identity is one: what is in it belongs into the folder above, whatever happens.
const ACCEPTED: &str = "accepted";
/// The identity last: with it, all are there.
const FILES: [&str; 4] = [RECORDER, "spool", "journal", "identity"];

/// A folder that is being enrolled, and no other agent's meanwhile. Dropped unfinished, it leaves what was there.
#[derive(Debug)]
pub struct Enrolment {
    folder: PathBuf,
    file: IdentityFile,
    _lock: File,
}

impl Enrolment {
    /// Makes the folder, the owner's alone, and new files with no identity in them.
    ///
    /// # Errors
    /// `Enrolled`, unless it is done `again`; `InUse` while an agent runs on it.
    pub fn begin(folder: &Path, again: bool) -> Result<Self, StateError> {
        let io = |source| StateError::Io {
            path: folder.to_owned(),
            source,
        };
        make_private(folder).map_err(io)?;
        refuse_writable(folder)?;
        let lock = lock(folder)?;
        take_over(folder)?;
        if folder.join("identity").exists() && !again {
            return Err(StateError::Enrolled(folder.to_owned()));
        }
        let new = folder.join(NEW);
        remove(&new).map_err(io)?;
        make_private(&new).map_err(io)?;
        fill(&new)?;
        let path = new.join("identity");
        let file =
            IdentityFile::create(&path).map_err(|source| StateError::Identity { path, source })?;
        Ok(Self {
            folder: folder.to_owned(),
            file,
            _lock: lock,
        })
    }

    /// Where the identity's file is: it tells this installation from a copy.
    pub fn place(&self) -> PathBuf {
        self.folder.join(NEW)
    }

    /// From here on the folder is this device's. A crash leaves the old one or the new one whole.
    pub fn finish(mut self, identity: &Identity) -> Result<(), StateError> {
        let path = self.place().join("identity");
        self.file
            .write(identity)
            .map_err(|source| StateError::Identity { path, source })?;
        let accepted = self.folder.join(ACCEPTED);
        fs::rename(self.place(), &accepted)
            .and_then(|()| crate::blocks::sync_folder(&accepted))
            .map_err(|source| StateError::Io {
                path: accepted,
                source,
            })?;
        take_over(&self.folder)
    }
}

impl Drop for Enrolment {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.place()) {
            tracing::warn!(%error, "what enrolment left unfinished cannot be removed");
        }
    }
}

/// Puts the files of an accepted enrolment in their place, also after a crash in the midst of that.
pub(super) fn take_over(folder: &Path) -> Result<(), StateError> {
    let accepted = folder.join(ACCEPTED);
    if !accepted.exists() {
        return Ok(());
    }
    let moved = FILES
        .iter()
        .try_for_each(|name| fs::rename(accepted.join(name), folder.join(name)).or_else(absent));
    moved
        .and_then(|()| crate::blocks::sync_folder(&accepted))
        .and_then(|()| remove(&accepted))
        .map_err(|source| StateError::Io {
            path: accepted,
            source,
        })
}

fn remove(folder: &Path) -> io::Result<()> {
    fs::remove_dir_all(folder).or_else(absent)
}

pub(super) fn absent(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound {
        return Ok(());
    }
    Err(error)
}

/// An enrolled folder, for tests.
#[cfg(test)]
pub(crate) fn enrolled(identity: &Identity) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let enrolment = Enrolment::begin(folder.path(), false).unwrap();
    enrolment.finish(identity).unwrap();
    folder
}

#[cfg(test)]
mod tests {
    use super::super::{lock, open_files};
    use super::*;

    fn device(id: &str) -> Identity {
        Identity {
            device_id: id.into(),
            ..Identity::default()
        }
    }

    fn device_of(folder: &Path) -> String {
        open_files(folder).unwrap().identity.device_id
    }

    #[test]
    fn an_enrolment_that_fails_leaves_the_device_that_was() {
        let folder = enrolled(&device("old"));
        assert!(matches!(
            Enrolment::begin(folder.path(), false),
            Err(StateError::Enrolled(_))
        ));
        drop(Enrolment::begin(folder.path(), true).unwrap());
        assert_eq!(device_of(folder.path()), "old");
        assert!(!folder.path().join(NEW).exists());
        let again = Enrolment::begin(folder.path(), true).unwrap();
        again.finish(&device("new")).unwrap();
        assert_eq!(device_of(folder.path()), "new");
    }

    #[test]
    fn a_folder_that_an_agent_uses_is_not_enrolled() {
        let folder = enrolled(&device("old"));
        let _in_use = lock(folder.path()).unwrap();
        assert!(matches!(
            Enrolment::begin(folder.path(), true),
            Err(StateError::InUse(_))
        ));
    }

    #[test]
    fn an_enrolment_that_was_accepted_outlives_a_crash() {
        let folder = enrolled(&device("old"));
        let mut again = Enrolment::begin(folder.path(), true).unwrap();
        again.file.write(&device("new")).unwrap();
        let accepted = folder.path().join(ACCEPTED);
        fs::rename(again.place(), &accepted).unwrap();
        fs::rename(accepted.join("spool"), folder.path().join("spool")).unwrap();
        drop(again);
        take_over(folder.path()).unwrap();
        assert_eq!(device_of(folder.path()), "new");
        assert!(!accepted.exists());
    }
}
