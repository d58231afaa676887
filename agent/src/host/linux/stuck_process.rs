//! Processes that the kernel keeps waiting (proc_pid_stat(5) state D), and since when.

use crate::host::{Host, Process, ProcessState, StuckProcess, Unavailable};

use super::process::{process, processes};

pub(in crate::host) fn blocked_processes(host: &Host) -> Result<Vec<StuckProcess>, Unavailable> {
    let mut blocked = processes(host)?;
    blocked.retain(|process| process.state == ProcessState::Blocked && !process.kernel);
    blocked.sort_unstable_by_key(|process| process.pid);
    // This process runs now, so that its own moment is now.
    let now_ms = ran_at_ms(host, "self");
    let one = |blocked: Process| {
        let pid = blocked.pid;
        let ran_ms = ran_at_ms(host, &pid.to_string());
        let waits_in = host.line(&format!("/proc/{pid}/wchan"));
        // What was read is of its wait only if it waits still.
        let now = process(host, pid).ok()?;
        let waits_still =
            now.state == ProcessState::Blocked && now.started_us == blocked.started_us;
        waits_still.then(|| StuckProcess {
            pid,
            process: blocked.name,
            started_us: blocked.started_us,
            stuck_us: now_ms
                .zip(ran_ms)
                .map(|(now, ran)| ((now - ran).max(0.0) * 1000.0) as i64),
            // Who may not know is told 0.
            waits_in: waits_in.filter(|name| name != "0"),
        })
    };
    Ok(blocked.into_iter().filter_map(one).collect())
}

/// When it last had a processor, on the scheduler's own clock (kernel: kernel/sched/debug.c); not every kernel tells, and
/// none of who is on the way to another processor (migrate_task_rq_fair in kernel/sched/fair.c makes it 0).
fn ran_at_ms(host: &Host, pid: &str) -> Option<f64> {
    host.with_file(&format!("/proc/{pid}/sched"), |text| {
        let line = text
            .lines()
            .find(|line| line.starts_with("se.exec_start"))?;
        line.split_once(':')?.1.trim().parse().ok()
    })
    .ok()
    .flatten()
    .filter(|ms| *ms > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn how_long_it_has_not_run_is_told() {
        let stat = |pid: u32, state: &str, flags: u32| {
            format!("{pid} (cp) {state} 1 1 1 0 -1 {flags} 1 0 0 0 1 5 0 0 20 0 1 0 500 1 25 1")
        };
        let sched = |ms: &str| {
            format!("cp (9, #threads: 1)\nse.exec_start   :   {ms}\nse.vruntime : 1.0\n")
        };
        let tree = Tree::new(&[
            ("/proc/stat", "btime 1000\n"),
            ("/proc/self/sched", &sched("100000.500000")),
            ("/proc/7/stat", &stat(7, "D", 0)),
            ("/proc/7/sched", &sched("25000.500000")),
            ("/proc/7/wchan", "rpc_wait_bit_killable"),
            ("/proc/8/stat", &stat(8, "D", 0)),
            ("/proc/8/wchan", "0"),
            ("/proc/9/stat", &stat(9, "S", 0)),
            ("/proc/10/stat", &stat(10, "D", 0x0020_0000)),
            ("/proc/11/stat", &stat(11, "D", 0)),
            ("/proc/11/sched", &sched("0.000000")),
        ]);
        let found = blocked_processes(&tree.host()).unwrap();
        let shown = found
            .iter()
            .map(|one| format!("{} {:?} {:?}", one.pid, one.stuck_us, one.waits_in));
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                r#"7 Some(75000000) Some("rpc_wait_bit_killable")"#,
                "8 None None",
                "11 None None"
            ]
        );
    }
}
