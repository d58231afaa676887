//! Remote desktop tools: who makes them, what is offered on a ticket, and who is told that a device was opened.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Bench;
use crate::store::accounts::Role;
use crate::store::testing::on_both;

impl Bench {
    async fn tool(&self, site: Option<&str>, name: &str, template: &str) -> String {
        let body = json!({"site": site, "name": name, "template": template});
        let made = self.post("admin", "/remote-tools", body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        made.body["id"].as_str().unwrap().to_owned()
    }

    async fn offered(&self, device: &str) -> Value {
        let path = format!("/tickets/1/remote-tools?device={device}");
        self.get("technician", &path).await["items"].clone()
    }

    /// The address, or why there is none.
    async fn open_in(&self, device: &str, tool: &str) -> String {
        let body = json!({"device": device, "tool": tool});
        let opened = self
            .post("technician", "/tickets/1/remote-tools", body)
            .await;
        let said = ["address", "detail"].map(|name| opened.body[name].as_str());
        let said = said.into_iter().flatten().next();
        said.unwrap_or_else(|| panic!("{}", opened.body)).to_owned()
    }

    async fn timeline(&self) -> Vec<Value> {
        let all = self.get("technician", "/tickets/1/timeline").await;
        let all = all["items"].as_array().unwrap().clone();
        let is_it = |event: &Value| event["kind"] == "remote_opened";
        all.into_iter().filter(is_it).collect()
    }
}

#[tokio::test]
async fn a_device_is_opened_from_its_ticket_and_the_ticket_and_its_requester_are_told() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        let (_, page) = bench.asked_for(&device).await;
        let mesh = "https://mesh.example/?key=s3cret&gotonode={hostname}&for={ticket}";
        bench.tool(None, "Mesh", mesh).await;
        bench.tool(Some("default"), "VNC", "vnc:{address}").await;
        let open = |name: &str| json!({"name": name, "unknown": null});
        let unknown = json!({"name": "VNC", "unknown": "address"});
        assert_eq!(bench.offered(&device).await, json!([open("Mesh"), unknown]));
        assert_eq!(
            bench.open_in(&device, "VNC").await,
            "{address} of the device is not known"
        );
        assert_eq!(bench.timeline().await.len(), 0, "nothing was opened");
        assert_eq!(
            bench.open_in(&device, "Mesh").await,
            "https://mesh.example/?key=s3cret&gotonode=pc&for=1"
        );
        bench
            .says(
                key,
                "addresses",
                &[("interface", "eth0"), ("address", "2001:db8::7")],
            )
            .await;
        assert_eq!(
            bench.offered(&device).await,
            json!([open("Mesh"), open("VNC")])
        );
        assert_eq!(bench.open_in(&device, "VNC").await, "vnc:2001%3Adb8%3A%3A7");
        let told = bench.timeline().await;
        let line = |event: &Value| {
            let part = |name: &str| event[name].as_str().unwrap().to_owned();
            [part("actor"), part("hostname"), part("tool")].join(" ")
        };
        let lines: Vec<String> = told.iter().map(line).collect();
        assert_eq!(lines, ["technician pc Mesh", "technician pc VNC"]);
        assert!(!json!(told).to_string().contains("s3cret"));
        let english = bench.show(&page).await;
        for tool in ["Mesh", "VNC"] {
            assert!(
                english.contains(&format!("Remote access with {tool} (on pc)")),
                "{english}"
            );
        }
        assert!(english.contains("what is done there is not listed here"));
        assert!(english.contains("by technician") && !english.contains("s3cret"));
        let french = bench.show(&format!("{page}?lang=fr")).await;
        assert!(
            french.contains("Accès à distance avec Mesh (sur pc)"),
            "{french}"
        );
    })
    .await;
}

#[tokio::test]
async fn only_a_device_of_an_open_ticket_is_opened_and_only_in_a_tool_of_its_site() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let other = crate::store::testing::device(&bench.state.store, "other").await;
        let other = other.0.to_string();
        let ticket = json!({"title": "slow", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        bench.post("admin", "/sites", json!({"name": "lyon"})).await;
        assert_eq!(
            bench.open_in(&device, "Mesh").await,
            "the site has no remote tool \"Mesh\""
        );
        assert_eq!(bench.offered(&device).await, json!([]));
        bench
            .tool(Some("lyon"), "Mesh", "https://lyon.example/{device}")
            .await;
        assert_eq!(bench.offered(&device).await, json!([]));
        let id = bench
            .tool(None, "Guac", "https://guac.example/{device}")
            .await;
        let body = json!({"device": device, "tool": "Mesh"});
        let refused = bench
            .post("technician", "/tickets/1/remote-tools", body)
            .await;
        assert_eq!(refused.body["remedy"], "there are: Guac");
        assert_eq!(
            bench.open_in(&other, "Guac").await,
            "other is not on the ticket"
        );
        bench.open_in(&device, "Guac").await;
        // Its name stays on the timeline when the tool is gone.
        let path = format!("/remote-tools/{id}");
        let gone = bench
            .call("admin", Method::DELETE, &path, Value::Null)
            .await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        assert_eq!(bench.timeline().await[0]["tool"], "Guac");
        bench
            .tool(None, "Guac", "https://guac.example/{device}")
            .await;
        for state in ["proposed", "resolved", "closed"] {
            let to = json!({"state": state});
            let moved = bench.post("technician", "/tickets/1/state", to).await;
            assert_eq!(moved.status, StatusCode::OK, "{}", moved.body);
        }
        assert_eq!(
            bench.open_in(&device, "Guac").await,
            "it is closed, and no change is allowed any more"
        );
        assert_eq!(bench.timeline().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_of_one_site_makes_no_tool_of_another_or_of_all() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.post("admin", "/sites", json!({"name": "lyon"})).await;
        bench.account("eve", Role::Admin, &["lyon"]).await;
        let of_all = bench
            .tool(None, "Mesh", "https://mesh.example/{device}")
            .await;
        let of_default = bench.tool(Some("default"), "Guac", "https://guac.example/{device}");
        let of_default = of_default.await;
        let tool = |site: Value| json!({"site": site, "name": "X", "template": "x:{device}"});
        let made = bench
            .post("eve", "/remote-tools", tool(json!("lyon")))
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        for (site, status) in [
            (json!(null), StatusCode::FORBIDDEN),
            (json!("default"), StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let refused = bench.post("eve", "/remote-tools", tool(site.clone())).await;
            assert_eq!(refused.status, status, "{}", refused.body);
            let id = if site.is_null() { &of_all } else { &of_default };
            let status = match site.is_null() {
                true => StatusCode::FORBIDDEN,
                false => StatusCode::NOT_FOUND,
            };
            for method in [Method::PUT, Method::DELETE] {
                let path = format!("/remote-tools/{id}");
                let refused = bench.call("eve", method, &path, tool(site.clone())).await;
                assert_eq!(refused.status, status, "{}", refused.body);
            }
        }
        let seen = bench.get("eve", "/remote-tools?limit=1").await;
        let next = seen["next"].as_str().unwrap();
        let rest = bench
            .get("eve", &format!("/remote-tools?after={next}"))
            .await;
        let names = [&seen, &rest].map(|page| page["items"][0]["name"].clone());
        assert_eq!(names, [json!("Mesh"), json!("X")]);
        assert_eq!(rest["items"].as_array().map(Vec::len), Some(1));
    })
    .await;
}

#[tokio::test]
async fn a_tool_is_changed_where_it_is_and_a_wrong_template_is_refused_before_it_is_kept() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let id = bench
            .tool(None, "Mesh", "https://mesh.example/{device}")
            .await;
        let path = format!("/remote-tools/{id}");
        let put = async |body: Value| bench.call("admin", Method::PUT, &path, body).await;
        let set = put(json!({"name": " Mesh 2 ", "template": "https://two.example/{hostname}"}));
        let set = set.await;
        assert_eq!(set.body["name"], "Mesh 2", "{}", set.body);
        let moved = json!({"name": "Mesh", "site": "default", "template": "x:{device}"});
        assert_eq!(
            put(moved).await.body["detail"],
            "it belongs to all sites for good"
        );
        for (template, detail) in [
            (
                "javascript:{device}",
                "javascript: opens nothing but the browser itself",
            ),
            ("https://mesh.example/", "it is the same for every device"),
        ] {
            let body = json!({"name": "Mesh", "template": template});
            assert_eq!(put(body.clone()).await.body["detail"], detail);
            let made = bench.post("admin", "/remote-tools", body).await;
            assert_eq!(
                (made.body["field"].as_str(), &made.body["detail"]),
                (Some("template"), &json!(detail))
            );
            let body = json!({"template": template});
            let tried = bench.post("admin", "/remote-tools/try", body).await;
            assert_eq!(tried.body["detail"], detail);
        }
        let tried = json!({"template": "https://mesh.example/{hostname}/{site}", "site": "lyon 2"});
        let tried = bench.post("admin", "/remote-tools/try", tried).await;
        assert_eq!(
            tried.body,
            json!({"address": "https://mesh.example/lab-7/lyon%202"})
        );
        let all = bench.get("admin", "/remote-tools").await;
        assert_eq!(
            all["items"][0]["template"],
            "https://two.example/{hostname}"
        );
    })
    .await;
}

#[tokio::test]
async fn an_address_is_not_kept_to_be_given_again() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let ticket = json!({"title": "slow", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        bench
            .tool(None, "Mesh", "https://mesh.example/{device}")
            .await;
        let body = json!({"device": device, "tool": "Mesh"});
        let (path, key) = ("/tickets/1/remote-tools", [("idempotency-key", "1")]);
        let asked = bench.call_with("technician", Method::POST, path, body, &key);
        assert_eq!(asked.await.body["field"], "Idempotency-Key");
        assert_eq!(bench.timeline().await.len(), 0);
    })
    .await;
}
