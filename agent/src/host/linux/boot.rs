//! Starts of the machine: the journal's, else those of wtmp(5), which also tells how each ended.

use crate::host::program;
use crate::host::{Boot, Host, Unavailable};

use super::log::has_journal;

const WTMP: &str = "/var/log/wtmp";
/// The last records of it are enough.
const WTMP_BYTES: usize = 4 << 20;
const OUTPUT_BYTES: usize = 1 << 20;
/// Of utmp(5) on a machine of 64 bits, and where its fields lie.
const RECORD: usize = 384;
const USER: std::ops::Range<usize> = 44..76;
const SECONDS: usize = 340;
const RUN_LEVEL: i16 = 1;
const BOOT_TIME: i16 = 2;
/// The journal begins so long after a start, or before what wtmp calls one.
const NEAR_US: i64 = 300_000_000;

pub(in crate::host) fn boots(host: &Host) -> Result<Vec<Boot>, Unavailable> {
    let recorded = wtmp(host);
    let mut boots = match has_journal(host) {
        true => {
            let asked = ["--list-boots", "--utc", "--quiet", "--no-pager"];
            let said = program::read(host, "journalctl", &asked, OUTPUT_BYTES)?;
            said.lines().filter_map(journal).collect()
        }
        false => Vec::new(),
    };
    if boots.is_empty() {
        return recorded;
    }
    for record in recorded.unwrap_or_default() {
        let near = |boot: &&mut Boot| (boot.at_us - record.at_us).abs() < NEAR_US;
        if let Some(boot) = boots.iter_mut().find(near) {
            boot.was_shut_down = record.was_shut_down;
        }
    }
    Ok(boots)
}

/// `-1 0b0b… Fri 2026-11-27 08:00:00 UTC—Sat 2026-11-28 07:00:00 UTC`; newer versions part the times otherwise.
fn journal(line: &str) -> Option<Boot> {
    let mut words = line.split_whitespace();
    let _: i32 = words.next()?.parse().ok()?;
    let id = words.next().filter(|id| id.len() == 32)?;
    let rest: Vec<&str> = words.flat_map(|word| word.split('—')).collect();
    let mut times = rest.windows(2).filter_map(|pair| {
        let time: jiff::Timestamp = format!("{}T{}Z", pair[0], pair[1]).parse().ok()?;
        Some(time.as_microsecond())
    });
    Some(Boot {
        at_us: times.next()?,
        until_us: times.next(),
        id: Some(id.to_owned()),
        was_shut_down: None,
    })
}

fn wtmp(host: &Host) -> Result<Vec<Boot>, Unavailable> {
    let bytes = std::fs::read(host.path(WTMP)).map_err(|error| Unavailable::io(WTMP, &error))?;
    let from = bytes.len().saturating_sub(WTMP_BYTES) / RECORD * RECORD;
    let mut boots: Vec<Boot> = Vec::new();
    for record in bytes[from..].chunks_exact(RECORD) {
        let kind = i16::from_ne_bytes([record[0], record[1]]);
        let user = record[USER]
            .split(|byte| *byte == 0)
            .next()
            .unwrap_or_default();
        let mut seconds = [0; 4];
        seconds.copy_from_slice(&record[SECONDS..SECONDS + 4]);
        let at_us = i64::from(u32::from_ne_bytes(seconds)) * 1_000_000;
        match (kind, user) {
            (BOOT_TIME, _) => {
                // Whatever came before has not been ended.
                if let Some(boot) = boots.last_mut() {
                    boot.was_shut_down.get_or_insert(false);
                }
                boots.push(Boot {
                    at_us,
                    ..Boot::default()
                });
            }
            (RUN_LEVEL, b"shutdown") => {
                if let Some(boot) = boots.last_mut() {
                    (boot.until_us, boot.was_shut_down) = (Some(at_us), Some(true));
                }
            }
            _ => {}
        }
    }
    Ok(boots)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn both_forms_of_the_journals_list_are_understood() {
        let id = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b";
        let old = format!(" -1 {id} Fri 2026-11-27 08:00:00 UTC—Sat 2026-11-28 07:00:00 UTC");
        let new = format!("-1 {id} Fri 2026-11-27 08:00:00 UTC Sat 2026-11-28 07:00:00 UTC");
        for line in [old, new] {
            let boot = journal(&line).unwrap();
            assert_eq!(boot.at_us, 1_795_766_400_000_000, "{line}");
            assert_eq!(boot.until_us, Some(1_795_849_200_000_000), "{line}");
        }
        assert_eq!(journal("IDX BOOT ID FIRST ENTRY LAST ENTRY"), None);
    }

    #[test]
    fn a_start_without_an_end_before_it_was_no_shutdown() {
        let record = |kind: i16, user: &str, seconds: u32| {
            let mut record = vec![0; RECORD];
            record[..2].copy_from_slice(&kind.to_ne_bytes());
            record[44..44 + user.len()].copy_from_slice(user.as_bytes());
            record[SECONDS..SECONDS + 4].copy_from_slice(&seconds.to_ne_bytes());
            record
        };
        let tree = Tree::new(&[("/var/log/other", "")]);
        let all = [
            record(2, "reboot", 100),
            record(1, "shutdown", 150),
            record(2, "reboot", 200),
            record(7, "ada", 210),
            record(2, "reboot", 300),
        ];
        std::fs::write(tree.host().path(WTMP), all.concat()).unwrap();
        let shown = |of: &Boot| {
            format!(
                "{} {:?} {:?}",
                of.at_us / 1_000_000,
                of.until_us,
                of.was_shut_down
            )
        };
        let found: Vec<String> = boots(&tree.host()).unwrap().iter().map(shown).collect();
        assert_eq!(
            found,
            [
                "100 Some(150000000) Some(true)",
                "200 None Some(false)",
                "300 None None"
            ]
        );
    }
}
