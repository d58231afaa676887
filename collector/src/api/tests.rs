//! The API as a whole: every route against every role, and the ways through it that people take.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use sonde_proto::v1;
use tower::ServiceExt as _;

use super::route::Least;
use super::{AppState, PREFIX, router, routes, time};
use crate::account::hash_secret;
use crate::bus::{Bus, Live};
use crate::link::registry::Registry;
use crate::store::accounts::{CredentialKind, NewAccount, NewCredential, Role};
use crate::store::reports::{Body as ReportBody, NewOutcome, NewReport};
use crate::store::testing::{self, HOUR_US, NOW, on_both};
use crate::store::work::NewJobEvent;
use crate::store::{Id, Store};
use crate::work::Work;

struct Bench {
    app: Router,
    registry: Registry,
    state: AppState,
}

struct Answer {
    status: StatusCode,
    etag: Option<String>,
    body: Value,
}

impl Bench {
    async fn new(store: Store) -> Self {
        let registry = Registry::default();
        let work = Work::new(store.clone(), registry.clone(), Bus::default());
        let state = AppState::new(store, work, &"ab".repeat(32));
        let bench = Self {
            app: router(state.clone()),
            registry,
            state,
        };
        for role in Role::ALL {
            bench.account(role.as_str(), role, &[]).await;
        }
        bench
    }

    /// An account whose secret is its name.
    async fn account(&self, name: &str, role: Role, sites: &[&str]) {
        let store = &self.state.store;
        for site in sites {
            store.create_site(site, NOW).await.unwrap();
        }
        let account_key = store
            .create_account(NewAccount {
                name: name.into(),
                role,
                password_hash: String::new(),
                sites: sites.iter().map(|&site| site.to_owned()).collect(),
                created_by: "root".into(),
                at: NOW,
            })
            .await
            .unwrap();
        store
            .set_totp(name, vec![1; 20], vec![], NOW)
            .await
            .unwrap();
        store
            .create_credential(NewCredential {
                account_key,
                secret_hash: hash_secret(name),
                kind: CredentialKind::Token,
                name: "test".into(),
                expires_at: time::now_us() + HOUR_US,
                idle_us: 0,
                at: time::now_us(),
            })
            .await
            .unwrap();
    }

    async fn call(&self, who: &str, method: Method, path: &str, body: Value) -> Answer {
        self.call_with(who, method, path, body, &[]).await
    }

    async fn call_with(
        &self,
        who: &str,
        method: Method,
        path: &str,
        body: Value,
        headers: &[(&'static str, &str)],
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{PREFIX}{path}"))
            .header(header::CONTENT_TYPE, "application/json");
        if !who.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {who}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Value::Null => Body::empty(),
            body => Body::from(body.to_string()),
        };
        let response = self
            .app
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let status = response.status();
        let etag = response
            .headers()
            .get(header::ETAG)
            .map(|tag| tag.to_str().unwrap().to_owned());
        let media_type = response.headers().get(header::CONTENT_TYPE).cloned();
        if media_type.is_some_and(|media_type| media_type == "text/event-stream") {
            return Answer {
                status,
                etag,
                body: Value::Null,
            };
        }
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24)
            .await
            .unwrap();
        Answer {
            status,
            etag,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    async fn get(&self, who: &str, path: &str) -> Value {
        let answer = self.call(who, Method::GET, path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.body
    }

    async fn post(&self, who: &str, path: &str, body: Value) -> Answer {
        self.call(who, Method::POST, path, body).await
    }

    /// A device that declares one check and one action.
    async fn device(&self) -> (String, i64) {
        let (id, key) = testing::device(&self.state.store, "pc").await;
        let text = |id: &str, en: &str, fr: &str| v1::Text {
            id: id.into(),
            en: en.into(),
            fr: fr.into(),
            ..v1::Text::default()
        };
        let catalogue = v1::Catalogue {
            checks: vec![v1::CheckDeclaration {
                id: "disk.space".into(),
                texts: vec![text(
                    "low",
                    "{free} free on {mount}",
                    "{free} libres sur {mount}",
                )],
                ..v1::CheckDeclaration::default()
            }],
            actions: vec![v1::ActionDeclaration {
                id: "service.restart".into(),
                version: 3,
                parameters: vec![v1::ParameterDeclaration {
                    name: "unit".into(),
                    r#type: v1::ValueType::Text.into(),
                    required: true,
                    ..v1::ParameterDeclaration::default()
                }],
                ..v1::ActionDeclaration::default()
            }],
            texts: Vec::new(),
        };
        let body = v1::declaration::Body::Catalogue(catalogue);
        let (declaration, bytes) = sonde_proto::declaration::encode(body);
        self.state
            .store
            .save_declarations(key, vec![(Id(declaration), bytes)], NOW)
            .await
            .unwrap();
        (id.to_string(), key)
    }

    /// The device's session: it runs every order that comes, and finds what it was told to.
    fn answers(&self, device_key: i64) -> tokio::task::JoinHandle<()> {
        let state = self.state.clone();
        let (handle, mut commands) = self.registry.add(device_key, device_key, Id([3; 16]));
        tokio::spawn(async move {
            let mut seq = 0;
            while commands.recv().await.is_some() {
                let pending = state.store.orders_for_device_pending(device_key).await;
                for order in pending.unwrap() {
                    seq += 1;
                    run_order(&state, device_key, order.id, seq).await;
                }
            }
            drop(handle);
        })
    }
}

fn number(value: f64) -> v1::argument::Value {
    v1::argument::Value::Number(v1::Number {
        value,
        unit: "%".into(),
    })
}

async fn run_order(state: &AppState, device_key: i64, order: Id, seq: u64) {
    let argument = |name: &str, value| v1::Argument {
        name: name.into(),
        value: Some(value),
    };
    let finding = v1::Finding {
        check: "disk.space".into(),
        subject: "/srv".into(),
        status: v1::Status::Critical.into(),
        message: Some(v1::Message {
            id: "low".into(),
            arguments: vec![
                argument("free", number(2.5)),
                argument("mount", v1::argument::Value::Text("/srv".into())),
            ],
        }),
        since_us: NOW,
        ..v1::Finding::default()
    };
    let events = [
        v1::job_event::Event::Accepted(v1::JobAccepted {}),
        v1::job_event::Event::Findings(v1::JobFindings {
            findings: vec![finding],
            verifies: false,
        }),
        v1::job_event::Event::Ended(v1::JobEnded {
            outcome: v1::Outcome::Succeeded.into(),
            ..v1::JobEnded::default()
        }),
    ];
    let events = (1..).zip(events).map(|(number, event)| NewJobEvent {
        at: NOW,
        event: v1::JobEvent {
            order_id: order.0.to_vec().into(),
            number,
            at_us: NOW,
            event: Some(event),
        },
    });
    let report = NewReport {
        device_key,
        spool_id: Id([1; 16]),
        seq,
        reported_at: NOW,
        corrected_at: NOW,
        boot_id: "b".into(),
        outcome: NewOutcome::Committed(ReportBody::Job(events.collect())),
    };
    let recorded = state.store.record_reports(vec![report]).await.unwrap();
    for change in recorded.into_iter().flat_map(|recorded| recorded.jobs) {
        state.work.announce(Live::Job(change));
    }
}

async fn connect(store: &Store, device_key: i64) {
    store
        .device_connected(crate::store::devices::Connected {
            device_key,
            installation_id: Id([3; 16]),
            boot_id: "b".into(),
            agent_version: "0.1.0".into(),
            hostname: "pc".into(),
            clock_offset_us: 0,
            spki: [7; 32],
            declaration_ids: store.device_declarations(device_key).await.unwrap(),
            at: NOW,
        })
        .await
        .unwrap();
}

fn rank(who: &str, least: Least) -> bool {
    match (who, least) {
        (_, Least::Stranger) => true,
        ("", _) => false,
        (_, Least::SignedIn) => true,
        (who, Least::Role(role)) => Role::named(who).unwrap() >= role,
    }
}

#[tokio::test]
async fn every_route_refuses_strangers_and_roles_that_are_too_low() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        for route in routes() {
            let path = route
                .path
                .replace("{ticket}", "999")
                .replace('{', "")
                .replace('}', "");
            for who in ["viewer", "", "technician", "senior", "admin"] {
                if route.path == "/sign-out" && !who.is_empty() {
                    continue;
                }
                let answer = bench
                    .call(who, route.method.clone(), &path, json!({}))
                    .await;
                let refused = matches!(
                    answer.status,
                    StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
                );
                let named = format!("{} {} as {who:?}: {}", route.method, path, answer.body);
                assert_eq!(!refused, rank(who, route.least), "{named}");
                if refused {
                    let is_stranger = who.is_empty();
                    assert_eq!(
                        answer.status == StatusCode::UNAUTHORIZED,
                        is_stranger,
                        "{named}"
                    );
                    assert!(answer.body["remedy"].is_string(), "{named}");
                }
            }
        }
    })
    .await;
}

#[test]
fn whatever_asks_a_device_has_its_ticket_in_the_path() {
    let asking: Vec<&str> = routes()
        .iter()
        .filter(|route| route.asks_device)
        .map(|route| route.path)
        .collect();
    assert_eq!(
        asking,
        [
            "/tickets/{ticket}/checks",
            "/tickets/{ticket}/actions",
            "/tickets/{ticket}/tables"
        ]
    );
}

#[tokio::test]
async fn the_document_describes_every_route() {
    let folder = testing::Folder::new();
    let store = Store::open(&folder.sqlite_url()).await.unwrap();
    let bench = Bench::new(store).await;
    let request = Request::get("/api/openapi.json")
        .body(Body::empty())
        .unwrap();
    let response = bench.app.oneshot(request).await.unwrap();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 24)
        .await
        .unwrap();
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    for route in routes() {
        let path = format!("{PREFIX}{}", route.path);
        let method = route.method.as_str().to_lowercase();
        let operation = &document["paths"][&path][&method];
        assert!(operation["summary"].is_string(), "{method} {path}");
    }
    let text = document.to_string();
    for (at, _) in text.match_indices("#/components/schemas/") {
        let name = text[at + 21..].split('"').next().unwrap();
        let schema = &document["components"]["schemas"][name];
        assert!(schema.is_object(), "{name} is named and not described");
    }
}

#[tokio::test]
async fn from_a_ticket_a_check_is_run_and_read_in_both_languages() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        connect(&bench.state.store, key).await;
        let session = bench.answers(key);
        let opened = bench
            .post(
                "technician",
                "/tickets",
                json!({"title": "slow", "devices": [device]}),
            )
            .await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
        assert_eq!(opened.body["number"], 1);
        let snapshots = bench.get("viewer", "/tickets/1/snapshots").await;
        assert_eq!(snapshots["items"][0]["partial"], false);
        let ask = json!({"device": device, "checks": ["disk.space"], "wait_seconds": 30});
        let ran = bench.post("technician", "/tickets/1/checks", ask).await;
        assert_eq!(ran.status, StatusCode::OK, "{}", ran.body);
        let job = &ran.body["jobs"][0];
        assert_eq!(job["state"], "succeeded");
        assert_eq!(job["findings"][0]["summary"], "2.5\u{a0}% free on /srv");
        assert_eq!(
            job["findings"][0]["args"],
            json!({"free": 2.5, "mount": "/srv"})
        );
        let path = format!("/jobs/{}?lang=fr", job["id"].as_str().unwrap());
        let french = bench.get("viewer", &path).await;
        assert_eq!(
            french["findings"][0]["summary"],
            "2,5\u{a0}% libres sur /srv"
        );
        let timeline = bench.get("viewer", "/tickets/1/timeline").await;
        let kinds: Vec<&str> = timeline["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["kind"].as_str().unwrap())
            .collect();
        assert_eq!(
            kinds,
            [
                "opened",
                "device_added",
                "snapshot_taken",
                "work_asked",
                "work_ended"
            ]
        );
        session.abort();
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_with_its_field_and_remedy() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        bench.post("technician", "/tickets", json!({"title": "slow"})).await;
        let refused = async |path: &str, body: Value| {
            let answer = bench.post("technician", path, body).await;
            format!(
                "{} {}: {} / {}",
                answer.status.as_u16(),
                answer.body["field"].as_str().unwrap_or_default(),
                answer.body["detail"].as_str().unwrap_or_default(),
                answer.body["remedy"].as_str().unwrap_or_default()
            )
        };
        assert_eq!(
            refused("/tickets/1/checks", json!({"device": device, "checks": ["disk.spice"]})).await,
            "422 checks[0]: the device has no check \"disk.spice\" / it has: disk.space"
        );
        let action = |phase: &str, parameters: Value| {
            json!({"device": device, "action": "service.restart", "phase": phase, "parameters": parameters})
        };
        assert_eq!(
            refused("/tickets/1/actions", action("plan", json!({"unit": 7}))).await,
            "422 parameters.unit: 7 is not of type text / "
        );
        let unknown_phase = refused("/tickets/1/actions", action("do", json!({}))).await;
        assert!(unknown_phase.starts_with("422 phase: unknown variant `do`"), "{unknown_phase}");
        let unknown_field =
            refused("/tickets/1/checks", json!({"device": device, "wait": 3})).await;
        assert!(unknown_field.starts_with("422 wait: unknown field `wait`"), "{unknown_field}");
        let nowhere = refused("/tickets/77/checks", json!({"device": device})).await;
        assert_eq!(nowhere, "404 : no ticket 77 that you may see / ");
        for state in ["proposed", "resolved", "closed"] {
            bench.post("technician", "/tickets/1/state", json!({"state": state})).await;
        }
        assert_eq!(
            refused("/tickets/1/checks", json!({"device": device})).await,
            "422 ticket: ticket 1 is closed; a device can be asked for a ticket that is new, open, waiting, \
             proposed, resolved / open a new one"
        );
        assert_eq!(bench.state.store.n_open_jobs(key).await, Ok(0));
    })
    .await;
}

#[tokio::test]
async fn an_order_for_a_device_that_is_away_is_queued_and_says_so() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        bench
            .post("technician", "/tickets", json!({"title": "slow"}))
            .await;
        let ask = json!({"device": device, "wait_seconds": 30, "expires_in_seconds": 60});
        let asked = bench.post("technician", "/tickets/1/checks", ask).await;
        let job = &asked.body["jobs"][0];
        assert_eq!(job["state"], "queued");
        assert_eq!(job["waiting_for_device"], true);
        let path = format!("/jobs/{}/cancel", job["id"].as_str().unwrap());
        let cancelled = bench.post("technician", &path, Value::Null).await;
        assert_eq!(
            cancelled.body,
            json!({"outcome": "cancelled", "state": "cancelled"})
        );
    })
    .await;
}

#[tokio::test]
async fn another_sites_things_are_not_there() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        bench.account("elsewhere", Role::Admin, &["lyon"]).await;
        let opened = bench
            .post(
                "technician",
                "/tickets",
                json!({"title": "slow", "devices": [device]}),
            )
            .await;
        assert_eq!(opened.status, StatusCode::CREATED);
        for path in [
            format!("/devices/{device}"),
            format!("/devices/{device}/findings"),
            "/tickets/1".into(),
            "/tickets/1/live".into(),
            "/tickets/1/timeline".into(),
        ] {
            let answer = bench
                .call("elsewhere", Method::GET, &path, Value::Null)
                .await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(bench.get("elsewhere", "/devices").await["items"], json!([]));
        assert_eq!(bench.get("elsewhere", "/tickets").await["items"], json!([]));
        let ask = json!({"device": device});
        let asked = bench.post("elsewhere", "/tickets/1/checks", ask).await;
        assert_eq!(asked.status, StatusCode::NOT_FOUND);
        let all = bench
            .call("elsewhere", Method::GET, "/accounts", Value::Null)
            .await;
        assert_eq!(all.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_changes_gets_412_and_a_repeated_call_its_first_answer() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let key = [("idempotency-key", "k1")];
        let open = async |title: &str| {
            let body = json!({ "title": title });
            bench
                .call_with("technician", Method::POST, "/tickets", body, &key)
                .await
        };
        let first = open("slow").await;
        let again = open("slow").await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        assert_eq!(open("other").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let tag = first.etag.unwrap();
        let note = async |tag: &str| {
            let body = json!({"text": "seen"});
            let headers = [("if-match", tag)];
            bench
                .call_with(
                    "technician",
                    Method::POST,
                    "/tickets/1/notes",
                    body,
                    &headers,
                )
                .await
        };
        let noted = note(&tag).await;
        assert_eq!(noted.status, StatusCode::OK, "{}", noted.body);
        assert_eq!(note(&tag).await.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(note(&noted.etag.unwrap()).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn disabling_an_account_ends_what_it_is_signed_in_with() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        assert_eq!(bench.get("technician", "/me").await["role"], "technician");
        let body = json!({"disabled": true});
        let changed = bench
            .call("admin", Method::PATCH, "/accounts/technician", body)
            .await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
        let me = bench
            .call("technician", Method::GET, "/me", Value::Null)
            .await;
        assert_eq!(me.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}
