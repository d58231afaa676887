//! Rules over random histories.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn any_rule() -> impl Strategy<Value = Rule> {
    let when = prop_oneof![
        (1..90_u32).prop_map(|minutes| Condition::InTier { minutes }),
        (1..90_u32).prop_map(|minutes| Condition::Unassigned { minutes }),
        (1..200_u32, select(Measure::ALL.to_vec()))
            .prop_map(|(percent, measure)| Condition::Promise { measure, percent }),
        (1..3_u32).prop_map(|times| Condition::FailedActions { times }),
        (1..3_u32).prop_map(|times| Condition::Reopened { times }),
        Just(Condition::Finding(Class {
            check: None,
            area: Some("disk".into()),
            status: Bad::Critical,
        })),
    ];
    (0..3_usize, 1..4_usize, when).prop_map(|(at, up, when)| Rule {
        description: String::new(),
        site: None,
        at: Tier::ALL[at],
        to: Tier::ALL[(at + up).min(3)],
        when,
    })
}

fn any_event() -> impl Strategy<Value = Event> {
    let state = (
        select(State::ALL.to_vec()),
        select(WaitingFor::ALL.to_vec()),
    );
    prop_oneof![
        4 => state.prop_map(|(state, what)| match state == State::Waiting {
            true => waits(what),
            false => to(state),
        }),
        2 => select(vec![Some("ann"), None]).prop_map(assigned),
        2 => select(Tier::ALL.to_vec()).prop_map(tier),
        1 => Just(asks()),
        1 => select(Priority::ALL.to_vec()).prop_map(|to| Event::PriorityChanged { to, weight: None }),
        2 => (select(vec!["a", "b", "c"]), select(vec!["failed", "succeeded", "unknown"]))
            .prop_map(|(job, state)| ended(job, "service.restart apply", state)),
    ]
}

/// What happened after which a rule that was overruled may act again, looked for without [`Stay`].
fn is_news(before: &Ticket, event: &Event, after: &Ticket) -> bool {
    let reopens =
        matches!(before.state, State::Proposed | State::Resolved) && after.state == State::Open;
    let fails = matches!(event, Event::WorkEnded { state, .. } if state != "succeeded");
    let asks = matches!(event, Event::Messaged { .. });
    reopens || fails || asks || after.priority < before.priority
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn no_history_lets_a_rule_fire_twice_without_something_new_between(
        rules in prop::collection::vec(any_rule(), 1..5),
        events in prop::collection::vec((0..400_i64, any_event(), any::<bool>()), 0..30),
    ) {
        let names = ["a", "b", "c", "d"];
        let rules = rules.into_iter().zip(names).map(|(rule, name)| Named { name: name.into(), rule });
        let rules: Vec<Named> = rules.collect();
        let mut bench = Bench::new(rules.clone(), office());
        // By rule: whether somebody has overruled it since it fired, and then something new has happened.
        let mut rests: BTreeMap<String, (bool, bool)> = BTreeMap::new();
        for (minutes, event, is_found) in events {
            let n_before = bench.fired.len();
            let from = bench.ticket.tier;
            if is_found && bench.lasting.len() < 5 {
                bench.lasting.push(lasting("disk.smart", 2, bench.at));
                for rest in rests.values_mut() {
                    rest.1 |= rest.0;
                }
            }
            bench.passes(minutes);
            let mut tier = from;
            for (name, to) in &bench.fired[n_before..] {
                let rule = &rules.iter().find(|rule| rule.name == *name).unwrap().rule;
                prop_assert_eq!(rule.at, tier);
                prop_assert!(*to > tier, "{:?} after {:?}", to, tier);
                tier = *to;
                if let Some((is_back, is_new)) = rests.insert(name.clone(), (false, false)) {
                    prop_assert!(is_back && is_new, "{} has fired twice", name);
                }
            }
            let before = bench.ticket.clone();
            if !bench.happens(0, "ann", event.clone()) {
                continue;
            }
            let after = &bench.ticket;
            for rest in rests.values_mut() {
                match after.tier == before.tier {
                    true => rest.1 |= rest.0 && is_news(&before, &event, after),
                    false => *rest = (true, false),
                }
            }
        }
    }
}
