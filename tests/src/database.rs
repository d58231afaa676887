//! A PostgreSQL cluster of the test's own, on a socket in its folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result};

use crate::program::{Running, command, output, wait};

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
    server: Option<Running>,
    /// The port that leads to it, instead of its socket.
    pub way: Option<SocketAddr>,
}

impl Cluster {
    /// `None`: PostgreSQL is not installed.
    pub fn start() -> Result<Option<Self>> {
        let Some(programs) = programs() else {
            return Ok(None);
        };
        let folder = tempfile::Builder::new().prefix("sonde-pg-").tempdir()?;
        if is_root() {
            output(command("chown").arg("postgres").arg(folder.path()))?;
        }
        let mut initdb = as_postgres(&programs.join("initdb"));
        initdb
            .args([
                "--username=sonde",
                "--auth=trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-D",
            ])
            .arg(folder.path().join("data"));
        output(&mut initdb)?;
        let mut cluster = Self {
            folder,
            programs,
            server: None,
            way: None,
        };
        cluster.run()?;
        Ok(Some(cluster))
    }

    /// Runs the server (again), and waits until it answers.
    pub fn run(&mut self) -> Result<()> {
        let mut ready = command(self.programs.join("pg_isready"));
        ready.arg("-h").arg(self.folder.path());
        wait("PostgreSQL", || {
            // After a crash it does not start as long as a process of the one before is still there.
            if !self.server.as_mut().is_some_and(Running::is_running) {
                self.server = Some(self.serve().ok()?);
            }
            output(&mut ready).ok()
        })?;
        Ok(())
    }

    fn serve(&self) -> Result<Running> {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))?;
        let mut server = as_postgres(&self.programs.join("postgres"));
        server
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .arg("-k")
            .arg(self.folder.path());
        server
            .args(["-c", "listen_addresses=", "-c", "max_connections=50"])
            .stdout(Stdio::null())
            .stderr(log);
        Running::start(&mut server)
    }

    /// Ends the server at once, as a crash does.
    pub fn kill(&mut self) -> Result<()> {
        self.server.take().context("it does not run")?.kill()
    }

    /// Ends the server as its operator does in a hurry: every connection is cut, nothing is tidied up.
    pub fn stop(&mut self) -> Result<()> {
        let mut server = self.server.take().context("it does not run")?;
        output(command("kill").args(["-QUIT", &server.id().to_string()]))?;
        wait("the end of PostgreSQL", || {
            (!server.is_running()).then_some(())
        })
    }

    /// Lets all its processes stand still: connections stay open and nobody answers.
    pub fn freeze(&self) -> Result<()> {
        self.signal("-STOP")
    }

    /// Lets them go on.
    pub fn thaw(&self) -> Result<()> {
        self.signal("-CONT")
    }

    fn signal(&self, signal: &str) -> Result<()> {
        let server = self.server.as_ref().context("it does not run")?.id();
        let send = |process: &str| output(command("kill").args([signal, process]));
        // The first process first: once it stands still, it makes no more of them.
        send(&server.to_string())?;
        let children = std::fs::read_to_string(format!("/proc/{server}/task/{server}/children"))?;
        for child in children.split_whitespace() {
            // It may have ended since.
            send(child).ok();
        }
        Ok(())
    }

    /// Its socket (port 5432).
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join(".s.PGSQL.5432")
    }

    /// Address of the database that every cluster has.
    pub fn url(&self) -> String {
        match self.way {
            Some(way) => format!("postgres://sonde@{way}/postgres?sslmode=disable"),
            None => format!(
                "postgres://sonde@localhost/postgres?host={}",
                self.folder.path().display()
            ),
        }
    }
}

impl Drop for Cluster {
    /// It must not write into its folder while that is taken away.
    fn drop(&mut self) {
        self.thaw().ok();
        self.stop().ok();
    }
}

fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<PathBuf> = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop()
}

/// Whether this runs as root.
pub fn is_root() -> bool {
    output(command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The server refuses to run as root.
fn as_postgres(program: &Path) -> std::process::Command {
    let mut command = command("setpriv");
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    command
        .args(["--pdeathsig", "INT"])
        .arg(program)
        .current_dir("/");
    command
}
