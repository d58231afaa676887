//! The ways into the program: one file for each subcommand.

pub mod enroll;
pub mod run;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::config::{Config, ConfigError};
use crate::host::Host;

/// Writes to standard output. Who has closed it wants no more.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .ok();
}

/// The state folder: as asked for, else as set.
pub(crate) fn state_folder(
    asked: Option<&Path>,
    config: &Config,
    host: &Host,
) -> Result<PathBuf, ConfigError> {
    match asked {
        Some(folder) => Ok(folder.to_owned()),
        None => config.state_folder(host.is_root(), |name| std::env::var(name).ok()),
    }
}
