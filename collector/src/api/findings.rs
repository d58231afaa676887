//! Findings of devices, in the words of the reader.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::Serialize;
use serde_json::{Map, Value};
use sonde_proto::message::{Audience, Lang};
use sonde_proto::v1::{self, argument};
use sonde_proto::verdict::{self, Place, Weight};

use super::body::At;
use super::caller::Viewer;
use super::catalogue::Catalogue;
use super::lang::Reader;
use super::route::{Least, Route};
use super::silenced::Silenced;
use super::{AppState, Problem, time};
use crate::fleet::checks;
use crate::store::accounts::Role;
use crate::store::alerts::{Heard, Silences};
use crate::store::devices::Device;
use crate::store::findings::FindingRow;
use crate::wording::wording;

/// A finding as people and programs see it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct FindingView {
    pub(super) check: String,
    /// What of the machine; empty: the machine as a whole.
    pub(super) subject: String,
    /// "ok", "warning", "critical", "unknown".
    pub(super) status: String,
    pub(super) summary: String,
    #[serde(skip)]
    user_summary: String,
    message: String,
    #[schema(value_type = Object)]
    args: Map<String, Value>,
    #[schema(value_type = Object)]
    evidence: Map<String, Value>,
    cause: Option<String>,
    /// "check/subject" of the finding that explains this one.
    explained_by: Option<String>,
    pub(super) since: String,
    #[serde(skip)]
    pub(super) since_us: i64,
    /// Ids of actions that may cure it.
    remedies: Vec<String>,
    /// Why it opens nothing; none: it does what its policies say.
    pub(super) silenced: Option<Silenced>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct FindingList {
    what_is_wrong: Sentence,
    /// Causes before consequences, the worst first.
    items: Vec<FindingView>,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/devices/{device}/findings",
            Least::Role(Role::Viewer),
            "What is wrong with a device, and its findings",
            get(list),
        )
        .gives::<FindingList>(),
    ]
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Reader(lang): Reader,
    At(device): At<String>,
) -> Result<Json<FindingList>, Problem> {
    let device = caller.device(&state, &device).await?;
    let items = of_device(&state, &device, lang).await?;
    Ok(Json(FindingList {
        what_is_wrong: sentence(&items, lang),
        items,
    }))
}

/// The finding of a device that `CHECK` or `CHECK/SUBJECT` names, and that is wrong.
///
/// # Errors
/// There is none, or several: they are named.
pub(super) async fn named(
    state: &AppState,
    device: &Device,
    of: &str,
) -> Result<FindingRow, Problem> {
    let (check, subject) = match of.split_once('/') {
        Some((check, subject)) => (check, Some(subject)),
        None => (of, None),
    };
    let mut all = state.store.findings(device.device_key).await?;
    all.retain(|row| {
        matches!(
            row.finding.status(),
            v1::Status::Warning | v1::Status::Critical
        )
    });
    let key = |row: &FindingRow| format!("{}/{}", row.finding.check, row.finding.subject);
    let keys: Vec<String> = all.iter().map(key).collect();
    all.retain(|row| {
        let is_subject = subject.is_none_or(|subject| row.finding.subject == subject);
        row.finding.check == check && is_subject
    });
    if all.len() == 1 {
        return Ok(all.remove(0));
    }
    let (detail, meant) = match all.len() {
        0 => (wording!("nothing wrong is found by {}", of), keys),
        n => (
            wording!("{} findings of {}", n, of),
            all.iter().map(key).collect(),
        ),
    };
    let remedy = match meant.is_empty() {
        true => wording!("nothing wrong is known of this device"),
        false => wording!("there are: {}", meant.join(", ")),
    };
    Err(Problem::field("for", detail).remedy(remedy))
}

/// What is found on a device in the order of reading, the collector's own judgement of it included.
pub(super) async fn of_device(
    state: &AppState,
    device: &Device,
    lang: Lang,
) -> Result<Vec<FindingView>, Problem> {
    let mut found = of_devices(state, &[device], lang).await?;
    Ok(found.remove(&device.device_key).unwrap_or_default())
}

/// The same of several devices, by key.
pub(super) async fn of_devices(
    state: &AppState,
    devices: &[&Device],
    lang: Lang,
) -> Result<HashMap<i64, Vec<FindingView>>, Problem> {
    let keys: Vec<i64> = devices.iter().map(|device| device.device_key).collect();
    let declaring = keys.iter().copied().collect();
    let catalogues = state.catalogues.of_devices(&state.store, &declaring);
    let catalogues = catalogues.await?;
    let now = time::now_us();
    let mut refusals = state
        .store
        .refusals_of(&keys, now - checks::REJECTED_US)
        .await?;
    let mut clocks = state.store.clock_statuses_of(&keys).await?;
    let deaf_times = state.store.deaf_times().await?;
    let mut findings: HashMap<i64, Vec<FindingRow>> = HashMap::new();
    for row in state.store.findings_of(&keys).await? {
        findings.entry(row.device_key).or_default().push(row);
    }
    let silences = state.store.silences_of(&keys, now).await?;
    let mut views = HashMap::with_capacity(devices.len());
    for device in devices {
        let key = device.device_key;
        let known = checks::Known {
            clock: clocks.remove(&key),
            refusals: refusals.remove(&key),
            deaf_us: checks::deaf_us(&deaf_times, device.last_seen),
        };
        let limits = state.policies.of(device.id.as_str(), &device.site).limits();
        let mut found = findings.remove(&key).unwrap_or_default();
        found.extend(checks::judge(device, &known, &limits, now));
        let catalogue = &catalogues[&key];
        let shown = found
            .iter()
            .map(|row| view(&row.finding, row.since, catalogue, lang));
        let mut shown: Vec<FindingView> = shown.collect();
        mark(&mut shown, &silences, (key, device.site_key));
        verdict::in_reading_order(&mut shown, FindingView::place);
        views.insert(key, shown);
    }
    Ok(views)
}

/// What is wrong, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct Sentence {
    technician: String,
    /// The same for whose machine it is.
    user: String,
}

/// `found` in the order of reading.
pub(super) fn sentence(found: &[FindingView], lang: Lang) -> Sentence {
    let said = |to: fn(&FindingView) -> &str| {
        verdict::sentence(found.iter().map(|one| (one.place(), to(one))), lang)
    };
    Sentence {
        technician: said(|one| &one.summary),
        user: said(|one| &one.user_summary),
    }
}

/// What is wrong, in one sentence for whose machine it is; empty: nothing is.
pub(super) fn for_user(found: &[FindingView], lang: Lang) -> String {
    let is_bad = |one: &FindingView| matches!(one.status.as_str(), "warning" | "critical");
    match found.iter().any(is_bad) {
        true => sentence(found, lang).user,
        false => String::new(),
    }
}

impl FindingView {
    fn place(&self) -> Place {
        Place {
            key: format!("{}/{}", self.check, self.subject),
            explained_by: self.explained_by.clone(),
            weight: match self.status.as_str() {
                "ok" => Weight::Ok,
                "warning" => Weight::Warning,
                "critical" => Weight::Critical,
                _ => Weight::Unknown,
            },
        }
    }
}

pub(super) fn status_name(status: v1::Status) -> &'static str {
    match status {
        v1::Status::Ok => "ok",
        v1::Status::Warning => "warning",
        v1::Status::Critical => "critical",
        v1::Status::Unknown | v1::Status::Unspecified => "unknown",
    }
}

/// `since` on the collector's clock.
pub(super) fn view(
    finding: &v1::Finding,
    since: i64,
    catalogue: &Catalogue,
    lang: Lang,
) -> FindingView {
    let message = finding.message.clone().unwrap_or_default();
    FindingView {
        check: finding.check.clone(),
        subject: finding.subject.clone(),
        status: status_name(finding.status()).to_owned(),
        summary: catalogue.render(&finding.check, &message, lang),
        user_summary: catalogue.render_to(Audience::User, &finding.check, &message, lang),
        args: arguments(&message.arguments),
        message: message.id,
        evidence: arguments(&finding.evidence),
        cause: finding
            .cause
            .as_ref()
            .map(|cause| catalogue.render(&finding.check, cause, lang)),
        explained_by: Some(finding.explained_by.clone()).filter(|key| !key.is_empty()),
        since: time::shown(since),
        since_us: since,
        remedies: finding.remedies.clone(),
        silenced: None,
    }
}

/// Says of a device's findings what silences them.
pub(super) fn mark(
    found: &mut [FindingView],
    silences: &Silences,
    (device_key, site_key): (i64, i64),
) {
    for one in found {
        let status = match one.status.as_str() {
            "warning" => 1,
            "critical" => 2,
            _ => continue,
        };
        let heard = Heard {
            device_key,
            site_key,
            check: &one.check,
            subject: &one.subject,
            status,
            since: one.since_us,
        };
        one.silenced = silences.of(&heard).map(Silenced::from);
    }
}

/// Arguments as plain JSON; the name of a number with a unit says the unit.
pub(super) fn arguments(arguments: &[v1::Argument]) -> Map<String, Value> {
    arguments
        .iter()
        .map(|argument| {
            let value = match &argument.value {
                Some(argument::Value::Number(number)) => Value::from(number.value),
                Some(argument::Value::Bytes(bytes)) => Value::from(*bytes),
                Some(argument::Value::DurationUs(us)) => Value::from(*us as f64 / 1e6),
                Some(argument::Value::TimeUs(us)) => Value::from(time::shown(*us)),
                Some(argument::Value::Text(text)) => Value::from(text.as_str()),
                None => Value::Null,
            };
            (argument.name.clone(), value)
        })
        .collect()
}
