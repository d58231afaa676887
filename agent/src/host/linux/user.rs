//! Which user a process is, and how root's becomes another's.

use std::io;

use nix::unistd;
use rustix::process::{Gid, Signal, Uid};

/// By the system's own names, wherever those are kept.
fn user(name: &str) -> io::Result<Option<unistd::User>> {
    Ok(unistd::User::from_name(name)?)
}

pub(in crate::host) fn become_user(name: &str) -> io::Result<()> {
    let user = user(name)?.ok_or(io::ErrorKind::NotFound)?;
    let c_name = std::ffi::CString::new(name)?;
    let groups = unistd::getgrouplist(&c_name, user.gid)?;
    let groups: Vec<Gid> = groups
        .iter()
        .map(|gid| Gid::from_raw(gid.as_raw()))
        .collect();
    rustix::thread::set_thread_groups(&groups)?;
    let group = Gid::from_raw(user.gid.as_raw());
    rustix::thread::set_thread_res_gid(group, group, group)?;
    let user = Uid::from_raw(user.uid.as_raw());
    rustix::thread::set_thread_res_uid(user, user, user)?;
    // The change of user has cleared it (prctl(2)).
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    Ok(())
}

pub(in crate::host) fn account(user: u32) -> io::Result<Option<(String, String)>> {
    let user = unistd::User::from_uid(unistd::Uid::from_raw(user))?;
    Ok(user.map(|user| {
        let gecos = user.gecos.to_string_lossy();
        let full_name = gecos.split(',').next().unwrap_or_default().trim();
        (user.name, full_name.to_owned())
    }))
}

pub(in crate::host) fn is_user(name: &str) -> bool {
    let own = rustix::process::geteuid().as_raw();
    user(name).is_ok_and(|user| user.is_some_and(|user| user.uid.as_raw() == own))
}

#[test]
fn this_process_is_of_its_own_user_and_of_no_other() {
    let own = unistd::User::from_uid(unistd::geteuid()).unwrap().unwrap();
    assert!(is_user(&own.name));
    assert!(!is_user("no-such-user"));
    let (login, _) = account(own.uid.as_raw()).unwrap().unwrap();
    assert_eq!(login, own.name);
    assert_eq!(account(u32::MAX - 1).unwrap(), None);
    let none = become_user("no-such-user").unwrap_err();
    assert_eq!(none.kind(), io::ErrorKind::NotFound);
}
