//! A guest under a technician's hands: actions are planned, run and taken back from a ticket.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::guest::Guest;
use crate::patient::Watched;
use crate::program::wait;

/// A guest whose agent is connected, and a ticket about it.
pub struct Ward {
    // Goes before its guest.
    pub watched: Watched,
    pub ticket: String,
    pub guest: Guest,
}

impl Ward {
    pub fn new(mut guest: Guest) -> Result<Self> {
        let watched = Watched::new(&mut guest)?;
        // What can be asked for is what it has declared, which comes after its hello.
        let list = ["action", "list", "--device", &watched.device];
        wait("its actions", || {
            let listed = watched.person.sonde(&list).ok()?;
            (!listed["items"].as_array()?.is_empty()).then_some(())
        })?;
        let ticket = watched.ticket("it does not work")?;
        Ok(Self {
            watched,
            ticket,
            guest,
        })
    }

    fn act(&self, verb: &str, action: &str, parameters: &[&str]) -> Result<Value> {
        let parameters: Vec<String> = parameters.iter().map(|one| (*one).to_owned()).collect();
        let Watched { person, device, .. } = &self.watched;
        person.act(verb, action, device, &self.ticket, &parameters)
    }

    /// What an action would do: the exact strings of each step, one a line.
    pub fn plan(&self, action: &str, parameters: &[&str]) -> Result<String> {
        let planned = self.act("plan", action, parameters)?;
        ensure!(planned["state"] == "succeeded", "{planned}");
        let steps = planned["plan"].as_array().context("no plan")?;
        let exact = |step: &Value| {
            let strings = step["exact"].as_array().into_iter().flatten();
            let strings: Vec<&str> = strings.filter_map(Value::as_str).collect();
            strings.join(" ")
        };
        let lines: Vec<String> = steps.iter().map(exact).collect();
        Ok(lines.join("\n"))
    }

    /// Holds what an action would do against what it should be.
    pub fn planned(&self, action: &str, parameters: &[&str], expected: &str) -> Result<()> {
        let plan = self.plan(action, parameters)?;
        ensure!(plan == expected, "{action} {parameters:?}: {plan}");
        Ok(())
    }

    /// Runs an action that is to succeed; gives its job's id.
    pub fn run(&self, action: &str, parameters: &[&str]) -> Result<String> {
        let done = self.act("run", action, parameters)?;
        ensure!(done["state"] == "succeeded", "{done}");
        Ok(done["id"].as_str().context("no id")?.to_owned())
    }

    /// Takes a job back.
    pub fn undo(&self, job: &str) -> Result<()> {
        let undo = [
            "action",
            "undo",
            job,
            "--ticket",
            &self.ticket,
            "--consent",
            "by telephone",
        ];
        let undone = self.watched.person.sonde(&undo)?;
        ensure!(undone["state"] == "succeeded", "{undone}");
        Ok(())
    }

    /// What disturbs the user is refused when nobody has asked.
    pub fn without_consent(&self, action: &str, parameters: &[&str]) -> Result<()> {
        let Watched { person, device, .. } = &self.watched;
        let run = ["action", "run", action, "--device", device];
        let ticket = ["--ticket", &self.ticket];
        let ran = person.try_sonde(&[&run[..], &ticket, parameters].concat())?;
        ensure!(ran.value["state"] == "refused", "{action}: {ran:?}");
        Ok(())
    }

    /// Runs an action that is to be refused, for a reason in which these words are.
    pub fn refused(&self, action: &str, parameters: &[&str], why: &str) -> Result<()> {
        let said = match self.act("run", action, parameters) {
            Ok(done) => {
                ensure!(
                    done["state"] == "refused",
                    "{action} {parameters:?}: {done}"
                );
                done["reason"].as_str().unwrap_or_default().to_owned()
            }
            // The collector has refused it already.
            Err(error) => error.to_string(),
        };
        ensure!(said.contains(why), "{action} {parameters:?}: {said}");
        Ok(())
    }
}
