//! The machine's clocks.

use sonde_proto::v1;

/// One moment on both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Wall clock, microseconds since 1970 UTC. It may jump.
    pub wall_us: i64,
    /// Microseconds since boot, sleep included. It never jumps.
    pub boot_us: i64,
}

impl From<Moment> for v1::Clock {
    fn from(moment: Moment) -> Self {
        Self {
            wall_us: moment.wall_us,
            boot_us: moment.boot_us,
        }
    }
}

/// Now.
pub fn now() -> Moment {
    Moment {
        wall_us: wall_us(),
        boot_us: boot_us(),
    }
}

fn wall_us() -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed();
    since.map_or_else(
        |error| -(error.duration().as_micros() as i64),
        |since| since.as_micros() as i64,
    )
}

/// CLOCK_BOOTTIME, clock_gettime(2).
#[cfg(target_os = "linux")]
fn boot_us() -> i64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    time.tv_sec * 1_000_000 + time.tv_nsec / 1000
}

/// Since the first call, where there is no such clock.
#[cfg(not(target_os = "linux"))]
fn boot_us() -> i64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START
        .get_or_init(std::time::Instant::now)
        .elapsed()
        .as_micros() as i64
}

/// What two looks at the clocks, some seconds apart, say about the time between.
#[derive(Debug, PartialEq, Eq)]
pub enum Passed {
    Evenly,
    /// The wall clock was set: by so many microseconds beyond the time that passed.
    Jumped {
        by_us: i64,
    },
}

/// A wall clock that differs by less than this from the time that passed is being slewed, not set.
pub const JUMP_US: i64 = 1_000_000;

/// Compares the clocks.
pub fn passed(before: Moment, after: Moment) -> Passed {
    let by_us = (after.wall_us - before.wall_us) - (after.boot_us - before.boot_us);
    if by_us.abs() < JUMP_US {
        Passed::Evenly
    } else {
        Passed::Jumped { by_us }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_clock_is_told_from_a_slewed_one() {
        let at = |wall_us, boot_us| Moment { wall_us, boot_us };
        assert_eq!(passed(at(0, 0), at(15_400_000, 15_000_000)), Passed::Evenly);
        assert_eq!(
            passed(at(0, 0), at(-3_600_000_000, 15_000_000)),
            Passed::Jumped {
                by_us: -3_615_000_000
            }
        );
    }
}
