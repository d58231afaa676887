//! Tags, watchers, links, and a ticket that becomes two.

use http::Method;
use serde_json::{Value, json};

use super::super::client::escape;
use super::super::{Context, Failure, device};
use super::{change, told};

pub(super) async fn tag(
    context: &mut Context,
    number: i64,
    tag: &str,
    remove: bool,
) -> Result<(), Failure> {
    match remove {
        true => off(context, &format!("/tickets/{number}/tags/{}", escape(tag))).await,
        false => change(context, number, "tags", json!({ "tag": tag })).await,
    }
}

pub(super) async fn watch(
    context: &mut Context,
    number: i64,
    account: Option<String>,
    stop: bool,
) -> Result<(), Failure> {
    if !stop {
        return change(context, number, "watchers", json!({ "account": account })).await;
    }
    let account = match account {
        Some(account) => account,
        None => {
            let me = context.client().await?.get("/me").await?;
            me["name"].as_str().unwrap_or_default().to_owned()
        }
    };
    off(
        context,
        &format!("/tickets/{number}/watchers/{}", escape(&account)),
    )
    .await
}

pub(super) async fn link(
    context: &mut Context,
    number: i64,
    relation: &str,
    other: i64,
    remove: bool,
) -> Result<(), Failure> {
    let relation = relation.replace('-', "_");
    match remove {
        true => {
            off(
                context,
                &format!("/tickets/{number}/links/{relation}/{other}"),
            )
            .await
        }
        false => {
            let body = json!({ "relation": relation, "ticket": other });
            change(context, number, "links", body).await
        }
    }
}

pub(super) async fn split(
    context: &mut Context,
    number: i64,
    title: String,
    devices: Vec<String>,
    events: Vec<i64>,
) -> Result<(), Failure> {
    let mut ids = Vec::new();
    for device in &devices {
        ids.push(device::resolve(context, device).await?);
    }
    let body = json!({ "title": title, "devices": ids, "events": events });
    change(context, number, "split", body).await
}

async fn off(context: &mut Context, path: &str) -> Result<(), Failure> {
    let ticket: Value = context
        .client()
        .await?
        .call(Method::DELETE, path, None)
        .await?;
    told(context, &ticket)
}
