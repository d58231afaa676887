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
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::devices::Device;
use crate::work::{
    Consent, DEVICES_PER_REQUEST, EXPIRY_US, LONGEST_EXPIRY_US, Options, Phase, Request, TooMany,
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
    /// One for each device, in the order asked.
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
    let submitted = state
        .work
        .submit(
            &caller.account,
            ticket,
            devices,
            &request,
            Options { expires_in_us },
            time::now_us(),
        )
        .await?;
    let mut views = Vec::with_capacity(submitted.len());
    let deadline = jobs::deadline(how.wait_seconds);
    for (order, changes) in submitted.into_iter().zip(changes) {
        let id = order.job;
        let viewed = async {
            if how.wait_seconds > 0 && !order.queued {
                jobs::wait(state, changes, id, None, deadline).await?;
            }
            let caller = caller.clone().again(state).await?;
            let job = caller.job(state, &id.to_string()).await?;
            job_view::view(state, job, how.lang).await
        };
        views.push(viewed.await.map_err(|problem| kept(problem, id))?);
    }
    Ok((StatusCode::OK, Json(Asked { jobs: views })))
}

/// The order is kept and on its way, whatever the store says when its state is to be read.
fn kept(problem: Problem, job: Id) -> Problem {
    let detail = format!("job {job} was ordered; how it stands cannot be read now");
    Problem {
        detail: detail.into(),
        ..problem
    }
    .remedy(format!("do not ask again: sonde job show {job}"))
}
