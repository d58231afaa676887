//! What went wrong is told in the language of whoever asked.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Answer, Bench};
use crate::store::testing::on_both;

const FRENCH: (&str, &str) = ("accept-language", "fr-FR, en;q=0.5");

/// Status, detail and remedy, and the language that the answer says they are in.
fn told(answer: &Answer) -> String {
    let text = |name: &str| answer.body[name].as_str().unwrap_or("-").to_owned();
    let (status, language) = (answer.status.as_u16(), answer.language.as_deref());
    let (detail, remedy) = (text("detail"), text("remedy"));
    format!("{status} {}: {detail} / {remedy}", language.unwrap_or("-"))
}

impl Bench {
    async fn demande(&self, method: Method, path: &str, body: Value) -> String {
        let answer = self.call_with("senior", method, path, body, &[FRENCH]);
        told(&answer.await)
    }
}

#[tokio::test]
async fn a_problem_is_told_in_french_to_whoever_reads_french() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let new = json!({"title": "a", "devices": [device]});
        bench.post("senior", "/tickets", new).await;

        let asked = json!({"device": device, "action": "service.restart", "phase": "plan", "parameters": {"units": 1}});
        let wrong = bench.demande(Method::POST, "/tickets/1/actions", asked).await;
        assert_eq!(
            wrong,
            "422 fr: il n’y a pas de paramètre \"units\" / acceptés\u{a0}: unit"
        );

        let missing = bench.demande(Method::GET, "/tickets/9", Value::Null).await;
        let expected = "404 fr: ticket 9 introuvable parmi ce que vous pouvez voir / -";
        assert_eq!(missing, expected);
        let table = format!("/devices/{device}/facts/none");
        let missing = bench.demande(Method::GET, &table, Value::Null).await;
        assert_eq!(
            missing,
            "404 fr: table none introuvable parmi ce que vous pouvez voir / l’appareil n’en a encore transmis aucune"
        );

        let seen = bench.get("senior", "/tickets/1").await["version"].clone();
        let seen = format!("\"{seen}\"");
        let note = json!({"text": "b"});
        bench.post("admin", "/tickets/1/notes", note.clone()).await;
        let old = [FRENCH, ("if-match", &*seen)];
        let path = "/tickets/1/notes";
        let changed = bench.call_with("senior", Method::POST, path, note, &old);
        let changed = told(&changed.await);
        assert!(
            changed.starts_with("412 fr: le ticket a changé depuis\u{a0}: note ajoutée par admin"),
            "{changed}"
        );
        assert!(
            changed.ends_with("/ relisez le ticket, et refaites le changement s’il a encore un sens"),
            "{changed}"
        );

        let account = json!({"name": "senior", "role": "viewer"});
        let twice = bench.call_with("admin", Method::POST, "/accounts", account, &[FRENCH]);
        let expected = "409 fr: un compte nommé senior existe déjà / -";
        assert_eq!(told(&twice.await), expected);

        let to = json!({"state": "resolved", "reason": "c"});
        let forbidden = bench.demande(Method::POST, "/tickets/1/state", to).await;
        assert_eq!(
            forbidden,
            "422 fr: un ticket dans l’état «\u{a0}new\u{a0}» ne peut pas passer à «\u{a0}resolved\u{a0}»\u{a0}; il peut passer à\u{a0}: open, waiting, proposed / -"
        );
    })
    .await;
}

#[tokio::test]
async fn the_language_is_that_of_the_address_then_of_the_header_then_english() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let english = "404 en: no ticket 9 that you may see / -";
        let french = "404 fr: ticket 9 introuvable parmi ce que vous pouvez voir / -";
        for (header, expected) in [("fr", french), ("de, fr;q=0.3", french), ("de", english)] {
            let headers = [("accept-language", header)];
            let answer = bench.call_with("viewer", Method::GET, "/tickets/9", Value::Null, &headers);
            assert_eq!(told(&answer.await), expected, "{header}");
        }
        let answer = bench.call("viewer", Method::GET, "/tickets/9", Value::Null);
        assert_eq!(told(&answer.await), english);
        let answer = bench.call("", Method::GET, "/devices/x/findings?lang=fr", Value::Null);
        assert_eq!(
            told(&answer.await),
            "401 fr: la demande vient sans session ni jeton valable / connectez-vous\u{a0}: sonde login URL, ou POST /api/v1/sign-in"
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_asked_again_by_its_key_is_answered_in_the_same_words() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let key = ("idempotency-key", "k");
        let empty = json!({"title": ""});
        let expected = "422 fr: c’est vide / -";
        for headers in [&[key, FRENCH][..], &[key]] {
            let path = "/tickets";
            let answer = bench.call_with("senior", Method::POST, path, empty.clone(), headers);
            assert_eq!(told(&answer.await), expected);
        }
    })
    .await;
}
