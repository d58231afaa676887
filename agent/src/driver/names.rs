//! Numbers of series in one session.

use std::collections::HashMap;

use sonde_proto::caps;
use sonde_proto::v1::Series;

/// Which number a series has in this session. Series of earlier runs of the agent, whose samples are still in the
/// spool, share the numbers of those of this run.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// (run, number in its book) → number in this session.
    numbers: HashMap<(u64, u32), u32>,
    /// Everything that tells a series from another → number in this session.
    by_name: HashMap<String, u32>,
}

/// A series' number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbered {
    Known(u32),
    /// It has to be named now.
    New(u32),
    /// The session has as many as it may have: a new one is needed.
    Full,
}

impl Names {
    pub(super) fn number(&mut self, run: u64, number: u32, series: &Series) -> Numbered {
        if let Some(here) = self.numbers.get(&(run, number)) {
            return Numbered::Known(*here);
        }
        let name = format!(
            "{}\0{}\0{}\0{}\0{}",
            series.name, series.labels, series.unit, series.scale, series.counter
        );
        if let Some(here) = self.by_name.get(&name) {
            self.numbers.insert((run, number), *here);
            return Numbered::Known(*here);
        }
        if self.by_name.len() >= caps::SERIES {
            return Numbered::Full;
        }
        let here = self.by_name.len() as u32;
        self.by_name.insert(name, here);
        self.numbers.insert((run, number), here);
        Numbered::New(here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(name: &str, scale: i32) -> Series {
        Series {
            name: name.into(),
            scale,
            ..Series::default()
        }
    }

    #[test]
    fn runs_share_the_numbers_of_what_is_the_same() {
        let mut names = Names::default();
        let (a, b, other_scale) = (series("a", 0), series("b", 0), series("b", -1));
        assert_eq!(names.number(1, 0, &a), Numbered::New(0));
        assert_eq!(names.number(1, 1, &b), Numbered::New(1));
        assert_eq!(names.number(2, 0, &b), Numbered::Known(1));
        assert_eq!(names.number(2, 1, &other_scale), Numbered::New(2));
        assert_eq!(names.number(2, 0, &b), Numbered::Known(1));
    }

    #[test]
    fn a_session_has_no_more_than_the_cap() {
        let mut names = Names::default();
        for number in 0..caps::SERIES as u32 {
            let named = series(&number.to_string(), 0);
            assert_eq!(names.number(1, number, &named), Numbered::New(number));
        }
        let one_more = series("x", 0);
        assert_eq!(names.number(1, u32::MAX, &one_more), Numbered::Full);
        assert_eq!(names.number(2, 5, &series("7", 0)), Numbered::Known(7));
    }
}
