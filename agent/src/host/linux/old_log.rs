//! Logs that are written no more: what logrotate(8) has put aside, and what journald has closed (journalctl(1),
//! --vacuum-time).

use std::time::Duration;

use super::cache::{Cache, files_of};
use crate::host::{CacheFile, Host, Unavailable};

pub(super) const ROOT: &str = "/var/log";
/// Folders of services, and the journal's of each machine id.
const DEPTH: u32 = 3;
const COMPRESSED: &[&str] = &["gz", "xz", "zst", "bz2", "lz4"];

pub(in crate::host) fn old_logs(
    host: &Host,
    older_than: Duration,
    most: usize,
) -> Result<Vec<CacheFile>, Unavailable> {
    let logs = Cache {
        root: ROOT,
        depth: DEPTH,
        wanted: is_old,
        older_than,
    };
    files_of(host, &logs, most)
}

/// `mail.log.1`, `mail.log.2.gz`, `mail.log-20261101.xz`, `Xorg.0.log.old`; `system@….journal`, `system@….journal~`.
fn is_old(name: &str) -> bool {
    if let Some(name) = name.strip_suffix(".journal") {
        return name.contains('@');
    }
    if name.ends_with(".journal~") {
        return true;
    }
    let (name, is_compressed) = match name.rsplit_once('.') {
        Some((name, kind)) if COMPRESSED.contains(&kind) => (name, true),
        _ => (name, false),
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let by_count = name.rsplit_once('.').is_some_and(|(name, n)| {
        // `postgresql-15-main.log.1`, but not `app-1.2`.
        is_number(n)
            && n.len() < 4
            && (is_compressed || !name.ends_with(|c: char| c.is_ascii_digit()))
    });
    let by_date = name
        .rsplit_once('-')
        .is_some_and(|(_, date)| is_number(date) && matches!(date.len(), 8 | 10));
    by_count || by_date || name.ends_with(".old")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn what_is_still_written_is_no_old_log() {
        for name in [
            "mail.log.1",
            "mail.log.12.gz",
            "mail.log-20261101",
            "mail.log-2026110113.zst",
            "Xorg.0.log.old",
            "dmesg.3.gz",
            "wtmp.1",
            "system@0005f1.journal",
            "user-1000@0005f1-00.journal",
            "user-1000.journal~",
        ] {
            assert!(is_old(name), "{name}");
        }
        for name in [
            "mail.log",
            "syslog",
            "wtmp",
            "Xorg.0.log",
            "system.journal",
            "user-1000.journal",
            "app-1.2",
            "postgresql-15",
            "server.2026",
            "initial-status.gz",
            "backup.tar.gz",
            "-",
            "",
        ] {
            assert!(!is_old(name), "{name}");
        }
    }

    #[test]
    fn the_age_counts() {
        let tree = Tree::new(&[
            ("/var/log/mail.log.1", &"x".repeat(9000)),
            ("/var/log/mail.log", "x"),
            ("/var/log/journal/0f/system@1.journal", "x"),
        ]);
        let host = tree.host();
        // The files are of now, the tree's clock may be of any time.
        let found = |now_us| {
            let host = Host::recorded(host.root(), now_us);
            let found = old_logs(&host, Duration::from_secs(60), 10).unwrap();
            found.into_iter().map(|file| file.path).collect::<Vec<_>>()
        };
        assert_eq!(
            found(i64::MAX / 2),
            ["mail.log.1", "journal/0f/system@1.journal"]
        );
        assert_eq!(found(0), [""; 0]);
    }
}
