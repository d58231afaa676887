//! Rules that hand tickets on: each kind of condition from the rule to the timeline, and what is refused.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use sonde_proto::v1;

use super::{Answer, Bench, run_order};
use crate::escalations::Escalations;
use crate::rounds::Round as _;
use crate::store::alerts::Raise;
use crate::store::testing::{HOUR_US, on_both};
use crate::store::work::NewJobEvent;

impl Bench {
    async fn rule(&self, name: &str, rule: Value) -> Answer {
        let path = format!("/escalation/rules/{name}");
        self.call("admin", Method::PUT, &path, rule).await
    }

    async fn rules(&self, when: &[(&str, Value)]) {
        for (name, when) in when {
            let rule = json!({"to": "second", "when": when});
            let set = self.rule(name, rule).await;
            assert_eq!(set.status, StatusCode::OK, "{}", set.body);
        }
        self.reckon().await;
    }

    /// What the round of promises does when the rules have changed.
    async fn reckon(&self) {
        let mut after = 0;
        while let Some(last) = self.state.store.reckon_clocks(after, 100).await.unwrap() {
            after = last;
        }
    }

    /// What the round does, so many hours from now.
    async fn hands_on(&self, hours: i64) {
        let now = super::time::now_us() + hours * HOUR_US;
        self.state.store.escalate(now, 100).await.unwrap();
    }

    async fn changed(&self, number: i64, what: &str, body: Value) -> Value {
        let path = format!("/tickets/{number}/{what}");
        let changed = self.post("technician", &path, body).await;
        assert!(changed.status.is_success(), "{path}: {}", changed.body);
        changed.body
    }

    /// Tier of a ticket, who has done the last thing to it, and why.
    async fn last(&self, number: i64) -> (String, String, String) {
        let ticket = self.get("viewer", &format!("/tickets/{number}")).await;
        let timeline = format!("/tickets/{number}/timeline");
        let timeline = self.get("viewer", &timeline).await;
        let last = timeline["items"].as_array().unwrap().last().unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (
            text(&ticket["tier"]),
            text(&last["actor"]),
            text(&last["reason"]),
        )
    }

    #[track_caller]
    fn told_of(&self, last: (String, String, String), expected: (&str, &str, &str)) {
        let (tier, actor, reason) = &last;
        assert_eq!((tier.as_str(), actor.as_str(), reason.as_str()), expected);
    }
}

async fn opened(bench: &Bench, ticket: Value) -> i64 {
    let opened = bench.post("technician", "/tickets", ticket).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    opened.body["number"].as_i64().unwrap()
}

#[tokio::test]
async fn time_hands_a_ticket_on_and_who_had_it_watches_it() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench
            .rules(&[("slow", json!({"in_tier": {"minutes": 120}}))])
            .await;
        let number = opened(&bench, json!({"title": "no sound"})).await;
        bench
            .changed(number, "assign", json!({"to": "technician"}))
            .await;
        bench.hands_on(1).await;
        assert_eq!(bench.last(number).await.0, "first");
        bench.hands_on(3).await;
        let reason = "rule slow: it has been with the first tier for 120 min";
        let last = bench.last(number).await;
        bench.told_of(last, ("second", "escalation slow", reason));
        let ticket = bench.get("viewer", "/tickets/1").await;
        assert_eq!(ticket["assignee"], Value::Null);
        assert_eq!(ticket["watchers"], json!(["technician"]));
        // Sent back by hand with a reason; hours later it is there still, until the requester writes.
        let back = json!({"tier": "first", "reason": "it is the cable"});
        bench.changed(number, "tier", back).await;
        bench.hands_on(100).await;
        assert_eq!(bench.last(number).await.0, "first");
    })
    .await;
}

#[tokio::test]
async fn a_promise_that_is_nearly_broken_hands_a_ticket_on() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let day = json!(["00:00-24:00"]);
        let always = json!({
            "time_zone": "Europe/Paris", "monday": day, "tuesday": day, "wednesday": day, "thursday": day,
            "friday": day, "saturday": day, "sunday": day,
        });
        let gold = json!({"calendar": "always", "priorities": {"normal": {"first_response": 100}}});
        for (path, body) in [("/sla/calendars/always", always), ("/sla/agreements/gold", gold)] {
            let set = bench.call("admin", Method::PUT, path, body).await;
            assert_eq!(set.status, StatusCode::OK, "{}", set.body);
        }
        let late = json!({"promise": {"measure": "first_response", "percent": 50}});
        bench.rules(&[("late", late)]).await;
        let silent = opened(&bench, json!({"title": "a", "requester": "rosa"})).await;
        let answered = opened(&bench, json!({"title": "b", "requester": "bob"})).await;
        bench
            .changed(answered, "messages", json!({"text": "on it"}))
            .await;
        bench.hands_on(0).await;
        assert_eq!(bench.last(silent).await.0, "first");
        bench.hands_on(1).await;
        let reason = "rule late: 50 % of the time promised for first response is used";
        let last = bench.last(silent).await;
        bench.told_of(last, ("second", "escalation late", reason));
        assert_eq!(bench.last(answered).await.0, "first");
    })
    .await;
}

/// A job of the ticket that ends so, on the device.
async fn fails(bench: &Bench, number: i64, device: &str, device_key: i64, seq: u64) {
    let asked = json!({
        "device": device, "action": "service.restart", "parameters": {"unit": "a.service"}, "phase": "apply",
    });
    let asked = bench.changed(number, "actions", asked).await;
    let id: crate::store::Id = asked["jobs"][0]["id"].as_str().unwrap().parse().unwrap();
    let ended = v1::JobEnded {
        outcome: v1::Outcome::Failed.into(),
        ..v1::JobEnded::default()
    };
    let events = [
        v1::job_event::Event::Accepted(v1::JobAccepted {}),
        v1::job_event::Event::Ended(ended),
    ];
    let events = (1..).zip(events).map(|(number, event)| NewJobEvent {
        at: super::time::now_us() + seq as i64,
        event: v1::JobEvent {
            order_id: id.0.to_vec().into(),
            number,
            at_us: 0,
            event: Some(event),
        },
    });
    let store = &bench.state.store;
    store
        .record_job_events(device_key, events.collect())
        .await
        .unwrap();
}

#[tokio::test]
async fn what_fails_and_what_comes_back_hands_a_ticket_on() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        super::connect(&bench.state.store, key).await;
        bench
            .rules(&[
                ("fails", json!({"failed_actions": {"times": 2}})),
                ("again", json!({"reopened": {"times": 1}})),
            ])
            .await;
        let number = opened(&bench, json!({"title": "a", "devices": [device]})).await;
        let asked = json!({"device": device, "checks": ["disk.space"]});
        let asked = bench.changed(number, "checks", asked).await;
        let job = asked["jobs"][0]["id"].as_str().unwrap().parse().unwrap();
        run_order(&bench.state, key, job, 1).await;
        fails(&bench, number, &device, key, 1).await;
        bench.hands_on(1).await;
        assert_eq!(bench.last(number).await.0, "first");
        fails(&bench, number, &device, key, 2).await;
        bench.hands_on(1).await;
        let last = bench.last(number).await;
        bench.told_of(
            last,
            (
                "second",
                "escalation fails",
                "rule fails: actions have failed: 2",
            ),
        );
        let other = opened(&bench, json!({"title": "b"})).await;
        for state in ["proposed", "resolved", "open"] {
            bench.hands_on(1).await;
            assert_eq!(bench.last(other).await.0, "first");
            bench
                .changed(other, "state", json!({"state": state, "reason": "so"}))
                .await;
        }
        bench.hands_on(1).await;
        let last = bench.last(other).await;
        bench.told_of(
            last,
            (
                "second",
                "escalation again",
                "rule again: it was opened again: 1",
            ),
        );
    })
    .await;
}

#[tokio::test]
async fn a_finding_of_a_class_hands_a_ticket_on_within_a_round() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        let worn = json!({"finding": {"check": "disk.space"}});
        bench.rules(&[("worn", worn)]).await;
        let number = opened(&bench, json!({"title": "a", "devices": [device]})).await;
        let mut round = Escalations {
            store: bench.state.store.clone(),
            work: bench.state.work.clone(),
        };
        round.look().await.unwrap();
        assert_eq!(bench.last(number).await.0, "first");
        let raise = Raise {
            device_key: key,
            check: "disk.space".into(),
            subject: "/srv".into(),
            status: v1::Status::Critical,
            at: super::time::now_us(),
        };
        bench.state.store.raise_alert(raise, None).await.unwrap();
        round.look().await.unwrap();
        let last = bench.last(number).await;
        let reason = "rule worn: disk.space /srv on pc is critical";
        bench.told_of(last, ("second", "escalation worn", reason));
    })
    .await;
}

#[tokio::test]
async fn a_rule_is_refused_with_the_field_and_what_is_allowed() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.device().await;
        let slow = || json!({"in_tier": {"minutes": 5}});
        for (rule, told) in [
            (
                json!({"at": "third", "to": "second", "when": slow()}),
                "422 to: a rule hands on to a higher tier than third",
            ),
            (
                json!({"at": "second", "to": "second", "when": slow()}),
                "422 to: a rule hands on to a higher tier than second",
            ),
            (
                json!({"to": "second", "when": {"finding": {"check": "disk.spice"}}}),
                "422 when.finding.check: no device has a check \"disk.spice\"",
            ),
            (
                json!({"to": "second", "when": {"finding": {"area": "disks"}}}),
                "422 when.finding.area: no check is of an area \"disks\"",
            ),
            (
                json!({"to": "second", "when": {"promise": {"measure": "tier", "percent": 0}}}),
                "422 when.promise.percent: 0; between 1 and 500",
            ),
            (
                json!({"to": "second", "site": "nowhere", "when": slow()}),
                "422 site: no site \"nowhere\" that you may see",
            ),
            (
                json!({"to": "fourth", "when": slow()}),
                "422 to: unknown variant `fourth`",
            ),
            (
                json!({"to": "second", "when": {"age": 5}}),
                "422 when: unknown variant `age`",
            ),
        ] {
            let refused = bench.rule("a", rule).await.told();
            assert!(refused.starts_with(told), "{refused}");
        }
        let rule = || json!({"to": "second", "when": slow()});
        let long = bench.rule(&"x".repeat(65), rule()).await.told();
        assert!(long.starts_with("422 escalation: "), "{long}");
        for who in ["viewer", "technician", "senior"] {
            let path = "/escalation/rules/slow";
            let set = bench.call(who, Method::PUT, path, rule()).await;
            assert_eq!(set.status, StatusCode::FORBIDDEN, "{who}");
        }
    })
    .await;
}

#[tokio::test]
async fn rules_are_listed_changed_and_removed_with_who_did_it() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let slow = |minutes: u32| {
            json!({"to": "second", "description": "nobody", "when": {"in_tier": {"minutes": minutes}}})
        };
        for (name, minutes) in [("slow", 5), ("b", 7), ("slow", 6)] {
            assert_eq!(bench.rule(name, slow(minutes)).await.status, StatusCode::OK);
        }
        let (whole, all) = bench.pages("/escalation/rules", "after", "items").await;
        assert_eq!(all, whole);
        let names: Vec<&str> = whole.iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["b", "slow"]);
        let shown = bench.get("viewer", "/escalation/rules/slow").await;
        assert_eq!(shown["when"], json!({"in_tier": {"minutes": 6}}));
        assert_eq!(shown["changed_by"], "admin");
        opened(&bench, json!({"title": "a"})).await;
        let tried = bench.post("admin", "/escalation/try?limit=1", slow(1)).await;
        assert_eq!(tried.body, json!({"items": [], "next": "1"}));
        let again = json!({"to": "third", "when": {"reopened": {"times": 1}}});
        for state in ["proposed", "open"] {
            bench.changed(1, "state", json!({"state": state, "reason": "so"})).await;
        }
        let tried = bench.post("admin", "/escalation/try", again).await.body;
        let told = &tried["items"][0];
        assert_eq!((&told["ticket"], &told["to"]), (&json!(1), &json!("third")));
        assert_eq!(told["reason"], "rule tried: it was opened again: 1");
        let gone = || bench.call("admin", Method::DELETE, "/escalation/rules/slow", Value::Null);
        assert_eq!(gone().await.status, StatusCode::NO_CONTENT);
        assert_eq!(gone().await.status, StatusCode::NOT_FOUND);
        let audit = bench.get("admin", "/audit?limit=1").await;
        assert_eq!(audit["items"][0]["deed"], "escalation.remove", "{audit}");
    })
    .await;
}
