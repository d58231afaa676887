//! The state folder: identity, spool and journal, in files of fixed size.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use sonde_proto::v1::Machine;

use crate::blocks::BlocksError;
use crate::identity::{Identity, IdentityError, IdentityFile, fingerprint, random};
use crate::journal::{self, Journal};
use crate::spool::{self, Spool};

/// Where a folder's files go on when it cannot be written to.
const FALLBACK: &str = "/run/sonde-agent";

#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("{path}")]
    Io { path: PathBuf, source: io::Error },
    #[error("{path}")]
    Identity {
        path: PathBuf,
        source: IdentityError,
    },
    #[error("{path}")]
    Blocks { path: PathBuf, source: BlocksError },
    #[error("{0} holds no identity: enrol this device with `sonde-agent enroll`")]
    NotEnrolled(PathBuf),
    #[error("{0} holds an identity already; `--again` replaces it")]
    Enrolled(PathBuf),
    #[error("another agent uses {0}")]
    InUse(PathBuf),
    #[error("{path} can be written by others; take that right away: chmod go-w {path}")]
    WritableByOthers { path: PathBuf },
}

/// The folder's files, open, with one agent as their owner.
#[derive(Debug)]
pub struct State {
    pub identity: Identity,
    pub identity_file: IdentityFile,
    pub spool: Spool,
    pub journal: Journal,
    /// Spool and journal are not in the state folder but here, because it cannot be written to.
    pub fallback: Option<PathBuf>,
    _lock: File,
}

/// Refuses a path that somebody else could change: the agent runs what it finds there, or believes it.
#[cfg(unix)]
pub fn refuse_writable(path: &Path) -> Result<(), StateError> {
    use std::os::unix::fs::MetadataExt as _;
    let io = |source| StateError::Io {
        path: path.to_owned(),
        source,
    };
    let metadata = fs::metadata(path).map_err(io)?;
    let own_group = metadata.gid() == 0 || metadata.gid() == rustix::process::getegid().as_raw();
    let others = if own_group { 0o002 } else { 0o022 };
    let owner = metadata.uid();
    if metadata.mode() & others != 0 || (owner != 0 && owner != rustix::process::geteuid().as_raw())
    {
        return Err(StateError::WritableByOthers {
            path: path.to_owned(),
        });
    }
    Ok(())
}

#[cfg(not(unix))]
pub fn refuse_writable(_: &Path) -> Result<(), StateError> {
    Ok(())
}

/// Makes the folder with an empty identity file, for enrolment to write into. The owner's alone.
pub fn prepare(folder: &Path, again: bool) -> Result<IdentityFile, StateError> {
    let io = |source| StateError::Io {
        path: folder.to_owned(),
        source,
    };
    if folder.join("identity").exists() && !again {
        return Err(StateError::Enrolled(folder.to_owned()));
    }
    make_private(folder).map_err(io)?;
    refuse_writable(folder)?;
    let path = folder.join("identity");
    IdentityFile::create(&path).map_err(|source| StateError::Identity { path, source })
}

/// Makes spool and journal beside the identity.
pub fn fill(folder: &Path) -> Result<(), StateError> {
    let spool = folder.join("spool");
    let id = random().map_err(|source| StateError::Identity {
        path: spool.clone(),
        source,
    })?;
    Spool::create(&spool, spool::BLOCKS, id).map_err(|source| StateError::Blocks {
        path: spool,
        source,
    })?;
    let journal = folder.join("journal");
    Journal::create(&journal, journal::BLOCKS).map_err(|source| StateError::Blocks {
        path: journal,
        source,
    })?;
    Ok(())
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Opens what enrolment made. A folder that was copied from another machine or place becomes an installation of its
/// own, with a spool id of its own.
pub fn open(folder: &Path, machine: &Machine) -> Result<State, StateError> {
    let path = folder.join("identity");
    if !path.exists() {
        return Err(StateError::NotEnrolled(folder.to_owned()));
    }
    refuse_writable(folder)?;
    let (home, fallback) = if is_writable(&path) {
        (folder.to_owned(), None)
    } else {
        fall_back(folder)?
    };
    let lock = lock(&home)?;
    let path = home.join("identity");
    let (mut identity_file, mut identity) =
        IdentityFile::open(&path).map_err(|source| StateError::Identity {
            path: path.clone(),
            source,
        })?;
    let spool = home.join("spool");
    let mut spool = Spool::open(&spool).map_err(|source| StateError::Blocks {
        path: spool,
        source,
    })?;
    let journal = home.join("journal");
    let journal = Journal::open(&journal).map_err(|source| StateError::Blocks {
        path: journal,
        source,
    })?;
    let made_on = fingerprint(machine, folder);
    if identity.made_on != made_on {
        let fail = |source| StateError::Identity {
            path: path.clone(),
            source,
        };
        identity.installation_id = random::<16>().map_err(fail)?.to_vec();
        identity.made_on = made_on.to_vec();
        let first_seq = spool.next_seq();
        spool
            .rename(random().map_err(fail)?, first_seq)
            .map_err(|source| StateError::Blocks {
                path: path.clone(),
                source,
            })?;
        identity_file.write(&identity).map_err(fail)?;
        tracing::warn!(
            "the state folder was made elsewhere: this is a new installation of the device"
        );
    }
    Ok(State {
        identity,
        identity_file,
        spool,
        journal,
        fallback,
        _lock: lock,
    })
}

fn is_writable(path: &Path) -> bool {
    OpenOptions::new().write(true).open(path).is_ok()
}

/// Copies the identity to where it can be written, and makes spool and journal there.
fn fall_back(folder: &Path) -> Result<(PathBuf, Option<PathBuf>), StateError> {
    let home = PathBuf::from(FALLBACK);
    let io = |source| StateError::Io {
        path: home.clone(),
        source,
    };
    make_private(&home).map_err(io)?;
    refuse_writable(&home)?;
    if !home.join("identity").exists() {
        for name in ["identity", "spool", "journal"] {
            fs::copy(folder.join(name), home.join(name)).map_err(io)?;
        }
    }
    Ok((home.clone(), Some(home)))
}

fn lock(folder: &Path) -> Result<File, StateError> {
    let path = folder.join("lock");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|source| StateError::Io { path, source })?;
    file.try_lock()
        .map_err(|_| StateError::InUse(folder.to_owned()))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(id: &str) -> Machine {
        Machine {
            machine_id: id.into(),
            ..Machine::default()
        }
    }

    fn enrolled() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let mut file = prepare(folder.path(), false).unwrap();
        let made_on = fingerprint(&machine("one"), folder.path()).to_vec();
        file.write(&Identity {
            installation_id: vec![1; 16],
            made_on,
            ..Identity::default()
        })
        .unwrap();
        fill(folder.path()).unwrap();
        folder
    }

    #[test]
    fn one_folder_has_one_agent() {
        let folder = enrolled();
        let state = open(folder.path(), &machine("one")).unwrap();
        assert_eq!(state.identity.installation_id, [1; 16]);
        assert!(matches!(
            open(folder.path(), &machine("one")),
            Err(StateError::InUse(_))
        ));
        drop(state);
        open(folder.path(), &machine("one")).unwrap();
    }

    #[test]
    fn a_folder_on_another_machine_is_another_installation() {
        let folder = enrolled();
        let first = open(folder.path(), &machine("one"))
            .unwrap()
            .spool
            .head()
            .spools
            .clone();
        let there = open(folder.path(), &machine("two")).unwrap();
        assert_ne!(there.identity.installation_id, [1; 16]);
        assert_eq!(there.spool.head().spools.len(), first.len());
        assert_ne!(there.spool.head().spools, first);
        let id = there.identity.installation_id.clone();
        drop(there);
        assert_eq!(
            open(folder.path(), &machine("two"))
                .unwrap()
                .identity
                .installation_id,
            id
        );
    }

    #[test]
    fn an_identity_is_not_overwritten_unasked() {
        let folder = enrolled();
        assert!(matches!(
            prepare(folder.path(), false),
            Err(StateError::Enrolled(_))
        ));
        assert!(prepare(folder.path(), true).is_ok());
        let empty = tempfile::tempdir().unwrap();
        assert!(matches!(
            open(empty.path(), &machine("one")),
            Err(StateError::NotEnrolled(_))
        ));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_can_write_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = enrolled();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(matches!(
            open(folder.path(), &machine("one")),
            Err(StateError::WritableByOthers { .. })
        ));
    }
}
