//! Promises: who sets them, what is refused, and how the queue follows from them.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Bench};
use crate::store::accounts::Role;
use crate::store::testing::on_both;

fn office() -> Value {
    let day = json!(["00:00-24:00"]);
    json!({
        "time_zone": "Europe/Paris", "holidays": {"2020-12-25": "Noël"},
        "monday": day, "tuesday": day, "wednesday": day, "thursday": day,
        "friday": day, "saturday": day, "sunday": day,
    })
}

fn gold() -> Value {
    json!({
        "calendar": "office",
        "priorities": {
            "urgent": {"first_response": 15, "resolution": 60},
            "normal": {"resolution": 600},
        },
    })
}

async fn put(bench: &Bench, who: &str, path: &str, body: Value) -> Answer {
    bench.call(who, Method::PUT, path, body).await
}

async fn promise(bench: &Bench) {
    for (path, body) in [
        ("/sla/calendars/office", office()),
        ("/sla/agreements/gold", gold()),
    ] {
        let set = put(bench, "admin", path, body).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    }
}

async fn open(bench: &Bench, title: &str, priority: &str) {
    let ticket = json!({"title": title, "priority": priority, "requester": "rosa"});
    let opened = bench.post("technician", "/tickets", ticket).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
}

async fn change(bench: &Bench, number: i64, what: &str, body: Value) -> Value {
    let path = format!("/tickets/{number}/{what}");
    let changed = bench.post("technician", &path, body).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    changed.body
}

/// Titles, in pages of two.
async fn queue(bench: &Bench) -> Vec<String> {
    let mut titles = Vec::new();
    let mut path = "/tickets?order=due&limit=2".to_owned();
    loop {
        let page = bench.get("viewer", &path).await;
        let items = page["items"].as_array().unwrap();
        titles.extend(
            items
                .iter()
                .map(|ticket| ticket["title"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => path = format!("/tickets?order=due&limit=2&after={next}"),
            None => return titles,
        }
    }
}

#[tokio::test]
async fn the_queue_begins_with_what_is_due_next() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        promise(&bench).await;
        for (title, priority) in [
            ("low", "low"),
            ("normal", "normal"),
            ("high", "high"),
            ("urgent", "urgent"),
            ("waits", "urgent"),
            ("solved", "urgent"),
        ] {
            open(&bench, title, priority).await;
        }
        let answer = json!({"text": "on it"});
        let answered = change(&bench, 5, "messages", answer.clone()).await;
        assert_eq!(answered["clocks"][0]["is_met"], true);
        let waits = json!({"state": "waiting", "waiting_for": "user"});
        let paused = change(&bench, 5, "state", waits).await;
        assert_eq!(paused["clocks"][1]["standing"], "paused");
        for state in ["proposed", "resolved"] {
            change(&bench, 6, "state", json!({ "state": state })).await;
        }
        // What has no promise, or does not count now, comes last, by priority.
        let expected = ["urgent", "normal", "waits", "high", "low"];
        assert_eq!(queue(&bench).await, expected);
        // Whoever resolves it has heard so from the requester.
        let timeline = bench.get("viewer", "/tickets/6/timeline").await;
        let last = timeline["items"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone();
        assert_eq!(last["confirmation"], "requester", "{last}");
        change(&bench, 1, "priority", json!({"priority": "urgent"})).await;
        // Urgent now, and opened before the other: what it has waited counts.
        let expected = ["low", "urgent", "normal", "waits", "high"];
        assert_eq!(queue(&bench).await, expected);

        let report = bench.get("viewer", "/sla/report").await;
        let promises = report["promises"].as_array().unwrap();
        let kept = promises
            .iter()
            .map(|kept| (kept["measure"].as_str(), kept["ended"].as_i64()));
        let kept: Vec<_> = kept.collect();
        assert_eq!(
            kept,
            [
                (Some("first_response"), Some(2)),
                (Some("resolution"), Some(1))
            ]
        );
        let next = bench.get("viewer", "/tickets?limit=1").await["next"].clone();
        for (wrong, field) in [
            ("order=age", "order"),
            ("order=due&before=3", "before"),
            ("after=8.1", "after"),
            ("order=due&after=x", "after"),
        ] {
            let path = format!("/tickets?{wrong}");
            let asked = bench.call("viewer", Method::GET, &path, Value::Null);
            assert_eq!(asked.await.body["field"], field, "{wrong}");
        }
        assert_eq!(next, "6");
    })
    .await;
}

#[tokio::test]
async fn promises_are_set_by_who_administers_all_and_are_held_against_what_there_is() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.account("local", Role::Admin, &["lyon"]).await;
        for who in ["viewer", "technician", "local"] {
            let set = put(&bench, who, "/sla/calendars/office", office()).await;
            assert_eq!(set.status, StatusCode::FORBIDDEN, "{who}");
        }
        let wrong = async |path: &str, body: Value| {
            let set = put(&bench, "admin", path, body).await;
            let field = set.body["field"].as_str().unwrap_or_default();
            (set.status.as_u16(), field.to_owned())
        };
        let refused = |field: &str| (422, field.to_owned());
        let lonely = wrong("/sla/agreements/gold", gold()).await;
        assert_eq!(lonely, refused("calendar"));
        let idle = json!({"time_zone": "Europe/Paris"});
        assert_eq!(wrong("/sla/calendars/idle", idle).await, refused("monday"));
        assert_eq!(
            wrong("/sla/calendars/%20", office()).await,
            refused("calendar")
        );
        promise(&bench).await;
        for (field, changed) in [
            ("sites[0]", json!({"sites": ["nowhere"]})),
            ("priorities", json!({"priorities": {}})),
            (
                "priorities",
                json!({"priorities": {"low": {"resolution": 0}}}),
            ),
            ("warn_percent", json!({"warn_percent": [100]})),
        ] {
            let mut agreement = gold();
            for (name, value) in changed.as_object().unwrap() {
                agreement[name] = value.clone();
            }
            assert_eq!(
                wrong("/sla/agreements/gold", agreement).await,
                refused(field)
            );
        }
        let shown = bench.get("viewer", "/sla/agreements/gold").await;
        assert_eq!(shown["warn_percent"], json!([50, 80]));
        assert_eq!(shown["changed_by"], "admin");
        let ics =
            |events: &str| json!({"ics": format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n")});
        let path = "/sla/calendars/office/holidays";
        let none = bench.post("admin", path, ics("")).await;
        assert_eq!(none.body["field"], "ics", "{}", none.body);
        let day = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20991225\r\nSUMMARY:Noël\r\nEND:VEVENT\r\n";
        let added = bench.post("admin", path, ics(day)).await;
        let expected = json!({"2020-12-25": "Noël", "2099-12-25": "Noël"});
        assert_eq!(added.body["holidays"], expected, "{}", added.body);
        let remove = |path| bench.call("admin", Method::DELETE, path, Value::Null);
        let kept = remove("/sla/calendars/office").await;
        assert_eq!(
            kept.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            kept.body
        );
        for path in ["/sla/agreements/gold", "/sla/calendars/office"] {
            assert_eq!(remove(path).await.status, StatusCode::NO_CONTENT);
            assert_eq!(remove(path).await.status, StatusCode::NOT_FOUND);
        }
    })
    .await;
}

#[tokio::test]
async fn a_ticket_is_handed_on_with_a_reason() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        open(&bench, "no sound", "normal").await;
        change(&bench, 1, "assign", json!({"to": "technician"})).await;
        let tier = json!({"tier": "second", "reason": "needs a driver"});
        let handed = change(&bench, 1, "tier", tier.clone()).await;
        assert_eq!(
            (&handed["tier"], &handed["assignee"]),
            (&json!("second"), &Value::Null)
        );
        let again = bench.post("technician", "/tickets/1/tier", tier).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(again.body["field"], "tier");
        let told = bench
            .post("viewer", "/tickets/1/messages", json!({"text": "hi"}))
            .await;
        assert_eq!(told.status, StatusCode::FORBIDDEN);
        let said = json!({"text": "still none", "side": "requester"});
        change(&bench, 1, "messages", said).await;
        let timeline = bench.get("viewer", "/tickets/1/timeline").await;
        let last = timeline["items"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&last["kind"], &last["side"]),
            (&json!("messaged"), &json!("requester"))
        );
    })
    .await;
}

#[tokio::test]
async fn two_agreements_for_the_same_tickets_are_refused() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        promise(&bench).await;
        let again = put(&bench, "admin", "/sla/agreements/silver", gold()).await;
        assert_eq!(again.body["field"], "sites", "{}", again.body);
        let detail = again.body["detail"].as_str().unwrap();
        assert!(detail.starts_with("gold is for some"), "{detail}");
        let same = put(&bench, "admin", "/sla/agreements/gold", gold()).await;
        assert_eq!(same.status, StatusCode::OK, "{}", same.body);
        bench.post("admin", "/sites", json!({"name": "lyon"})).await;
        let mut site = gold();
        site["sites"] = json!(["lyon"]);
        let closer = put(&bench, "admin", "/sla/agreements/silver", site).await;
        assert_eq!(closer.status, StatusCode::OK, "{}", closer.body);
    })
    .await;
}

#[tokio::test]
async fn a_group_of_requesters_can_be_promised_more() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        promise(&bench).await;
        let mut board = gold();
        board["groups"] = json!(["Direction"]);
        board["priorities"] = json!({"normal": {"resolution": 30}});
        let set = put(&bench, "admin", "/sla/agreements/board", board).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.body);
        let person = json!({"name": "Rosa Élan", "group": "direction", "site": "default"});
        let person = bench.post("technician", "/persons", person).await.body;
        let open = async |body: Value| {
            let opened = bench.post("technician", "/tickets", body).await;
            assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
            opened.body
        };
        let resolution = |ticket: &Value| {
            let clocks = ticket["clocks"].as_array().unwrap();
            let clock = clocks.iter().find(|clock| clock["measure"] == "resolution");
            clock.unwrap()["agreement"].as_str().unwrap().to_owned()
        };
        // By id, and by a name that is one person's only.
        for who in [
            json!({"person": person["id"]}),
            json!({"requester": "rosa elan"}),
        ] {
            let mut ticket = json!({"title": "no sound"});
            ticket
                .as_object_mut()
                .unwrap()
                .extend(who.as_object().unwrap().clone());
            let opened = open(ticket).await;
            assert_eq!(opened["person"], person["id"]);
            assert_eq!(opened["group"], "direction");
            assert_eq!(resolution(&opened), "board");
        }
        let other = open(json!({"title": "no sound", "requester": "Bob"})).await;
        assert_eq!(
            (&other["person"], resolution(&other)),
            (&Value::Null, "gold".to_owned())
        );
        let hers = change(&bench, 3, "requester", json!({"person": person["id"]})).await;
        assert_eq!(
            (hers["requester"].as_str(), resolution(&hers)),
            (Some("Rosa Élan"), "board".to_owned())
        );
        let again = bench
            .post(
                "technician",
                "/tickets/3/requester",
                json!({"person": person["id"]}),
            )
            .await;
        assert_eq!(again.body["detail"], "it is that one already");
        let nobody = bench
            .post("technician", "/tickets/3/requester", json!({}))
            .await;
        assert_eq!(
            nobody.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            nobody.body
        );
    })
    .await;
}

#[tokio::test]
async fn what_a_priority_follows_from_is_kept_until_one_is_set() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let ticket = json!({"title": "no mail", "impact": "high", "urgency": "medium"});
        let opened = bench.post("technician", "/tickets", ticket).await.body;
        let weight = |ticket: &Value| {
            [
                ticket["priority"].clone(),
                ticket["impact"].clone(),
                ticket["urgency"].clone(),
            ]
        };
        assert_eq!(weight(&opened), ["high", "high", "medium"]);
        let lighter = change(
            &bench,
            1,
            "priority",
            json!({"impact": "low", "urgency": "low"}),
        )
        .await;
        assert_eq!(weight(&lighter), ["low", "low", "low"]);
        let set = change(&bench, 1, "priority", json!({"priority": "urgent"})).await;
        assert_eq!(weight(&set), [json!("urgent"), Value::Null, Value::Null]);
    })
    .await;
}
