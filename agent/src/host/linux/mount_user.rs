//! Processes that use what is mounted somewhere, by the paths of what they have open. Nothing is asked of the file
//! system itself, which may hang.

use std::path::Path;

use super::process::{each_pid, process};
use crate::host::{Host, MountUser, Unavailable};

/// Links of /proc/PID beside those of its files.
const OWN: &[&str] = &["cwd", "root", "exe"];

pub(in crate::host) fn mount_users(
    host: &Host,
    mount: &str,
) -> Result<Vec<MountUser>, Unavailable> {
    let mut users = Vec::new();
    each_pid(host, &mut |pid| {
        if uses(host, pid, mount) {
            // One that has ended meanwhile uses nothing.
            users.extend(process(host, pid).ok().map(|process| MountUser {
                pid,
                process: process.name,
            }));
        }
    })?;
    Ok(users)
}

fn uses(host: &Host, pid: u32, mount: &str) -> bool {
    let of = |name: &str| format!("/proc/{pid}/{name}");
    let leads_there =
        |link: &str| std::fs::read_link(host.path(&of(link))).is_ok_and(|to| to.starts_with(mount));
    if OWN.iter().any(|link| leads_there(link)) {
        return true;
    }
    let files = host.names(&of("fd")).unwrap_or_default();
    if files.iter().any(|file| leads_there(&format!("fd/{file}"))) {
        return true;
    }
    // Address, permissions, offset, device, inode, path (proc_pid_maps(5)).
    let is_of_it = |line: &str| {
        let path = line.find('/').map(|at| Path::new(&line[at..]));
        path.is_some_and(|path| path.starts_with(mount))
    };
    host.with_file(&of("maps"), |text| text.lines().any(is_of_it))
        .unwrap_or(false)
}

#[test]
fn who_has_something_open_there_uses_it() {
    let folder = tempfile::tempdir().unwrap();
    let own = std::process::id();
    let at = folder.path().to_str().unwrap();
    let uses = || mount_users(&Host::this(), at).unwrap();
    assert_eq!(uses(), []);
    let file = std::fs::File::create(folder.path().join("x")).unwrap();
    assert_eq!(
        uses().iter().map(|user| user.pid).collect::<Vec<_>>(),
        [own]
    );
    let beside = mount_users(&Host::this(), &at[..at.len() - 1]).unwrap();
    assert_eq!(beside, [], "a part of a name");
    drop(file);
    assert_eq!(uses(), []);
}
