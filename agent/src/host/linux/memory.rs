//! /proc/meminfo, /proc/vmstat, /proc/pressure.

use crate::host::{Host, Memory, Paging, Pressure, Resource, Stall, Term, Unavailable};

use super::page_bytes;
use super::stat::{hundredths, number};

const MEMINFO: &str = "/proc/meminfo";
const VMSTAT: &str = "/proc/vmstat";

pub(in crate::host) fn memory(host: &Host) -> Result<Memory, Unavailable> {
    let memory = host.with_file(MEMINFO, |text| {
        let mut memory = Memory::default();
        let mut huge_page = 0;
        let mut huge_pages = 0;
        for line in text.lines() {
            let Some((name, rest)) = line.split_once(':') else {
                continue;
            };
            let value = number(rest.trim_start());
            let bytes = value * 1024;
            match name {
                "HugePages_Total" => huge_pages = value,
                "Hugepagesize" => huge_page = bytes,
                _ => {
                    if let Some(field) = field(&mut memory, name) {
                        *field = bytes;
                    }
                }
            }
        }
        memory.huge_total = huge_pages * huge_page;
        memory
    })?;
    if memory.total == 0 {
        return Err(Unavailable::broken(MEMINFO, Term::Lacks.of("MemTotal")));
    }
    Ok(memory)
}

fn field<'a>(memory: &'a mut Memory, name: &str) -> Option<&'a mut u64> {
    Some(match name {
        "MemTotal" => &mut memory.total,
        "MemFree" => &mut memory.free,
        "MemAvailable" => &mut memory.available,
        "Buffers" => &mut memory.buffers,
        "Cached" => &mut memory.cached,
        "Active" => &mut memory.active,
        "Inactive" => &mut memory.inactive,
        "AnonPages" => &mut memory.anonymous,
        "Mapped" => &mut memory.mapped,
        "Shmem" => &mut memory.shared,
        "Slab" => &mut memory.slab,
        "SReclaimable" => &mut memory.slab_reclaimable,
        "KernelStack" => &mut memory.kernel_stack,
        "PageTables" => &mut memory.page_tables,
        "Dirty" => &mut memory.dirty,
        "Writeback" => &mut memory.writeback,
        "Unevictable" => &mut memory.unevictable,
        "Committed_AS" => &mut memory.committed,
        "CommitLimit" => &mut memory.commit_limit,
        "SwapTotal" => &mut memory.swap_total,
        "SwapFree" => &mut memory.swap_free,
        "SwapCached" => &mut memory.swap_cached,
        "HardwareCorrupted" => &mut memory.hardware_corrupted,
        _ => return None,
    })
}

pub(in crate::host) fn paging(host: &Host) -> Result<Paging, Unavailable> {
    host.with_file(VMSTAT, |text| {
        let mut paging = Paging::default();
        for line in text.lines() {
            // The file has some 180 lines; seven are wanted.
            if !line.starts_with(['p', 'o']) {
                continue;
            }
            let Some((name, value)) = line.split_once(' ') else {
                continue;
            };
            match name {
                "pgfault" => paging.faults = number(value),
                "pgmajfault" => paging.major_faults = number(value),
                "pgpgin" => paging.paged_in_bytes = number(value) * 1024,
                "pgpgout" => paging.paged_out_bytes = number(value) * 1024,
                "pswpin" => paging.swapped_in_bytes = number(value) * page_bytes(),
                "pswpout" => paging.swapped_out_bytes = number(value) * page_bytes(),
                "oom_kill" => paging.oom_kills = number(value),
                _ => {}
            }
        }
        paging
    })
}

pub(in crate::host) fn pressure(host: &Host, resource: Resource) -> Result<Pressure, Unavailable> {
    let path = match resource {
        Resource::Cpu => "/proc/pressure/cpu",
        Resource::Memory => "/proc/pressure/memory",
        Resource::Io => "/proc/pressure/io",
    };
    host.with_file(path, |text| {
        let mut pressure = Pressure::default();
        for line in text.lines() {
            match line.split_once(' ') {
                Some(("some", rest)) => pressure.some = stall(rest),
                Some(("full", rest)) => pressure.full = stall(rest),
                Some(_) | None => {}
            }
        }
        pressure
    })
}

fn stall(text: &str) -> Option<Stall> {
    let mut values = text
        .split_ascii_whitespace()
        .filter_map(|word| word.split_once('='))
        .map(|(_, value)| value);
    Some(Stall {
        seconds_10: hundredths(values.next()?)?,
        seconds_60: hundredths(values.next()?)?,
        seconds_300: hundredths(values.next()?)?,
        total_us: values.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn kibibytes_and_pages_become_bytes() {
        let tree = Tree::new(&[
            (
                MEMINFO,
                "MemTotal:  1000 kB\nMemAvailable:  250 kB\nHugePages_Total:  2\nHugepagesize: 2048 kB\n",
            ),
            (VMSTAT, "nr_free_pages 1\npswpin 2\npgpgin 3\noom_kill 1\n"),
            (
                "/proc/pressure/memory",
                "some avg10=1.50 avg60=0.02 avg300=0.00 total=1234\n\
                 full avg10=0.00 avg60=0.00 avg300=0.00 total=5\n",
            ),
        ]);
        let memory = memory(&tree.host()).unwrap();
        assert_eq!((memory.total, memory.available), (1_024_000, 256_000));
        assert_eq!(memory.huge_total, 4 << 20);
        let paging = paging(&tree.host()).unwrap();
        assert_eq!(
            (paging.swapped_in_bytes, paging.paged_in_bytes),
            (8192, 3072)
        );
        assert_eq!(paging.oom_kills, 1);
        let some = pressure(&tree.host(), Resource::Memory)
            .unwrap()
            .some
            .unwrap();
        assert_eq!(
            (some.seconds_10, some.seconds_60, some.total_us),
            (150, 2, 1234)
        );
    }

    #[test]
    fn a_kernel_without_pressure_says_so() {
        let unavailable = pressure(&Tree::new(&[]).host(), Resource::Io);
        assert_eq!(unavailable, Err(Unavailable::absent("/proc/pressure/io")));
    }
}
