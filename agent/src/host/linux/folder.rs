//! The way to a folder by handles, one after the other and without following links, so that nobody can lead it elsewhere
//! meanwhile.

use std::os::fd::OwnedFd;

use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, Stat, fstat, openat2};
use rustix::io::Errno;

use crate::host::{Host, Kept};

/// The machine's folder at an absolute path, one step after the other from its root.
pub(super) fn open(host: &Host, root: &str) -> Result<OwnedFd, Kept> {
    let mut folder = rustix::fs::openat(
        CWD,
        host.path("/"),
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )
    .map_err(kept)?;
    for part in root.split('/').filter(|part| !part.is_empty()) {
        folder = enter(&folder, part, ResolveFlags::empty())?;
    }
    Ok(folder)
}

/// The folder `part` of `folder`, if only root or this user may put something into it.
pub(super) fn enter(folder: &OwnedFd, part: &str, more: ResolveFlags) -> Result<OwnedFd, Kept> {
    let entered = openat2(
        folder,
        part,
        OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC,
        Mode::empty(),
        ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS | more,
    )
    .map_err(kept)?;
    let stat = fstat(&entered).map_err(kept)?;
    // A folder like /tmp is everyone's: whoever may write there may put anything in the way. The groups that
    // may write to /var/log are the system's own (syslog, adm), and what they may do there they may do anyway.
    let by_others = stat.st_mode & 0o002 != 0;
    if !is_ours(&stat) || by_others {
        return Err(Kept::FolderOfOthers);
    }
    Ok(entered)
}

/// Root's, or this user's.
pub(super) fn is_ours(stat: &Stat) -> bool {
    is_ours_by(stat.st_uid)
}

/// The same, by who owns it.
pub(super) fn is_ours_by(user_id: u32) -> bool {
    user_id == 0 || user_id == rustix::process::geteuid().as_raw()
}

pub(super) fn kept(error: Errno) -> Kept {
    match error {
        Errno::LOOP | Errno::XDEV | Errno::NOTDIR => Kept::LeadsElsewhere,
        Errno::NOENT => Kept::Gone,
        other => Kept::Refused {
            why: crate::text::reason(&other.into()),
        },
    }
}
