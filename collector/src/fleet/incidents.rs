//! Many devices of a site with the same trouble at the same time are one incident. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::store::TimeUs;

/// More devices than these make an incident,
pub(super) const MOST_ALONE: usize = 5;
/// and so does this part of a site's devices,
const SHARE: usize = 10;
/// if there are so many at least: one of two is no incident.
const LEAST: usize = 3;
/// What begins within this has begun together.
const TOGETHER_US: TimeUs = 15 * 60 * 1_000_000;

/// Something critical that a device has, or begins to have now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub check: String,
    pub site_key: i64,
    pub device_key: i64,
    pub since: TimeUs,
}

/// An incident as it stands or begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    pub check: String,
    pub site_key: i64,
    /// Its ticket; none: it begins now.
    pub ticket: Option<i64>,
    /// Those that have come since, or have made it.
    pub devices: Vec<i64>,
}

/// By check and site.
pub type Known = HashMap<(String, i64), i64>;

/// Which incidents begin, and which go on with more devices. `known`: tickets of those that are not solved; `n_devices`:
/// of each site.
pub fn judge(
    cases: &[Case],
    known: &Known,
    n_devices: &HashMap<i64, usize>,
    now: TimeUs,
) -> Vec<Incident> {
    let mut together: BTreeMap<(&str, i64), BTreeSet<i64>> = BTreeMap::new();
    for case in cases {
        if now.saturating_sub(case.since) <= TOGETHER_US {
            let of = together.entry((&case.check, case.site_key)).or_default();
            of.insert(case.device_key);
        }
    }
    together
        .into_iter()
        .filter_map(|((check, site_key), devices)| {
            let ticket = known.get(&(check.to_owned(), site_key)).copied();
            let all = n_devices.get(&site_key).copied().unwrap_or_default();
            let n = devices.len();
            let is_many = n > MOST_ALONE || (n >= LEAST && n * SHARE >= all);
            (ticket.is_some() || is_many).then(|| Incident {
                check: check.to_owned(),
                site_key,
                ticket,
                devices: devices.into_iter().collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: TimeUs = 100 * TOGETHER_US;

    fn case(check: &str, site_key: i64, device_key: i64, minutes: i64) -> Case {
        Case {
            check: check.into(),
            site_key,
            device_key,
            since: NOW - minutes * 60_000_000,
        }
    }

    /// `check@site[ticket]: devices`, one a line.
    #[track_caller]
    fn check(cases: &[Case], known: &[(&str, i64, i64)], all: usize, expected: &str) {
        let known = known
            .iter()
            .map(|(check, site, ticket)| (((*check).to_owned(), *site), *ticket))
            .collect();
        let n_devices = HashMap::from([(1, all), (2, all)]);
        let found = judge(cases, &known, &n_devices, NOW);
        let said = found.iter().map(|one| {
            format!(
                "{}@{}{:?}: {:?}",
                one.check, one.site_key, one.ticket, one.devices
            )
        });
        assert_eq!(said.collect::<Vec<_>>().join("\n"), expected);
    }

    #[test]
    fn more_than_five_at_once_are_one_incident() {
        let of = |n: i64, minutes: i64| -> Vec<Case> {
            (1..=n)
                .map(|key| case("net.dns", 1, key, minutes))
                .collect()
        };
        check(&of(5, 1), &[], 1_000, "");
        check(&of(6, 1), &[], 1_000, "net.dns@1None: [1, 2, 3, 4, 5, 6]");
        check(&of(6, 16), &[], 1_000, "");
        // Two findings of one device are one device.
        let twice: Vec<Case> = (0..9).map(|_| case("net.dns", 1, 7, 1)).collect();
        check(&twice, &[], 1_000, "");
        // Of two sites each has its own.
        let mut apart = of(3, 1);
        apart.extend((4..=6).map(|key| case("net.dns", 2, key, 1)));
        check(&apart, &[], 1_000, "");
    }

    #[test]
    fn a_tenth_of_a_small_site_is_one_too() {
        let three: Vec<Case> = (1..=3).map(|key| case("net.dns", 1, key, 1)).collect();
        check(&three, &[], 30, "net.dns@1None: [1, 2, 3]");
        check(&three, &[], 31, "");
        check(&three[..2], &[], 2, "");
    }

    #[test]
    fn who_comes_later_joins_what_is_not_solved() {
        let late = [case("net.dns", 1, 9, 1), case("disk.space", 1, 9, 1)];
        check(
            &late,
            &[("net.dns", 1, 44)],
            1_000,
            "net.dns@1Some(44): [9]",
        );
    }
}
