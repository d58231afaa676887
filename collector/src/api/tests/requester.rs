//! The requester's page: what it shows, what it lets them do, what it keeps to itself.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{Bench, connect};
use crate::hostile;
use crate::store::testing::{forget_consents, on_both};

/// The page in all, bytes: it loads nothing else.
const PAGE_BYTES: usize = 60 << 10;

pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) html: String,
}

impl Bench {
    /// A request as a browser sends it, without any credential.
    pub(super) async fn browse(&self, method: Method, url: &str, form: &str) -> Page {
        let path = url.trim_start_matches("https://help.example");
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await;
        Page {
            status,
            headers,
            html: String::from_utf8(bytes.unwrap().to_vec()).unwrap(),
        }
    }

    pub(super) async fn show(&self, url: &str) -> String {
        let page = self.browse(Method::GET, url, "").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.html);
        assert!(page.html.len() < PAGE_BYTES, "{}", page.html.len());
        page.html
    }

    /// Sends a form of the page, which leads back to it.
    async fn press(&self, url: &str, what: &str, form: &str) {
        let url = format!("{url}/{what}");
        let page = self.browse(Method::POST, &url, form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.html);
    }

    /// A ticket that rosa has asked for, about a device, and the address of its page.
    pub(super) async fn asked_for(&self, device: &str) -> (i64, String) {
        let devices: Vec<&str> = Some(device)
            .filter(|id| !id.is_empty())
            .into_iter()
            .collect();
        let ticket = json!({"title": "slow", "requester": "rosa", "devices": devices});
        let opened = self.post("technician", "/tickets", ticket).await;
        let number = opened.body["number"].as_i64().unwrap();
        let path = format!("/tickets/{number}/pages");
        let made = self.post("technician", &path, json!({})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        (number, made.body["url"].as_str().unwrap().to_owned())
    }

    async fn state_of(&self, number: i64) -> String {
        let ticket = self.get("viewer", &format!("/tickets/{number}")).await;
        ticket["state"].as_str().unwrap().to_owned()
    }
}

fn restart(device: &str) -> Value {
    json!({"device": device, "action": "service.restart", "parameters": {"unit": "cups.service"}})
}

#[tokio::test]
async fn the_page_shows_the_ticket_in_both_languages_and_goes_nowhere_else() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let (number, url) = bench.asked_for(&device).await;
        assert!(url.starts_with("https://help.example/r/"), "{url}");
        assert_eq!(url.rsplit('/').next().unwrap().len(), 26, "128 bits");
        for (path, body) in [
            ("notes", json!({"text": "between technicians"})),
            ("messages", json!({"text": "have you tried it again?"})),
        ] {
            let path = format!("/tickets/{number}/{path}");
            bench.post("technician", &path, body).await;
        }
        let page = bench.browse(Method::GET, &url, "").await;
        for (name, part) in [
            (
                "content-security-policy",
                "default-src 'none'; style-src 'sha256-",
            ),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ] {
            let value = page.headers[name].to_str().unwrap();
            assert!(value.starts_with(part), "{name}: {value}");
        }
        for part in [
            "slow",
            "have you tried it again?",
            "A technician is working on it",
            "pc",
        ] {
            assert!(page.html.contains(part), "{part}: {}", page.html);
        }
        for part in [
            "between technicians",
            "<script",
            "http://",
            "https://",
            "src=",
        ] {
            assert!(!page.html.contains(part), "{part}: {}", page.html);
        }
        let french = bench.show(&format!("{url}?lang=fr")).await;
        assert!(french.contains("<html lang=\"fr\">") && french.contains("Votre demande"));
        let listed = bench
            .get("technician", &format!("/tickets/{number}/pages"))
            .await;
        assert!(listed["items"][0].get("url").is_none(), "{listed}");
        let log = bench.get("admin", "/audit").await.to_string();
        let secret = url.rsplit('/').next().unwrap();
        assert!(log.contains("page.create") && !log.contains(secret));
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_not_good_shows_nothing_and_does_nothing() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let (number, url) = bench.asked_for(&device).await;
        let listed = bench
            .get("technician", &format!("/tickets/{number}/pages"))
            .await;
        let id = listed["items"][0]["id"].as_str().unwrap();
        let path = format!("/tickets/{number}/pages/{id}");
        let revoked = bench.call("technician", Method::DELETE, &path, Value::Null);
        assert_eq!(revoked.await.status, StatusCode::NO_CONTENT);
        let strange = format!("https://help.example/r/{}", "0".repeat(26));
        for url in [url, strange, "https://help.example/r/%00%22%3Cb%3E".into()] {
            let page = bench.browse(Method::GET, &url, "").await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
            assert!(page.html.contains("leads nowhere") && !page.html.contains("slow"));
            let url = format!("{url}/message");
            let sent = bench.browse(Method::POST, &url, "text=x").await;
            assert_eq!(sent.status, StatusCode::NOT_FOUND);
        }
        let nobody = json!({"title": "an alert", "devices": [device]});
        let nobody = bench.post("technician", "/tickets", nobody).await;
        let path = format!("/tickets/{}/pages", nobody.body["number"]);
        let refused = bench.post("technician", &path, json!({})).await;
        assert_eq!(refused.body["detail"], "nobody has asked for it");
    })
    .await;
}

#[tokio::test]
async fn the_requester_writes_confirms_and_opens_it_again() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        let os = [("id", "debian"), ("time_zone", "Europe/Paris")];
        bench.says(key, "os", &os).await;
        let (number, url) = bench.asked_for(&device).await;
        let to = async |state: &str, waiting_for: Option<&str>| {
            let reason = format!("{state} <as> planned");
            let body = json!({"state": state, "waiting_for": waiting_for, "reason": reason});
            let path = format!("/tickets/{number}/state");
            let moved = bench.post("technician", &path, body).await;
            assert_eq!(moved.status, StatusCode::OK, "{}", moved.body);
        };
        to("waiting", Some("user")).await;
        assert!(
            bench
                .show(&url)
                .await
                .contains("We are waiting for your answer.")
        );
        bench
            .press(&url, "message", "text=since%20noon%0D%0Aor%20so")
            .await;
        assert_eq!(bench.state_of(number).await, "open");
        let page = bench.show(&url).await;
        assert!(page.contains("since noon\nor so") && !page.contains("planned"));
        let early = format!("{url}/solved");
        let early = bench.browse(Method::POST, &early, "solved=yes").await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        to("proposed", None).await;
        for look in [Method::GET, Method::HEAD] {
            for what in ["", "/solved?solved=yes", "/message?text=x"] {
                bench
                    .browse(look.clone(), &format!("{url}{what}"), "")
                    .await;
            }
        }
        assert_eq!(
            bench.state_of(number).await,
            "proposed",
            "a look changes nothing"
        );
        let page = bench.show(&url).await;
        assert!(page.contains("Is it solved?") && page.contains("proposed &lt;as&gt; planned"));
        assert!(
            page.contains("CET</time>") || page.contains("CEST</time>"),
            "{page}"
        );
        bench
            .press(&url, "solved", "solved=no&text=still%20slow")
            .await;
        assert_eq!(bench.state_of(number).await, "open");
        to("proposed", None).await;
        bench.press(&url, "solved", "solved=yes").await;
        assert_eq!(bench.state_of(number).await, "resolved");
        let timeline = bench
            .get("viewer", &format!("/tickets/{number}/timeline"))
            .await;
        let last = timeline["items"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone();
        assert_eq!(
            (&last["actor"], &last["confirmation"]),
            (&json!("requester"), &json!("requester"))
        );
        bench.press(&url, "message", "text=it%20is%20back").await;
        assert_eq!(bench.state_of(number).await, "open");
        for form in ["", "text=", "text=%20%0A", "other=1"] {
            let refused = bench
                .browse(Method::POST, &format!("{url}/message"), form)
                .await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
            assert!(refused.html.contains("Back to your request"));
        }
    })
    .await;
}

#[tokio::test]
async fn what_the_user_allows_is_done_as_often_as_they_said_and_no_is_an_answer() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        connect(&bench.state.store, key).await;
        let session = bench.answers(key);
        let (number, url) = bench.asked_for(&device).await;
        let consents = format!("/tickets/{number}/consents");
        let ask = async || {
            let asked = bench.post("technician", &consents, restart(&device)).await;
            assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.body);
            asked.body["id"].as_str().unwrap().to_owned()
        };
        let apply = async || {
            let mut order = restart(&device);
            order["phase"] = json!("apply");
            order["wait_seconds"] = json!(30);
            let path = format!("/tickets/{number}/actions");
            let ran = bench.post("technician", &path, order).await;
            ran.body["jobs"][0]["consent"].clone()
        };
        let standing = async |id: &str| {
            let one = bench.get("viewer", &format!("{consents}/{id}")).await;
            one["standing"].as_str().unwrap().to_owned()
        };
        let first = ask().await;
        assert!(bench.show(&url).await.contains("May we do this?"));
        assert_eq!(apply().await, Value::Null, "nobody has answered");
        bench
            .press(&url, &format!("consents/{first}"), "answer=once")
            .await;
        assert_eq!(standing(&first).await, "given");
        assert_eq!(apply().await, "page");
        assert_eq!(standing(&first).await, "used");
        assert_eq!(apply().await, Value::Null, "once is once");
        let second = ask().await;
        let waits = format!("{consents}/{second}?wait_seconds=60");
        let (told, ()) = tokio::join!(bench.get("technician", &waits), async {
            bench
                .press(&url, &format!("consents/{second}"), "answer=ticket")
                .await;
        });
        assert_eq!(told["standing"], "given");
        for _ in 0..2 {
            assert_eq!(apply().await, "page");
        }
        bench
            .press(&url, &format!("consents/{second}"), "answer=withdraw")
            .await;
        assert_eq!(apply().await, Value::Null);
        let third = ask().await;
        bench
            .press(&url, &format!("consents/{third}"), "answer=no")
            .await;
        assert_eq!(standing(&third).await, "refused");
        let late = format!("{url}/consents/{third}");
        let late = bench.browse(Method::POST, &late, "answer=once").await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.html.contains("answered already"), "{}", late.html);
        assert_eq!(standing(&third).await, "refused");
        let page = bench.show(&url).await;
        assert!(
            page.contains("service.restart (on pc, with unit cups.service)"),
            "{page}"
        );
        let before = bench.get("viewer", &consents).await;
        forget_consents(&bench.state.store).await;
        bench.state.store.rebuild_ticket(number).await.unwrap();
        assert_eq!(bench.get("viewer", &consents).await, before);
        session.abort();
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_asked_of_the_user_is_refused() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let (number, url) = bench.asked_for(&device).await;
        let other = bench.asked_for(&device).await.0;
        let refused = async |number: i64, change: &dyn Fn(&mut Value)| {
            let mut body = restart(&device);
            change(&mut body);
            let path = format!("/tickets/{number}/consents");
            let answer = bench.post("technician", &path, body).await;
            let text = |name: &str| answer.body[name].as_str().unwrap_or_default().to_owned();
            format!("{}: {}", text("field"), text("detail"))
        };
        let is = async |name: &str, value: Value, expected: &str| {
            let told = refused(number, &|body| body[name] = value.clone()).await;
            assert_eq!(told, expected);
        };
        is("parameters", json!({}), "parameters.unit: unit is missing").await;
        is(
            "expires_in_seconds",
            json!(0),
            "expires_in_seconds: 1 to 604800 seconds",
        )
        .await;
        is("plan", json!("x"), "plan: it is no job's id").await;
        let path = format!("/tickets/{other}/consents");
        let elsewhere = bench.post("technician", &path, restart(&device)).await;
        let id = elsewhere.body["id"].as_str().unwrap().to_owned();
        let foreign = format!("{url}/consents/{id}");
        let foreign = bench.browse(Method::POST, &foreign, "answer=once").await;
        assert_eq!(foreign.status, StatusCode::CONFLICT);
        let path = format!("/tickets/{other}/consents/{id}");
        assert_eq!(bench.get("viewer", &path).await["standing"], "asked");
        for _ in 0..10 {
            bench
                .post(
                    "technician",
                    &format!("/tickets/{number}/consents"),
                    restart(&device),
                )
                .await;
        }
        assert_eq!(
            refused(number, &|_| ()).await,
            "consent: 10 questions wait for an answer already"
        );
    })
    .await;
}

#[tokio::test]
async fn nothing_that_anybody_wrote_is_markup_and_the_page_stays_small() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let plain = {
            let (number, url) = bench.asked_for(&device).await;
            bench.press(&url, "message", "text=x").await;
            let path = format!("/tickets/{number}/messages");
            bench.post("technician", &path, json!({"text": "x"})).await;
            bench.show(&url).await
        };
        for text in hostile::texts().filter(|text| !text.trim().is_empty()) {
            let short: String = text.chars().take(150).collect();
            let ticket =
                json!({"title": format!("t{short}"), "requester": short, "devices": [device]});
            let opened = bench.post("technician", "/tickets", ticket).await;
            let path = format!("/tickets/{}", opened.body["number"]);
            let made = bench
                .post("technician", &format!("{path}/pages"), json!({}))
                .await;
            let url = made.body["url"].as_str().unwrap();
            let long: String = text.chars().take(20_000).collect();
            let body = json!({"text": long});
            bench
                .post("technician", &format!("{path}/messages"), body.clone())
                .await;
            bench.press(url, "message", &form(&long)).await;
            let page = bench.show(url).await;
            let tags = |page: &str| page.matches('<').count();
            assert_eq!(tags(&page), tags(&plain), "{text:?}\n{page}");
            let harm = page
                .chars()
                .find(|c| !sonde_proto::text::harmless(*c, true));
            assert_eq!(harm, None, "{text:?}");
        }
    })
    .await;
}

/// A text as a browser sends it.
fn form(text: &str) -> String {
    let escaped: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("text={escaped}")
}
