//! A program that starts others and never clears away those that have ended.

use anyhow::{Context as _, Result};

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::{Machine, started_at};
use crate::program::wait;

pub(super) const FAULT: Fault = Fault {
    id: "processes-not-cleared",
    area: "process",
    needs: NEEDS,
    make: || {
        Ok(Box::new(ProcessesNotCleared {
            guest: Guest::boot()?,
            parent: String::new(),
        }))
    },
};

const CHILDREN: usize = 60;

struct ProcessesNotCleared {
    guest: Guest,
    /// Its number.
    parent: String,
}

impl Case for ProcessesNotCleared {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        // Who takes the shell's place knows nothing of its children.
        let script = format!("for n in $(seq {CHILDREN}); do true & done; exec sleep 600");
        self.guest
            .run(&["systemd-run", "--unit=forks", "sh", "-c", &script])?;
        let shown = [
            "systemctl",
            "show",
            "--value",
            "--property=MainPID",
            "forks",
        ];
        self.parent = self.guest.run(&shown)?.trim().to_owned();
        wait("processes that have ended", || {
            let ps = ["ps", "--ppid", &self.parent, "-o", "stat="];
            let list = self.guest.run(&ps).ok()?;
            (list.lines().filter(|line| line.starts_with('Z')).count() == CHILDREN).then_some(())
        })
    }

    fn expect(&self) -> Expected {
        Expected::new("process.zombies", "", "warning", "many").because("sleep")
    }

    fn cure(&self) -> Result<Cure> {
        let pid = self.parent.parse().context("the parent has no number")?;
        let started = started_at(&self.guest, pid)?;
        let parameters = vec![format!("pid={pid}"), format!("started_at={started}")];
        Ok(Cure::Action("process.terminate", parameters))
    }
}
