//! The case file of a ticket: one archive that is read without the collector.
//!
//! `index.html` is for people; the JSON beside it is what the API says; `manifest.json` names every other file with its
//! size and SHA-256.

mod page;
mod send;

use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use http::Method;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::super::output::{field, items};
use super::super::{Context, Failure, device};
use crate::digest;

/// Jobs whose record goes along whole; of older ones, what the timeline says.
const MOST_JOBS: usize = 500;
/// Snapshots that go along whole.
const MOST_SNAPSHOTS: usize = 50;

/// All that goes into it, as the API says it.
pub(super) struct Case {
    ticket: Value,
    timeline: Vec<Value>,
    /// The oldest first.
    jobs: Vec<Value>,
    snapshots: Vec<Value>,
    /// What is known of each file, and its bytes.
    attachments: Vec<(Value, Vec<u8>)>,
    /// How many jobs and snapshots there are beside those.
    n_left_out: usize,
}

/// Where it goes.
#[derive(Debug, Args)]
pub(in super::super) struct To {
    /// Where to; ticket-NUMBER.zip here if it is not given. What is there is not overwritten.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    out: Option<PathBuf>,
    /// Post it there instead, as multipart/form-data: ticket, title, and twice file, the case in HTML and in JSON. The ticket
    /// gets a note of it.
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// What the receiver knows you by, sent as Authorization: Bearer.
    #[arg(long, value_name = "FILE", requires = "to")]
    token_file: Option<PathBuf>,
    /// Authorities (PEM) that the receiver's certificate is held against beside those of this machine.
    #[arg(long, value_name = "FILE", requires = "to")]
    ca: Option<PathBuf>,
}

/// Writes the case file of a ticket where it is to go.
pub(super) async fn export(context: &mut Context, number: i64, to: To) -> Result<(), Failure> {
    if to.to.is_some() {
        return send::send(context, number, to).await;
    }
    let case = gather(context, number).await?;
    let path = to
        .out
        .unwrap_or_else(|| PathBuf::from(format!("ticket-{number}.zip")));
    let is_french = context.lang.to_lowercase().starts_with("fr");
    let files = files(&case, is_french)?;
    let cannot = |error: std::io::Error| {
        Failure::with_remedy(
            format!("cannot write {}: {error}", path.display()),
            "name another file: --out FILE",
        )
    };
    // What is there already is somebody's.
    let file = create(&path).map_err(cannot)?;
    archive(file, &files).map_err(cannot)?;
    let n_bytes = std::fs::metadata(&path).map_err(cannot)?.len();
    if context.output.json {
        let said = json!({ "file": path.display().to_string(), "bytes": n_bytes, "left_out": case.n_left_out });
        return Ok(context.output.value(&said)?);
    }
    let mut told = format!("{}: {} files, {n_bytes} bytes", path.display(), files.len());
    if case.n_left_out > 0 {
        told.push_str(&format!(
            "; {} jobs and snapshots are too many and stay out",
            case.n_left_out
        ));
    }
    Ok(context.output.line(&told)?)
}

/// Only its owner reads it: it tells all of a machine.
pub(super) fn create(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

async fn gather(context: &mut Context, number: i64) -> Result<Case, Failure> {
    let base = format!("/tickets/{number}");
    let ticket = context.client().await?.get(&base).await?;
    let timeline = device::pages(context, &format!("{base}/timeline?limit=500"), "after").await?;
    let mut lines = device::pages(context, &format!("{base}/jobs?limit=500"), "before").await?;
    lines.reverse();
    let snapshots = device::pages(context, &format!("{base}/snapshots?limit=500"), "after").await?;
    let n_left_out =
        lines.len().saturating_sub(MOST_JOBS) + snapshots.len().saturating_sub(MOST_SNAPSHOTS);
    let newest = lines.len().saturating_sub(MOST_JOBS);
    let client = context.client().await?;
    let mut jobs = Vec::new();
    for line in &lines[newest..] {
        jobs.push(client.get(&format!("/jobs/{}", field(line, "id"))).await?);
    }
    let mut whole = Vec::new();
    for snapshot in snapshots.iter().take(MOST_SNAPSHOTS) {
        let path = format!("{base}/snapshots/{}", field(snapshot, "id"));
        whole.push(client.get(&path).await?);
    }
    let listed = client.get(&format!("{base}/attachments")).await?;
    let mut attachments = Vec::new();
    for file in items(&listed) {
        let path = format!("{base}/attachments/{}", field(file, "id"));
        let bytes = client.send_bytes(Method::GET, &path, Vec::new()).await?;
        attachments.push((file.clone(), bytes.to_vec()));
    }
    Ok(Case {
        ticket,
        timeline,
        jobs,
        snapshots: whole,
        attachments,
        n_left_out,
    })
}

/// Names, made by us alone, and contents; the manifest is the last.
fn files(case: &Case, is_french: bool) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let json = |value: &Value| {
        serde_json::to_vec_pretty(value).map_err(|error| Failure::other(error.to_string()))
    };
    let mut files = vec![
        (
            "index.html".to_owned(),
            page::page(case, is_french).into_bytes(),
        ),
        ("ticket.json".to_owned(), json(&case.ticket)?),
        ("timeline.json".to_owned(), json(&json!(case.timeline))?),
        ("jobs.json".to_owned(), json(&json!(case.jobs))?),
    ];
    for (n, snapshot) in (1..).zip(&case.snapshots) {
        files.push((format!("snapshot-{n}.json"), json(snapshot)?));
    }
    let n_own = files.len();
    for (n, (file, bytes)) in (1..).zip(&case.attachments) {
        let ending = ending(&field(file, "media_type"));
        files.push((format!("attachment-{n}.{ending}"), bytes.clone()));
    }
    let entries = files.iter().enumerate().map(|(at, (name, bytes))| {
        let sha256 = digest::hex(&digest::sha256(bytes));
        // What somebody called it is told here and is no name in the archive.
        let attached = at
            .checked_sub(n_own)
            .and_then(|at| case.attachments.get(at));
        let called = attached.map(|(file, _)| file["name"].clone());
        json!({ "name": name, "bytes": bytes.len(), "sha256": sha256, "called": called })
    });
    let manifest = json!({ "ticket": case.ticket["number"], "files": entries.collect::<Vec<_>>() });
    files.push(("manifest.json".to_owned(), json(&manifest)?));
    Ok(files)
}

fn ending(media_type: &str) -> &'static str {
    match media_type {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        _ => "bin",
    }
}

fn archive(to: impl Write + Seek, files: &[(String, Vec<u8>)]) -> std::io::Result<()> {
    let mut zip = ZipWriter::new(to);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(bytes)?;
    }
    zip.finish()?.flush()
}

impl Case {
    /// What checks found on this ticket, as each was found last: by device, check and subject.
    fn found(&self) -> Vec<(&Value, &Value)> {
        let mut found: Vec<(&Value, &Value)> = Vec::new();
        for job in &self.jobs {
            let looked = job["findings"].as_array().into_iter().flatten();
            let verified = job["verified"].as_array().into_iter().flatten();
            for finding in looked.chain(verified) {
                let is_same = |(of, known): &(&Value, &Value)| {
                    of["device"] == job["device"]
                        && known["check"] == finding["check"]
                        && known["subject"] == finding["subject"]
                };
                found.retain(|known| !is_same(known));
                found.push((job, finding));
            }
        }
        found
    }

    /// Actions that were tried, the oldest first.
    fn tried(&self) -> impl Iterator<Item = &Value> {
        self.jobs.iter().filter(|job| job["kind"] == "action")
    }

    fn devices(&self) -> &[Value] {
        self.ticket["devices"].as_array().map_or(&[], Vec::as_slice)
    }
}
