//! A machine that something is done to, with an agent on it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::guest::Guest;
use crate::network::Network;
use crate::program::{Running, command, output, programs, wait};
use crate::world::{Agent, Engine, Person, World};

/// One machine, whatever it is made of.
pub trait Machine {
    /// A program on it, with its arguments.
    fn command(&self, arguments: &[&str]) -> Command;

    /// Makes it a device and starts its agent; gives the device's id.
    fn start(&mut self, world: &mut World) -> Result<String>;

    /// Where a collector has to listen so that the machine reaches it.
    fn collector(&self) -> String {
        "127.0.0.1:0".into()
    }

    /// Where the agent's program lies on it.
    fn program(&self) -> PathBuf {
        programs().join("sonde-agent")
    }

    /// What the agent on it is to try, when it is asked by hand.
    fn targets(&self) -> &[String] {
        &[]
    }

    /// What the agent's program finds on it now, with no collector.
    fn check(&mut self) -> Result<Vec<Finding>> {
        let program = self.program();
        let program = program.to_str().context("a path that is no text")?;
        let mut check = self.command(&[program, "check", "--json"]);
        for target in self.targets() {
            check.args(["--target", target]);
        }
        findings(&mut check)
    }

    /// Files of a machine and no machine: nothing runs on it.
    fn is_recorded(&self) -> bool {
        false
    }

    /// No collector can be reached from it.
    fn is_out_of_reach(&self) -> bool {
        self.is_recorded()
    }
}

/// What it finds when each check has had its time: a machine that is too busy is looked at again.
pub fn in_time(machine: &mut dyn Machine) -> Result<Vec<Finding>> {
    wait("a look for which each check had its time", || {
        let found = machine.check().ok()?;
        (!found.iter().any(Finding::is_late)).then_some(found)
    })
}

/// What a run of the agent's program finds.
pub(crate) fn findings(check: &mut Command) -> Result<Vec<Finding>> {
    let ran = check.output()?;
    let said = String::from_utf8_lossy(&ran.stdout);
    let all: Value = serde_json::from_str(&said)
        .with_context(|| String::from_utf8_lossy(&ran.stderr).into_owned())?;
    Finding::all(&all)
}

/// A machine's device, connected, and a technician who may work on it.
pub struct Watched {
    pub person: Person,
    pub device: String,
    _world: World,
}

impl Watched {
    /// Starts the machine's agent, with a collector of its own.
    pub fn new(machine: &mut dyn Machine) -> Result<Self> {
        let collector = machine.collector();
        let mut world =
            World::listening(Engine::Sqlite, &collector)?.context("SQLite is always there")?;
        let person = world.person("ada", "technician")?;
        let device = machine.start(&mut world)?;
        wait("the device", || {
            let shown = person.sonde(&["device", "show", &device]).ok()?;
            (shown["device"]["connected"] == true).then_some(())
        })?;
        Ok(Self {
            person,
            device,
            _world: world,
        })
    }

    /// Opens a ticket about the device; gives its number.
    pub fn ticket(&self, title: &str) -> Result<String> {
        let opened = self
            .person
            .sonde(&["ticket", "open", title, "--device", &self.device])?;
        Ok(opened["number"].as_i64().context("no number")?.to_string())
    }
}

/// Of one finding, what is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub check: String,
    pub subject: String,
    pub status: String,
    /// Id of what it says.
    pub message: String,
    /// In English.
    pub cause: String,
    pub explained_by: String,
    pub remedies: Vec<String>,
}

impl Finding {
    /// Those of `{findings: […]}`, in their order.
    pub fn all(said: &Value) -> Result<Vec<Self>> {
        let found = said["findings"]
            .as_array()
            .with_context(|| said.to_string())?;
        Ok(found.iter().map(Self::one).collect())
    }

    fn one(finding: &Value) -> Self {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let remedies = finding["remedies"].as_array().into_iter().flatten();
        Self {
            check: text("check"),
            subject: text("subject"),
            status: text("status"),
            message: text("message"),
            cause: text("cause"),
            explained_by: text("explained_by"),
            remedies: remedies
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        }
    }

    pub fn is_bad(&self) -> bool {
        self.status == "warning" || self.status == "critical"
    }

    /// The machine was too busy to tell.
    pub fn is_late(&self) -> bool {
        ["unavailable.busy", "unavailable.timeout"].contains(&self.message.as_str())
    }

    /// `check/subject`.
    pub fn key(&self) -> String {
        format!("{}/{}", self.check, self.subject)
    }
}

/// When a process of the machine was started, as the agent tells it.
pub fn started_at(machine: &dyn Machine, id: u32) -> Result<String> {
    let program = machine.program();
    let program = program.to_str().context("a path that is no text")?;
    let said = output(&mut machine.command(&[program, "facts", "processes", "--json"]))?;
    let table: Value = serde_json::from_str(&said)?;
    let mut rows = table["rows"].as_array().into_iter().flatten();
    let row = rows.find(|row| row["pid"] == id);
    let row = row.context("the process is not in the table")?;
    Ok(row["started_at"].as_str().context("no start")?.to_owned())
}

/// Turns arguments into the command that runs them in a part of this machine.
type Inside = Box<dyn Fn(&[&str]) -> Command>;

/// This machine, or a part of it that the agent takes for the whole: a network, a view of the files.
pub struct Here {
    inside: Inside,
    collector: String,
    agent: Option<Agent>,
}

impl Here {
    /// This machine as it is.
    pub fn whole() -> Self {
        Self::part(|arguments| {
            let mut plain = command(arguments[0]);
            plain.args(&arguments[1..]);
            plain
        })
    }

    pub fn part(inside: impl Fn(&[&str]) -> Command + 'static) -> Self {
        Self {
            inside: Box::new(inside),
            collector: "127.0.0.1:0".into(),
            agent: None,
        }
    }

    /// This machine with mounts and processes of its own, made by a script; seen until it goes. What the script starts
    /// goes with it.
    pub fn apart(script: &str) -> Result<With<Running>> {
        let mut apart = command("unshare");
        apart.args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]);
        let ready = tempfile::NamedTempFile::new()?;
        let script = format!("{script}\necho $$ >\"$0\"; exec sleep infinity");
        let holder = Running::start(apart.args(["sh", "-e", "-c", &script]).arg(ready.path()))?;
        wait("a machine apart", || {
            let said = std::fs::read_to_string(ready.path()).ok()?;
            said.ends_with('\n').then_some(())
        })?;
        let children = format!("/proc/{0}/task/{0}/children", holder.id());
        let first = std::fs::read_to_string(children)?;
        let first = first.trim().to_owned();
        let machine = Self::part(move |arguments| {
            let mut inside = command("nsenter");
            inside.args(["--target", &first, "--mount", "--pid", "--"]);
            inside.args(arguments);
            inside
        });
        Ok(With::new(machine, holder))
    }

    /// The namespace at the other end of `network`.
    pub fn behind(network: &Network) -> Self {
        let inside = network.inside();
        Self {
            collector: format!("{}:0", network.here()),
            ..Self::part(move |arguments| inside.command(arguments))
        }
    }
}

impl Machine for Here {
    fn command(&self, arguments: &[&str]) -> Command {
        (self.inside)(arguments)
    }

    fn start(&mut self, world: &mut World) -> Result<String> {
        let mut agent = world.enrolled()?;
        let program = self.program();
        let program = program.to_str().context("a path that is no text")?;
        agent.start_with(&mut self.command(&[program]))?;
        let id = agent.id.clone();
        self.agent = Some(agent);
        Ok(id)
    }

    fn collector(&self) -> String {
        self.collector.clone()
    }
}

/// A machine with what it is made of, which goes when it does.
pub struct With<T> {
    machine: Here,
    _parts: T,
}

impl<T> With<T> {
    pub fn new(machine: Here, parts: T) -> Self {
        Self {
            machine,
            _parts: parts,
        }
    }
}

impl<T> With<(Running, Network, T)> {
    /// One in a network of its own whose name server answers.
    pub fn office(parts: T) -> Result<Self> {
        let network = Network::new()?;
        let server = network.name_server()?;
        let machine = Here::behind(&network);
        Ok(Self::new(machine, (server, network, parts)))
    }
}

impl<T> Machine for With<T> {
    fn command(&self, arguments: &[&str]) -> Command {
        self.machine.command(arguments)
    }

    fn start(&mut self, world: &mut World) -> Result<String> {
        self.machine.start(world)
    }

    fn collector(&self) -> String {
        self.machine.collector()
    }
}

impl Machine for Guest {
    fn command(&self, arguments: &[&str]) -> Command {
        Self::command(self, arguments)
    }

    fn start(&mut self, world: &mut World) -> Result<String> {
        let collector = format!("https://{}", world.bound().agents);
        self.enrol(&collector, &world.token()?)
    }

    fn collector(&self) -> String {
        format!("{}:0", self.way_out())
    }

    fn program(&self) -> PathBuf {
        "/usr/local/bin/sonde-agent".into()
    }
}
