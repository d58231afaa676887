//! A device under load while faults fall, and what must hold of it afterwards.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::program::{Running, command, programs, wait};
use crate::world::{Agent, Person, World};

/// Random numbers from a seed that is printed and can be given (SONDE_SEED). SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new() -> Result<Self> {
        let given = std::env::var("SONDE_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
        let seed = given.unwrap_or(clock.as_nanos() as u64);
        println!("SONDE_SEED={seed}");
        Ok(Self(seed))
    }

    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % most
    }
}

/// Rounds in which one person stays below what a person may order in a minute.
const ROUNDS_PER_PERSON: usize = 14;
/// How long a run takes, seconds: a fault finds it under way as often as not.
const RUN_S: f64 = 0.5;
/// The action whose runs are counted.
const ACTION: &str = "net.dns-flush";

/// A stand-in for systemd-resolved whose `resolvectl` writes down in which round it is told to forget its cache. The
/// agent sees it in a mount namespace of its own.
pub(crate) struct Counter {
    folder: tempfile::TempDir,
    _running: Running,
    /// An agent sees every daemon of the machine: there is one counter at a time.
    _alone: fs::File,
}

impl Counter {
    pub(crate) fn start() -> Result<Self> {
        let alone = fs::File::create(std::env::temp_dir().join("sonde-counter.lock"))?;
        alone.lock()?;
        let folder = tempfile::tempdir()?;
        let make = |name: &str, text: String| {
            let path = folder.path().join(name);
            fs::write(&path, text)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
            Ok::<_, anyhow::Error>(path)
        };
        // The kernel cuts names at 15 characters.
        let daemon = make(
            "systemd-resolve",
            "#!/bin/sh\nwhile :; do sleep 5; done\n".into(),
        )?;
        let over = folder.path().join("sbin");
        fs::create_dir(&over)?;
        let at = |name: &str| folder.path().join(name).display().to_string();
        let (round, runs) = (at("round"), at("runs"));
        make(
            "sbin/resolvectl",
            format!("#!/bin/sh\ncat {round} >> {runs}\nsleep {RUN_S}\n"),
        )?;
        let running = Running::start(&mut command(&daemon))?;
        let counter = Self {
            folder,
            _running: running,
            _alone: alone,
        };
        counter.begin(0)?;
        Ok(counter)
    }

    /// Starts the agent where it finds this counter's program before all others.
    pub(crate) fn start_agent(&self, agent: &mut Agent) -> Result<()> {
        let over = format!(
            "mount -t overlay overlay -o lowerdir={}/sbin:/usr/sbin /usr/sbin && exec \"$0\" \"$@\"",
            self.folder.path().display()
        );
        agent.start_with(
            command("unshare")
                .args(["--mount", "sh", "-c", &over])
                .arg(programs().join("sonde-agent")),
        )
    }

    /// From now on it runs in this round.
    fn begin(&self, round: usize) -> Result<()> {
        let round = format!("{round}\n");
        Ok(fs::write(self.folder.path().join("round"), round)?)
    }

    /// How often it has run in a round; there is no such file before the first time.
    fn n_runs(&self, round: usize) -> usize {
        let runs = fs::read_to_string(self.folder.path().join("runs")).unwrap_or_default();
        let round = round.to_string();
        runs.lines().filter(|run| *run == round).count()
    }
}

/// (first, last) of every range of each spool of a device.
pub(crate) fn account(person: &Person, device: &str) -> Result<Vec<Vec<(i64, i64, String)>>> {
    let account = person.sonde(&["device", "reports", device])?;
    let range = |range: &Value| {
        Some((
            range["first"].as_i64()?,
            range["last"].as_i64()?,
            range["fate"].as_str()?.to_owned(),
        ))
    };
    let spools = account["spools"].as_array().context("no spools")?;
    Ok(spools
        .iter()
        .map(|spool| {
            spool["ranges"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(range)
                .collect()
        })
        .collect())
}

/// Every number from the first to the last is accounted for, once. Gives how many there are, by fate.
pub(crate) fn assert_whole(spool: &[(i64, i64, String)]) -> Result<[i64; 3]> {
    let mut next = 1;
    let mut counts = [0; 3];
    for (first, last, fate) in spool {
        ensure!(
            *first == next && last >= first,
            "{first}-{last} follows {}: {spool:?}",
            next - 1
        );
        let at = ["committed", "rejected", "thinned"]
            .iter()
            .position(|known| known == fate);
        counts[at.context("an unknown fate")?] += last - first + 1;
        next = last + 1;
    }
    Ok(counts)
}

/// The account of a device that has one spool, when it is whole.
pub(crate) fn whole(person: &Person, device: &str) -> Result<[i64; 3]> {
    match &account(person, device)?[..] {
        [spool] => assert_whole(spool),
        spools => anyhow::bail!("{} spools", spools.len()),
    }
}

/// Title and state of every order of a ticket, in the order asked; `None` while one has not ended.
fn ended(person: &Person, ticket: &str) -> Result<Option<Vec<(String, String)>>> {
    let shown = person.sonde(&["ticket", "show", ticket])?;
    let timeline = shown["timeline"].as_array().context("no timeline")?;
    let of_kind = |kind: &'static str| timeline.iter().filter(move |event| event["kind"] == kind);
    let text = |event: &Value, key: &str| event[key].as_str().unwrap_or_default().to_owned();
    let state = |asked: &Value| {
        let mut ends = of_kind("work_ended").filter(|end| end["job"] == asked["job"]);
        Some((text(asked, "title"), text(ends.next()?, "state")))
    };
    Ok(of_kind("work_asked").map(state).collect())
}

/// A device with a ticket, reporting every second, that is asked for a counted action in every round.
pub(crate) struct Load {
    pub(crate) agent: Agent,
    counter: Counter,
    pub(crate) person: Person,
    pub(crate) ticket: String,
    n_rounds: usize,
    /// Orders that are known to have ended.
    n_orders: usize,
    /// How the action of each round ended, where one was ordered.
    actions: Vec<(usize, String)>,
}

impl Load {
    /// `state`: the device's folder.
    pub(crate) fn start(world: &mut World, state: &Path) -> Result<Self> {
        world.settings = "report_every_seconds = 1\n".into();
        world.stop_collector()?;
        world.start_collector()?;
        let person = world.person("ada", "technician")?;
        let counter = Counter::start()?;
        let mut agent = world.enrolled_in(state)?;
        counter.start_agent(&mut agent)?;
        person.wait_for(&agent, true)?;
        let opened = person.sonde(&["ticket", "open", "names are stale", "--device", &agent.id])?;
        let ticket = opened["number"].as_i64().context("no number")?.to_string();
        Ok(Self {
            agent,
            counter,
            person,
            ticket,
            n_rounds: 0,
            n_orders: 0,
            actions: Vec::new(),
        })
    }

    /// Starts the agent again, as it was.
    pub(crate) fn restart(&mut self) -> Result<()> {
        self.counter.start_agent(&mut self.agent)
    }

    /// Asks for work in a round of its own, without waiting for it. Who asks is killed with the value.
    pub(crate) fn ask(&mut self) -> Result<[Running; 2]> {
        self.n_rounds += 1;
        self.counter.begin(self.n_rounds)?;
        let at = ["--device", &self.agent.id, "--ticket", &self.ticket];
        let start = |words: &[&str]| {
            let mut sonde = self.person.command(&[words, &at].concat());
            sonde
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null());
            Running::start(&mut sonde)
        };
        Ok([
            start(&["action", "run", ACTION])?,
            start(&["check", "run", "disk.space", "memory.pressure"])?,
        ])
    }

    /// The action of this round is on the record as done: whatever falls now falls on what is kept.
    pub(crate) fn has_succeeded(&self) -> bool {
        let orders = ended(&self.person, &self.ticket).ok().flatten();
        orders.is_some_and(|orders| {
            let mut new = orders.iter().skip(self.n_orders);
            new.any(|(title, state)| title.starts_with(ACTION) && state == "succeeded")
        })
    }

    /// The action of this round has run.
    pub(crate) fn has_run(&self) -> bool {
        self.counter.n_runs(self.n_rounds) > 0
    }

    /// Asks for work, lets a fault fall meanwhile, and looks how the work has ended.
    pub(crate) fn round(
        &mut self,
        world: &mut World,
        fault: impl FnOnce(&mut World, &mut Self) -> Result<()>,
    ) -> Result<()> {
        if self.n_rounds % ROUNDS_PER_PERSON == ROUNDS_PER_PERSON - 1 {
            self.person = world.person(&format!("ada-{}", self.n_rounds), "technician")?;
        }
        let mut asked = self.ask()?;
        fault(world, self)?;
        // Who has gone by themselves have nothing under way any more: what they ordered is in the record, or will
        // never be.
        wait("the end of who asked", || {
            let is_over = asked.iter_mut().all(|sonde| !sonde.is_running());
            is_over.then_some(())
        })?;
        self.look()
    }

    /// Waits for the end of what was ordered in this round, and counts how often its action ran.
    pub(crate) fn look(&mut self) -> Result<()> {
        let orders = wait("the end of all jobs", || {
            ended(&self.person, &self.ticket).ok().flatten()
        })?;
        let new = &orders[self.n_orders..];
        let mut actions = new.iter().filter(|(title, _)| title.starts_with(ACTION));
        let (action, other) = (actions.next(), actions.next());
        ensure!(other.is_none(), "asked once, ordered twice: {new:?}");
        let n_runs = self.counter.n_runs(self.n_rounds);
        let state = action.map_or("not ordered", |(_, state)| state.as_str());
        let may_run = match state {
            "succeeded" => 1..=1,
            "unknown" | "failed" => 0..=1,
            _ => 0..=0,
        };
        ensure!(
            may_run.contains(&n_runs),
            "the action of round {} is {state} and ran {n_runs} times",
            self.n_rounds
        );
        if action.is_some() {
            self.actions.push((n_runs, state.to_owned()));
        }
        self.n_orders = orders.len();
        Ok(())
    }

    /// Every number is accounted for; in most rounds there was work that a fault could fall on.
    pub(crate) fn judge(&self, said: &str) -> Result<()> {
        // What came last is still on its way.
        let [committed, rejected, thinned] = wait("the account of all numbers", || {
            whole(&self.person, &self.agent.id).ok()
        })?;
        let n = |wanted: &str| {
            let found = self.actions.iter().filter(|(_, state)| state == wanted);
            found.count()
        };
        let n_ran: usize = self.actions.iter().map(|(n_runs, _)| n_runs).sum();
        println!(
            "counted: {said}; reports {committed} committed, {rejected} rejected, {thinned} thinned; {} orders in {} rounds; \
             of {} actions {} succeeded, {} failed, {} unknown, {n_ran} seen to run",
            self.n_orders,
            self.n_rounds,
            self.actions.len(),
            n("succeeded"),
            n("failed"),
            n("unknown"),
        );
        ensure!(rejected == 0, "{rejected} reports were rejected");
        ensure!(n("succeeded") > 0, "no action succeeded");
        ensure!(
            self.n_orders >= self.n_rounds,
            "{} orders in {} rounds",
            self.n_orders,
            self.n_rounds
        );
        Ok(())
    }
}

/// Whether this is a full run.
pub(crate) fn is_full() -> bool {
    std::env::var("SONDE_TEST_FULL").is_ok_and(|full| full == "1")
}
