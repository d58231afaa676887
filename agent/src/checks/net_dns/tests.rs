use super::*;
use crate::checks::shown_findings::{limits, show};
use crate::host::NameServer;

/// One that says the same to every question, but that there is no such name where there is none.
fn asked(address: &str, reply: Reply) -> Asked {
    let nowhere = match reply.worked() {
        Some(after) => answered(3, after.as_millis() as u64),
        None => reply.clone(),
    };
    Asked {
        server: NameServer {
            address: address.parse().unwrap(),
            scope_id: 0,
            position: 1,
            source: "/etc/resolv.conf",
            search: Vec::new(),
        },
        is_implied: false,
        own: reply.clone(),
        root: reply,
        nowhere: [nowhere.clone(), nowhere],
        collector: None,
    }
}

fn answered(code: u8, ms: u64) -> Reply {
    Reply::Answered {
        code,
        addresses: BTreeSet::new(),
        after: Duration::from_millis(ms),
    }
}

fn with(addresses: &[&str]) -> Reply {
    Reply::Answered {
        code: 0,
        addresses: addresses.iter().map(|of| of.parse().unwrap()).collect(),
        after: Duration::from_millis(1),
    }
}

const SILENT: Reply = Reply::Failed(Reached::Silent);

#[track_caller]
fn check_with(asked: &[Asked], known: &[&str], expected: &str) {
    let known: Vec<IpAddr> = known.iter().map(|at| at.parse().unwrap()).collect();
    let found = judge(asked, &known, &limits(&CHECK));
    assert_eq!(show(&CHECK, &found), expected);
}

#[track_caller]
fn check(replies: &[(&str, Reply)], expected: &str) {
    let asked: Vec<Asked> = replies
        .iter()
        .map(|(address, reply)| asked(address, reply.clone()))
        .collect();
    check_with(&asked, &[], expected);
}

#[test]
fn one_dead_server_of_two_is_a_warning() {
    check(
        &[("192.0.2.1", answered(0, 3)), ("192.0.2.2", SILENT)],
        "ok 192.0.2.1 / Name server 192.0.2.1 answers within 3 ms\n\
         warning 192.0.2.2 / Name server 192.0.2.2 does not answer / because 1 other name servers answer",
    );
    check(
        &[("192.0.2.1", answered(2, 3))],
        "critical 192.0.2.1 / Name server 192.0.2.1 answers every question with SERVFAIL",
    );
    check(
        &[
            ("192.0.2.1", SILENT),
            ("192.0.2.2", Reply::Failed(Reached::Refused)),
            ("192.0.2.3", Reply::Failed(Reached::Forbidden)),
        ],
        "critical 192.0.2.1 / Name server 192.0.2.1 does not answer / because No name server answers: \
         the network is more likely at fault than the server\n\
         critical 192.0.2.2 / No name server runs at 192.0.2.2\n\
         critical 192.0.2.3 / This machine's own rules let no question out to name server 192.0.2.3",
    );
    check(
        &[("192.0.2.1", answered(0, 700))],
        "warning 192.0.2.1 / Name server 192.0.2.1 takes 700 ms to answer",
    );
}

#[test]
fn whom_programs_ask_without_configuration_counts_when_it_answers() {
    let mut implied = asked("127.0.0.1", Reply::Failed(Reached::Refused));
    implied.is_implied = true;
    check_with(&[implied], &[], "critical / No name server is configured");
    let mut implied = asked("127.0.0.1", answered(0, 1));
    implied.is_implied = true;
    check_with(
        &[implied],
        &[],
        "ok 127.0.0.1 / Name server 127.0.0.1 answers within 1 ms",
    );
}

#[test]
fn a_server_that_answers_for_what_does_not_exist_is_named() {
    let mut liar = asked("192.0.2.1", answered(0, 1));
    liar.nowhere = [with(&["198.51.100.7"]), answered(0, 1)];
    check_with(
        &[liar],
        &[],
        "warning 192.0.2.1 / Name server 192.0.2.1 answers 198.51.100.7 for a name that does not exist / because A \
         portal that wants a sign-in, or a provider, stands in for the real answer",
    );
    // One that knows the network's own names only, and refuses or does not know what is elsewhere.
    for code in [2, 3, 5] {
        let mut local = asked("192.0.2.1", answered(0, 1));
        local.nowhere = [answered(code, 1), answered(code, 1)];
        check_with(
            &[local],
            &[],
            "ok 192.0.2.1 / Name server 192.0.2.1 answers within 1 ms",
        );
    }
}

#[test]
fn questions_that_get_lost_by_their_kind_are_found() {
    let mut drops = asked("192.0.2.1", answered(0, 1));
    drops.nowhere[1] = SILENT;
    check_with(
        &[drops],
        &[],
        "warning 192.0.2.1 / Name server 192.0.2.1 answers for IPv4 addresses and is silent when it is asked for \
         those of IPv6 / because Programs that ask for both wait until they give up",
    );
    // One without a way out knows nothing of what is elsewhere, of either kind.
    let mut local = asked("192.0.2.1", answered(0, 1));
    local.nowhere = [SILENT, SILENT];
    check_with(
        &[local],
        &[],
        "ok 192.0.2.1 / Name server 192.0.2.1 answers within 1 ms",
    );
}

#[test]
fn a_lie_is_told_from_a_name_that_leads_elsewhere_inside() {
    let of = |address, said: Reply| {
        let mut one = asked(address, answered(0, 1));
        one.collector = Some([said, answered(0, 1)]);
        one
    };
    let two = [
        of("192.0.2.1", with(&["198.51.100.66"])),
        of("192.0.2.2", with(&["192.0.2.9"])),
    ];
    check_with(
        &two,
        &["192.0.2.9"],
        "warning 192.0.2.1 / Name server 192.0.2.1 says that the collector is at 198.51.100.66; others say \
         192.0.2.9, and there it was\n\
         ok 192.0.2.2 / Name server 192.0.2.2 answers within 1 ms",
    );
    let well = "ok 192.0.2.1 / Name server 192.0.2.1 answers within 1 ms\n\
                ok 192.0.2.2 / Name server 192.0.2.2 answers within 1 ms";
    // Nobody knows which of the two is right.
    check_with(&two, &[], well);
    check_with(&two, &["203.0.113.1"], well);
    // One of them does not know the name, as outside of a private network.
    let split = [
        of("192.0.2.1", answered(3, 1)),
        of("192.0.2.2", with(&["192.0.2.9"])),
    ];
    check_with(&split, &["192.0.2.9"], well);
}
