//! Streams of changes, and who comes back to one.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode, header};
use futures::StreamExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{Bench, PREFIX};
use crate::bus::Live;
use crate::store::accounts::Role;
use crate::store::testing::{NOW, on_both};

/// An event that does not come within this will not come.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Stream {
    body: BodyDataStream,
    /// Of the last event that had one.
    id: String,
    /// Of the ticket that was told last.
    number: i64,
}

impl Bench {
    pub(super) async fn listen(&self, path: &str, last_id: &str) -> Stream {
        self.listen_as("viewer", path, last_id).await
    }

    pub(super) async fn listen_as(&self, who: &str, path: &str, last_id: &str) -> Stream {
        let mut request = Request::get(format!("{PREFIX}{path}/live"))
            .header(header::AUTHORIZATION, format!("Bearer {who}"));
        if !last_id.is_empty() {
            request = request.header("Last-Event-ID", last_id);
        }
        let request = request.body(Body::empty()).unwrap();
        let answer = self.app.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        Stream {
            body: answer.into_body().into_data_stream(),
            id: last_id.to_owned(),
            number: 0,
        }
    }
}

impl Stream {
    /// `name data` of the next event.
    pub(super) async fn next(&mut self) -> String {
        let next = tokio::time::timeout(PATIENCE, self.body.next()).await;
        let bytes = next.expect("an event in time").unwrap().unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let field = |name: &str| {
            let mut lines = text.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        if let Some(id) = field("id") {
            id.clone_into(&mut self.id);
        }
        let data: Value = serde_json::from_str(field("data").unwrap()).unwrap();
        self.number = data["number"].as_i64().unwrap_or(self.number);
        let told = match field("event").unwrap() {
            "ticket" => data["version"].to_string(),
            "snapshot" => data["partial"].to_string(),
            "job" => data["state"].to_string(),
            "device" => data["connected"].to_string(),
            "looking" => data["names"].to_string(),
            "lights" => lights(&data),
            _ => String::new(),
        };
        format!("{} {told}", field("event").unwrap())
    }
}

fn lights(data: &Value) -> String {
    let lights = data["items"].as_array().unwrap().iter();
    let lights = lights.map(|light| light["status"].as_str().unwrap_or("none"));
    let removed = data["removed"].as_array().unwrap().iter();
    let mut all: Vec<_> = lights.chain(removed.map(|_| "removed")).collect();
    all.sort_unstable();
    all.join(",")
}

#[tokio::test]
async fn who_comes_back_to_a_stream_learns_what_was_missed() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        for title in ["slow", "other"] {
            let ticket = json!({"title": title, "devices": [device]});
            bench.post("technician", "/tickets", ticket).await;
        }
        let note = async |ticket: i64| {
            let path = format!("/tickets/{ticket}/notes");
            let noted = bench.post("technician", &path, json!({"text": "x"})).await;
            assert!(noted.status.is_success(), "{}", noted.body);
        };
        let mut stream = bench.listen("/tickets/1", "").await;
        assert_eq!(stream.next().await, "ticket 3");
        let first = stream.id.clone();
        note(1).await;
        assert_eq!(stream.next().await, "ticket 4");
        let heard = stream.id.clone();
        drop(stream);
        let freeze = json!({"device": device});
        bench
            .post("technician", "/tickets/1/snapshots", freeze)
            .await;
        note(2).await;
        let mut stream = bench.listen("/tickets/1", &heard).await;
        assert_eq!(stream.next().await, "snapshot true");
        assert_eq!(stream.id, heard, "not all of the change was heard");
        assert_eq!(stream.next().await, "ticket 5");
        assert_ne!(stream.id, heard);
        // How it stands, then what changes.
        assert_eq!(stream.next().await, "ticket 5");
        let mut stream = bench.listen("/tickets/1", &first).await;
        assert_eq!(stream.next().await, "ticket 5");
        assert_eq!(stream.next().await, "snapshot true");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_known_any_more_is_said() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench
            .post("technician", "/tickets", json!({"title": "slow"}))
            .await;
        for unknown in ["x", "00000000000000000000000000.1", "é"] {
            let mut stream = bench.listen("/tickets/1", unknown).await;
            assert_eq!(stream.next().await, "resync ", "{unknown}");
            assert_eq!(stream.next().await, "ticket 1");
        }
        let mut stream = bench.listen("/tickets/1", "").await;
        assert_eq!(stream.next().await, "ticket 1");
        for _ in 0..10_000 {
            bench.state.work.announce(Live::Device { device_key: 1 });
        }
        assert_eq!(stream.next().await, "resync ", "it fell behind");
        let mut stream = bench.listen("/tickets/1", &stream.id).await;
        assert_eq!(stream.next().await, "resync ", "it is too long ago");
        assert_eq!(stream.next().await, "ticket 1");
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_that_is_completed_is_told() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        let ticket = json!({"title": "slow", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        let mut of_ticket = bench.listen("/tickets/1", "").await;
        let mut of_device = bench.listen(&format!("/devices/{device}"), "").await;
        assert_eq!(of_ticket.next().await, "ticket 3");
        assert_eq!(of_device.next().await, "device false");
        let taken = bench.state.store.complete_snapshots(key, NOW + 1).await;
        for snapshot in &taken.unwrap() {
            bench.state.work.announce(Live::of_snapshot(snapshot));
        }
        assert_eq!(of_ticket.next().await, "snapshot false");
        assert_eq!(of_ticket.next().await, "ticket 4");
        assert_eq!(of_device.next().await, "snapshot false");
    })
    .await;
}

#[tokio::test]
async fn all_tickets_have_one_stream_which_tells_of_those_that_one_may_see() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.account("elsewhere", Role::Viewer, &["lyon"]).await;
        let mut all = bench.listen("/tickets", "").await;
        let mut lyon = bench.listen_as("elsewhere", "/tickets", "").await;
        assert_eq!(all.next().await, "listening ");
        assert_eq!(lyon.next().await, "listening ");
        for site in ["default", "lyon"] {
            let ticket = json!({"title": "no sound", "site": site, "note": "x"});
            bench.post("technician", "/tickets", ticket).await;
        }
        let numbered = |stream: &Stream| stream.number;
        for number in [1, 2] {
            assert_eq!(all.next().await, "ticket 2");
            assert_eq!(numbered(&all), number);
        }
        assert_eq!(lyon.next().await, "ticket 2");
        assert_eq!(numbered(&lyon), 2);
        // Who comes back learns what was missed.
        let id = all.id.clone();
        drop(all);
        bench
            .post("technician", "/tickets/2/notes", json!({"text": "y"}))
            .await;
        let mut again = bench.listen("/tickets", &id).await;
        assert_eq!(again.next().await, "ticket 3");
        assert_eq!(again.next().await, "listening ");
    })
    .await;
}

#[tokio::test]
async fn who_has_a_ticket_open_in_a_browser_is_told_the_others() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench
            .post("technician", "/tickets", json!({"title": "no sound"}))
            .await;
        let mut ada = bench.listen_as("senior-session", "/tickets/1", "").await;
        assert_eq!(ada.next().await, "ticket 1");
        assert_eq!(ada.next().await, "looking [\"senior\"]");
        let bob = bench
            .listen_as("technician-session", "/tickets/1", "")
            .await;
        assert_eq!(ada.next().await, "looking [\"senior\",\"technician\"]");
        // A program that follows it looks at nothing.
        let _program = bench.listen_as("admin", "/tickets/1", "").await;
        drop(bob);
        assert_eq!(ada.next().await, "looking [\"senior\"]");
    })
    .await;
}
