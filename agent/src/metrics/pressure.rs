//! Pressure stall information: how long work stood still for want of a resource.

use crate::host::{Resource, Stall};

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&FAMILY],
    read: |host, output| {
        for (resource, name) in [
            (Resource::Cpu, "cpu"),
            (Resource::Memory, "memory"),
            (Resource::Io, "io"),
        ] {
            let pressure = host.pressure(resource)?;
            output.put(
                &FAMILY,
                name,
                values(pressure.some)
                    .into_iter()
                    .chain(values(pressure.full)),
            );
        }
        Ok(())
    },
};

static FAMILY: Family = Family {
    label: "resource",
    metrics: &[
        Metric::gauge("pressure.some_10s_percent", "%", -2),
        Metric::gauge("pressure.some_60s_percent", "%", -2),
        Metric::counter("pressure.some_us", "µs", 0),
        Metric::gauge("pressure.full_10s_percent", "%", -2),
        Metric::gauge("pressure.full_60s_percent", "%", -2),
        Metric::counter("pressure.full_us", "µs", 0),
    ],
};

fn values(stall: Option<Stall>) -> [Option<i64>; 3] {
    stall.map_or([None; 3], |stall| {
        [stall.seconds_10, stall.seconds_60, stall.total_us].map(|value| Some(value as i64))
    })
}

#[test]
fn a_resource_may_lack_the_full_line() {
    use crate::host::recorded::Tree;
    let some = "some avg10=1.00 avg60=0.50 avg300=0.10 total=7\n";
    let tree = Tree::new(&[
        ("/proc/pressure/cpu", some),
        ("/proc/pressure/memory", some),
        ("/proc/pressure/io", some),
    ]);
    let sample = super::shown::sample(&SOURCE, &tree.host());
    assert!(sample.contains("pressure.some_10s_percent{resource=cpu}=100\n"));
    assert!(sample.contains("pressure.some_us{resource=io}=7\n"));
    assert!(!sample.contains("full"));
}
