//! The user's own words for the time choose what is frozen with a ticket's first snapshot.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use crate::help_me::Counter;
use crate::program::{output, own, wait};
use crate::world::{Agent, Person, World, on_both};

/// A zone in which it is the afternoon now, so that there was a morning.
fn afternoon() -> Result<(TimeZone, String)> {
    let hour = i64::from(Timestamp::now().to_zoned_datetime(TimeZone::UTC).hour());
    let ahead = 14 - hour;
    let zone = TimeZone::fixed(Offset::from_hours(i8::try_from(ahead)?)?);
    // POSIX counts westwards.
    Ok((zone, format!("Etc/GMT{:+}", -ahead)))
}

/// All tickets count by the clocks of this zone.
fn count_in(world: &World, person: &Person, zone: &str) -> Result<()> {
    let set = |what: &str, name: &str, rule: Value| -> Result<()> {
        let file = world.folder().join("rule.json");
        fs::write(&file, rule.to_string())?;
        person.sonde(&["sla", what, "set", name, &file.display().to_string()])?;
        Ok(())
    };
    let hours = json!({ "time_zone": zone, "monday": ["08:00-18:00"] });
    set("calendar", "here", hours)?;
    let promised = json!({ "normal": { "resolution": 600 } });
    set(
        "agreement",
        "gold",
        json!({ "calendar": "here", "priorities": promised }),
    )
}

/// The first snapshot of a ticket that has one, and what the ticket says of it.
fn first(person: &Person, ticket: i64) -> Result<(Value, Value)> {
    let number = ticket.to_string();
    let taken = wait("the snapshot", || {
        let shown = person.sonde(&["ticket", "show", &number]).ok()?;
        let timeline = shown["timeline"].as_array()?.clone();
        let mut taken = timeline.into_iter();
        taken.find(|event| event["kind"] == "snapshot_taken")
    })?;
    let id = taken["snapshot"].as_str().context("no id")?;
    let whole = person.sonde(&["ticket", "snapshots", &number, id])?;
    Ok((taken, whole))
}

fn time(value: &Value) -> Result<Timestamp> {
    Ok(value.as_str().context("no time")?.parse()?)
}

/// A device that has reported something today.
fn reporting(world: &mut World, person: &Person, counter: &Counter) -> Result<Agent> {
    let mut agent = world.enrolled()?;
    counter.start(&mut agent)?;
    person.wait_for(&agent, true)?;
    wait("its metrics", || {
        let measured = ["device", "metrics", &agent.id, "load.minute_1"];
        let measured = person.sonde(&measured).ok()?;
        measured["items"][0]["points"].as_array()?.first()?;
        Some(())
    })?;
    Ok(agent)
}

#[test]
fn a_ticket_since_this_morning_freezes_what_was_measured_from_this_morning() -> Result<()> {
    on_both(|mut world: World| {
        world.settings = "report_every_seconds = 1\n".into();
        world.stop_collector()?;
        world.start_collector()?;
        let person = world.person("ada", "admin")?;
        let (zone, name) = afternoon()?;
        count_in(&world, &person, &name)?;
        let counter = Counter::new()?;
        let agent = reporting(&mut world, &person, &counter)?;
        let title = "it is slow since this morning";
        let opened = person.sonde(&["ticket", "open", title, "--device", &agent.id])?;
        let number = opened["number"].as_i64().context("no number")?;
        let said_at = time(&opened["opened_at"])?;
        let (taken, whole) = first(&person, number)?;
        let window = &whole["window"];
        ensure!(window["words"] == "since this morning", "{window}");
        let morning = said_at
            .to_zoned_datetime(zone.clone())
            .date()
            .at(6, 0, 0, 0);
        let morning = morning.to_zoned_datetime(zone)?.timestamp();
        ensure!(time(&window["from_at"])? == morning, "{window}");
        ensure!(time(&window["to_at"])? == said_at, "{window} {opened}");
        ensure!(taken["window"]["from_at"] == window["from_at"], "{taken}");
        let metrics = window["metrics"].as_array().context("no metrics")?;
        let load = metrics.iter().find(|one| one["name"] == "load.minute_1");
        let points = load.context("no load")?["points"].as_array();
        let first_at = time(&points.context("no points")?[0]["at"])?;
        ensure!((morning..=said_at).contains(&first_at), "{window}");
        ensure!(window["step_seconds"] == 300, "{window}");

        let plain = |arguments: &[&str]| -> Result<String> {
            let shown = output(&mut person.command(arguments))?;
            Ok(shown.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        let number = number.to_string();
        let shown = plain(&["ticket", "show", &number])?;
        ensure!(shown.contains("\"since this morning\""), "{shown}");
        let id = whole["id"].as_str().context("no id")?;
        let shown = plain(&["ticket", "snapshots", &number, id])?;
        ensure!(shown.contains("\"since this morning\""), "{shown}");
        ensure!(
            shown.contains("sonde query recorded_processes --live"),
            "{shown}"
        );
        let course = [
            "ticket",
            "snapshots",
            &number,
            id,
            "--metric",
            "load.minute_1",
        ];
        ensure!(plain(&course)?.contains("VALUE"), "{}", plain(&course)?);
        Ok(())
    })
}

#[test]
fn what_a_user_says_on_their_machine_counts_from_when_they_said_it() -> Result<()> {
    let mut world = World::sqlite()?;
    world.settings = "report_every_seconds = 1\n".into();
    world.stop_collector()?;
    world.start_collector()?;
    let person = world.person("ada", "admin")?;
    let counter = Counter::new()?;
    let agent = reporting(&mut world, &person, &counter)?;
    // The collector is away: it is kept, and comes later.
    world.stop_collector()?;
    wait("the agent to notice", || {
        let alone = agent.status().ok()?.1["connected_since_us"].is_null();
        alone.then_some(())
    })?;
    let mut help = own("sonde-agent");
    help.arg("--config").arg(counter.settings());
    help.args(["help-me", "plus de son depuis deux heures", "--json"]);
    let kept = help.output()?;
    let said_before = Timestamp::now();
    let told: Value = serde_json::from_slice(&kept.stdout)?;
    ensure!(told["state"] == "kept", "{told}");
    world.start_collector()?;
    let ticket = wait("the ticket", || {
        let list = person.sonde(&["ticket", "list"]).ok()?;
        list["items"].as_array()?.first().cloned()
    })?;
    let meant = time(&ticket["asked"]["at"])?;
    // On the collector's clock, as well as the device has measured that.
    ensure!(meant <= said_before.checked_add(1.seconds())?, "{ticket}");
    ensure!(meant < time(&ticket["opened_at"])?, "{ticket}");
    let number = ticket["number"].as_i64().context("no number")?;
    let (_, whole) = first(&person, number)?;
    let window = &whole["window"];
    ensure!(window["words"] == "depuis deux heures", "{window}");
    ensure!(time(&window["to_at"])? == meant, "{window}");
    let from = meant.checked_sub(135.minutes())?;
    ensure!(time(&window["from_at"])? == from, "{window}");
    Ok(())
}
