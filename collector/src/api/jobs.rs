//! Jobs: show, list, cancel, wait.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::Instant;

use super::body::{At, Params};
use super::caller::{Technician, Viewer};
use super::job_asked::AskedFor;
use super::job_view::{self, JobView};
use super::lang::Reader;
use super::page;
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::work::{CancelOutcome, Job, JobState, JobsOf};
use crate::wording::wording;
use crate::work::{Live, Phase, Request, Told};

const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 500;
/// Earlier tries of a page.
const MOST_TRIED: u32 = 20;
/// Longest wait for a job's end, seconds.
pub(super) const LONGEST_WAIT_S: u32 = 300;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct JobLine {
    id: String,
    ticket: Option<i64>,
    device: String,
    hostname: String,
    title: String,
    #[serde(flatten)]
    asked_for: AskedFor,
    state: String,
    requested_by: String,
    issued_at: String,
    ended_at: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct JobList {
    items: Vec<JobLine>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Page {
    /// Id of a job: only what was ordered before it.
    before: Option<String>,
    limit: Option<u32>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Cancelled {
    /// "cancelled", "asked", "ended".
    outcome: String,
    /// The job's state.
    state: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Wait {
    /// Answer when the job has ended, or after so many seconds, 300 at most.
    wait_seconds: Option<u32>,
    /// Answer when it has more than so many events.
    after: Option<i64>,
}

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/devices/{device}/tried",
            viewer,
            "What an action did when it was run before, on this device or for this ticket",
            get(tried),
        )
        .query::<Tried>()
        .gives::<TriedList>(),
        Route::new(Method::GET, "/jobs/{job}", viewer, "One job", get(show))
            .query::<Wait>()
            .gives::<JobView>(),
        Route::new(
            Method::POST,
            "/jobs/{job}/cancel",
            Least::Role(Role::Technician),
            "Stops a job",
            post(cancel),
        )
        .gives::<Cancelled>(),
        Route::new(
            Method::GET,
            "/tickets/{ticket}/jobs",
            viewer,
            "Jobs of a ticket, the newest first",
            get(of_ticket),
        )
        .query::<Page>()
        .gives::<JobList>(),
        Route::new(
            Method::GET,
            "/devices/{device}/jobs",
            viewer,
            "Jobs on a device, the newest first",
            get(of_device),
        )
        .query::<Page>()
        .gives::<JobList>(),
    ]
}

fn line(job: Job) -> JobLine {
    JobLine {
        id: job.id.to_string(),
        ticket: job.ticket,
        device: job.device.to_string(),
        hostname: job.hostname,
        title: job.title,
        asked_for: AskedFor::of(&job.request),
        state: job.state.as_str().to_owned(),
        requested_by: job.requested_by,
        issued_at: time::shown(job.issued_at),
        ended_at: job.ended_at.map(time::shown),
    }
}

/// Until when a request that may take so many seconds waits.
pub(super) fn deadline(seconds: u32) -> Instant {
    Instant::now() + Duration::from_secs(seconds.min(LONGEST_WAIT_S).into())
}

/// Waits until a job has ended or has more than `after` events, or the time has come.
pub(super) async fn wait(
    state: &AppState,
    mut changes: broadcast::Receiver<Told>,
    id: Id,
    after: Option<i64>,
    deadline: Instant,
) -> Result<(), Problem> {
    let is_reached = |job_state: JobState, n_events: i64| {
        job_state.is_ended() || after.is_some_and(|after| n_events > after)
    };
    loop {
        match tokio::time::timeout_at(deadline, changes.recv()).await {
            Err(_) | Ok(Err(RecvError::Closed)) => return Ok(()),
            Ok(Ok(Told {
                change: Live::Job(change),
                ..
            })) if change.id == id => {
                if is_reached(change.state, change.n_events) {
                    return Ok(());
                }
            }
            Ok(Ok(_)) => {}
            // What was missed stands in the store.
            Ok(Err(RecvError::Lagged(_))) => {
                if let Some(job) = state.store.job(id).await?
                    && is_reached(job.state, job.n_events)
                {
                    return Ok(());
                }
            }
        }
    }
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Reader(lang): Reader,
    At(id): At<String>,
    Params(params): Params<Wait>,
) -> Result<Json<JobView>, Problem> {
    // Listened to before the job is read, so that no change falls in between.
    let changes = state.work.subscribe();
    let mut job = caller.job(&state, &id).await?;
    let seconds = params.wait_seconds.unwrap_or(0);
    let has_news = params.after.is_some_and(|after| job.n_events > after);
    if seconds > 0 && !job.state.is_ended() && !has_news {
        wait(&state, changes, job.id, params.after, deadline(seconds)).await?;
        job = caller.again(&state).await?.job(&state, &id).await?;
    }
    Ok(Json(job_view::view(&state, job, lang).await?))
}

async fn cancel(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(id): At<String>,
) -> Result<Json<Cancelled>, Problem> {
    let job = caller.job(&state, &id).await?;
    let outcome = state
        .work
        .cancel(job.id, &caller.account, time::now_us())
        .await?;
    let (outcome, job_state) = match outcome {
        CancelOutcome::Cancelled(_) => ("cancelled", JobState::Cancelled),
        CancelOutcome::Asked { .. } => ("asked", job.state),
        CancelOutcome::Ended(ended) => ("ended", ended),
    };
    Ok(Json(Cancelled {
        outcome: outcome.to_owned(),
        state: job_state.as_str().to_owned(),
    }))
}

async fn of_ticket(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(number): At<i64>,
    Params(page): Params<Page>,
) -> Result<Json<JobList>, Problem> {
    caller.ticket(&state, number).await?;
    list(&state, JobsOf::Ticket(number), page).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Tried {
    /// Id of an action.
    action: String,
    /// Also what was tried on other devices for this ticket.
    ticket: Option<i64>,
    /// Id of a job: only what was ordered before it.
    before: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TriedList {
    /// The newest first.
    items: Vec<JobView>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

/// What was tried before on this device, or for this ticket, and how it ended.
async fn tried(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Reader(lang): Reader,
    At(device): At<String>,
    Params(tried): Params<Tried>,
) -> Result<Json<TriedList>, Problem> {
    let device = caller.device(&state, &device).await?;
    if let Some(ticket) = tried.ticket {
        caller.ticket(&state, ticket).await?;
    }
    let before = before(tried.before.as_deref())?;
    let title = Request::title_of(&tried.action, Phase::Apply);
    let jobs = state
        .store
        .jobs_titled(&title, device.device_key, tried.ticket, before, MOST_TRIED)
        .await?;
    let ids: Vec<Id> = jobs.iter().map(|job| job.id).collect();
    let mut views = job_view::briefs(&state, &ids, lang).await?;
    let items = ids.iter().filter_map(|id| views.remove(id));
    Ok(Json(TriedList {
        items: items.collect(),
        next: page::next(&ids, MOST_TRIED, Id::to_string),
    }))
}

async fn of_device(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(device): At<String>,
    Params(page): Params<Page>,
) -> Result<Json<JobList>, Problem> {
    let device = caller.device(&state, &device).await?;
    list(&state, JobsOf::Device(device.device_key), page).await
}

fn before(id: Option<&str>) -> Result<Option<Id>, Problem> {
    let id = id.map(str::parse).transpose();
    id.map_err(|_| Problem::field("before", wording!("it is not the id of a job")))
}

async fn list(state: &AppState, of: JobsOf, page: Page) -> Result<Json<JobList>, Problem> {
    let most = page.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let before = before(page.before.as_deref())?;
    let jobs = state.store.jobs(of, before, most).await?;
    let next = jobs
        .last()
        .filter(|_| jobs.len() == most as usize)
        .map(|last| last.id.to_string());
    Ok(Json(JobList {
        items: jobs.into_iter().map(line).collect(),
        next,
    }))
}
