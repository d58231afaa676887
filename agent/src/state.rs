//! The state folder: identity, spool and journal, in files of fixed size.

mod enrolment;
mod fallback;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use sonde_proto::v1::Machine;

use crate::blocks::BlocksError;
use crate::identity::{Identity, IdentityError, IdentityFile, fingerprint, random};
use crate::journal::{self, Journal};
use crate::recorder::{Recorder, Room};
use crate::spool::{self, Spool};

pub use enrolment::Enrolment;
#[cfg(test)]
pub(crate) use enrolment::enrolled;
pub use fallback::home as fallback_of;

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
    #[error(
        "{path} belongs to user {owner}, who could change it: it must be root's, or of the user who runs this agent"
    )]
    OfAnother { path: PathBuf, owner: u32 },
}

/// The folder's files, open, with one agent as their owner.
#[derive(Debug)]
pub struct State {
    pub identity: Identity,
    pub identity_file: IdentityFile,
    pub spool: Spool,
    pub journal: Journal,
    /// `None`: its file cannot be made or written; the agent does without.
    pub recorder: Option<Recorder>,
    /// The files are not in the state folder but here, because it cannot be written to.
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
    let (owner, group) = (metadata.uid(), metadata.gid());
    let runs = rustix::process::geteuid().as_raw();
    if owner != 0 && owner != runs {
        return Err(StateError::OfAnother {
            path: path.to_owned(),
            owner,
        });
    }
    // A group of the user's own has the user's number; another one has members.
    let own_group = group == 0 || group == runs;
    let others = if own_group { 0o002 } else { 0o022 };
    if metadata.mode() & others != 0 {
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

/// The journal's file in a state folder.
pub const JOURNAL: &str = "journal";
/// The flight recorder's file in a state folder.
pub const RECORDER: &str = "recorder";

/// Makes what lies beside the identity.
fn fill(folder: &Path) -> Result<(), StateError> {
    make_spool(folder)?;
    make_journal(folder)?;
    let path = folder.join(RECORDER);
    Recorder::create(&path, Room::Taken)
        .map(drop)
        .map_err(|source| StateError::Io { path, source })
}

/// The recorder's file beside the others. Below /run its room is memory, and is taken as it is written.
fn recorder(home: &Path, room: Room) -> Option<Recorder> {
    let path = home.join(RECORDER);
    let opened = match Recorder::open(&path) {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::InvalidData
            ) =>
        {
            Recorder::create(&path, room)
        }
        opened => opened,
    };
    opened
        .inspect_err(|error| tracing::warn!(%error, "{}: nothing is recorded", path.display()))
        .ok()
}

/// Makes those of them that are not there.
fn fill_missing(folder: &Path) -> Result<(), StateError> {
    if !folder.join("spool").exists() {
        make_spool(folder)?;
    }
    if !folder.join("journal").exists() {
        make_journal(folder)?;
    }
    Ok(())
}

fn make_spool(folder: &Path) -> Result<(), StateError> {
    let path = folder.join("spool");
    let id = random().map_err(|source| StateError::Identity {
        path: path.clone(),
        source,
    })?;
    Spool::create(&path, spool::BLOCKS, id)
        .map(drop)
        .map_err(|source| StateError::Blocks { path, source })
}

fn make_journal(folder: &Path) -> Result<(), StateError> {
    let path = folder.join("journal");
    Journal::create(&path, journal::BLOCKS)
        .map(drop)
        .map_err(|source| StateError::Blocks { path, source })
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

/// The journal of an agent that does not run, and what keeps it from running meanwhile.
pub fn journal(folder: &Path) -> Result<(File, Journal), StateError> {
    let lock = lock(folder)?;
    let path = folder.join("journal");
    let journal = Journal::open(&path);
    let journal = journal.map_err(|source| StateError::Blocks { path, source })?;
    Ok((lock, journal))
}

/// Opens what enrolment made. A folder that was copied from another machine or place becomes an installation of its
/// own, with a spool id of its own.
pub fn open(folder: &Path, machine: &Machine) -> Result<State, StateError> {
    let path = folder.join("identity");
    if !path.exists() && !folder.exists() {
        return Err(StateError::NotEnrolled(folder.to_owned()));
    }
    refuse_writable(folder)?;
    enrolment::take_over(folder)?;
    if !path.exists() {
        return Err(StateError::NotEnrolled(folder.to_owned()));
    }
    let home = fallback::home(folder);
    let fallback = if !is_writable(&path) {
        fallback::enter(folder, &home, None)?;
        Some(home)
    } else if home.join("identity").exists() {
        // What was done while the folder could not be written is known only there.
        match fallback::leave(folder, &home) {
            Ok(()) => None,
            Err(error) => {
                tracing::warn!(%error, "what went on elsewhere does not come back into the state folder");
                Some(home)
            }
        }
    } else {
        None
    };
    let mut state = open_files(fallback.as_deref().unwrap_or(folder))?;
    let room = match fallback {
        Some(_) => Room::AsWritten,
        None => Room::Taken,
    };
    state.recorder = recorder(fallback.as_deref().unwrap_or(folder), room);
    state.fallback = fallback;
    let made_on = fingerprint(machine, folder);
    if state.identity.made_on != made_on {
        let fail = |source| StateError::Identity {
            path: path.clone(),
            source,
        };
        state.identity.installation_id = random::<16>().map_err(fail)?.to_vec();
        state.identity.made_on = made_on.to_vec();
        let first_seq = state.spool.next_seq();
        state
            .spool
            .rename(random().map_err(fail)?, first_seq)
            .map_err(|source| StateError::Blocks {
                path: path.clone(),
                source,
            })?;
        state
            .identity_file
            .write(&state.identity)
            .map_err(|source| StateError::Identity { path, source })?;
        tracing::warn!(
            "the state folder was made elsewhere: this is a new installation of the device"
        );
    }
    Ok(state)
}

/// Goes on elsewhere as `identity`, after the folder has failed while it was in use.
pub fn go_on(folder: &Path, identity: &Identity) -> Result<State, StateError> {
    let home = fallback::home(folder);
    fallback::enter(folder, &home, Some(identity))?;
    let mut state = open_files(&home)?;
    state.recorder = recorder(&home, Room::AsWritten);
    state.fallback = Some(home);
    Ok(state)
}

pub(crate) fn open_files(home: &Path) -> Result<State, StateError> {
    let lock = lock(home)?;
    let path = home.join("identity");
    let (identity_file, identity) =
        IdentityFile::open(&path).map_err(|source| StateError::Identity { path, source })?;
    let blocks = |path| move |source| StateError::Blocks { path, source };
    let path = home.join("spool");
    let spool = Spool::open(&path).map_err(blocks(path))?;
    let path = home.join(JOURNAL);
    let journal = Journal::open(&path).map_err(blocks(path))?;
    Ok(State {
        identity,
        identity_file,
        spool,
        journal,
        recorder: None,
        fallback: None,
        _lock: lock,
    })
}

fn is_writable(path: &Path) -> bool {
    OpenOptions::new().write(true).open(path).is_ok()
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
        let enrolment = Enrolment::begin(folder.path(), false).unwrap();
        let identity = Identity {
            installation_id: vec![1; 16],
            made_on: fingerprint(&machine("one"), &enrolment.place()).to_vec(),
            ..Identity::default()
        };
        enrolment.finish(&identity).unwrap();
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
    fn a_folder_without_an_identity_is_not_opened() {
        let empty = tempfile::tempdir().unwrap();
        for folder in [empty.path(), &empty.path().join("none")] {
            assert!(matches!(
                open(folder, &machine("one")),
                Err(StateError::NotEnrolled(_))
            ));
        }
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
