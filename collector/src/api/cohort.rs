//! Is it only this machine? How many have the same finding, and what they have in common.

use std::collections::{BTreeSet, HashMap, HashSet};

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use sonde_proto::v1::Status;

use super::body::{At, Params};
use super::caller::{Caller, Viewer};
use super::route::{Least, Route};
use super::{AppState, Problem, findings};
use crate::fleet::cohort::{self, ATTRIBUTES, Common, TABLES, Traits};
use crate::store::accounts::Role;
use crate::store::devices::DeviceFilter;
use crate::store::findings::code;

/// Affected devices that are named.
const MOST_NAMED: usize = 100;
/// Packages whose versions may be compared too.
const MOST_PACKAGES: usize = 12;
/// Devices that are read at a time.
const PAGE: u32 = 1_000;

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
    affected: Vec<Named>,
    /// What more of the affected have than of the others, the most telling first.
    common: Vec<CommonView>,
    /// Values that were compared: of so many, some differ by chance.
    n_compared: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Named {
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
    let check = row.finding.check;
    let subject = Some(row.finding.subject).filter(|_| !asked.any_subject);
    let packages = packages(asked.packages.as_deref())?;
    let sites = caller.account.site_filter();
    let all = state
        .store
        .findings_by_check(&check, sites.as_deref())
        .await?;
    let bad = [code(Status::Warning), code(Status::Critical)];
    let unknown = code(Status::Unknown);
    let is_same = |of: &str| subject.as_ref().is_none_or(|subject| subject == of);
    let affected: HashSet<i64> = all
        .iter()
        .filter(|one| bad.contains(&one.status) && is_same(&one.subject))
        .map(|one| one.device_key)
        .collect();
    let looked = all.iter().filter(|one| one.status != unknown);
    let mut healthy: HashSet<i64> = looked.map(|one| one.device_key).collect();
    healthy.retain(|key| !affected.contains(key));
    let seen = Seen::read(&state, &caller, &packages).await?;
    let nothing = Traits::new();
    let of = |key: &i64| seen.traits.get(key).unwrap_or(&nothing);
    let each = affected
        .iter()
        .map(|key| (true, of(key)))
        .chain(healthy.iter().map(|key| (false, of(key))));
    let found = cohort::common(each);
    let named = affected
        .iter()
        .filter_map(|key| seen.named.get(key).cloned());
    let named: BTreeSet<_> = named.collect();
    let name = |at: usize| match ATTRIBUTES.get(at) {
        Some(name) => (*name).to_owned(),
        None => format!("package {}", packages[at - ATTRIBUTES.len()]),
    };
    let n_compared = seen.n_values(&affected);
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
    Ok(Json(Cohort {
        n_affected: affected.len() as u64,
        n_healthy: healthy.len() as u64,
        affected: named
            .into_iter()
            .take(MOST_NAMED)
            .map(|(hostname, id, site, connected)| Named {
                id,
                hostname,
                site,
                connected,
            })
            .collect(),
        common: found.into_iter().map(view).collect(),
        n_compared,
        check,
        subject,
    }))
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
            format!("{n} packages, where {MOST_PACKAGES} are the most"),
        )),
        _ => Ok(names),
    }
}

/// What is known of the devices that the caller may see.
#[derive(Default)]
struct Seen {
    traits: HashMap<i64, Traits>,
    /// Host name, id, site, whether it is connected.
    named: HashMap<i64, (String, String, String, bool)>,
}

impl Seen {
    async fn read(state: &AppState, caller: &Caller, packages: &[String]) -> Result<Self, Problem> {
        let sites = caller.account.site_filter();
        let mut seen = Self::default();
        let mut after = 0;
        loop {
            let filter = DeviceFilter {
                sites: sites.clone(),
                after,
                most: PAGE,
                ..DeviceFilter::default()
            };
            let page = state.store.devices(&filter).await?;
            for device in &page {
                let own = vec![
                    (cohort::SITE, device.site.clone()),
                    (cohort::AGENT_VERSION, device.agent_version.clone()),
                ];
                seen.traits.insert(device.device_key, own);
                let named = (
                    device.hostname.clone(),
                    device.id.to_string(),
                    device.site.clone(),
                    device.connected_at.is_some(),
                );
                seen.named.insert(device.device_key, named);
            }
            match page.last() {
                Some(last) if page.len() == PAGE as usize => after = last.device_key,
                Some(_) | None => break,
            }
        }
        for (table, columns) in TABLES {
            let read = state
                .store
                .fleet_columns(table, columns, None, sites.as_deref());
            seen.add(read.await?, |of| cohort::traits(table, of));
        }
        for (at, name) in (ATTRIBUTES.len()..).zip(packages) {
            let named = Some(("name", name.as_str()));
            let read = state
                .store
                .fleet_columns("packages", &["version"], named, sites.as_deref());
            seen.add(read.await?, |of| {
                of("version")
                    .map(|version| (at, version))
                    .into_iter()
                    .collect()
            });
        }
        Ok(seen)
    }

    fn add(
        &mut self,
        read: crate::store::facts::FleetColumns,
        traits: impl Fn(&dyn Fn(&str) -> Option<String>) -> Traits,
    ) {
        // Rows are shared by devices: each is understood once.
        let of_rows: HashMap<i64, Traits> = read
            .cells
            .iter()
            .map(|(row, cells)| {
                let of = |column: &str| {
                    let cell = cells.iter().find(|(name, _)| name == column);
                    cell.map(|(_, value)| value.clone())
                };
                (*row, traits(&of))
            })
            .collect();
        for (device, row) in read.rows {
            if let (Some(own), Some(traits)) = (self.traits.get_mut(&device), of_rows.get(&row)) {
                own.extend(traits.iter().cloned());
            }
        }
    }

    /// Different values of these devices.
    fn n_values(&self, of: &HashSet<i64>) -> usize {
        let all = of.iter().filter_map(|key| self.traits.get(key)).flatten();
        all.collect::<HashSet<_>>().len()
    }
}
