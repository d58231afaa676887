//! What the user is asked to agree to: asked by a technician, answered on the requester's page or on the device.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sonde_proto::message::Lang;
use sonde_proto::v1;
use tokio::sync::broadcast::error::RecvError;

use super::super::body::{At, Body, Params};
use super::super::caller::{Technician, Viewer};
use super::super::page::{Before, next};
use super::super::requester;
use super::super::route::{Least, Route};
use super::super::work::asked_of;
use super::super::{AppState, Problem, catalogue, job_view, jobs, time};
use crate::desk::consent::{ASKED_US, Answer, LONGEST_ASKED_US, Purpose, Standing, Way};
use crate::desk::{Event, State as TicketState};
use crate::link::consent::Put;
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::tickets::{TicketChange, TicketConsent};
use crate::wording::{Wording, wording};
use crate::work::{Live, Phase, Request, Told};

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::api) struct ConsentView {
    id: String,
    ticket: i64,
    device: String,
    action: String,
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
    /// Id of the job whose plan the user sees.
    plan: Option<String>,
    asked_by: String,
    asked_at: String,
    /// Until when it can be answered.
    expires_at: String,
    standing: Standing,
    answer: Option<Answer>,
    way: Option<Way>,
    answered_at: Option<String>,
    /// How often it was done.
    n_uses: i64,
    withdrawn_at: Option<String>,
    /// When it is asked: whether it stands on the device too: "sent", "not_connected", "cannot_ask". Its page it stands on
    /// anyway.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_device: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ConsentList {
    items: Vec<ConsentView>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AskConsent {
    /// Id of a device of the ticket.
    device: String,
    action: String,
    #[serde(default)]
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
    /// Id of the job of this ticket that planned exactly this: the user sees its steps.
    plan: Option<String>,
    /// How long it can be answered: an hour if it is not given, a week at most.
    expires_in_seconds: Option<u32>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Wait {
    /// Answer when it is no longer only asked, or after so many seconds, 300 at most.
    wait_seconds: Option<u32>,
}

pub(super) fn routes() -> Vec<Route> {
    let (viewer, technician) = (Least::Role(Role::Viewer), Least::Role(Role::Technician));
    vec![
        Route::new(
            Method::GET,
            "/tickets/{ticket}/consents",
            viewer,
            "What the user was asked to agree to, the newest first",
            get(list),
        )
        .query::<Before>()
        .gives::<ConsentList>(),
        Route::new(
            Method::POST,
            "/tickets/{ticket}/consents",
            technician,
            "Asks the user whether something may be done",
            post(ask),
        )
        .takes::<AskConsent>()
        .gives::<ConsentView>()
        .answers("201"),
        Route::new(
            Method::GET,
            "/tickets/{ticket}/consents/{consent}",
            viewer,
            "One question and what became of it",
            get(show),
        )
        .query::<Wait>()
        .gives::<ConsentView>(),
        Route::new(
            Method::DELETE,
            "/tickets/{ticket}/consents/{consent}",
            technician,
            "Withdraws a question, or what was allowed",
            delete(withdraw),
        )
        .gives::<ConsentView>(),
    ]
}

fn view(one: TicketConsent, now: i64) -> ConsentView {
    let TicketConsent {
        id,
        ticket,
        consent,
    } = one;
    let standing = consent.standing(now);
    let (answer, way) = consent.answer.unzip();
    ConsentView {
        id: id.to_string(),
        ticket,
        device: consent.purpose.device,
        action: consent.purpose.action,
        parameters: consent.purpose.parameters,
        plan: consent.plan,
        asked_by: consent.asked_by,
        asked_at: time::shown(consent.asked_at),
        expires_at: time::shown(consent.expires_at),
        standing,
        answer,
        way,
        answered_at: consent.answered_at.map(time::shown),
        n_uses: consent.n_uses,
        withdrawn_at: consent.withdrawn_at.map(time::shown),
        at_device: None,
    }
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(number): At<i64>,
    Params(page): Params<Before>,
) -> Result<Json<ConsentList>, Problem> {
    caller.ticket(&state, number).await?;
    let most = page.most();
    let consents = state.store.consents(number, page.cursor()?, most).await?;
    let next = next(&consents, most, |one| one.id.to_string());
    let now = time::now_us();
    Ok(Json(ConsentList {
        items: consents.into_iter().map(|one| view(one, now)).collect(),
        next,
    }))
}

async fn ask(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    Body(ask): Body<AskConsent>,
) -> Result<(StatusCode, Json<ConsentView>), Problem> {
    let site_key = caller.ticket(&state, number).await?.site_key;
    let (device, declared) = asked_of(&state, &caller, site_key, &ask.device).await?;
    let action = declared.action(&ask.action)?;
    let parameters = catalogue::parameters(&action.parameters, &ask.parameters)?;
    let purpose = Purpose {
        device: device.id.to_string(),
        action: ask.action,
        parameters: job_view::named(&parameters),
    };
    if let Some(plan) = &ask.plan {
        planned(&state, number, plan, &purpose).await?;
    }
    let now = time::now_us();
    let for_us = ask
        .expires_in_seconds
        .map_or(ASKED_US, |seconds| i64::from(seconds) * 1_000_000);
    if !(1..=LONGEST_ASKED_US).contains(&for_us) {
        return Err(Problem::field(
            "expires_in_seconds",
            wording!("1 to {} seconds", LONGEST_ASKED_US / 1_000_000),
        ));
    }
    let id = Id::random();
    let event = Event::ConsentAsked {
        consent: id.to_string(),
        purpose,
        plan: ask.plan,
        expires_at: now + for_us,
    };
    let by = &caller.account.name;
    let one = happen(&state, number, id, event, by, now).await?;
    let put = at_device(&state, device.device_key, &one).await;
    let shown = ConsentView {
        at_device: Some(put.as_str().to_owned()),
        ..view(one, now)
    };
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Shows the question to who sits at the device, in their language.
async fn at_device(state: &AppState, device_key: i64, one: &TicketConsent) -> Put {
    let words = async |lang| {
        requester::purpose(state, one, lang)
            .await
            .unwrap_or_default()
    };
    let question = v1::AskConsent {
        question_id: one.id.0.to_vec().into(),
        ticket: one.ticket.unsigned_abs(),
        technician: one.consent.asked_by.clone(),
        purpose_en: words(Lang::En).await,
        purpose_fr: words(Lang::Fr).await,
        expires_us: one.consent.expires_at,
    };
    state.work.ask_consent(device_key, question).await
}

/// That a job of the ticket has planned exactly this.
async fn planned(
    state: &AppState,
    number: i64,
    plan: &str,
    purpose: &Purpose,
) -> Result<(), Problem> {
    let wrong = |why: Wording| Problem::field("plan", why);
    let id: Id = plan
        .parse()
        .map_err(|_| wrong(wording!("it is no job's id")))?;
    let job = state.store.job(id).await?;
    let job = job
        .filter(|job| job.ticket == Some(number))
        .ok_or_else(|| wrong(wording!("it is no job of this ticket")))?;
    let request: Option<Request> = serde_json::from_str(&job.request).ok();
    let is_it = match request {
        Some(Request::Action {
            action,
            phase: Phase::Plan,
            parameters,
            ..
        }) => {
            action == purpose.action
                && job.device.as_str() == purpose.device
                && job_view::named(&parameters) == purpose.parameters
        }
        Some(_) | None => false,
    };
    match is_it {
        true => Ok(()),
        false => Err(
            wrong(wording!("it is the plan of something else")).remedy(wording!(
                "plan the same action with the same parameters on the same device"
            )),
        ),
    }
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At((number, id)): At<(i64, String)>,
    Params(params): Params<Wait>,
) -> Result<Json<ConsentView>, Problem> {
    // Listened to before it is read, so that no change falls in between.
    let mut changes = state.work.subscribe();
    caller.ticket(&state, number).await?;
    let key: Id = id
        .parse()
        .map_err(|_| Problem::not_found(wording!("consent"), &id))?;
    let find = async || {
        let found = state.store.consent(number, key).await?;
        found.ok_or_else(|| Problem::not_found(wording!("consent"), &id))
    };
    let mut one = find().await?;
    let deadline = jobs::deadline(params.wait_seconds.unwrap_or(0));
    while one.consent.standing(time::now_us()) == Standing::Asked {
        match tokio::time::timeout_at(deadline, changes.recv()).await {
            Err(_) | Ok(Err(RecvError::Closed)) => break,
            Ok(Ok(Told {
                change: Live::Ticket { number: told, .. },
                ..
            })) if told == number => {}
            Ok(Ok(_)) => continue,
            // What was missed stands in the store.
            Ok(Err(RecvError::Lagged(_))) => {}
        }
        one = find().await?;
    }
    if params.wait_seconds.is_some() {
        caller.again(&state).await?.ticket(&state, number).await?;
    }
    Ok(Json(view(one, time::now_us())))
}

async fn withdraw(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At((number, id)): At<(i64, String)>,
) -> Result<Json<ConsentView>, Problem> {
    caller.ticket(&state, number).await?;
    let key: Id = id
        .parse()
        .map_err(|_| Problem::not_found(wording!("consent"), &id))?;
    let event = Event::ConsentWithdrawn { consent: id };
    let now = time::now_us();
    let one = happen(&state, number, key, event, &caller.account.name, now).await?;
    Ok(Json(view(one, now)))
}

/// Puts an event of a consent onto its ticket; the consent after it.
pub(in crate::api) async fn happen(
    state: &AppState,
    number: i64,
    id: Id,
    event: Event,
    actor: &str,
    at: i64,
) -> Result<TicketConsent, Problem> {
    let changed = state
        .store
        .change_ticket(TicketChange {
            number,
            event,
            actor: actor.to_owned(),
            expected_version: None,
            at,
        })
        .await?;
    state.work.announce(Live::Ticket {
        number,
        version: changed.ticket.ticket.version,
    });
    let found = state.store.consent(number, id).await?;
    found.ok_or_else(|| Problem::not_found(wording!("consent"), id))
}

/// What the user has allowed of a purpose on a ticket, to go with its order.
pub(in crate::api) async fn given(
    state: &AppState,
    number: i64,
    purpose: &Purpose,
) -> Result<Option<crate::work::Consent>, Problem> {
    let Some(ticket) = state.store.ticket(number).await? else {
        return Ok(None);
    };
    // For the ticket is until it is resolved.
    if ticket.ticket.state == TicketState::Resolved {
        return Ok(None);
    }
    let one = state.store.consent_to(number, purpose, time::now_us());
    Ok(one.await?.map(|one| {
        let way = one.consent.answer.map(|(_, way)| way);
        crate::work::Consent {
            recorded_by: one.consent.asked_by,
            given: way.map_or("page", Way::as_str).to_owned(),
            at_us: one.consent.answered_at.unwrap_or_default(),
            asked: Some(one.id.to_string()),
        }
    }))
}
