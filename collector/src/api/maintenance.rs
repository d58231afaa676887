//! Maintenance: planned ahead, listed, ended.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};

use super::body::{At, Body, Params, clean};
use super::caller::{Caller, Technician, Viewer};
use super::page::{Before, next};
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::desk::maintenance::{MOST_DEVICES, Plan, REASON_LENGTH, Weekly};
use crate::store::accounts::Role;
use crate::store::alerts::{Maintenance, NewMaintenance, SilenceKey};
use crate::store::{Id, StoreError};
use crate::wording::wording;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct MaintenanceView {
    id: String,
    site: String,
    /// Host names and ids; empty: the whole site.
    devices: Vec<WorkedOn>,
    /// Of the span that holds, else of the next one.
    from: String,
    until: String,
    /// It holds now.
    holds: bool,
    /// It comes again every week,
    weekly: bool,
    /// on the clock of this time zone,
    time_zone: Option<String>,
    /// and not after this; none: until it is ended.
    last: Option<String>,
    reason: String,
    created_by: String,
    created_at: String,
    #[serde(skip)]
    #[schema(ignore)]
    key: SilenceKey,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct WorkedOn {
    id: String,
    hostname: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct MaintenanceList {
    items: Vec<MaintenanceView>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPlan {
    /// Either the whole of a site
    site: Option<String>,
    /// or devices of one: their ids.
    #[serde(default)]
    devices: Vec<String>,
    /// RFC 3339, of the first span.
    from: String,
    until: String,
    /// The same every week.
    #[serde(default)]
    weekly: bool,
    /// On whose clock, as Europe/Paris; it goes with weekly.
    time_zone: Option<String>,
    /// No span begins after this; it goes with weekly.
    last: Option<String>,
    reason: String,
}

pub(super) fn routes() -> Vec<Route> {
    let technician = Least::Role(Role::Technician);
    vec![
        Route::new(
            Method::GET,
            "/maintenance",
            Least::Role(Role::Viewer),
            "Maintenance that is planned and not over, the newest first",
            get(list),
        )
        .query::<Before>()
        .gives::<MaintenanceList>(),
        Route::new(
            Method::POST,
            "/maintenance",
            technician,
            "Plans a span in which what is found opens no ticket before its end; that of a whole site takes the role senior",
            post(plan),
        )
        .takes::<NewPlan>()
        .gives::<MaintenanceView>()
        .answers("201"),
        Route::new(
            Method::DELETE,
            "/maintenance/{maintenance}",
            technician,
            "Ends a maintenance, or what is left of it; one of somebody else's takes the role senior",
            delete(end),
        )
        .answers("204"),
    ]
}

/// What is planned and the caller may see.
async fn views(state: &AppState, caller: &Caller) -> Result<Vec<MaintenanceView>, Problem> {
    let now = time::now_us();
    let mut planned = state.store.maintenance(now).await?;
    planned.retain(|one| caller.account.sees(one.site_key));
    let sites = state.store.sites().await?;
    let keys = planned
        .iter()
        .flat_map(|one| one.device_keys.iter().copied());
    let keys: BTreeSet<i64> = keys.collect();
    let devices = state.store.devices_by_key(keys).await?;
    let view = |one: Maintenance| {
        let site = sites.iter().find(|site| site.site_key == one.site_key)?;
        let (from, until) = one.plan.next(now)?;
        let worked_on = one.device_keys.iter().filter_map(|key| devices.get(key));
        let weekly = one.plan.weekly.as_ref();
        Some(MaintenanceView {
            key: one.key(),
            id: one.id.to_string(),
            site: site.name.clone(),
            devices: worked_on
                .map(|device| WorkedOn {
                    id: device.id.to_string(),
                    hostname: device.hostname.clone(),
                })
                .collect(),
            from: time::shown(from),
            until: time::shown(until),
            holds: from <= now,
            weekly: weekly.is_some(),
            time_zone: weekly.map(|weekly| weekly.zone.clone()),
            last: weekly.and_then(|weekly| weekly.last).map(time::shown),
            reason: one.reason,
            created_by: one.created_by,
            created_at: time::shown(one.created_at),
        })
    };
    Ok(planned.into_iter().filter_map(view).collect())
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(page): Params<Before>,
) -> Result<Json<MaintenanceList>, Problem> {
    let before: Option<SilenceKey> = page.cursor()?;
    let mut items = views(&state, &caller).await?;
    items.retain(|one| before.is_none_or(|before| one.key < before));
    items.truncate(page.most() as usize);
    let next = next(&items, page.most(), |one| one.key.to_string());
    Ok(Json(MaintenanceList { items, next }))
}

/// What it is about: the site, and devices of it unless the whole is meant.
async fn about(
    state: &AppState,
    caller: &Caller,
    new: &NewPlan,
) -> Result<(i64, Vec<i64>), Problem> {
    if new.devices.len() > MOST_DEVICES {
        let what = wording!("{} at most", MOST_DEVICES);
        return Err(Problem::field("devices", what).remedy(wording!("name the site instead")));
    }
    match (&new.site, &new.devices[..]) {
        (None, []) => Err(Problem::field("site", wording!("it is missing"))
            .remedy(wording!("give a site, or devices"))),
        (Some(_), [_, ..]) => Err(Problem::field(
            "devices",
            wording!("give a site or devices, not both"),
        )),
        (Some(site), []) => {
            caller.at_least(Role::Senior)?;
            Ok((caller.site(state, site).await?, Vec::new()))
        }
        (None, ids) => {
            let mut keys = Vec::with_capacity(ids.len());
            let mut of: Option<(i64, String)> = None;
            for id in ids {
                let device = caller.device(state, id).await?;
                let (site_key, site) = of.get_or_insert((device.site_key, device.site.clone()));
                if *site_key != device.site_key {
                    let what = wording!(
                        "{} belongs to the site {}, the first to {}",
                        device.hostname,
                        device.site,
                        site
                    );
                    return Err(
                        Problem::field("devices", what).remedy(wording!("plan one for each site"))
                    );
                }
                keys.push(device.device_key);
            }
            Ok((of.map_or(0, |(site_key, _)| site_key), keys))
        }
    }
}

/// When it is.
fn when(new: &NewPlan) -> Result<Plan, Problem> {
    let weekly = match (new.weekly, &new.time_zone, &new.last) {
        (true, Some(zone), last) => Some(Weekly {
            zone: zone.clone(),
            last: last
                .as_deref()
                .map(|last| time::read("last", last))
                .transpose()?,
        }),
        (true, None, _) => {
            return Err(
                Problem::field("time_zone", wording!("it is missing")).remedy(wording!(
                    "what comes every week has a clock, as Europe/Paris"
                )),
            );
        }
        (false, None, None) => None,
        (false, Some(_), _) => {
            return Err(Problem::field("time_zone", wording!("it goes with weekly")));
        }
        (false, None, Some(_)) => {
            return Err(Problem::field("last", wording!("it goes with weekly")));
        }
    };
    let plan = Plan {
        from: time::read("from", &new.from)?,
        until: time::read("until", &new.until)?,
        weekly,
    };
    Ok(plan.checked().map_err(StoreError::from)?)
}

async fn plan(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Body(new): Body<NewPlan>,
) -> Result<(StatusCode, Json<MaintenanceView>), Problem> {
    let (site_key, device_keys) = about(&state, &caller, &new).await?;
    let (plan, now) = (when(&new)?, time::now_us());
    if plan.next(now).is_none() {
        return Err(Problem::field("until", wording!("it has passed")));
    }
    let reason = clean("reason", &new.reason, REASON_LENGTH, true)?;
    if reason.trim().is_empty() {
        return Err(Problem::field("reason", wording!("it is empty"))
            .remedy(wording!("say why, for the others")));
    }
    let new = NewMaintenance {
        site_key,
        device_keys,
        plan,
        reason,
        created_by: caller.account.name.clone(),
        at: now,
    };
    let id = state.store.plan_maintenance(new).await?;
    let made = views(&state, &caller).await;
    made.and_then(|made| {
        let mut made = made.into_iter();
        made.find(|one| one.id == id.to_string())
            .ok_or_else(|| Problem::not_found(wording!("maintenance"), id))
    })
    .map(|one| (StatusCode::CREATED, Json(one)))
    .map_err(|problem| problem.after(wording!("the maintenance {} is planned", %id)))
}

async fn end(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let missing = || Problem::not_found(wording!("maintenance"), &id);
    let visible = views(&state, &caller).await?;
    let one = visible.iter().find(|one| one.id == id);
    if one.ok_or_else(missing)?.created_by != caller.account.name {
        caller.at_least(Role::Senior)?;
    }
    let key: Id = id.parse().map_err(|_| missing())?;
    let by = &caller.account.name;
    state.store.end_maintenance(key, by, time::now_us()).await?;
    Ok(StatusCode::NO_CONTENT)
}
