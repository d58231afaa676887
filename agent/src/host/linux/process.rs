//! /proc/PID/stat and status.

use crate::host::{Host, OwnCost, Process, ProcessState, Term, Unavailable};

use super::stat::number;
use super::{TICKS_PER_SECOND, page_bytes};

/// sched.h
const PF_KTHREAD: u64 = 0x0020_0000;

pub(in crate::host) fn processes(host: &Host) -> Result<Vec<Process>, Unavailable> {
    let booted_us = booted_us(host)?;
    let mut processes = Vec::new();
    each_pid(host, &mut |pid| {
        // One that has ended meanwhile is no error.
        if let Ok(process) = read(host, pid, booted_us) {
            processes.push(process);
        }
    })?;
    Ok(processes)
}

pub(in crate::host) fn process(host: &Host, pid: u32) -> Result<Process, Unavailable> {
    read(host, pid, booted_us(host)?)
}

pub(in crate::host) fn n_processes(host: &Host) -> Result<u64, Unavailable> {
    let mut n = 0;
    each_pid(host, &mut |_| n += 1)?;
    Ok(n)
}

pub(super) fn each_pid(host: &Host, visit: &mut dyn FnMut(u32)) -> Result<(), Unavailable> {
    let entries =
        std::fs::read_dir(host.path("/proc")).map_err(|error| Unavailable::io("/proc", &error))?;
    for entry in entries.flatten() {
        if let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        {
            visit(pid);
        }
    }
    Ok(())
}

fn read(host: &Host, pid: u32, booted_us: i64) -> Result<Process, Unavailable> {
    let path = format!("/proc/{pid}/stat");
    let mut process = host
        .with_file(&path, |text| parse(text, booted_us))?
        .ok_or_else(|| Unavailable::broken(path, Term::NotInForm.of("proc_pid_stat(5)")))?;
    process.user_id = user_of(host, pid);
    Ok(process)
}

/// The folder belongs to the process's user.
fn user_of(host: &Host, pid: u32) -> u32 {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(host.path(&format!("/proc/{pid}"))).map_or(0, |folder| folder.uid())
}

/// The name stands in parentheses and may hold anything, parentheses too.
fn parse(text: &str, booted_us: i64) -> Option<Process> {
    let (pid, rest) = text.split_once(" (")?;
    let (name, rest) = rest.rsplit_once(") ")?;
    let words = rest.split_ascii_whitespace().collect::<Vec<_>>();
    // Numbered from the state on, which proc_pid_stat(5) counts as 3.
    let field = |number_of: usize| words.get(number_of - 3).map(|word| number(word));
    let ticks = |number_of| Some(field(number_of)? * (1_000_000 / TICKS_PER_SECOND));
    Some(Process {
        pid: pid.parse().ok()?,
        parent: field(4)? as u32,
        name: name.to_owned(),
        user_id: 0,
        state: match *words.first()? {
            "R" => ProcessState::Running,
            "D" => ProcessState::Blocked,
            "T" | "t" => ProcessState::Stopped,
            "Z" | "X" => ProcessState::Zombie,
            "I" => ProcessState::Idle,
            _ => ProcessState::Sleeping,
        },
        started_us: booted_us + ticks(22)? as i64,
        start_us: ticks(22)? as i64,
        cpu_us: ticks(14)? + ticks(15)?,
        resident_bytes: field(24)? * page_bytes(),
        threads: field(20)? as u32,
        kernel: field(9)? & PF_KTHREAD != 0,
    })
}

/// Moment of boot; every reading of one boot gives the same.
pub(super) fn booted_us(host: &Host) -> Result<i64, Unavailable> {
    host.with_file("/proc/stat", |text| {
        text.lines()
            .find_map(|line| line.strip_prefix("btime "))
            .map(|seconds| number(seconds) as i64 * 1_000_000)
    })?
    .ok_or_else(|| Unavailable::broken("/proc/stat", "no btime"))
}

pub(in crate::host) fn arguments(host: &Host, pid: u32) -> Result<Vec<String>, Unavailable> {
    host.with_file(&format!("/proc/{pid}/cmdline"), |text| {
        text.split_terminator('\0').map(str::to_owned).collect()
    })
}

pub(in crate::host) fn own_cost(host: &Host) -> Result<OwnCost, Unavailable> {
    const PATH: &str = "/proc/self/stat";
    let mut cost = host
        .with_file(PATH, |text| {
            let (_, rest) = text.rsplit_once(") ")?;
            let words = rest.split_ascii_whitespace().collect::<Vec<_>>();
            let field = |number_of: usize| words.get(number_of - 3).map(|word| number(word));
            Some(OwnCost {
                cpu_centiseconds: field(14)? + field(15)? + field(16)? + field(17)?,
                resident_bytes: field(24)? * page_bytes(),
                threads: field(20)?,
                descriptors: 0,
            })
        })?
        .ok_or_else(|| Unavailable::broken(PATH, Term::NotInForm.of("proc_pid_stat(5)")))?;
    cost.descriptors = std::fs::read_dir(host.path("/proc/self/fd"))
        .map_or(0, |descriptors| descriptors.count() as u64);
    Ok(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = parse(text, 0).map_or("none".to_owned(), |p| {
            format!(
                "{} {} of {} {} {} s {} threads",
                p.pid,
                p.name,
                p.parent,
                p.state.word(),
                p.cpu_us as f64 / 1e6,
                p.threads
            )
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_name_may_hold_parentheses() {
        check(
            "42 (a) R (b)) S 7 1 1 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 3 0 999 1 25 1",
            "42 a) R (b) of 7 sleeping 2 s 3 threads",
        );
        check(
            "43 (dead) Z 7 1 1 0 -1 4 1 0 0 0 0 0 0 0 20 0 1 0 999 0 0 1",
            "43 dead of 7 zombie 0 s 1 threads",
        );
        check("44 (cut", "none");
    }

    #[test]
    fn this_process_is_among_all() {
        let host = Host::this();
        let own = process(&host, std::process::id()).unwrap();
        assert!(
            processes(&host)
                .unwrap()
                .iter()
                .any(|one| { one.pid == own.pid && one.started_us == own.started_us })
        );
        assert!(own_cost(&host).unwrap().resident_bytes > 0);
    }
}
