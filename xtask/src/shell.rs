//! The one place of the workspace's tasks that starts programs.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result, bail};

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, Path::to_owned)
}

/// Where cargo builds, wherever somebody has told it to: this task was built there.
pub(crate) fn target() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    match own.parent().and_then(Path::parent) {
        Some(target) => target.to_owned(),
        None => root().join("target"),
    }
}

/// One line on standard error: progress, never a result.
pub(crate) fn say(line: &str) {
    // Nobody reads it when standard error is gone.
    writeln!(std::io::stderr(), "{line}").ok();
}

/// A program in the workspace's folder. What cargo told this task of itself is kept from it: with another environment
/// it would build `ring` anew.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place of the tasks that starts programs"
    )]
    let mut command = Command::new(name);
    command.current_dir(root());
    for (key, _) in std::env::vars_os() {
        let key = key.to_string_lossy().into_owned();
        if key.starts_with("CARGO_PKG_")
            || key.starts_with("CARGO_MANIFEST_")
            || key.starts_with("CARGO_CRATE_")
        {
            command.env_remove(key);
        }
    }
    command
}

/// The cargo that runs this task.
pub(crate) fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs it with its output shown; an error unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().with_context(|| shown.clone())?;
    if status.success() {
        Ok(())
    } else {
        bail!("{shown}: {status}")
    }
}

/// Runs it and gives what it printed; its errors are shown only when it fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| shown.clone())?;
    if !output.status.success() {
        bail!(
            "{shown}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs it and hands over each line that it prints as it comes; how it ended, and all that it printed, its complaints
/// last.
pub(crate) fn followed(
    command: &mut Command,
    mut line: impl FnMut(&str),
) -> Result<(ExitStatus, String)> {
    let shown = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| shown.clone())?;
    let (out, complaints) = (child.stdout.take(), child.stderr.take());
    // Nobody waits for the other pipe meanwhile.
    let complaints = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        complaints.map(|mut pipe| pipe.read_to_end(&mut bytes));
        bytes
    });
    let mut text = String::new();
    for bytes in out
        .map(BufReader::new)
        .into_iter()
        .flat_map(|out| out.split(b'\n'))
    {
        let said = String::from_utf8_lossy(&bytes?).into_owned();
        line(&said);
        text.push_str(&said);
        text.push('\n');
    }
    let complaints = complaints.join().unwrap_or_default();
    text.push_str(&String::from_utf8_lossy(&complaints));
    Ok((child.wait()?, text))
}

/// Whether a program of that name is on the path.
pub(crate) fn has(name: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .any(|folder| folder.join(name).is_file())
}

fn shown(command: &Command) -> String {
    let words = [command.get_program()]
        .into_iter()
        .chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
