//! What the network interfaces carry, lose and get wrong.

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&FAMILY],
    read: |host, output| {
        host.interface_counters(&mut |name, n| {
            output.put_all(
                &FAMILY,
                name,
                [
                    n.received_bytes,
                    n.received_packets,
                    n.receive_errors,
                    n.receive_drops,
                    n.multicast,
                    n.sent_bytes,
                    n.sent_packets,
                    n.send_errors,
                    n.send_drops,
                    n.collisions,
                ],
            );
        })
    },
};

static FAMILY: Family = Family {
    label: "interface",
    metrics: &[
        Metric::counter("net.received_bytes", "bytes", 0),
        Metric::counter("net.received_packets", "", 0),
        Metric::counter("net.receive_errors", "", 0),
        Metric::counter("net.receive_drops", "", 0),
        Metric::counter("net.received_multicast", "", 0),
        Metric::counter("net.sent_bytes", "bytes", 0),
        Metric::counter("net.sent_packets", "", 0),
        Metric::counter("net.send_errors", "", 0),
        Metric::counter("net.send_drops", "", 0),
        Metric::counter("net.collisions", "", 0),
    ],
};
