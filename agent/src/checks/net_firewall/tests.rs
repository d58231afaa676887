use std::collections::BTreeSet;

use super::*;
use crate::checks::shown_findings::{limits, show};

fn target(last: u8, asked: Option<Reached>, connected: Reached, answers_echo: bool) -> Target {
    Target {
        at: ([192, 0, 2, last], 53).into(),
        asked: asked.map(|outcome| match outcome == Reached::Connected {
            true => Reply::Answered {
                code: 0,
                addresses: BTreeSet::new(),
                after: ANSWER,
            },
            false => Reply::Failed(outcome),
        }),
        connected,
        echo: Ok(match answers_echo {
            true => Echo::Answered { after: ANSWER },
            false => Echo::Silent,
        }),
    }
}

fn chain(name: &str, hook: Option<&str>, policy: Option<&str>, n_refusing: u64) -> Chain {
    Chain {
        family: "inet".into(),
        table: "t".into(),
        name: name.into(),
        hook: hook.map(str::to_owned),
        policy: policy.map(str::to_owned),
        n_rules: 3,
        n_refusing,
    }
}

#[track_caller]
fn check(targets: &[Target], chains: Option<&[Chain]>, expected: &str) {
    let found = judge(targets, chains, &limits(&CHECK));
    assert_eq!(show(&CHECK, &found), expected);
}

const SILENT: Reached = Reached::Silent;
const ELSEWHERE: &str = "because No rule of this machine stops what leaves it: somebody on the way does, or the other \
                         machine itself";

#[test]
fn what_gets_through_is_stopped_by_nobody() {
    let open = "ok / What this machine needs gets through to 1 places";
    // A name server that takes no connections; one where nobody listens, which is no matter of rules.
    for (asked, connected) in [
        (Reached::Connected, SILENT),
        (Reached::Refused, Reached::Refused),
    ] {
        check(&[target(1, Some(asked), connected, true)], None, open);
    }
    // Strict rules that let through what is needed are nobody's trouble.
    let strict = [chain("out", Some("output"), Some("drop"), 0)];
    check(
        &[target(1, Some(Reached::Connected), SILENT, false)],
        Some(&strict),
        open,
    );
    check(
        &[],
        None,
        "ok / There is neither a name server nor a collector elsewhere to try",
    );
}

#[test]
fn what_may_be_off_is_not_called_stopped() {
    let unclear = "unknown / Whether rules stop anything cannot be told: no echo to 192.0.2.1 is answered either";
    check(&[target(1, Some(SILENT), SILENT, false)], None, unclear);
    let unreachable = Reached::Unreachable {
        why: "No route to host".into(),
    };
    check(
        &[target(1, Some(unreachable.clone()), unreachable, false)],
        None,
        unclear,
    );
    // Its program hangs: the system takes the connection.
    check(
        &[target(1, Some(SILENT), Reached::Connected, true)],
        None,
        unclear,
    );
}

#[test]
fn rules_of_this_machine_are_named() {
    let own = [
        chain("in", Some("input"), Some("drop"), 0),
        chain("out", Some("output"), Some("accept"), 1),
    ];
    check(
        &[target(1, Some(Reached::Forbidden), SILENT, true)],
        Some(&own),
        "critical 192.0.2.1:53 / This machine's own rules let nothing out to 192.0.2.1:53 / because Chain inet t out of \
         this machine drops or rejects what leaves it",
    );
    // Rules that nobody may read still show in what they do.
    check(
        &[target(1, Some(Reached::Forbidden), SILENT, true)],
        None,
        "critical 192.0.2.1:53 / This machine's own rules let nothing out to 192.0.2.1:53",
    );
    let by_way_of = [
        chain("out", Some("output"), Some("accept"), 0),
        chain("more", None, None, 1),
    ];
    assert_eq!(own_rules(&by_way_of), Some(&by_way_of[1]));
    assert_eq!(own_rules(&own[..1]), None);
}

#[test]
fn rules_on_the_way_are_told_from_those_here() {
    let why = "No route to host".to_owned();
    let turned_away = Reached::Unreachable { why };
    check(
        &[target(1, Some(turned_away.clone()), turned_away, true)],
        Some(&[]),
        &format!(
            "critical 192.0.2.1:53 / Echoes to 192.0.2.1:53 are answered, but connections are turned away: No route to \
             host / {ELSEWHERE}"
        ),
    );
    let two = [
        target(1, Some(SILENT), SILENT, true),
        target(2, None, SILENT, true),
    ];
    let said = |status, last| {
        format!(
            "{status} 192.0.2.{last}:53 / Echoes to 192.0.2.{last}:53 are answered, and nothing else gets through / \
             {ELSEWHERE}"
        )
    };
    let both = format!("{}\n{}", said("critical", 1), said("critical", 2));
    check(&two, Some(&[]), &both);
    // One alone may be off, behind rules of its own.
    check(&two[..1], Some(&[]), &said("warning", 1));
    let other = target(3, Some(Reached::Connected), Reached::Connected, true);
    let [first, _] = two;
    check(&[first, other], Some(&[]), &said("warning", 1));
}
