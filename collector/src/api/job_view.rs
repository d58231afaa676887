//! A job as people see it: what it was asked, how far it is, what it found, planned, did and said.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value, json};
use sonde_proto::message::Lang;
use sonde_proto::v1::{self, job_event};

use super::catalogue::Catalogue;
use super::facts::{self, ColumnView};
use super::findings::{self, FindingView, Sentence};
use super::job_asked::AskedFor;
use super::{AppState, Problem, time};
use crate::store::Id;
use crate::store::alerts::Silences;
use crate::store::work::{Job, JobEventRow, JobState};
use crate::work::{Parameter, ParameterValue, Request};

/// Output that is shown, bytes: head and tail of both streams of a few programs.
const OUTPUT_BYTES: usize = 1 << 20;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct JobView {
    pub(super) id: String,
    pub(super) ticket: Option<i64>,
    policy: Option<String>,
    device: String,
    hostname: String,
    /// "checks", "action", "table", "probe", "live".
    kind: String,
    title: String,
    #[serde(flatten)]
    asked_for: AskedFor,
    /// What was asked for, by name.
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
    /// How the user agreed, as whoever asked recorded it.
    consent: Option<String>,
    /// "queued", "accepted", "running", "succeeded", "failed", "refused", "expired", "cancelled", "unknown".
    pub(super) state: String,
    ended: bool,
    /// It has not left the collector: the device is not connected.
    waiting_for_device: bool,
    cancel_asked: bool,
    /// Who asked for it; null: nobody did.
    cancel_asked_by: Option<String>,
    requested_by: String,
    issued_at: String,
    expires_at: String,
    ended_at: Option<String>,
    can_undo: bool,
    /// Of a plan, what the device's policy wants before that is done: "none", "any" (the user's consent, asked for or recorded),
    /// "user" (their own answer), "vain" (it is not done); null: it is not known.
    consent_needed: Option<&'static str>,
    /// From its beginning to its end; null: it did not begin, or that is not known.
    wall_seconds: Option<f64>,
    /// Processor time of the programs that were started for it, and of live metrics that were read; null: not known.
    cpu_seconds: Option<f64>,
    /// Why it ended as it did.
    reason: Option<String>,
    /// Of checks that have run.
    what_is_wrong: Option<Sentence>,
    findings: Vec<FindingView>,
    /// Findings of the check that proves the action, after it.
    verified: Vec<FindingView>,
    plan: Vec<StepView>,
    output: String,
    /// Bytes of output that were left out.
    output_missing_bytes: u64,
    table: Option<RowsView>,
    n_events: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct StepView {
    summary: String,
    /// What the step does, byte for byte.
    exact: Vec<String>,
    /// "planned", "done", "failed".
    state: String,
    /// Why it is not done.
    reason: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RowsView {
    pub(super) name: String,
    columns: Vec<ColumnView>,
    #[schema(value_type = Vec<Object>)]
    pub(super) rows: Vec<Map<String, Value>>,
    missing_rows: u64,
}

/// Everything that is known of a job now.
pub(super) async fn view(state: &AppState, job: Job, lang: Lang) -> Result<JobView, Problem> {
    let events = state.store.job_events(job.id, 0).await?;
    let catalogue = state
        .catalogues
        .of_device(&state.store, job.device_key)
        .await?;
    let place = (job.device_key, job.site_key);
    let (of, now) = ([job.device_key], time::now_us());
    let silences = state.store.silences_of(&of, now).await?;
    let mut view = of_events(job, &events, &catalogue, lang);
    view.mark(&silences, place);
    let columns = last_rows(&events).map(|rows| rows.declaration_id.clone());
    if let Some(id) = columns {
        view.table = table(state, &events, &id).await?;
    }
    Ok(view)
}

/// The rows that a job has read; none: it has read none.
pub(super) async fn rows(state: &AppState, job: &Job) -> Result<Option<RowsView>, Problem> {
    let events = state.store.job_events(job.id, 0).await?;
    match last_rows(&events).map(|rows| rows.declaration_id.clone()) {
        Some(id) => table(state, &events, &id).await,
        None => Ok(None),
    }
}

/// The same of several jobs, by id, without rows and output.
pub(super) async fn briefs(
    state: &AppState,
    ids: &[Id],
    lang: Lang,
) -> Result<HashMap<Id, JobView>, Problem> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let jobs = state.store.jobs_by_id(ids).await?;
    let events = state.store.brief_job_events(ids).await?;
    let devices = jobs.iter().map(|job| job.device_key).collect();
    let catalogues = state.catalogues.of_devices(&state.store, &devices).await?;
    let keys: Vec<i64> = devices.into_iter().collect();
    let silences = state.store.silences_of(&keys, time::now_us()).await?;
    let views = jobs.into_iter().map(|job| {
        let own = events.get(&job.id).map_or(&[][..], Vec::as_slice);
        let catalogue = &catalogues[&job.device_key];
        let (id, place) = (job.id, (job.device_key, job.site_key));
        let mut view = of_events(job, own, catalogue, lang);
        view.mark(&silences, place);
        (id, view)
    });
    Ok(views.collect())
}

fn of_events(job: Job, events: &[JobEventRow], catalogue: &Catalogue, lang: Lang) -> JobView {
    let request: Option<Request> = serde_json::from_str(&job.request).ok();
    let mut view = outline(job);
    let owner = match request {
        Some(Request::Action {
            action,
            parameters,
            consent,
            ..
        }) => {
            view.parameters = named(&parameters);
            view.consent = consent.map(|consent| consent.given);
            action
        }
        Some(Request::Table { parameters, .. }) => {
            view.parameters = named(&parameters);
            String::new()
        }
        Some(Request::Checks { .. } | Request::Probe { .. } | Request::Live { .. }) | None => {
            String::new()
        }
    };
    for event in events {
        add(&mut view, event, &owner, catalogue, lang);
    }
    if !view.findings.is_empty() {
        view.what_is_wrong = Some(findings::sentence(&view.findings, lang));
    }
    view
}

/// Parameters by name, as they are shown.
pub(super) fn named(parameters: &[Parameter]) -> Map<String, Value> {
    let value = |value: &ParameterValue| match value {
        ParameterValue::Integer(n) => Value::from(*n),
        ParameterValue::Real(n) => Value::from(*n),
        ParameterValue::Text(text) => Value::from(text.as_str()),
        ParameterValue::Truth(truth) => Value::from(*truth),
        ParameterValue::TimeUs(us) => Value::from(time::shown(*us)),
    };
    let named = parameters.iter();
    named
        .map(|parameter| (parameter.name.clone(), value(&parameter.value)))
        .collect()
}

impl JobView {
    /// Says of what it found what silences that now.
    fn mark(&mut self, silences: &Silences, place: (i64, i64)) {
        findings::mark(&mut self.findings, silences, place);
        findings::mark(&mut self.verified, silences, place);
    }

    /// What a ticket's timeline says of it when it is asked for: with what, and how the user agreed.
    pub(super) fn asked(&self) -> Value {
        json!({ "parameters": self.parameters, "consent": self.consent })
    }

    /// What a ticket's timeline says of it at its end: why it ended so, what was found and is not ok, what was done,
    /// what the check that proves it found.
    pub(super) fn came(&self) -> Value {
        // Of what was looked for it is told as well that it is there.
        let is_probe = self.kind == "probe";
        let bad = |findings: &[FindingView]| -> Vec<Value> {
            let bad = findings
                .iter()
                .filter(|finding| is_probe || finding.status != "ok");
            let said = bad.map(|finding| {
                json!({
                    "check": finding.check, "subject": finding.subject,
                    "status": finding.status, "summary": finding.summary,
                    "silenced": finding.silenced,
                })
            });
            said.collect()
        };
        let steps = self.plan.iter().filter(|step| step.state != "planned");
        let done: Vec<Value> = steps
            .map(|step| json!({ "summary": step.summary, "state": step.state, "reason": step.reason }))
            .collect();
        json!({
            "reason": self.reason,
            "findings": bad(&self.findings),
            "n_findings": self.findings.len(),
            "steps": done,
            "verified": bad(&self.verified),
            "n_verified": self.verified.len(),
        })
    }
}

/// The same without its events.
pub(super) fn outline(job: Job) -> JobView {
    JobView {
        id: job.id.to_string(),
        ticket: job.ticket,
        policy: job.policy,
        device: job.device.to_string(),
        hostname: job.hostname,
        kind: job.kind,
        title: job.title,
        asked_for: AskedFor::of(&job.request),
        parameters: Map::new(),
        consent: None,
        state: job.state.as_str().to_owned(),
        ended: job.state.is_ended(),
        waiting_for_device: job.state == JobState::Queued && job.handed_out_at.is_none(),
        cancel_asked: job.cancel_asked_at.is_some(),
        cancel_asked_by: job.cancel_asked_by,
        requested_by: job.requested_by,
        issued_at: time::shown(job.issued_at),
        expires_at: time::shown(job.expires_at),
        ended_at: job.ended_at.map(time::shown),
        can_undo: job.can_undo,
        consent_needed: None,
        wall_seconds: None,
        cpu_seconds: None,
        reason: None,
        what_is_wrong: None,
        findings: Vec::new(),
        verified: Vec::new(),
        plan: Vec::new(),
        output: String::new(),
        output_missing_bytes: 0,
        table: None,
        n_events: job.n_events,
    }
}

fn add(view: &mut JobView, row: &JobEventRow, owner: &str, catalogue: &Catalogue, lang: Lang) {
    let say = |message: &Option<v1::Message>| {
        message
            .as_ref()
            .map(|message| catalogue.render(owner, message, lang))
    };
    match &row.event.event {
        Some(job_event::Event::Findings(found)) => {
            // Times of the device's clock, corrected by what the event's own time was corrected by.
            let correction = row.at - row.event.at_us;
            let shown = found.findings.iter().map(|finding| {
                findings::view(finding, finding.since_us + correction, catalogue, lang)
            });
            match found.verifies {
                true => view.verified.extend(shown),
                false => view.findings.extend(shown),
            }
        }
        Some(job_event::Event::Plan(plan)) => {
            view.consent_needed = needed(plan.consent());
            view.plan = plan
                .steps
                .iter()
                .map(|step| StepView {
                    summary: say(&step.message).unwrap_or_default(),
                    exact: step.exact.clone(),
                    state: "planned".into(),
                    reason: None,
                })
                .collect();
        }
        Some(job_event::Event::Step(step)) => {
            if let Some(planned) = view.plan.get_mut(step.step as usize) {
                planned.state = if step.done { "done" } else { "failed" }.into();
                planned.reason = say(&step.message);
            }
        }
        Some(job_event::Event::Output(output)) => {
            view.output_missing_bytes += output.missing_bytes;
            if view.output.len() < OUTPUT_BYTES {
                let text = String::from_utf8_lossy(&output.data);
                view.output
                    .push_str(&sonde_proto::text::clean(&text, OUTPUT_BYTES, true));
            } else {
                view.output_missing_bytes += output.data.len() as u64;
            }
        }
        Some(job_event::Event::Ended(ended)) => {
            let seconds = |us: i64| us as f64 / 1e6;
            view.reason = say(&ended.message);
            view.wall_seconds = ended.wall_us.map(seconds);
            view.cpu_seconds = ended.cpu_us.map(seconds);
        }
        Some(
            job_event::Event::Accepted(_)
            | job_event::Event::Started(_)
            | job_event::Event::Rows(_)
            | job_event::Event::Held(_),
        )
        | None => {}
    }
}

fn needed(need: v1::ConsentNeed) -> Option<&'static str> {
    match need {
        v1::ConsentNeed::Unspecified => None,
        v1::ConsentNeed::None => Some("none"),
        v1::ConsentNeed::Any => Some("any"),
        v1::ConsentNeed::User => Some("user"),
        v1::ConsentNeed::Vain => Some("vain"),
    }
}

fn last_rows(events: &[JobEventRow]) -> Option<&v1::JobRows> {
    events.iter().rev().find_map(|row| match &row.event.event {
        Some(job_event::Event::Rows(rows)) => Some(rows),
        Some(_) | None => None,
    })
}

async fn table(
    state: &AppState,
    events: &[JobEventRow],
    id: &[u8],
) -> Result<Option<RowsView>, Problem> {
    use prost::Message as _;
    let Ok(id) = crate::store::Id::from_slice(id) else {
        return Ok(None);
    };
    let body = state.store.declaration(id).await?.unwrap_or_default();
    let body = v1::Declaration::decode(&body[..]).ok().and_then(|d| d.body);
    let Some(v1::declaration::Body::Table(declared)) = body else {
        return Ok(None);
    };
    let mut view = RowsView {
        name: declared.name,
        columns: facts::columns(&declared.columns),
        rows: Vec::new(),
        missing_rows: 0,
    };
    for event in events {
        if let Some(job_event::Event::Rows(rows)) = &event.event.event {
            view.missing_rows += rows.missing_rows;
            let shown = rows
                .rows
                .iter()
                .map(|row| facts::row(&declared.columns, &row.values));
            view.rows.extend(shown);
        }
    }
    Ok(Some(view))
}
