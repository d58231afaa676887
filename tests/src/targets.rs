//! Targets that a policy names are tried by the devices that it reaches, and by nobody else.

use std::fs;
use std::net::TcpListener;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::machine::lacks;
use crate::patient::{Machine as _, in_time};
use crate::program::{output, own, wait};
use crate::visited::{NEEDS, Visited};
use crate::world::{Person, World, on_both};

fn set(world: &World, person: &Person, policy: &Value) -> Result<()> {
    let file = world.folder().join("policy.json");
    fs::write(&file, policy.to_string())?;
    let set = person.sonde(&["policy", "set", "aims", &file.display().to_string()]);
    set.map(drop)
}

/// Subject and message of what net.target has found, as the collector has it.
fn found(shown: &Value) -> Option<(String, String)> {
    let findings = shown["findings"].as_array()?;
    let finding = findings.iter().find(|one| one["check"] == "net.target")?;
    let text = |key: &str| finding[key].as_str().map(str::to_owned);
    Some((text("subject")?, text("status")?))
}

#[test]
fn a_target_of_a_policy_is_tried_and_found_dead() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "admin")?;
        let agent = world.agent()?;
        person.wait_for(&agent, true)?;
        let told = |expected: (&str, &str)| {
            wait(&format!("net.target to be {expected:?}"), || {
                let shown = person.sonde(&["device", "show", &agent.id]).ok()?;
                let (subject, status) = found(&shown)?;
                ((subject.as_str(), status.as_str()) == expected).then_some(())
            })
        };
        // Nobody is named: nobody is tried.
        told(("", "ok"))?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let target = format!("tcp://{}", listener.local_addr()?);
        let aims =
            json!({ "devices": [&agent.id], "checks": { "net.target": { "targets": [&target] } } });
        set(&world, &person, &aims)?;
        told((&target, "ok"))?;
        let of = person.sonde(&["policy", "of", &agent.id])?;
        ensure!(
            of["checks"]["net.target"]["targets"] == json!([&target]),
            "{of}"
        );
        drop(listener);
        let run = ["check", "run", "net.target", "--device", &agent.id];
        let ran = person.sonde(&[&run[..], &["--new-ticket", "is it down?"]].concat())?;
        let finding = &ran["findings"][0];
        ensure!(
            finding["subject"] == target && finding["status"] == "critical",
            "{ran}"
        );
        ensure!(
            finding["summary"]
                == format!(
                    "{target} is not reached: its machine answers, and nobody listens there"
                ),
            "{ran}"
        );
        told((&target, "critical"))?;
        person.sonde(&["policy", "remove", "aims"])?;
        told(("", "ok"))?;
        Ok(())
    })
}

#[test]
fn a_policy_with_a_wrong_target_is_refused_by_its_field() -> Result<()> {
    let mut world = World::sqlite()?;
    let person = world.person("ada", "admin")?;
    let agent = world.agent()?;
    person.wait_for(&agent, true)?;
    let refused = |checks: Value, expected: &[&str]| -> Result<()> {
        let file = world.folder().join("policy.json");
        fs::write(&file, json!({ "checks": checks }).to_string())?;
        let ran = person.try_sonde(&["policy", "set", "x", &file.display().to_string()])?;
        let complaint = ran.problem.context("it was taken")?;
        for part in expected {
            ensure!(complaint.contains(part), "{complaint}");
        }
        Ok(())
    };
    let of = |targets: Value| json!({ "net.target": { "targets": targets } });
    refused(
        of(json!(["tcp://a:1", "https://me:secret@b/"])),
        &[
            "checks.net.target.targets[1]",
            "a user or password",
            "tcp://host:port",
        ],
    )?;
    refused(of(json!(["gopher://a/"])), &["begins with none of"])?;
    let many: Vec<String> = (1..=21).map(|port| format!("tcp://a:{port}")).collect();
    refused(of(json!(many)), &["more than 20"])?;
    refused(
        json!({ "net.dns": { "targets": ["tcp://a:1"] } }),
        &["checks.net.dns.targets", "takes no targets"],
    )?;
    let listed = person.sonde(&["check", "list"])?;
    let takers = listed["items"].as_array().context("no list")?.iter();
    let takers = takers.filter(|check| check["takes_targets"] == true);
    let takers: Vec<&Value> = takers.map(|check| &check["id"]).collect();
    ensure!(takers == ["net.target"], "{takers:?}");
    Ok(())
}

#[test]
fn a_technician_without_a_collector_names_targets_by_hand() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let (well, dead) = (format!("tcp://{}", listener.local_addr()?), {
        let gone = TcpListener::bind("127.0.0.1:0")?;
        format!("tcp://{}", gone.local_addr()?)
    });
    let ran = |arguments: &[&str]| -> Result<(Option<i32>, String, String)> {
        let ran = own("sonde-agent").arg("check").args(arguments).output()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((ran.status.code(), text(&ran.stdout), text(&ran.stderr)))
    };
    let (code, said, _) = ran(&["net.target", "--target", &well, "--target", &dead, "--json"])?;
    let said: Value = serde_json::from_str(&said)?;
    ensure!(code == Some(2), "{said}");
    let findings = said["findings"].as_array().context("no findings")?.iter();
    let seen: Vec<(&Value, &Value)> = findings
        .map(|one| (&one["subject"], &one["message"]))
        .collect();
    ensure!(
        seen == [
            (&json!(dead), &json!("refused")),
            (&json!(well), &json!("answers"))
        ],
        "{seen:?}"
    );
    let (code, _, complaint) = ran(&["net.target", "--target", "h:1"])?;
    ensure!(
        code == Some(3) && complaint.contains("begins with none of"),
        "{complaint}"
    );
    let (code, _, complaint) = ran(&["net.dns", "--target", &well])?;
    ensure!(
        code == Some(3) && complaint.contains("name net.target"),
        "{complaint}"
    );
    Ok(())
}

#[test]
fn the_first_broken_rung_explains_a_target_that_is_not_reached() -> Result<()> {
    if let Some(lack) = lacks(NEEDS) {
        #[allow(clippy::print_stdout, reason = "the test's runner hands it on")]
        {
            println!("skipped: {lack}");
        }
        return Ok(());
    }
    let mut visited = Visited::new(&["https", "tcp"])?;
    output(&mut visited.command(&["ip", "link", "set", "eth0", "down"]))?;
    let found = in_time(&mut visited)?;
    let of_targets: Vec<_> = found
        .iter()
        .filter(|finding| finding.check == "net.target")
        .collect();
    ensure!(of_targets.len() == 2, "{found:?}");
    for finding in of_targets {
        ensure!(
            finding.status == "critical" && finding.explained_by.starts_with("net.link/"),
            "{finding:?}"
        );
    }
    Ok(())
}
