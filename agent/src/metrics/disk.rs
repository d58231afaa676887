//! What the disks do.

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&FAMILY],
    read: |host, output| {
        host.disk_counters(&mut |name, n| {
            output.put_all(
                &FAMILY,
                name,
                [
                    n.reads,
                    n.read_bytes,
                    n.read_ms,
                    n.writes,
                    n.written_bytes,
                    n.write_ms,
                    n.in_flight,
                    n.busy_ms,
                    n.weighted_ms,
                    n.discards,
                    n.flushes,
                ],
            );
        })
    },
};

static FAMILY: Family = Family {
    label: "disk",
    metrics: &[
        Metric::counter("disk.reads", "", 0),
        Metric::counter("disk.read_bytes", "bytes", 0),
        Metric::counter("disk.read_seconds", "s", -3),
        Metric::counter("disk.writes", "", 0),
        Metric::counter("disk.written_bytes", "bytes", 0),
        Metric::counter("disk.write_seconds", "s", -3),
        Metric::gauge("disk.in_flight", "", 0),
        Metric::counter("disk.busy_seconds", "s", -3),
        Metric::counter("disk.queue_seconds", "s", -3),
        Metric::counter("disk.discards", "", 0),
        Metric::counter("disk.flushes", "", 0),
    ],
};
