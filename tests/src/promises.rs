//! A promise is watched: who is about to break it is warned, and what was promised otherwise is reckoned anew.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::program::wait;
use crate::world::{Person, World, on_both};

fn set(world: &World, person: &Person, what: &str, name: &str, rule: &Value) -> Result<()> {
    let file = world.folder().join("rule.json");
    fs::write(&file, rule.to_string())?;
    person.sonde(&["sla", what, "set", name, &file.display().to_string()])?;
    Ok(())
}

/// Ticket 1's first clock.
fn clock(person: &Person) -> Result<Value> {
    let shown = person.sonde(&["ticket", "show", "1"])?;
    Ok(shown["ticket"]["clocks"][0].clone())
}

#[test]
fn who_is_about_to_break_a_promise_is_warned_and_rules_that_change_are_followed() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "admin")?;
        let day = json!(["00:00-24:00"]);
        let always = json!({
            "time_zone": "Europe/Paris", "monday": day, "tuesday": day, "wednesday": day,
            "thursday": day, "friday": day, "saturday": day, "sunday": day,
        });
        set(&world, &person, "calendar", "always", &always)?;
        let gold = |minutes: u32| {
            json!({
                "calendar": "always", "warn_percent": [1],
                "priorities": { "normal": { "resolution": minutes } },
            })
        };
        set(&world, &person, "agreement", "gold", &gold(1))?;
        person.sonde(&["ticket", "open", "no sound"])?;
        wait("the warning", || {
            let shown = person.sonde(&["ticket", "show", "1"]).ok()?;
            let events = shown["timeline"].as_array()?.clone();
            events
                .iter()
                .find(|event| event["kind"] == "clock_warned" && event["percent"] == 1)?;
            Some(())
        })?;
        // What changes while nobody looks is reckoned when the collector is back.
        ensure!(clock(&person)?["target_seconds"] == 60);
        set(&world, &person, "agreement", "gold", &gold(90))?;
        world.kill_collector()?;
        world.start_collector()?;
        let after = wait("the other promise", || {
            let clock = clock(&person).ok()?;
            (clock["target_seconds"] == 5_400).then_some(clock)
        })?;
        let spent = after["spent_seconds"]
            .as_i64()
            .context("nothing was spent")?;
        ensure!(spent < 5_400 && after["standing"] == "running", "{after}");
        let queue = person.sonde(&["ticket", "queue"])?;
        ensure!(
            queue["items"][0]["clocks"][0]["due_at"] == after["due_at"],
            "{queue}"
        );
        Ok(())
    })
}
