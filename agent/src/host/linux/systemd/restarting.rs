//! Services that the manager starts anew again and again.

use std::collections::HashMap;

use super::{DESTINATION, MOST_DETAILS, call, details, on_bus, units};
use crate::host::{Host, Restarting, Service, Unavailable, program};

/// sd-messages.h: a restart has been scheduled, a process of the unit has exited.
const RESTART: &str = "5eb03494b6584870a536b337290809b3";
const EXIT: &str = "98e322203f7a4ed290d09fe03c09fe15";
const JOURNAL_BYTES: usize = 4 << 20;
/// Who has run for so many times as long as between two restarts does not end any more, and not before this time.
const SETTLED_GAPS: i64 = 5;
const SETTLED_US: i64 = 60_000_000;

/// `since_us`: restarts of before are not counted.
pub(in crate::host) fn restarting_services(
    host: &Host,
    since_us: i64,
) -> Result<Vec<Restarting>, Unavailable> {
    let services = on_bus(host, async |bus| ask(&bus).await)?;
    if services.is_empty() {
        return Ok(Vec::new());
    }
    let since = format!("--since=@{}", since_us.div_euclid(1_000_000));
    let (restart, exit) = (
        format!("MESSAGE_ID={RESTART}"),
        format!("MESSAGE_ID={EXIT}"),
    );
    let arguments = [
        "--output=json",
        "--no-pager",
        "--quiet",
        "--output-fields=MESSAGE_ID,UNIT,EXIT_CODE,EXIT_STATUS",
        &since,
        "_PID=1",
        &restart,
        &exit,
    ];
    let journal = program::read(host, "journalctl", &arguments, JOURNAL_BYTES);
    let recent = journal.ok().and_then(|journal| counted(&journal));
    Ok(joined(services, recent.as_ref(), host.now_us()))
}

/// Those that were started anew at least once since somebody started them.
async fn ask(bus: &zbus::Connection) -> zbus::Result<Vec<Service>> {
    let states = ["active", "activating", "deactivating"];
    let mut services = Vec::new();
    for (unit, description, load, active, sub, _, path, ..) in
        units(bus, &states, &["*.service"]).await?
    {
        let property = "org.freedesktop.DBus.Properties";
        let body = (format!("{DESTINATION}.Service"), "NRestarts");
        let restarts: zbus::Result<zbus::OwnedVariant> =
            call(bus, &path, property, "Get", &body).await;
        let restarts = restarts.ok().and_then(|n| u32::try_from(&*n).ok());
        if restarts.is_none_or(|n| n == 0) || services.len() == MOST_DETAILS {
            continue;
        }
        let mut service = Service {
            unit,
            description,
            load,
            active,
            sub,
            ..Service::default()
        };
        details(bus, &path, &mut service).await?;
        services.push(service);
    }
    Ok(services)
}

/// What the journal tells of one unit.
#[derive(Debug, Default, PartialEq)]
struct Recent {
    restarts: u64,
    /// Of the first and the last of them, microseconds since 1970 UTC.
    first_us: i64,
    last_us: i64,
    /// Of the last process that ended: `exited`, `killed`, `dumped`, and its status or signal.
    exit: Option<(String, String)>,
}

/// By unit. `None` when the journal holds nothing of the kind, of any unit: it may be that it keeps none of it.
fn counted(journal: &str) -> Option<HashMap<String, Recent>> {
    let mut units = HashMap::<String, Recent>::new();
    for line in journal.lines() {
        let fields: serde_json::Value = serde_json::from_str(line).ok()?;
        let of = |name: &str| fields[name].as_str();
        let Some(unit) = of("UNIT") else {
            continue;
        };
        let recent = units.entry(unit.to_owned()).or_default();
        if of("MESSAGE_ID") == Some(RESTART) {
            let at_us = of("__REALTIME_TIMESTAMP")?.parse().ok()?;
            if recent.restarts == 0 {
                recent.first_us = at_us;
            }
            recent.last_us = at_us;
            recent.restarts += 1;
        } else if let (Some(code), Some(status)) = (of("EXIT_CODE"), of("EXIT_STATUS")) {
            recent.exit = Some((code.to_owned(), status.to_owned()));
        }
    }
    (!units.is_empty()).then_some(units)
}

impl Recent {
    fn is_settled(&self, now_us: i64) -> bool {
        let gaps = self.restarts.saturating_sub(1).max(1) as i64;
        let gap_us = (self.last_us - self.first_us) / gaps;
        now_us - self.last_us > (gap_us * SETTLED_GAPS).max(SETTLED_US)
    }
}

fn joined(
    services: Vec<Service>,
    journal: Option<&HashMap<String, Recent>>,
    now_us: i64,
) -> Vec<Restarting> {
    let one = |mut service: Service| {
        let of_it = journal.and_then(|journal| journal.get(&service.unit));
        // While it runs again, the manager no longer says how it ended.
        if let Some((code, status)) = of_it.and_then(|recent| recent.exit.as_ref()) {
            let result = match code.as_str() {
                "exited" if status == "0" => "success",
                "exited" => "exit-code",
                "killed" => "signal",
                _ => "core-dump",
            };
            service.result = Some(result.into());
            service.exit_status = status.parse().ok();
        }
        Restarting {
            recent: journal.map(|_| match of_it {
                Some(recent) if service.sub == "running" && recent.is_settled(now_us) => 0,
                Some(recent) => recent.restarts,
                None => 0,
            }),
            service,
        }
    };
    services.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restarts_are_counted_and_the_last_end_is_kept() {
        let restart = |at_us: i64| {
            format!(
                r#"{{"UNIT":"a.service","MESSAGE_ID":"{RESTART}","__REALTIME_TIMESTAMP":"{at_us}"}}"#
            )
        };
        let exit = |code: &str, status: &str| {
            format!(
                r#"{{"UNIT":"a.service","MESSAGE_ID":"{EXIT}","EXIT_CODE":"{code}","EXIT_STATUS":"{status}"}}"#
            )
        };
        let journal = [
            exit("killed", "9"),
            restart(1_000_000),
            exit("exited", "3"),
            restart(31_000_000),
        ];
        let journal = counted(&journal.join("\n"));
        let services = ["a.service", "b.service"].map(|unit| Service {
            unit: unit.into(),
            sub: "running".into(),
            result: Some("success".into()),
            ..Service::default()
        });
        let found = joined(services.to_vec(), journal.as_ref(), 181_000_000);
        let shown = found.iter().map(|one| {
            let (unit, result) = (&one.service.unit, &one.service.result);
            format!(
                "{unit} {:?} {result:?} {:?}",
                one.recent, one.service.exit_status
            )
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                r#"a.service Some(2) Some("exit-code") Some(3)"#,
                r#"b.service Some(0) Some("success") None"#
            ]
        );
        // It has run for five times as long as it did before.
        let later = joined(services.to_vec(), journal.as_ref(), 181_000_001);
        assert_eq!(later[0].recent, Some(0));
        assert_eq!(joined(services.to_vec(), None, 0)[0].recent, None);
        assert_eq!(counted(""), None);
    }
}
