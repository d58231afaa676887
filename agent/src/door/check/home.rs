//! What the agent that runs on the machine says of itself.

#[cfg(unix)]
use std::io::ErrorKind;

use crate::config::Config;
#[cfg(unix)]
use crate::dial::Target;
#[cfg(unix)]
use crate::host::Collector;
use crate::host::{Host, StateHome};
#[cfg(unix)]
use crate::status;

/// What the agent that runs here says; the host is told its collector, and that one's time.
#[cfg(unix)]
pub(super) fn state_home(config: &Config, host: &Host) -> StateHome {
    let Ok(folder) = super::super::state_folder(None, config, host) else {
        return StateHome::NoAgent;
    };
    let status = status::ask(&folder);
    if let Ok(status) = &status {
        let is_told = status.heard_us.is_some();
        host.set_clock_ahead(is_told.then(|| status.clock_offset_us.saturating_neg()));
    }
    if let Ok(status) = &status
        && let Ok(target) = Target::parse(&status.collector)
    {
        let known = status.addresses.iter();
        host.set_collector(Collector {
            host: target.host,
            port: target.port,
            known: known.filter_map(|address| address.parse().ok()).collect(),
            proxy: status.proxy.clone(),
        });
    }
    match status.map(|status| status.fallback) {
        Ok(None) => StateHome::Kept,
        Ok(Some(home)) => StateHome::Elsewhere {
            folder: folder.display().to_string(),
            home,
        },
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::ConnectionRefused
            ) =>
        {
            StateHome::NoAgent
        }
        Err(_) => StateHome::Unknown,
    }
}

#[cfg(not(unix))]
pub(super) fn state_home(_: &Config, _: &Host) -> StateHome {
    StateHome::Unknown
}
