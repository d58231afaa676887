//! How machines become devices, and what becomes of those that may not.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::program::{output, own, wait};
use crate::world::{World, on_both};

fn enroll(world: &World, token: &str, state: &str) -> Result<Command> {
    let file = world.folder().join("tried-token");
    std::fs::write(&file, token)?;
    let mut enroll = own("sonde-agent");
    enroll
        .args([
            "enroll",
            "--collector",
            &format!("https://{}", world.bound().agents),
            "--token-file",
        ])
        .arg(&file);
    enroll.arg("--state").arg(world.folder().join(state));
    Ok(enroll)
}

fn refused(world: &World, token: &str, state: &str) -> Result<String> {
    match output(&mut enroll(world, token, state)?) {
        Ok(said) => anyhow::bail!("it was let in: {said}"),
        Err(error) => Ok(format!("{error:#}")),
    }
}

#[test]
fn a_token_is_good_as_often_as_it_says_and_for_its_own_collector() -> Result<()> {
    on_both(|world: World| {
        let mut twice = world.collector_command(&["token", "create", "--uses", "2"]);
        let twice = output(&mut twice)?;
        for state in ["first", "second"] {
            output(&mut enroll(&world, &twice, state)?)?;
        }
        let said = refused(&world, &twice, "third")?;
        ensure!(said.contains("token"), "{said}");
        // What was refused is not enrolled.
        let ada = world.person("ada", "viewer")?;
        let devices = ada.sonde(&["device", "list"])?;
        let n_devices = devices["items"].as_array().map(Vec::len);
        ensure!(n_devices == Some(2), "{devices}");
        let token = std::fs::read_to_string(world.token()?)?;
        let said = refused(&world, "nonsense", "a")?;
        ensure!(said.contains("not an enrolment token"), "{said}");
        let said = refused(&world, &token.replace("sonde1.", "sonde1.x"), "b")?;
        ensure!(said.contains("token"), "{said}");
        let fingerprint = token.trim().rsplit('.').next().unwrap_or_default();
        let said = refused(&world, &token.replace(fingerprint, &"0".repeat(64)), "c")?;
        ensure!(said.contains("did not issue"), "{said}");
        Ok(())
    })
}

#[test]
fn a_removed_device_is_cut_off_and_stays_out() -> Result<()> {
    on_both(|mut world: World| {
        let admin = world.person("root", "admin")?;
        let mut agent = world.agent()?;
        admin.wait_for(&agent, true)?;
        admin.sonde(&["device", "remove", &agent.id])?;
        wait("its going", || {
            agent.log().contains("removed").then_some(())
        })?;
        agent.stop()?;
        agent.start()?;
        wait("another refusal", || {
            (agent.log().matches("was removed").count() >= 2).then_some(())
        })?;
        ensure!(agent.is_running(), "the agent gave up: {}", agent.log());
        Ok(())
    })
}
