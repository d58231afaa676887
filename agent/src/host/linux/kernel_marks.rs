//! What the kernel has noted against itself (kernel: Documentation/admin-guide/tainted-kernels.rst), and what pstore has
//! kept of one that died (Documentation/admin-guide/ramoops.rst).

use crate::host::{Host, KernelMarks, Term, Unavailable};

use super::kernel_log::each_line;

const TAINTED: &str = "/proc/sys/kernel/tainted";
/// Where the firmware's records are, and where systemd-pstore(8) puts them.
const KEPT: &[&str] = &["/sys/fs/pstore", "/var/lib/systemd/pstore"];
const MOST_KEPT: usize = 100;

/// Numbers of the marks.
const MACHINE_CHECK: u32 = 4;
const DIED: u32 = 7;
const LOCKED_UP: u32 = 14;
const FOREIGN: &[u32] = &[0, 12, 13];

/// How the lines begin that tell of them.
const SAID: &[&str] = &[
    "BUG: ",
    "Oops: ",
    "Oops",
    "kernel BUG at ",
    "Internal error: ",
    "general protection fault",
    "watchdog: BUG: soft lockup",
    "mce: [Hardware Error]",
    "Kernel panic",
];

pub(in crate::host) fn kernel_marks(host: &Host) -> Result<KernelMarks, Unavailable> {
    let tainted = host.with_file(TAINTED, |text| text.trim().parse::<u64>().ok())?;
    let tainted = tainted.ok_or_else(|| Unavailable::broken(TAINTED, Term::NoNumber))?;
    let has = |mark: &u32| tainted >> mark & 1 == 1;
    let mut marks = KernelMarks {
        has_died: has(&DIED),
        has_locked_up: has(&LOCKED_UP),
        has_machine_check: has(&MACHINE_CHECK),
        has_foreign_modules: FOREIGN.iter().any(has),
        said: None,
        kept: KEPT.iter().flat_map(|folder| kept(host, folder)).collect(),
    };
    if marks.has_died || marks.has_locked_up || marks.has_machine_check {
        // Who may not read the log still sees the mark.
        each_line(host, &mut |line| {
            let text = line.split_once(';').map_or("", |(_, text)| text);
            if marks.said.is_none() && SAID.iter().any(|begin| text.starts_with(begin)) {
                marks.said = Some(text.to_owned());
            }
        })
        .ok();
    }
    Ok(marks)
}

/// Names of the records of deaths; those of a console or of programs are none.
fn kept(host: &Host, folder: &str) -> Vec<String> {
    let mut names = host.names(folder).unwrap_or_default();
    // systemd-pstore puts each death into a folder of its own.
    names.retain(|name| name.starts_with("dmesg-") || name.bytes().all(|b| b.is_ascii_digit()));
    names.truncate(MOST_KEPT);
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn marks_are_told_with_what_the_log_says_of_them() {
        let tree = Tree::new(&[
            (TAINTED, "0\n"),
            (
                "/dev/kmsg",
                "3,1,5,-;BUG: unable to handle page fault\n3,2,6,-;Oops: 0002 [#1]\n",
            ),
        ]);
        assert_eq!(kernel_marks(&tree.host()).unwrap(), KernelMarks::default());
        tree.write(TAINTED, "129\n");
        tree.write("/sys/fs/pstore/dmesg-efi-1", "");
        tree.write("/sys/fs/pstore/console-ramoops-0", "");
        let expected = KernelMarks {
            has_died: true,
            has_foreign_modules: true,
            said: Some("BUG: unable to handle page fault".into()),
            kept: vec!["dmesg-efi-1".into()],
            ..KernelMarks::default()
        };
        assert_eq!(kernel_marks(&tree.host()).unwrap(), expected);
        tree.write(TAINTED, "nonsense");
        assert!(kernel_marks(&tree.host()).is_err());
    }
}
