//! Units that are wanted and that the manager cannot start, since they are masked or not there.

use std::collections::{BTreeMap, HashSet};

use super::{on_bus, properties, text, units};
use crate::host::{BlockedUnit, Host, Unavailable};

/// What an administrator enables lies here (systemd.unit(5)); what packages bring along wants much that is not
/// installed.
const ENABLED: &str = "/etc/systemd/system";
/// Where packages put their units.
const OF_PACKAGES: &[&str] = &["/usr/lib/systemd/system", "/lib/systemd/system"];
const KINDS: &[&str] = &["*.service", "*.socket", "*.timer", "*.mount", "*.path"];
const MOST: usize = 64;

/// A unit that cannot be started, with the names of those that require it.
struct Missing {
    unit: String,
    load: String,
    required_by: Vec<String>,
}

pub(in crate::host) fn blocked_units(host: &Host) -> Result<Vec<BlockedUnit>, Unavailable> {
    let (missing, active) = on_bus(host, async |bus| {
        let mut missing = Vec::new();
        for (unit, _, load, _, _, _, path, ..) in
            units(&bus, &["masked", "not-found"], KINDS).await?
        {
            if missing.len() == MOST {
                break;
            }
            let of = properties(&bus, &path, "Unit").await?;
            // By another name: it is told under its own.
            if text(&of, "Id").is_some_and(|id| id != unit) {
                continue;
            }
            let names = |property: &str| {
                let value = of.get(property)?.try_clone().ok()?;
                Vec::<String>::try_from(value).ok()
            };
            let required_by = ["RequiredBy", "RequisiteOf", "BoundBy"];
            missing.push(Missing {
                required_by: required_by
                    .into_iter()
                    .filter_map(names)
                    .flatten()
                    .collect(),
                unit,
                load,
            });
        }
        let active = units(&bus, &["active"], &["*"]).await?.into_iter();
        let active: HashSet<String> = active.map(|(unit, ..)| unit).collect();
        Ok((missing, active))
    })?;
    Ok(blocked(host, missing, &active))
}

fn blocked(host: &Host, missing: Vec<Missing>, active: &HashSet<String>) -> Vec<BlockedUnit> {
    let enabled = enabled(host);
    let wanted = |unit: &str| {
        let targets = enabled.get(unit).into_iter().flatten();
        targets.into_iter().find(|target| active.contains(*target))
    };
    let is_installed = |unit: &str| {
        OF_PACKAGES
            .iter()
            .any(|folder| host.exists(&format!("{folder}/{unit}")))
    };
    let one = |missing: Missing| {
        // A package that is gone may leave both its link and a mask behind.
        let wanted_by = wanted(&missing.unit).filter(|_| is_installed(&missing.unit));
        let mut needed_by = missing.required_by.iter();
        let needed_by = needed_by.find(|unit| active.contains(*unit) || wanted(unit).is_some());
        (wanted_by.is_some() || needed_by.is_some()).then(|| BlockedUnit {
            is_masked: missing.load == "masked",
            wanted_by: wanted_by.cloned(),
            needed_by_runs: needed_by.is_some_and(|unit| active.contains(unit)),
            needed_by: needed_by.cloned(),
            unit: missing.unit.clone(),
        })
    };
    missing.into_iter().filter_map(one).collect()
}

/// Targets that want a unit by a link of the administrator's, by the unit's name.
fn enabled(host: &Host) -> BTreeMap<String, Vec<String>> {
    let mut enabled = BTreeMap::<String, Vec<String>>::new();
    for folder in host.names(ENABLED).unwrap_or_default() {
        let target = folder.strip_suffix(".wants");
        let Some(target) = target.or_else(|| folder.strip_suffix(".requires")) else {
            continue;
        };
        for unit in host
            .names(&format!("{ENABLED}/{folder}"))
            .unwrap_or_default()
        {
            enabled.entry(unit).or_default().push(target.to_owned());
        }
    }
    enabled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[track_caller]
    fn check(unit: &str, load: &str, required_by: &[&str], expected: &str) {
        let wants = |target: &str, unit: &str| format!("{ENABLED}/{target}.target.wants/{unit}");
        let tree = Tree::new(&[
            (&wants("multi-user", "cron.service"), ""),
            (&wants("multi-user", "gone.service"), ""),
            (&wants("multi-user", "web.service"), ""),
            (&wants("rescue", "late.service"), ""),
            ("/lib/systemd/system/cron.service", ""),
            ("/lib/systemd/system/late.service", ""),
        ]);
        let missing = Missing {
            unit: unit.into(),
            load: load.into(),
            required_by: required_by.iter().map(|unit| (*unit).to_owned()).collect(),
        };
        let active = ["multi-user.target", "shop.service"].map(str::to_owned);
        let found = blocked(&tree.host(), vec![missing], &HashSet::from(active));
        let shown = found.iter().map(|one| {
            let by = (one.wanted_by.as_deref(), one.needed_by.as_deref());
            format!("{} {by:?} {}", one.is_masked, one.needed_by_runs)
        });
        assert_eq!(shown.collect::<String>(), expected);
    }

    #[test]
    fn only_what_somebody_enabled_is_missed() {
        let by_target = r#"true (Some("multi-user.target"), None) false"#;
        check("cron.service", "masked", &[], by_target);
        check("gone.service", "masked", &[], "");
        check("late.service", "masked", &[], "");
        check("other.service", "not-found", &["idle.service"], "");
        check(
            "db.service",
            "not-found",
            &["idle.service", "web.service"],
            r#"false (None, Some("web.service")) false"#,
        );
        check(
            "db.service",
            "masked",
            &["shop.service"],
            r#"true (None, Some("shop.service")) true"#,
        );
    }
}
