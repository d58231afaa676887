//! Warns before a certificate that a service of this machine shows runs out.

use std::time::Duration;

use crate::facts::certificates;
use crate::finding::{Finding, Status, Text, duration, name, time};
use crate::host::{Certificate, Validity};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "cert.expiry",
    number: 45,
    version: 1,
    title_en: "Certificates of this machine's services",
    title_fr: "Certificats des services de cette machine",
    every: Duration::from_secs(6 * 3600),
    limits: &[
        Limit::seconds("left_critical", 3.0 * 86_400.0),
        Limit::seconds("left_warning", 14.0 * 86_400.0),
        // One that lives for days only is made anew in its last days.
        Limit::percent("share_critical", 5),
        Limit::percent("share_warning", 20),
    ],
    remedies: &[],
    texts: &[
        Text::technician(
            "none",
            "No service of this machine shows a certificate",
            "Aucun service de cette machine ne présente de certificat",
        ),
        Text {
            id: "valid",
            en: "The certificate of {used_by} for {subject} holds for {left}",
            fr: "Le certificat de {used_by} pour {subject} est valable encore {left}",
            user_en: "The certificate is valid.",
            user_fr: "Le certificat est valable.",
        },
        Text {
            id: "soon",
            en: "The certificate of {used_by} for {subject} runs out in {left}",
            fr: "Le certificat de {used_by} pour {subject} expire dans {left}",
            user_en: "A certificate of this computer runs out soon.",
            user_fr: "Un certificat de cet ordinateur expire bientôt.",
        },
        Text {
            id: "expired",
            en: "The certificate of {used_by} for {subject} ran out at {at}",
            fr: "Le certificat de {used_by} pour {subject} a expiré à {at}",
            user_en: "A certificate of this computer has run out: others refuse to talk to it.",
            user_fr: "Un certificat de cet ordinateur a expiré : les autres refusent de lui parler.",
        },
        Text {
            id: "early",
            en: "The certificate of {used_by} for {subject} holds only from {at} on",
            fr: "Le certificat de {used_by} pour {subject} n'est valable qu'à partir de {at}",
            user_en: "A certificate of this computer is not valid yet.",
            user_fr: "Un certificat de cet ordinateur n'est pas encore valable.",
        },
        Text::technician(
            "issued",
            "{issuer} issued {path}, and nobody has renewed it",
            "{path}, émis par {issuer}, n'a pas été renouvelé",
        ),
        Text::technician(
            "clock",
            "This machine's clock may be wrong",
            "L'horloge de cette machine est peut-être fausse",
        ),
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| {
        Box::pin(async {
            Ok(judge(
                &certificates::ask(host).await?,
                host.now_us(),
                limits,
            ))
        })
    }),
};

fn judge(certificates: &[Certificate], now_us: i64, limits: &Limits) -> Vec<Finding> {
    if certificates.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    let one = |of: &Certificate| match &of.validity {
        Ok(validity) => judge_one(of, validity, now_us, limits),
        Err(why) => {
            let mut finding = Finding::new(Status::Unknown, &of.path);
            finding.message = why.message();
            finding
        }
    };
    certificates.iter().map(one).collect()
}

/// By how long it holds still, as days and as a share of its life.
pub(super) fn grade(validity: &Validity, now_us: i64, limits: &Limits) -> Status {
    let left_us = validity.not_after_us.saturating_sub(now_us);
    let life_us = validity
        .not_after_us
        .saturating_sub(validity.not_before_us)
        .max(1);
    let left = limits.below("left", left_us as f64 / 1e6);
    let share = limits.below("share", left_us as f64 * 100.0 / life_us as f64);
    // Both must say so: a year's last fifth is long, and days of a short life are many.
    if left.weight() < share.weight() {
        left
    } else {
        share
    }
}

fn judge_one(of: &Certificate, validity: &Validity, now_us: i64, limits: &Limits) -> Finding {
    let left_us = validity.not_after_us.saturating_sub(now_us);
    let status = grade(validity, now_us, limits);
    let subject = match validity.subject.as_str() {
        "" => &of.path,
        subject => subject,
    };
    let mut said = vec![name("used_by", &of.used_by), name("subject", subject)];
    let finding = |status| {
        Finding::new(status, &of.path)
            .evidence(time("not_after", validity.not_after_us))
            .evidence(name("issuer", &validity.issuer))
    };
    if validity.not_before_us > now_us {
        said.push(time("at", validity.not_before_us));
        return finding(Status::Warning)
            .says("early", said)
            .because("clock", vec![]);
    }
    if status == Status::Ok {
        said.push(duration("left", left_us));
        return finding(status).says("valid", said);
    }
    let issued = vec![name("issuer", &validity.issuer), name("path", &of.path)];
    if left_us <= 0 {
        said.push(time("at", validity.not_after_us));
        return finding(Status::Critical)
            .says("expired", said)
            .because("issued", issued);
    }
    said.push(duration("left", left_us));
    finding(status).says("soon", said).because("issued", issued)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::Unavailable;

    const NOW_US: i64 = 1_795_499_100_000_000;
    const DAY_US: i64 = 86_400_000_000;

    /// Days since it holds, days that it holds still.
    #[track_caller]
    fn check(since: i64, left: i64, expected: &str) {
        let certificate = Certificate {
            path: "/etc/x.pem".into(),
            used_by: "nginx".into(),
            validity: Ok(Validity {
                subject: "a.example.org".into(),
                issuer: "Example CA".into(),
                not_before_us: NOW_US - since * DAY_US,
                not_after_us: NOW_US + left * DAY_US,
            }),
        };
        let found = show(&CHECK, &judge(&[certificate], NOW_US, &limits(&CHECK)));
        assert!(found.starts_with(expected), "{found}");
    }

    #[test]
    fn one_that_runs_out_is_told_in_time() {
        check(
            60,
            30,
            "ok /etc/x.pem / The certificate of nginx for a.example.org holds for 30 d",
        );
        check(
            77,
            13,
            "warning /etc/x.pem / The certificate of nginx for a.example.org runs out in 13 d / because Example CA issued \
             /etc/x.pem, and nobody has renewed it",
        );
        check(
            88,
            2,
            "critical /etc/x.pem / The certificate of nginx for a.example.org runs out in 2 d",
        );
        check(
            92,
            -2,
            "critical /etc/x.pem / The certificate of nginx for a.example.org ran out at ",
        );
        check(
            -1,
            90,
            "warning /etc/x.pem / The certificate of nginx for a.example.org holds only from ",
        );
    }

    #[test]
    fn a_short_life_is_judged_by_its_share() {
        check(1, 6, "ok");
        check(5, 2, "ok");
        check(6, 1, "warning");
    }

    #[test]
    fn one_that_cannot_be_read_is_not_taken_for_valid() {
        let certificate = Certificate {
            path: "/etc/x.pem".into(),
            used_by: "nginx".into(),
            validity: Err(Unavailable::absent("/etc/x.pem")),
        };
        let found = show(&CHECK, &judge(&[certificate], NOW_US, &limits(&CHECK)));
        assert_eq!(
            found,
            "unknown /etc/x.pem / Cannot tell: there is no /etc/x.pem"
        );
        let none = show(&CHECK, &judge(&[], NOW_US, &limits(&CHECK)));
        assert_eq!(none, "ok / No service of this machine shows a certificate");
    }
}
