//! Page faults, paging, kills for want of memory.

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&FAMILY],
    read: |host, output| {
        let paging = host.paging()?;
        output.put_all(
            &FAMILY,
            "",
            [
                paging.faults,
                paging.major_faults,
                paging.paged_in_bytes,
                paging.paged_out_bytes,
                paging.swapped_in_bytes,
                paging.swapped_out_bytes,
                paging.oom_kills,
            ],
        );
        Ok(())
    },
};

static FAMILY: Family = Family {
    label: "",
    metrics: &[
        Metric::counter("memory.faults", "", 0),
        Metric::counter("memory.major_faults", "", 0),
        Metric::counter("memory.paged_in_bytes", "bytes", 0),
        Metric::counter("memory.paged_out_bytes", "bytes", 0),
        Metric::counter("swap.in_bytes", "bytes", 0),
        Metric::counter("swap.out_bytes", "bytes", 0),
        Metric::counter("memory.oom_kills", "", 0),
    ],
};
