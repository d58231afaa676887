//! Findings that somebody accepts as known, until a time.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};

use super::body::{At, Body, Params, clean};
use super::caller::{Caller, Technician, Viewer};
use super::findings::{self, FindingView};
use super::lang::Reader;
use super::page::{Before, next};
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::desk::maintenance::REASON_LENGTH;
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::alerts::{NewAcceptance, SilenceKey};
use crate::wording::wording;

/// Longest that something is accepted without anybody thinking of it again, days.
const MOST_DAYS: i64 = 400;
const DAY_US: i64 = 86_400_000_000;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AcceptanceView {
    id: String,
    /// Id of the device.
    device: String,
    hostname: String,
    check: String,
    subject: String,
    /// "warning", "critical": what is worse is not accepted.
    status: String,
    reason: String,
    created_by: String,
    created_at: String,
    until: String,
    #[serde(skip)]
    #[schema(ignore)]
    key: SilenceKey,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AcceptanceList {
    items: Vec<AcceptanceView>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Accept {
    /// Id of the device.
    device: String,
    /// What is wrong with it: "check", or "check/subject" where it finds several things.
    finding: String,
    reason: String,
    /// RFC 3339, within 400 days.
    until: String,
}

pub(super) fn routes() -> Vec<Route> {
    let technician = Least::Role(Role::Technician);
    vec![
        Route::new(
            Method::GET,
            "/acceptances",
            Least::Role(Role::Viewer),
            "Findings that are accepted, the newest first",
            get(list),
        )
        .query::<Before>()
        .gives::<AcceptanceList>(),
        Route::new(
            Method::POST,
            "/acceptances",
            technician,
            "Accepts what is wrong with a device as known, as bad as it is now, until a time",
            post(accept),
        )
        .takes::<Accept>()
        .gives::<AcceptanceView>()
        .answers("201"),
        Route::new(
            Method::DELETE,
            "/acceptances/{acceptance}",
            technician,
            "Ends an acceptance; one of somebody else's takes the role senior",
            delete(end),
        )
        .answers("204"),
    ]
}

/// Those that hold and that the caller may see.
async fn views(state: &AppState, caller: &Caller) -> Result<Vec<AcceptanceView>, Problem> {
    let all = state.store.acceptances(time::now_us()).await?;
    let keys: BTreeSet<i64> = all.iter().map(|one| one.device_key).collect();
    let devices = state.store.devices_by_key(keys).await?;
    let view = |one: crate::store::alerts::Acceptance| {
        let device = devices.get(&one.device_key)?;
        caller
            .account
            .sees(device.site_key)
            .then(|| AcceptanceView {
                key: one.key(),
                id: one.id.to_string(),
                device: device.id.to_string(),
                hostname: device.hostname.clone(),
                check: one.check,
                subject: one.subject,
                status: if one.status == 1 {
                    "warning"
                } else {
                    "critical"
                }
                .to_owned(),
                reason: one.reason,
                created_by: one.created_by,
                created_at: time::shown(one.created_at),
                until: time::shown(one.until),
            })
    };
    Ok(all.into_iter().filter_map(view).collect())
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(page): Params<Before>,
) -> Result<Json<AcceptanceList>, Problem> {
    let before: Option<SilenceKey> = page.cursor()?;
    let mut items = views(&state, &caller).await?;
    items.retain(|one| before.is_none_or(|before| one.key < before));
    items.truncate(page.most() as usize);
    let next = next(&items, page.most(), |one| one.key.to_string());
    Ok(Json(AcceptanceList { items, next }))
}

/// The one that is meant among what is wrong.
fn meant<'f>(found: &'f [FindingView], of: &str) -> Result<&'f FindingView, Problem> {
    let (check, subject) = match of.split_once('/') {
        Some((check, subject)) => (check, Some(subject)),
        None => (of, None),
    };
    let is_bad = |one: &&FindingView| matches!(one.status.as_str(), "warning" | "critical");
    let is_meant = |one: &&FindingView| {
        one.check == check && subject.is_none_or(|subject| one.subject == subject)
    };
    let bad: Vec<&FindingView> = found.iter().filter(is_bad).collect();
    let matching: Vec<&FindingView> = bad.iter().copied().filter(is_meant).collect();
    let keys = |of: &[&FindingView]| -> String {
        let keys = of
            .iter()
            .map(|one| format!("{}/{}", one.check, one.subject));
        keys.collect::<Vec<_>>().join(", ")
    };
    match matching[..] {
        [one] => Ok(one),
        [] if bad.is_empty() => Err(Problem::field(
            "finding",
            wording!("nothing is wrong with the device"),
        )),
        [] => Err(
            Problem::field("finding", wording!("nothing wrong is found by {}", of))
                .remedy(wording!("there are: {}", keys(&bad))),
        ),
        _ => {
            let what = wording!("{} findings of {}", matching.len(), of);
            Err(Problem::field("finding", what).remedy(wording!("there are: {}", keys(&matching))))
        }
    }
}

async fn accept(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Reader(lang): Reader,
    Body(ask): Body<Accept>,
) -> Result<(StatusCode, Json<AcceptanceView>), Problem> {
    let device = caller.device(&state, &ask.device).await?;
    let now = time::now_us();
    let until = time::read("until", &ask.until)?;
    if until <= now {
        return Err(Problem::field("until", wording!("it has passed")));
    }
    if until > now + MOST_DAYS * DAY_US {
        return Err(Problem::field(
            "until",
            wording!("at most {} days from now", MOST_DAYS),
        ));
    }
    let reason = clean("reason", &ask.reason, REASON_LENGTH, true)?;
    if reason.trim().is_empty() {
        return Err(Problem::field("reason", wording!("it is empty"))
            .remedy(wording!("say why, for the others")));
    }
    let found = findings::of_device(&state, &device, lang).await?;
    let finding = meant(&found, &ask.finding)?;
    let new = NewAcceptance {
        device_key: device.device_key,
        check: finding.check.clone(),
        subject: finding.subject.clone(),
        status: if finding.status == "warning" { 1 } else { 2 },
        reason,
        created_by: caller.account.name.clone(),
        until,
        at: now,
    };
    let id = state.store.accept_finding(new).await?;
    let made = views(&state, &caller).await;
    made.and_then(|made| {
        let mut made = made.into_iter();
        made.find(|one| one.id == id.to_string())
            .ok_or_else(|| Problem::not_found(wording!("acceptance"), id))
    })
    .map(|one| (StatusCode::CREATED, Json(one)))
    .map_err(|problem| problem.after(wording!("the acceptance {} is made", %id)))
}

async fn end(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let missing = || Problem::not_found(wording!("acceptance"), &id);
    let visible = views(&state, &caller).await?;
    let one = visible.iter().find(|one| one.id == id);
    if one.ok_or_else(missing)?.created_by != caller.account.name {
        caller.at_least(Role::Senior)?;
    }
    let key: Id = id.parse().map_err(|_| missing())?;
    let by = &caller.account.name;
    state.store.end_acceptance(key, by, time::now_us()).await?;
    Ok(StatusCode::NO_CONTENT)
}
