//! The bare server that the fleet is compared on, in a process of its own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use anyhow::{Context as _, Result};
use serde_json::Value;
use sonde_tests::program::own;

/// The bare server.
pub(super) struct Bare {
    child: Child,
    folder: tempfile::TempDir,
    pub(super) address: String,
}

impl Bare {
    pub(super) fn start() -> Result<Self> {
        let mut child = own("sonde-fleet-sim")
            .arg("bare")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let told: Value = serde_json::from_str(&line)?;
        let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("token"), text("token"))?;
        Ok(Self {
            child,
            folder,
            address: text("address"),
        })
    }

    pub(super) fn token(&self) -> std::path::PathBuf {
        self.folder.path().join("token")
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
