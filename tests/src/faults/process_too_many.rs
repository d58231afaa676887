//! A service that has as many processes as its group may have.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{Case, Cure, Expected, Fault};
use crate::patient::{Here, Machine};
use crate::program::{Running, command, wait};

pub(super) const FAULT: Fault = Fault {
    id: "process-too-many",
    area: "process",
    needs: &[],
    make: || {
        let unit = format!("sonde-test-{}.service", std::process::id());
        // Of version 1 and of version 2 of control groups.
        let roots = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"];
        let root = roots
            .iter()
            .find(|root| Path::new(root).join("cgroup.procs").exists());
        let folder = Path::new(root.context("no control groups are mounted")?).join(&unit);
        fs::create_dir(&folder)?;
        let group = Group { folder, unit };
        fs::write(group.folder.join("pids.max"), MOST.to_string())?;
        Ok(Box::new(ProcessTooMany {
            processes: Vec::new(),
            machine: Here::whole(),
            group,
        }))
    },
};

const MOST: usize = 40;

struct Group {
    folder: PathBuf,
    unit: String,
}

impl Drop for Group {
    fn drop(&mut self) {
        // A group goes once its last process has.
        wait("an empty group", || fs::remove_dir(&self.folder).ok()).ok();
    }
}

struct ProcessTooMany {
    processes: Vec<Running>,
    machine: Here,
    group: Group,
}

impl Case for ProcessTooMany {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }

    fn inject(&mut self) -> Result<()> {
        for _ in 0..MOST {
            let process = Running::start(command("sleep").arg("infinity"))?;
            fs::write(
                self.group.folder.join("cgroup.procs"),
                process.id().to_string(),
            )?;
            self.processes.push(process);
        }
        Ok(())
    }

    fn expect(&self) -> Expected {
        Expected::new("process.pid-limit", &self.group.unit, "critical", "unit")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.processes.clear();
        Ok(())
    }
}
