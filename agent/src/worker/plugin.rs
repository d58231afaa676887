//! A program of others, run by a child: refused unless root alone can change it, without rights it does not need, its
//! output bounded. Deadline and end of its process group are its parent's.

use std::io::{self, Read};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use crate::host::{self, Lowered, program};
use crate::plugins::{self, Program, Ran, output};

/// Output of a plugin that is read; the rest is counted.
const OUTPUT_BYTES: u64 = 64 << 10;
/// The same of what it complains of.
const COMPLAINT_BYTES: u64 = 4 << 10;
/// For the rest of the output of a plugin that has ended: what it has left running may keep that open.
const LINGER: Duration = Duration::from_millis(200);
/// Addresses that a plugin may take: those of some interpreters take hundreds of MiB before they begin.
const MEMORY_BYTES: u64 = 2 << 30;
/// The user that does without rights by itself.
const NOBODY: &str = "nobody";
const ROOT: &str = "root";

/// What was read of a stream, and how many bytes were not.
#[derive(Default)]
struct Taken {
    bytes: Vec<u8>,
    missing: u64,
}

/// Runs `program` to its end. In a process with one thread, which is not root's any more after it.
pub(super) fn run(program: &Program) -> io::Result<Ran> {
    let path = Path::new(&program.command[0]);
    if let Err(error) = plugins::refuse_writable(path) {
        let why = plugins::said(&error);
        return Ok(Ran::Refused { why });
    }
    if let Some(why) = lower(program)? {
        return Ok(Ran::Refused { why });
    }
    host::end_with_parent()?;
    let mut command = program::command(path);
    command
        .args(&program.command[1..])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            let why = format!("{}: {}", path.display(), crate::text::reason(&error));
            return Ok(Ran::Refused { why });
        }
    };
    let out = child.stdout.take().map(|out| follow(out, OUTPUT_BYTES));
    let complaint = child.stderr.take();
    let complaint = complaint.map(|complaint| follow(complaint, COMPLAINT_BYTES));
    let status = child.wait()?;
    let (out, complaint) = (gather(out), gather(complaint));
    Ok(Ran::Ended {
        code: status.code(),
        signal: signal(status),
        said: output::read(&out.bytes, &complaint.bytes, out.missing),
    })
}

/// Gives up what the plugin is not to have; why it cannot be run as it is declared.
fn lower(program: &Program) -> io::Result<Option<String>> {
    let is_root = host::this_is_root();
    let user = program.user.as_deref();
    if let Some(why) = not_as(user, is_root, host::is_user) {
        return Ok(Some(why));
    }
    let becomes = user.filter(|user| is_root && ![NOBODY, ROOT].contains(user));
    host::lower(Lowered {
        as_root: becomes.is_some() || user == Some(ROOT),
        can_wait: true,
        cpu: program.timeout,
        memory_bytes: MEMORY_BYTES,
    })?;
    let Some(user) = becomes else {
        return Ok(None);
    };
    match host::become_user(user) {
        Ok(()) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Some(format!(
            "this machine has no user {}; correct \"user\"",
            crate::text::shown(user)
        ))),
        Err(error) => Err(error),
    }
}

/// Why a process cannot run what is to be run by `user`.
fn not_as(user: Option<&str>, is_root: bool, is_own: impl Fn(&str) -> bool) -> Option<String> {
    let other = user.filter(|user| !is_root && !is_own(user))?;
    Some(format!(
        "it is to be run by the user {}, which only an agent of root's can do; start the agent as root, or take \"user\" away",
        crate::text::shown(other)
    ))
}

/// A stream that is read beside this thread.
struct Followed {
    taken: Arc<Mutex<Taken>>,
    /// Closed when the stream has ended.
    end: mpsc::Receiver<()>,
}

/// Reads a stream to its end, so that whoever writes never waits; keeps its first `most` bytes.
fn follow(mut stream: impl Read + Send + 'static, most: u64) -> Followed {
    let taken = Arc::new(Mutex::new(Taken::default()));
    let (until_end, end) = mpsc::channel();
    let into = taken.clone();
    std::thread::spawn(move || {
        let _until_end: mpsc::Sender<()> = until_end;
        let mut buffer = [0; 16 << 10];
        while let Ok(n) = stream.read(&mut buffer)
            && n > 0
        {
            let mut taken = into.lock().unwrap_or_else(PoisonError::into_inner);
            let n_kept = n.min(most as usize - taken.bytes.len());
            taken.bytes.extend(&buffer[..n_kept]);
            taken.missing += (n - n_kept) as u64;
        }
    });
    Followed { taken, end }
}

/// What was read until the stream ends, or `LINGER` has passed.
fn gather(followed: Option<Followed>) -> Taken {
    let Some(Followed { taken, end }) = followed else {
        return Taken::default();
    };
    // Nothing is ever sent: both answers say that it is time.
    end.recv_timeout(LINGER).ok();
    std::mem::take(&mut taken.lock().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(unix)]
fn signal(status: std::process::ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: std::process::ExitStatus) -> Option<i32> {
    None
}

#[test]
fn only_root_runs_what_is_another_users() {
    let is_own = |user: &str| user == "ada";
    let refused = |user, is_root| not_as(user, is_root, is_own).is_some();
    assert!(!refused(None, false) && !refused(None, true));
    assert!(!refused(Some("ada"), false) && !refused(Some("bob"), true));
    assert!(refused(Some("bob"), false) && refused(Some("root"), false));
    let why = not_as(Some("b\u{1b}ob"), false, is_own).unwrap_or_default();
    assert!(
        why.contains("the user b\u{fffd}ob, which only an agent of root's can do"),
        "{why}"
    );
}
