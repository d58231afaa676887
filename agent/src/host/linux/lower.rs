//! What a worker child gives up.

use std::io;
use std::os::fd::AsFd as _;

use rustix::process::{Gid, Resource, Rlimit, Signal, Uid};

use crate::host::Lowered;

/// Of the one user who owns nothing.
const NOBODY: u32 = 65534;
/// The disk's priority follows from it (ioprio_set(2)).
const NICE: i32 = 10;

pub(in crate::host) fn lower(to: Lowered) -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    if to.can_wait {
        rustix::process::setpriority_process(None, NICE)?;
    }
    let limit = |resource, most: u64| {
        let current = rustix::process::getrlimit(resource);
        let most = current.maximum.map_or(most, |maximum| maximum.min(most));
        rustix::process::setrlimit(
            resource,
            Rlimit {
                current: Some(most),
                maximum: Some(most),
            },
        )
    };
    limit(Resource::Cpu, to.cpu.as_secs().max(1))?;
    limit(Resource::As, to.memory_bytes)?;
    limit(Resource::Core, 0)?;
    rustix::thread::set_no_new_privs(true)?;
    if !to.as_root && rustix::process::geteuid().is_root() {
        rustix::thread::set_thread_groups(&[])?;
        let group = Gid::from_raw(NOBODY);
        rustix::thread::set_thread_res_gid(group, group, group)?;
        let user = Uid::from_raw(NOBODY);
        rustix::thread::set_thread_res_uid(user, user, user)?;
        // The change of user has cleared it (prctl(2)).
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    }
    Ok(())
}

pub(in crate::host) fn end_with_parent() -> io::Result<()> {
    let mut input = std::fs::File::from(io::stdin().as_fd().try_clone_to_owned()?);
    rustix::process::set_parent_process_death_signal(None)?;
    std::thread::spawn(move || {
        // Nothing more is ever said: its end is its parent's, or a parent's who no longer wants an answer.
        io::copy(&mut input, &mut io::sink()).ok();
        let own = rustix::process::getpid();
        if rustix::process::getpgrp() == own {
            rustix::process::kill_process_group(own, Signal::KILL).ok();
        }
        std::process::exit(1);
    });
    Ok(())
}

pub(in crate::host) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
