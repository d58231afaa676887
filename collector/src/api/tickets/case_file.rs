//! The case file of a ticket, as one archive that goes to the reader while it is made.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;
use serde_json::Value;
use sonde_proto::message::Lang;
use tokio::sync::{Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use super::super::body::At;
use super::super::caller::Viewer;
use super::super::lang::Reader;
use super::super::page::LARGEST_PAGE;
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, job_view};
use super::{attachments, snapshots, told, view};
use crate::case_file::{Archive, Case, PAGE};
use crate::store::accounts::Role;
use crate::store::attachments::Attachment;
use crate::store::tickets::NumberedTicket;
use crate::store::work::JobsOf;
use crate::store::{Id, StoreError};
use crate::wording::wording;

/// Jobs whose record goes along whole; of older ones, what the timeline says.
const MOST_JOBS: usize = 500;
/// Snapshots that go along whole.
const MOST_SNAPSHOTS: usize = 50;
/// Archives that are made at a time.
const MOST_AT_ONCE: usize = 4;
/// A reader that takes nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(60);
/// When to try again while others are made, seconds.
const RETRY_S: u32 = 5;

/// Those that are being made.
#[derive(Debug, Clone)]
pub(in super::super) struct CaseFiles(Arc<Semaphore>);

impl Default for CaseFiles {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST_AT_ONCE)))
    }
}

/// What goes into it.
struct Contents {
    number: i64,
    case: Case,
    /// The oldest first.
    jobs: Vec<Id>,
    snapshots: Vec<Id>,
    attachments: Vec<Attachment>,
    /// How many jobs and snapshots there are beside those.
    n_left_out: usize,
}

/// Why it ends before its end.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("its reader has gone")]
    Unread,
    #[error("{0}")]
    Archive(#[from] io::Error),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
}

impl From<Problem> for Broken {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

pub(super) fn route() -> Route {
    Route::new(
        Method::GET,
        "/tickets/{ticket}/case-file",
        Least::Role(Role::Viewer),
        "The case file of a ticket: an archive (ZIP) that is read without the collector",
        get(case_file),
    )
    .gives_bytes()
}

async fn case_file(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Reader(lang): Reader,
    At(number): At<i64>,
) -> Result<Response, Problem> {
    let ticket = caller.ticket(&state, number).await?;
    let at_once = state.case_files.0.clone();
    let permit = at_once.try_acquire_owned().map_err(|_| Problem {
        retry_after: Some(RETRY_S),
        ..Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many",
            wording!("{} case files are being made", MOST_AT_ONCE),
        )
    })?;
    let contents = gather(&state, ticket, lang).await?;
    let (to, from) = mpsc::channel(1);
    tokio::spawn(async move {
        let _permit = permit;
        match make(&state, lang, contents, &to).await {
            Ok(()) | Err(Broken::Unread) => {}
            Err(why) => {
                tracing::warn!(ticket = number, %why, "a case file is not made to its end");
                // So its reader learns that it is not whole.
                let _gone = to.send(Err(io::Error::other("it is not whole"))).await;
            }
        }
    });
    let name = format!("ticket-{number}.zip");
    let body = Body::from_stream(ReceiverStream::new(from));
    let mut response = attachments::download(&name, "application/zip", body);
    let newest = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, newest);
    Ok(response)
}

async fn gather(state: &AppState, ticket: NumberedTicket, lang: Lang) -> Result<Contents, Problem> {
    let number = ticket.number;
    let (mut timeline, mut after) = (Vec::new(), 0);
    loop {
        let (events, last) = told::page(state, number, after, LARGEST_PAGE, lang).await?;
        timeline.extend(events.iter().map(json));
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    let mut jobs = jobs_of(state, number).await?;
    let mut snapshots = snapshots_of(state, number).await?;
    let n_all = jobs.len() + snapshots.len();
    jobs.truncate(MOST_JOBS);
    jobs.reverse();
    snapshots.truncate(MOST_SNAPSHOTS);
    let mut briefs = job_view::briefs(state, &jobs, lang).await?;
    let brief = jobs.iter().filter_map(|id| briefs.remove(id));
    Ok(Contents {
        number,
        case: Case {
            ticket: json(&view::named(state, ticket).await),
            timeline,
            jobs: brief.map(|job| json(&job)).collect(),
        },
        n_left_out: n_all - jobs.len() - snapshots.len(),
        jobs,
        snapshots,
        attachments: state.store.attachments(number).await?,
    })
}

/// The newest first.
async fn jobs_of(state: &AppState, number: i64) -> Result<Vec<Id>, StoreError> {
    let mut ids: Vec<Id> = Vec::new();
    loop {
        let (of, before) = (JobsOf::Ticket(number), ids.last().copied());
        let page = state.store.jobs(of, before, LARGEST_PAGE).await?;
        ids.extend(page.iter().map(|job| job.id));
        if page.len() < LARGEST_PAGE as usize {
            return Ok(ids);
        }
    }
}

/// The oldest first.
async fn snapshots_of(state: &AppState, number: i64) -> Result<Vec<Id>, StoreError> {
    let mut ids: Vec<Id> = Vec::new();
    loop {
        let after = ids.last().copied();
        let page = state.store.snapshots(number, after, LARGEST_PAGE).await?;
        ids.extend(page.iter().map(|snapshot| snapshot.id));
        if page.len() < LARGEST_PAGE as usize {
            return Ok(ids);
        }
    }
}

/// What the API says of something.
fn json(view: &impl Serialize) -> Value {
    // Its maps have texts for keys.
    serde_json::to_value(view).unwrap_or_default()
}

/// Gives it away piece by piece: what is large is in memory one at a time.
async fn make(
    state: &AppState,
    lang: Lang,
    contents: Contents,
    to: &mpsc::Sender<io::Result<Bytes>>,
) -> Result<(), Broken> {
    let Contents { number, case, .. } = contents;
    let mut archive = Archive::begin();
    archive.file(PAGE, None)?;
    archive.write(case.page(lang).as_bytes())?;
    archive.json("ticket.json", &case.ticket)?;
    archive.json("timeline.json", &Value::from(case.timeline))?;
    archive.file("jobs.json", None)?;
    let mut mark = "[\n";
    for id in contents.jobs {
        let Some(job) = state.store.job(id).await? else {
            continue;
        };
        archive.write(mark.as_bytes())?;
        mark = ",\n";
        let job = job_view::view(state, job, lang).await?;
        archive.write(&serde_json::to_vec_pretty(&job).map_err(io::Error::from)?)?;
        give(to, archive.take()).await?;
    }
    archive.write(if mark == "[\n" { b"[]" } else { b"\n]" })?;
    for (n, id) in (1..).zip(contents.snapshots) {
        let snapshot = snapshots::whole(state, number, id, lang).await?;
        archive.json(format!("snapshot-{n}.json"), &json(&snapshot))?;
        give(to, archive.take()).await?;
    }
    for (n, attachment) in (1..).zip(contents.attachments) {
        // Somebody may have been forgotten meanwhile.
        let Some((_, bytes)) = state.store.attachment(number, attachment.id).await? else {
            continue;
        };
        let name = format!("attachment-{n}.{}", ending(&attachment.media_type));
        archive.file(name, Some(attachment.name))?;
        archive.write(&bytes)?;
        give(to, archive.take()).await?;
    }
    give(to, archive.end(number, contents.n_left_out)?).await
}

async fn give(to: &mpsc::Sender<io::Result<Bytes>>, bytes: Vec<u8>) -> Result<(), Broken> {
    match tokio::time::timeout(PATIENCE, to.send(Ok(bytes.into()))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Broken::Unread),
    }
}

fn ending(media_type: &str) -> &'static str {
    match media_type {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        _ => "bin",
    }
}
