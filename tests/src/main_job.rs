//! From a ticket, a technician diagnoses and repairs a machine.

use anyhow::{Context as _, Result, ensure};

use crate::database::is_root;
use crate::patient::{Here, started_at};
use crate::program::{Running, command, wait};
use crate::world::{World, on_both};

fn sleeper() -> Result<Running> {
    Running::start(command("sleep").arg("600"))
}

#[test]
fn a_technician_checks_and_repairs_a_machine_from_a_ticket() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "technician")?;
        let agent = world.agent()?;
        person.wait_for(&agent, true)?;
        let opened = person.sonde(&[
            "ticket",
            "open",
            "it is slow",
            "--device",
            &agent.id,
            "--requester",
            "Rosa",
        ])?;
        let ticket = opened["number"].as_i64().context("no number")?.to_string();

        let found = person.sonde(&[
            "check", "run", "all", "--device", &agent.id, "--ticket", &ticket,
        ])?;
        let findings = found["findings"].as_array().context("no findings")?;
        ensure!(
            findings
                .iter()
                .any(|finding| finding["check"] == "disk.space"),
            "{found}"
        );
        ensure!(
            findings.iter().all(|finding| finding["since"]
                .as_str()
                .is_some_and(|since| since > "2026")),
            "{found}"
        );

        let mut victim = sleeper()?;
        let started = format!("started_at={}", started_at(&Here::whole(), victim.id())?);
        let pid = format!("pid={}", victim.id());
        let run = [
            "action",
            "run",
            "process.terminate",
            "--device",
            &agent.id,
            "--ticket",
            &ticket,
            &pid,
            &started,
        ];
        let refused = person.try_sonde(&run)?;
        ensure!(
            refused.value["state"] == "refused",
            "without consent: {refused:?}"
        );
        ensure!(
            victim.is_running(),
            "the process is gone though it was refused"
        );
        let with_consent = [&run[..], &["--consent", "by telephone"]].concat();
        let done = person.try_sonde(&with_consent)?.value;
        if is_root() {
            ensure!(done["state"] == "succeeded", "{done}");
            wait("the end of the process", || {
                (!victim.is_running()).then_some(())
            })?;
        } else {
            println!("skipped the end of a process: it needs root");
            let reason = done["reason"].as_str().unwrap_or_default();
            ensure!(
                done["state"] == "refused" && reason.contains("root") && victim.is_running(),
                "{done}"
            );
        }

        let shown = person.sonde(&["ticket", "show", &ticket])?;
        let timeline = shown["timeline"].to_string();
        for deed in ["opened", "snapshot", "process.terminate"] {
            ensure!(
                timeline.contains(deed),
                "{deed} does not stand on the timeline: {timeline}"
            );
        }
        Ok(())
    })
}

#[test]
fn an_order_waits_for_a_device_that_is_away_and_says_so() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "technician")?;
        let mut agent = world.agent()?;
        person.wait_for(&agent, true)?;
        agent.stop()?;
        person.wait_for(&agent, false)?;
        let asked = person.try_sonde(&[
            "check",
            "run",
            "disk.space",
            "--device",
            &agent.id,
            "--new-ticket",
            "away",
            "--wait",
            "1",
        ])?;
        ensure!(asked.value["state"] == "queued", "{asked:?}");
        let job = asked.value["id"]
            .as_str()
            .or(asked.value["job"].as_str())
            .context("no job")?
            .to_owned();
        agent.start()?;
        let ended = person.sonde(&["job", "show", &job, "--wait", "60"])?;
        ensure!(ended["state"] == "succeeded", "{ended}");
        Ok(())
    })
}

#[test]
fn what_is_wrong_with_a_request_is_named() -> Result<()> {
    let mut world = World::sqlite()?;
    let person = world.person("ada", "technician")?;
    let agent = world.agent()?;
    person.wait_for(&agent, true)?;
    let opened = person.sonde(&["ticket", "open", "wrong input", "--device", &agent.id])?;
    let ticket = opened["number"].as_i64().context("no number")?.to_string();
    let device = &agent.id;
    let closed = person.sonde(&["ticket", "open", "closed soon"])?["number"]
        .as_i64()
        .context("no number")?
        .to_string();
    for step in ["propose", "confirm", "close"] {
        person.sonde(&["ticket", step, &closed])?;
    }
    for (arguments, said) in [
        (
            vec![
                "check",
                "run",
                "disk.spaec",
                "--device",
                device,
                "--ticket",
                &ticket,
            ],
            "disk.spaec",
        ),
        (
            vec![
                "check",
                "run",
                "disk.space",
                "--device",
                "nobody",
                "--ticket",
                &ticket,
            ],
            "nobody",
        ),
        (
            vec![
                "check",
                "run",
                "disk.space",
                "--device",
                device,
                "--ticket",
                "99",
            ],
            "ticket",
        ),
        (
            vec![
                "action",
                "run",
                "disk.celan",
                "--device",
                device,
                "--ticket",
                &ticket,
            ],
            "disk.celan",
        ),
        (
            vec![
                "action",
                "run",
                "service.restart",
                "--device",
                device,
                "--ticket",
                &ticket,
                "unit=a b",
            ],
            "unit",
        ),
        (
            vec![
                "action",
                "run",
                "process.terminate",
                "--device",
                device,
                "--ticket",
                &ticket,
                "pid=x",
                "started_at=2026-01-01T00:00:00Z",
            ],
            "pid",
        ),
        (
            vec![
                "check",
                "run",
                "disk.space",
                "--device",
                device,
                "--ticket",
                &closed,
            ],
            "is closed",
        ),
        (vec!["ticket", "set", &ticket, "--state", "closed"], "open"),
    ] {
        let ran = person.try_sonde(&arguments)?;
        let complaint = ran.problem.unwrap_or_else(|| ran.value.to_string());
        ensure!(
            ran.code != Some(0) && complaint.contains(said),
            "{arguments:?}: {complaint}"
        );
    }
    Ok(())
}
