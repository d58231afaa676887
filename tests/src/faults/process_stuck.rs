//! A program that writes to a disk which takes nothing: a frozen file system.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::{Case, Cure, Expected, Fault};
use crate::machine::{Disk, OF_DISKS};
use crate::patient::{Here, Machine};
use crate::program::{Running, command, output, pass, wait};

pub(super) const FAULT: Fault = Fault {
    id: "process-stuck",
    area: "process",
    needs: &[OF_DISKS, ("fsfreeze", "util-linux")],
    make: || {
        Ok(Box::new(ProcessStuck {
            writer: None,
            machine: Here::whole(),
            disk: Disk::new(16)?,
        }))
    },
};

/// For so long it has to stand still before anybody calls it stuck.
const LONG: Duration = Duration::from_secs(62);

struct ProcessStuck {
    writer: Option<Running>,
    machine: Here,
    disk: Disk,
}

impl ProcessStuck {
    fn freeze(&self, how: &str) -> Result<()> {
        output(command("fsfreeze").arg(how).arg(self.disk.mount())).map(drop)
    }
}

impl Case for ProcessStuck {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }

    fn inject(&mut self) -> Result<()> {
        self.freeze("--freeze")?;
        let mut writer = command("tee");
        writer
            .arg(self.disk.mount().join("letter"))
            .stdout(Stdio::null());
        let writer = Running::start(&mut writer)?;
        let status = format!("/proc/{}/status", writer.id());
        self.writer = Some(writer);
        wait("a process that waits", || {
            let said = std::fs::read_to_string(&status).ok()?;
            said.contains("State:\tD").then_some(())
        })?;
        pass(LONG);
        Ok(())
    }

    fn expect(&self) -> Expected {
        let pid = self.writer.as_ref().map_or(0, Running::id);
        Expected::new("process.stuck", format!("tee {pid}"), "warning", "stuck")
            .because("It waits in")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.freeze("--unfreeze")?;
        self.writer.take().context("nobody wrote")?.kill()
    }
}

impl Drop for ProcessStuck {
    fn drop(&mut self) {
        // Else the writer could not be ended. It may have been done already.
        self.freeze("--unfreeze").ok();
    }
}
