//! Load averages, threads, time since boot.

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&FAMILY],
    read: |host, output| {
        let load = host.load()?;
        output.put_all(
            &FAMILY,
            "",
            [
                load.minute_1,
                load.minutes_5,
                load.minutes_15,
                load.threads,
                host.uptime_seconds()?,
            ],
        );
        Ok(())
    },
};

static FAMILY: Family = Family {
    label: "",
    metrics: &[
        Metric::gauge("load.minute_1", "", -2),
        Metric::gauge("load.minutes_5", "", -2),
        Metric::gauge("load.minutes_15", "", -2),
        Metric::gauge("processes.threads", "", 0),
        Metric::counter("os.uptime_seconds", "s", 0),
    ],
};

#[test]
fn averages_are_hundredths() {
    use crate::host::recorded::Tree;
    let tree = Tree::new(&[
        ("/proc/loadavg", "0.50 1.00 2.25 1/77 5\n"),
        ("/proc/uptime", "3600.55 1.0\n"),
    ]);
    assert_eq!(
        super::shown::sample(&SOURCE, &tree.host()),
        "load.minute_1{}=50\nload.minutes_5{}=100\nload.minutes_15{}=225\nprocesses.threads{}=77\nos.uptime_seconds{}=3600\n"
    );
}
