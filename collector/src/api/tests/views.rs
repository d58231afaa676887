//! Lists and what narrows them; views, and who sees them.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Bench};
use crate::store::accounts::Role;
use crate::store::testing::on_both;

impl Bench {
    async fn view(&self, who: &str, name: &str, view: Value) -> Answer {
        let path = format!("/views/{name}");
        self.call(who, Method::PUT, &path, view).await
    }

    /// Titles.
    async fn titles(&self, who: &str, query: &str) -> Vec<String> {
        let list = self.get(who, &format!("/tickets?{query}")).await;
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|ticket| ticket["title"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn change(&self, number: i64, what: &str, body: Value) {
        let path = format!("/tickets/{number}/{what}");
        let changed = self.post("senior", &path, body).await;
        assert!(changed.status.is_success(), "{path}: {}", changed.body);
    }
}

/// Five tickets: one of each kind that a day's work is about.
async fn some_tickets(bench: &Bench) {
    for (title, priority) in [
        ("idle", "normal"),
        ("mine", "high"),
        ("theirs", "normal"),
        ("part", "normal"),
        ("done", "high"),
    ] {
        let ticket = json!({"title": title, "priority": priority, "requester": "rosa"});
        let opened = bench.post("technician", "/tickets", ticket).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    }
    bench.change(2, "assign", json!({"to": "technician"})).await;
    bench
        .change(3, "tier", json!({"tier": "second", "reason": "network"}))
        .await;
    bench.change(3, "assign", json!({"to": "senior"})).await;
    bench
        .change(
            4,
            "state",
            json!({"state": "waiting", "waiting_for": "part"}),
        )
        .await;
    for state in ["proposed", "resolved"] {
        bench.change(5, "state", json!({"state": state})).await;
    }
}

#[tokio::test]
async fn a_list_is_narrowed_by_what_a_day_s_work_asks_for() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        some_tickets(&bench).await;
        for (query, expected) in [
            ("assignee=nobody", &["done", "part", "idle"][..]),
            ("assignee=me", &["mine"]),
            ("assignee=nobody&state=unresolved", &["part", "idle"]),
            ("state=waiting,resolved", &["done", "part"]),
            ("tier=second", &["theirs"]),
            ("tier=first&priority=high", &["done", "mine"]),
            ("waiting_for=part", &["part"]),
            ("waiting_for=user", &[]),
            ("site=default&assignee=senior", &["theirs"]),
            ("order=due&assignee=nobody", &["idle", "part"]),
            ("order=due&priority=high", &["mine"]),
            ("order=due&tier=second", &["theirs"]),
            ("order=due&due_within=525600", &[]),
            ("search=rosa&tier=second", &["theirs"]),
            (
                "search=rosa&assignee=nobody&state=unresolved",
                &["part", "idle"],
            ),
        ] {
            let mut titles = bench.titles("technician", query).await;
            if query.starts_with("search") {
                titles.sort_unstable_by_key(|title| expected.iter().position(|one| one == title));
            }
            assert_eq!(titles, expected, "{query}");
        }
        for (query, told) in [
            ("assignee=", "422 assignee: 1 to 200 characters"),
            ("tier=fourth", "422 tier: \"fourth\" is none that there is"),
            (
                "due_within=5",
                "422 due_within: only the queue knows what is due",
            ),
            ("order=due&due_within=0", "422 due_within: 0; between 1 and"),
            ("state=open,old", "422 state: there is no state \"old\""),
            (
                "search=a&order=due",
                "422 search: it has an order of its own",
            ),
            ("site=nowhere", "404 : no site nowhere"),
            ("view=none", "404 : no view none"),
        ] {
            let path = format!("/tickets?{query}");
            let asked = bench.call("technician", Method::GET, &path, Value::Null);
            let asked = asked.await.told();
            assert!(asked.starts_with(told), "{query}: {asked}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_due_within_a_time_is_what_its_clocks_say() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let day = json!(["00:00-24:00"]);
        let always = json!({
            "time_zone": "Europe/Paris", "monday": day, "tuesday": day, "wednesday": day, "thursday": day,
            "friday": day, "saturday": day, "sunday": day,
        });
        let gold = json!({
            "calendar": "always",
            "priorities": {"high": {"resolution": 60}, "normal": {"resolution": 600}},
        });
        for (path, body) in [("/sla/calendars/always", always), ("/sla/agreements/gold", gold)] {
            let set = bench.call("admin", Method::PUT, path, body).await;
            assert_eq!(set.status, StatusCode::OK, "{}", set.body);
        }
        some_tickets(&bench).await;
        let due = async |query: &str| bench.titles("technician", query).await;
        assert_eq!(due("order=due&due_within=120").await, ["mine"]);
        assert_eq!(
            due("order=due&due_within=700").await,
            ["mine", "idle", "theirs"]
        );
        let late = json!({"filter": {"order": "due", "due_within": 700}});
        let kept = bench.view("technician", "late", late).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
        assert_eq!(due("view=late&assignee=nobody").await, ["idle"]);
        assert_eq!(due("view=late&due_within=120").await, ["mine"]);
        let page = bench.get("technician", "/tickets?view=late&limit=1").await;
        assert_eq!(page["order"], "due");
        let next = page["next"].as_str().unwrap();
        assert_eq!(due(&format!("view=late&limit=1&after={next}")).await, ["idle"]);
    })
    .await;
}

#[tokio::test]
async fn a_view_is_narrowed_and_me_is_whoever_uses_it() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        some_tickets(&bench).await;
        let mine = json!({"filter": {"assignee": "me"}, "shared": true});
        let kept = bench.view("senior", "mine", mine).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
        assert_eq!(bench.titles("senior", "view=mine").await, ["theirs"]);
        assert_eq!(bench.titles("technician", "view=mine").await, ["mine"]);
        assert_eq!(
            bench.titles("technician", "view=mine&priority=low").await,
            [""; 0]
        );
        let path = "/tickets?view=mine&assignee=nobody";
        let refused = bench
            .call("technician", Method::GET, path, Value::Null)
            .await;
        assert!(refused.told().starts_with("422 assignee: the view has"));
        // One's own of the name goes first, and nobody else sees it.
        let own = json!({"filter": {"tier": "second", "state": "open"}});
        bench.view("viewer", "mine", own).await;
        assert_eq!(bench.titles("viewer", "view=mine").await, ["theirs"]);
        assert_eq!(bench.titles("technician", "view=mine").await, ["mine"]);
        let names = |list: &Value| -> Vec<(String, bool)> {
            let items = list["items"].as_array().unwrap().iter();
            items
                .map(|one| {
                    (
                        one["name"].as_str().unwrap().to_owned(),
                        one["shared"] == true,
                    )
                })
                .collect()
        };
        let both = vec![("mine".to_owned(), false), ("mine".to_owned(), true)];
        assert_eq!(names(&bench.get("viewer", "/views").await), both);
        assert_eq!(names(&bench.get("technician", "/views").await), both[1..]);
        let first = bench.get("viewer", "/views?limit=1").await;
        let path = format!("/views?limit=1&after={}", first["next"].as_str().unwrap());
        assert_eq!(names(&bench.get("viewer", &path).await), both[1..]);
        let gone = async |who: &str| {
            let removed = bench.call(who, Method::DELETE, "/views/mine", Value::Null);
            removed.await.status
        };
        assert_eq!(gone("technician").await, StatusCode::FORBIDDEN);
        assert_eq!(gone("viewer").await, StatusCode::NO_CONTENT);
        assert_eq!(gone("viewer").await, StatusCode::FORBIDDEN);
        assert_eq!(gone("senior").await, StatusCode::NO_CONTENT);
        assert_eq!(gone("senior").await, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_view_is_shared_with_whom_it_is_meant_for_by_who_may() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        some_tickets(&bench).await;
        for (name, role) in [("ann", Role::Senior), ("bob", Role::Viewer)] {
            bench.account(name, role, &["lyon"]).await;
        }
        let all = |filter: Value| json!({"filter": filter, "shared": true});
        let of = |site: &str| json!({"shared": true, "site": site});
        let status = async |who: &str, name: &str, view: Value| {
            let kept = bench.view(who, name, view).await;
            (
                kept.status.as_u16(),
                kept.body["field"].as_str().map(str::to_owned),
            )
        };
        let refused = |field: &str| (422, Some(field.to_owned()));
        assert_eq!(status("technician", "a", all(json!({}))).await.0, 403);
        assert_eq!(status("ann", "a", all(json!({}))).await.0, 403);
        assert_eq!(status("ann", "a", of("default")).await.0, 404);
        assert_eq!(status("ann", "a", of("lyon")).await.0, 200);
        assert_eq!(
            status("senior", "a", json!({"site": "lyon"})).await,
            refused("site")
        );
        assert_eq!(status("senior", "b", of("default")).await.0, 200);
        // It is not there for them, and not theirs to take.
        assert_eq!(status("ann", "b", of("lyon")).await.0, 409);
        assert_eq!(status("bob", "b", json!({})).await.0, 200);
        for (who, name, expected) in [
            ("ann", "a", 200),
            ("bob", "a", 200),
            ("ann", "b", 404),
            ("senior", "a", 200),
            ("viewer", "b", 200),
        ] {
            let path = format!("/views/{name}");
            let shown = bench.call(who, Method::GET, &path, Value::Null).await;
            assert_eq!(shown.status.as_u16(), expected, "{who} {name}");
        }
        let path = "/tickets?view=b";
        let used = bench.call("ann", Method::GET, path, Value::Null).await;
        assert_eq!(used.status, StatusCode::NOT_FOUND);
        let colour = json!({"filter": {"colour": "red"}});
        assert_eq!(
            status("senior", "c", colour).await,
            refused("filter.colour")
        );
        let state = json!({"filter": {"state": "old"}});
        assert_eq!(status("senior", "c", state).await, refused("state"));
        let device = json!({"filter": {"device": "x"}});
        assert_eq!(status("senior", "c", device).await.0, 404);
        assert_eq!(status("senior", "%20", json!({})).await, refused("view"));
        assert_eq!(
            status("senior", &"x".repeat(61), json!({})).await,
            refused("view")
        );
    })
    .await;
}
