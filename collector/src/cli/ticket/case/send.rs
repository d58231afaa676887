//! Posts a case file to another ticket system.
//!
//! One request of multipart/form-data (RFC 7578), because that is what such systems take attachments by: the fields `ticket`
//! (its number) and `title`, and twice `file`: the page for people and all that the API says in JSON.

use std::io::Cursor;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::super::output::field;
use super::super::super::{Context, Failure, file};
use super::{To, Whole, address};
use crate::case_file::PAGE;
use crate::digest;
use crate::store::random_bytes;
use crate::webhooks::post::Postman;
use crate::webhooks::reach::Reach;
use crate::webhooks::schedule::Answer;
use crate::webhooks::target::Target;

/// A case file is large, and the receiver may look into it before it answers.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) async fn send(context: &mut Context, number: i64, to: To) -> Result<(), Failure> {
    let url = to.to.unwrap_or_default();
    // What goes to this very machine is not overheard.
    let is_own = ["http://localhost", "http://127.0.0.1", "http://[::1]"]
        .iter()
        .any(|own| {
            url.strip_prefix(own)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        });
    let target = Target::of(&url, is_own).map_err(|refusal| {
        let remedy = refusal.remedy.map(|remedy| remedy.to_string());
        Failure::with_remedy(refusal.reason.to_string(), remedy.unwrap_or_default())
    })?;
    let mut fields = Vec::new();
    if let Some(path) = &to.token_file {
        let token = file::text(&path.display().to_string())?;
        fields.push(("authorization", format!("Bearer {}", token.trim())));
    }
    let postman = Postman::new(Reach::everywhere(), to.ca.as_deref())
        .map_err(Failure::other)?
        .patient_for(PATIENCE);
    let mut bytes = Vec::new();
    let client = context.client().await?;
    client.download(&address(number), &mut bytes).await?;
    let mut archive = Whole::open(Cursor::new(bytes))?;
    let case = whole(&mut archive)?;
    let (kind, body) = form(&case, &archive.text(PAGE)?, number);
    let n_bytes = body.len();
    let status = match postman.post(&target, &kind, &fields, body.into()).await {
        Answer::Taken { status } => status,
        Answer::Status { status, .. } => {
            return Err(Failure::with_remedy(
                format!("{url} answered {status}: it has not taken the case file"),
                "look at the address and the token; a redirect is not followed",
            ));
        }
        Answer::None(why) => {
            return Err(Failure::with_remedy(
                format!("{url}: {why}"),
                "ask the receiver whether it has come before you send it again",
            ));
        }
    };
    let at = target.authority();
    let text = format!("case file sent to {at} ({n_bytes} bytes, answered {status})");
    let client = context.client().await?;
    let path = format!("/tickets/{number}/notes");
    let noted = client.post(&path, &json!({ "text": text })).await;
    noted.map_err(|failure| failure.and_say(&format!("the case file is sent to {at}")))?;
    if context.output.json {
        let said =
            json!({ "to": at, "bytes": n_bytes, "status": status, "left_out": case["left_out"] });
        return Ok(context.output.value(&said)?);
    }
    Ok(context.output.line(&text)?)
}

/// All that the API says of the ticket.
fn whole(archive: &mut Whole<Cursor<Vec<u8>>>) -> Result<Value, Failure> {
    let manifest = archive.manifest()?;
    let listed = manifest["files"].as_array().into_iter().flatten();
    let names = listed.filter_map(|file| file["name"].as_str());
    let mut snapshots = Vec::new();
    for name in names.filter(|name| name.starts_with("snapshot-")) {
        snapshots.push(archive.json(name)?);
    }
    Ok(json!({
        "ticket": archive.json("ticket.json")?, "timeline": archive.json("timeline.json")?,
        "jobs": archive.json("jobs.json")?, "snapshots": snapshots, "left_out": manifest["left_out"],
    }))
}

/// Content type and body.
fn form(case: &Value, page: &str, number: i64) -> (String, Vec<u8>) {
    // Drawn anew each time: nothing that stands in a part can end it.
    let boundary = format!("sonde-{}", digest::hex(&random_bytes::<16>()));
    let parts = [
        (
            "name=\"ticket\"".to_owned(),
            "text/plain",
            number.to_string(),
        ),
        (
            "name=\"title\"".to_owned(),
            "text/plain",
            field(&case["ticket"], "title"),
        ),
        (
            format!("name=\"file\"; filename=\"ticket-{number}.html\""),
            "text/html",
            page.to_owned(),
        ),
        (
            format!("name=\"file\"; filename=\"ticket-{number}.json\""),
            "application/json",
            case.to_string(),
        ),
    ];
    let mut body = String::new();
    for (name, kind, text) in parts {
        body.push_str(&format!(
            "--{boundary}\r\ncontent-disposition: form-data; {name}\r\ncontent-type: {kind}; charset=utf-8\r\n\r\n{text}\r\n"
        ));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    let kind = format!("multipart/form-data; boundary={boundary}");
    (kind, body.into())
}

#[cfg(test)]
mod tests {
    use sonde_proto::text::html;

    use super::*;

    #[test]
    fn whatever_stands_on_a_ticket_is_in_the_part_that_it_belongs_to() {
        for hostile in crate::hostile::texts() {
            let case = json!({
                "ticket": {"number": 7, "title": hostile, "devices": []},
                "timeline": [{"number": 1, "kind": "noted", "text": hostile}],
            });
            let (kind, body) = form(&case, &html(&hostile, true), 7);
            let body = String::from_utf8(body).unwrap();
            let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
            let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
            assert_eq!(parts.len(), 6, "{hostile:?}");
            assert_eq!(parts[5], "--\r\n");
            let (head, text) = parts[4].split_once("\r\n\r\n").unwrap();
            assert!(head.contains("filename=\"ticket-7.json\""), "{head}");
            let whole: Value = serde_json::from_str(text.trim_end()).unwrap();
            assert_eq!(whole["timeline"][0]["text"], hostile);
        }
    }
}
