//! Which collector somebody is signed in to, kept where only they can read it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::failure::Failure;

/// A collector and the token for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) url: String,
    pub(super) trust: Trust,
    #[serde(default)]
    pub(super) token: String,
}

/// What the collector is known by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Trust {
    /// SHA-256 of the last certificate that it shows, in lower-case hexadecimal.
    Fingerprint(String),
    /// Certificates of authorities, PEM.
    Authority(String),
    /// Plain HTTP on this very machine.
    Loopback,
}

/// In the user's configuration folder.
pub(super) fn default_path() -> Result<PathBuf, Failure> {
    let folder = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".config")));
    match folder {
        Some(folder) => Ok(folder.join("sonde").join("profile.json")),
        None => Err(Failure::with_remedy(
            "there is no home folder to keep the token in",
            "name a file with --profile",
        )),
    }
}

impl Profile {
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Failure::not_signed_in());
            }
            Err(error) => return Err(Failure::other(format!("{}: {error}", path.display()))),
        };
        let profile: Self = serde_json::from_str(&text).map_err(|error| {
            Failure::with_remedy(
                format!("{}: {error}", path.display()),
                "remove the file and sign in again",
            )
        })?;
        match profile.token.is_empty() {
            true => Err(Failure::not_signed_in()),
            false => Ok(profile),
        }
    }

    /// Replaces the file as a whole; nobody else can read it.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        let named = |error: std::io::Error| Failure::other(format!("{}: {error}", path.display()));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(named)?;
        }
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Failure::other(error.to_string()))?;
        let beside = path.with_extension("new");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside).map_err(named)?;
        file.write_all(text.as_bytes()).map_err(named)?;
        file.sync_all().map_err(named)?;
        fs::rename(&beside, path).map_err(named)
    }
}
