//! Processor time by mode, for all and for each.

use super::{Family, Metric, Source};

pub(super) const SOURCE: Source = Source {
    families: &[&TOTAL, &EACH, &KERNEL],
    read: |host, output| {
        let counters = host.cpu_times(&mut |times| match times.cpu {
            None => output.put_all(&TOTAL, "", times.modes),
            Some(cpu) => {
                let mut digits = [0; 10];
                output.put_all(&EACH, decimal(cpu, &mut digits), times.modes);
            }
        })?;
        output.put_all(
            &KERNEL,
            "",
            [
                counters.interrupts,
                counters.context_switches,
                counters.forks,
                counters.running,
                counters.blocked,
            ],
        );
        Ok(())
    },
};

/// Hundredths of a second.
const fn seconds(name: &'static str) -> Metric {
    Metric::counter(name, "s", -2)
}

static TOTAL: Family = Family {
    label: "",
    metrics: &[
        seconds("cpu.user_seconds"),
        seconds("cpu.nice_seconds"),
        seconds("cpu.system_seconds"),
        seconds("cpu.idle_seconds"),
        seconds("cpu.iowait_seconds"),
        seconds("cpu.irq_seconds"),
        seconds("cpu.softirq_seconds"),
        seconds("cpu.steal_seconds"),
    ],
};

static EACH: Family = Family {
    label: "cpu",
    metrics: TOTAL.metrics,
};

static KERNEL: Family = Family {
    label: "",
    metrics: &[
        Metric::counter("kernel.interrupts", "", 0),
        Metric::counter("kernel.context_switches", "", 0),
        Metric::counter("kernel.forks", "", 0),
        Metric::gauge("processes.running", "", 0),
        Metric::gauge("processes.blocked", "", 0),
    ],
};

/// `n` in decimal digits, without an allocation.
fn decimal(mut n: u32, digits: &mut [u8; 10]) -> &str {
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            return std::str::from_utf8(&digits[at..]).unwrap_or_default();
        }
    }
}

#[test]
fn times_are_by_mode_and_processor() {
    use crate::host::recorded::Tree;
    let tree = Tree::new(&[(
        "/proc/stat",
        "cpu  1 2 3 4 5 6 7 8 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\nctxt 9\n",
    )]);
    let sample = super::shown::sample(&SOURCE, &tree.host());
    assert!(sample.contains("cpu.idle_seconds{}=4\n"), "{sample}");
    assert!(sample.contains("cpu.steal_seconds{cpu=0}=8\n"), "{sample}");
    assert!(sample.contains("kernel.context_switches{}=9\n"), "{sample}");
    assert_eq!(decimal(0, &mut [0; 10]), "0");
    assert_eq!(decimal(4_294_967_295, &mut [0; 10]), "4294967295");
}
