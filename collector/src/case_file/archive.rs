//! The archive itself, written piece by piece: it is given away while it is made, and never whole in memory.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use ring::digest::{Context, SHA256};
use serde_json::{Value, json};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::digest;

/// For people.
pub const PAGE: &str = "index.html";
/// What the others are.
pub const MANIFEST: &str = "manifest.json";

/// What is written and not yet taken.
#[derive(Debug, Clone, Default)]
struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An archive that is being written. Its files have names of ours alone.
pub struct Archive {
    zip: ZipWriter<StreamWriter<Pipe>>,
    pipe: Pipe,
    /// Of files that are there, as the manifest lists them.
    files: Vec<Value>,
    present: Option<Present>,
}

/// The file that is being written.
struct Present {
    name: String,
    called: Option<String>,
    n_bytes: u64,
    sha256: Context,
}

impl Archive {
    pub fn begin() -> Self {
        let pipe = Pipe::default();
        Self {
            zip: ZipWriter::new_stream(pipe.clone()),
            pipe,
            files: Vec::new(),
            present: None,
        }
    }

    /// What is written from now on is this file. `called`: what somebody named it, which is told and is no name here.
    ///
    /// # Errors
    /// The archive's own.
    pub fn file(&mut self, name: impl Into<String>, called: Option<String>) -> io::Result<()> {
        self.close();
        let name = name.into();
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        self.zip.start_file(name.as_str(), options)?;
        self.present = Some(Present {
            name,
            called,
            n_bytes: 0,
            sha256: Context::new(&SHA256),
        });
        Ok(())
    }

    /// # Errors
    /// The archive's own.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(present) = &mut self.present {
            present.n_bytes += bytes.len() as u64;
            present.sha256.update(bytes);
        }
        self.zip.write_all(bytes)
    }

    /// A file of JSON.
    ///
    /// # Errors
    /// The archive's own.
    pub fn json(&mut self, name: impl Into<String>, value: &Value) -> io::Result<()> {
        self.file(name, None)?;
        self.write(&serde_json::to_vec_pretty(value)?)
    }

    /// What of the archive is there and was not taken before.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut *self.pipe.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lists all files, and ends it. `n_left_out`: jobs and snapshots that were too many.
    ///
    /// # Errors
    /// The archive's own.
    pub fn end(mut self, ticket: i64, n_left_out: usize) -> io::Result<Vec<u8>> {
        self.close();
        let files = std::mem::take(&mut self.files);
        let manifest = json!({ "ticket": ticket, "left_out": n_left_out, "files": files });
        self.json(MANIFEST, &manifest)?;
        let Self { zip, pipe, .. } = self;
        zip.finish()?;
        Ok(std::mem::take(
            &mut *pipe.0.lock().unwrap_or_else(PoisonError::into_inner),
        ))
    }

    fn close(&mut self) {
        if let Some(present) = self.present.take() {
            let sha256 = digest::hex(present.sha256.finish().as_ref());
            self.files.push(json!({
                "name": present.name, "bytes": present.n_bytes, "sha256": sha256, "called": present.called,
            }));
        }
    }
}
