//! /etc/passwd, and who is logged in: logind's files, else utmp(5).

use crate::host::{Host, Session, Unavailable, User};

const LOGIND: &str = "/run/systemd/sessions";
const UTMP: &str = "/run/utmp";
const UTMP_RECORD_BYTES: usize = 384;
const USER_PROCESS: u8 = 7;

pub(in crate::host) fn users(host: &Host) -> Result<Vec<User>, Unavailable> {
    host.with_file("/etc/passwd", |text| {
        text.lines().filter_map(user).collect()
    })
}

fn user(line: &str) -> Option<User> {
    let mut words = line.split(':');
    let name = words.next()?;
    let id = words.nth(1)?.parse().ok()?;
    let group_id = words.next()?.parse().ok()?;
    let gecos = words.next()?;
    Some(User {
        name: name.to_owned(),
        id,
        group_id,
        full_name: gecos.split(',').next().unwrap_or_default().to_owned(),
        home: words.next()?.to_owned(),
        shell: words.next()?.to_owned(),
    })
}

pub(in crate::host) fn sessions(host: &Host) -> Result<Vec<Session>, Unavailable> {
    if let Ok(names) = host.names(LOGIND) {
        return Ok(names
            .iter()
            .filter(|name| !name.ends_with(".ref"))
            .filter_map(|name| {
                host.with_file(&format!("{LOGIND}/{name}"), |text| logind(name, text))
                    .ok()
                    .flatten()
            })
            .collect());
    }
    match std::fs::read(host.path(UTMP)) {
        Ok(bytes) => Ok(bytes
            .chunks_exact(UTMP_RECORD_BYTES)
            .filter_map(utmp)
            .collect()),
        // Nobody has ever logged in here.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Unavailable::io(UTMP, &error)),
    }
}

/// KEY=VALUE lines; the manager's own sessions are nobody's.
fn logind(id: &str, text: &str) -> Option<Session> {
    let of = |key: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    };
    if of("CLASS").is_some_and(|class| class.starts_with("manager")) {
        return None;
    }
    Some(Session {
        id: id.to_owned(),
        user: of("USER").or_else(|| of("UID"))?,
        terminal: of("TTY").or_else(|| of("DISPLAY")),
        remote: of("REMOTE_HOST"),
        kind: of("TYPE"),
        started_us: of("REALTIME").and_then(|us| us.parse().ok()),
        user_id: of("UID").and_then(|id| id.parse().ok()),
        class: of("CLASS"),
        active: of("ACTIVE").as_deref() == Some("1"),
    })
}

/// struct utmp of glibc on 64-bit machines.
fn utmp(record: &[u8]) -> Option<Session> {
    let text = |from: usize, length: usize| {
        let bytes = record.get(from..from + length)?;
        let end = bytes.iter().position(|b| *b == 0).unwrap_or(length);
        let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
        (!text.is_empty()).then_some(text)
    };
    if *record.first()? != USER_PROCESS {
        return None;
    }
    let seconds = i32::from_ne_bytes(record.get(340..344)?.try_into().ok()?);
    let terminal = text(8, 32)?;
    Some(Session {
        id: terminal.clone(),
        user: text(44, 32)?,
        terminal: Some(terminal),
        remote: text(76, 256),
        started_us: Some(i64::from(seconds) * 1_000_000),
        ..Session::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn users_are_read_and_broken_lines_are_not() {
        let tree = Tree::new(&[(
            "/etc/passwd",
            "root:x:0:0:root:/root:/bin/bash\nana:x:1000:1000:Ana Lopez,,,:/home/ana:/bin/sh\nbroken\n",
        )]);
        let users = users(&tree.host()).unwrap();
        assert_eq!(users.len(), 2);
        assert_eq!(
            (users[1].full_name.as_str(), users[1].id),
            ("Ana Lopez", 1000)
        );
    }

    #[test]
    fn sessions_come_from_logind_or_from_utmp() {
        let tree = Tree::new(&[(
            "/run/systemd/sessions/3",
            "UID=1000\nUSER=ana\nTYPE=wayland\nTTY=tty2\nREALTIME=1700000000000000\n",
        )]);
        assert_eq!(sessions(&tree.host()).unwrap()[0].user, "ana");

        let mut record = vec![0; UTMP_RECORD_BYTES];
        record[0] = USER_PROCESS;
        record[8..13].copy_from_slice(b"pts/0");
        record[44..47].copy_from_slice(b"bob");
        record[340..344].copy_from_slice(&7_i32.to_ne_bytes());
        let session = utmp(&record).unwrap();
        assert_eq!(
            (session.user.as_str(), session.id.as_str()),
            ("bob", "pts/0")
        );
        assert_eq!(session.started_us, Some(7_000_000));
        assert_eq!(sessions(&Tree::new(&[]).host()), Ok(Vec::new()));
    }
}
