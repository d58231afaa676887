//! Live metrics of a device: asked for on a ticket, then watched as server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{Interval, interval};

use super::super::body::At;
use super::super::caller::{Caller, Technician};
use super::super::live::{CREDENTIAL_CHECKED_EVERY, KEPT_ALIVE_EVERY};
use super::super::{AppState, Problem, time};
use super::Prepared;
use crate::store::work::{Job, JobState};
use crate::wording::wording;
use crate::work::{Live, LiveValue, Request, Seen, Told, Watching};

/// How long a look lasts at most; whoever looks still asks again.
const MOST_SECONDS: u32 = 1_800;
/// The order is taken at once or not at all: who wants to look looks now.
const EXPIRY_US: i64 = 60_000_000;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AskLive {
    /// Id of a device; it has to be connected.
    device: String,
    /// For how long; half an hour if it is not given, which is also the most.
    seconds: Option<u32>,
    /// Answer when the job has ended, or after so many seconds, 300 at most; 0: at once.
    #[serde(default)]
    wait_seconds: u32,
}

impl AskLive {
    pub(super) async fn prepare(
        self,
        state: &AppState,
        caller: &Caller,
        site_key: i64,
    ) -> Result<Prepared, Problem> {
        let device = caller.device_of_site(state, site_key, &self.device).await?;
        let seconds = self.seconds.unwrap_or(MOST_SECONDS);
        if !(1..=MOST_SECONDS).contains(&seconds) {
            let range = wording!("1 to {} seconds", MOST_SECONDS);
            return Err(Problem::field("seconds", range));
        }
        if !state.work.is_connected(device.device_key) {
            let what = wording!(
                "{} is not connected: nothing of it is live",
                device.hostname
            );
            return Err(Problem::field("device", what).remedy(wording!(
                "what was measured before is kept: sonde device metrics DEVICE"
            )));
        }
        Ok(Prepared {
            devices: vec![device],
            request: Request::Live { seconds },
            wait_seconds: self.wait_seconds,
            expires_in_us: EXPIRY_US,
        })
    }
}

/// One who watches.
struct Watcher {
    state: AppState,
    caller: Caller,
    job: Job,
    watching: Watching,
    changes: broadcast::Receiver<Told>,
    check: Interval,
    waiting: VecDeque<Event>,
    /// It has been told that the job has ended.
    is_over: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    metric: &'a str,
    labels: &'a str,
    unit: &'a str,
    value: f64,
}

fn shown(value: &LiveValue) -> Shown<'_> {
    Shown {
        metric: &value.name,
        labels: &value.labels,
        unit: &value.unit,
        value: value.value,
    }
}

fn event(name: &str, data: &Value) -> Event {
    Event::default().event(name).data(data.to_string())
}

fn seen(seen: &Seen) -> Event {
    match seen {
        Seen::Sample {
            at,
            n_missed,
            values,
        } => {
            let values: Vec<Shown<'_>> = values.iter().map(shown).collect();
            let data = json!({ "at": time::shown(*at), "missed": n_missed, "values": values });
            event("sample", &data)
        }
        Seen::Away => event("away", &json!({})),
    }
}

impl Watcher {
    /// The next event; none: the stream ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.is_over {
                return None;
            }
            tokio::select! {
                next = self.watching.next() => match next {
                    Ok(next) => self.waiting.push_back(seen(&next)),
                    Err(RecvError::Lagged(n_missed)) => {
                        let data = json!({ "samples": n_missed });
                        self.waiting.push_back(event("missed", &data));
                    }
                    Err(RecvError::Closed) => return None,
                },
                told = self.changes.recv() => match told {
                    Ok(Told { change: Live::Job(change), .. }) if change.id == self.job.id => {
                        self.is_now(change.state);
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => {
                        let job = self.state.store.job(self.job.id).await.ok().flatten()?;
                        self.is_now(job.state);
                    }
                    Err(RecvError::Closed) => return None,
                },
                _ = self.check.tick() => {
                    if !self.may_still().await {
                        return None;
                    }
                }
            }
        }
    }

    fn is_now(&mut self, state: JobState) {
        self.is_over = state.is_ended();
        let data = json!({
            "job": self.job.id.to_string(), "state": state.as_str(), "ended": self.is_over,
        });
        self.waiting.push_back(event("job", &data));
    }

    async fn may_still(&mut self) -> bool {
        let hash = self.caller.secret_hash;
        match self.state.store.signed_in(&hash, time::now_us()).await {
            Ok(Some(now)) => {
                self.caller.account = now.account;
                self.caller.account.sees(self.job.site_key)
            }
            // A store that is away says nothing about the credential.
            Err(error) => error.is_unavailable(),
            Ok(None) => false,
        }
    }
}

/// Shows what a job of live metrics brings, until it ends.
pub(super) async fn watch(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(id): At<String>,
) -> Result<impl IntoResponse, Problem> {
    // Before the job is read, so that its end is not missed.
    let changes = state.work.subscribe();
    let job = caller.job(&state, &id).await?;
    if job.kind != "live" {
        let what = wording!("job {} shows no live metrics", id);
        return Err(Problem::field("job", what).remedy(wording!(
            "ask for them: POST /tickets/{ticket}/live-metrics"
        )));
    }
    if job.state.is_ended() {
        let what = wording!("job {} has ended: {}", id, job.state.as_str());
        return Err(Problem::new(StatusCode::CONFLICT, "conflict", what)
            .remedy(wording!("ask again: POST /tickets/{ticket}/live-metrics")));
    }
    let watching = state.work.watch(job.device_key, job.id);
    let mut watcher = Watcher {
        state,
        caller,
        watching,
        changes,
        check: interval(CREDENTIAL_CHECKED_EVERY),
        waiting: VecDeque::new(),
        is_over: false,
        job,
    };
    watcher.is_now(watcher.job.state);
    let events = futures::stream::unfold(watcher, async |mut watcher| {
        let event = watcher.next().await?;
        Some((Ok::<_, Infallible>(event), watcher))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEPT_ALIVE_EVERY)))
}
