//! The program's own code and constants, as far as they lie in this process's memory.

#![expect(
    unsafe_code,
    reason = "no safe wrapper of this call is kept, nor of the names that the linker gives"
)]

use std::ptr::from_ref;

unsafe extern "C" {
    /// Where the program begins, and where its code ends (ld(1)). What lies between is never written.
    safe static __executable_start: u8;
    safe static etext: u8;
}

/// Lets go of it: what runs next comes back at its first touch, from the kernel's copy of the file. The kernel maps whole
/// folios around each touch, so that what ran once, at a start or for a diagnosis, would count as this process's for as
/// long as it runs.
pub(in crate::host) fn let_go() {
    let start = from_ref(&__executable_start);
    let length = from_ref(&etext).addr().saturating_sub(start.addr());
    let length = length - length % rustix::param::page_size();
    // SAFETY: these pages are a private mapping of a file and were never written, so that dropping them loses nothing:
    // the next touch reads the file's again (madvise(2), MADV_DONTNEED).
    unsafe { libc::madvise(start.cast_mut().cast(), length, libc::MADV_DONTNEED) };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the program's code, in KiB (proc_pid_smaps(5)).
    fn resident() -> u64 {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let program = std::env::current_exe().unwrap();
        let program = program.to_str().unwrap();
        let mut lines = maps.lines();
        lines
            .find(|line| line.contains(" r-xp ") && line.ends_with(program))
            .unwrap();
        let rss = lines.find_map(|line| line.strip_prefix("Rss:")).unwrap();
        let rss = rss.trim().strip_suffix(" kB").unwrap();
        rss.parse().unwrap()
    }

    #[test]
    fn what_ran_leaves_the_memory_and_runs_again() {
        // The first reading brings its own code.
        resident();
        let before = resident();
        let_go();
        let after = resident();
        assert!(after < before, "{before} KiB, and then {after}");
    }
}
