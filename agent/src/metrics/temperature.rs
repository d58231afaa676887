//! Temperatures of the machine's sensors.

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&FAMILY],
    read: |host, output| {
        for temperature in host.temperatures()? {
            output.put(
                &FAMILY,
                &temperature.sensor,
                [Some(temperature.millidegrees)],
            );
        }
        Ok(())
    },
};

static FAMILY: Family = Family {
    label: "sensor",
    metrics: &[Metric::gauge("temperature.celsius", "°C", -3)],
};
