use std::time::Duration;

use super::*;
use crate::checks::shown_findings::{limits, show};
use crate::host::Unavailable;

const NOW_US: i64 = 1_795_499_100_000_000;
const DAY_US: i64 = 86_400_000_000;

fn visit(came_to: Result<Option<Answer>, Gone>) -> Visit {
    Visit {
        proxy: None,
        address: None,
        certificate: None,
        after: Duration::from_millis(20),
        came_to,
    }
}

/// Of Example CA, since 60 days and for so many more.
fn certificate(left: i64) -> Validity {
    Validity {
        subject: "intranet.example".into(),
        issuer: "Example CA".into(),
        not_before_us: NOW_US - 60 * DAY_US,
        not_after_us: NOW_US + left * DAY_US,
    }
}

fn shown(seen: &[(&str, Visit)], clock: Option<Clock>) -> String {
    let targets: Vec<Target> = seen
        .iter()
        .map(|(text, _)| Target::parse(text).unwrap())
        .collect();
    let visits = seen.iter().map(|(_, visit)| visit.clone());
    let seen: Vec<(&Target, Visit)> = targets.iter().zip(visits).collect();
    show(&CHECK, &judge(&seen, NOW_US, clock, &limits(&CHECK)))
}

#[track_caller]
fn check(target: &str, visit: Visit, expected: &str) {
    let found = shown(&[(target, visit)], None);
    let (status, said) = expected.split_once(' ').unwrap();
    assert_eq!(found, format!("{status} {target} / {said}"));
}

fn answer(status: u16, location: Option<&str>) -> Visit {
    visit(Ok(Some(Answer {
        status,
        location: location.map(str::to_owned),
    })))
}

#[test]
fn without_a_target_nothing_is_found() {
    assert_eq!(shown(&[], None), "ok / No target is named for this machine");
}

#[test]
fn a_target_that_answers_is_well_unless_it_is_slow() {
    let t = "tcp://db.example:5432";
    check(t, visit(Ok(None)), &format!("ok {t} answers within 20 ms"));
    let mut slow = visit(Ok(None));
    slow.after = Duration::from_millis(1200);
    check(t, slow, &format!("warning {t} takes 1.2 s to answer"));
}

#[test]
fn what_keeps_a_machine_from_a_target_is_told() {
    let t = "https://intranet.example/";
    for (gone, expected) in [
        (
            Gone::NoName,
            "critical @ is not found: there is no such name",
        ),
        (
            Gone::Unresolved,
            "critical @ is not found: nobody answers for its name",
        ),
        (
            Gone::NotReached(Reached::Refused),
            "critical @ is not reached: its machine answers, and nobody listens there",
        ),
        (
            Gone::NotReached(Reached::Silent),
            "critical @ is not reached: nobody answers",
        ),
        (
            Gone::NotReached(Reached::Unreachable {
                why: "No route to host".into(),
            }),
            "critical @ is not reached: No route to host",
        ),
        (
            Gone::NotReached(Reached::Forbidden),
            "critical @ is not reached: this machine's own rules let nothing out to it",
        ),
        (
            Gone::HungUp(Stage::Tls),
            "critical @ takes connections and hangs up without an answer",
        ),
        (
            Gone::Late(Stage::Tls),
            "critical @ takes connections, and TLS with it comes to no end",
        ),
        (
            Gone::Late(Stage::Http),
            "warning @ takes connections, and has not answered within 20 ms",
        ),
        (Gone::NoTls, "critical @ answers, but speaks no TLS"),
        (
            Gone::Tls {
                why: "HandshakeFailure".into(),
            },
            "critical @ answers, and TLS with it fails: HandshakeFailure",
        ),
        (Gone::NoHttp, "critical @ answers, but speaks no HTTP"),
        (
            Gone::Untold(Unavailable::absent("list")),
            "unknown Whether @ can be trusted cannot be told: there is no list",
        ),
        (
            Gone::Distrusted(Distrust::Unread {
                why: "P-521".into(),
            }),
            "unknown Whether @ can be trusted cannot be told: P-521",
        ),
        (
            Gone::Distrusted(Distrust::Other {
                why: "revoked".into(),
            }),
            "critical The certificate of @ is not trusted: revoked",
        ),
    ] {
        check(t, visit(Err(gone)), &expected.replace('@', t));
    }
}

#[test]
fn a_name_that_neighbours_answer_for_is_not_taken_for_none() {
    let t = "tcp://printer.local:631";
    check(
        t,
        visit(Err(Gone::NoName)),
        &format!(
            "unknown Whether {t} answers cannot be told: no name server knows its name, and neighbours are not asked for it"
        ),
    );
}

#[test]
fn a_proxy_that_does_not_lead_there_is_named() {
    let t = "https://www.example/";
    let through = |gone| Visit {
        proxy: Some("proxy.example:3128".into()),
        ..visit(Err(gone))
    };
    for gone in [
        Gone::NoName,
        Gone::NotReached(Reached::Refused),
        Gone::HungUp(Stage::Proxy),
    ] {
        check(
            t,
            through(gone),
            &format!(
                "critical {t} is not reached: the proxy proxy.example:3128 that leads there does not work"
            ),
        );
    }
    check(
        t,
        through(Gone::Barred { status: 403 }),
        &format!(
            "critical {t} is not reached: the proxy proxy.example:3128 does not lead there, it says 403"
        ),
    );
    check(
        t,
        through(Gone::Barred { status: 407 }),
        &format!(
            "unknown Whether {t} answers cannot be told: the proxy proxy.example:3128 wants a name and a password"
        ),
    );
}

#[test]
fn an_answer_that_is_an_error_is_told() {
    let t = "http://intranet.example/";
    check(
        t,
        answer(204, None),
        &format!("ok {t} answers within 20 ms"),
    );
    check(
        t,
        answer(404, None),
        &format!("warning {t} answers with an error: 404"),
    );
    check(
        t,
        answer(503, None),
        &format!("critical {t} answers that it has failed: 503"),
    );
}

#[test]
fn a_portal_is_told_from_a_target_that_leads_on_by_itself() {
    let t = "http://intranet.example/";
    let well = format!("ok {t} answers within 20 ms");
    for own in [
        "/start",
        "start//x",
        "https://intranet.example/",
        "https://WWW.intranet.example:8443/x",
        "//example/",
    ] {
        check(t, answer(302, Some(own)), &well);
    }
    for (other, host) in [
        ("http://login.hotel.test/?from=x", "login.hotel.test"),
        ("//192.0.2.1:8080", "192.0.2.1"),
        ("https://[2001:db8::1]/", "2001:db8::1"),
        ("http://intranet.example@portal/", "portal"),
        ("http://notintranet.example/", "notintranet.example"),
    ] {
        check(
            t,
            answer(307, Some(other)),
            &format!("critical A portal answers in the place of {t} and leads to {host}"),
        );
    }
    // Who has proved that it is the target may lead anywhere; who redirects nowhere does not lead.
    let safe = "https://intranet.example/";
    check(
        safe,
        answer(302, Some("https://sign-in.example/")),
        &format!("ok {safe} answers within 20 ms"),
    );
    check(t, answer(201, Some("http://other.example/")), &well);
    check(
        t,
        answer(511, None),
        &format!("critical A portal answers in the place of {t}: the network wants a sign-in"),
    );
}

fn distrusted(left: i64, why: Distrust) -> Visit {
    Visit {
        certificate: Some(certificate(left)),
        ..visit(Err(Gone::Distrusted(why)))
    }
}

#[test]
fn who_shows_a_portal_explains_certificates_that_are_not_the_targets() {
    let hotel = answer(302, Some("http://hotel.test/"));
    let safe = distrusted(30, Distrust::UnknownAuthority);
    let found = shown(
        &[("http://a.example/", hotel), ("tls://b.example:1", safe)],
        None,
    );
    let second = found.lines().nth(1).unwrap();
    assert_eq!(
        second,
        "critical tls://b.example:1 / The certificate of tls://b.example:1 is issued by nobody whom this machine \
         trusts / because A portal that wants a sign-in stands on the way: hotel.test"
    );
}

#[test]
fn what_is_wrong_with_a_certificate_is_told() {
    let t = "tls://intranet.example:636";
    let names = vec!["a.example".to_owned(), "b.example".to_owned()];
    check(
        t,
        distrusted(30, Distrust::OtherName { names }),
        &format!("critical The certificate of {t} is for another name: a.example, b.example"),
    );
    check(
        t,
        distrusted(30, Distrust::OtherName { names: vec![] }),
        &format!("critical The certificate of {t} is for no name that can be read"),
    );
    check(
        t,
        distrusted(30, Distrust::UnknownAuthority),
        &format!(
            "critical The certificate of {t} is issued by nobody whom this machine trusts / because Example CA issued it: \
             an authority that is not installed on this machine, or somebody on the way who looks into TLS"
        ),
    );
    let mut own = distrusted(30, Distrust::UnknownAuthority);
    if let Some(certificate) = &mut own.certificate {
        certificate.issuer = certificate.subject.clone();
    }
    check(
        t,
        own,
        &format!(
            "critical The certificate of {t} is issued by nobody whom this machine trusts / because The server has issued \
             it to itself"
        ),
    );
    let soon = Visit {
        certificate: Some(certificate(2)),
        ..visit(Ok(None))
    };
    check(
        t,
        soon,
        &format!(
            "critical {t} answers, and its certificate runs out in 2 d / because Example CA issued it, and nobody has \
             renewed it"
        ),
    );
}

#[test]
fn a_clock_that_is_wrong_is_blamed_where_the_certificate_is_right() {
    let t = "https://intranet.example/";
    let told = |visit: Visit, ahead_days: Option<i64>, daemon| {
        let clock = ahead_days.map(|days| Clock {
            ahead_us: days * DAY_US,
            daemon,
        });
        let found = shown(&[(t, visit)], clock);
        found.split_once(" / ").unwrap().1.to_owned()
    };
    let expired = |is_else_right| {
        let at_us = NOW_US - 10 * DAY_US;
        distrusted(
            -10,
            Distrust::Expired {
                at_us,
                is_else_right,
            },
        )
    };
    let clock = format!(
        "By this machine's clock, which is wrong by 20 d, the certificate of {t} is not valid"
    );
    assert_eq!(
        told(expired(true), Some(20), None),
        format!("{clock} / because So says the collector")
    );
    assert_eq!(
        told(expired(true), Some(20), Some("chrony")),
        format!("{clock} / because So says chrony")
    );
    let ran_out = |found: String| {
        assert!(
            found.starts_with(&format!("The certificate of {t} ran out at ")),
            "{found}"
        );
        found.split_once("because ").unwrap().1.to_owned()
    };
    // Not enough, the wrong way, or not the only thing that is wrong.
    for (visit, days) in [
        (expired(true), 5),
        (expired(true), -20),
        (expired(true), 200),
        (expired(false), 20),
    ] {
        let cause = ran_out(told(visit, Some(days), None));
        assert_eq!(cause, "Example CA issued it, and nobody has renewed it");
    }
    let cause = ran_out(told(expired(true), None, None));
    assert_eq!(
        cause,
        "If this machine's clock is right, nobody has renewed it"
    );

    let at_us = NOW_US + 5 * DAY_US;
    let mut early = distrusted(
        90,
        Distrust::Early {
            at_us,
            is_else_right: true,
        },
    );
    if let Some(certificate) = &mut early.certificate {
        certificate.not_before_us = at_us;
    }
    assert!(told(early.clone(), Some(-20), None).starts_with(&clock));
    let only_from = told(early, None, None);
    assert!(only_from.starts_with(&format!("The certificate of {t} holds only from ")));
    assert!(only_from.ends_with("because This machine's clock may be behind"));
}
