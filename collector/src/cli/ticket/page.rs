//! Addresses of the requester's page.

use http::Method;
use serde_json::{Value, json};

use super::super::client::escape;
use super::super::output::{field, items, when};
use super::super::{Context, Failure};

pub(super) async fn page(
    context: &mut Context,
    number: i64,
    days: Option<u16>,
    list: bool,
    revoke: Option<String>,
) -> Result<(), Failure> {
    let path = format!("/tickets/{number}/pages");
    let client = context.client().await?;
    if let Some(id) = revoke {
        let path = format!("{path}/{}", escape(&id));
        client.call(Method::DELETE, &path, None).await?;
        return match context.output.json {
            true => Ok(context.output.value(&json!({ "revoked": id }))?),
            false => Ok(context.output.line("it leads nowhere from now on")?),
        };
    }
    let answer = match list {
        true => client.get(&path).await?,
        false => client.post(&path, &json!({ "days": days })).await?,
    };
    match (context.output.json, list) {
        (true, _) => Ok(context.output.value(&answer)?),
        (false, true) => table(context, &answer),
        (false, false) => {
            context.output.line(&field(&answer, "url"))?;
            let until = when(&answer["expires_at"]);
            let said = format!("good until {until}, for whoever knows it; it is not shown again");
            Ok(context.output.notice(&said)?)
        }
    }
}

fn table(context: &Context, pages: &Value) -> Result<(), Failure> {
    let rows = items(pages).iter().map(|page| {
        vec![
            field(page, "id"),
            when(&page["created_at"]),
            when(&page["expires_at"]),
            field(page, "created_by"),
        ]
    });
    let header = ["id", "made", "good until", "by"];
    Ok(context.output.table(&header, rows)?)
}
