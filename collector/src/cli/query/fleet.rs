//! One question to many devices: what the collector holds of them, or what those say that are connected now.

use std::process::ExitCode;

use serde_json::{Map, Value, json};
use sonde_proto::v1::{self, ColumnRole, ValueType};

use super::super::client::escape;
use super::super::device::{self, whole};
use super::super::output::{field, items};
use super::super::ticket::{Kind, Which};
use super::super::{Context, Failure};
use crate::question::{Condition, Literal, Question, Wrong};

/// Rows that are shown unless the caller says otherwise.
const ROWS: u32 = 1_000;
/// Devices that are asked at once, as the collector allows.
const AT_ONCE: usize = 20;

impl From<Wrong> for Failure {
    fn from(wrong: Wrong) -> Self {
        Self::with_remedy(wrong.what.to_string(), wrong.remedy.to_string())
    }
}

/// What the collector holds: of one device, or of all.
pub(super) async fn stored(
    context: &mut Context,
    question: &str,
    of: Option<String>,
    rows: u32,
) -> Result<ExitCode, Failure> {
    let most = if rows == 0 { ROWS } else { rows };
    let mut path = format!("/query?q={}&limit={most}", escape(question));
    if let Some(of) = of {
        let id = device::resolve(context, &of).await?;
        path.push_str(&format!("&device={id}"));
    }
    let answer = context.client().await?.get(&path).await?;
    if context.output.json {
        context.output.value(&answer)?;
        return Ok(ExitCode::SUCCESS);
    }
    show(context, &answer, items(&answer))?;
    let (n, n_unavailable) = (field(&answer, "n_devices"), &answer["n_unavailable"]);
    let found = items(&answer).len();
    context.output.line(&match n_unavailable.as_i64() {
        Some(0) | None => format!("({found} rows; {n} devices report this table)"),
        Some(not) => format!(
            "({found} rows; {n} devices report this table, {not} of them could not read it last)"
        ),
    })?;
    context.output.more(&answer, "before")?;
    Ok(ExitCode::SUCCESS)
}

/// Rows with the device that each is of.
fn show(context: &Context, answer: &Value, items: &[Value]) -> Result<(), Failure> {
    let mut columns = vec![json!({"name": "device", "type": "text", "role": "key", "unit": ""})];
    columns.extend(answer["columns"].as_array().into_iter().flatten().cloned());
    let rows: Vec<Value> = items
        .iter()
        .map(|item| {
            let mut row = Map::from_iter([("device".to_owned(), item["hostname"].clone())]);
            row.extend(
                item["row"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, value)| (name.clone(), value.clone())),
            );
            Value::Object(row)
        })
        .collect();
    device::rows(context, &json!({ "columns": columns, "rows": rows }))
}

/// What devices say that are connected now.
pub(super) struct Live {
    pub(super) question: Question,
    pub(super) parameters: Map<String, Value>,
    /// 0: what the table gives.
    pub(super) rows: u32,
    /// Seconds.
    pub(super) wait: u32,
}

impl Live {
    /// Asks one device, or all that the ticket may be about; who does not answer is named.
    pub(super) async fn ask(
        self,
        context: &mut Context,
        of: Option<String>,
        ticket: &Which,
    ) -> Result<ExitCode, Failure> {
        let (ids, absent) = match of {
            Some(of) => (vec![device::resolve(context, &of).await?], Vec::new()),
            None => connected(context, ticket).await?,
        };
        let body = json!({
            "devices": ids, "table": self.question.table, "parameters": self.parameters,
            "most_rows": self.rows,
        });
        let jobs = ticket
            .ask_several(context, Kind::Table, body, self.wait)
            .await?;
        let mut answer = Answer::default();
        for job in &jobs {
            answer.add(job, self.question.condition.as_ref())?;
        }
        let absent = absent
            .into_iter()
            .map(|one| (one, "not connected".to_owned()));
        answer.silent.extend(absent);
        answer.say(context, &self.question.table)
    }
}

/// Ids of the devices that are connected, and host names of those that are not.
async fn connected(
    context: &mut Context,
    ticket: &Which,
) -> Result<(Vec<String>, Vec<String>), Failure> {
    let devices = whole(context, "/devices?limit=1000", "after", "items").await?;
    let mut devices: Vec<Value> = items(&devices).to_vec();
    if let Some(site) = ticket.site(context).await? {
        devices.retain(|one| field(one, "site") == site);
    }
    let is_there = |one: &Value| one["connected"].as_bool() == Some(true);
    let (there, absent): (Vec<Value>, Vec<Value>) = devices.into_iter().partition(is_there);
    match there.len() {
        0 => Err(Failure::with_remedy(
            "no device is connected",
            "without --live, what the collector holds is shown",
        )),
        n if n > AT_ONCE => Err(Failure::with_remedy(
            format!("{n} devices are connected, and {AT_ONCE} are asked at once at most"),
            "--device HOST asks one; without --live, what the collector holds of all is shown",
        )),
        _ => {
            let ids = there.iter().map(|one| field(one, "id")).collect();
            Ok((
                ids,
                absent.iter().map(|one| field(one, "hostname")).collect(),
            ))
        }
    }
}

#[derive(Default)]
struct Answer {
    columns: Value,
    items: Vec<Value>,
    n_answered: usize,
    /// Who did not, and why.
    silent: Vec<(String, String)>,
}

impl Answer {
    fn add(&mut self, job: &Value, condition: Option<&Condition>) -> Result<(), Failure> {
        let hostname = field(job, "hostname");
        if job["state"] != "succeeded" {
            let why = job["reason"]
                .as_str()
                .map_or_else(|| field(job, "state"), str::to_owned);
            self.silent.push((hostname, why));
            return Ok(());
        }
        let table = &job["table"];
        let columns = declared(&table["columns"]);
        let condition = condition
            .cloned()
            .map(|one| one.fitted(&columns))
            .transpose()?;
        self.n_answered += 1;
        if self.columns.is_null() {
            self.columns = table["columns"].clone();
        }
        for row in table["rows"].as_array().into_iter().flatten() {
            let of = |name: &str| {
                let kind = columns.iter().find(|one| one.name == name)?.r#type();
                literal(&row[name], kind)
            };
            if condition
                .as_ref()
                .is_none_or(|condition| condition.holds(&of))
            {
                self.items.push(json!({
                    "device": job["device"], "hostname": hostname, "row": row,
                }));
            }
        }
        Ok(())
    }

    fn say(self, context: &Context, table: &str) -> Result<ExitCode, Failure> {
        let code = match self.n_answered {
            0 => ExitCode::FAILURE,
            _ => ExitCode::SUCCESS,
        };
        let silent = self.silent.iter();
        if context.output.json {
            let silent = silent.map(|(hostname, why)| json!({"hostname": hostname, "why": why}));
            context.output.value(&json!({
                "table": table, "columns": self.columns, "items": self.items,
                "n_answered": self.n_answered, "silent": silent.collect::<Vec<_>>(),
            }))?;
            return Ok(code);
        }
        if self.n_answered > 0 {
            show(context, &json!({ "columns": self.columns }), &self.items)?;
        }
        let (found, n) = (self.items.len(), self.n_answered);
        context
            .output
            .line(&format!("({found} rows; {n} devices answered)"))?;
        for (hostname, why) in silent {
            context
                .output
                .line(&format!("no answer from {hostname}: {why}"))?;
        }
        Ok(code)
    }
}

/// Columns as the API shows them.
fn declared(columns: &Value) -> Vec<v1::Column> {
    let of = |column: &Value| v1::Column {
        name: field(column, "name"),
        r#type: match column["type"].as_str() {
            Some("integer") => ValueType::Integer,
            Some("real") => ValueType::Real,
            Some("truth") => ValueType::Truth,
            Some("time") => ValueType::Time,
            Some(_) | None => ValueType::Text,
        }
        .into(),
        role: ColumnRole::Unspecified.into(),
        unit: field(column, "unit"),
    };
    columns.as_array().into_iter().flatten().map(of).collect()
}

/// A value as the API shows it.
fn literal(value: &Value, kind: ValueType) -> Option<Literal> {
    match (kind, value) {
        (ValueType::Time, Value::String(text)) => {
            let at: jiff::Timestamp = text.parse().ok()?;
            Some(Literal::Number(at.as_microsecond() as f64))
        }
        (_, Value::String(text)) => Some(Literal::Text(text.clone())),
        (_, Value::Number(number)) => number.as_f64().map(Literal::Number),
        (_, Value::Bool(truth)) => Some(Literal::Truth(*truth)),
        (_, Value::Null | Value::Array(_) | Value::Object(_)) => None,
    }
}
