//! Is it only this machine? How many have the same finding, and what they have in common.

use std::collections::{HashMap, HashSet};

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::body::{At, Params};
use super::caller::Viewer;
use super::route::{Least, Route};
use super::{AppState, Problem, findings};
use crate::fleet::cohort::{self, ATTRIBUTES, COLUMNS, Common, Count};
use crate::store::accounts::Role;
use crate::store::facts::{CohortOf, DeviceColumn, ValueCount};
use crate::wording::wording;

/// Affected devices that are named.
const MOST_NAMED: usize = 100;
/// Packages whose versions may be compared too.
const MOST_PACKAGES: usize = 12;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Asked {
    /// `CHECK` or `CHECK/SUBJECT` of a finding of this device.
    #[serde(rename = "for")]
    of: String,
    /// Count findings of the same check about anything, not only about the same subject.
    #[serde(default)]
    any_subject: bool,
    /// Names of packages with commas between them: their versions are compared too, 12 at most.
    packages: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Cohort {
    check: String,
    /// None: about anything.
    subject: Option<String>,
    /// Devices with this finding, this one among them,
    n_affected: u64,
    /// and those on which the check finds no such thing.
    n_healthy: u64,
    /// The affected ones, 100 at most.
    affected: Vec<DeviceName>,
    /// What more of the affected have than of the others, the most telling first.
    common: Vec<CommonView>,
    /// Values that were compared: of so many, some differ by chance.
    n_compared: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct DeviceName {
    id: String,
    hostname: String,
    site: String,
    connected: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CommonView {
    attribute: String,
    value: String,
    affected: Share,
    healthy: Share,
    /// Fisher's exact test, one-sided: how likely chance alone makes so large a difference, or a larger one.
    p: f64,
    /// Chance alone makes it in less than one of twenty such comparisons as a whole.
    telling: bool,
}

/// Devices that have it, of how many.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Share {
    n: u64,
    of: u64,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/devices/{device}/cohort",
            Least::Role(Role::Viewer),
            "Which devices have the same finding, and what they have in common",
            get(show),
        )
        .query::<Asked>()
        .gives::<Cohort>(),
    ]
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(device): At<String>,
    Params(asked): Params<Asked>,
) -> Result<Json<Cohort>, Problem> {
    let device = caller.device(&state, &device).await?;
    let row = findings::named(&state, &device, &asked.of).await?;
    let of = CohortOf {
        check: row.finding.check,
        subject: Some(row.finding.subject).filter(|_| !asked.any_subject),
        sites: caller.account.site_filter(),
    };
    let packages = packages(asked.packages.as_deref())?;
    let (affected, n_healthy) = state.store.cohort(&of).await?;
    let n_affected = affected.len() as u64;
    let counts = counts(&state, &of, &packages).await?;
    let n_compared = counts.len();
    let name = |at: usize| match ATTRIBUTES.get(at) {
        Some(name) => (*name).to_owned(),
        None => format!("package {}", packages[at - ATTRIBUTES.len()]),
    };
    let view = |one: Common| CommonView {
        attribute: name(one.attribute),
        value: one.value,
        affected: Share {
            n: one.affected.0,
            of: one.affected.1,
        },
        healthy: Share {
            n: one.healthy.0,
            of: one.healthy.1,
        },
        telling: one.p * (n_compared as f64) < 0.05,
        p: one.p,
    };
    let common = cohort::common(counts, n_affected, n_healthy);
    let named = affected.into_iter().take(MOST_NAMED);
    let named = state.store.devices_by_key(named).await?;
    let mut named: Vec<DeviceName> = named
        .into_values()
        .map(|device| DeviceName {
            id: device.id.to_string(),
            connected: device.connected_at.is_some(),
            hostname: device.hostname,
            site: device.site,
        })
        .collect();
    named.sort_by(|a, b| (&a.hostname, &a.id).cmp(&(&b.hostname, &b.id)));
    Ok(Json(Cohort {
        n_affected,
        n_healthy,
        affected: named,
        common: common.into_iter().map(view).collect(),
        n_compared,
        check: of.check,
        subject: of.subject,
    }))
}

/// Values that affected devices have, and how many devices of either kind have each.
async fn counts(
    state: &AppState,
    of: &CohortOf,
    packages: &[String],
) -> Result<Vec<Count>, Problem> {
    let store = &state.store;
    let mut all = Vec::new();
    let mut add = |attribute: usize, found: Vec<ValueCount>| {
        all.extend(found.into_iter().map(|one| Count {
            attribute,
            value: one.value,
            n_affected: one.n_affected,
            n_healthy: one.n_healthy,
        }));
    };
    let own = [
        (cohort::SITE, DeviceColumn::Site),
        (cohort::AGENT_VERSION, DeviceColumn::AgentVersion),
    ];
    for (at, column) in own {
        add(at, store.cohort_devices(of, column).await?);
    }
    for (at, table, column) in COLUMNS {
        add(*at, store.cohort_values(of, (table, column), None).await?);
    }
    for (at, name) in (ATTRIBUTES.len()..).zip(packages) {
        let named = Some(("name", name.as_str()));
        add(
            at,
            store
                .cohort_values(of, ("packages", "version"), named)
                .await?,
        );
    }
    add(cohort::SUBNET, subnets(store.cohort_addresses(of).await?));
    Ok(all)
}

/// Devices of either kind in each network that an affected one is in.
fn subnets(addresses: Vec<(i64, bool, String, i64)>) -> Vec<ValueCount> {
    let mut found: HashMap<String, (HashSet<i64>, HashSet<i64>)> = HashMap::new();
    for (device, is_bad, address, prefix) in addresses {
        if let Some(subnet) = cohort::subnet(&address, prefix) {
            let (bad, well) = found.entry(subnet).or_default();
            let devices = if is_bad { bad } else { well };
            devices.insert(device);
        }
    }
    let counts = found.into_iter().map(|(value, (bad, well))| ValueCount {
        value,
        n_affected: bad.len() as u64,
        n_healthy: well.len() as u64,
    });
    counts.filter(|one| one.n_affected > 0).collect()
}

fn packages(names: Option<&str>) -> Result<Vec<String>, Problem> {
    let names = names.unwrap_or_default().split(',').map(str::trim);
    let names: Vec<String> = names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    match names.len() {
        n if n > MOST_PACKAGES => Err(Problem::field(
            "packages",
            wording!("{} packages, where {} are the most", n, MOST_PACKAGES),
        )),
        _ => Ok(names),
    }
}
