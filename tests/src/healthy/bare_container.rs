//! A container without a service manager and without a network: one program, and what it needs.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use super::Healthy;
use crate::guest::{self, NEEDS};
use crate::patient::Machine;
use crate::program::{Running, command, output, programs, wait};
use crate::world::World;

pub(super) const MACHINE: Healthy = Healthy {
    id: "bare-container",
    needs: NEEDS,
    make: || {
        let agent = programs().join("sonde-agent");
        let mut nspawn = command("systemd-nspawn");
        nspawn
            .args([
                "--quiet",
                "--as-pid2",
                "--keep-unit",
                "--register=no",
                "--volatile=overlay",
            ])
            .args(["--private-network", "--machine=sonde-bare-container"])
            .arg(format!("--bind-ro={}:{AGENT}", agent.display()))
            .arg("--directory")
            .arg(guest::base()?)
            .args(["sleep", "infinity"]);
        let container = Running::start(nspawn.stdout(Stdio::null()).stderr(Stdio::null()))?;
        let children = format!("/proc/{0}/task/{0}/children", container.id());
        let mut bare = BareContainer {
            leader: String::new(),
            _container: container,
        };
        wait("the container", || {
            let first = std::fs::read_to_string(&children).ok()?;
            first
                .split_whitespace()
                .next()?
                .clone_into(&mut bare.leader);
            // Before that it is a child of the keeper's that makes the container ready.
            let first = output(&mut bare.command(&["cat", "/proc/1/comm"])).ok()?;
            first.contains("stubinit").then_some(())
        })?;
        Ok(Box::new(bare))
    },
};

const AGENT: &str = "/usr/local/bin/sonde-agent";

struct BareContainer {
    leader: String,
    _container: Running,
}

impl Machine for BareContainer {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut inside = command("nsenter");
        inside.args(["--target", &self.leader, "--all", "--"]);
        inside.args(arguments);
        inside
    }

    fn start(&mut self, _: &mut World) -> Result<String> {
        bail!("nobody works on a healthy machine")
    }

    fn program(&self) -> PathBuf {
        AGENT.into()
    }
}

impl Drop for BareContainer {
    fn drop(&mut self) {
        // Its keeper does not take the first process along.
        output(command("kill").args(["-KILL", &self.leader])).ok();
    }
}
