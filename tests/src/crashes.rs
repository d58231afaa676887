//! Agent and collector are killed at random moments, under load. Nothing is lost, nothing runs twice.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::database::is_root;
use crate::program::{Running, command, pass, programs, wait};
use crate::world::{Agent, Person, World, on_both};

/// Rounds of an ordinary run; a full one has more.
const ROUNDS: usize = 20;
const FULL_ROUNDS: usize = 100;
/// A round's fault falls within this.
const MOMENT_MS: u64 = 400;

/// Whether this is a full run.
pub(crate) fn is_full() -> bool {
    std::env::var("SONDE_TEST_FULL").is_ok_and(|full| full == "1")
}

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
struct Counter {
    folder: tempfile::TempDir,
    _running: Running,
}

impl Counter {
    fn start() -> Result<Self> {
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
        })
    }

    /// Starts the agent where it finds this counter's program before all others.
    fn start_agent(&self, agent: &mut Agent) -> Result<()> {
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

    fn count(&self) -> usize {
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

#[test]
fn nothing_is_lost_and_nothing_runs_twice() -> Result<()> {
    if !is_root() {
        println!("skipped: only root can give the agent a program that counts");
        return Ok(());
    }
    let rounds = if is_full() { FULL_ROUNDS } else { ROUNDS };
    let mut random = Random::new()?;
    let random = std::cell::RefCell::new(&mut random);
    on_both(|world| rounds_on(world, rounds, &mut random.borrow_mut()))
}

fn rounds_on(mut world: World, rounds: usize, random: &mut Random) -> Result<()> {
    world.settings = "report_every_seconds = 1\n".into();
    world.stop_collector()?;
    world.start_collector()?;
    let person = world.person("ada", "technician")?;
    let counter = Counter::start()?;
    let mut agent = world.enrolled()?;
    counter.start_agent(&mut agent)?;
    person.wait_for(&agent, true)?;
    let opened = person.sonde(&["ticket", "open", "names are stale", "--device", &agent.id])?;
    let ticket = opened["number"].as_i64().context("no number")?.to_string();
    let mut n_kills = [0; 2];
    for _ in 0..rounds {
        let asked = ask(&person, &agent, &ticket)?;
        pass(Duration::from_millis(random.below(MOMENT_MS)));
        match random.below(2) {
            0 => {
                world.kill_collector()?;
                n_kills[0] += 1;
                world.start_collector()?;
            }
            _ => {
                agent.kill()?;
                n_kills[1] += 1;
                counter.start_agent(&mut agent)?;
            }
        }
        drop(asked);
    }
    let jobs = wait("the end of all jobs", || {
        ended(&person, &ticket).ok().flatten()
    })?;
    agent.stop()?;
    let spools = account(&person, &agent.id)?;
    ensure!(spools.len() == 1, "{} spools", spools.len());
    let [committed, rejected, thinned] = assert_whole(&spools[0])?;
    let n = |wanted: &str| {
        jobs.iter()
            .filter(|(title, state)| title.starts_with("net.dns-flush") && state == wanted)
            .count()
    };
    let (succeeded, unknown) = (n("succeeded"), n("unknown"));
    let ran = counter.count();
    println!(
        "{rounds} rounds: collector killed {}, agent killed {}; reports {committed} committed, {rejected} rejected, {thinned} thinned; \
         actions {succeeded} succeeded, {unknown} unknown, {ran} seen to run of {} orders",
        n_kills[0],
        n_kills[1],
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

/// Asks for work without waiting for it. The request is killed with its value: a collector that dies must not hold it.
fn ask(person: &Person, agent: &Agent, ticket: &str) -> Result<Vec<Running>> {
    let flush = [
        "action",
        "run",
        "net.dns-flush",
        "--device",
        &agent.id,
        "--ticket",
        ticket,
    ];
    let check = [
        "check",
        "run",
        "disk.space",
        "memory.pressure",
        "--device",
        &agent.id,
        "--ticket",
        ticket,
    ];
    [&flush[..], &check[..]]
        .into_iter()
        .map(|arguments| {
            let mut sonde = person.command(arguments);
            sonde
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null());
            Running::start(&mut sonde)
        })
        .collect()
}
