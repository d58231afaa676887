//! Finds an operating system that gets no security updates any more, or not for long.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, name, time};
use crate::host::{Host, Os, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "os.end-of-life",
    number: 52,
    version: 1,
    title_en: "How long the operating system is supported",
    title_fr: "Durée de support du système",
    every: Duration::from_secs(3600),
    limits: &[Limit::number("days_left_warning", 60)],
    remedies: &[],
    texts: &[
        Text {
            id: "supported",
            en: "{os} gets security updates until {end}",
            fr: "{os} reçoit des mises à jour de sécurité jusqu'au {end}",
            user_en: "The system gets security updates.",
            user_fr: "Le système reçoit des mises à jour de sécurité.",
        },
        Text {
            id: "soon",
            en: "{os} gets security updates only until {end}",
            fr: "{os} ne reçoit des mises à jour de sécurité que jusqu'au {end}",
            user_en: "The system will soon get no more security updates.",
            user_fr: "Le système ne recevra bientôt plus de mises à jour de sécurité.",
        },
        Text {
            id: "ended",
            en: "{os} has had no security updates since {end}",
            fr: "{os} ne reçoit plus de mises à jour de sécurité depuis le {end}",
            user_en: "The system gets no more security updates.",
            user_fr: "Le système ne reçoit plus de mises à jour de sécurité.",
        },
        Text::technician(
            "not_known",
            "Cannot tell: how long {os} is supported neither it says itself nor is it known here",
            "Indéterminé : la durée de support de {os} n'est ni indiquée par le système ni connue ici",
        ),
    ],
    ticket_worthy: false,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, host.now_us(), limits))),
};

const DAY_US: i64 = 86_400_000_000;

/// Last day of the security updates that everybody gets, by `ID` and beginning of the version. As the makers said in
/// November 2025, Debian's and Ubuntu's as distro-info-data has them; SUPPORT_END of the machine's own os-release(5) outweighs it.
const RELEASES: &[(&str, &str, &str)] = &[
    // With LTS: wiki.debian.org/LTS
    ("debian", "8", "2020-06-30"),
    ("debian", "9", "2022-06-30"),
    ("debian", "10", "2024-06-30"),
    ("debian", "11", "2026-08-31"),
    ("debian", "12", "2028-06-30"),
    ("debian", "13", "2030-06-30"),
    // Standard maintenance: ubuntu.com/about/release-cycle
    ("ubuntu", "14.04", "2019-04-25"),
    ("ubuntu", "16.04", "2021-04-30"),
    ("ubuntu", "18.04", "2023-05-31"),
    ("ubuntu", "20.04", "2025-05-29"),
    ("ubuntu", "22.04", "2027-06-01"),
    ("ubuntu", "23.10", "2024-07-11"),
    ("ubuntu", "24.04", "2029-05-31"),
    ("ubuntu", "24.10", "2025-07-10"),
    ("ubuntu", "25.04", "2026-01-15"),
    ("ubuntu", "25.10", "2026-07-09"),
    ("ubuntu", "26.04", "2031-05-29"),
    // docs.fedoraproject.org/en-US/releases/eol
    ("fedora", "37", "2023-12-05"),
    ("fedora", "38", "2024-05-21"),
    ("fedora", "39", "2024-11-26"),
    ("fedora", "40", "2025-05-13"),
    // Maintenance: access.redhat.com/support/policy/updates/errata
    ("rhel", "7", "2024-06-30"),
    ("rhel", "8", "2029-05-31"),
    ("rhel", "9", "2032-05-31"),
    ("rhel", "10", "2035-05-31"),
    ("rocky", "8", "2029-05-31"),
    ("rocky", "9", "2032-05-31"),
    ("almalinux", "9", "2032-05-31"),
    // centos.org/centos-linux-eol; of 8, Stream's, which came later
    ("centos", "7", "2024-06-30"),
    ("centos", "8", "2024-05-31"),
];

fn observe(host: &Host) -> Result<Os, Unavailable> {
    host.os()
}

fn judge(os: &Os, now_us: i64, limits: &Limits) -> Vec<Finding> {
    let shown = name("os", &os.name);
    let Some(end_us) = end_us(os) else {
        return vec![Finding::new(Status::Unknown, "").says("not_known", vec![shown])];
    };
    let days_left = (end_us - now_us) as f64 / DAY_US as f64;
    let (status, id) = if days_left < 0.0 {
        (Status::Warning, "ended")
    } else if days_left < limits.get("days_left_warning") {
        (Status::Warning, "soon")
    } else {
        (Status::Ok, "supported")
    };
    vec![Finding::new(status, "").says(id, vec![shown, time("end", end_us)])]
}

/// Last moment of its last day.
fn end_us(os: &Os) -> Option<i64> {
    let version = os.version.as_deref().unwrap_or_default();
    let is_it = |of: &str| {
        let rest = version.strip_prefix(of);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let listed = RELEASES
        .iter()
        .find(|(id, of, _)| *id == os.id && is_it(of))
        .map(|(_, _, end)| *end);
    let day = os.support_end.as_deref().or(listed)?;
    let day: jiff::civil::Date = day.parse().ok()?;
    let midnight = day
        .at(0, 0, 0, 0)
        .to_zoned_datetime(jiff::tz::TimeZone::UTC)
        .ok()?;
    Some(midnight.timestamp().as_microsecond() + DAY_US - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    /// At 2026-11-24 05:45:00 UTC.
    #[track_caller]
    fn check(id: &str, version: &str, support_end: Option<&str>, expected: &str) {
        let os = Os {
            id: id.into(),
            name: "It".into(),
            version: Some(version.into()),
            support_end: support_end.map(str::to_owned),
            ..Os::default()
        };
        let shown = show(&CHECK, &judge(&os, 1_795_499_100_000_000, &limits(&CHECK)));
        assert!(shown.starts_with(expected), "{shown}");
    }

    #[test]
    fn a_release_is_told_by_its_own_word_then_by_the_list() {
        check(
            "debian",
            "12.9",
            None,
            "ok / It gets security updates until 2028-06-30",
        );
        check(
            "debian",
            "11.11",
            None,
            "warning / It has had no security updates since 2026-08-31",
        );
        check("ubuntu", "20.04", None, "warning / It has had no");
        check("rhel", "9.4", None, "ok / It gets");
        check(
            "debian",
            "11.11",
            Some("2031-06-30"),
            "ok / It gets security updates until 2031",
        );
        check(
            "own",
            "1",
            Some("2026-12-24"),
            "warning / It gets security updates only until 2026-12-24",
        );
        check(
            "own",
            "1",
            Some("2026-11-24"),
            "warning / It gets security updates only until",
        );
    }

    #[test]
    fn what_is_not_known_is_not_well() {
        let said = "unknown / Cannot tell: how long It is supported";
        check("debian", "trixie/sid", None, said);
        check("debian", "120", None, said);
        check("arch", "", None, said);
        check("own", "1", Some("some day"), said);
    }

    #[test]
    fn every_day_of_the_list_is_one() {
        for (id, version, end) in RELEASES {
            assert!(end.parse::<jiff::civil::Date>().is_ok(), "{id} {version}");
        }
    }
}
