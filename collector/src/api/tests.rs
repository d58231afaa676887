//! The API as a whole, over the router that people reach.

mod accounts;
mod asked;
mod assets;
mod attachments;
mod canned;
mod case_file;
mod codes;
mod counted;
mod devices;
mod erasure;
mod escalation;
mod facts;
mod french;
mod judgement;
mod lists;
mod live;
mod marks;
mod mutes;
mod pages;
mod persons;
mod policies;
mod probes;
mod proof;
mod query;
mod reads;
mod recorder;
mod remote_tools;
mod requester;
mod rights;
mod roles;
mod search;
mod sessions;
mod silences;
mod sla;
mod tickets;
mod tokens;
mod views;
mod waits;
mod watched;
mod ways;
mod webhooks;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use serde_json::Value;
use sonde_proto::v1;
use tokio::sync::mpsc;
use tower::ServiceExt as _;

use super::{AppState, PREFIX, router, time};
use crate::account::hash_secret;
use crate::bus::{Bus, Live};
use crate::fleet::Policies;
use crate::link::gate::{Caps, Gate};
use crate::link::registry::{Command, Handle, Registry};
use crate::store::accounts::{CredentialKind, NewAccount, NewCredential, Role};
use crate::store::reports::{Body as ReportBody, NewOutcome, NewReport};
use crate::store::testing::{self, HOUR_US, NOW};
use crate::store::work::{JobChange, NewJobEvent};
use crate::store::{Id, Store};
use crate::work::Work;

pub(super) struct Bench {
    app: Router,
    registry: Registry,
    pub(super) state: AppState,
}

struct Answer {
    status: StatusCode,
    etag: Option<String>,
    retry_after: Option<String>,
    cookie: Option<String>,
    language: Option<String>,
    body: Value,
}

impl Answer {
    /// A refusal in a line: status, field, what is wrong.
    fn told(&self) -> String {
        let text = |name: &str| self.body[name].as_str().unwrap_or_default().to_owned();
        format!(
            "{} {}: {}",
            self.status.as_u16(),
            text("field"),
            text("detail")
        )
    }
}

impl Bench {
    pub(super) async fn new(store: Store) -> Self {
        let registry = Registry::default();
        let work = Work::new(store.clone(), registry.clone(), Bus::default());
        let state = AppState::new(
            store,
            work,
            Policies::default(),
            Gate::new(Caps::default()),
            &"ab".repeat(32),
            Duration::from_secs(15),
            "https://help.example",
        );
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

    /// An account whose token is its name, and its session that with "-session" behind.
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
        let session = format!("{name}-session");
        for (secret, kind) in [
            (name, CredentialKind::Token),
            (&*session, CredentialKind::Session),
        ] {
            store
                .create_credential(NewCredential {
                    account_key,
                    secret_hash: hash_secret(secret),
                    kind,
                    name: "test".into(),
                    expires_at: time::now_us() + HOUR_US,
                    idle_us: 0,
                    at: time::now_us(),
                })
                .await
                .unwrap();
        }
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
        let body = match body.is_null() {
            true => Body::empty(),
            false => Body::from(body.to_string()),
        };
        let response = self
            .app
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let status = response.status();
        let head = |name| {
            let value = response.headers().get(name);
            value.map(|value: &HeaderValue| value.to_str().unwrap().to_owned())
        };
        let (etag, retry_after) = (head(header::ETAG), head(header::RETRY_AFTER));
        let cookie = head(header::SET_COOKIE);
        let language = head(header::CONTENT_LANGUAGE);
        let media_type = response.headers().get(header::CONTENT_TYPE).cloned();
        if media_type.is_some_and(|media_type| media_type == "text/event-stream") {
            return Answer {
                status,
                etag,
                retry_after,
                cookie,
                language,
                body: Value::Null,
            };
        }
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24)
            .await
            .unwrap();
        Answer {
            status,
            etag,
            retry_after,
            cookie,
            language,
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

    /// A device that declares one check, one action and one table.
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
                number: 1,
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
        let processes = v1::TableDeclaration {
            name: "processes".into(),
            ..v1::TableDeclaration::default()
        };
        let declarations = [
            v1::declaration::Body::Catalogue(catalogue),
            v1::declaration::Body::Table(processes),
        ];
        let declarations = declarations.map(|body| {
            let (id, bytes) = sonde_proto::declaration::encode(body);
            (Id(id), bytes)
        });
        self.state
            .store
            .save_declarations(key, declarations.into(), NOW)
            .await
            .unwrap();
        (id.to_string(), key)
    }

    /// The device's session, and what it is told.
    fn session(&self, device_key: i64) -> (Handle, mpsc::Receiver<Command>) {
        let installation = Id([3; 16]);
        let added = self.registry.add(device_key, device_key, installation, &[]);
        added.unwrap()
    }

    /// The device's session: it runs every order that comes, and finds what it was told to.
    fn answers(&self, device_key: i64) -> tokio::task::JoinHandle<()> {
        let state = self.state.clone();
        let (handle, mut commands) = self.session(device_key);
        tokio::spawn(async move {
            let mut seq = 0;
            while commands.recv().await.is_some() {
                let pending = state.store.orders_for_device_pending(device_key).await;
                for order in pending.unwrap() {
                    seq += 1;
                    for change in run_order(&state, device_key, order.id, seq).await {
                        state.work.announce(Live::Job(change));
                    }
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

/// What is wrong on every device here.
fn critical() -> v1::Finding {
    let argument = |name: &str, value| v1::Argument {
        name: name.into(),
        value: Some(value),
        ..v1::Argument::default()
    };
    v1::Finding {
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
    }
}

/// Runs an order as a device would; what became of it, which nobody has been told yet.
async fn run_order(state: &AppState, device_key: i64, order: Id, seq: u64) -> Vec<JobChange> {
    run_and_find(state, device_key, order, seq, critical()).await
}

/// The same, finding something else.
async fn run_and_find(
    state: &AppState,
    device_key: i64,
    order: Id,
    seq: u64,
    finding: v1::Finding,
) -> Vec<JobChange> {
    let events = [
        v1::job_event::Event::Accepted(v1::JobAccepted {}),
        v1::job_event::Event::Findings(v1::JobFindings {
            findings: vec![finding],
            verifies: false,
        }),
        v1::job_event::Event::Ended(v1::JobEnded {
            outcome: v1::Outcome::Succeeded.into(),
            can_undo: true,
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
    let changes = recorded.into_iter().flat_map(|recorded| recorded.jobs);
    changes.collect()
}

async fn connect(store: &Store, device_key: i64) {
    store
        .device_connected(crate::store::devices::Connected {
            device_key,
            installation_id: Id([3; 16]),
            boot_id: "b".into(),
            agent_version: "0.1.0".into(),
            hostname: "pc".into(),
            names: crate::store::devices::MachineNames::default(),
            clock_offset_us: 0,
            spki: [7; 32],
            declaration_ids: store.device_declarations(device_key).await.unwrap(),
            at: NOW,
        })
        .await
        .unwrap();
}
