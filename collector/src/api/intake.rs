//! Tickets from other systems: a message that its source has signed opens one, or adds to the one it has opened before.
//!
//! Whoever posts is a stranger until the signature is good; until then nothing is read but the source's name, three fields and
//! a body of bounded size, and nothing is told but that it is not good.

mod brakes;

use std::net::IpAddr;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::routing::post;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::body::{At, clean};
use super::me::From as Sender;
use super::route::{Least, Route};
use super::{AppState, Problem, tickets, time};
use crate::desk::person::{mail, telephone};
use crate::desk::ticket::{NOTE_LENGTH, TITLE_LENGTH};
use crate::desk::{Listed, Priority};
use crate::store::devices::{Device, DeviceFilter};
use crate::store::intake::{Intake, KnownSource, Taken};
use crate::store::persons::{PersonFilter, Sought};
use crate::store::tickets::OpenTicket;
use crate::webhooks::signature::{ID, Message, SIGNATURE, Secret, TIMESTAMP};
use crate::wording::wording;
use crate::work::Live;

pub(crate) use brakes::Brakes;

/// Largest message, bytes.
const MESSAGE_BYTES: usize = 128 << 10;
const NAME_LENGTH: usize = 200;
const CONTACT_LENGTH: usize = 254;
const REFERENCE_LENGTH: usize = 200;
/// Devices that one message names.
const MOST_DEVICES: usize = 20;

/// What a message says.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Said {
    title: String,
    /// In the requester's words.
    text: Option<String>,
    requester: Option<Requester>,
    priority: Option<Priority>,
    /// Host names.
    #[serde(default)]
    devices: Vec<String>,
    /// What the sender calls the ticket. A later message with the same adds to it.
    reference: Option<String>,
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Requester {
    name: Option<String>,
    phone: Option<String>,
    mail: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TakenView {
    /// The ticket's.
    number: i64,
    /// "opened"; "added": to the ticket of its reference; "known": the message had come before.
    outcome: String,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::POST,
            "/intake/{source}",
            Least::Signed,
            "Takes a message of another system, signed as Standard Webhooks has it: opens a ticket, or adds to one",
            post(take),
        )
        .takes::<Said>()
        .gives::<TakenView>(),
    ]
}

async fn take(
    State(state): State<AppState>,
    At(source): At<String>,
    Sender(address): Sender,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<TakenView>), Problem> {
    let now = Instant::now();
    state.intake.is_patient_with(address, now)?;
    let body = to_bytes(body, MESSAGE_BYTES).await.map_err(|_| {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body",
            wording!("a message has {} bytes at most", MESSAGE_BYTES),
        )
    })?;
    let signed = signed(&state, &source, &headers, &body).await?;
    let Some((known, message_id)) = signed else {
        return Err(refused(&state, address, now));
    };
    state.intake.take(&source, now)?;
    let said: Said = serde_json::from_slice(&body).map_err(|error| {
        Problem::field("body", wording!("{}", %error))
            .remedy(wording!("send JSON as /api/openapi.json describes it"))
    })?;
    let (intake, devices) = judged(&state, &source, &known, message_id, said).await?;
    let taken = state.store.take_in(intake).await?;
    if taken.is_new {
        let by = format!("source {source}");
        // That the collector owes them is kept with the ticket.
        for device in &devices {
            let frozen = tickets::freeze(&state, &by, taken.ticket.number, device);
            if let Err(problem) = frozen.await {
                tracing::warn!(ticket = taken.ticket.number, detail = %problem.detail, "a device is not frozen yet");
            }
        }
    }
    let version = match taken.is_new {
        // Freezing has gone on with it.
        true => state.store.ticket(taken.ticket.number).await,
        false => Ok(None),
    };
    let version = version.ok().flatten().map(|ticket| ticket.ticket.version);
    if !taken.is_repeated {
        state.work.announce(Live::Ticket {
            number: taken.ticket.number,
            version: version.unwrap_or(taken.ticket.ticket.version),
        });
    }
    Ok(view(&taken))
}

fn view(taken: &Taken) -> (StatusCode, Json<TakenView>) {
    let (status, outcome) = match (taken.is_new, taken.is_repeated) {
        (true, _) => (StatusCode::CREATED, "opened"),
        (false, false) => (StatusCode::OK, "added"),
        (false, true) => (StatusCode::OK, "known"),
    };
    let view = TakenView {
        number: taken.ticket.number,
        outcome: outcome.to_owned(),
    };
    (status, Json(view))
}

/// The source and the message's id, if it is signed. A name that is not known is not quicker to refuse.
async fn signed(
    state: &AppState,
    source: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Option<(KnownSource, String)>, Problem> {
    let field = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let known = state.store.intake_source(source).await?;
    let message = Message {
        id: field(ID).unwrap_or_default(),
        timestamp: field(TIMESTAMP).unwrap_or_default(),
        signatures: field(SIGNATURE).unwrap_or_default(),
        body,
    };
    let secret = match &known {
        Some(known) => Secret::of(known.secret.clone()),
        None => Secret::random(),
    };
    let is_good = secret.verify(&message, time::now_us() / 1_000_000);
    let id = message.id.to_owned();
    Ok(known.filter(|_| is_good).map(|known| (known, id)))
}

fn refused(state: &AppState, address: Option<IpAddr>, now: Instant) -> Problem {
    state.intake.was_refused(address, now);
    tracing::debug!(?address, "a message for the intake was not signed");
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "not-signed",
        wording!("the message is not signed by a source that is known here, or not lately"),
    )
    .remedy(wording!(
        "sign it as Standard Webhooks has it, with the source's secret and this moment's timestamp"
    ))
}

/// What is kept of a message, and the devices that it is about.
async fn judged(
    state: &AppState,
    name: &str,
    source: &KnownSource,
    message_id: String,
    said: Said,
) -> Result<(Intake, Vec<Device>), Problem> {
    if said.devices.len() > MOST_DEVICES {
        let detail = wording!(
            "{}, where {} are the most",
            said.devices.len(),
            MOST_DEVICES
        );
        return Err(Problem::field("devices", detail));
    }
    let title = clean("title", &said.title, TITLE_LENGTH, false)?;
    if title.trim().is_empty() {
        return Err(Problem::field("title", wording!("it is empty"))
            .remedy(wording!("what it is about, in a line")));
    }
    let reference = some(
        "reference",
        said.reference.as_deref(),
        REFERENCE_LENGTH,
        false,
    )?;
    let text = some("text", said.text.as_deref(), NOTE_LENGTH, true)?;
    let mut note = Vec::new();
    if let Some(reference) = &reference {
        note.push(format!("{name}: {reference}"));
    }
    let (requester, person) =
        requester(state, source, said.requester.unwrap_or_default(), &mut note).await?;
    let (mut devices, mut unknown) = (Vec::<Device>::new(), Vec::new());
    for hostname in &said.devices {
        let hostname = clean("devices", hostname, NAME_LENGTH, false)?;
        match device(state, source, &hostname).await? {
            Some(device) if devices.iter().any(|known| known.id == device.id) => {}
            Some(device) => devices.push(device),
            None => unknown.push(hostname),
        }
    }
    if !unknown.is_empty() {
        let unknown = unknown.join(", ");
        note.push(format!(
            "no single device of this site is called so: {unknown}"
        ));
    }
    let intake = Intake {
        source_key: source.source_key,
        message_id,
        reference,
        ticket: OpenTicket {
            title,
            site: source.site.clone(),
            priority: said.priority.unwrap_or(Priority::Normal),
            requester,
            person,
            weight: None,
            devices: devices.iter().map(|device| device.id.to_string()).collect(),
            note: None,
            opened_by: format!("source {name}"),
            at: time::now_us(),
        },
        text,
        note: Some(note.join("\n")).filter(|note| !note.is_empty()),
    };
    Ok((intake, devices))
}

/// A text that says something, or none.
fn some(
    field: &'static str,
    text: Option<&str>,
    longest: usize,
    lines: bool,
) -> Result<Option<String>, Problem> {
    let text = text
        .map(|text| clean(field, text, longest, lines))
        .transpose()?;
    Ok(text.filter(|text| !text.trim().is_empty()))
}

/// Whom the helpdesk knows by mail address or telephone number is called as there.
async fn requester(
    state: &AppState,
    source: &KnownSource,
    said: Requester,
    note: &mut Vec<String>,
) -> Result<(Option<String>, Option<Listed>), Problem> {
    let written_name = some("requester.name", said.name.as_deref(), NAME_LENGTH, false)?;
    let written_mail = some(
        "requester.mail",
        said.mail.as_deref(),
        CONTACT_LENGTH,
        false,
    )?;
    let written_phone = some(
        "requester.phone",
        said.phone.as_deref(),
        CONTACT_LENGTH,
        false,
    )?;
    let written = [&written_name, &written_mail, &written_phone];
    let written: Vec<&str> = written.into_iter().flatten().map(String::as_str).collect();
    let Some(first) = written.first() else {
        return Ok((None, None));
    };
    note.push(format!("requester: {}", written.join(", ")));
    let by_mail = written_mail.as_deref().and_then(mail).map(Sought::Mail);
    let by_phone = written_phone
        .as_deref()
        .and_then(telephone)
        .map(Sought::Telephone);
    for sought in [by_mail, by_phone].into_iter().flatten() {
        let filter = PersonFilter {
            sites: Some(vec![source.site_key]),
            any: Some(vec![sought]),
            after: None,
            most: 2,
        };
        if let [person] = &state.store.persons(&filter).await?[..] {
            let listed = Listed {
                id: Some(person.id.to_string()),
                group: person.details.group.clone(),
            };
            return Ok((Some(person.details.name.clone()), Some(listed)));
        }
    }
    // The name, or what there is in its place.
    Ok((Some((*first).to_owned()), None))
}

/// The one device of the source's site that is called so.
async fn device(
    state: &AppState,
    source: &KnownSource,
    hostname: &str,
) -> Result<Option<Device>, Problem> {
    let filter = DeviceFilter {
        sites: Some(vec![source.site_key]),
        hostname: Some(hostname.to_owned()),
        most: 2,
        ..DeviceFilter::default()
    };
    let mut found = state.store.devices(&filter).await?;
    Ok(found.pop().filter(|_| found.is_empty()))
}
