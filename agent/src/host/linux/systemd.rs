//! Services of systemd, over D-Bus (org.freedesktop.systemd1(5)).

mod blocked;
mod mask;
mod restarting;
mod timers;

use std::collections::HashMap;
use std::time::Duration;

use zbus::{OwnedObjectPath, OwnedVariant};

use crate::host::{Host, Service, Term, Unavailable};

const RUNNING: &str = "/run/systemd/system";
const DESTINATION: &str = "org.freedesktop.systemd1";
const OBJECT: &str = "/org/freedesktop/systemd1";
const MANAGER: &str = "org.freedesktop.systemd1.Manager";
const WHAT: Term = Term::ServiceManager;
/// The worker's own deadline is longer.
const DEADLINE: Duration = Duration::from_secs(8);
/// Failed services that are asked for details.
const MOST_DETAILS: usize = 64;

/// A unit as ListUnits gives it: name, description, load, active, sub, follower, path, job, job type, job path.
type Unit = (
    String,
    String,
    String,
    String,
    String,
    String,
    OwnedObjectPath,
    u32,
    String,
    OwnedObjectPath,
);

pub(in crate::host) fn has_service_manager(host: &Host) -> bool {
    // sd_booted(3)
    host.exists(RUNNING)
}

pub(in crate::host) use blocked::blocked_units;
pub(in crate::host) use mask::mask;
pub(in crate::host) use restarting::restarting_services;
pub(in crate::host) use timers::timers;

pub(in crate::host) fn services(
    host: &Host,
    only_failed: bool,
) -> Result<Vec<Service>, Unavailable> {
    on_bus(host, async |bus| ask(&bus, only_failed).await)
}

/// What `ask` learns of the manager over the system's bus.
fn on_bus<T: Send>(
    host: &Host,
    ask: impl AsyncFnOnce(zbus::Connection) -> zbus::Result<T> + Send,
) -> Result<T, Unavailable> {
    if !has_service_manager(host) {
        return Err(Unavailable::absent(WHAT));
    }
    if !host.is_live() {
        return Err(Unavailable::absent(Term::Recorded.of("D-Bus")));
    }
    let block_on = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Unavailable::io(WHAT, &error))?
            .block_on(async {
                let answer = async { ask(zbus::Connection::system().await?).await };
                tokio::time::timeout(DEADLINE, answer)
                    .await
                    .map_err(|_| Unavailable::Timeout {
                        what: WHAT.into(),
                        after: DEADLINE,
                    })?
                    .map_err(|error| Unavailable::broken(WHAT, error.to_string()))
            })
    };
    // A thread of its own, since whoever asks may already be inside a runtime.
    std::thread::scope(|scope| scope.spawn(block_on).join())
        .unwrap_or_else(|_| Err(Unavailable::broken(WHAT, Term::ReaderPanicked)))
}

/// Calls a method of the manager's object at `path` and gives its answer.
async fn call<B, T>(
    bus: &zbus::Connection,
    path: &str,
    interface: &str,
    method: &str,
    body: &B,
) -> zbus::Result<T>
where
    B: serde::Serialize + zbus::DynamicType,
    T: serde::de::DeserializeOwned + zbus::Type,
{
    bus.call_method(Some(DESTINATION), path, Some(interface), method, body)
        .await?
        .body()
        .deserialize()
}

/// Units in memory in one of `states` (of any of their three kinds; none: in all) whose names are like `patterns`.
async fn units(
    bus: &zbus::Connection,
    states: &[&str],
    patterns: &[&str],
) -> zbus::Result<Vec<Unit>> {
    let body = (states, patterns);
    call(bus, OBJECT, MANAGER, "ListUnitsByPatterns", &body).await
}

/// All properties of the object at `path` that belong to `interface` of a unit: `Unit`, `Service`.
async fn properties(
    bus: &zbus::Connection,
    path: &OwnedObjectPath,
    interface: &str,
) -> zbus::Result<HashMap<String, OwnedVariant>> {
    let interface = format!("{DESTINATION}.{interface}");
    let properties = "org.freedesktop.DBus.Properties";
    call(bus, path, properties, "GetAll", &interface).await
}

async fn ask(bus: &zbus::Connection, only_failed: bool) -> zbus::Result<Vec<Service>> {
    let states: &[&str] = if only_failed { &["failed"] } else { &[] };
    let patterns: &[&str] = &["*.service"];
    let units = units(bus, states, patterns).await?;
    let mut enabled = HashMap::new();
    if !only_failed {
        let any: &[&str] = &[];
        let files: Vec<(String, String)> = call(
            bus,
            OBJECT,
            MANAGER,
            "ListUnitFilesByPatterns",
            &(any, patterns),
        )
        .await?;
        enabled.extend(
            files
                .into_iter()
                .filter_map(|(path, state)| Some((path.rsplit('/').next()?.to_owned(), state))),
        );
    }
    let mut services = Vec::with_capacity(units.len());
    let mut n_details = 0;
    for (unit, description, load, active, sub, _, path, ..) in units {
        // Another unit names it, but there is none.
        if load == "not-found" && active == "inactive" {
            continue;
        }
        let mut service = Service {
            enabled: enabled.remove(&unit),
            unit,
            description,
            load,
            active,
            sub,
            ..Service::default()
        };
        if service.active == "failed" && n_details < MOST_DETAILS {
            n_details += 1;
            details(bus, &path, &mut service).await?;
        }
        services.push(service);
    }
    // Files without a unit in memory: not running, and wanted or not.
    services.extend(enabled.into_iter().map(|(unit, state)| Service {
        unit,
        load: "not-loaded".into(),
        active: "inactive".into(),
        sub: "dead".into(),
        enabled: Some(state),
        ..Service::default()
    }));
    services.sort_unstable_by(|a, b| a.unit.cmp(&b.unit));
    Ok(services)
}

async fn details(
    bus: &zbus::Connection,
    path: &OwnedObjectPath,
    service: &mut Service,
) -> zbus::Result<()> {
    let unit = properties(bus, path, "Unit").await?;
    let own = properties(bus, path, "Service").await?;
    service.enabled = text(&unit, "UnitFileState").filter(|state| !state.is_empty());
    service.since_us = unit
        .get("StateChangeTimestamp")
        .and_then(|value| u64::try_from(value).ok())
        .map(|us| us as i64);
    service.result = text(&own, "Result");
    service.exit_status = own
        .get("ExecMainStatus")
        .and_then(|value| i32::try_from(value).ok())
        .map(i64::from);
    service.restarts = own
        .get("NRestarts")
        .and_then(|value| u32::try_from(value).ok())
        .map(i64::from);
    Ok(())
}

fn text(properties: &HashMap<String, OwnedVariant>, name: &str) -> Option<String> {
    properties
        .get(name)
        .and_then(|value| <&str>::try_from(value).ok())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn a_machine_without_systemd_says_so() {
        assert_eq!(
            services(&Tree::new(&[]).host(), false),
            Err(Unavailable::absent(WHAT))
        );
    }
}
