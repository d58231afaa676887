use super::*;
use crate::checks::shown_findings::{limits, show};
use crate::host::{Term, Unavailable};

fn echoes(n_answered: u32) -> Result<Echoes, Unavailable> {
    Ok(Echoes {
        n_sent: 5,
        n_answered,
        after: (n_answered > 0).then_some(Duration::from_millis(2)),
        why: None,
    })
}

fn sight(echoes: Result<Echoes, Unavailable>, port: Option<Reached>) -> Sight {
    Sight {
        address: [192, 0, 2, 7].into(),
        is_beside: true,
        echoes,
        neighbour: Neighbour::Unknown,
        port: port.map(|reached| (reached, Duration::from_millis(3))),
    }
}

#[track_caller]
fn check(host: &str, seen: Result<Sight, Unasked>, expected: &str) {
    let asset = AssetAddress {
        host: host.to_owned(),
        port: Some(631),
    };
    let found = judge(&asset, &seen, &limits(&CHECK));
    assert_eq!(show(&CHECK, &found), expected);
}

/// A port, after an address that answers.
#[track_caller]
fn check_port(reached: Reached, expected: &str) {
    let answers = "ok printer / printer answers pings within 2 ms\n";
    let seen = sight(echoes(5), Some(reached));
    check("printer", Ok(seen), &format!("{answers}{expected}"));
}

#[test]
fn a_refusal_is_told_from_silence() {
    check_port(
        Reached::Connected,
        "ok printer:631 / printer takes connections on port 631 within 3 ms",
    );
    check_port(
        Reached::Refused,
        "critical printer:631 / printer refuses port 631: it is there, and nobody listens",
    );
    check_port(
        Reached::Silent,
        "critical printer:631 / printer says nothing on port 631, not even no",
    );
    check_port(
        Reached::Unreachable {
            why: "No route to host".into(),
        },
        "critical printer:631 / Port 631 of printer is not reached: No route to host",
    );
    check_port(
        Reached::Forbidden,
        "unknown printer:631 / Whether printer listens on port 631 cannot be told: this machine's own rules let \
         nothing out to it",
    );
}

#[test]
fn who_answers_no_ping_may_be_there() {
    let there = "ok printer / printer is there; it answers no ping";
    let known = Sight {
        neighbour: Neighbour::Known,
        ..sight(echoes(0), None)
    };
    check("printer", Ok(known), there);
    let refuses = sight(echoes(0), Some(Reached::Refused));
    check(
        "printer",
        Ok(refuses),
        &format!(
            "{there}\ncritical printer:631 / printer refuses port 631: it is there, and nobody listens"
        ),
    );
    let silent = "critical printer / printer does not answer: neither pings nor anything else shows that it is there";
    check("printer", Ok(sight(echoes(0), None)), silent);
    let failed = Sight {
        neighbour: Neighbour::Failed,
        ..sight(echoes(0), None)
    };
    check(
        "printer",
        Ok(failed),
        &format!("{silent} / because Nothing on the link answers to this address"),
    );
}

#[test]
fn one_lost_echo_is_no_fault_and_two_are() {
    check(
        "printer",
        Ok(sight(echoes(4), None)),
        "ok printer / printer answers pings within 2 ms",
    );
    check(
        "printer",
        Ok(sight(echoes(3), None)),
        "warning printer / printer answers pings, and 40 % of them get lost",
    );
}

#[test]
fn who_may_not_ping_knows_only_what_else_answers() {
    let refused = || {
        Err(Unavailable::Permission {
            what: Term::EchoSocket.into(),
        })
    };
    check(
        "printer",
        Ok(sight(refused(), None)),
        "unknown printer / Cannot tell: this user has no permission for ICMP echo socket",
    );
    check(
        "printer",
        Ok(sight(refused(), Some(Reached::Connected))),
        "ok printer / printer is there; this user may not ping\n\
         ok printer:631 / printer takes connections on port 631 within 3 ms",
    );
}

#[test]
fn who_is_not_asked_is_unknown_with_the_reason() {
    let address = "127.0.0.1".parse().unwrap();
    check(
        "printer",
        Err(Unasked::Barred(address, Barred::Itself)),
        "unknown printer / printer is not asked: 127.0.0.1 is this machine itself; another device has to look for it",
    );
    let address = "192.0.2.255".parse().unwrap();
    check(
        "printer",
        Err(Unasked::Barred(address, Barred::Several)),
        "unknown printer / printer is not asked: 192.0.2.255 stands for several machines",
    );
    check(
        "printer",
        Err(Unasked::NoWay(address)),
        "unknown printer / Whether printer is there cannot be told: this machine knows no way to 192.0.2.255",
    );
    check(
        "printer",
        Err(Unasked::NoName),
        "critical printer / printer is not found: there is no such name",
    );
    check(
        "printer.local",
        Err(Unasked::NoName),
        "unknown printer.local / Whether printer.local is there cannot be told: no name server knows its name, and \
         neighbours are not asked for it",
    );
    check(
        "printer",
        Err(Unasked::Unresolved),
        "unknown printer / Whether printer is there cannot be told: nobody answers for its name",
    );
}
