//! A service that was killed, on a machine under systemd.

use anyhow::{Context as _, Result, ensure};

use super::{Cure, Expected, Fault, story};
use crate::guest::{Guest, NEEDS};
use crate::machine::lacks;
use crate::program::{output, wait};
use crate::world::World;

const UNIT: &str = "labels.service";

struct FailedService {
    guest: Guest,
}

impl FailedService {
    fn state(&self) -> Result<String> {
        let shown = output(&mut self.guest.command(&[
            "systemctl",
            "show",
            "--property=ActiveState",
            UNIT,
        ]))?;
        Ok(shown.trim().trim_start_matches("ActiveState=").to_owned())
    }
}

impl Fault for FailedService {
    fn start(&mut self, world: &mut World) -> Result<String> {
        self.guest.unit(
            UNIT,
            "[Unit]\nDescription=Label printing\n[Service]\nExecStart=/bin/sleep infinity\n\
             [Install]\nWantedBy=multi-user.target\n",
        )?;
        self.guest.run(&["systemctl", "daemon-reload"])?;
        self.guest.run(&["systemctl", "enable", "--now", UNIT])?;
        let collector = format!("https://{}", world.bound().agents);
        self.guest.enrol(&collector, &world.token()?)
    }

    fn inject(&mut self) -> Result<()> {
        self.guest
            .run(&["systemctl", "kill", "--signal=KILL", UNIT])?;
        wait("the end of the service", || {
            self.state().ok().filter(|state| state == "failed")
        })
        .map(drop)
    }

    fn expect(&self) -> Expected {
        Expected {
            check: "service.failed",
            subject: UNIT.into(),
            status: "critical",
        }
    }

    fn cure(&self) -> Cure {
        Cure::Action("service.restart", vec![format!("unit={UNIT}")])
    }
}

#[test]
fn a_killed_service_is_restarted_from_the_ticket_and_that_is_taken_back() -> Result<()> {
    if let Some(lack) = lacks(NEEDS) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let mut fault = FailedService {
        guest: Guest::boot()?,
    };
    let told = story(&mut fault)?;
    ensure!(fault.state()? == "active", "{}", fault.state()?);
    let job = told.job.as_deref().context("no job")?;
    let undo = ["action", "undo", job, "--ticket", &told.ticket];
    let undone = told.person.sonde(&undo)?;
    ensure!(undone["state"] == "succeeded", "{undone}");
    ensure!(fault.state()? == "inactive", "{}", fault.state()?);
    let again = told.person.try_sonde(&undo)?;
    ensure!(again.code != Some(0), "taken back twice: {again:?}");
    let timeline = told.timeline()?;
    for said in ["undo", "service.restart", "succeeded"] {
        ensure!(timeline.contains(said), "no {said}: {timeline}");
    }
    Ok(())
}
