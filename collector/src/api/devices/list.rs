//! Devices as a list: which, in which order, with what of their facts, and how many of each kind.

use std::collections::{BTreeMap, HashMap};

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sonde_proto::v1;

use super::super::body::Params;
use super::super::caller::{Caller, Viewer};
use super::super::catalogue::{self, Catalogue};
use super::super::facts::{json, kind_name};
use super::super::page::{After, next};
use super::super::query::{declared, understood};
use super::super::{AppState, Problem};
use super::{DeviceView, light_name, view};
use crate::store::devices::{Device, DeviceCount, DeviceFilter, DeviceOrder, DevicePlace, OrderBy};
use crate::store::facts::{Extent, FactColumn};
use crate::wording::wording;

/// Columns of facts in one list.
const MOST_COLUMNS: usize = 8;
const NO_STATUS: &str = "none";

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct DeviceList {
    items: Vec<DeviceView>,
    /// The columns of facts that were asked for, as devices declare them.
    facts: Vec<FactColumnView>,
    /// How many there are on all pages.
    total: i64,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct FactColumnView {
    /// `table.column`.
    name: String,
    /// "integer", "real", "text", "truth", "time".
    #[serde(rename = "type")]
    kind: String,
    unit: String,
}

/// What a device says in a column of a table of one row or many; of a long text, its beginning.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ExtentView {
    #[schema(value_type = Object)]
    least: Option<serde_json::Value>,
    #[schema(value_type = Object)]
    most: Option<serde_json::Value>,
    /// Values that are not alike.
    n_values: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Counts {
    total: i64,
    connected: i64,
    /// The most devices first.
    sites: Vec<CountView>,
    os: Vec<CountView>,
    /// The worst first.
    statuses: Vec<CountView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CountView {
    /// Of a status "none": nothing is reported yet.
    name: String,
    n_devices: i64,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub(super) struct Which {
    /// Part of the host name or serial number, or beginning of the id or a hardware address.
    text: Option<String>,
    /// The host name as a whole, case aside.
    hostname: Option<String>,
    connected: Option<bool>,
    /// Name of a site.
    site: Option<String>,
    os: Option<String>,
    agent_version: Option<String>,
    /// "critical", "warning", "unknown", "ok", "none" (nothing is reported yet); several with commas between them.
    status: Option<String>,
    /// Whether two machines hold its key.
    conflict: Option<bool>,
    /// A question, as `filesystems where used_percent > 90`: devices that have such a row.
    q: Option<String>,
    /// With removed ones.
    removed: Option<bool>,
    /// "enrolled" (if it is not given), "name", "status" (the worst first), "seen" (who is connected, then who was
    /// last), "site", "os", "agent_version"; with `-` before it from the last to the first.
    sort: Option<String>,
    /// Columns of facts that come with each device: `table.column`, several with commas between them, 8 at most.
    facts: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 100 if it is not given, 1,000 at most.
    limit: Option<u32>,
}

/// The same without what only a page has.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub(super) struct Counted {
    /// As in the list of devices; so is all that follows.
    text: Option<String>,
    hostname: Option<String>,
    connected: Option<bool>,
    site: Option<String>,
    os: Option<String>,
    agent_version: Option<String>,
    status: Option<String>,
    conflict: Option<bool>,
    q: Option<String>,
    removed: Option<bool>,
}

impl From<Counted> for Which {
    fn from(counted: Counted) -> Self {
        Self {
            text: counted.text,
            hostname: counted.hostname,
            connected: counted.connected,
            site: counted.site,
            os: counted.os,
            agent_version: counted.agent_version,
            status: counted.status,
            conflict: counted.conflict,
            q: counted.q,
            removed: counted.removed,
            sort: None,
            facts: None,
            after: None,
            limit: None,
        }
    }
}

impl Which {
    async fn filter(&self, state: &AppState, caller: &Caller) -> Result<DeviceFilter, Problem> {
        let of_facts = match &self.q {
            Some(q) => Some(understood(state, q).await?),
            None => None,
        };
        let by = self.sort.as_deref().map(order).transpose()?;
        let by = by.unwrap_or_default();
        let page = After::of(self.after.clone(), self.limit);
        let after: Option<DevicePlace> = page.cursor()?;
        if after.as_ref().is_some_and(|place| place.by != by) {
            return Err(
                Problem::field("after", wording!("it is no place in this order")).remedy(wording!(
                    "give `next` of the page before, with the same `sort`"
                )),
            );
        }
        let statuses = self.status.as_deref().map(statuses).transpose()?;
        Ok(DeviceFilter {
            sites: caller.account.site_filter(),
            text: self.text.clone(),
            hostname: self.hostname.clone(),
            connected: self.connected,
            site: self.site.clone(),
            os: self.os.clone(),
            agent_version: self.agent_version.clone(),
            statuses,
            conflict: self.conflict,
            of_facts,
            with_removed: self.removed.unwrap_or(false),
            by,
            after,
            most: page.most(),
        })
    }
}

fn order(text: &str) -> Result<OrderBy, Problem> {
    text.parse().map_err(|_| {
        let names = DeviceOrder::ALL.map(DeviceOrder::as_str).join(", ");
        Problem::field("sort", wording!("{} is no order of devices", text))
            .remedy(wording!("one of {}, or with - before it", names))
    })
}

/// As monitoring plugins number them; none: nothing is reported yet.
fn statuses(text: &str) -> Result<Vec<Option<i64>>, Problem> {
    let one = |name: &str| match name {
        NO_STATUS => Ok(None),
        _ => (0..=3)
            .find(|status| light_name(*status) == name)
            .map(Some)
            .ok_or_else(|| {
                Problem::field("status", wording!("{} is no status", name))
                    .remedy(wording!("critical, warning, unknown, ok or none"))
            }),
    };
    text.split(',').map(one).collect()
}

/// The columns that are asked for, as devices declare them.
fn columns(all: &Catalogue, text: &str) -> Result<Vec<(FactColumn, v1::Column)>, Problem> {
    let names: Vec<&str> = text.split(',').collect();
    if names.len() > MOST_COLUMNS {
        let what = wording!("more than {} columns of facts", MOST_COLUMNS);
        return Err(Problem::field("facts", what).remedy(wording!("leave some out")));
    }
    let found = names.into_iter().map(|name| {
        let (table, column) = name.split_once('.').ok_or_else(|| {
            Problem::field("facts", wording!("{} names no column", name))
                .remedy(wording!("a table and a column, as in os.version"))
        })?;
        let declared = declared(all, table, "facts")?;
        let found = declared.iter().find(|one| one.name == column);
        let found = found.ok_or_else(|| {
            let names: Vec<&str> = declared.iter().map(|one| one.name.as_str()).collect();
            Problem::field("facts", wording!("{} has no column {}", table, column))
                .remedy(wording!("there are: {}", names.join(", ")))
        })?;
        let asked = FactColumn {
            table: table.to_owned(),
            column: column.to_owned(),
            kind: found.r#type(),
        };
        Ok((asked, found.clone()))
    });
    found.collect()
}

pub(super) async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(which): Params<Which>,
) -> Result<Json<DeviceList>, Problem> {
    let filter = which.filter(&state, &caller).await?;
    let asked = match &which.facts {
        Some(text) => columns(&catalogue::everything(&state).await?, text)?,
        None => Vec::new(),
    };
    let devices = state.store.devices(&filter).await?;
    let total = state.store.count_devices(&filter).await?;
    let next = next(&devices, filter.most, |last| {
        DevicePlace::of(last, filter.by).to_string()
    });
    let keys: Vec<i64> = devices.iter().map(|device| device.device_key).collect();
    let of_facts: Vec<FactColumn> = asked.iter().map(|(of, _)| of.clone()).collect();
    let mut said = state.store.extents(&keys, &of_facts).await?;
    let items = devices.into_iter().map(|device| DeviceView {
        facts: which
            .facts
            .is_some()
            .then(|| extents(&device, &of_facts, &mut said)),
        ..view(device)
    });
    Ok(Json(DeviceList {
        items: items.collect(),
        facts: asked.iter().map(column_view).collect(),
        total,
        next,
    }))
}

fn extents(
    device: &Device,
    asked: &[FactColumn],
    said: &mut HashMap<(i64, FactColumn), Extent>,
) -> BTreeMap<String, ExtentView> {
    let found = asked.iter().filter_map(|of| {
        let extent = said.remove(&(device.device_key, of.clone()))?;
        let view = ExtentView {
            least: json(&extent.least),
            most: json(&extent.most),
            n_values: extent.n_values,
        };
        Some((format!("{}.{}", of.table, of.column), view))
    });
    found.collect()
}

fn column_view((of, column): &(FactColumn, v1::Column)) -> FactColumnView {
    FactColumnView {
        name: format!("{}.{}", of.table, of.column),
        kind: kind_name(column.r#type()).to_owned(),
        unit: column.unit.clone(),
    }
}

pub(super) async fn counts(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(counted): Params<Counted>,
) -> Result<Json<Counts>, Problem> {
    let filter = Which::from(counted).filter(&state, &caller).await?;
    let found = state.store.device_counts(&filter).await?;
    let status = |one: &DeviceCount| one.worst_status.map_or(NO_STATUS, light_name).to_owned();
    let mut statuses = groups(&found, status);
    const WORST_FIRST: [&str; 5] = ["critical", "warning", "unknown", "ok", NO_STATUS];
    statuses.sort_by_key(|one| WORST_FIRST.iter().position(|name| *name == one.name));
    let connected = found.iter().filter(|one| one.is_connected);
    Ok(Json(Counts {
        total: found.iter().map(|one| one.n_devices).sum(),
        connected: connected.map(|one| one.n_devices).sum(),
        sites: groups(&found, |one| one.site.clone()),
        os: groups(&found, |one| one.os.clone()),
        statuses,
    }))
}

/// The most devices first, then by name.
fn groups(found: &[DeviceCount], of: impl Fn(&DeviceCount) -> String) -> Vec<CountView> {
    let mut groups: BTreeMap<String, i64> = BTreeMap::new();
    for one in found {
        *groups.entry(of(one)).or_default() += one.n_devices;
    }
    let views = groups.into_iter();
    let mut views: Vec<CountView> = views
        .map(|(name, n_devices)| CountView { name, n_devices })
        .collect();
    views.sort_by_key(|one| std::cmp::Reverse(one.n_devices));
    views
}
