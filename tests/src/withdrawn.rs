//! What is no longer wanted is not begun, however late its device hears of it.

use anyhow::{Context as _, Result, ensure};

use crate::program::{command, output};
use crate::world::{World, on_both};

#[test]
fn an_order_that_was_cancelled_while_its_device_slept_does_not_run() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "technician")?;
        let mut agent = world.agent()?;
        person.wait_for(&agent, true)?;
        // Connected as far as the collector knows: the order is handed out and never read.
        let process = agent.process_id().context("no process")?.to_string();
        output(command("kill").args(["-STOP", &process]))?;
        let device = agent.id.clone();
        let ask = |wait: &str| {
            person.try_sonde(&[
                "check",
                "run",
                "disk.space",
                "--device",
                &device,
                "--new-ticket",
                "asleep",
                "--wait",
                wait,
            ])
        };
        let asked = ask("1")?;
        ensure!(asked.value["state"] == "queued", "{asked:?}");
        let job = asked.value["id"].as_str().context("no job")?.to_owned();
        let cancelled = person.sonde(&["job", "cancel", &job])?;
        ensure!(cancelled["outcome"] == "asked", "{cancelled}");
        agent.kill()?;
        person.wait_for(&agent, false)?;
        agent.start()?;
        person.wait_for(&agent, true)?;
        // Orders go out in their order: had the first one gone, it would have begun before this one.
        let next = ask("60")?;
        ensure!(next.value["state"] == "succeeded", "{next:?}");
        // Once the device has told all, it is certain that it never had the order.
        let left = person.sonde(&["job", "show", &job, "--wait", "60"])?;
        ensure!(left["state"] == "cancelled", "{left}");
        ensure!(
            left["n_events"] == 0 && left["cancel_asked_by"] == "ada",
            "{left}"
        );
        Ok(())
    })
}
