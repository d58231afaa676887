//! How many processes and threads there may be: of the kernel (proc_sys_kernel(5)), of control groups
//! (kernel: Documentation/admin-guide/cgroup-v2.rst, PID).

use crate::host::{Host, TaskLimit, Term, Unavailable};

use super::stat::load;

/// Of version 2, and of version 1 (kernel: Documentation/admin-guide/cgroup-v1/pids.rst).
const GROUPS: &[&str] = &["/sys/fs/cgroup", "/sys/fs/cgroup/pids"];
/// `user.slice/user-1000.slice/user@1000.service` and what is in it.
const DEPTH: usize = 4;
const MOST_GROUPS: usize = 2000;

pub(in crate::host) fn task_limits(host: &Host) -> Result<Vec<TaskLimit>, Unavailable> {
    let most = ["/proc/sys/kernel/pid_max", "/proc/sys/kernel/threads-max"]
        .into_iter()
        .filter_map(|path| host.number(path))
        .min()
        .ok_or_else(|| Unavailable::absent(Term::KernelTaskLimit))?;
    let mut limits = vec![TaskLimit {
        unit: None,
        used: load(host)?.threads,
        most: most.max(0) as u64,
    }];
    let mut left = MOST_GROUPS;
    for folder in GROUPS {
        groups(host, folder, DEPTH, &mut left, &mut limits);
    }
    Ok(limits)
}

/// Adds the groups below `folder` that have a limit.
fn groups(host: &Host, folder: &str, depth: usize, left: &mut usize, limits: &mut Vec<TaskLimit>) {
    for name in host.names(folder).unwrap_or_default() {
        if ![".slice", ".service", ".scope"]
            .iter()
            .any(|kind| name.ends_with(kind))
        {
            continue;
        }
        if *left == 0 {
            return;
        }
        *left -= 1;
        let below = format!("{folder}/{name}");
        // `max` where there is no limit.
        let of = |file: &str| host.number(&format!("{below}/{file}"));
        if let Some(most) = of("pids.max")
            && let Some(used) = of("pids.current")
        {
            limits.push(TaskLimit {
                unit: Some(name),
                used: used.max(0) as u64,
                most: most.max(0) as u64,
            });
        }
        if depth > 1 {
            groups(host, &below, depth - 1, left, limits);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn the_kernels_limit_and_those_of_units_are_found() {
        let tree = Tree::new(&[
            ("/proc/sys/kernel/pid_max", "32768\n"),
            ("/proc/sys/kernel/threads-max", "9000\n"),
            ("/proc/loadavg", "0.1 0.1 0.1 2/345 99\n"),
            ("/sys/fs/cgroup/system.slice/web.service/pids.max", "40\n"),
            (
                "/sys/fs/cgroup/system.slice/web.service/pids.current",
                "39\n",
            ),
            ("/sys/fs/cgroup/pids/user.slice/pids.max", "99\n"),
            ("/sys/fs/cgroup/pids/user.slice/pids.current", "7\n"),
            ("/sys/fs/cgroup/system.slice/pids.max", "max\n"),
            ("/sys/fs/cgroup/system.slice/pids.current", "50\n"),
        ]);
        let limits = task_limits(&tree.host()).unwrap();
        let shown = limits
            .iter()
            .map(|one| format!("{:?} {}/{}", one.unit, one.used, one.most));
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                "None 345/9000",
                r#"Some("web.service") 39/40"#,
                r#"Some("user.slice") 7/99"#
            ]
        );
        assert!(task_limits(&Tree::new(&[]).host()).is_err());
    }
}
