//! The one place of the tests that starts programs, and the only one that waits.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How cargo builds all programs. Always the same: of fewer packages it would build some anew, with other features.
pub const BUILD: [&str; 9] = [
    "build",
    "--quiet",
    "--package",
    "sonde-agent",
    "--package",
    "sonde-collector",
    "--package",
    "sonde-tests",
    "--bins",
];
/// How long anything may take before a test calls it lost. Long: machines are busy; nothing waits for it that works.
pub const PATIENCE: Duration = Duration::from_secs(180);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// The folder of the workspace's programs. They are built once when nobody says where they are.
pub fn programs() -> &'static Path {
    static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        if let Some(folder) = std::env::var_os("SONDE_PROGRAMS") {
            return folder.into();
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap_or(Path::new("."));
        let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(root).args(BUILD);
        for (key, _) in std::env::vars_os() {
            let name = key.to_string_lossy();
            // With these ring would be built anew.
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                cargo.env_remove(&key);
            }
        }
        assert!(
            cargo.status().is_ok_and(|status| status.success()),
            "the programs do not build"
        );
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        target.join("debug")
    })
}

/// A program by name or path. What it complains of has no backtrace, whatever the tests themselves are run with.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place of the tests that starts programs"
    )]
    let mut command = Command::new(program);
    command.env_remove("RUST_BACKTRACE");
    command
}

/// One of the workspace's programs.
pub fn own(name: &str) -> Command {
    command(programs().join(name))
}

/// Runs it to its end; what it printed when it succeeded, what it complained of otherwise.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!(
            "{command:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Waits until `condition` gives something.
pub fn wait<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = condition() {
            return Ok(found);
        }
        if Instant::now() > deadline {
            bail!("{what}: not after {} s", PATIENCE.as_secs());
        }
        #[allow(
            clippy::disallowed_methods,
            reason = "between two looks at a condition with a deadline"
        )]
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// Runs what speaks to the collector by itself.
pub fn talk<T>(what: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(what)
}

/// SIGTERM, to a program that was started here.
pub fn terminate(process: u32) -> Result<()> {
    output(command("kill").args(["-TERM", &process.to_string()])).map(drop)
}

/// Lets a moment pass in which a fault is to fall; nothing is synchronised by it.
pub fn pass(moment: Duration) {
    #[allow(
        clippy::disallowed_methods,
        reason = "a random moment is what the test wants"
    )]
    std::thread::sleep(moment);
}

/// A running program. It is killed when it goes out of scope.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts it.
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("{command:?}"))?;
        Ok(Self { child })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, and waits until it is gone.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM; gives how it ended.
    pub fn stop(mut self) -> Result<std::process::ExitStatus> {
        // It may have been told so, and be gone, already.
        if self.is_running() {
            terminate(self.child.id())?;
        }
        wait("the end of a program", || self.child.try_wait().transpose())?.map_err(Into::into)
    }

    /// Whether it is still there.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
