//! The machine's files, below the root that it has.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use super::{Host, Unavailable};

/// Largest file of the system that is read whole.
const FILE_BYTES: usize = 16 << 20;
/// A larger buffer is not kept for the next file.
const KEPT_BYTES: usize = 256 << 10;

impl Host {
    /// Where the machine's absolute `path` is on this one.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        if self.is_live() {
            return PathBuf::from(path);
        }
        self.shared.root.join(path.trim_start_matches('/'))
    }

    /// Gives `read` the content of the machine's file at the absolute `path`; bytes that are no UTF-8 become
    /// U+FFFD.
    pub(crate) fn with_file<T>(
        &self,
        path: &str,
        read: impl FnOnce(&str) -> T,
    ) -> Result<T, Unavailable> {
        let mut buffer = {
            let mut shared = self
                .shared
                .buffer
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *shared)
        };
        buffer.clear();
        let outcome = if self.is_live() {
            fill(Path::new(path), &mut buffer)
        } else {
            fill(&self.path(path), &mut buffer)
        }
        .map_err(|error| Unavailable::io(path, &error))
        .map(|()| read(&String::from_utf8_lossy(&buffer)));
        if buffer.capacity() > KEPT_BYTES {
            buffer = Vec::new();
        }
        *self
            .shared
            .buffer
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = buffer;
        outcome
    }

    /// The file's whole text.
    pub(crate) fn text(&self, path: &str) -> Result<String, Unavailable> {
        self.with_file(path, str::to_owned)
    }

    /// A file that holds one line, without spaces around it; none when it is empty or not there.
    pub(crate) fn line(&self, path: &str) -> Option<String> {
        self.with_file(path, |text| {
            let line = text.lines().next().unwrap_or_default();
            let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\0');
            (!line.is_empty()).then(|| line.to_owned())
        })
        .ok()
        .flatten()
    }

    /// A file that holds one whole number.
    pub(crate) fn number(&self, path: &str) -> Option<i64> {
        self.with_file(path, |text| text.trim().parse().ok())
            .ok()
            .flatten()
    }

    /// Names in the machine's folder at the absolute `path`, sorted.
    pub(crate) fn names(&self, path: &str) -> Result<Vec<String>, Unavailable> {
        let mut names = std::fs::read_dir(self.path(path))
            .map_err(|error| Unavailable::io(path, &error))?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect::<Vec<_>>();
        names.sort_unstable();
        Ok(names)
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }
}

/// Appends the file at `path` to `buffer`, in as few reads as a file of /proc takes.
fn fill(path: &Path, buffer: &mut Vec<u8>) -> std::io::Result<()> {
    use std::io::Read as _;
    let mut file = std::fs::File::open(path)?;
    loop {
        let length = buffer.len();
        if length > FILE_BYTES {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        buffer.resize((length * 2).max(8 << 10), 0);
        match file.read(&mut buffer[length..]) {
            Ok(0) => {
                buffer.truncate(length);
                return Ok(());
            }
            Ok(n) => buffer.truncate(length + n),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
                buffer.truncate(length);
            }
            Err(error) => {
                buffer.truncate(length);
                return Err(error);
            }
        }
    }
}
