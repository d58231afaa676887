//! Targets that are named on the command line.

use sonde_proto::target;

use crate::checks::{self, Check, Overrides};

/// Targets that were named by hand, for those of the checks that take them.
///
/// # Errors
/// Why they cannot be tried, for people.
pub(super) fn targets(targets: &[String], wanted: &[&'static Check]) -> Result<Overrides, String> {
    let mut overrides = Overrides::default();
    if targets.is_empty() {
        return Ok(overrides);
    }
    let takers = |checks: &[&'static Check]| {
        let takers = checks.iter().filter(|check| check.takes_targets());
        takers.map(|check| check.id).collect::<Vec<_>>()
    };
    let takes = takers(wanted);
    if takes.is_empty() {
        let known = takers(checks::ALL).join(", ");
        return Err(format!("none of these checks takes targets; name {known}"));
    }
    for check in takes {
        let set = overrides.set_targets(check, targets);
        set.map_err(|why| format!("{why}; {}", target::REMEDY))?;
    }
    Ok(overrides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(target: &str, checks: &[&str], expected: Result<usize, &str>) {
        let checks: Vec<_> = checks.iter().map(|id| checks::find(id).unwrap()).collect();
        let named = targets(&[target.to_owned()], &checks);
        let taker = checks::find("net.target").unwrap();
        let shown = named.as_ref().map(|set| set.targets(taker).len());
        assert_eq!(shown.map_err(String::as_str), expected);
    }

    #[test]
    fn targets_are_for_a_check_that_takes_them() {
        let both = &["net.dns", "net.target"];
        check("tcp://h:1", both, Ok(1));
        check(
            "tcp://h:1",
            &["net.dns"],
            Err("none of these checks takes targets; name net.target"),
        );
        check(
            "ftp://h/",
            both,
            Err(
                "target ftp://h/: it begins with none of tcp://, tls://, http://, https://; write it as tcp://host:port, \
                 tls://host:port, http://host[:port]/path or https://host[:port]/path",
            ),
        );
    }
}
