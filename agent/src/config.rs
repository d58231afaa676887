//! Settings of the agent: one TOML file, read and judged before anything starts.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::plugins;
use crate::state::{StateError, refuse_writable};

/// Where settings are looked for unless told otherwise.
pub const FILE: &str = "/etc/sonde/agent.toml";

/// The commented default, as `--print-config` prints it.
pub const DEFAULT: &str = r#"# Settings of sonde-agent. Every key may be left out.

# Where the agent keeps its key, its spool and its journal.
# Default: /var/lib/sonde-agent for root, else ~/.local/state/sonde-agent
# state = "/var/lib/sonde-agent"

# HTTP proxy on the way to the collector; "" for none. Default: what https_proxy and no_proxy say.
# proxy = "http://proxy.example:3128"

# What may ever run on this device. A file that is named here must be there.
# Default: /etc/sonde/policy.toml where there is one, else as `run --print-policy` prints.
# policy = "/etc/sonde/policy.toml"

# The folder of this device's own checks, one monitoring plugin a file; `run --print-plugin` prints a commented one. Only
# root may be able to write there. No folder, no plugins.
# plugins = "/etc/sonde/plugins"

# Log lines: "error", "warn", "info" or "debug"; as "text" or "json".
log = "info"
log_format = "text"

# [help]
# Where this machine's users ask for help (`sonde-agent help-me`). Everybody may, so its folder must let everybody in.
# Default: /run/sonde-help/socket; for an agent with another state folder than root's, "help" in that folder
# socket = "/run/sonde-help/socket"
"#;

/// The state folder of root's agent.
pub const STATE: &str = "/var/lib/sonde-agent";

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub state: Option<PathBuf>,
    pub proxy: Option<String>,
    /// Absent: the usual one, where there is one.
    pub policy: Option<PathBuf>,
    /// Absent: the usual one, where there is one.
    pub plugins: Option<PathBuf>,
    pub log: Level,
    pub log_format: Format,
    pub help: Help,
}

/// Of `sonde-agent help-me`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Help {
    /// Absent: as the state folder is.
    pub socket: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read {path}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path}: {}", .source.to_string().trim_end())]
    Parse {
        path: PathBuf,
        source: Box<toml::de::Error>,
    },
    #[error(transparent)]
    Writable(#[from] StateError),
    #[error("there is no home folder for the agent's state; say --state DIR")]
    NoState,
}

impl Config {
    /// The settings in `path`; the defaults when no path is given and there is no file at the usual place.
    ///
    /// # Errors
    /// `Read` of a file that is named and not there, `Writable` of one that others could change.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        Self::read(path.unwrap_or(Path::new(FILE)), path.is_some())
    }

    fn read(path: &Path, is_named: bool) -> Result<Self, ConfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound && !is_named => {
                return Ok(Self::default());
            }
            Err(source) => {
                let path = path.to_owned();
                return Err(ConfigError::Read { path, source });
            }
        };
        refuse_writable(path)?;
        toml::from_str(&text).map_err(|source| ConfigError::Parse {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }

    /// The folder that declares plugins; it may not be there.
    pub fn plugins_folder(&self) -> &Path {
        self.plugins
            .as_deref()
            .unwrap_or(Path::new(plugins::FOLDER))
    }

    /// The state folder: as set, else by who runs the agent. `environment` as `std::env::var`.
    pub fn state_folder(
        &self,
        is_root: bool,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<PathBuf, ConfigError> {
        if let Some(state) = &self.state {
            return Ok(state.clone());
        }
        if is_root {
            return Ok(PathBuf::from(STATE));
        }
        let state = environment("XDG_STATE_HOME").map(PathBuf::from);
        let home = || environment("HOME").map(|home| Path::new(&home).join(".local/state"));
        Ok(state
            .or_else(home)
            .ok_or(ConfigError::NoState)?
            .join("sonde-agent"))
    }
}

impl Level {
    /// As `tracing` names it.
    pub fn tracing(self) -> tracing::Level {
        match self {
            Self::Error => tracing::Level::ERROR,
            Self::Warn => tracing::Level::WARN,
            Self::Info => tracing::Level::INFO,
            Self::Debug => tracing::Level::DEBUG,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_default_is_the_default() {
        assert_eq!(
            toml::from_str::<Config>(DEFAULT).unwrap(),
            Config::default()
        );
        let all: String = DEFAULT
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|rest| rest.contains(" = ") || *rest == "[help]")
                    .unwrap_or(line)
                    .to_owned()
                    + "\n"
            })
            .collect();
        let config = toml::from_str::<Config>(&all).unwrap();
        assert_eq!(config.proxy.as_deref(), Some("http://proxy.example:3128"));
        let socket = config.help.socket.as_deref();
        assert_eq!(socket, Some(Path::new(crate::help::SOCKET)));
    }

    #[test]
    fn only_a_file_that_nobody_named_may_be_missing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agent.toml");
        assert_eq!(Config::read(&path, false).unwrap(), Config::default());
        assert!(matches!(
            Config::read(&path, true),
            Err(ConfigError::Read { .. })
        ));
        assert!(matches!(
            Config::read(folder.path(), false),
            Err(ConfigError::Read { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn settings_that_others_can_write_are_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agent.toml");
        std::fs::write(&path, "log = \"debug\"\n").unwrap();
        assert_eq!(Config::read(&path, false).unwrap().log, Level::Debug);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        assert!(matches!(
            Config::read(&path, false),
            Err(ConfigError::Writable(_))
        ));
    }

    #[test]
    fn a_wrong_key_is_named() {
        let error = toml::from_str::<Config>("porxy = 1")
            .unwrap_err()
            .to_string();
        assert!(error.contains("porxy"), "{error}");
    }

    #[test]
    fn the_state_folder_follows_the_user() {
        let config = Config::default();
        let home = |name: &str| (name == "HOME").then(|| "/home/u".to_owned());
        assert_eq!(
            config.state_folder(true, home).unwrap(),
            Path::new("/var/lib/sonde-agent")
        );
        assert_eq!(
            config.state_folder(false, home).unwrap(),
            Path::new("/home/u/.local/state/sonde-agent")
        );
        assert!(config.state_folder(false, |_| None).is_err());
    }
}
