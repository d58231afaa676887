//! Over several real machines: what they have, whether it is only this one, what changed, and what was tried before.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::machine::lacks;
use crate::patient::{Here, started_at};
use crate::program::{Running, command, wait};
use crate::world::{Agent, Person, World, on_both};

fn hostnames(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().into_iter().flatten();
    items.filter_map(|one| one["device"].as_str()).collect()
}

/// Two agents of one machine, both connected with their facts in.
fn two(world: &mut World, person: &Person) -> Result<[Agent; 2]> {
    let agents = [world.agent()?, world.agent()?];
    for agent in &agents {
        person.wait_for(agent, true)?;
    }
    wait("the tables of both", || {
        let asked = person
            .sonde(&["query", "interfaces where name = 'lo'"])
            .ok()?;
        (hostnames(&asked).len() == 2).then_some(())
    })?;
    Ok(agents)
}

#[test]
fn one_question_is_answered_by_all_devices_and_who_does_not_answer_is_named() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "technician")?;
        let [first, mut second] = two(&mut world, &person)?;
        let stored = person.sonde(&["query", "interfaces where name = 'lo' and mtu > 0"])?;
        ensure!(stored["n_devices"] == 2, "{stored}");
        let mut found = hostnames(&stored);
        found.sort_unstable();
        let mut ids = [first.id.as_str(), second.id.as_str()];
        ids.sort_unstable();
        ensure!(found == ids, "{stored}");
        let none = person.sonde(&["query", "interfaces where name = 'nothing0'"])?;
        ensure!(hostnames(&none).is_empty(), "{none}");
        let wrong = person.try_sonde(&["query", "interfaces where size = 3"])?;
        ensure!(
            wrong
                .problem
                .is_some_and(|said| said.contains("there is no column size"))
        );

        let opened = person.sonde(&["ticket", "open", "slow", "--device", &first.id])?;
        let ticket = opened["number"].as_i64().context("no number")?.to_string();
        let live = ["--live", "--ticket", &ticket];
        let question = ["query", "filesystems where mount = '/'"];
        let asked = person.sonde(&[&question[..], &live].concat())?;
        ensure!(
            asked["n_answered"] == 2 && hostnames(&asked).len() == 2,
            "{asked}"
        );
        ensure!(asked["silent"] == json!([]), "{asked}");
        let both = [
            "--device", &first.id, "--device", &second.id, "--ticket", &ticket,
        ];
        let checked = person.sonde(&[&["check", "run", "disk.readonly"][..], &both].concat())?;
        let jobs = checked["jobs"].as_array().context("no jobs")?;
        let found = jobs
            .iter()
            .filter(|job| job["findings"][0]["check"] == "disk.readonly");
        ensure!(found.count() == 2, "{checked}");
        second.kill()?;
        person.wait_for(&second, false)?;
        let asked = person.sonde(&[&question[..], &live].concat())?;
        ensure!(hostnames(&asked) == [first.id.as_str()], "{asked}");
        ensure!(asked["silent"][0]["why"] == "not connected", "{asked}");
        Ok(())
    })
}

#[test]
fn a_finding_is_held_against_the_other_devices() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "admin")?;
        let [first, second] = two(&mut world, &person)?;
        // Whatever this machine's load is, it is too much for the first and nothing to the second.
        for (agent, warning) in [(&first, -1.0), (&second, 1e8)] {
            let limits = json!({ "per_cpu_warning": warning, "per_cpu_critical": 1e9 });
            let policy = json!({
                "devices": [&agent.id], "checks": { "cpu.load": { "limits": limits } },
            });
            let file = world.folder().join("policy.json");
            fs::write(&file, policy.to_string())?;
            let name = format!("of-{}", agent.id);
            person.sonde(&["policy", "set", &name, &file.display().to_string()])?;
        }
        let of = ["--for", "cpu.load"];
        let found = wait("the first alone to have it", || {
            let asked = [&["device", "cohort", &first.id][..], &of].concat();
            let found = person.sonde(&asked).ok()?;
            (found["n_healthy"] == 1).then_some(found)
        })?;
        ensure!(found["n_affected"] == 1, "{found}");
        ensure!(found["affected"][0]["id"] == json!(first.id), "{found}");
        let changes = person.sonde(&[&["device", "changes", &first.id][..], &of].concat())?;
        ensure!(changes["since"].is_string(), "{changes}");
        let healthy = person.try_sonde(&[&["device", "cohort", &second.id][..], &of].concat())?;
        let said = healthy.problem.context("the second has nothing")?;
        ensure!(
            said.contains("nothing wrong is found by cpu.load"),
            "{said}"
        );
        Ok(())
    })
}

#[test]
fn what_was_tried_is_said_before_it_is_tried_again() -> Result<()> {
    if let Some(lack) = lacks(&[]) {
        println!("skipped: {lack}");
        return Ok(());
    }
    on_both(|mut world: World| {
        let person = world.person("ada", "technician")?;
        let agent = world.agent()?;
        person.wait_for(&agent, true)?;
        let opened = person.sonde(&["ticket", "open", "slow", "--device", &agent.id])?;
        let ticket = opened["number"].as_i64().context("no number")?.to_string();
        let sleeper = Running::start(command("sleep").arg("600"))?;
        let pid = format!("pid={}", sleeper.id());
        let started = format!("started_at={}", started_at(&Here::whole(), sleeper.id())?);
        let at = ["--device", &agent.id, "--ticket", &ticket, &pid, &started];
        let consent = ["--consent", "by telephone"];
        let run = [&["action", "run", "process.terminate"][..], &at, &consent].concat();
        let done = person.sonde(&run)?;
        ensure!(done["state"] == "succeeded", "{done}");
        let plan = [&["action", "plan", "process.terminate"][..], &at].concat();
        let mut plan = person.command(&plan);
        let said = String::from_utf8(plan.output()?.stderr)?;
        let first = said.lines().next().unwrap_or_default();
        ensure!(
            first.starts_with("already tried") && first.ends_with(", the same: succeeded"),
            "{said}"
        );
        Ok(())
    })
}
