//! What a process costs, as the kernel counts it.

use std::fs;

use anyhow::{Context as _, Result};

use crate::shell;

/// Of `/proc/PID/stat`: clock ticks a second, the same on every Linux we run on.
const TICKS: f64 = 100.0;
/// Headers of an IPv4 packet with TCP timestamps.
pub(super) const PACKET_HEADERS: u64 = 52;

/// Proportional share of a process and its children, in KiB.
pub(super) fn pss_kib(pid: u32) -> u64 {
    let own = field(&format!("/proc/{pid}/smaps_rollup"), "Pss:");
    own + children(pid).into_iter().map(pss_kib).sum::<u64>()
}

/// Resident size of a process, in KiB.
pub(super) fn rss_kib(pid: u32) -> u64 {
    field(&format!("/proc/{pid}/status"), "VmRSS:")
}

fn field(path: &str, name: &str) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}

fn children(pid: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task"));
    let of = |task: fs::DirEntry| fs::read_to_string(task.path().join("children")).ok();
    tasks
        .into_iter()
        .flatten()
        .filter_map(|task| of(task.ok()?))
        .flat_map(|text| {
            text.split_whitespace()
                .filter_map(|pid| pid.parse().ok())
                .collect::<Vec<_>>()
        })
        .collect()
}

/// CPU seconds of a process and of its children that have ended.
pub(super) fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after = stat.rsplit_once(") ").context("no name")?.1;
    let ticks: u64 = after
        .split_whitespace()
        .skip(11)
        .take(4)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Ok(ticks as f64 / TICKS)
}

/// What a connection to `address` has carried both ways with all headers, from the connecting side.
pub(super) fn wire_bytes(address: &str) -> Result<u64> {
    let told = shell::output(shell::program("ss").args(["-tinH", "dst", address]))?;
    let number = |name: &str| -> u64 {
        let of = |word: &str| {
            word.strip_prefix(name)?
                .strip_prefix(':')?
                .parse::<u64>()
                .ok()
        };
        told.split_whitespace().filter_map(of).sum()
    };
    let packets = number("segs_out") + number("segs_in");
    Ok(number("bytes_sent") + number("bytes_received") + packets * PACKET_HEADERS)
}
