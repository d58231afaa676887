//! A machine that has lost its collector says by voice what is wrong with it.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use sonde_proto::code;

use crate::program::{own, wait};
use crate::world::{Agent, World, on_both};

/// What the agent says when it is asked in full.
fn status(agent: &Agent, more: &[&str]) -> Result<String> {
    let mut ask = own("sonde-agent");
    ask.arg("status")
        .arg("--state")
        .arg(&agent.state)
        .args(more);
    Ok(String::from_utf8(ask.output()?.stdout)?)
}

/// Another one that the check symbol cannot tell from it: two characters are wrong.
fn twice_misheard(code: &str) -> String {
    let place = |at: usize| code.char_indices().filter(|(_, c)| *c != '-').nth(at);
    let letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let pairs = letters
        .chars()
        .flat_map(|a| letters.chars().map(move |b| (a, b)));
    let changed = pairs.map(|(a, b)| {
        let mut other: Vec<char> = code.chars().collect();
        for (at, letter) in [(15, a), (16, b)] {
            if let Some((index, _)) = place(at) {
                other[index] = letter;
            }
        }
        other.into_iter().collect::<String>()
    });
    let mut good = changed.filter(|other| other != code && code::decode(other).is_ok());
    good.next().unwrap_or_default()
}

#[test]
fn what_a_lost_machine_says_aloud_comes_onto_the_ticket() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "technician")?;
        let mut agent = world.agent()?;
        person.wait_for(&agent, true)?;
        let connected: Value = serde_json::from_str(&status(&agent, &["--json"])?)?;
        ensure!(connected.get("code").is_none(), "{connected}");
        world.kill_collector()?;
        wait("the agent to notice", || {
            let alone = agent.status().ok()?.1["connected_since_us"].is_null();
            alone.then_some(())
        })?;
        let alone: Value = serde_json::from_str(&status(&agent, &["--json"])?)?;
        let code = alone["code"].as_str().context(alone.to_string())?;
        let read = status(&agent, &["--lang", "fr", "--qr"])?;
        ensure!(read.contains("Code à lire au technicien : "), "{read}");
        ensure!(read.contains('█'), "{read}");

        world.start_collector()?;
        let opened = person.sonde(&["ticket", "open", "no network"])?;
        let number = opened["number"].as_i64().context("no number")?.to_string();
        let misheard = match code.strip_suffix('0') {
            Some(before) => format!("{before}1"),
            None => format!("{}0", &code[..code.len() - 1]),
        };
        for (wrong, why) in [
            (misheard, "misread or misheard"),
            (twice_misheard(code), "has not made this code"),
        ] {
            let ran = person.try_sonde(&["ticket", "note", &number, "--code", &wrong])?;
            let problem = ran.problem.unwrap_or_default();
            ensure!(problem.contains(why), "{wrong}: {problem}");
        }
        let ticket = person.sonde(&["ticket", "show", &number])?;
        ensure!(ticket["ticket"]["version"] == opened["version"], "{ticket}");

        person.sonde(&[
            "ticket",
            "note",
            &number,
            "called from the lab",
            "--code",
            code,
        ])?;
        let ticket = person.sonde(&["ticket", "show", &number])?;
        ensure!(ticket["ticket"]["devices"][0]["id"] == agent.id, "{ticket}");
        let told = ticket["timeline"].to_string();
        ensure!(
            told.contains("read aloud: it has been without its collector for"),
            "{told}"
        );
        ensure!(told.contains("called from the lab"), "{told}");
        agent.stop()?;
        Ok(())
    })
}
