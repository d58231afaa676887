//! A disk that a deleted file fills, because a program still has it open.

use anyhow::{Context as _, Result};

use super::{Case, Cure, Expected, Fault};
use crate::machine::{Disk, OF_DISKS};
use crate::patient::{Here, Machine, started_at};
use crate::program::{Running, command, wait};

pub(super) const FAULT: Fault = Fault {
    id: "disk-held-by-deleted-file",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        Ok(Box::new(DiskHeldByDeletedFile {
            disk: Disk::new(64)?,
            machine: Here::whole(),
            holder: None,
        }))
    },
};

struct DiskHeldByDeletedFile {
    disk: Disk,
    machine: Here,
    holder: Option<Running>,
}

impl Case for DiskHeldByDeletedFile {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }

    fn inject(&mut self) -> Result<()> {
        self.disk.fill("log")?;
        let log = self.disk.mount().join("log");
        let mut shell = command("sh");
        let hold = "exec sleep 600 <\"$0\"";
        let holder = Running::start(shell.args(["-c", hold]).arg(&log))?;
        let open = format!("/proc/{}/fd", holder.id());
        wait("an open file", || {
            let mut links = std::fs::read_dir(&open).ok()?.flatten();
            links
                .any(|link| std::fs::read_link(link.path()).is_ok_and(|to| to == log))
                .then_some(())
        })?;
        std::fs::remove_file(&log)?;
        self.holder = Some(holder);
        Ok(())
    }

    fn expect(&self) -> Expected {
        let mount = self.disk.mount().display().to_string();
        Expected::new("disk.deleted-open", mount, "critical", "held").because("/log")
    }

    fn cure(&self) -> Result<Cure> {
        let pid = self.holder.as_ref().context("nobody holds it")?.id();
        let started = started_at(&self.machine, pid)?;
        let parameters = vec![format!("pid={pid}"), format!("started_at={started}")];
        Ok(Cure::Action("disk.release-deleted", parameters))
    }
}
