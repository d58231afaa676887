//! Every request to a device has its ticket: all of them by the document that the collector gives of itself, on a
//! real device.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::console::ask;
use crate::world::{Person, World, on_both};

/// Path and marked operations of the document.
fn asking(world: &World, token: &str) -> Result<Vec<String>> {
    let document = ask(world, token, "/api/openapi.json", None)?.json()?;
    let paths = document["paths"].as_object().context("no paths")?;
    let mut asking = Vec::new();
    for (path, operations) in paths {
        let operations = operations.as_object().context("no operations")?;
        for (method, operation) in operations {
            if operation["x-asks-device"] == true {
                ensure!(method == "post", "{method} {path}");
                asking.push(path.clone());
            }
        }
    }
    Ok(asking)
}

/// What would be done, were it not for the ticket.
fn wanted(path: &str, device: &str, asset: &str) -> Result<Value> {
    Ok(match path.rsplit('/').next() {
        Some("checks") => json!({"device": device, "checks": ["disk.space"]}),
        Some("actions") => json!({
            "device": device, "action": "service.restart", "phase": "plan", "parameters": {"unit": "a.service"},
        }),
        Some("probes") => json!({"device": device, "asset": asset}),
        Some("tables") => json!({"device": device, "table": "processes"}),
        Some("live-metrics") => json!({"device": device}),
        Some("snapshots") => {
            let now = jiff::Timestamp::now();
            let from = now - jiff::SignedDuration::from_mins(5);
            json!({"device": device, "from": from.to_string(), "to": now.to_string()})
        }
        Some(_) | None => anyhow::bail!("{path} is not known to this test: say what it asks for"),
    })
}

fn opened(person: &Person, more: &[&str]) -> Result<String> {
    let opened = person.sonde(&[&["ticket", "open", "slow"], more].concat())?;
    Ok(opened["number"].as_i64().context("no number")?.to_string())
}

#[test]
fn without_a_ticket_that_is_open_and_its_own_no_device_hears_of_anything() -> Result<()> {
    on_both(|mut world: World| {
        let admin = world.person("root", "admin")?;
        let agent = world.agent()?;
        admin.wait_for(&agent, true)?;
        admin.sonde(&["site", "create", "lyon"])?;
        let elsewhere = world.person("eve", "technician")?;
        admin.sonde(&["account", "set", "eve", "--site", "lyon"])?;
        let open = opened(&admin, &["--device", &agent.id])?;
        let closed = opened(&admin, &["--device", &agent.id])?;
        admin.sonde(&["ticket", "set", &closed, "--state", "open"])?;
        for step in ["propose", "confirm", "close"] {
            admin.sonde(&["ticket", step, &closed])?;
        }
        let theirs = opened(&elsewhere, &[])?;
        let add = [
            "asset",
            "add",
            "printer",
            "--kind",
            "printer",
            "--address",
            "198.18.0.1",
        ];
        let printer = admin.sonde(&add)?["id"]
            .as_str()
            .context("no id")?
            .to_owned();
        let journal = || fs::read(agent.state.join("journal"));
        let before = journal()?;
        let mut n_asked = 0;
        for path in asking(&world, &admin.token()?)? {
            let body = wanted(&path, &agent.id, &printer)?;
            for (who, ticket) in [
                (&admin, ""),
                (&admin, "999"),
                (&admin, closed.as_str()),
                (&admin, theirs.as_str()),
                (&elsewhere, open.as_str()),
                (&elsewhere, theirs.as_str()),
            ] {
                let path = path.replace("{ticket}", ticket);
                let answer = ask(&world, &who.token()?, &path, Some(&body))?;
                ensure!(
                    (400..500).contains(&answer.status),
                    "{} {path}: {answer:?}",
                    who.name
                );
                n_asked += 1;
            }
        }
        ensure!(n_asked >= 36, "only {n_asked} were tried");
        for ticket in [&open, &closed, &theirs] {
            let shown = admin.sonde(&["ticket", "show", ticket])?.to_string();
            ensure!(!shown.contains("work_"), "{shown}");
        }
        ensure!(journal()? == before, "the device took an order");
        // And with it, the same requests come to the device.
        let check = ["check", "run", "disk.space", "--device", &agent.id];
        let ran = admin.sonde(&[&check[..], &["--ticket", &open]].concat())?;
        ensure!(ran["state"] == "succeeded", "{ran}");
        println!("{n_asked} requests, none came through");
        Ok(())
    })
}
