//! Asking devices for something. The ticket stands in the path, or is opened by the same request.

mod ask;
mod live;
mod probe;

pub(super) use ask::{AskTable, First, asked_of};

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use serde::Serialize;
use sonde_proto::message::Lang;

use super::body::{At, Body};
use super::caller::{Caller, Technician};
use super::job_view::{self, JobView};
use super::lang::Reader;
use super::route::{Least, Route};
use super::tickets::consents;
use super::{AppState, Problem, jobs, time};
use crate::desk::consent::Purpose;
use crate::store::accounts::Role;
use crate::store::devices::Device;
use crate::store::work::{Job, JobState};
use crate::wording::wording;
use crate::work::{Options, Phase, Request, Submitted};
use ask::{AskAction, AskChecks};
use live::AskLive;
use probe::AskProbe;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Asked {
    /// One for each device, in the order asked. With the status 202: as they were ordered, where more could not be read.
    pub(super) jobs: Vec<JobView>,
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
        ask(
            "/tickets/{ticket}/probes",
            "Has a device look for an asset: ping, and its port if it has one",
            post(probe),
        )
        .takes::<AskProbe>(),
        ask(
            "/tickets/{ticket}/live-metrics",
            "Has a device show what moves each second, to who watches the job, for half an hour at most",
            post(live_metrics),
        )
        .takes::<AskLive>(),
        Route::new(
            Method::GET,
            "/jobs/{job}/metrics",
            Least::Role(Role::Technician),
            "Live metrics: shows what moves on the job's device; a job that nobody watches is cancelled",
            get(live::watch),
        )
        .streams(),
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
    let prepared = ask.prepare(&state, &caller, site_key).await?;
    prepared.order(&state, &caller, ticket, lang).await
}

async fn action(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Reader(lang): Reader,
    At(ticket): At<i64>,
    Body(ask): Body<AskAction>,
) -> Result<(StatusCode, Json<Asked>), Problem> {
    let site_key = caller.ticket(&state, ticket).await?.site_key;
    let prepared = ask.prepare(&state, &caller, site_key).await?;
    let prepared = prepared.with_consent(&state, ticket).await?;
    prepared.order(&state, &caller, ticket, lang).await
}

async fn table(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Reader(lang): Reader,
    At(ticket): At<i64>,
    Body(ask): Body<AskTable>,
) -> Result<(StatusCode, Json<Asked>), Problem> {
    let site_key = caller.ticket(&state, ticket).await?.site_key;
    let prepared = ask.prepare(&state, &caller, site_key).await?;
    prepared.order(&state, &caller, ticket, lang).await
}

async fn live_metrics(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Reader(lang): Reader,
    At(ticket): At<i64>,
    Body(ask): Body<AskLive>,
) -> Result<(StatusCode, Json<Asked>), Problem> {
    let site_key = caller.ticket(&state, ticket).await?.site_key;
    let prepared = ask.prepare(&state, &caller, site_key).await?;
    prepared.order(&state, &caller, ticket, lang).await
}

async fn probe(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Reader(lang): Reader,
    At(ticket): At<i64>,
    Body(ask): Body<AskProbe>,
) -> Result<(StatusCode, Json<Asked>), Problem> {
    let of = caller.ticket(&state, ticket).await?;
    let nearest = &of.ticket.devices;
    let prepared = ask.prepare(&state, &caller, of.site_key, nearest).await?;
    prepared.order(&state, &caller, ticket, lang).await
}

/// Something that the devices can be asked for, and that the caller may ask of them.
pub(super) struct Prepared {
    devices: Vec<Device>,
    request: Request,
    wait_seconds: u32,
    expires_in_us: i64,
}

impl Prepared {
    /// With what the user has allowed of it on this ticket, where nobody has recorded how they agreed.
    async fn with_consent(mut self, state: &AppState, ticket: i64) -> Result<Self, Problem> {
        if let Request::Action {
            action,
            phase: Phase::Apply,
            parameters,
            consent: consent @ None,
            ..
        } = &mut self.request
            && let [device] = &self.devices[..]
        {
            let purpose = Purpose {
                device: device.id.to_string(),
                action: action.clone(),
                parameters: job_view::named(parameters),
            };
            *consent = consents::given(state, ticket, &purpose).await?;
        }
        Ok(self)
    }

    /// Keeps the orders, hands them out, and waits for what becomes of them.
    ///
    /// # Errors
    /// Where nothing is ordered; and where it is, but the caller may not see it any more: that is said.
    pub(super) async fn order(
        self,
        state: &AppState,
        caller: &Caller,
        ticket: i64,
        lang: Lang,
    ) -> Result<(StatusCode, Json<Asked>), Problem> {
        let Self {
            devices, request, ..
        } = &self;
        // Nothing that happens to the jobs from now on is missed.
        let changes: Vec<_> = devices.iter().map(|_| state.work.subscribe()).collect();
        let issued_at = time::now_us();
        let submitted = state
            .work
            .submit(
                &caller.account,
                ticket,
                devices,
                request,
                Options {
                    expires_in_us: self.expires_in_us,
                },
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
        let deadline = jobs::deadline(self.wait_seconds);
        for ((order, device), changes) in submitted.into_iter().zip(devices).zip(changes) {
            let id = order.job;
            let viewed = async {
                if self.wait_seconds > 0 && !order.queued {
                    jobs::wait(state, changes, id, None, deadline).await?;
                }
                let caller = caller.clone().again(state).await?;
                let job = caller.job(state, &id.to_string()).await?;
                job_view::view(state, job, lang).await
            };
            match viewed.await {
                Ok(view) => views.push(view),
                // Who may no longer see it.
                Err(problem) if !problem.status.is_server_error() => {
                    return Err(problem.after(wording!("ordered: {}", ids.join(", "))));
                }
                Err(problem) => {
                    tracing::warn!(job.id = %id, detail = %problem.detail, "an ordered job cannot be read");
                    status = StatusCode::ACCEPTED;
                    let by = &caller.account.name;
                    let job = submitted_job(&order, device, request, ticket, by, issued_at);
                    views.push(job_view::outline(job));
                }
            }
        }
        Ok((status, Json(Asked { jobs: views })))
    }
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
        cancel_asked_by: None,
        state: JobState::Queued,
        n_events: 0,
        ended_at: None,
        can_undo: false,
    }
}
