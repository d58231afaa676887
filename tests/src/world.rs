//! A collector, its people and its devices, each a real process with a folder of its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::database::Cluster;
pub use crate::person::{Person, Ran};
use crate::program::{Running, output, own, wait};

/// Which engine keeps the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Runs `test` on both engines; PostgreSQL is skipped by name where it is not installed.
pub fn on_both(test: impl Fn(World) -> Result<()>) -> Result<()> {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        match World::new(engine)? {
            Some(world) => test(world).with_context(|| format!("on {engine:?}"))?,
            #[allow(clippy::print_stdout, reason = "the test's runner hands it on")]
            None => println!(
                "skipped on PostgreSQL: it is not installed: apt-get install -y postgresql"
            ),
        }
    }
    Ok(())
}

/// Where a collector can be reached, as `serve --json` prints it.
#[derive(Clone, Debug, Deserialize)]
pub struct Bound {
    pub agents: String,
    pub console: String,
    pub fingerprint: String,
}

/// One collector with everything around it.
#[derive(Debug)]
pub struct World {
    // In the order in which they go: the folder when nobody writes into it any more.
    collector: Option<Running>,
    pub database: Option<Cluster>,
    folder: tempfile::TempDir,
    /// The collector's.
    data: PathBuf,
    bound: Bound,
    n_agents: usize,
    /// Of the collector, as TOML; read when it is started.
    pub settings: String,
    /// What the collector finds in its environment beside its own.
    pub environment: Vec<(&'static str, String)>,
}

/// A machine's agent: its state folder, and its process while it runs.
#[derive(Debug)]
pub struct Agent {
    pub id: String,
    pub state: PathBuf,
    log: PathBuf,
    running: Option<Running>,
}

impl World {
    /// A collector with an empty record. `None`: the engine is not installed.
    pub fn new(engine: Engine) -> Result<Option<Self>> {
        Self::listening(engine, "127.0.0.1:0")
    }

    /// The same, with another address for agents.
    pub fn listening(engine: Engine, agents: &str) -> Result<Option<Self>> {
        Self::made(engine, agents, None)
    }

    /// One on SQLite, whose record lies in a folder of the caller's choice.
    pub fn sqlite_in(data: PathBuf) -> Result<Self> {
        Self::made(Engine::Sqlite, "127.0.0.1:0", Some(data))?.context("SQLite is always there")
    }

    fn made(engine: Engine, agents: &str, data: Option<PathBuf>) -> Result<Option<Self>> {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => match Cluster::start()? {
                Some(cluster) => Some(cluster),
                None => return Ok(None),
            },
        };
        let folder = tempfile::Builder::new().prefix("sonde-").tempdir()?;
        let data = data.unwrap_or_else(|| folder.path().join("data"));
        // Others must not look into it; the collector makes it so when there is none.
        debug_assert!(!data.exists());
        let mut world = Self {
            folder,
            data,
            database,
            collector: None,
            bound: Bound {
                agents: agents.to_owned(),
                console: "127.0.0.1:0".into(),
                fingerprint: String::new(),
            },
            n_agents: 0,
            settings: String::new(),
            environment: Vec::new(),
        };
        world.start_collector()?;
        Ok(Some(world))
    }

    /// One on SQLite.
    pub fn sqlite() -> Result<Self> {
        Self::new(Engine::Sqlite)?.context("SQLite is always there")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn data(&self) -> PathBuf {
        self.data.clone()
    }

    pub fn bound(&self) -> &Bound {
        &self.bound
    }

    /// Starts the collector; after the first time on the same ports.
    pub fn start_collector(&mut self) -> Result<()> {
        let (out, log) = (
            self.folder.path().join("collector.out"),
            self.folder.path().join("collector.log"),
        );
        let console = self.bound.console.trim_start_matches("https://").to_owned();
        let mut serve = self.collector_command(&[
            "serve",
            "--json",
            "--agents",
            &self.bound.agents,
            "--console",
            &console,
        ]);
        let config = self.folder.path().join("collector.toml");
        fs::write(&config, &self.settings)?;
        serve
            .arg("--config")
            .arg(config)
            .envs(self.environment.iter().cloned())
            .stdout(File::create(&out)?)
            .stderr(File::options().create(true).append(true).open(&log)?);
        let mut running = Running::start(&mut serve)?;
        self.bound = wait("the collector", || {
            let line = fs::read_to_string(&out)
                .ok()
                .filter(|line| line.ends_with('\n'));
            match line {
                Some(line) => Some(serde_json::from_str(&line).map_err(anyhow::Error::from)),
                None if running.is_running() => None,
                None => Some(Err(anyhow::anyhow!(
                    "{}",
                    fs::read_to_string(&log).unwrap_or_default()
                ))),
            }
        })??;
        self.collector = Some(running);
        Ok(())
    }

    /// SIGKILL.
    pub fn kill_collector(&mut self) -> Result<()> {
        self.collector.take().context("no collector runs")?.kill()
    }

    /// SIGTERM, as whoever runs it would.
    pub fn stop_collector(&mut self) -> Result<ExitStatus> {
        self.collector.take().context("no collector runs")?.stop()
    }

    pub fn collector_id(&self) -> Option<u32> {
        self.collector.as_ref().map(Running::id)
    }

    /// `sonde-collector` on this world's data.
    pub fn collector_command(&self, arguments: &[&str]) -> Command {
        let mut command = own("sonde-collector");
        command.args(arguments).arg("--data").arg(self.data());
        if let Some(cluster) = &self.database {
            command.arg("--store").arg(cluster.url());
        }
        command
    }

    /// What the collector has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("collector.log")).unwrap_or_default()
    }

    /// A new account that nobody has signed in to: the file of what `sonde-collector user add` prints of it.
    pub fn account(&self, name: &str, role: &str) -> Result<PathBuf> {
        let add = ["user", "add", name, "--role", role, "--json"];
        let made = output(&mut self.collector_command(&add))?;
        let file = self.folder.path().join(format!("{name}.account.json"));
        fs::write(&file, made)?;
        Ok(file)
    }

    /// A new account, signed in by the `sonde` command.
    pub fn person(&self, name: &str, role: &str) -> Result<Person> {
        self.person_of(name, role, &[])
    }

    /// The same with an account for some sites only.
    pub fn person_of(&self, name: &str, role: &str, sites: &[&str]) -> Result<Person> {
        let mut add = self.collector_command(&["user", "add", name, "--role", role, "--json"]);
        add.args(sites.iter().flat_map(|site| ["--site", site]));
        let made = output(&mut add)?;
        let made: Value = serde_json::from_str(&made)?;
        let text = |key: &str| made[key].as_str().unwrap_or_default().to_owned();
        let person = Person {
            name: name.to_owned(),
            role: role.to_owned(),
            password: text("password"),
            totp_secret: text("totp_secret"),
            profile: self.folder.path().join(format!("{name}.json")),
            environment: Vec::new(),
        };
        let password = self.folder.path().join(format!("{name}.password"));
        fs::write(&password, &person.password)?;
        let code = self.folder.path().join(format!("{name}.code"));
        fs::write(&code, person.code()?)?;
        let mut login = person.command(&[
            "login",
            &self.bound.console,
            "--name",
            name,
            "--fingerprint",
            &self.bound.fingerprint,
        ]);
        login.arg("--password-file").arg(&password);
        login.arg("--code-file").arg(&code);
        output(&mut login)?;
        Ok(person)
    }

    /// A token for one more device.
    pub fn token(&self) -> Result<PathBuf> {
        self.token_for(1, "default")
    }

    /// The same for so many devices of a site.
    pub fn token_for(&self, uses: usize, site: &str) -> Result<PathBuf> {
        let create = [
            "token",
            "create",
            "--uses",
            &uses.to_string(),
            "--site",
            site,
        ];
        let token = output(&mut self.collector_command(&create))?;
        let path = self.folder.path().join("token");
        fs::write(&path, token)?;
        Ok(path)
    }

    /// A device of this machine, enrolled and running.
    pub fn agent(&mut self) -> Result<Agent> {
        let mut agent = self.enrolled()?;
        agent.start()?;
        Ok(agent)
    }

    /// A device that is enrolled and does not run.
    pub fn enrolled(&mut self) -> Result<Agent> {
        let name = format!("agent-{}", self.n_agents + 1);
        self.enrolled_in(&self.folder.path().join(name))
    }

    /// One whose state lies in a folder of the caller's choice.
    pub fn enrolled_in(&mut self, state: &Path) -> Result<Agent> {
        self.n_agents += 1;
        let log = self
            .folder
            .path()
            .join(format!("agent-{}.log", self.n_agents));
        let id = self.enrol(state)?;
        Ok(Agent {
            id,
            state: state.to_owned(),
            log,
            running: None,
        })
    }

    /// Enrols a device into a state folder; gives its id.
    pub fn enrol(&self, state: &Path) -> Result<String> {
        let collector = format!("https://{}", self.bound.agents);
        device_id(&output(&mut self.enroll_command(&collector, state)?)?)
    }

    /// What enrols a device that knows the collector by that address.
    pub fn enroll_command(&self, collector: &str, state: &Path) -> Result<Command> {
        let mut enroll = own("sonde-agent");
        enroll.args(["enroll", "--collector", collector, "--token-file"]);
        enroll.arg(self.token()?).arg("--state").arg(state);
        Ok(enroll)
    }
}

/// The id in what `sonde-agent enroll` said.
pub fn device_id(said: &str) -> Result<String> {
    let first = said.lines().next().unwrap_or_default();
    let id = first.strip_prefix("enrolled as device ");
    Ok(id.with_context(|| said.to_owned())?.to_owned())
}

impl Agent {
    /// One over a state folder that was not made by enrolling.
    pub fn over(id: &str, state: &Path, log: &Path) -> Self {
        Self {
            id: id.to_owned(),
            state: state.to_owned(),
            log: log.to_owned(),
            running: None,
        }
    }

    pub fn start(&mut self) -> Result<()> {
        self.start_with(&mut own("sonde-agent"))
    }

    /// Starts it by another command that ends in the agent, such as one that enters a namespace.
    pub fn start_with(&mut self, command: &mut Command) -> Result<()> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        command
            .arg("run")
            .arg("--state")
            .arg(&self.state)
            .stdout(Stdio::null())
            .stderr(log);
        self.running = Some(Running::start(command)?);
        Ok(())
    }

    /// SIGKILL.
    pub fn kill(&mut self) -> Result<()> {
        self.running
            .take()
            .context("the agent does not run")?
            .kill()
    }

    /// SIGTERM.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        self.running
            .take()
            .context("the agent does not run")?
            .stop()
    }

    pub fn is_running(&mut self) -> bool {
        self.running.as_mut().is_some_and(Running::is_running)
    }

    pub fn process_id(&self) -> Option<u32> {
        self.running.as_ref().map(Running::id)
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub fn log_file(&self) -> &Path {
        &self.log
    }

    /// What `sonde-agent status` says, for people and in JSON, without looking at the network.
    pub fn status(&self) -> Result<(String, Value)> {
        let ask = |json: &[&str]| -> Result<String> {
            let mut status = own("sonde-agent");
            status
                .args(["status", "--quick"])
                .arg("--state")
                .arg(&self.state)
                .args(json);
            let said = status.stdin(Stdio::null()).output()?;
            Ok(String::from_utf8_lossy(&said.stdout).into_owned())
        };
        Ok((ask(&[])?, serde_json::from_str(&ask(&["--json"])?)?))
    }

    /// Reports that it keeps for the collector.
    pub fn n_pending(&self) -> Result<u64> {
        self.status()?.1["n_pending"].as_u64().context("no count")
    }
}
