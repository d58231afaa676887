//! The user is asked before anything is done: what would be done is planned, shown to them, and done when they agree.

use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::super::output::{field, items, when};
use super::super::ticket::consents::purpose;
use super::super::{Context, Failure, device, job};
use super::Ask;

/// How long one request waits for the answer.
const WAIT_S: u32 = 60;

/// Asks, unless it is allowed already. Gives the exit code where nothing is to be done.
pub(super) async fn first(
    context: &mut Context,
    ask: &Ask,
    seconds: u32,
) -> Result<Option<ExitCode>, Failure> {
    let Some(number) = ask.ticket.number() else {
        return Err(Failure::with_remedy(
            "the user is asked on a ticket that is there",
            "give --ticket",
        ));
    };
    let id = device::resolve(context, &ask.device).await?;
    let parameters = ask.parameters.iter().cloned();
    let parameters: Map<String, Value> = parameters
        .map(|(name, value)| (name, Value::from(value)))
        .collect();
    let mut body = json!({ "device": id, "action": ask.action, "parameters": parameters });
    let plan = plan(context, number, &body, ask.wait).await?;
    if plan["state"] != "succeeded" {
        return Ok(Some(job::exit_code(&plan)));
    }
    body["plan"] = plan["id"].clone();
    body["expires_in_seconds"] = seconds.into();
    let consents = format!("/tickets/{number}/consents");
    let given = context.client().await?.get(&consents).await?;
    let is_it = |one: &&Value| {
        one["standing"] == "given"
            && one["device"] == body["device"]
            && one["action"] == body["action"]
            && one["parameters"] == plan["parameters"]
    };
    if let Some(one) = items(&given).iter().find(is_it) {
        let said = format!("the user has allowed {} already", purpose(one));
        context.output.notice(&said)?;
        return Ok(None);
    }
    let mut asked = context.client().await?.post(&consents, &body).await?;
    let until = when(&asked["expires_at"]);
    let there = match asked["at_device"].as_str() {
        Some("sent") => "at the device and ",
        _ => "",
    };
    context.output.notice(&format!(
        "the user is asked, until {until}: {there}on the page of ticket {number} (sonde ticket page {number})"
    ))?;
    let path = format!("{consents}/{}", field(&asked, "id"));
    while asked["standing"] == "asked" {
        let waits = format!("{path}?wait_seconds={WAIT_S}");
        asked = context.client().await?.get(&waits).await?;
    }
    if asked["standing"] == "given" {
        context.output.notice("the user has agreed")?;
        return Ok(None);
    }
    let said = match asked["standing"].as_str() {
        Some("refused") => "the user said no; nothing is done".to_owned(),
        Some("expired") => "nobody has answered in time; nothing is done".to_owned(),
        _ => format!(
            "the question is {}; nothing is done",
            field(&asked, "standing")
        ),
    };
    match context.output.json {
        true => context.output.value(&asked)?,
        false => context.output.line(&said)?,
    }
    Ok(Some(ExitCode::FAILURE))
}

async fn plan(
    context: &mut Context,
    number: i64,
    body: &Value,
    wait: u32,
) -> Result<Value, Failure> {
    let mut body = body.clone();
    body["phase"] = "plan".into();
    let path = format!("/tickets/{number}/actions");
    let jobs = job::ask(context, &path, job::Asked::plain(body), wait).await?;
    let plan = jobs.into_iter().next().unwrap_or_default();
    if !context.output.json || plan["state"] != "succeeded" {
        job::show(context, &plan)?;
    }
    Ok(plan)
}
