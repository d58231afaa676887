//! The case file of a ticket, which the collector makes: kept here, or posted to another ticket system.

mod send;

use std::fs::File;
use std::io::{Read as _, Seek};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use zip::ZipArchive;

use super::super::{Context, Failure};
use crate::case_file::MANIFEST;

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
    let path = to
        .out
        .unwrap_or_else(|| PathBuf::from(format!("ticket-{number}.zip")));
    let cannot = |error: std::io::Error| {
        Failure::with_remedy(
            format!("cannot write {}: {error}", path.display()),
            "name another file: --out FILE",
        )
    };
    let client = context.client().await?;
    // What is there already is somebody's.
    let mut file = create(&path).map_err(cannot)?;
    let taken = client.download(&address(number), &mut file).await;
    let manifest = taken.and_then(|()| Whole::open(file)?.manifest());
    let manifest = manifest.inspect_err(|_| {
        // A part of it is worth nothing; what cannot be removed stays where its owner finds it.
        let _left = std::fs::remove_file(&path);
    })?;
    let n_bytes = std::fs::metadata(&path).map_err(cannot)?.len();
    let left_out = manifest["left_out"].as_u64().unwrap_or_default();
    if context.output.json {
        let said =
            json!({ "file": path.display().to_string(), "bytes": n_bytes, "left_out": left_out });
        return Ok(context.output.value(&said)?);
    }
    // The manifest does not list itself.
    let n_files = manifest["files"].as_array().map_or(0, Vec::len) + 1;
    let mut told = format!("{}: {n_files} files, {n_bytes} bytes", path.display());
    if left_out > 0 {
        told.push_str(&format!(
            "; {left_out} jobs and snapshots are too many and stay out"
        ));
    }
    Ok(context.output.line(&told)?)
}

fn address(number: i64) -> String {
    format!("/tickets/{number}/case-file")
}

/// Only its owner reads it: it tells all of a machine.
pub(super) fn create(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A case file that has come to its end.
struct Whole<R>(ZipArchive<R>);

impl<R: std::io::Read + Seek> Whole<R> {
    fn open(file: R) -> Result<Self, Failure> {
        let archive = ZipArchive::new(file).map_err(|error| broken(&error.to_string()))?;
        Ok(Self(archive))
    }

    fn manifest(&mut self) -> Result<Value, Failure> {
        self.json(MANIFEST)
    }

    fn json(&mut self, name: &str) -> Result<Value, Failure> {
        serde_json::from_str(&self.text(name)?).map_err(|error| broken(&format!("{name}: {error}")))
    }

    fn text(&mut self, name: &str) -> Result<String, Failure> {
        let mut text = String::new();
        let file = self.0.by_name(name);
        let mut file = file.map_err(|error| broken(&format!("{name}: {error}")))?;
        file.read_to_string(&mut text)?;
        Ok(text)
    }
}

fn broken(why: &str) -> Failure {
    Failure::with_remedy(
        format!("the case file is not whole: {why}"),
        "the collector's log says why; try again",
    )
}
