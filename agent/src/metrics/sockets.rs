//! Sockets and what the protocols count.

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&FAMILY],
    read: |host, output| {
        let n = host.sockets()?;
        output.put_all(
            &FAMILY,
            "",
            [
                n.used,
                n.tcp_in_use,
                n.tcp_orphans,
                n.tcp_time_wait,
                n.udp_in_use,
                n.tcp_established,
                n.tcp_opened,
                n.tcp_accepted,
                n.tcp_failed,
                n.tcp_reset,
                n.tcp_sent,
                n.tcp_resent,
                n.tcp_errors,
                n.udp_received,
                n.udp_no_port,
                n.udp_errors,
                n.udp_sent,
                n.ip_discarded,
            ],
        );
        Ok(())
    },
};

static FAMILY: Family = Family {
    label: "",
    metrics: &[
        Metric::gauge("sockets.used", "", 0),
        Metric::gauge("sockets.tcp_in_use", "", 0),
        Metric::gauge("sockets.tcp_orphans", "", 0),
        Metric::gauge("sockets.tcp_time_wait", "", 0),
        Metric::gauge("sockets.udp_in_use", "", 0),
        Metric::gauge("tcp.established", "", 0),
        Metric::counter("tcp.opened", "", 0),
        Metric::counter("tcp.accepted", "", 0),
        Metric::counter("tcp.failed", "", 0),
        Metric::counter("tcp.reset", "", 0),
        Metric::counter("tcp.sent_segments", "", 0),
        Metric::counter("tcp.resent_segments", "", 0),
        Metric::counter("tcp.errors", "", 0),
        Metric::counter("udp.received", "", 0),
        Metric::counter("udp.no_port", "", 0),
        Metric::counter("udp.errors", "", 0),
        Metric::counter("udp.sent", "", 0),
        Metric::counter("ip.discarded", "", 0),
    ],
};
