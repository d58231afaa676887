//! Tickets as a list.

use super::super::client::escape;
use super::super::output::{field, items, when};
use super::super::{Context, Failure, device};

pub(super) async fn list(
    context: &mut Context,
    narrowed: [(&str, Option<String>); 3],
    device: Option<String>,
    limit: u32,
) -> Result<(), Failure> {
    let mut path = format!("/tickets?limit={limit}");
    if let Some(device) = device {
        let id = device::resolve(context, &device).await?;
        path.push_str(&format!("&device={id}"));
    }
    for (name, value) in narrowed {
        if let Some(value) = value {
            path.push_str(&format!("&{name}={}", escape(&value)));
        }
    }
    let tickets = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&tickets)?);
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
    Ok(context.output.more(&tickets)?)
}
