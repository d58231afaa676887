//! Which collector somebody is signed in to, kept where only they can read it.

use std::collections::BTreeMap;
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
    /// The token came from signing in: nobody else has it.
    #[serde(default)]
    pub(super) is_own: bool,
    /// Fingerprints of other collectors that somebody was signed in to, by address.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) known: BTreeMap<String, String>,
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
        serde_json::from_str(&text).map_err(|error| {
            Failure::with_remedy(
                format!("{}: {error}", path.display()),
                "remove the file and sign in again",
            )
        })
    }

    /// The same, with a token; without one nobody is signed in.
    pub(super) fn signed_in(path: &Path) -> Result<Self, Failure> {
        match Self::read(path)? {
            profile if profile.token.is_empty() => Err(Failure::not_signed_in()),
            profile => Ok(profile),
        }
    }

    /// Forgets the token, and goes on knowing the collector: a changed one is refused afterwards too.
    pub(super) fn forget_token(path: &Path) -> Result<(), Failure> {
        let profile = Self::read(path)?;
        let token = String::new();
        Self { token, ..profile }.write(path)
    }

    /// The fingerprint that the collector at this address had at an earlier contact.
    pub(super) fn known_pin(path: &Path, of: &str) -> Result<Option<String>, Failure> {
        if !path.exists() {
            return Ok(None);
        }
        Ok(Self::read(path)?.pins().remove(of))
    }

    /// Every fingerprint by its address, its own collector's too.
    fn pins(self) -> BTreeMap<String, String> {
        let mut known = self.known;
        if let Trust::Fingerprint(pin) = self.trust {
            known.insert(self.url, pin);
        }
        known
    }

    /// The same, and what is known of the collectors of before.
    pub(super) fn after(mut self, path: &Path) -> Result<Self, Failure> {
        if path.exists() {
            self.known = Self::read(path)?.pins();
            self.known.remove(&self.url);
        }
        Ok(self)
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
        // What lies there is of a run that was cut off; it is not written to, whoever may read it.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(named(error)),
            Ok(()) | Err(_) => {}
        }
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside).map_err(named)?;
        file.write_all(text.as_bytes()).map_err(named)?;
        file.sync_all().map_err(named)?;
        fs::rename(&beside, path).map_err(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_signs_out_still_knows_the_collector() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.json");
        let url = "https://a.example:8443";
        assert_eq!(Profile::known_pin(&path, url).unwrap(), None);
        let profile = Profile {
            url: url.into(),
            trust: Trust::Fingerprint("ab".repeat(32)),
            token: "sonde_t_x".into(),
            is_own: true,
            known: BTreeMap::new(),
        };
        profile.write(&path).unwrap();
        assert_eq!(Profile::signed_in(&path).unwrap(), profile);
        Profile::forget_token(&path).unwrap();
        assert!(Profile::signed_in(&path).is_err());
        let pin = Profile::known_pin(&path, url).unwrap();
        assert_eq!(pin, Some("ab".repeat(32)));
        let other = Profile::known_pin(&path, "https://b.example:8443").unwrap();
        assert_eq!(other, None);
        let elsewhere = Profile {
            url: "https://b.example:8443".into(),
            trust: Trust::Loopback,
            token: "sonde_t_y".into(),
            is_own: true,
            known: BTreeMap::new(),
        };
        // What somebody else left beside it is not written into.
        fs::write(path.with_extension("new"), "theirs").unwrap();
        elsewhere.after(&path).unwrap().write(&path).unwrap();
        let pin = Profile::known_pin(&path, url).unwrap();
        assert_eq!(
            pin,
            Some("ab".repeat(32)),
            "a collector of before is known still"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
