//! Tickets: open, list, show, change, timeline.

mod about;
mod attachments;
mod case_file;
mod change;
mod clocks;
mod codes;
pub(super) mod consents;
mod list;
mod macros;
mod marks;
mod pages;
mod prove;
mod recorder;
mod remote_tools;
mod requester;
mod search;
mod snapshots;
mod technicians;
mod told;
mod view;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::body::{At, Body, clean};
use super::caller::{Caller, Technician, Viewer};
use super::job_view::JobView;
use super::lang::Reader;
use super::route::{Least, Route};
use super::work::First;
use super::{AppState, Problem, canned, time};
use crate::desk::Priority;
use crate::desk::matrix::{Impact, Urgency, Weight};
use crate::desk::ticket::{NOTE_LENGTH, TITLE_LENGTH};
use crate::desk::view::Order;
use crate::store::accounts::Role;
use crate::store::sites::DEFAULT_SITE;
use crate::store::tickets::{NumberedTicket, OpenTicket};
use crate::wording::wording;
use crate::work::Live;

pub(super) use attachments::download;
pub(super) use case_file::CaseFiles;
use list::Which;
pub(super) use snapshots::freeze;
pub(crate) use told::event_json;
pub(super) use view::{TicketView, views};
use view::{beside, named, tagged, view};

const PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 500;
/// Longest name of a requester, characters.
const REQUESTER_LENGTH: usize = 200;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TicketList {
    items: Vec<TicketView>,
    /// Give it as `before` to get the next page, in the queue and of a search as `after`; none: this is the last.
    next: Option<String>,
    /// None: of a search, how well they fit.
    order: Option<Order>,
    /// How the search went, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<search::SearchView>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTicket {
    title: String,
    /// The first device's, else the first asset's, if it is not given.
    site: Option<String>,
    /// Not with impact and urgency.
    priority: Option<Priority>,
    /// With urgency: the priority that the matrix has for both.
    impact: Option<Impact>,
    urgency: Option<Urgency>,
    /// Their name; that of the person if it is not given.
    requester: Option<String>,
    /// Id of a person. If it is not given: the only one of that name at the site, if there is one.
    person: Option<String>,
    /// Ids.
    #[serde(default)]
    devices: Vec<String>,
    /// Ids of things without an agent.
    #[serde(default)]
    assets: Vec<String>,
    note: Option<String>,
    /// What the devices are asked for at once. Without a ticket where it cannot be asked.
    first: Option<First>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Opened {
    #[serde(flatten)]
    ticket: TicketView,
    /// Of what was asked for at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    jobs: Vec<JobView>,
}

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    let mut routes = vec![
        Route::new(
            Method::GET,
            "/tickets",
            viewer,
            "Tickets, the newest first, or in the order of what is due next",
            get(list::list),
        )
        .query::<Which>()
        .gives::<TicketList>(),
        Route::new(
            Method::POST,
            "/tickets",
            Least::Role(Role::Technician),
            "Opens a ticket and freezes what is known of its devices; may ask them for something at once",
            post(open),
        )
        .takes::<NewTicket>()
        .gives::<Opened>()
        .answers("201"),
        Route::new(
            Method::GET,
            "/tickets/{ticket}",
            viewer,
            "One ticket",
            get(show),
        )
        .gives::<TicketView>(),
    ];
    routes.extend(about::routes());
    routes.extend(change::routes());
    routes.extend(attachments::routes());
    routes.push(codes::route());
    routes.push(macros::route());
    routes.push(case_file::route());
    routes.extend(consents::routes());
    routes.extend(marks::routes());
    routes.extend(pages::routes());
    routes.extend(remote_tools::routes());
    routes.push(requester::route());
    routes.extend(snapshots::routes());
    routes.push(technicians::route());
    routes.push(told::route());
    routes
}

/// The version that `If-Match` names; none: the caller takes whichever it is.
fn expected_version(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(tag) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let text = tag.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    text.trim_start_matches("W/")
        .trim_matches('"')
        .parse()
        .map(Some)
        .map_err(|_| {
            Problem::field("If-Match", wording!("it is not a ticket's version"))
                .remedy(wording!("give the ETag that came with the ticket"))
        })
}

async fn open(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Reader(lang): Reader,
    Body(new): Body<NewTicket>,
) -> Result<Response, Problem> {
    let about::About {
        devices,
        assets,
        site,
        site_key,
    } = about::about(&state, &caller, &new).await?;
    let first = match (new.first, site_key) {
        (None, _) => None,
        (Some(first), Some(key)) => Some(first.prepare(&state, &caller, key, &new.devices).await?),
        (Some(_), None) => return Err(Problem::field("devices", wording!("it is missing"))),
    };
    let (priority, weight) = weigh(&state, new.priority, new.impact, new.urgency).await?;
    let asker = requester::asker(&state, &caller, new.requester, new.person);
    let (requester, person) = asker.await?;
    let now = time::now_us();
    let ticket = OpenTicket {
        title: clean("title", &new.title, TITLE_LENGTH, false)?,
        site,
        priority,
        requester,
        person,
        weight,
        devices: devices.iter().map(|device| device.id.to_string()).collect(),
        note: new
            .note
            .map(|note| clean("note", &note, NOTE_LENGTH, true))
            .transpose()?,
        opened_by: caller.account.name.clone(),
        at: now,
    };
    let opened = state.store.open_ticket_about(ticket, assets).await?;
    for device in devices {
        let frozen = snapshots::freeze(&state, &caller.account.name, opened.number, &device);
        frozen
            .await
            .map_err(|problem| is_opened(problem, &opened))?;
    }
    let ticket = caller.ticket(&state, opened.number).await;
    let ticket = ticket.map_err(|problem| is_opened(problem, &opened))?;
    state.work.announce(Live::Ticket {
        number: ticket.number,
        version: ticket.ticket.version,
    });
    let Some(first) = first else {
        return Ok(tagged(&state, StatusCode::CREATED, ticket).await);
    };
    let asked = first.order(&state, &caller, opened.number, lang).await;
    let (_, Json(asked)) = asked.map_err(|problem| match problem.is_done {
        true => problem,
        false => {
            let detail = wording!(
                "ticket {} is opened, and: {}",
                opened.number,
                problem.detail
            );
            problem.done(detail)
        }
    })?;
    let opened = Opened {
        ticket: named(&state, ticket).await,
        jobs: asked.jobs,
    };
    Ok((StatusCode::CREATED, Json(opened)).into_response())
}

/// The priority that is given, or that the matrix has for impact and urgency; else normal.
async fn weigh(
    state: &AppState,
    priority: Option<Priority>,
    impact: Option<Impact>,
    urgency: Option<Urgency>,
) -> Result<(Priority, Option<Weight>), Problem> {
    match (priority, impact, urgency) {
        (given, None, None) => Ok((given.unwrap_or(Priority::Normal), None)),
        (None, Some(impact), Some(urgency)) => {
            let weight = Weight { impact, urgency };
            let priority = canned::matrix(state).await?.priority(weight);
            Ok((priority, Some(weight)))
        }
        (Some(_), _, _) => Err(Problem::field(
            "priority",
            wording!("it follows from impact and urgency"),
        )
        .remedy(wording!("give either the priority or both of these"))),
        (None, None, Some(_)) => Err(Problem::field("impact", wording!("it goes with urgency"))),
        (None, Some(_), None) => Err(Problem::field("urgency", wording!("it goes with impact"))),
    }
}

fn is_opened(problem: Problem, opened: &NumberedTicket) -> Problem {
    problem.after(wording!("ticket {} is opened", opened.number))
}

/// Where a ticket without a device belongs: to the caller's first site.
pub(super) async fn own_site(state: &AppState, caller: &Caller) -> Result<String, Problem> {
    let Some(first) = caller.account.sites.first() else {
        return Ok(DEFAULT_SITE.to_owned());
    };
    let sites = state.store.sites().await?;
    let own = sites.into_iter().find(|site| site.site_key == *first);
    own.map(|site| site.name)
        .ok_or_else(|| Problem::not_found(wording!("site"), first))
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(number): At<i64>,
) -> Result<Response, Problem> {
    let ticket = caller.ticket(&state, number).await?;
    Ok(tagged(&state, StatusCode::OK, ticket).await)
}
