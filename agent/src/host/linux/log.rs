//! Logs: systemd's journal, else the files that syslog writes.

use std::io::{Read as _, Seek as _, SeekFrom};

use crate::host::program;
use crate::host::{Host, LogQuery, LogRecord, Term, Unavailable};

/// Files that syslog daemons of the distributions write, in the order of preference.
const FILES: &[&str] = &["/var/log/syslog", "/var/log/messages"];
const JOURNALS: &[&str] = &["/var/log/journal", "/run/log/journal"];
/// Read from the end of a file.
const TAIL_BYTES: u64 = 4 << 20;
const JOURNAL_BYTES: usize = 16 << 20;
/// Records that are looked through for a text when the journal cannot.
const LOOKED_THROUGH: usize = 20_000;
/// Longest text of one record that is passed on.
const TEXT_BYTES: usize = 4000;

pub(in crate::host) fn logs(host: &Host, query: &LogQuery) -> Result<Vec<LogRecord>, Unavailable> {
    let mut query = query.clone();
    let mut records = if !journals(host).is_empty() {
        // What the manager says of a unit is logged by the manager; the journal knows which is meant.
        let records = journal(host, &query)?;
        query.unit = None;
        records
    } else {
        let file = file(host).ok_or_else(|| Unavailable::absent(Term::JournalOrSyslog))?;
        if query.severity.is_some() {
            let what = Term::Severity.of(file);
            return Err(Unavailable::Unsupported { what });
        }
        syslog(host, file)?
    };
    records.retain(|record| wanted(record, &query));
    records.drain(..records.len().saturating_sub(query.most));
    Ok(records)
}

pub(in crate::host) fn log_sources(host: &Host) -> Vec<&'static str> {
    let journals = journals(host);
    match journals.is_empty() {
        true => vec![file(host).unwrap_or(JOURNALS[0])],
        false => journals,
    }
}

/// Folders of the journal that hold something: one alone may come with systemd's package, on a machine that does not
/// run it.
fn journals(host: &Host) -> Vec<&'static str> {
    let holds = |folder: &&str| host.names(folder).is_ok_and(|names| !names.is_empty());
    JOURNALS.iter().copied().filter(holds).collect()
}

/// Whether the journal holds anything.
pub(super) fn has_journal(host: &Host) -> bool {
    !journals(host).is_empty()
}

fn file(host: &Host) -> Option<&'static str> {
    FILES.iter().copied().find(|file| host.exists(file))
}

fn wanted(record: &LogRecord, query: &LogQuery) -> bool {
    let unit = query.unit.as_ref().is_none_or(|unit| {
        record.unit.as_ref() == Some(unit)
            || record.program.as_deref() == Some(unit.trim_end_matches(".service"))
    });
    unit && query.since_us.is_none_or(|since| record.at_us >= since)
        && query.until_us.is_none_or(|until| record.at_us <= until)
        && query
            .severity
            .is_none_or(|most| record.severity.is_some_and(|severity| severity <= most))
        && query
            .contains
            .as_ref()
            .is_none_or(|part| record.text.contains(part.as_str()))
}

fn journal(host: &Host, query: &LogQuery) -> Result<Vec<LogRecord>, Unavailable> {
    let lines = if query.contains.is_some() {
        LOOKED_THROUGH
    } else {
        query.most
    };
    let mut arguments = vec![
        "--output=json".to_owned(),
        "--no-pager".to_owned(),
        "--quiet".to_owned(),
        // Else long fields are left out.
        "--all".to_owned(),
        format!("--lines={lines}"),
        "--output-fields=MESSAGE,PRIORITY,UNIT,_SYSTEMD_UNIT,SYSLOG_IDENTIFIER,_PID".to_owned(),
    ];
    let seconds = |us: i64| {
        format!(
            "@{}.{:06}",
            us.div_euclid(1_000_000),
            us.rem_euclid(1_000_000)
        )
    };
    arguments.extend(query.unit.iter().map(|unit| format!("--unit={unit}")));
    arguments.extend(query.since_us.map(|us| format!("--since={}", seconds(us))));
    if let Some(us) = query.until_us {
        // Else older versions look for the last lines of all, and find that they are too new (systemd 252).
        arguments.push("--reverse".to_owned());
        arguments.push(format!("--until={}", seconds(us)));
    }
    arguments.extend(query.severity.map(|n| format!("--priority={n}")));
    let arguments = arguments.iter().map(String::as_str).collect::<Vec<_>>();
    let output = program::read(host, "journalctl", &arguments, JOURNAL_BYTES)?;
    let mut records: Vec<LogRecord> = output.lines().filter_map(journal_record).collect();
    if query.until_us.is_some() {
        records.reverse();
    }
    Ok(records)
}

fn journal_record(line: &str) -> Option<LogRecord> {
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).ok()?;
    let of = |name: &str| match fields.get(name)? {
        serde_json::Value::String(text) => Some(text.clone()),
        // The journal writes what is no UTF-8 as an array of bytes.
        serde_json::Value::Array(bytes) => {
            let bytes = bytes
                .iter()
                .filter_map(|byte| byte.as_u64()?.try_into().ok())
                .collect::<Vec<u8>>();
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::Object(_) => None,
    };
    Some(LogRecord {
        at_us: of("__REALTIME_TIMESTAMP")?.parse().ok()?,
        severity: of("PRIORITY").and_then(|n| n.parse().ok()),
        unit: of("UNIT").or_else(|| of("_SYSTEMD_UNIT")),
        program: of("SYSLOG_IDENTIFIER"),
        pid: of("_PID").and_then(|pid| pid.parse().ok()),
        text: cut(&of("MESSAGE").unwrap_or_default()),
    })
}

fn syslog(host: &Host, path: &str) -> Result<Vec<LogRecord>, Unavailable> {
    let broken = |error: std::io::Error| Unavailable::io(path, &error);
    let mut file = std::fs::File::open(host.path(path)).map_err(broken)?;
    let length = file.metadata().map_err(broken)?.len();
    let from = length.saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(from)).map_err(broken)?;
    let mut bytes = Vec::new();
    file.take(TAIL_BYTES)
        .read_to_end(&mut bytes)
        .map_err(broken)?;
    let text = String::from_utf8_lossy(&bytes);
    let zone = jiff::tz::TimeZone::system();
    let now_us = host.now_us();
    Ok(text
        .lines()
        // The first line may be cut.
        .skip(usize::from(from > 0))
        .filter_map(|line| syslog_record(line, now_us, &zone))
        .collect())
}

/// `Nov 24 05:40:00 host program[12]: text` (RFC 3164 §4.1), or with the time as in RFC 3339.
fn syslog_record(line: &str, now_us: i64, zone: &jiff::tz::TimeZone) -> Option<LogRecord> {
    let (at_us, rest) = match line.as_bytes().first()? {
        b'0'..=b'9' => {
            let (time, rest) = line.split_once(' ')?;
            let time: jiff::Timestamp = time.parse().ok()?;
            (time.as_microsecond(), rest)
        }
        _ => (old_time(line.get(..15)?, now_us, zone)?, line.get(16..)?),
    };
    let (_, rest) = rest.split_once(' ')?;
    let (tag, text) = rest.split_once(": ").unwrap_or(("", rest));
    let (program, pid) = match tag.split_once('[') {
        Some((program, pid)) => (program, pid.trim_end_matches(']').parse().ok()),
        None => (tag, None),
    };
    Some(LogRecord {
        at_us,
        severity: None,
        unit: None,
        program: (!program.is_empty()).then(|| program.to_owned()),
        pid,
        text: cut(text),
    })
}

/// The year is the one that puts the time into the past.
fn old_time(text: &str, now_us: i64, zone: &jiff::tz::TimeZone) -> Option<i64> {
    let now = jiff::Timestamp::from_microsecond(now_us)
        .ok()?
        .to_zoned_datetime(zone.clone());
    let at = |year: i16| {
        let month = text.get(..3)?;
        let month = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        .iter()
        .position(|name| *name == month)? as i8
            + 1;
        let day = text.get(4..6)?.trim().parse().ok()?;
        let part = |from: usize| text.get(from..from + 2)?.parse().ok();
        jiff::civil::DateTime::new(year, month, day, part(7)?, part(10)?, part(13)?, 0)
            .ok()?
            .to_zoned_datetime(zone.clone())
            .ok()
    };
    let this_year = at(now.year());
    let day_us = 86_400_000_000;
    match this_year {
        Some(time) if time.timestamp().as_microsecond() <= now_us + day_us => {
            Some(time.timestamp().as_microsecond())
        }
        Some(_) | None => at(now.year() - 1).map(|time| time.timestamp().as_microsecond()),
    }
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(TEXT_BYTES)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        // 2026-11-24 05:45:00 UTC
        let record = syslog_record(line, 1_795_499_100_000_000, &jiff::tz::TimeZone::UTC);
        let found = record.map_or("none".into(), |record| {
            let at = jiff::Timestamp::from_microsecond(record.at_us).unwrap();
            format!("{at} {:?} {:?} {}", record.program, record.pid, record.text)
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn both_forms_of_syslog_are_understood() {
        check(
            "Nov 24 05:40:00 desk sshd[12]: refused: root",
            r#"2026-11-24T05:40:00Z Some("sshd") Some(12) refused: root"#,
        );
        check(
            "Dec  3 05:40:00 desk kernel: cut",
            r#"2025-12-03T05:40:00Z Some("kernel") None cut"#,
        );
        check(
            "2026-11-24T06:40:00.5+01:00 desk cron[3]: ran",
            r#"2026-11-24T05:40:00.5Z Some("cron") Some(3) ran"#,
        );
        check("garbage", "none");
    }

    #[test]
    fn a_record_of_the_journal_may_be_bytes() {
        let record = journal_record(
            r#"{"__REALTIME_TIMESTAMP":"5","PRIORITY":"3","MESSAGE":[104,105,255],"_PID":"7"}"#,
        )
        .unwrap();
        assert_eq!(record.text, "hi\u{fffd}");
        assert_eq!(
            (record.at_us, record.severity, record.pid),
            (5, Some(3), Some(7))
        );
    }

    #[test]
    fn the_last_records_before_a_moment_come_oldest_first() {
        let tree = Tree::new(&[("/run/log/journal/x/system.journal", "")]);
        let said = "/said/journalctl --output=json --no-pager --quiet --all --lines=2 \
                    --output-fields=MESSAGE,PRIORITY,UNIT,_SYSTEMD_UNIT,SYSLOG_IDENTIFIER,_PID --reverse --until=@9.000000";
        let record =
            |us: u32| format!("{{\"__REALTIME_TIMESTAMP\":\"{us}\",\"MESSAGE\":\"m{us}\"}}\n");
        tree.write(said, &format!("{}{}", record(8), record(5)));
        let query = LogQuery {
            until_us: Some(9_000_000),
            most: 2,
            ..LogQuery::default()
        };
        let found = logs(&tree.host(), &query).unwrap();
        let texts: Vec<&str> = found.iter().map(|record| record.text.as_str()).collect();
        assert_eq!(texts, ["m5", "m8"]);
    }

    #[test]
    fn a_file_without_severities_is_not_searched_by_them() {
        let tree = Tree::new(&[("/var/log/syslog", "Nov 24 05:00:00 desk a: one\n")]);
        let query = LogQuery {
            severity: Some(3),
            most: 2,
            ..LogQuery::default()
        };
        let found = logs(&tree.host(), &query);
        assert!(
            matches!(found, Err(Unavailable::Unsupported { .. })),
            "{found:?}"
        );
    }

    #[test]
    fn a_folder_for_the_journal_is_no_journal() {
        let tree = Tree::new(&[]);
        std::fs::create_dir_all(tree.host().path("/var/log/journal")).unwrap();
        assert_eq!(log_sources(&tree.host()), ["/var/log/journal"]);
        let found = logs(&tree.host(), &LogQuery::default()).map_err(|why| why.to_string());
        assert_eq!(
            found,
            Err(Unavailable::absent(Term::JournalOrSyslog).to_string())
        );
    }

    #[test]
    fn a_query_narrows_down() {
        let tree = Tree::new(&[(
            "/var/log/syslog",
            "Nov 24 05:00:00 desk a: one\nNov 24 05:10:00 desk b: two\nNov 24 05:20:00 desk a: three\n\
             Nov 24 05:30:00 desk a: four\n",
        )]);
        let query = LogQuery {
            unit: Some("a.service".into()),
            most: 2,
            ..LogQuery::default()
        };
        let texts = logs(&tree.host(), &query)
            .unwrap()
            .into_iter()
            .map(|record| record.text)
            .collect::<Vec<_>>();
        assert_eq!(texts, ["three", "four"]);
    }
}
