//! Policies: which checks run where, how often, with which limits, and what their findings open.

mod ordered;
mod rules;

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use serde::Serialize;

use super::body::{At, Body, Params, clean};
use super::caller::{Admin, Caller, Viewer};
use super::page::{After, next};
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::fleet::policy::{CheckRules, DEFAULT, MOST, Named, Policy};
use crate::store::accounts::Role;
use crate::store::policies::PolicyRow;
use crate::wording::wording;

const NAME_LENGTH: usize = 64;
const DESCRIPTION_LENGTH: usize = 1_000;
/// Sites or devices that one policy names.
const NAMED: usize = 10_000;
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PolicyView {
    name: String,
    #[serde(flatten)]
    policy: Policy,
    changed_at: String,
    changed_by: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PolicyList {
    items: Vec<PolicyView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

/// What holds for one device.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct EffectiveView {
    /// Names of the policies that reach it; what a later one says holds.
    policies: Vec<String>,
    /// By the id of a check; one that is not named is as it was declared.
    #[schema(value_type = Object)]
    checks: std::collections::BTreeMap<String, CheckRules>,
    settling_seconds: i64,
}

pub(super) fn routes() -> Vec<Route> {
    let (viewer, admin) = (Least::Role(Role::Viewer), Least::Role(Role::Admin));
    vec![
        Route::new(
            Method::GET,
            "/policies",
            viewer,
            "Policies by name",
            get(list),
        )
        .query::<After>()
        .gives::<PolicyList>(),
        Route::new(
            Method::GET,
            "/policies/{policy}",
            viewer,
            "A policy",
            get(show),
        )
        .gives::<PolicyView>(),
        Route::new(
            Method::PUT,
            "/policies/{policy}",
            admin,
            "Sets a policy, in the place of the one of its name",
            axum::routing::put(set),
        )
        .takes::<Policy>()
        .gives::<PolicyView>(),
        Route::new(
            Method::DELETE,
            "/policies/{policy}",
            admin,
            "Removes a policy",
            axum::routing::delete(remove),
        )
        .answers("204"),
        Route::new(
            Method::GET,
            "/devices/{device}/policy",
            viewer,
            "What policies say about a device",
            get(of_device),
        )
        .gives::<EffectiveView>(),
    ]
}

/// The policies that reach a site of the caller's, with the sites and devices of theirs that they name.
async fn views(state: &AppState, caller: &Caller) -> Result<Vec<PolicyView>, Problem> {
    let rows = state.store.policies().await?;
    let views: Vec<PolicyView> = rows.into_iter().filter_map(view).collect();
    if caller.everywhere().is_ok() {
        return Ok(views);
    }
    let sites = state.store.sites().await?;
    let named = views.iter().flat_map(|view| &view.policy.devices);
    let named: BTreeSet<&str> = named.map(String::as_str).collect();
    let devices = state.store.sites_of_devices(named).await?;
    let mut seen = Vec::with_capacity(views.len());
    for mut view in views {
        let policy = &mut view.policy;
        let is_for_some = !policy.sites.is_empty() || !policy.devices.is_empty();
        policy.sites.retain(|name| {
            let site = sites.iter().find(|site| site.name == *name);
            site.is_some_and(|site| caller.account.sees(site.site_key))
        });
        policy.devices.retain(|id| {
            let site = devices.get(id);
            site.is_some_and(|site| caller.account.sees(*site))
        });
        if !is_for_some || !policy.sites.is_empty() || !policy.devices.is_empty() {
            seen.push(view);
        }
    }
    Ok(seen)
}

fn view(row: PolicyRow) -> Option<PolicyView> {
    Some(PolicyView {
        policy: serde_json::from_str(&row.body).ok()?,
        name: row.name,
        changed_at: time::shown(row.changed_at),
        changed_by: row.changed_by,
    })
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(page): Params<After>,
) -> Result<Json<PolicyList>, Problem> {
    let after: Option<String> = page.cursor()?;
    let mut items = views(&state, &caller).await?;
    items.sort_by(|one, other| one.name.cmp(&other.name));
    items.retain(|policy| after.as_ref().is_none_or(|after| policy.name > *after));
    items.truncate(page.most() as usize);
    let next = next(&items, page.most(), |policy| policy.name.clone());
    Ok(Json(PolicyList { items, next }))
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(name): At<String>,
) -> Result<Json<PolicyView>, Problem> {
    named(&state, &caller, &name).await.map(Json)
}

async fn named(state: &AppState, caller: &Caller, name: &str) -> Result<PolicyView, Problem> {
    let mut found = views(state, caller).await?.into_iter();
    found
        .find(|policy| policy.name == name)
        .ok_or_else(|| Problem::not_found(wording!("policy"), name))
}

async fn set(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
    Body(policy): Body<Policy>,
) -> Result<Json<PolicyView>, Problem> {
    caller.everywhere()?;
    let name = clean("policy", &name, NAME_LENGTH, false)?;
    if name.is_empty() || name == DEFAULT || name.trim() != name {
        return Err(
            Problem::field("policy", wording!("{} cannot be its name", ?name)).remedy(wording!(
                "any other name; \"default\" is what holds where no policy says otherwise"
            )),
        );
    }
    let policy = valid(&state, &caller, &name, policy).await?;
    let row = PolicyRow {
        name: name.clone(),
        // Its maps have texts for keys and its numbers are finite.
        body: serde_json::to_string(&policy).unwrap_or_default(),
        changed_at: time::now_us(),
        changed_by: caller.account.name.clone(),
    };
    state.store.put_policy(row, MOST).await?;
    let shown = async {
        changed(&state).await?;
        named(&state, &caller, &name).await.map(Json)
    };
    let shown = shown.await;
    shown.map_err(|problem| problem.after(wording!("the policy {} is kept", name)))
}

async fn remove(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(name): At<String>,
) -> Result<StatusCode, Problem> {
    caller.everywhere()?;
    let removed = state
        .store
        .remove_policy(&name, &caller.account.name, time::now_us());
    removed.await?;
    let told = changed(&state).await;
    told.map_err(|problem| problem.after(wording!("the policy {} is removed", name)))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn changed(state: &AppState) -> Result<(), Problem> {
    state.policies.read(&state.store).await?;
    state.work.policies_changed();
    Ok(())
}

async fn of_device(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(id): At<String>,
) -> Result<Json<EffectiveView>, Problem> {
    let device = caller.device(&state, &id).await?;
    let effective = state.policies.of(device.id.as_str(), &device.site);
    Ok(Json(EffectiveView {
        settling_seconds: effective.settling_us() / 1_000_000,
        policies: effective.names,
        checks: effective.checks,
    }))
}

/// Holds a policy against what there is.
async fn valid(
    state: &AppState,
    caller: &Caller,
    name: &str,
    mut policy: Policy,
) -> Result<Policy, Problem> {
    policy.description = clean("description", &policy.description, DESCRIPTION_LENGTH, true)?;
    rules::within("settling_seconds", policy.settling_seconds, 0)?;
    for (field, named) in [("sites", &policy.sites), ("devices", &policy.devices)] {
        if named.len() > NAMED {
            return Err(Problem::field(field, wording!("more than {}", NAMED)));
        }
    }
    let sites = state.store.sites().await?;
    for (index, name) in policy.sites.iter().enumerate() {
        if !sites.iter().any(|site| site.name == *name) {
            return Err(Problem::field(
                format!("sites[{index}]"),
                wording!("there is no site {}", ?name),
            )
            .remedy(wording!("sonde site list")));
        }
    }
    let named: BTreeSet<&str> = policy.devices.iter().map(String::as_str).collect();
    let devices = state.store.sites_of_devices(named).await?;
    for (index, id) in policy.devices.iter().enumerate() {
        let site = devices.get(id);
        if !site.is_some_and(|site| caller.account.sees(*site)) {
            return Err(Problem::field(
                format!("devices[{index}]"),
                wording!("there is no device {}", ?id),
            )
            .remedy(wording!("name it by its id: sonde device list")));
        }
    }
    let catalogue = super::catalogue::everything(state).await?;
    for (id, rules) in &policy.checks {
        let declared = catalogue.check(&format!("checks.{id}"), id)?;
        rules::valid(&format!("checks.{id}"), declared, rules)?;
    }
    let named = Named {
        name: name.to_owned(),
        policy: policy.clone(),
    };
    ordered::ordered(state, &catalogue, named).await?;
    Ok(policy)
}
