//! Files on a ticket: listed, put there, kept from there.

use std::io::Write as _;
use std::path::Path;

use http::Method;
use serde_json::json;

use super::super::client::escape;
use super::super::output::{field, items};
use super::super::{Context, Failure};
use super::case::create;
use crate::desk::attachment::MOST_BYTES;

pub(super) async fn list(context: &mut Context, number: i64) -> Result<(), Failure> {
    let path = format!("/tickets/{number}/attachments");
    let listed = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&listed)?);
    }
    let rows = items(&listed).iter().map(|file| {
        vec![
            field(file, "id"),
            field(file, "name"),
            field(file, "media_type"),
            field(file, "n_bytes"),
        ]
    });
    Ok(context
        .output
        .table(&["id", "name", "type", "bytes"], rows)?)
}

/// `to_requester`: they see it on their page.
pub(super) async fn attach(
    context: &mut Context,
    number: i64,
    path: &Path,
    to_requester: bool,
) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| Failure::other(format!("{}: {error}", path.display()));
    let n_bytes = std::fs::metadata(path).map_err(cannot)?.len();
    if n_bytes > MOST_BYTES as u64 {
        let most = MOST_BYTES >> 20;
        return Err(Failure::with_remedy(
            format!("{}: {n_bytes} bytes", path.display()),
            format!("a file of a ticket has {most} MiB at most"),
        ));
    }
    let bytes = std::fs::read(path).map_err(cannot)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let side = if to_requester { "&side=technician" } else { "" };
    let path = format!("/tickets/{number}/attachments?name={}{side}", escape(&name));
    let client = context.client().await?;
    let kept = client.send_bytes(Method::POST, &path, bytes).await?;
    let kept: serde_json::Value = serde_json::from_slice(&kept)
        .map_err(|error| Failure::other(format!("the answer is not JSON: {error}")))?;
    if context.output.json {
        return Ok(context.output.value(&kept)?);
    }
    let said = format!(
        "{} is on ticket {number}: {} bytes, {}",
        field(&kept, "name"),
        field(&kept, "n_bytes"),
        field(&kept, "id")
    );
    Ok(context.output.line(&said)?)
}

/// Writes a file of the ticket where there is none yet.
pub(super) async fn keep(
    context: &mut Context,
    number: i64,
    id: &str,
    out: &Path,
) -> Result<(), Failure> {
    let path = format!("/tickets/{number}/attachments/{}", escape(id));
    let client = context.client().await?;
    let bytes = client.send_bytes(Method::GET, &path, Vec::new()).await?;
    let cannot = |error: std::io::Error| {
        Failure::with_remedy(
            format!("cannot write {}: {error}", out.display()),
            "name another file: --out FILE",
        )
    };
    let mut file = create(out).map_err(cannot)?;
    file.write_all(&bytes).map_err(cannot)?;
    if context.output.json {
        let said = json!({ "file": out.display().to_string(), "bytes": bytes.len() });
        return Ok(context.output.value(&said)?);
    }
    let said = format!("{}: {} bytes", out.display(), bytes.len());
    Ok(context.output.line(&said)?)
}
