//! Questions about the stored facts of all devices that the caller may see.

use std::collections::HashSet;
use std::str::FromStr;

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sonde_proto::v1;

use super::body::Params;
use super::caller::Viewer;
use super::catalogue::{self, Catalogue};
use super::facts::{ColumnView, columns, row};
use super::page::{After, next};
use super::route::{Least, Route};
use super::{AppState, Problem};
use crate::question::{Question, Wrong};
use crate::store::accounts::Role;
use crate::store::devices::OfFacts;
use crate::store::facts::{FleetFilter, FleetRow, NotAKey, RowPlace};
use crate::wording::wording;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Asked {
    /// `TABLE [where CONDITION]`, as in `filesystems where used_percent > 90 and mount = '/'`.
    q: String,
    /// Id of the one device that is asked about; all if it is not given.
    device: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 100 if it is not given, 1,000 at most.
    limit: Option<u32>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Answers {
    table: String,
    columns: Vec<ColumnView>,
    items: Vec<AnswerView>,
    /// Devices that report this table,
    n_devices: i64,
    /// and those of them that could not read it last: what they had before stands.
    n_unavailable: i64,
    /// `after` of the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AnswerView {
    device: String,
    hostname: String,
    /// Values by column; an absent one is not there.
    #[schema(value_type = Object)]
    row: Map<String, Value>,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/query",
            Least::Role(Role::Viewer),
            "Rows of a table of all devices, as the collector holds them, for which a condition holds",
            get(ask),
        )
        .query::<Asked>()
        .gives::<Answers>(),
    ]
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        let problem = Self::field("q", wrong.what).remedy(wrong.remedy);
        match wrong.at {
            Some(span) => problem.at(span),
            None => problem,
        }
    }
}

/// Two numbers with a point between them.
struct Place(RowPlace);

impl FromStr for Place {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let (device_key, row) = text.split_once('.').ok_or(NotAKey)?;
        Ok(Self(RowPlace {
            device_key: device_key.parse().map_err(|_| NotAKey)?,
            row: row.parse().map_err(|_| NotAKey)?,
        }))
    }
}

/// A question that can be asked of devices, as `q` has it.
pub(super) async fn understood(state: &AppState, q: &str) -> Result<OfFacts, Problem> {
    let question: Question = q.parse()?;
    let name = question.table.as_str();
    let begin = q
        .chars()
        .take_while(|letter| letter.is_whitespace())
        .count();
    let columns = declared(&catalogue::everything(state).await?, name, "q")
        .map_err(|problem| problem.at((begin, begin + name.len())))?;
    let condition = question.condition.map(|one| one.fitted(&columns));
    Ok(OfFacts {
        condition: condition.transpose()?,
        table: question.table,
        columns,
    })
}

/// The columns of a table as any device declares it; of two that are called alike, the first. `field` names it.
pub(super) fn declared(
    all: &Catalogue,
    table: &str,
    field: &'static str,
) -> Result<Vec<v1::Column>, Problem> {
    let mut found: Vec<v1::Column> = Vec::new();
    for column in all
        .tables()
        .filter(|one| one.name == table && one.every_us > 0)
        .flat_map(|one| &one.columns)
    {
        if !found.iter().any(|known| known.name == column.name) {
            found.push(column.clone());
        }
    }
    if !found.is_empty() {
        return Ok(found);
    }
    if all.tables().any(|one| one.name == table) {
        return Err(Problem::field(
            field,
            wording!("{} is read only when a device is asked", table),
        )
        .remedy(wording!("`sonde query --live` asks devices, for a ticket")));
    }
    let mut names: Vec<&str> = all
        .tables()
        .filter(|one| one.every_us > 0)
        .map(|one| one.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let remedy = match names.is_empty() {
        true => wording!("no device has declared a table yet"),
        false => wording!("there are: {}", names.join(", ")),
    };
    Err(Problem::field(field, wording!("there is no table {}", table)).remedy(remedy))
}

async fn ask(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(asked): Params<Asked>,
) -> Result<Json<Answers>, Problem> {
    let question = understood(&state, &asked.q).await?;
    let device_key = match &asked.device {
        Some(id) => Some(caller.device(&state, id).await?.device_key),
        None => None,
    };
    let declared = question.columns;
    let sites = caller.account.site_filter();
    let page = After::of(asked.after, asked.limit);
    let after: Option<Place> = page.cursor()?;
    let rows = state
        .store
        .fleet_facts(&FleetFilter {
            table: &question.table,
            columns: &declared,
            condition: question.condition.as_ref(),
            sites: sites.clone(),
            device_key,
            after: after.map(|place| place.0),
            most: page.most(),
        })
        .await?;
    let (n_devices, n_unavailable) = state
        .store
        .reporting(&question.table, sites.as_deref())
        .await?;
    let keys: HashSet<i64> = rows.iter().map(|row| row.place.device_key).collect();
    let devices = state.store.devices_by_key(keys).await?;
    let view = |one: &FleetRow| {
        let device = devices.get(&one.place.device_key)?;
        Some(AnswerView {
            device: device.id.to_string(),
            hostname: device.hostname.clone(),
            row: row(&declared, &one.values),
        })
    };
    Ok(Json(Answers {
        next: next(&rows, page.most(), |last| {
            format!("{}.{}", last.place.device_key, last.place.row)
        }),
        items: rows.iter().filter_map(view).collect(),
        columns: columns(&declared),
        table: question.table,
        n_devices,
        n_unavailable,
    }))
}
