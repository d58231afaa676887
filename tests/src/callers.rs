//! Somebody is on the telephone: who it is and which machine is found with whatever they say.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::program::wait;
use crate::world::{Person, World, on_both};

/// Columns of a terminal that does not say how wide it is.
const WIDTH: usize = 80;

/// By what the only match was found, and who it is.
fn only(person: &Person, words: &str) -> Result<(String, String)> {
    let found = person.sonde(&["caller", words])?;
    let items = found["items"].as_array().context("no items")?;
    ensure!(items.len() == 1, "{words}: {found}");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok((
        text(&items[0]["matched"]),
        text(&items[0]["person"]["name"]),
    ))
}

#[test]
fn a_ticket_is_opened_for_whoever_is_on_the_telephone() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "technician")?;
        let agent = world.agent()?;
        person.wait_for(&agent, true)?;
        let file = world.folder().join("people.csv");
        let list = "Name;Phone;Mail\nRosa Durand;06 12 34 56 78;rosa@example.org\nBob;4512;\nEve;4512;eve@example.org\n";
        fs::write(&file, list)?;
        let taken = person.sonde(&["person", "import", &file.display().to_string()])?;
        ensure!(taken["added"] == 3, "{taken}");
        let theirs = person.sonde(&["person", "confirm-device", "rosa", &agent.id])?;
        ensure!(theirs["devices"][0]["tie"] == "confirmed", "{theirs}");

        let rosa = "Rosa Durand";
        let shown = person.sonde(&["device", "show", &agent.id])?;
        let hostname = shown["device"]["hostname"].as_str().context("no name")?;
        for (words, by) in [
            ("+33 6 12 34 56 78", "telephone"),
            ("ROSA@example.org", "mail"),
            ("rosa durand", "name"),
            (hostname, "host"),
            (&agent.id[..6], "code"),
        ] {
            let found = only(&person, words)?;
            ensure!(
                found == (by.to_owned(), rosa.to_owned()),
                "{words}: {found:?}"
            );
        }
        // What the machine itself has said of its addresses.
        let found = wait("its addresses", || only(&person, "127.0.0.1").ok())?;
        ensure!(
            found == ("address".to_owned(), rosa.to_owned()),
            "{found:?}"
        );

        let opened = person.sonde(&["ticket", "open", "no sound", "--caller", "0612345678"])?;
        ensure!(opened["requester"] == rosa, "{opened}");
        ensure!(opened["devices"][0]["id"] == agent.id, "{opened}");

        let ask = |words: &str| person.try_sonde(&["ticket", "open", "mute", "--caller", words]);
        for (words, what, remedy) in [
            ("4512", "fits several", "--requester NAME"),
            ("0699999999", "nobody and nothing", "--requester NAME"),
        ] {
            let ran = ask(words)?;
            let problem = ran.problem.unwrap_or_default();
            ensure!(ran.code == Some(1), "{words}: {problem}");
            ensure!(
                problem.contains(what) && problem.contains(remedy),
                "{problem}"
            );
        }
        let tickets = person.sonde(&["ticket", "list"])?;
        ensure!(
            tickets["items"].as_array().map(Vec::len) == Some(1),
            "{tickets}"
        );

        for arguments in [
            &["caller", "4512"][..],
            &["caller", rosa],
            &["person", "list"],
        ] {
            let output = person.command(arguments).env_remove("COLUMNS").output()?;
            let table = String::from_utf8(output.stdout)?;
            ensure!(table.contains("Rosa") || table.contains("Bob"), "{table}");
            let widest = table.lines().map(|line| line.chars().count()).max();
            ensure!(widest <= Some(WIDTH), "{table}");
        }
        Ok(())
    })
}
