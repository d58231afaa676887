//! Live changes as server-sent events. A stream ends within a second when its credential does, or
//! when its listener may no longer see what it is about.

use std::time::Duration;

use axum::extract::State;
use axum::http::Method;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures::Stream;
use serde_json::json;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{Interval, interval};

use super::body::At;
use super::caller::{Caller, Viewer};
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::store::Id;
use crate::store::accounts::Role;
use crate::work::Live;

const CREDENTIAL_CHECKED_EVERY: Duration = Duration::from_millis(500);
const KEPT_ALIVE_EVERY: Duration = Duration::from_secs(15);

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/tickets/{ticket}/live",
            viewer,
            "Says when a ticket or one of its jobs has changed",
            get(of_ticket),
        )
        .streams(),
        Route::new(
            Method::GET,
            "/jobs/{job}/live",
            viewer,
            "Says when a job has come further",
            get(of_job),
        )
        .streams(),
    ]
}

#[derive(Clone, Copy)]
enum Topic {
    Ticket(i64),
    Job(Id),
}

impl Topic {
    /// What is said of a change; none: it is about something else.
    fn event(self, change: &Live) -> Option<Event> {
        let (name, data) = match (self, change) {
            (
                Self::Ticket(number),
                Live::Ticket {
                    number: of,
                    version,
                },
            ) if *of == number => ("ticket", json!({ "number": number, "version": version })),
            (Self::Ticket(number), Live::Job(change)) if change.ticket == Some(number) => {
                ("job", job(change))
            }
            (Self::Job(id), Live::Job(change)) if change.id == id => ("job", job(change)),
            _ => return None,
        };
        Some(Event::default().event(name).data(data.to_string()))
    }
}

fn job(change: &crate::store::work::JobChange) -> serde_json::Value {
    json!({
        "job": change.id.to_string(),
        "state": change.state.as_str(),
        "n_events": change.n_events,
        "ended": change.state.is_ended(),
    })
}

struct Listener {
    state: AppState,
    caller: Caller,
    topic: Topic,
    /// Where that belongs.
    site_key: i64,
    changes: broadcast::Receiver<Live>,
    check: Interval,
}

impl Listener {
    /// The next event; none: the stream ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                change = self.changes.recv() => match change {
                    Ok(change) => if let Some(event) = self.topic.event(&change) {
                        return Some(event);
                    },
                    Err(RecvError::Lagged(_)) => {
                        return Some(Event::default().event("missed").data("{}"));
                    }
                    Err(RecvError::Closed) => return None,
                },
                _ = self.check.tick() => {
                    let now = time::now_us();
                    let hash = self.caller.secret_hash;
                    match self.state.store.signed_in(&hash, now).await {
                        Ok(Some(now)) if now.account.sees(self.site_key) => {}
                        // A store that is away says nothing about the credential.
                        Err(error) if error.is_unavailable() => {}
                        Ok(_) | Err(_) => return None,
                    }
                }
            }
        }
    }
}

fn stream(
    state: AppState,
    caller: Caller,
    topic: Topic,
    site_key: i64,
    changes: broadcast::Receiver<Live>,
) -> Sse<impl Stream<Item = Result<Event, std::convert::Infallible>>> {
    let listener = Listener {
        state,
        caller,
        topic,
        site_key,
        changes,
        check: interval(CREDENTIAL_CHECKED_EVERY),
    };
    let events = futures::stream::unfold(listener, async |mut listener| {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEPT_ALIVE_EVERY))
}

async fn of_ticket(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(number): At<i64>,
) -> Result<impl IntoResponse, Problem> {
    let changes = state.work.subscribe();
    let site_key = caller.ticket(&state, number).await?.site_key;
    let topic = Topic::Ticket(number);
    Ok(stream(state, caller, topic, site_key, changes))
}

async fn of_job(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(id): At<String>,
) -> Result<impl IntoResponse, Problem> {
    let changes = state.work.subscribe();
    let job = caller.job(&state, &id).await?;
    let topic = Topic::Job(job.id);
    Ok(stream(state, caller, topic, job.site_key, changes))
}
