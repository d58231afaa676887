//! A helpdesk that has been at work: people, promises, and tickets in every state. All of it is made up, and each ticket says
//! so by its tag.

mod told;

use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::console::ask;
use crate::person::Person;
use crate::world::World;

use told::{CALLERS, CALLS, Call, Turn};

/// Every ticket that is made up has it.
pub const TAG: &str = "simulated";

/// Somebody at work there.
pub struct Helpdesk<'a> {
    world: &'a World,
    person: &'a Person,
    token: String,
}

impl<'a> Helpdesk<'a> {
    pub fn new(world: &'a World, person: &'a Person) -> Result<Self> {
        Ok(Self {
            world,
            person,
            token: person.token()?,
        })
    }

    /// Posts to the API; gives the answer.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let path = format!("/api/v1{path}");
        let answer = ask(self.world, &self.token, &path, Some(body))?;
        ensure!(
            answer.status < 300,
            "{path}: {} {}",
            answer.status,
            answer.body
        );
        match answer.body.is_empty() {
            true => Ok(Value::Null),
            false => answer.json(),
        }
    }

    /// Promises, canned replies, and people who call.
    pub fn furnish(&self) -> Result<()> {
        // At all hours: whenever one looks, the clocks run.
        let day = json!(["00:00-24:00"]);
        let week = json!({
            "time_zone": "Europe/Paris", "monday": day, "tuesday": day, "wednesday": day,
            "thursday": day, "friday": day, "saturday": day, "sunday": day,
        });
        let within = |first: u32, next: u32, resolution: u32| json!({ "first_response": first, "next_response": next, "resolution": resolution });
        let standard = json!({ "calendar": "always", "priorities": {
            "urgent": within(20, 30, 120), "high": within(60, 90, 300),
            "normal": within(240, 240, 960), "low": within(480, 480, 2880),
        }});
        self.set(&["sla", "calendar", "set", "always"], &week)?;
        self.set(&["sla", "agreement", "set", "standard"], &standard)?;
        for (name, reply) in told::REPLIES {
            self.set(
                &["reply", "set", name],
                &json!({ "en": reply[0], "fr": reply[1] }),
            )?;
        }
        for caller in CALLERS {
            let person = json!({
                "name": caller.name, "phones": [caller.phone], "mails": [caller.mail],
                "language": caller.language,
            });
            self.post("/persons", &person)?;
        }
        Ok(())
    }

    /// What the command reads from a file.
    fn set(&self, command: &[&str], value: &Value) -> Result<()> {
        let file = self.world.folder().join("furniture.json");
        fs::write(&file, value.to_string())?;
        let file = file.display().to_string();
        self.person.sonde(&[command, &[&file]].concat()).map(drop)
    }

    /// So many tickets, the first on the first device, and so on around.
    pub fn work(&self, n_tickets: usize, devices: &[String]) -> Result<()> {
        for number in 0..n_tickets {
            let call = &CALLS[number % CALLS.len()];
            let device = match call.has_device {
                true => devices.get(number * 5 % devices.len().max(1)),
                false => None,
            };
            let caller = &CALLERS[number % CALLERS.len()];
            let ticket = self.open(call, caller.name, device)?;
            for turn in call.turns {
                self.take(&ticket, turn)?;
            }
        }
        Ok(())
    }

    fn open(&self, call: &Call, caller: &str, device: Option<&String>) -> Result<String> {
        let asked = json!({
            "title": call.title, "priority": call.priority, "requester": caller,
            "devices": device.into_iter().collect::<Vec<_>>(),
        });
        let opened = self.post("/tickets", &asked)?;
        let number = opened["number"].as_i64().context("no number")?;
        let ticket = format!("/tickets/{number}");
        for tag in [TAG, call.tag] {
            self.post(&format!("{ticket}/tags"), &json!({ "tag": tag }))?;
        }
        Ok(ticket)
    }

    fn take(&self, ticket: &str, turn: &Turn) -> Result<()> {
        let (part, body) = match turn {
            Turn::Says(text) => ("messages", json!({ "side": "requester", "text": text })),
            Turn::Answer(text) => ("messages", json!({ "text": text })),
            Turn::Note(text) => ("notes", json!({ "text": text })),
            Turn::Claim => ("claim", json!({})),
            Turn::Escalate(reason) => ("tier", json!({ "tier": "second", "reason": reason })),
            Turn::Wait(reason) => (
                "state",
                json!({ "state": "waiting", "waiting_for": "user", "reason": reason }),
            ),
            Turn::Become(state) => ("state", json!({ "state": state })),
        };
        self.post(&format!("{ticket}/{part}"), &body).map(drop)
    }
}
