//! When something happened on a device, on the collector's clock.

use sonde_proto::v1::Clock;

/// What is known of a device's clocks since its hello.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchor {
    device: Clock,
    /// Collector's clock at the hello, microseconds since 1970 UTC.
    collector_us: i64,
}

impl Anchor {
    pub(super) fn new(device: Clock, collector_us: i64) -> Self {
        Self {
            device,
            collector_us,
        }
    }

    /// Device's wall clock less the collector's, at the hello.
    pub(super) fn offset_us(&self) -> i64 {
        self.device.wall_us.saturating_sub(self.collector_us)
    }

    /// The collector's time of a moment that the device saw as `at`. Within one boot the clock that never jumps
    /// tells; for an earlier boot the wall clock has to do, as wrong as it was at the hello. Never later than `now_us`.
    pub(super) fn correct(&self, at: Clock, same_boot: bool, now_us: i64) -> i64 {
        let corrected = if same_boot {
            self.collector_us
                .saturating_add(at.boot_us.saturating_sub(self.device.boot_us))
        } else {
            at.wall_us.saturating_sub(self.offset_us())
        };
        corrected.clamp(0, now_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: i64 = 1_000_000;

    #[track_caller]
    fn check(wall_us: i64, boot_us: i64, same_boot: bool, expected: i64) {
        // A device whose wall clock is 500,000 µs behind, 40,000 µs after its boot.
        let anchor = Anchor::new(
            Clock {
                wall_us: HELLO - 500_000,
                boot_us: 40_000,
            },
            HELLO,
        );
        assert_eq!(
            anchor.correct(Clock { wall_us, boot_us }, same_boot, HELLO + 100_000),
            expected
        );
    }

    #[test]
    fn within_a_boot_the_wall_clock_does_not_count() {
        check(0, 40_000, true, HELLO);
        check(i64::MAX, 10_000, true, HELLO - 30_000);
        check(0, 50_000, true, HELLO + 10_000);
    }

    #[test]
    fn an_earlier_boot_is_dated_by_the_wall_clock() {
        check(300_000, 7, false, 800_000);
        check(i64::MIN, 7, false, 0);
    }

    #[test]
    fn nothing_happens_in_the_future() {
        check(0, i64::MAX, true, HELLO + 100_000);
    }
}
