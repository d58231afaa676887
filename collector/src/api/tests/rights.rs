//! Every route as every role of another site, on objects that are there: nothing is shown, nothing is done.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{Answer, Bench, connect, run_order};
use crate::api::route::{Least, openapi};
use crate::api::{PREFIX, Route, routes};
use crate::store::accounts::Role;
use crate::store::alerts::NewAcceptance;
use crate::store::testing::{NOW, on_both};

/// Stands in whatever belongs to the site that the accounts here must not see.
const MARK: &str = "onlyhere";
/// What belongs to no site; who may touch it is a matter of roles alone, and of working for all sites.
const OF_ALL: [&str; 11] = [
    "account",
    "token",
    "policy",
    "agreement",
    "calendar",
    "escalation",
    "view",
    "reply",
    "macro",
    "webhook",
    "source",
];

/// One object of each kind, of the first site.
struct Objects {
    of: Map<String, Value>,
}

impl Objects {
    async fn new(bench: &Bench) -> Self {
        let (device, key) = bench.device().await;
        connect(&bench.state.store, key).await;
        let ticket = json!({"title": MARK, "requester": MARK, "devices": [device], "note": MARK});
        let ticket = bench.made("/tickets", ticket).await;
        let at = |what: &str| format!("/tickets/{}/{what}", ticket["number"]);
        let checks = json!({"device": device, "checks": ["disk.space"]});
        let asked = bench.made(&at("checks"), checks).await;
        let job = asked["jobs"][0]["id"].as_str().unwrap().to_owned();
        run_order(&bench.state, key, job.parse().unwrap(), 1).await;
        let restart = json!({
            "device": device, "action": "service.restart", "parameters": {"unit": "a.service"},
        });
        let consent = bench.made(&at("consents"), restart).await;
        let page = bench.made(&at("pages"), json!({})).await;
        let snapshots = bench.get("admin", &at("snapshots")).await;
        let asset = json!({"name": MARK, "kind": "printer", "address": "192.0.2.7", "note": MARK});
        let asset = bench.made("/assets", asset).await;
        bench
            .made(&at("assets"), json!({"asset": asset["id"]}))
            .await;
        let person = json!({"name": MARK, "site": "default"});
        let person = bench.made("/persons", person).await;
        let mute = json!({"device": device, "check": "disk.space", "reason": MARK});
        let mute = bench.made("/mutes", mute).await;
        let named = format!("{}?name={MARK}", at("attachments"));
        let tool = json!({"site": "default", "name": MARK, "template": format!("https://{MARK}/{{device}}")});
        let tool = bench.made("/remote-tools", tool).await;
        let attachment = bench.made(&named, json!(MARK)).await;
        let plan = json!({
            "devices": [device], "from": "2020-01-01T00:00:00Z", "until": "2020-01-01T01:00:00Z", "weekly": true,
            "time_zone": "Europe/Paris", "reason": MARK,
        });
        let maintenance = bench.made("/maintenance", plan).await;
        let accepted = NewAcceptance {
            device_key: key,
            check: "disk.space".into(),
            subject: "/srv".into(),
            status: 2,
            reason: MARK.into(),
            created_by: "admin".into(),
            until: i64::MAX,
            at: NOW,
        };
        let accepted = bench.state.store.accept_finding(accepted).await.unwrap();
        let of = json!({
            "attachment": attachment["id"], "tool": tool["id"], "name": MARK, "maintenance": maintenance["id"], "acceptance": accepted.to_string(), "device": device, "ticket": ticket["number"], "into": ticket["number"], "other": ticket["number"],
            "incident": ticket["number"], "job": job, "consent": consent["id"], "page": page["id"],
            "snapshot": snapshots["items"][0]["id"], "asset": asset["id"], "person": person["id"], "mute": mute["id"],
            "table": "processes", "relation": "caused_by", "tag": "x", "action": "service.restart",
            "account": "viewer", "state": "open", "phase": "plan", "tier": "second", "priority": "high",
            "for": "disk.space//srv",
        });
        let Value::Object(of) = of else {
            panic!("no object");
        };
        Self { of }
    }

    /// A path with the objects' names in it; none: one of its parts belongs to no site.
    fn path(&self, path: &str) -> Option<String> {
        let mut filled = path.to_owned();
        for name in path.split('{').skip(1) {
            let name = name.split('}').next().unwrap();
            if OF_ALL.contains(&name) && !path.contains("{ticket}") {
                return None;
            }
            let value = self.of.get(name);
            let value = value.unwrap_or_else(|| panic!("{path}: no {name} is made here"));
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            filled = filled.replace(&format!("{{{name}}}"), &text);
        }
        Some(filled)
    }

    /// The parameters without which a route is not asked.
    fn query(&self, operation: &Value) -> String {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let needed = parameters.filter(|one| one["in"] == "query" && one["required"] == true);
        let mut query = String::new();
        for one in needed {
            let name = one["name"].as_str().unwrap();
            let value = self.of.get(name).and_then(Value::as_str).unwrap_or("x");
            let before = if query.is_empty() { '?' } else { '&' };
            query.push_str(&format!("{before}{name}={value}"));
        }
        query
    }

    /// The smallest body that a schema takes.
    fn body(&self, document: &Value, schema: &Value, name: &str) -> Value {
        let schema = match schema["$ref"].as_str() {
            Some(path) => &document["components"]["schemas"][path.rsplit('/').next().unwrap()],
            None => schema,
        };
        if let Some(known) = self.of.get(name) {
            return known.clone();
        }
        if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
            return first.clone();
        }
        match schema["type"].as_str() {
            Some("object") | None => {
                let required = schema["required"].as_array().into_iter().flatten();
                let required = required.filter_map(Value::as_str);
                let filled = required.map(|name| {
                    let value = self.body(document, &schema["properties"][name], name);
                    (name.to_owned(), value)
                });
                Value::Object(filled.collect())
            }
            Some("array") => json!([]),
            Some("integer" | "number") => json!(1),
            Some("boolean") => json!(false),
            _ => json!("x"),
        }
    }
}

impl Bench {
    async fn made(&self, path: &str, body: Value) -> Value {
        let made = self.post("admin", path, body).await;
        assert!(made.status.is_success(), "{path}: {}", made.body);
        made.body
    }

    /// What a route answers when it is asked for with the smallest body that it takes.
    async fn try_route(&self, who: &str, route: &Route, path: &str, body: Value) -> Answer {
        let body = match route.method == Method::GET || route.method == Method::DELETE {
            true => Value::Null,
            false => body,
        };
        self.call(who, route.method.clone(), path, body).await
    }
}

/// Of which site an account works, by role.
fn of_lyon(role: Role) -> String {
    format!("{}-lyon", role.as_str())
}

#[tokio::test]
async fn nobody_of_another_site_sees_or_does_anything() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        for role in Role::ALL {
            bench.account(&of_lyon(role), role, &["lyon"]).await;
        }
        let objects = Objects::new(&bench).await;
        let routes = routes();
        let document = serde_json::to_value(openapi(&routes)).unwrap();
        let version = bench.get("admin", "/tickets/1").await["version"].clone();
        let (mut n_refused, mut n_lists) = (0, 0);
        for route in &routes {
            let Some(mut path) = objects.path(route.path) else {
                continue;
            };
            let operation = &document["paths"][format!("{PREFIX}{}", route.path)];
            let operation = &operation[route.method.as_str().to_lowercase()];
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = objects.body(&document, schema, "");
            path.push_str(&objects.query(operation));
            let has_object = route.path.contains('{');
            for role in Role::ALL {
                let who = of_lyon(role);
                if !has_object && route.method != Method::GET {
                    continue;
                }
                let answer = bench.try_route(&who, route, &path, body.clone()).await;
                let named = format!(
                    "{} {path} as {who}: {} {}",
                    route.method, answer.status, answer.body
                );
                assert!(!answer.body.to_string().contains(MARK), "{named}");
                if !has_object {
                    n_lists += 1;
                    continue;
                }
                let is_refused =
                    [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&answer.status);
                assert!(is_refused, "{named}");
                n_refused += 1;
            }
            // Whoever may, finds the same there: it is not refused for the way it was asked for. The device has no tables.
            let is_read = route.method == Method::GET && !route.path.contains("{table}");
            let (Least::Role(least), true) = (route.least, is_read) else {
                continue;
            };
            let seen = bench.try_route(least.as_str(), route, &path, body).await;
            let is_there = ![StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&seen.status);
            assert!(is_there, "{path} as {}: {}", least.as_str(), seen.body);
        }
        assert!(n_refused > 150 && n_lists > 60, "{n_refused} {n_lists}");
        let after = bench.get("admin", "/tickets/1").await["version"].clone();
        assert_eq!(after, version, "something was done to the ticket");
    })
    .await;
}

#[tokio::test]
async fn nothing_of_another_site_is_named_in_a_request() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.account("eve", Role::Admin, &["lyon"]).await;
        let objects = Objects::new(&bench).await;
        let (device, ticket) = (&objects.of["device"], &objects.of["ticket"]);
        let asset = &objects.of["asset"];
        let own = bench
            .post("eve", "/tickets", json!({"title": "own", "site": "lyon"}))
            .await;
        assert_eq!(own.status, StatusCode::CREATED, "{}", own.body);
        let at = |what: &str| format!("/tickets/{}/{what}", own.body["number"]);
        let person = json!({"name": "bob", "site": "lyon"});
        let person = bench.post("eve", "/persons", person).await.body["id"].clone();
        let persons = format!("/persons/{}/devices", person.as_str().unwrap());
        for (path, body) in [
            (
                "/tickets".to_owned(),
                json!({"title": "x", "devices": [device]}),
            ),
            (
                "/tickets".to_owned(),
                json!({"title": "x", "site": "default"}),
            ),
            (
                "/tickets".to_owned(),
                json!({"title": "x", "site": "lyon", "person": objects.of["person"]}),
            ),
            (at("requester"), json!({"person": objects.of["person"]})),
            (at("devices"), json!({"device": device})),
            (at("checks"), json!({"device": device})),
            (
                at("tables"),
                json!({"device": device, "table": "processes"}),
            ),
            (at("snapshots"), json!({"device": device})),
            (at("assets"), json!({"asset": asset})),
            (at("probes"), json!({"asset": asset})),
            (at("live-metrics"), json!({"device": device})),
            (
                "/tickets".to_owned(),
                json!({"title": "x", "assets": [asset]}),
            ),
            (
                "/assets".to_owned(),
                json!({"name": "x", "kind": "other", "site": "default"}),
            ),
            (
                at("consents"),
                json!({"device": device, "action": "service.restart"}),
            ),
            (
                at("links"),
                json!({"relation": "caused_by", "ticket": ticket}),
            ),
            (at("merge"), json!({"into": ticket})),
            (at("incident"), json!({"incident": ticket})),
            (at("remote-tools"), json!({"device": device, "tool": MARK})),
            (
                "/remote-tools".to_owned(),
                json!({"name": "x", "template": "x:{device}", "site": "default"}),
            ),
            (
                "/remote-tools".to_owned(),
                json!({"name": "x", "template": "x:{device}"}),
            ),
            (
                "/mutes".to_owned(),
                json!({"device": device, "check": "a.b", "reason": "x"}),
            ),
            (
                "/mutes".to_owned(),
                json!({"site": "default", "check": "a.b", "reason": "x"}),
            ),
            ("/mutes".to_owned(), json!({"check": "a.b", "reason": "x"})),
            (
                "/persons".to_owned(),
                json!({"name": "x", "site": "default"}),
            ),
            (persons, json!({"device": device})),
        ] {
            let answer = bench.post("eve", &path, body.clone()).await;
            let named = format!("{path} {body}: {} {}", answer.status, answer.body);
            assert!(answer.status.is_client_error(), "{named}");
            assert!(!answer.body.to_string().contains(MARK), "{named}");
        }
        let query = format!("/tickets?device={}", device.as_str().unwrap());
        let listed = bench.call("eve", Method::GET, &query, Value::Null).await;
        assert_eq!(listed.status, StatusCode::NOT_FOUND, "{}", listed.body);
        let found = bench.get("eve", &format!("/tickets?search={MARK}")).await;
        assert_eq!(found["items"], json!([]));
    })
    .await;
}
