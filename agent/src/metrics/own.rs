//! What the agent itself takes.

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&FAMILY],
    read: |host, output| {
        let cost = host.own_cost()?;
        // It comes last: what the sample had no room for is known.
        let left_out = output.book.n_left_out;
        output.put_all(
            &FAMILY,
            "",
            [
                cost.cpu_centiseconds,
                cost.resident_bytes,
                cost.threads,
                cost.descriptors,
                left_out,
            ],
        );
        Ok(())
    },
};

static FAMILY: Family = Family {
    label: "",
    metrics: &[
        Metric::counter("agent.cpu_seconds", "s", -2),
        Metric::gauge("agent.resident_bytes", "bytes", 0),
        Metric::gauge("agent.threads", "", 0),
        Metric::gauge("agent.descriptors", "", 0),
        Metric::gauge("agent.things_left_out", "", 0),
    ],
};
