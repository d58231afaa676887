//! Asking devices for something. The ticket stands in the path; there is no other way.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::post;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sonde_proto::message::Lang;

use super::body::{At, Body, said};
use super::caller::{Caller, Technician};
use super::catalogue::{self, Catalogue};
use super::job_view::{self, JobView};
use super::lang::Reader;
use super::route::{Least, Route};
use super::{AppState, Problem, jobs, time};
use crate::store::accounts::Role;
use crate::store::devices::Device;
use crate::store::work::{Job, JobState};
use crate::work::{
    Consent, DEVICES_PER_REQUEST, EXPIRY_US, LONGEST_EXPIRY_US, Options, Phase, Request, Submitted,
    TooMany,
};

/// Longest account of how consent was given, characters.
const CONSENT_LENGTH: usize = 200;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AskChecks {
    /// Id of a device.
    device: Option<String>,
    /// Ids of several devices, 20 at most.
    #[serde(default)]
    devices: Vec<String>,
    /// Ids; empty: all.
    #[serde(default)]
    checks: Vec<String>,
    /// Answer when the job has ended, or after so many seconds; 0: at once.
    #[serde(default)]
    wait_seconds: u32,
    /// How long the order waits for a device that is not connected; a day if it is not given.
    expires_in_seconds: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AskAction {
    /// Id of a device.
    device: String,
    action: String,
    phase: Phase,
    #[serde(default)]
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
    /// How the user agreed: "by telephone".
    consent: Option<String>,
    /// For undo: the job whose change is taken back.
    undo_of: Option<String>,
    /// Answer when the job has ended, or after so many seconds; 0: at once.
    #[serde(default)]
    wait_seconds: u32,
    /// How long the order waits for a device that is not connected; a day if it is not given.
    expires_in_seconds: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AskTable {
    /// Id of a device.
    device: String,
    table: String,
    /// What narrows it down, as the table declares it.
    #[serde(default)]
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
    /// 0: the table's own cap.
    #[serde(default)]
    most_rows: u32,
    /// Answer when the job has ended, or after so many seconds; 0: at once.
    #[serde(default)]
    wait_seconds: u32,
    /// How long the order waits for a device that is not connected; a day if it is not given.
    expires_in_seconds: Option<u32>,
}

struct How {
    wait_seconds: u32,
    expires_in_seconds: Option<u32>,
    lang: Lang,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Asked {
    /// One for each device, in the order asked. With the status 202: as they were ordered, where more could not be read.
    jobs: Vec<JobView>,
}

pub(super) fn routes() -> Vec<Route> {
    let ask = |path, summary, handler| {
        Route::new(
            Method::POST,
            path,
            Least::Role(Role::Technician),
            summary,
            handler,
        )
        .gives::<Asked>()
        .asks_device()
    };
    vec![
        ask(
            "/tickets/{ticket}/checks",
            "Runs checks on devices",
            post(checks),
        )
        .takes::<AskChecks>(),
        ask(
            "/tickets/{ticket}/actions",
            "Plans, applies or undoes an action",
            post(action),
        )
        .takes::<AskAction>(),
        ask(
            "/tickets/{ticket}/tables",
            "Reads a table from a device",
            post(table),
        )
        .takes::<AskTable>(),
    ]
}

async fn checks(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Reader(lang): Reader,
    At(ticket): At<i64>,
    Body(ask): Body<AskChecks>,
) -> Result<(StatusCode, Json<Asked>), Problem> {
    let site_key = caller.ticket(&state, ticket).await?.site_key;
    let how = How {
        wait_seconds: ask.wait_seconds,
        expires_in_seconds: ask.expires_in_seconds,
        lang,
    };
    let ids: Vec<&String> = ask.device.iter().chain(&ask.devices).collect();
    if ids.is_empty() {
        return Err(Problem::field("device", "it is missing").remedy("name a device by its id"));
    }
    if ids.len() > DEVICES_PER_REQUEST {
        return Err(TooMany::Devices { found: ids.len() }.into());
    }
    let mut devices = Vec::with_capacity(ids.len());
    for id in ids {
        let device = caller.device_of_site(&state, site_key, id).await?;
        if !ask.checks.is_empty() {
            let catalogue = state.catalogues.of_device(&state.store, device.device_key);
            catalogue.await?.check_ids(&ask.checks)?;
        }
        devices.push(device);
    }
    let request = Request::Checks { checks: ask.checks };
    run(&state, &caller, ticket, &devices, request, &how).await
}

async fn action(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Reader(lang): Reader,
    At(ticket): At<i64>,
    Body(ask): Body<AskAction>,
) -> Result<(StatusCode, Json<Asked>), Problem> {
    let (device, catalogue) = asked_of(&state, &caller, ticket, &ask.device).await?;
    let how = How {
        wait_seconds: ask.wait_seconds,
        expires_in_seconds: ask.expires_in_seconds,
        lang,
    };
    let declared = catalogue.action(&ask.action)?;
    let parameters = catalogue::parameters(&declared.parameters, &ask.parameters)?;
    let undo_of = match (ask.phase, ask.undo_of) {
        (Phase::Undo, None) => {
            return Err(Problem::field("undo_of", "it is missing")
                .remedy("name the job whose change is to be taken back"));
        }
        (Phase::Undo, Some(job)) => {
            let undone = caller.job(&state, &job).await?;
            if undone.device_key != device.device_key || !undone.can_undo {
                return Err(Problem::field(
                    "undo_of",
                    "the device cannot take back what this job did",
                ));
            }
            Some(undone.id.to_string())
        }
        (Phase::Plan | Phase::Apply, None) => None,
        (Phase::Plan | Phase::Apply, Some(_)) => {
            return Err(Problem::field(
                "undo_of",
                "it goes with the phase undo only",
            ));
        }
    };
    let consent = ask
        .consent
        .map(|given| said("consent", &given, CONSENT_LENGTH, "say how the user agreed"))
        .transpose()?
        .map(|given| Consent {
            recorded_by: caller.account.name.clone(),
            given,
            at_us: time::now_us(),
        });
    let request = Request::Action {
        version: declared.version,
        action: ask.action,
        phase: ask.phase,
        parameters,
        consent,
        undo_of,
    };
    run(&state, &caller, ticket, &[device], request, &how).await
}

async fn table(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Reader(lang): Reader,
    At(ticket): At<i64>,
    Body(ask): Body<AskTable>,
) -> Result<(StatusCode, Json<Asked>), Problem> {
    let (device, catalogue) = asked_of(&state, &caller, ticket, &ask.device).await?;
    let how = How {
        wait_seconds: ask.wait_seconds,
        expires_in_seconds: ask.expires_in_seconds,
        lang,
    };
    let declared = catalogue.table(&ask.table)?;
    let request = Request::Table {
        table: declared.name.clone(),
        parameters: catalogue::parameters(&declared.parameters, &ask.parameters)?,
        most_rows: ask.most_rows,
    };
    run(&state, &caller, ticket, &[device], request, &how).await
}

/// A device that the caller may ask for something on this ticket, and what it declares.
async fn asked_of(
    state: &AppState,
    caller: &Caller,
    ticket: i64,
    device: &str,
) -> Result<(Device, Catalogue), Problem> {
    let ticket = caller.ticket(state, ticket).await?;
    let device = caller
        .device_of_site(state, ticket.site_key, device)
        .await?;
    let catalogue = state
        .catalogues
        .of_device(&state.store, device.device_key)
        .await?;
    Ok((device, catalogue))
}

async fn run(
    state: &AppState,
    caller: &Caller,
    ticket: i64,
    devices: &[Device],
    request: Request,
    how: &How,
) -> Result<(StatusCode, Json<Asked>), Problem> {
    let expires_in_us = how
        .expires_in_seconds
        .map_or(EXPIRY_US, |seconds| i64::from(seconds) * 1_000_000);
    if !(1..=LONGEST_EXPIRY_US).contains(&expires_in_us) {
        return Err(Problem::field(
            "expires_in_seconds",
            format!("1 to {} seconds", LONGEST_EXPIRY_US / 1_000_000),
        ));
    }
    // Nothing that happens to the jobs from now on is missed.
    let changes: Vec<_> = devices.iter().map(|_| state.work.subscribe()).collect();
    let issued_at = time::now_us();
    let submitted = state
        .work
        .submit(
            &caller.account,
            ticket,
            devices,
            &request,
            Options { expires_in_us },
            issued_at,
        )
        .await?;
    // From here on everything is ordered: whatever cannot be read, nobody may ask again.
    let ids: Vec<String> = submitted
        .iter()
        .map(|order| order.job.to_string())
        .collect();
    let mut views = Vec::with_capacity(submitted.len());
    let mut status = StatusCode::OK;
    let deadline = jobs::deadline(how.wait_seconds);
    for ((order, device), changes) in submitted.into_iter().zip(devices).zip(changes) {
        let id = order.job;
        let viewed = async {
            if how.wait_seconds > 0 && !order.queued {
                jobs::wait(state, changes, id, None, deadline).await?;
            }
            let caller = caller.clone().again(state).await?;
            let job = caller.job(state, &id.to_string()).await?;
            job_view::view(state, job, how.lang).await
        };
        match viewed.await {
            Ok(view) => views.push(view),
            // Who may no longer see it.
            Err(problem) if problem.status < 500 => {
                return Err(problem.after(format!("ordered: {}", ids.join(", "))));
            }
            Err(problem) => {
                tracing::warn!(job.id = %id, detail = %problem.detail, "an ordered job cannot be read");
                status = StatusCode::ACCEPTED;
                let by = &caller.account.name;
                let job = submitted_job(&order, device, &request, ticket, by, issued_at);
                views.push(job_view::outline(job));
            }
        }
    }
    Ok((status, Json(Asked { jobs: views })))
}

/// An order as it was kept, where the store cannot be asked for it.
fn submitted_job(
    order: &Submitted,
    device: &Device,
    request: &Request,
    ticket: i64,
    by: &str,
    issued_at: i64,
) -> Job {
    Job {
        id: order.job,
        device_key: device.device_key,
        device: device.id.clone(),
        site_key: device.site_key,
        hostname: device.hostname.clone(),
        ticket: Some(ticket),
        policy: None,
        kind: request.kind().to_owned(),
        title: request.title(),
        request: String::new(),
        requested_by: by.to_owned(),
        issued_at,
        expires_at: order.expires_at,
        handed_out_at: (!order.queued).then_some(issued_at),
        cancel_asked_at: None,
        state: JobState::Queued,
        n_events: 0,
        ended_at: None,
        can_undo: false,
    }
}
