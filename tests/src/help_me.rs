//! A user of the machine asks for help on it, reads the answers and answers them; without a network too.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::machine::lacks;
use crate::program::{command, own, programs, wait};
use crate::world::{Agent, World, on_both};

/// Where everybody on the machine asks its agent.
pub(crate) struct Counter {
    folder: tempfile::TempDir,
}

/// What a user's command gave.
#[derive(Debug)]
struct Said {
    value: Value,
    complaint: String,
    code: Option<i32>,
}

impl Counter {
    pub(crate) fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("sonde-help-").tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        let counter = Self { folder };
        let settings = format!("[help]\nsocket = {:?}\n", counter.socket());
        fs::write(counter.settings(), settings)?;
        fs::set_permissions(counter.settings(), fs::Permissions::from_mode(0o644))?;
        Ok(counter)
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.folder.path().join("agent.toml")
    }

    pub(crate) fn start(&self, agent: &mut Agent) -> Result<()> {
        let mut run = own("sonde-agent");
        agent.start_with(run.arg("--config").arg(self.settings()))
    }

    /// `sonde-agent` as this user of the machine; as who runs the test, if none is named.
    fn run(&self, user: Option<&str>, arguments: &[&str]) -> Result<Said> {
        let program = programs().join("sonde-agent");
        let mut run = match user {
            None => command(&program),
            Some(user) => {
                let mut run = command("setpriv");
                run.args(["--reuid", user, "--clear-groups"]).arg(&program);
                run
            }
        };
        let output = run
            .arg("--config")
            .arg(self.settings())
            .args(arguments)
            .arg("--json")
            .stdin(Stdio::null())
            .output()?;
        Ok(Said {
            value: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
            complaint: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            code: output.status.code(),
        })
    }

    fn help(&self, user: Option<&str>, arguments: &[&str]) -> Result<Said> {
        self.run(user, &[&["help-me"], arguments].concat())
    }

    /// Asks, online; gives the ticket's number.
    fn ask(&self, user: Option<&str>, text: &str) -> Result<i64> {
        let asked = self.help(user, &[text])?;
        ensure!(asked.code == Some(0), "{asked:?}");
        asked.value["ticket"].as_i64().context("no number")
    }
}

/// Microseconds since 1970 UTC.
fn us(time: &Value) -> Result<i64> {
    let time: jiff::Timestamp = time.as_str().context(time.to_string())?.parse()?;
    Ok(time.as_microsecond())
}

fn numbers(said: &Said) -> Vec<i64> {
    let tickets = said.value["tickets"].as_array().into_iter().flatten();
    tickets.filter_map(|one| one["number"].as_i64()).collect()
}

#[test]
fn a_user_asks_is_answered_and_says_when_it_is_solved() -> Result<()> {
    on_both(|mut world: World| {
        let ada = world.person("ada", "technician")?;
        let counter = Counter::new()?;
        let mut agent = world.enrolled()?;
        counter.start(&mut agent)?;
        ada.wait_for(&agent, true)?;
        let number = counter.ask(None, "the printer does nothing\nsince this morning")?;
        let ticket = number.to_string();
        let show = || ada.sonde(&["ticket", "show", &ticket]);
        let shown = show()?;
        ensure!(
            shown["ticket"]["title"] == "the printer does nothing",
            "{shown}"
        );
        ensure!(shown["ticket"]["devices"][0]["id"] == agent.id, "{shown}");
        ensure!(shown["ticket"]["asked"]["device"] == agent.id, "{shown}");
        wait("the snapshot that it is born with", || {
            let told = show().ok()?["timeline"].to_string();
            told.contains("snapshot_taken").then_some(())
        })?;

        ada.sonde(&["ticket", "note", &ticket, "between us"])?;
        ada.sonde(&["ticket", "reply", &ticket, "is its lamp on?"])?;
        let list = counter.help(None, &[])?;
        ensure!(list.value["tickets"][0]["n_answers"] == 1, "{list:?}");
        let read = counter.help(None, &["--ticket", &ticket])?;
        let messages = read.value["messages"].to_string();
        ensure!(messages.contains("is its lamp on?"), "{read:?}");
        ensure!(messages.contains("since this morning"), "{read:?}");
        ensure!(!messages.contains("between us"), "{read:?}");

        ada.sonde(&[
            "ticket", "set", &ticket, "--state", "waiting", "--for", "user",
        ])?;
        let answered = counter.help(None, &["--ticket", &ticket, "yes, green"])?;
        ensure!(answered.value["ticket"] == number, "{answered:?}");
        let shown = show()?;
        ensure!(shown["ticket"]["state"] == "open", "{shown}");
        ensure!(
            shown["timeline"].to_string().contains("yes, green"),
            "{shown}"
        );

        let early = counter.help(None, &["--ticket", &ticket, "--solved"])?;
        ensure!(early.code == Some(1), "{early:?}");
        ensure!(early.value["reason"] == "not_proposed", "{early:?}");
        ada.sonde(&["ticket", "propose", &ticket, "--reason", "a new cable"])?;
        let solved = counter.help(None, &["--ticket", &ticket, "thank you", "--solved"])?;
        ensure!(solved.code == Some(0), "{solved:?}");
        ensure!(show()?["ticket"]["state"] == "resolved", "{solved:?}");
        agent.stop()?;
        Ok(())
    })
}

#[test]
fn what_is_asked_without_a_network_comes_later_with_the_time_that_was_meant() -> Result<()> {
    on_both(|mut world: World| {
        let ada = world.person("ada", "technician")?;
        let counter = Counter::new()?;
        let mut agent = world.enrolled()?;
        counter.start(&mut agent)?;
        ada.wait_for(&agent, true)?;
        world.kill_collector()?;
        wait("the agent to notice", || {
            let alone = agent.status().ok()?.1["connected_since_us"].is_null();
            alone.then_some(())
        })?;
        let kept = counter.help(None, &["no network here"])?;
        ensure!(kept.code == Some(4), "{kept:?}");
        ensure!(kept.value["state"] == "kept", "{kept:?}");
        let meant_us = us(&kept.value["at"])?;
        // Whoever was told that it is kept has it kept.
        agent.kill()?;
        counter.start(&mut agent)?;
        let waits = wait("the agent", || {
            let list = counter.help(None, &[]).ok()?;
            list.value["waiting"].as_array()?;
            Some(list)
        })?;
        ensure!(waits.code == Some(1), "{waits:?}");
        ensure!(
            waits.value["waiting"][0]["text"] == "no network here",
            "{waits:?}"
        );
        ensure!(waits.value["connected"] == false, "{waits:?}");
        let linked = counter.help(None, &["--ticket", "1"])?;
        ensure!(linked.code == Some(1), "{linked:?}");

        // The collector's clock has gone on by then.
        crate::program::pass(std::time::Duration::from_secs(2));
        world.start_collector()?;
        let list = wait("the ticket", || {
            let list = counter.help(None, &[]).ok()?;
            (!numbers(&list).is_empty()).then_some(list)
        })
        .with_context(|| agent.log())?;
        ensure!(
            list.value["waiting"].as_array().is_some_and(Vec::is_empty),
            "{list:?}"
        );
        ensure!(numbers(&list) == [1], "{list:?}");
        let shown = ada.sonde(&["ticket", "show", "1"])?;
        let asked_us = us(&shown["ticket"]["asked"]["at"])?;
        let opened_us = us(&shown["ticket"]["opened_at"])?;
        ensure!(
            (asked_us - meant_us).abs() < 1_000_000,
            "{meant_us}: {shown}"
        );
        ensure!(asked_us + 2_000_000 <= opened_us, "{shown}");
        let mut said = shown["timeline"].as_array().into_iter().flatten();
        let said = said.find(|event| event["kind"] == "messaged");
        ensure!(
            us(&said.context("no message")?["asked"]["at"])? == asked_us,
            "{shown}"
        );
        let all = ada.sonde(&["ticket", "list"])?;
        ensure!(
            all["items"].as_array().is_some_and(|all| all.len() == 1),
            "{all}"
        );
        agent.stop()?;
        Ok(())
    })
}

#[test]
fn two_users_of_a_machine_see_only_what_each_has_asked() -> Result<()> {
    if let Some(lack) = lacks(&[("setpriv", "util-linux")]) {
        #[allow(clippy::print_stdout, reason = "the test's runner hands it on")]
        {
            println!("skipped: {lack}");
        }
        return Ok(());
    }
    let mut world = World::sqlite()?;
    let ada = world.person("ada", "technician")?;
    let counter = Counter::new()?;
    let mut agent = world.enrolled()?;
    counter.start(&mut agent)?;
    ada.wait_for(&agent, true)?;
    let (nobody, daemon) = (Some("nobody"), Some("daemon"));
    let first = counter.ask(nobody, "mine")?;
    let second = counter.ask(daemon, "and mine")?;
    for (user, own, others) in [(nobody, first, second), (daemon, second, first)] {
        ensure!(numbers(&counter.help(user, &[])?) == [own], "{user:?}");
        let read = counter.help(user, &["--ticket", &others.to_string()])?;
        ensure!(read.code == Some(1), "{read:?}");
        ensure!(read.value["error"] == "no_ticket", "{read:?}");
    }
    let shown = ada.sonde(&["ticket", "show", &first.to_string()])?;
    ensure!(shown["ticket"]["requester"] == "nobody", "{shown}");
    ensure!(shown["ticket"]["asked"]["login"] == "nobody", "{shown}");
    // What one says on the other's ticket is not lost, and not on it.
    let strange = counter.help(daemon, &["--ticket", &first.to_string(), "me too"])?;
    ensure!(strange.value["reason"] == "no_ticket", "{strange:?}");
    ensure!(
        strange.value["ticket"].as_i64() == Some(second + 1),
        "{strange:?}"
    );
    let after = ada.sonde(&["ticket", "show", &first.to_string()])?;
    ensure!(
        after["ticket"]["version"] == shown["ticket"]["version"],
        "{after}"
    );

    // Somebody who holds the door open keeps nobody else from it, nor the agent from its work.
    let held: Vec<UnixStream> = (0..60)
        .filter_map(|_| UnixStream::connect(counter.socket()).ok())
        .collect();
    ensure!(
        numbers(&counter.help(nobody, &[])?) == [first],
        "{}",
        agent.log()
    );
    ensure!(
        agent.status()?.1["connected_since_us"].is_i64(),
        "{}",
        agent.log()
    );
    drop(held);

    let seen = ada.sonde(&[
        "check",
        "run",
        "disk.space",
        "--device",
        &agent.id,
        "--ticket",
        &first.to_string(),
    ]);
    seen?;
    for user in [None, nobody] {
        let history = counter.run(user, &["history"])?;
        let last = &history.value["receipts"][0];
        ensure!(
            last["requested_by"] == "ada" && last["ticket"] == first,
            "{history:?}"
        );
        ensure!(last["outcome"] == "succeeded", "{history:?}");
        ensure!(last["asked"]["checks"][0] == "disk.space", "{history:?}");
        ensure!(
            last["wall_seconds"].is_f64() && last["cpu_seconds"].is_f64(),
            "{history:?}"
        );
    }
    agent.stop()?;
    // Without its agent the machine's record is root's to read.
    let mut history = own("sonde-agent");
    history
        .args(["history", "--json", "--state"])
        .arg(&agent.state);
    let history = crate::program::output(&mut history)?;
    ensure!(history.contains("\"requested_by\": \"ada\""), "{history}");
    let asked = counter.help(nobody, &["anybody?"])?;
    ensure!(
        asked.code == Some(3) && asked.complaint.contains("no agent"),
        "{asked:?}"
    );
    Ok(())
}

/// A program of a desktop's, which writes down how it was called.
pub(crate) fn pretend(folder: &std::path::Path, name: &str, script: &str) -> Result<()> {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n"))?;
    Ok(fs::set_permissions(
        path,
        fs::Permissions::from_mode(0o755),
    )?)
}

#[test]
fn the_menus_entry_asks_in_a_terminal_where_there_is_no_page() -> Result<()> {
    let mut world = World::sqlite()?;
    let ada = world.person("ada", "technician")?;
    let counter = Counter::new()?;
    let mut agent = world.enrolled()?;
    counter.start(&mut agent)?;
    ada.wait_for(&agent, true)?;
    let desktop = tempfile::tempdir()?;
    pretend(desktop.path(), "xdg-open", "touch opened")?;
    // A terminal: what comes after -e runs in it, and somebody types.
    let typing = "shift; printf 'no sound\\nmonday\\n\\n\\n' | \"$@\" > window 2>&1";
    pretend(desktop.path(), "xterm", typing)?;
    let mut entry = own("sonde-agent");
    let path = format!("{}:/usr/bin:/bin", desktop.path().display());
    entry
        .arg("--config")
        .arg(counter.settings())
        .args(["help-me", "--open", "--lang", "fr"])
        .current_dir(desktop.path())
        .env("PATH", path)
        .env("HOME", desktop.path())
        .env("LANG", "fr_FR.UTF-8");
    // It stands before the others, whatever this machine has.
    for name in ["xdg-terminal-exec", "x-terminal-emulator", "gnome-terminal"] {
        pretend(desktop.path(), name, "exit 1")?;
    }
    crate::program::output(&mut entry)?;
    let window = fs::read_to_string(desktop.path().join("window"))?;
    ensure!(window.contains("Qu'est-ce qui ne marche pas ?"), "{window}");
    ensure!(window.contains("ticket 1"), "{window}");
    ensure!(!desktop.path().join("opened").exists(), "{window}");
    let shown = ada.sonde(&["ticket", "show", "1"])?;
    ensure!(shown["ticket"]["title"] == "no sound", "{shown}");
    ensure!(
        shown["timeline"].to_string().contains("Depuis : monday"),
        "{shown}"
    );
    world.kill_collector()?;
    wait("the agent to notice", || {
        let alone = agent.status().ok()?.1["connected_since_us"].is_null();
        alone.then_some(())
    })?;
    crate::program::output(&mut entry)?;
    let window = fs::read_to_string(desktop.path().join("window"))?;
    let words = "son collecteur ne répond pas";
    ensure!(window.contains("Recherche de la cause"), "{window}");
    ensure!(
        window.contains(words) || window.contains("réseau"),
        "{window}"
    );
    ensure!(window.contains("C'est gardé sur cette machine"), "{window}");
    agent.stop()?;
    Ok(())
}

#[test]
fn what_cannot_be_said_is_refused_before_it_is_sent() -> Result<()> {
    let counter = Counter::new()?;
    let empty = counter.help(None, &["  "])?;
    ensure!(
        empty.code == Some(2) && empty.complaint.contains("the text is empty"),
        "{empty:?}"
    );
    let long = counter.help(None, &[&"x".repeat(9000)])?;
    ensure!(
        long.code == Some(2) && long.complaint.contains("8 KiB"),
        "{long:?}"
    );
    let french = counter.help(None, &[" ", "--lang", "fr"])?;
    ensure!(french.complaint.contains("le texte est vide"), "{french:?}");
    Ok(())
}
