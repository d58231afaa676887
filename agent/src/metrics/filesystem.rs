//! Room on the file systems. Those that may hang when asked are left to their check.

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&FAMILY],
    read: |host, output| {
        let filesystems = host.filesystems()?;
        for (at, fs) in filesystems.iter().enumerate() {
            let seen = filesystems[..at].iter().any(|one| one.device == fs.device);
            if seen || !fs.can_fill() || fs.may_hang() {
                continue;
            }
            let Ok(usage) = host.usage(&fs.mount) else {
                continue;
            };
            if usage.total_bytes == 0 {
                continue;
            }
            let used_percent = (100.0 - usage.free_percent()) * 100.0;
            output.put_all(
                &FAMILY,
                &fs.mount,
                [
                    usage.total_bytes,
                    usage.used_bytes(),
                    usage.available_bytes,
                    used_percent as u64,
                    usage.inodes,
                    usage.free_inodes,
                ],
            );
        }
        Ok(())
    },
};

static FAMILY: Family = Family {
    label: "mount",
    metrics: &[
        Metric::gauge("disk.total_bytes", "bytes", 0),
        Metric::gauge("disk.used_bytes", "bytes", 0),
        Metric::gauge("disk.available_bytes", "bytes", 0),
        Metric::gauge("disk.used_percent", "%", -2),
        Metric::gauge("disk.inodes", "", 0),
        Metric::gauge("disk.free_inodes", "", 0),
    ],
};

#[test]
fn a_filesystem_is_sampled_once_and_a_share_never() {
    use crate::host::recorded::Tree;
    let tree = Tree::new(&[
        (
            "/proc/self/mountinfo",
            "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:1 /x /bind rw - ext4 /dev/sda1 rw\n\
             3 1 0:9 / /nas rw - nfs4 nas:/x rw\n",
        ),
        ("/bind/x", ""),
        ("/nas/x", ""),
    ]);
    let sample = super::shown::sample(&SOURCE, &tree.host());
    assert_eq!(sample.lines().count(), FAMILY.metrics.len(), "{sample}");
    assert!(sample.contains("disk.total_bytes{mount=/}="));
}
