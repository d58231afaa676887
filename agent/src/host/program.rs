//! The one place that starts programs, be it to read or to change something.
//!
//! Arguments are an array, there is no shell, the environment is a small one of our own.

use std::io::Read as _;
use std::process::Stdio;

use super::{Host, Term, Unavailable};

/// Where programs are looked for.
const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// A command with nothing of this process's own: no environment, no terminal, no input.
pub(crate) fn command(program: &std::path::Path) -> std::process::Command {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that starts programs"
    )]
    let mut command = std::process::Command::new(program);
    command
        .env_clear()
        .env("PATH", PATH)
        .env("LC_ALL", "C.UTF-8")
        .env("SYSTEMD_PAGER", "")
        // Packages ask nobody while they are configured (debconf(7)).
        .env("DEBIAN_FRONTEND", "noninteractive")
        .current_dir("/")
        .stdin(Stdio::null());
    command
}

/// A program of the user's own session, started by the user: with their environment, and nothing to read.
#[cfg(unix)]
pub(crate) fn for_user(program: &std::path::Path) -> std::process::Command {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that starts programs"
    )]
    let mut command = std::process::Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// The file of the program `name`, where the user's own session looks for it.
#[cfg(unix)]
pub(crate) fn find_for_user(name: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// The file of the program `name`, where the system keeps its programs. A name with a slash is taken as it is.
pub(crate) fn find(name: &str) -> Option<std::path::PathBuf> {
    if name.contains('/') {
        return Some(name.into());
    }
    PATH.split(':')
        .map(|folder| std::path::Path::new(folder).join(name))
        .find(|path| path.is_file())
}

/// What a program that reads says, at most `most_bytes`. It blocks and has no deadline of its own: it belongs
/// into a worker, whose deadline ends the program too, since it stays in the worker's process group. `Absent` when
/// the program is not installed, `Broken` when it fails or says more.
pub fn read(
    host: &Host,
    name: &str,
    arguments: &[&str],
    most_bytes: usize,
) -> Result<String, Unavailable> {
    read_as(host, name, arguments, most_bytes, |code| code == 0)
}

/// The same of a program whose exit code says more than that it failed. `is_answer`: whether it has answered.
pub(crate) fn read_as(
    host: &Host,
    name: &str,
    arguments: &[&str],
    most_bytes: usize,
    is_answer: fn(i32) -> bool,
) -> Result<String, Unavailable> {
    #[cfg(target_os = "linux")]
    if !host.is_live() {
        let none = |_| Unavailable::absent(Term::Recorded.of(name));
        return host.text(&recorded(name, arguments)).map_err(none);
    }
    #[cfg(not(target_os = "linux"))]
    let _: &Host = host;
    let path = find(name).ok_or_else(|| Unavailable::absent(Term::Program.of(name)))?;
    let broken = |why: String| Unavailable::broken(name, why);
    let mut child = command(&path)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Unavailable::io(name, &error))?;
    let mut errors = child.stderr.take();
    let errors = std::thread::spawn(move || {
        let mut text = String::new();
        if let Some(errors) = errors.as_mut() {
            errors.take(4096).read_to_string(&mut text).ok();
        }
        text
    });
    let mut output = Vec::new();
    let limit = most_bytes as u64 + 1;
    let read = child
        .stdout
        .take()
        .map_or(Ok(0), |stdout| stdout.take(limit).read_to_end(&mut output));
    if output.len() as u64 == limit {
        child.kill().ok();
        child.wait().ok();
        return Err(Unavailable::broken(name, Term::LongOutput));
    }
    let status = child.wait().map_err(|error| broken(error.to_string()))?;
    read.map_err(|error| broken(error.to_string()))?;
    if !status.code().is_some_and(is_answer) {
        let text = errors.join().unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();
        return Err(broken(format!("{status}: {line}")));
    }
    Ok(String::from_utf8_lossy(&output).into_owned())
}

/// Where a recorded tree holds what a program said: `/said/smartctl --json _dev_sda`.
#[cfg(target_os = "linux")]
fn recorded(name: &str, arguments: &[&str]) -> String {
    let words: Vec<&str> = [name].iter().chain(arguments).copied().collect();
    format!("/said/{}", words.join(" ").replace('/', "_"))
}

/// A started program and all that it has started.
#[derive(Debug)]
pub(crate) struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl Group {
    /// Of a child that leads its process group.
    pub(crate) fn of(child: &tokio::process::Child) -> Self {
        #[cfg(not(unix))]
        let _: &tokio::process::Child = child;
        Self {
            #[cfg(unix)]
            leader: child
                .id()
                .and_then(|pid| rustix::process::Pid::from_raw(pid as i32)),
        }
    }

    pub(crate) fn kill(&self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader {
            rustix::process::kill_process_group(leader, rustix::process::Signal::KILL).ok();
        }
    }

    /// Nothing of it is left, not even what waits to be cleared away.
    pub(crate) fn is_gone(&self) -> bool {
        #[cfg(unix)]
        return self.leader.is_none_or(|leader| {
            rustix::process::test_kill_process_group(leader) == Err(rustix::io::Errno::SRCH)
        });
        #[cfg(not(unix))]
        true
    }
}
