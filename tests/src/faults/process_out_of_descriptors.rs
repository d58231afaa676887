//! A service that has as many files open as it may.

use anyhow::{Context as _, Result};

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::{Machine, started_at};
use crate::program::wait;

pub(super) const FAULT: Fault = Fault {
    id: "process-out-of-descriptors",
    area: "process",
    needs: NEEDS,
    make: || {
        Ok(Box::new(ProcessOutOfDescriptors {
            guest: Guest::boot()?,
            pid: 0,
        }))
    },
};

const MOST: usize = 256;

struct ProcessOutOfDescriptors {
    guest: Guest,
    pid: u32,
}

impl Case for ProcessOutOfDescriptors {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        let limit = format!("--property=LimitNOFILE={MOST}");
        let open =
            "for n in $(seq 3 250); do eval \"exec $n</dev/null\"; done; exec sleep infinity";
        self.guest
            .run(&["systemd-run", "--unit=leaks", &limit, "bash", "-c", open])?;
        let shown = [
            "systemctl",
            "show",
            "--value",
            "--property=MainPID",
            "leaks",
        ];
        self.pid = wait("the number of the process", || {
            let pid: u32 = self.guest.run(&shown).ok()?.trim().parse().ok()?;
            (pid > 0).then_some(pid)
        })?;
        let folder = format!("/proc/{}/fd", self.pid);
        wait("a process without descriptors", || {
            let open = self.guest.run(&["ls", &folder]).ok()?;
            (open.lines().count() > 250).then_some(())
        })
    }

    fn expect(&self) -> Expected {
        let subject = format!("sleep {}", self.pid);
        Expected::new("process.fd-limit", subject, "critical", "near")
            .because("Too many open files")
    }

    fn cure(&self) -> Result<Cure> {
        let started = started_at(&self.guest, self.pid).context("it is gone")?;
        let parameters = vec![format!("pid={}", self.pid), format!("started_at={started}")];
        Ok(Cure::Action("process.terminate", parameters))
    }
}
