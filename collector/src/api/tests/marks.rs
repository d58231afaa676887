//! Tags, watchers, links, merging and splitting.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Bench};
use crate::store::testing::{forget_marks, on_both};

impl Bench {
    async fn ticket(&self, title: &str, requester: Option<&str>, devices: &[&str]) -> i64 {
        let body = json!({"title": title, "requester": requester, "devices": devices});
        let opened = self.post("technician", "/tickets", body).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
        opened.body["number"].as_i64().unwrap()
    }

    async fn put(&self, number: i64, what: &str, body: Value) -> Answer {
        self.post("technician", &format!("/tickets/{number}/{what}"), body)
            .await
    }

    async fn shown(&self, number: i64) -> Value {
        self.get("viewer", &format!("/tickets/{number}")).await
    }
}

#[tokio::test]
async fn tags_and_watchers_find_their_tickets() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (one, two) = (
            bench.ticket("one", None, &[]).await,
            bench.ticket("two", None, &[]).await,
        );
        let tagged = bench.put(one, "tags", json!({"tag": "VPN  outage"})).await;
        assert_eq!(tagged.body["tags"], json!(["vpn-outage"]));
        let again = bench.put(one, "tags", json!({"tag": "vpn-outage"})).await;
        assert_eq!(again.told(), "422 tag: it is there already");
        bench.put(two, "watchers", json!({})).await;
        let strange = bench
            .put(two, "watchers", json!({"account": "nobody"}))
            .await;
        assert_eq!(
            strange.told(),
            "422 account: \"nobody\" may not see the ticket"
        );
        let numbers = async |query: &str| {
            let list = bench.get("viewer", &format!("/tickets?{query}")).await;
            let items = list["items"].as_array().unwrap().clone();
            items
                .iter()
                .map(|item| item["number"].as_i64().unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(numbers("tag=VPN%20outage").await, [one]);
        assert_eq!(numbers("watcher=technician").await, [two]);
        assert_eq!(
            numbers("watcher=technician&tag=vpn-outage").await,
            [0_i64; 0]
        );
        let path = format!("/tickets/{one}/tags/vpn-outage");
        bench
            .call("technician", Method::DELETE, &path, Value::Null)
            .await;
        assert_eq!(numbers("tag=vpn-outage").await, [0_i64; 0]);
        for tag in ["", "a,b", &"a".repeat(41)] {
            let refused = bench.put(one, "tags", json!({"tag": tag})).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{tag}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_hands_a_ticket_on_goes_on_watching_it_and_nobody_takes_it_unasked() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let number = bench.ticket("one", None, &[]).await;
        let claimed = bench.put(number, "claim", json!({})).await;
        assert_eq!(
            (&claimed.body["assignee"], &claimed.body["state"]),
            (&json!("technician"), &json!("open"))
        );
        let path = format!("/tickets/{number}/claim");
        let other = bench.post("senior", &path, json!({})).await;
        assert_eq!(other.told(), "422 ticket: technician has it");
        let over = bench
            .post("senior", &path, json!({"take_over": true}))
            .await;
        assert_eq!(over.body["assignee"], "senior");
        let on = bench
            .put(
                number,
                "tier",
                json!({"tier": "second", "reason": "network"}),
            )
            .await;
        assert_eq!(
            (&on.body["assignee"], &on.body["watchers"]),
            (&Value::Null, &json!(["senior"]))
        );
    })
    .await;
}

#[tokio::test]
async fn a_link_stands_on_both_and_follows_a_closed_ticket() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (one, two) = (
            bench.ticket("one", None, &[]).await,
            bench.ticket("two", None, &[]).await,
        );
        let link = json!({"relation": "caused_by", "ticket": two});
        let linked = bench.put(one, "links", link.clone()).await;
        assert_eq!(
            linked.body["links"],
            json!([{"relation": "caused_by", "ticket": two}])
        );
        assert_eq!(
            bench.shown(two).await["links"],
            json!([{"relation": "causes", "ticket": one}])
        );
        let twice = bench.put(one, "links", link).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        for (body, expected) in [
            (
                json!({"relation": "caused_by", "ticket": one}),
                "422 ticket: it is this ticket itself",
            ),
            (
                json!({"relation": "caused_by", "ticket": 99}),
                "404 : no ticket 99 that you may see",
            ),
            (
                json!({"relation": "absorbs", "ticket": two}),
                "422 relation: it follows from what is done to tickets",
            ),
        ] {
            assert_eq!(bench.put(one, "links", body).await.told(), expected);
        }
        let path = format!("/tickets/{one}/links/caused_by/{two}");
        bench
            .call("technician", Method::DELETE, &path, Value::Null)
            .await;
        assert_eq!(bench.shown(two).await["links"], json!([]));
        for state in ["proposed", "resolved", "closed"] {
            bench.put(two, "state", json!({"state": state})).await;
        }
        let follows = json!({"relation": "follows", "ticket": two});
        let follows = bench.put(one, "links", follows).await;
        assert_eq!(follows.status, StatusCode::OK, "{}", follows.body);
        assert_eq!(
            bench.shown(two).await["links"][0]["relation"],
            "followed_by"
        );
    })
    .await;
}

#[tokio::test]
async fn a_merged_ticket_is_closed_and_no_loop_is_made() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let rosa = Some("rosa");
        let one = bench.ticket("one", rosa, &[&device]).await;
        let two = bench.ticket("two", rosa, &[]).await;
        bench.put(one, "watchers", json!({})).await;
        let merge =
            async |from: i64, into: i64| bench.put(from, "merge", json!({"into": into})).await;
        let other = bench.ticket("other", Some("bob"), &[]).await;
        assert_eq!(
            merge(one, other).await.told(),
            "422 into: somebody else has asked for it"
        );
        assert_eq!(
            merge(one, one).await.told(),
            "422 into: it is this ticket itself"
        );
        let merged = merge(one, two).await;
        assert_eq!(merged.body["number"], two, "{}", merged.body);
        assert_eq!(merged.body["devices"][0]["id"], device.as_str());
        assert_eq!(merged.body["watchers"], json!(["technician"]));
        let closed = bench.shown(one).await;
        assert_eq!(closed["state"], "closed");
        assert_eq!(
            closed["links"],
            json!([{"relation": "merged_into", "ticket": two}])
        );
        assert_eq!(
            merge(two, one).await.told(),
            "422 into: it is merged into this ticket: that would be a loop"
        );
        let third = bench.ticket("three", rosa, &[]).await;
        assert_eq!(
            merge(third, one).await.told(),
            format!("422 into: it is merged into ticket {two} itself")
        );
        let undo = format!("/tickets/{two}/links/absorbs/{one}");
        let undo = bench
            .call("technician", Method::DELETE, &undo, Value::Null)
            .await;
        assert_eq!(undo.status, StatusCode::UNPROCESSABLE_ENTITY);
        let before = (bench.shown(one).await, bench.shown(two).await);
        forget_marks(&bench.state.store).await;
        for number in [one, two] {
            bench.state.store.rebuild_ticket(number).await.unwrap();
        }
        assert_eq!((bench.shown(one).await, bench.shown(two).await), before);
    })
    .await;
}

#[tokio::test]
async fn a_part_of_a_ticket_gets_one_of_its_own() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let number = bench.ticket("both", Some("rosa"), &[&device]).await;
        bench
            .put(number, "notes", json!({"text": "and the printer"}))
            .await;
        let timeline = bench
            .get("viewer", &format!("/tickets/{number}/timeline"))
            .await;
        let note = timeline["items"].as_array().unwrap().last().unwrap()["number"].clone();
        let wrong = json!({"title": "printer", "events": [1]});
        assert_eq!(
            bench.put(number, "split", wrong).await.told(),
            "422 events: 1 is no message or note of the ticket"
        );
        let part = json!({"title": "printer", "devices": [device], "events": [note]});
        let part = bench.put(number, "split", part).await;
        assert_eq!(part.status, StatusCode::CREATED, "{}", part.body);
        assert_eq!(part.body["requester"], "rosa");
        assert_eq!(
            part.body["links"],
            json!([{"relation": "split_from", "ticket": number}])
        );
        let path = format!("/tickets/{}/timeline", part.body["number"]);
        assert!(
            bench
                .get("viewer", &path)
                .await
                .to_string()
                .contains("and the printer")
        );
        assert_eq!(
            bench.shown(number).await["links"][0]["relation"],
            "split_into"
        );
    })
    .await;
}
