//! How many errors the journal has of each program, by the quarter of an hour.

use std::collections::BTreeMap;

use crate::host::program;
use crate::host::{ErrorCount, ErrorLog, Host, Term, Unavailable};

use super::log::has_journal;

/// Of the windows that errors are counted in.
const WINDOW_US: i64 = 900_000_000;
/// How far back they are counted.
const DAY_US: i64 = 86_400_000_000;
/// Most errors of a day that are counted: the last ones.
const MOST: usize = 20_000;
const OUTPUT_BYTES: usize = 16 << 20;
/// Programs of one window; what the others said is counted without a name.
const MOST_PROGRAMS: usize = 20;

pub(in crate::host) fn error_log(host: &Host) -> Result<ErrorLog, Unavailable> {
    if !has_journal(host) {
        return Err(Unavailable::absent(Term::Journal));
    }
    let now_us = host.now_us();
    let since = format!("--since={}", seconds(now_us - DAY_US));
    let lines = format!("--lines={MOST}");
    let asked = [
        "--output=json",
        "--output-fields=SYSLOG_IDENTIFIER,_COMM",
        "--no-pager",
        "--quiet",
        // Errors and worse (RFC 5424 §6.2.1).
        "--priority=3",
        &since,
        &lines,
    ];
    let said = program::read(host, "journalctl", &asked, OUTPUT_BYTES)?;
    let records: Vec<(i64, String)> = said.lines().filter_map(record).collect();
    let mut reaches_us = reaches(host, now_us)?;
    if records.len() == MOST {
        // What came before these was not counted.
        reaches_us = reaches_us.min(records.first().map_or(0, |(at_us, _)| now_us - at_us));
    }
    Ok(ErrorLog {
        counts: count(&records, now_us),
        reaches_us,
        window_us: WINDOW_US,
    })
}

fn seconds(us: i64) -> String {
    format!("@{}", us.div_euclid(1_000_000))
}

/// When and who.
fn record(line: &str) -> Option<(i64, String)> {
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).ok()?;
    let of = |name: &str| fields.get(name).and_then(serde_json::Value::as_str);
    let at_us = of("__REALTIME_TIMESTAMP")?.parse().ok()?;
    let who = of("SYSLOG_IDENTIFIER")
        .or_else(|| of("_COMM"))
        .unwrap_or_default();
    Some((at_us, who.to_owned()))
}

/// How far back the journal goes, up to a day: each time the half as far is tried.
fn reaches(host: &Host, now_us: i64) -> Result<i64, Unavailable> {
    for part in [1, 2, 4, 8] {
        let until = format!("--until={}", seconds(now_us - DAY_US / part));
        let asked = [
            "--output=json",
            "--output-fields=_COMM",
            "--no-pager",
            "--quiet",
            // Else older versions look for the last line of all.
            "--reverse",
            "--lines=1",
            &until,
        ];
        if !program::read(host, "journalctl", &asked, OUTPUT_BYTES)?
            .trim()
            .is_empty()
        {
            return Ok(DAY_US / part);
        }
    }
    Ok(0)
}

/// By windows that end now, and by program; the loudest programs of a window are named.
fn count(records: &[(i64, String)], now_us: i64) -> Vec<ErrorCount> {
    let mut windows: BTreeMap<i64, BTreeMap<&str, u64>> = BTreeMap::new();
    for (at_us, who) in records {
        let ago = (now_us - at_us).max(0) / WINDOW_US;
        *windows.entry(ago).or_default().entry(who).or_default() += 1;
    }
    let counts = windows.into_iter().flat_map(|(ago, programs)| {
        let mut programs: Vec<(&str, u64)> = programs.into_iter().collect();
        programs.sort_by_key(|(_, errors)| std::cmp::Reverse(*errors));
        let rest = programs.split_off(programs.len().min(MOST_PROGRAMS));
        let others = rest.iter().map(|(_, errors)| errors).sum();
        programs.extend((others > 0).then_some(("", others)));
        programs
            .into_iter()
            .map(move |(program, errors)| ErrorCount {
                windows_ago: ago as u64,
                program: program.to_owned(),
                errors,
            })
    });
    counts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn errors_are_counted_by_the_quarter_of_an_hour_and_by_program() {
        let now_us = 100 * WINDOW_US;
        let at = |ago: i64, who: &str| (now_us - ago * WINDOW_US - 1, who.to_owned());
        let mut records = vec![
            at(3, "sshd"),
            at(0, "kernel"),
            at(0, "sshd"),
            at(0, "kernel"),
        ];
        // A clock that was set back.
        records.push((now_us + 5, "cron".into()));
        let shown = |one: ErrorCount| format!("{} {} {}", one.windows_ago, one.program, one.errors);
        let found: Vec<String> = count(&records, now_us).into_iter().map(shown).collect();
        assert_eq!(found, ["0 kernel 2", "0 cron 1", "0 sshd 1", "3 sshd 1"]);
        let many: Vec<_> = (0..50).map(|n| at(0, &format!("p{n}"))).collect();
        let found = count(&many, now_us);
        assert_eq!(found.len(), MOST_PROGRAMS + 1);
        assert_eq!(found.iter().map(|one| one.errors).sum::<u64>(), 50);
    }

    #[test]
    fn the_journal_is_asked_how_far_it_reaches() {
        let tree = Tree::new(&[("/run/log/journal/x/system.journal", "")]);
        let now_us = tree.host().now_us();
        let until = |part| seconds(now_us - DAY_US / part);
        let asked = |part: i64| {
            format!(
                "/said/journalctl --output=json --output-fields=_COMM --no-pager --quiet --reverse --lines=1 --until={}",
                until(part)
            )
        };
        let errors = format!(
            "/said/journalctl --output=json --output-fields=SYSLOG_IDENTIFIER,_COMM --no-pager --quiet --priority=3 \
             --since={} --lines=20000",
            until(1)
        );
        let said = format!(
            "{{\"__REALTIME_TIMESTAMP\":\"{}\",\"SYSLOG_IDENTIFIER\":\"sshd\"}}\n",
            now_us - 5
        );
        tree.write(&errors, &said);
        tree.write(&asked(1), "");
        tree.write(&asked(2), "{}\n");
        let found = error_log(&tree.host()).unwrap();
        assert_eq!((found.reaches_us, found.counts.len()), (DAY_US / 2, 1));
        let none = error_log(&Tree::new(&[]).host());
        assert_eq!(none, Err(Unavailable::absent(Term::Journal)));
    }
}
