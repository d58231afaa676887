//! The case file, as whoever gets it opens it.

use std::io::{Cursor, Read as _};

use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use zip::ZipArchive;

use super::{Bench, PREFIX, connect};
use crate::case_file::MANIFEST;
use crate::digest;
use crate::store::testing::on_both;

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\npicture";

struct Opened(ZipArchive<Cursor<Vec<u8>>>);

impl Opened {
    async fn of(bench: &Bench, query: &str) -> Self {
        let path = format!("{PREFIX}/tickets/1/case-file{query}");
        let (status, headers, body) = bench.bytes("viewer", "GET", &path, vec![]).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[header::CONTENT_TYPE], "application/zip");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        Self(ZipArchive::new(Cursor::new(body)).unwrap())
    }

    fn bytes(&mut self, name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.0
            .by_name(name)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    }

    fn text(&mut self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    fn json(&mut self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap()
    }
}

#[tokio::test]
async fn a_case_file_has_all_of_a_ticket_and_says_what_it_has() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        connect(&bench.state.store, key).await;
        let ticket = json!({"title": "<b>full</b>", "requester": "Rosa", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        let session = bench.answers(key);
        let ask = json!({"device": device, "checks": ["disk.space"], "wait_seconds": 30});
        bench.post("technician", "/tickets/1/checks", ask).await;
        session.abort();
        let note = json!({"text": "seen it"});
        bench.post("technician", "/tickets/1/notes", note).await;
        bench.attach("name=a%20picture.png", PICTURE.to_vec()).await;
        let mut opened = Opened::of(&bench, "").await;
        let page = opened.text("index.html");
        assert!(
            page.contains("&lt;b&gt;full&lt;/b&gt;") && page.contains("seen it"),
            "{page}"
        );
        assert!(page.contains("opened the ticket for Rosa"), "{page}");
        let timeline = bench.get("viewer", "/tickets/1/timeline").await;
        assert_eq!(opened.json("timeline.json"), timeline["items"]);
        let jobs = bench.get("viewer", "/tickets/1/jobs").await;
        let id = jobs["items"][0]["id"].as_str().unwrap();
        let job = bench.get("viewer", &format!("/jobs/{id}")).await;
        assert_eq!(opened.json("jobs.json"), json!([job]));
        assert_eq!(opened.json("ticket.json")["title"], "<b>full</b>");
        assert_eq!(opened.bytes("attachment-1.png"), PICTURE);
        let manifest = opened.json(MANIFEST);
        assert_eq!(
            (&manifest["ticket"], &manifest["left_out"]),
            (&json!(1), &json!(0))
        );
        let listed = manifest["files"].as_array().unwrap().clone();
        assert_eq!(listed.len() + 1, opened.0.len(), "{manifest}");
        for file in &listed {
            let bytes = opened.bytes(file["name"].as_str().unwrap());
            assert_eq!(file["bytes"], bytes.len());
            assert_eq!(file["sha256"], digest::hex(&digest::sha256(&bytes)));
        }
        assert_eq!(listed.last().unwrap()["called"], "a picture.png");
        let french = Opened::of(&bench, "?lang=fr").await.text("index.html");
        assert!(french.contains("a ouvert le ticket pour Rosa"), "{french}");
    })
    .await;
}

#[tokio::test]
async fn a_ticket_on_which_nothing_was_asked_has_a_case_file_too() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let ticket = json!({"title": "no sound"});
        bench.post("technician", "/tickets", ticket).await;
        let mut opened = Opened::of(&bench, "").await;
        assert_eq!(opened.json("jobs.json"), json!([]));
        let page = opened.text("index.html");
        assert!(page.contains("No check was run on this ticket."), "{page}");
        let path = format!("{PREFIX}/tickets/2/case-file");
        let (status, ..) = bench.bytes("viewer", "GET", &path, vec![]).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    })
    .await;
}
