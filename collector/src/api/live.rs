//! Live changes as server-sent events. A stream ends within a second when its credential does, or
//! when its listener may no longer see what it is about.

mod id;
mod lights;

use std::collections::VecDeque;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures::Stream;
use serde_json::{Value, json};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{Interval, interval};

use super::body::At;
use super::caller::{Caller, Viewer};
use super::looking::Look;
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::bus::Missed;
use crate::store::accounts::{CredentialKind, Role};
use crate::store::devices::Device;
use crate::store::tickets::NumberedTicket;
use crate::store::work::JobChange;
use crate::store::{Id, StoreError};
use crate::work::{Live, Told};
use id::EventId;

pub(super) const CREDENTIAL_CHECKED_EVERY: Duration = Duration::from_millis(500);
pub(super) const KEPT_ALIVE_EVERY: Duration = Duration::from_secs(15);

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/tickets/live",
            viewer,
            "Says which ticket has changed, and which device has enrolled, of all that one may see",
            get(of_all),
        )
        .streams(),
        Route::new(
            Method::GET,
            "/tickets/{ticket}/live",
            viewer,
            "Says when a ticket or one of its jobs has changed, and who has it open in a browser",
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
            "/devices/live",
            viewer,
            "Says which devices have come or gone or turned, with their lights, of all that one may see",
            get(lights::of_devices),
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
    /// Every ticket that the listener may see.
    Tickets,
    Ticket(i64),
    Job(Id),
    Device(i64),
    /// Every device that the listener may see.
    Devices,
}

/// What is said of a change; a ticket and a device as they are when it is said.
enum Said {
    /// The listener hears of everything from now on.
    Listening,
    Ticket(i64),
    Looking(i64),
    /// By key.
    Enrolled(i64),
    Job(JobChange),
    Snapshot(Value),
    Device,
    /// By keys.
    Lights(Vec<i64>),
    /// What was missed is not known: read anew.
    Resync,
}

impl Topic {
    fn said(self, change: Live) -> Vec<Said> {
        match (self, change) {
            (Self::Tickets, Live::Ticket { number, .. }) => vec![Said::Ticket(number)],
            (Self::Tickets, Live::Job(change)) if change.state.is_ended() => {
                change.ticket.map(Said::Ticket).into_iter().collect()
            }
            (Self::Tickets, Live::Snapshot { ticket, .. }) => vec![Said::Ticket(ticket)],
            (Self::Tickets, Live::Enrolled { device_key }) => vec![Said::Enrolled(device_key)],
            (Self::Ticket(number), Live::Ticket { number: of, .. }) if of == number => {
                vec![Said::Ticket(number)]
            }
            (Self::Ticket(number), Live::Looking { ticket }) if ticket == number => {
                vec![Said::Looking(number)]
            }
            (Self::Ticket(number), Live::Job(change)) if change.ticket == Some(number) => {
                // The end of a job stands on the timeline.
                let is_event = change.state.is_ended();
                let ticket = is_event.then_some(Said::Ticket(number));
                [Said::Job(change)].into_iter().chain(ticket).collect()
            }
            (Self::Job(id), Live::Job(change)) if change.id == id => vec![Said::Job(change)],
            (Self::Device(key), Live::Job(change)) if change.device_key == key => {
                vec![Said::Job(change)]
            }
            (Self::Devices, Live::Device { device_key } | Live::Enrolled { device_key }) => {
                vec![Said::Lights(vec![device_key])]
            }
            (Self::Device(key), Live::Device { device_key }) if device_key == key => {
                vec![Said::Device]
            }
            (
                of @ (Self::Ticket(_) | Self::Device(_)),
                Live::Snapshot {
                    id,
                    ticket,
                    device_key,
                    partial,
                },
            ) => {
                let data =
                    json!({ "snapshot": id.to_string(), "ticket": ticket, "partial": partial });
                match of {
                    // It stands on the timeline.
                    Self::Ticket(number) if number == ticket => {
                        vec![Said::Snapshot(data), Said::Ticket(number)]
                    }
                    Self::Device(key) if key == device_key => vec![Said::Snapshot(data)],
                    Self::Tickets
                    | Self::Ticket(_)
                    | Self::Device(_)
                    | Self::Devices
                    | Self::Job(_) => vec![],
                }
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
    /// Where that belongs; none: in many places.
    site_key: Option<i64>,
    /// That somebody looks.
    _look: Option<Look>,
    changes: broadcast::Receiver<Told>,
    /// What is to be said, and the id of what ends with it: who has heard all of a change has heard it.
    waiting: VecDeque<(Said, Option<EventId>)>,
    check: Interval,
    lights: Interval,
}

impl Listener {
    /// The next event; none: the stream ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if matches!(self.waiting.front(), Some((Said::Lights(_), _))) {
                self.lights.tick().await;
                self.gather();
            }
            if let Some((said, id)) = self.waiting.pop_front() {
                let event = match self.say(said).await {
                    Ok(None) => continue,
                    Ok(Some(event)) => event,
                    // Who listens reads anew what could not be read here.
                    Err(_) => resync(),
                };
                return Some(match id {
                    Some(id) => event.id(id.to_string()),
                    None => event,
                });
            }
            tokio::select! {
                told = self.changes.recv() => match told {
                    Ok(told) => self.hear(told),
                    Err(RecvError::Lagged(_)) => self.waiting.push_back((Said::Resync, None)),
                    Err(RecvError::Closed) => return None,
                },
                _ = self.check.tick() => {
                    let now = time::now_us();
                    let hash = self.caller.secret_hash;
                    match self.state.store.signed_in(&hash, now).await {
                        Ok(Some(now))
                            if self.site_key.is_none_or(|key| now.account.sees(key)) =>
                        {
                            self.caller.account = now.account;
                        }
                        // A store that is away says nothing about the credential.
                        Err(error) if error.is_unavailable() => {}
                        Ok(_) | Err(_) => return None,
                    }
                }
            }
        }
    }

    fn hear(&mut self, told: Told) {
        let mut said = self.topic.said(told.change);
        let Some(last) = said.pop() else {
            return;
        };
        self.waiting
            .extend(said.into_iter().map(|said| (said, None)));
        let run = self.state.work.bus().run();
        let number = told.number;
        self.waiting
            .push_back((last, Some(EventId { run, number })));
    }

    async fn say(&self, said: Said) -> Result<Option<Event>, StoreError> {
        let store = &self.state.store;
        Ok(match (said, self.topic) {
            (Said::Job(change), _) => Some(job(&change)),
            (Said::Snapshot(data), _) => Some(event("snapshot", &data)),
            (Said::Resync, _) => Some(resync()),
            (Said::Listening, _) => Some(event("listening", &json!({}))),
            (Said::Ticket(number), _) => {
                let found = store.ticket(number).await?;
                let found = found.filter(|found| self.caller.account.sees(found.site_key));
                found.map(|found| ticket(&found))
            }
            (Said::Enrolled(key), _) => {
                let found = store.device_by_key(key).await?;
                let found = found.filter(|found| self.caller.account.sees(found.site_key));
                found.map(|found| {
                    let data =
                        json!({ "device": found.id.to_string(), "hostname": found.hostname });
                    event("enrolled", &data)
                })
            }
            (Said::Looking(number), _) => {
                let names = self.state.looking.names(number);
                Some(event("looking", &json!({ "names": names })))
            }
            (Said::Device, Topic::Device(key)) => {
                store.device_by_key(key).await?.map(|found| device(&found))
            }
            (Said::Device, _) => None,
            (Said::Lights(keys), _) => {
                let found = store.devices_by_key(keys).await?;
                let sees = |device: &&Device| self.caller.account.sees(device.site_key);
                let seen: Vec<&Device> = found.values().filter(sees).collect();
                (!seen.is_empty()).then(|| lights::told(&seen))
            }
        })
    }
}

/// Who begins to listen, from when on, and what it has heard before.
struct Begin {
    changes: broadcast::Receiver<Told>,
    /// Of the last change before it listened.
    number: u64,
    heard: Option<EventId>,
}

impl Begin {
    /// Before the subject is read, so that no change falls in between.
    fn new(state: &AppState, headers: &HeaderMap) -> Self {
        let (changes, number) = state.work.bus().listen();
        Self {
            changes,
            number,
            heard: EventId::of(headers),
        }
    }

    /// A stream that says what was missed, or that this is not known; then how it stands, then what changes.
    fn stream(
        self,
        state: AppState,
        caller: Caller,
        (topic, first): (Topic, Said),
        site_key: Option<i64>,
    ) -> Sse<impl Stream<Item = Result<Event, std::convert::Infallible>>> {
        let is_browser = caller.kind == CredentialKind::Session;
        let look = match topic {
            Topic::Ticket(number) if is_browser => {
                let (bus, name) = (state.work.bus(), &caller.account.name);
                Some(state.looking.begin(bus, number, name))
            }
            Topic::Tickets
            | Topic::Ticket(_)
            | Topic::Job(_)
            | Topic::Device(_)
            | Topic::Devices => None,
        };
        let mut listener = Listener {
            state,
            caller,
            topic,
            site_key,
            _look: look,
            changes: self.changes,
            waiting: VecDeque::new(),
            check: interval(CREDENTIAL_CHECKED_EVERY),
            lights: lights::pace(),
        };
        let bus = listener.state.work.bus().clone();
        if let Some(EventId { run, number }) = self.heard {
            match bus.missed(run, number, self.number) {
                Missed::These(missed) => missed.into_iter().for_each(|told| listener.hear(told)),
                Missed::NotKnown => listener.waiting.push_back((Said::Resync, None)),
            }
        }
        let (run, number) = (bus.run(), self.number);
        listener
            .waiting
            .push_back((first, Some(EventId { run, number })));
        let events = futures::stream::unfold(listener, async |mut listener| {
            let event = listener.next().await?;
            Some((Ok(event), listener))
        });
        Sse::new(events).keep_alive(KeepAlive::new().interval(KEPT_ALIVE_EVERY))
    }
}

fn resync() -> Event {
    event("resync", &json!({}))
}

async fn of_all(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let begin = Begin::new(&state, &headers);
    let topic = (Topic::Tickets, Said::Listening);
    Ok(begin.stream(state, caller, topic, None))
}

async fn of_ticket(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(number): At<i64>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let begin = Begin::new(&state, &headers);
    let found = caller.ticket(&state, number).await?;
    let topic = (Topic::Ticket(number), Said::Ticket(number));
    Ok(begin.stream(state, caller, topic, Some(found.site_key)))
}

async fn of_job(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(id): At<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let begin = Begin::new(&state, &headers);
    let found = caller.job(&state, &id).await?;
    let now = JobChange {
        id: found.id,
        device_key: found.device_key,
        ticket: found.ticket,
        state: found.state,
        n_events: found.n_events,
    };
    let topic = (Topic::Job(found.id), Said::Job(now));
    Ok(begin.stream(state, caller, topic, Some(found.site_key)))
}

async fn of_device(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(id): At<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let begin = Begin::new(&state, &headers);
    let found = caller.device(&state, &id).await?;
    let topic = (Topic::Device(found.device_key), Said::Device);
    Ok(begin.stream(state, caller, topic, Some(found.site_key)))
}
