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

/// A stand-in for systemd-resolved whose `resolvectl` counts how often it is told to forget its cache. The agent sees
/// it in a mount namespace of its own.
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
        let count = folder.path().join("count");
        make(
            "sbin/resolvectl",
            format!("#!/bin/sh\necho \"$@\" >> {}\n", count.display()),
        )?;
        let running = Running::start(&mut command(&daemon))?;
        Ok(Self {
            folder,
            _running: running,
            _alone: alone,
        })
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

    pub(crate) fn count(&self) -> usize {
        fs::read_to_string(self.folder.path().join("count")).map_or(0, |text| text.lines().count())
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

/// Title and state of every order of a ticket that has ended; `None` while one has not.
fn ended(person: &Person, ticket: &str) -> Result<Option<Vec<(String, String)>>> {
    let shown = person.sonde(&["ticket", "show", ticket])?;
    let timeline = shown["timeline"].as_array().context("no timeline")?;
    let of_kind = |kind: &'static str| timeline.iter().filter(move |event| event["kind"] == kind);
    let text = |event: &Value, key: &str| event[key].as_str().unwrap_or_default().to_owned();
    let ended: Vec<_> = of_kind("work_ended")
        .map(|event| (text(event, "title"), text(event, "state")))
        .collect();
    Ok((ended.len() == of_kind("work_asked").count()).then_some(ended))
}

/// A device with a ticket, reporting every second, whose actions are counted.
pub(crate) struct Load {
    pub(crate) agent: Agent,
    pub(crate) counter: Counter,
    pub(crate) person: Person,
    pub(crate) ticket: String,
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
        })
    }

    /// Starts the agent again, as it was.
    pub(crate) fn restart(&mut self) -> Result<()> {
        self.counter.start_agent(&mut self.agent)
    }

    /// Asks for work without waiting for it. Who asks is killed with the value: a collector that dies must not hold it.
    pub(crate) fn ask(&self) -> Result<[Running; 2]> {
        let at = ["--device", &self.agent.id, "--ticket", &self.ticket];
        let start = |words: &[&str]| {
            let mut sonde = self.person.command(&[words, &at].concat());
            sonde
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null());
            Running::start(&mut sonde)
        };
        Ok([
            start(&["action", "run", "net.dns-flush"])?,
            start(&["check", "run", "disk.space", "memory.pressure"])?,
        ])
    }

    /// Every number is accounted for, no action has run twice, none is said to have succeeded that did not.
    pub(crate) fn judge(&self, said: &str) -> Result<()> {
        let jobs = wait("the end of all jobs", || {
            ended(&self.person, &self.ticket).ok().flatten()
        })?;
        // What came last is still on its way.
        let [committed, rejected, thinned] = wait("the account of all numbers", || {
            whole(&self.person, &self.agent.id).ok()
        })?;
        let n = |wanted: &str| {
            jobs.iter()
                .filter(|(title, state)| title.starts_with("net.dns-flush") && state == wanted)
                .count()
        };
        let (succeeded, unknown) = (n("succeeded"), n("unknown"));
        let ran = self.counter.count();
        println!(
            "{said}; reports {committed} committed, {rejected} rejected, {thinned} thinned; actions {succeeded} succeeded, {unknown} unknown, \
             {ran} seen to run; {} orders",
            jobs.len()
        );
        ensure!(rejected == 0, "{rejected} reports were rejected");
        ensure!(
            ran >= succeeded,
            "{succeeded} are said to have succeeded, {ran} ran"
        );
        ensure!(
            ran <= succeeded + unknown,
            "{ran} ran, {succeeded} succeeded and {unknown} are unknown"
        );
        ensure!(succeeded > 0, "no action succeeded");
        Ok(())
    }
}

/// Whether this is a full run.
pub(crate) fn is_full() -> bool {
    std::env::var("SONDE_TEST_FULL").is_ok_and(|full| full == "1")
}
