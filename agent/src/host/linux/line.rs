//! Changing one line of a file: written beside it and renamed, so that at no moment it is half there.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;

use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, ResolveFlags, Stat, fchmod, fchown, fgetxattr, flistxattr,
    fsetxattr, fstat, fsync, openat, openat2, renameat, statat, unlinkat,
};
use rustix::fs::{Gid, Uid, XattrFlags};
use rustix::io::Errno;

use super::folder::{self, is_ours, kept};
use crate::host::{Host, Kept};

/// Largest file that is changed.
const FILE_BYTES: u64 = 16 << 20;
/// Names, and values, of the extended attributes of a file (xattr(7)).
const ATTRIBUTE_BYTES: usize = 64 << 10;

pub(in crate::host) fn change_line(
    host: &Host,
    path: &str,
    line: u32,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), Kept> {
    let (folder, name) = path.rsplit_once('/').ok_or(Kept::LeadsElsewhere)?;
    if matches!(name, "" | "." | "..") {
        return Err(Kept::LeadsElsewhere);
    }
    let folder = folder::open(host, folder)?;
    let (file, was) = open_plain(&folder, name)?;
    let mut content = Vec::new();
    File::from(file.try_clone().map_err(|error| refused(&error))?)
        .take(FILE_BYTES + 1)
        .read_to_end(&mut content)
        .map_err(|error| refused(&error))?;
    if content.len() as u64 > FILE_BYTES {
        return Err(kept(Errno::FBIG));
    }
    let content = changed(&content, line, from, to).ok_or(Kept::Changed)?;
    let beside = format!(".{name}.sonde");
    let written = write_beside(&folder, &beside, &file, &was, &content).and_then(|()| {
        // Whoever has written it meanwhile keeps what is written.
        let now = statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW).map_err(kept)?;
        match is_same(&was, &now) {
            true => renameat(&folder, &beside, &folder, name).map_err(kept),
            false => Err(Kept::Changed),
        }
    });
    if written.is_err() {
        unlinkat(&folder, &beside, AtFlags::empty()).ok();
        return written;
    }
    // A handle that only leads the way cannot be synced.
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = openat(&folder, ".", flags, Mode::empty()).map_err(kept)?;
    fsync(folder).map_err(kept)
}

/// A file of root's or of this user's that has one name.
fn open_plain(folder: &OwnedFd, name: &str) -> Result<(OwnedFd, Stat), Kept> {
    let stat = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).map_err(kept)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(Kept::LeadsElsewhere);
    }
    let file = openat2(
        folder,
        name,
        OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC,
        Mode::empty(),
        ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV,
    )
    .map_err(kept)?;
    let opened = fstat(&file).map_err(kept)?;
    if !is_same(&stat, &opened) || opened.st_nlink != 1 {
        return Err(Kept::Changed);
    }
    if !is_ours(&opened) {
        return Err(Kept::FileOfOthers);
    }
    Ok((file, opened))
}

/// The same file, and nobody has written it meanwhile.
fn is_same(a: &Stat, b: &Stat) -> bool {
    let of = |stat: &Stat| {
        let changed = (stat.st_mtime, stat.st_mtime_nsec);
        (stat.st_dev, stat.st_ino, stat.st_size, changed)
    };
    of(a) == of(b)
}

/// With owner, mode and extended attributes of `like`.
fn write_beside(
    folder: &OwnedFd,
    beside: &str,
    like: &OwnedFd,
    stat: &Stat,
    content: &[u8],
) -> Result<(), Kept> {
    // What a crash has left: nobody else may put anything into this folder.
    unlinkat(folder, beside, AtFlags::empty()).ok();
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut file =
        File::from(openat(folder, beside, flags, Mode::RUSR | Mode::WUSR).map_err(kept)?);
    file.write_all(content).map_err(|error| refused(&error))?;
    let (user, group) = (Uid::from_raw(stat.st_uid), Gid::from_raw(stat.st_gid));
    fchown(&file, Some(user), Some(group)).map_err(kept)?;
    fchmod(&file, Mode::from_raw_mode(stat.st_mode)).map_err(kept)?;
    copy_attributes(like, &file).map_err(kept)?;
    file.sync_all().map_err(|error| refused(&error))
}

/// Labels of SELinux, access lists.
fn copy_attributes(from: &OwnedFd, to: &File) -> Result<(), Errno> {
    let mut names = vec![0; ATTRIBUTE_BYTES];
    let length = match flistxattr(from, &mut names[..]) {
        Err(Errno::NOTSUP) => return Ok(()),
        length => length?,
    };
    let names = names[..length].split(|byte| *byte == 0);
    for name in names.filter(|name| !name.is_empty()) {
        let mut value = vec![0; ATTRIBUTE_BYTES];
        let length = fgetxattr(from, name, &mut value[..])?;
        fsetxattr(to, name, &value[..length], XattrFlags::empty())?;
    }
    Ok(())
}

fn refused(error: &std::io::Error) -> Kept {
    Kept::Refused {
        why: crate::text::reason(error),
    }
}

/// The whole content with line `line` (counted from 1) replaced; `None`: it is not what it should be.
fn changed(content: &[u8], line: u32, from: Option<&str>, to: Option<&str>) -> Option<Vec<u8>> {
    let mut lines: Vec<&[u8]> = content.split_inclusive(|byte| *byte == b'\n').collect();
    let at = (line as usize).checked_sub(1)?;
    match from {
        Some(from) => {
            if *lines.get(at)? != from.as_bytes() {
                return None;
            }
            lines.remove(at);
        }
        None if at > lines.len() => return None,
        None => {}
    }
    if let Some(to) = to {
        lines.insert(at, to.as_bytes());
    }
    // A line that does not end may only be the last one.
    let whole = lines.iter().rev().skip(1).all(|line| line.ends_with(b"\n"));
    whole.then(|| lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    const HOSTS: &str = "/etc/hosts";

    #[track_caller]
    fn check(content: &str, line: u32, from: &str, to: &str, expected: Option<&str>) {
        let some = |text: &'static str| (!text.is_empty()).then_some(text);
        let (from, to) = (from.to_owned().leak(), to.to_owned().leak());
        let found = changed(content.as_bytes(), line, some(from), some(to));
        let found = found.map(|content| String::from_utf8(content).unwrap());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn one_line_is_changed_and_the_rest_stays_byte_for_byte() {
        check("a\r\nb\n\nc", 2, "b\n", "x\n", Some("a\r\nx\n\nc"));
        check("a\nb\nc", 2, "b\n", "", Some("a\nc"));
        check("a\nb", 2, "b", "", Some("a\n"));
        check("a\n", 2, "", "b", Some("a\nb"));
        check("a\nc", 2, "", "b\n", Some("a\nb\nc"));
        check("a\n", 1, "a\n", "", Some(""));
    }

    #[test]
    fn another_line_than_the_planned_one_is_left_alone() {
        for line in [0, 1, 3, 9] {
            check("a\nb\n", line, "b\n", "", None);
        }
        check("a\nb\n", 2, "b", "", None);
        check("a\n", 3, "", "b\n", None);
        // It would be glued to the next one.
        check("a\nc\n", 2, "", "b", None);
        check("a", 2, "", "b\n", None);
    }

    #[test]
    fn owner_mode_and_name_are_kept() {
        let tree = Tree::new(&[(HOSTS, "127.0.0.1 localhost\n192.0.2.9 shop\n")]);
        let host = tree.host();
        let at = host.path(HOSTS);
        let mode = std::fs::Permissions::from_mode(0o640);
        std::fs::set_permissions(&at, mode).unwrap();
        let before = std::fs::metadata(&at).unwrap();
        let line = Some("192.0.2.9 shop\n");
        assert_eq!(change_line(&host, HOSTS, 2, line, None), Ok(()));
        assert_eq!(host.text(HOSTS).unwrap(), "127.0.0.1 localhost\n");
        let after = std::fs::metadata(&at).unwrap();
        let of = |stat: &std::fs::Metadata| (stat.uid(), stat.gid(), stat.mode());
        assert_eq!(of(&after), of(&before));
        assert_ne!(after.ino(), before.ino());
        assert_eq!(host.names("/etc").unwrap(), ["hosts"]);
        let again = change_line(&host, HOSTS, 2, line, None);
        assert_eq!(again, Err(Kept::Changed));
        assert_eq!(change_line(&host, HOSTS, 2, None, line), Ok(()));
        assert_eq!(
            host.text(HOSTS).unwrap(),
            "127.0.0.1 localhost\n192.0.2.9 shop\n"
        );
    }

    #[test]
    fn no_link_is_followed_and_no_folder_of_others_entered() {
        let tree = Tree::new(&[("/etc/other", "a\n"), ("/home/hosts", "a\n")]);
        let host = tree.host();
        symlink(host.path("/home/hosts"), host.path(HOSTS)).unwrap();
        symlink(host.path("/home"), host.path("/link")).unwrap();
        let change = |path| change_line(&host, path, 1, Some("a\n"), None);
        for path in [HOSTS, "/link/hosts", "hosts", "/etc/..", "/etc/"] {
            assert_eq!(change(path), Err(Kept::LeadsElsewhere), "{path}");
        }
        std::fs::hard_link(host.path("/etc/other"), host.path("/etc/twin")).unwrap();
        assert_eq!(change("/etc/other"), Err(Kept::Changed));
        let open = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(host.path("/home"), open).unwrap();
        assert_eq!(change("/home/hosts"), Err(Kept::FolderOfOthers));
        assert_eq!(host.text("/home/hosts").unwrap(), "a\n");
    }
}
