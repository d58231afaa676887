//! Tickets as a list.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::super::output::{field, items, when};
use super::super::{Context, Failure};
use super::narrow::query;

/// Tickets by what they are narrowed by, in the order that they come in.
pub(super) async fn list(
    context: &mut Context,
    filter: &Map<String, Value>,
    limit: u32,
) -> Result<(), Failure> {
    let path = format!("/tickets?limit={limit}{}", query(filter));
    let tickets = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&tickets)?);
    }
    if tickets["order"] == "due" {
        return queue(context, &tickets);
    }
    let rows = items(&tickets).iter().map(|ticket| {
        vec![
            field(ticket, "number"),
            field(ticket, "state"),
            field(ticket, "priority"),
            field(ticket, "assignee"),
            when(&ticket["changed_at"]),
            field(ticket, "title"),
        ]
    });
    let header = ["no", "state", "priority", "assignee", "changed", "title"];
    context.output.table(&header, rows)?;
    if !tickets["search"].is_object() {
        return Ok(context.output.more(&tickets, "before")?);
    }
    for line in searched(&tickets["search"]) {
        context.output.line(&line)?;
    }
    Ok(context.output.more(&tickets, "after")?)
}

/// What a search did not look at or did not put in order.
fn searched(search: &Value) -> Vec<String> {
    let number = |name: &str| search[name].as_i64().unwrap_or_default();
    let (n_found, n_ranked) = (number("n_found"), number("n_ranked"));
    let mut lines = Vec::new();
    if n_found > n_ranked {
        let or_more = match search["is_counted"].as_bool() {
            Some(false) => " or more",
            _ => "",
        };
        lines.push(format!(
            "the newest {n_ranked} of {n_found}{or_more} are put in order: more words find less"
        ));
    }
    if let Some(number) = search["not_searched_up_to"].as_i64() {
        lines.push(format!(
            "tickets up to {number} are not searched yet: ask again later"
        ));
    }
    lines
}

/// What is to be done, what is due next first.
fn queue(context: &Context, tickets: &Value) -> Result<(), Failure> {
    let rows = items(tickets).iter().map(|ticket| {
        let (due, promise) = due(ticket);
        vec![
            field(ticket, "number"),
            due,
            promise,
            field(ticket, "priority"),
            field(ticket, "state"),
            field(ticket, "tier"),
            field(ticket, "assignee"),
            field(ticket, "title"),
        ]
    });
    let header = [
        "no", "due", "promise", "priority", "state", "tier", "assignee", "title",
    ];
    context.output.table(&header, rows)?;
    Ok(context.output.more(tickets, "after")?)
}

/// When something of a ticket is due next, and what.
fn due(ticket: &Value) -> (String, String) {
    let clocks = ticket["clocks"].as_array().into_iter().flatten();
    let first = clocks
        .filter(|clock| clock["due_at"].is_string())
        .min_by_key(|clock| {
            clock["due_at"]
                .as_str()
                .and_then(|due| due.parse::<Timestamp>().ok())
        });
    match first {
        Some(clock) => (
            when(&clock["due_at"]),
            field(clock, "measure").replace('_', " "),
        ),
        None => (String::new(), String::new()),
    }
}
