//! The collector's database stops, stands still, is locked or has no room left: it is said, nothing is lost, and
//! everything goes on by itself when the database is back.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use crate::console::{Answer, ask};
use crate::database::is_root;
use crate::line::Line;
use crate::load::{Load, account, is_full};
use crate::machine::{Disk, lacks};
use crate::program::{Running, command, output, wait};
use crate::world::{Engine, World};

/// Reports that an agent has to keep while the collector cannot take them.
const KEPT: u64 = 4;
/// Reports that must be committed when the database is back.
const MORE: i64 = 4;

/// A device under load, whose collector is going to lose its database.
struct Outage {
    // Before the world that it belongs to.
    load: Load,
    token: String,
    processes: [Option<u32>; 2],
    /// Notes that were taken while the fault began to tell.
    n_notes: usize,
    world: World,
}

impl Outage {
    fn new(mut world: World) -> Result<Self> {
        let state = world.folder().join("agent");
        let load = Load::start(&mut world, &state)?;
        let token = load.person.token()?;
        let processes = [world.collector_id(), load.agent.process_id()];
        Ok(Self {
            load,
            token,
            processes,
            n_notes: 0,
            world,
        })
    }

    fn ask(&self, path: &str, body: Option<&serde_json::Value>) -> Result<Answer> {
        ask(&self.world, &self.token, path, body)
    }

    /// Orders an action, and lets the fault fall when the device has done it: what it says of it is on its way.
    fn order(&mut self) -> Result<[Running; 2]> {
        let asked = self.load.ask()?;
        wait("the action", || self.load.has_run().then_some(()))?;
        Ok(asked)
    }

    /// Whoever asks is told, and the device keeps what it has.
    fn is_said(&mut self, fault: &str) -> Result<()> {
        let note = format!("/api/v1/tickets/{}/notes", self.load.ticket);
        let refused = wait("a refusal", || {
            let answer = self.ask(&note, Some(&json!({"text": "a last one"}))).ok()?;
            // A disk that is full may have room left in a file.
            self.n_notes += usize::from(answer.status < 300);
            (answer.status >= 300).then_some(answer)
        })?;
        is_unavailable(&refused).context(fault.to_owned())?;
        wait("the collector's notice", || {
            let ready = self.ask("/readyz", None).ok()?;
            (ready.status == 503).then_some(())
        })
        .with_context(|| format!("{fault}: {}", self.world.log()))?;
        let healthy = self.ask("/healthz", None)?;
        ensure!(healthy.status == 200, "{fault}: it lives: {healthy:?}");
        self.is_said_at_the_terminal().context(fault.to_owned())?;
        wait("what the agent keeps", || {
            self.load.agent.n_pending().ok().filter(|n| *n >= KEPT)
        })
        .with_context(|| format!("{fault}: {}", self.load.agent.log()))?;
        Ok(())
    }

    /// Nothing was done, so that it may be asked again; and a check cannot tell (3).
    fn is_said_at_the_terminal(&self) -> Result<()> {
        let (ticket, device) = (&self.load.ticket[..], &self.load.agent.id[..]);
        let on = ["--device", device, "--ticket", ticket];
        let note = ["ticket", "note", ticket, "in the outage"];
        let action = [&["action", "run", "net.dns-flush"][..], &on].concat();
        let check = [&["check", "run", "disk.space"][..], &on].concat();
        for (arguments, code) in [(&note[..], 1), (&action, 1), (&check, 3)] {
            let mut sonde = self.load.person.command(arguments);
            let ran = sonde.stdin(Stdio::null()).output()?;
            let said = String::from_utf8_lossy(&ran.stderr).into_owned();
            ensure!(
                ran.status.code() == Some(code)
                    && said.contains("the collector's database does not answer")
                    && said.contains("try again")
                    && ran.stdout.is_empty(),
                "{arguments:?}: {ran:?}"
            );
        }
        // Whoever stands at the collector's own machine.
        let token = output(&mut self.world.collector_command(&["token", "create"]));
        let refused = token.err().context("a token was made")?.to_string();
        ensure!(refused.contains("the store is not available"), "{refused}");
        let ran = self.load.person.try_sonde(&note)?;
        let problem = ran.problem.context("it was done")?;
        let problem: serde_json::Value = serde_json::from_str(&problem)?;
        ensure!(
            problem["type"] == "urn:sonde:store-unavailable",
            "{problem}"
        );
        Ok(())
    }

    fn committed(&self) -> Result<i64> {
        let spools = account(&self.load.person, &self.load.agent.id)?;
        let ranges = spools.iter().flatten();
        Ok(ranges.map(|(first, last, _)| last - first + 1).sum())
    }

    /// It is ready again, what was kept comes in, what was ordered ran once, and nobody had to start anything anew.
    fn goes_on(&mut self, fault: &str) -> Result<()> {
        wait("the collector", || {
            let ready = self.ask("/readyz", None).ok()?;
            (ready.status == 200).then_some(())
        })
        .with_context(|| format!("{fault}: {}", self.world.log()))?;
        let before = self.committed()?;
        let kept = self.load.agent.n_pending()? as i64;
        wait("what the agent has kept", || {
            self.committed()
                .ok()
                .filter(|now| *now >= before + kept.max(MORE))
        })
        .with_context(|| format!("{fault}: {}", self.load.agent.log()))?;
        ensure!(self.load.agent.is_running(), "{}", self.load.agent.log());
        let now = [self.world.collector_id(), self.load.agent.process_id()];
        ensure!(now == self.processes, "{fault}: something was started anew");
        println!("{fault}: {kept} reports kept, all came in");
        self.load.look()
    }

    /// All is accounted for; what was refused was not done.
    fn end(self, said: &str) -> Result<()> {
        self.load.judge(said)?;
        let shown = self
            .load
            .person
            .sonde(&["ticket", "show", &self.load.ticket])?;
        let timeline = shown["timeline"].to_string();
        ensure!(
            !timeline.contains("in the outage")
                && timeline.matches("a last one").count() == self.n_notes,
            "{} notes were taken: {timeline}",
            self.n_notes
        );
        Ok(())
    }
}

/// Once; twice in a full run.
fn rounds(first: &'static str, second: &'static str) -> impl Iterator<Item = &'static str> {
    [first, second].into_iter().take(1 + usize::from(is_full()))
}

fn is_unavailable(answer: &Answer) -> Result<()> {
    let problem = answer.json()?;
    ensure!(
        answer.status == 503
            && answer.header("content-type") == Some("application/problem+json")
            && answer.header("retry-after").is_some()
            && problem["type"] == "urn:sonde:store-unavailable",
        "{answer:?}"
    );
    Ok(())
}

#[test]
fn a_database_that_stops_for_a_while_loses_nothing() -> Result<()> {
    if !is_root() {
        println!("skipped: only root can give the agent a program that counts");
        return Ok(());
    }
    let Some(world) = World::new(Engine::Postgres)? else {
        println!("skipped: PostgreSQL is not installed: apt-get install -y postgresql");
        return Ok(());
    };
    let mut outage = Outage::new(world)?;
    for fault in ["stopped", "killed", "frozen"] {
        let asked = outage.order()?;
        let database = outage.world.database.as_mut().context("no database")?;
        match fault {
            "stopped" => database.stop()?,
            "killed" => database.kill()?,
            _ => database.freeze()?,
        }
        outage.is_said(fault)?;
        let database = outage.world.database.as_mut().context("no database")?;
        match fault {
            "frozen" => database.thaw()?,
            _ => database.run()?,
        }
        outage.goes_on(fault)?;
        drop(asked);
    }
    outage.end("stopped, killed, frozen")
}

#[test]
fn a_connection_to_the_database_that_is_lost_without_a_word_is_made_anew() -> Result<()> {
    if !is_root() {
        println!("skipped: only root can give the agent a program that counts");
        return Ok(());
    }
    let Some(mut world) = World::new(Engine::Postgres)? else {
        println!("skipped: PostgreSQL is not installed: apt-get install -y postgresql");
        return Ok(());
    };
    let database = world.database.as_mut().context("no database")?;
    let line = Line::start(&database.socket())?;
    database.way = Some(line.at);
    let mut outage = Outage::new(world)?;
    let asked = outage.order()?;
    // The database has the transaction, with its lock, and waits for the end of it.
    line.loses_the_next_commit();
    wait("the loss of the line", || line.has_lost().then_some(()))?;
    wait("what the agent keeps", || {
        outage.load.agent.n_pending().ok().filter(|n| *n >= KEPT)
    })?;
    outage.goes_on("a lost line")?;
    drop(asked);
    outage.end("a lost line")
}

#[test]
fn an_order_that_is_kept_is_not_said_to_be_refused() -> Result<()> {
    if !is_root() {
        println!("skipped: only root can give the agent a program that counts");
        return Ok(());
    }
    let Some(world) = World::new(Engine::Postgres)? else {
        println!("skipped: PostgreSQL is not installed: apt-get install -y postgresql");
        return Ok(());
    };
    let mut outage = Outage::new(world)?;
    let device = outage.load.agent.process_id().context("it does not run")?;
    let signal = |signal: &str| output(command("kill").args([signal, &device.to_string()]));
    // The device does not take the order before the database is gone.
    signal("-STOP")?;
    let (ticket, person) = (&outage.load.ticket[..], &outage.load.person);
    let on = ["--device", &outage.load.agent.id, "--ticket", ticket];
    let mut sonde = person.command(&[&["action", "run", "net.dns-flush"][..], &on].concat());
    let asked = std::thread::spawn(move || sonde.stdin(Stdio::null()).output());
    let id = wait("the order", || {
        let shown = person.sonde(&["ticket", "show", ticket]).ok()?;
        let timeline = shown["timeline"].as_array()?;
        let order = timeline
            .iter()
            .find(|event| event["kind"] == "work_asked")?;
        Some(order["job"].as_str()?.to_owned())
    })?;
    let database = outage.world.database.as_mut().context("no database")?;
    database.stop()?;
    signal("-CONT")?;
    let ran = asked.join().map_err(|_| anyhow::anyhow!("it panicked"))??;
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    ensure!(
        ran.status.code() == Some(1)
            && said.contains(&format!("it goes on: sonde job show {id}"))
            && !said.contains("try again"),
        "{said}"
    );
    database.run()?;
    let ended = wait("the job", || {
        let shown = person.sonde(&["job", "show", &id]).ok()?;
        (shown["ended"] == true).then_some(shown)
    })?;
    ensure!(ended["state"] == "succeeded", "{ended}");
    outage.load.look()?;
    outage.end("an order that was kept")
}

#[test]
fn a_full_disk_under_the_record_loses_nothing() -> Result<()> {
    if let Some(lack) = lacks(&[("mkfs.ext4", "e2fsprogs")]) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let disk = Disk::new(64)?;
    let mut outage = Outage::new(World::sqlite_in(disk.mount().join("data"))?)?;
    for fault in rounds("full", "full again") {
        let asked = outage.order()?;
        disk.fill("something")?;
        outage.is_said(fault)?;
        std::fs::remove_file(disk.mount().join("something"))?;
        outage.goes_on(fault)?;
        drop(asked);
    }
    outage.end("a full disk")
}

/// Another process that holds the record's lock for writing.
struct Lock {
    _holder: Running,
    _folder: tempfile::TempDir,
}

impl Lock {
    fn take(record: PathBuf) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (held, never) = (folder.path().join("held"), folder.path().join("never"));
        output(command("mkfifo").arg(&never))?;
        let mut sqlite = command("sqlite3");
        sqlite.arg(record).arg(".timeout 60000");
        sqlite.arg("BEGIN EXCLUSIVE");
        sqlite.arg(format!(".shell touch {}", held.display()));
        // Nobody ever writes there: it waits, with the lock in its hand.
        sqlite.arg(format!(".read {}", never.display()));
        let holder = Running::start(&mut sqlite)?;
        wait("the lock", || held.exists().then_some(()))?;
        Ok(Self {
            _holder: holder,
            _folder: folder,
        })
    }
}

#[test]
fn a_record_that_another_process_locks_loses_nothing() -> Result<()> {
    if let Some(lack) = lacks(&[("sqlite3", "sqlite3")]) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let mut outage = Outage::new(World::sqlite()?)?;
    for fault in rounds("locked", "locked again") {
        let asked = outage.order()?;
        let lock = Lock::take(outage.world.data().join("sonde.db"))?;
        outage.is_said(fault)?;
        drop(lock);
        outage.goes_on(fault)?;
        drop(asked);
    }
    outage.end("a locked record")
}
