//! Live changes as server-sent events. A stream ends within a second when its credential does, or
//! when its listener may no longer see what it is about.

use std::collections::VecDeque;
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
use crate::store::accounts::Role;
use crate::store::devices::Device;
use crate::store::tickets::NumberedTicket;
use crate::store::work::JobChange;
use crate::store::{Id, StoreError};
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
        Route::new(
            Method::GET,
            "/devices/{device}/live",
            viewer,
            "Says when a device has come or gone, when what is known of it or one of its jobs has changed",
            get(of_device),
        )
        .streams(),
    ]
}

#[derive(Clone, Copy)]
enum Topic {
    Ticket(i64),
    Job(Id),
    Device(i64),
}

/// What is said of a change; a ticket and a device as they are when it is said.
enum Said {
    Ticket,
    Job(JobChange),
    Device,
}

impl Topic {
    fn said(self, change: Live) -> Vec<Said> {
        match (self, change) {
            (Self::Ticket(number), Live::Ticket { number: of, .. }) if of == number => {
                vec![Said::Ticket]
            }
            (Self::Ticket(number), Live::Job(change)) if change.ticket == Some(number) => {
                // The end of a job stands on the timeline.
                let is_event = change.state.is_ended();
                let ticket = is_event.then_some(Said::Ticket);
                [Said::Job(change)].into_iter().chain(ticket).collect()
            }
            (Self::Job(id), Live::Job(change)) if change.id == id => vec![Said::Job(change)],
            (Self::Device(key), Live::Job(change)) if change.device_key == key => {
                vec![Said::Job(change)]
            }
            (Self::Device(key), Live::Device { device_key }) if device_key == key => {
                vec![Said::Device]
            }
            _ => vec![],
        }
    }
}

fn event(name: &str, data: &serde_json::Value) -> Event {
    Event::default().event(name).data(data.to_string())
}

fn job(change: &JobChange) -> Event {
    let data = json!({
        "job": change.id.to_string(),
        "state": change.state.as_str(),
        "n_events": change.n_events,
        "ended": change.state.is_ended(),
    });
    event("job", &data)
}

fn ticket(ticket: &NumberedTicket) -> Event {
    let data = json!({ "number": ticket.number, "version": ticket.ticket.version });
    event("ticket", &data)
}

fn device(device: &Device) -> Event {
    let data = json!({
        "device": device.id.to_string(),
        "connected": device.connected_at.is_some(),
    });
    event("device", &data)
}

struct Listener {
    state: AppState,
    caller: Caller,
    topic: Topic,
    /// Where that belongs.
    site_key: i64,
    changes: broadcast::Receiver<Live>,
    /// How it stands when the stream begins, and what else is to be said.
    waiting: VecDeque<Said>,
    first: Option<Event>,
    check: Interval,
}

impl Listener {
    /// The next event; none: the stream ends.
    async fn next(&mut self) -> Option<Event> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            if let Some(said) = self.waiting.pop_front() {
                match self.say(said).await {
                    Ok(Some(event)) => return Some(event),
                    Ok(None) => continue,
                    // Who listens reads anew what could not be read here.
                    Err(_) => return Some(event("missed", &json!({}))),
                }
            }
            tokio::select! {
                change = self.changes.recv() => match change {
                    Ok(change) => self.waiting.extend(self.topic.said(change)),
                    Err(RecvError::Lagged(_)) => {
                        return Some(event("missed", &json!({})));
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

impl Listener {
    async fn say(&self, said: Said) -> Result<Option<Event>, StoreError> {
        let store = &self.state.store;
        Ok(match (said, self.topic) {
            (Said::Job(change), _) => Some(job(&change)),
            (Said::Ticket, Topic::Ticket(number)) => {
                store.ticket(number).await?.map(|found| ticket(&found))
            }
            (Said::Device, Topic::Device(key)) => {
                store.device_by_key(key).await?.map(|found| device(&found))
            }
            (Said::Ticket | Said::Device, _) => None,
        })
    }
}

/// A stream whose first event says how it stands: what changed before anybody listened is not missed.
fn stream(
    state: AppState,
    caller: Caller,
    (topic, first): (Topic, Event),
    site_key: i64,
    changes: broadcast::Receiver<Live>,
) -> Sse<impl Stream<Item = Result<Event, std::convert::Infallible>>> {
    let listener = Listener {
        state,
        caller,
        topic,
        site_key,
        changes,
        waiting: VecDeque::new(),
        first: Some(first),
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
    let found = caller.ticket(&state, number).await?;
    let topic = (Topic::Ticket(number), ticket(&found));
    Ok(stream(state, caller, topic, found.site_key, changes))
}

async fn of_job(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(id): At<String>,
) -> Result<impl IntoResponse, Problem> {
    let changes = state.work.subscribe();
    let found = caller.job(&state, &id).await?;
    let now = JobChange {
        id: found.id,
        device_key: found.device_key,
        ticket: found.ticket,
        state: found.state,
        n_events: found.n_events,
    };
    let topic = (Topic::Job(found.id), job(&now));
    Ok(stream(state, caller, topic, found.site_key, changes))
}

async fn of_device(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(id): At<String>,
) -> Result<impl IntoResponse, Problem> {
    let changes = state.work.subscribe();
    let found = caller.device(&state, &id).await?;
    let topic = (Topic::Device(found.device_key), device(&found));
    Ok(stream(state, caller, topic, found.site_key, changes))
}
