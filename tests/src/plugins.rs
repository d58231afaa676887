//! Monitoring plugins that a device has declared: asked for by a ticket, judged by a policy, counted like everything else.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::program::{Running, command, output, own, programs, wait};
use crate::world::{Agent, Person, World};

/// Debian's, from monitoring-plugins-basic.
const DEBIANS: &str = "/usr/lib/nagios/plugins";

/// A device's settings, and its plugins, in a folder that everybody may look into.
struct Declared {
    folder: tempfile::TempDir,
}

impl Declared {
    fn new() -> Result<Self> {
        let open = fs::Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new()
            .prefix("sonde-plugins-")
            .permissions(open)
            .tempdir()?;
        let declared = Self { folder };
        fs::create_dir(declared.plugins())?;
        declared.mode("plugins", 0o755)?;
        let settings = format!("plugins = {:?}\n", declared.plugins());
        fs::write(declared.settings(), settings)?;
        declared.mode("agent.toml", 0o644)?;
        Ok(declared)
    }

    fn plugins(&self) -> PathBuf {
        self.folder.path().join("plugins")
    }

    fn settings(&self) -> PathBuf {
        self.folder.path().join("agent.toml")
    }

    fn mode(&self, path: &str, mode: u32) -> Result<()> {
        let path = self.folder.path().join(path);
        Ok(fs::set_permissions(path, fs::Permissions::from_mode(mode))?)
    }

    fn write(&self, path: &str, text: &str, mode: u32) -> Result<PathBuf> {
        let whole = self.folder.path().join(path);
        fs::write(&whole, text)?;
        self.mode(path, mode)?;
        Ok(whole)
    }

    fn declare(&self, name: &str, text: &str) -> Result<()> {
        self.write(&format!("plugins/{name}.toml"), text, 0o644)
            .map(drop)
    }

    /// The agent's program with these settings.
    fn command(&self) -> std::process::Command {
        let mut command = own("sonde-agent");
        command.arg("--config").arg(self.settings());
        command
    }

    fn device(&self, world: &mut World, person: &Person) -> Result<Agent> {
        let mut agent = world.enrolled()?;
        agent.start_with(&mut self.command())?;
        person.wait_for(&agent, true)?;
        Ok(agent)
    }
}

fn finding(person: &Person, agent: &Agent, check: &str, subject: &str) -> Option<Value> {
    let shown = person.sonde(&["device", "show", &agent.id]).ok()?;
    let mut findings = shown["findings"].as_array()?.iter();
    let is_it = |one: &&Value| one["check"] == check && one["subject"] == subject;
    findings.find(is_it).cloned()
}

/// A check's declaration, which comes after the device.
fn listed(person: &Person, agent: &Agent, id: &str) -> Result<Value> {
    wait(id, || {
        let list = person
            .sonde(&["check", "list", "--device", &agent.id])
            .ok()?;
        let mut checks = list["items"].as_array()?.iter();
        checks.find(|check| check["id"] == id).cloned()
    })
}

fn asked(person: &Person, agent: &Agent, check: &str) -> Result<(Value, Option<i32>)> {
    listed(person, agent, check)?;
    let run = ["check", "run", check, "--device", &agent.id];
    let ran = person.try_sonde(&[&run[..], &["--new-ticket", "is it well?"]].concat())?;
    let found = ran.value["findings"].as_array().context("no findings")?;
    ensure!(found.len() == 1, "{}", ran.value);
    Ok((found[0].clone(), ran.code))
}

#[test]
fn a_declared_plugin_is_a_check_like_any_other() -> Result<()> {
    if !Path::new(DEBIANS).is_dir() {
        println!("skipped: it needs plugins: apt-get install -y monitoring-plugins-basic");
        return Ok(());
    }
    let declared = Declared::new()?;
    declared.declare(
        "disk",
        &format!("command = [\"{DEBIANS}/check_disk\", \"-w\", \"1\", \"-c\", \"0\", \"-u\", \"bytes\", \"-p\", \"/\"]\ntitle = \"Room on the system disk\"\ntitle_fr = \"Place sur le disque système\""),
    )?;
    declared.declare(
        "dummy",
        &format!("command = [\"{DEBIANS}/check_dummy\", \"2\", \"as told\"]\nevery = \"1h\""),
    )?;
    declared.declare("broken", "comand = []")?;
    declared.declare("Broken", "")?;
    let mut world = World::sqlite()?;
    let person = world.person("ada", "admin")?;
    let agent = declared.device(&mut world, &person)?;

    // It is listed, as it was declared.
    let disk = listed(&person, &agent, "plugin.disk")?;
    ensure!(disk["title"] == "Room on the system disk", "{disk}");
    ensure!(disk["every_seconds"] == 300, "{disk}");
    let dummy = listed(&person, &agent, "plugin.dummy")?;
    ensure!(dummy["every_seconds"] == 3600, "{dummy}");

    // A ticket asks for it.
    let (found, code) = asked(&person, &agent, "plugin.dummy")?;
    ensure!(code == Some(2) && found["status"] == "critical", "{found}");
    ensure!(found["summary"] == "CRITICAL: as told", "{found}");
    let (found, code) = asked(&person, &agent, "plugin.disk")?;
    ensure!(
        code == Some(0) && found["evidence"]["/"].as_u64() > Some(0),
        "{found}"
    );

    // What it measures is a metric, and not only when asked.
    let series = wait("the plugin's metric", || {
        let name = "plugin.disk";
        let labels = "label=/";
        let ask = ["device", "metrics", &agent.id, name, "--labels", labels];
        let shown = person.sonde(&ask).ok()?;
        let series = shown["items"].as_array()?.first()?.clone();
        let points = series["points"].as_array()?;
        points
            .iter()
            .any(|point| point["value"].as_f64() > Some(0.0))
            .then_some(series)
    })?;
    ensure!(series["unit"] == "bytes", "{series}");

    // What declares nothing is unknown by name, with the reason.
    let broken = wait("the broken file's finding", || {
        finding(&person, &agent, "plugin.broken", "")
    })?;
    let says = |found: &Value, what: &str| {
        found["summary"]
            .as_str()
            .is_some_and(|said| said.contains(what))
    };
    ensure!(
        broken["status"] == "unknown" && says(&broken, "`comand`"),
        "{broken}"
    );
    let unfit = || finding(&person, &agent, "agent.plugins", "Broken.toml");
    let unfit = wait("the other file's finding", unfit)?;
    ensure!(says(&unfit, "its name is no plugin's"), "{unfit}");
    ensure!(
        agent.log().contains("broken.toml: line 1: unknown field"),
        "{}",
        agent.log()
    );

    // A policy sets when its findings open what.
    let rules = json!({ "hold_seconds": 0, "opens": "ticket" });
    let policy = json!({ "checks": { "plugin.dummy": rules }, "settling_seconds": 0 });
    let file = world.folder().join("policy.json");
    fs::write(&file, policy.to_string())?;
    person.sonde(&["policy", "set", "plugins", &file.display().to_string()])?;
    wait("a ticket of the plugin's own", || {
        let tickets = person.sonde(&["ticket", "list"]).ok()?;
        let mut tickets = tickets["items"].as_array()?.iter();
        tickets
            .find(|ticket| {
                ticket["title"]
                    .as_str()
                    .is_some_and(|title| title.contains("as told"))
            })
            .cloned()
    })?;

    // Alone, without its collector, the machine says the same.
    let alone = declared
        .command()
        .args(["check", "plugin.dummy", "--json"])
        .output()?;
    ensure!(alone.status.code() == Some(2), "{alone:?}");
    ensure!(String::from_utf8_lossy(&alone.stdout).contains("as told"));
    let all = declared.command().args(["check", "--json"]).output()?;
    let all: Value = serde_json::from_slice(&all.stdout)?;
    let ids = all["findings"].as_array().into_iter().flatten();
    let n_own = ids
        .filter(|one| {
            one["check"]
                .as_str()
                .is_some_and(|id| id.starts_with("plugin."))
        })
        .count();
    ensure!(n_own == 3, "{all}");
    Ok(())
}

#[test]
fn a_plugin_that_hangs_or_floods_holds_nothing_up() -> Result<()> {
    let declared = Declared::new()?;
    fs::create_dir(declared.folder.path().join("out"))?;
    declared.mode("out", 0o777)?;
    let pids = declared.folder.path().join("out/pids");
    let hang = format!(
        "#!/bin/sh\nsleep 1000 & echo $! $$ >> {}\nwait\n",
        pids.display()
    );
    let flood = "#!/bin/sh\nhead -c 10485760 /dev/zero | tr '\\0' x\n";
    let who = "#!/bin/sh\necho $(id -un) $(id -G)\n";
    for (name, script, more) in [
        ("hang", hang.as_str(), "timeout = \"60s\""),
        ("late", &hang, "timeout = \"1s\""),
        ("flood", flood, ""),
        ("who", who, ""),
        ("daemon", who, "user = \"daemon\""),
    ] {
        let path = declared.write(name, script, 0o755)?;
        declared.declare(name, &format!("command = [{path:?}]\n{more}"))?;
    }
    let mut world = World::sqlite()?;
    let person = world.person("ada", "admin")?;
    // Whatever groups an agent of root's has, a plugin has none of them.
    let id = |what: &str| output(command("id").arg(what)).map(|said| said.trim().to_owned());
    let is_root = id("-u")? == "0";
    let mut start = match is_root {
        true => {
            let mut setpriv = command("setpriv");
            setpriv
                .args(["--groups", "4,27"])
                .arg(programs().join("sonde-agent"));
            setpriv.arg("--config").arg(declared.settings());
            setpriv
        }
        false => declared.command(),
    };
    let mut agent = world.enrolled()?;
    agent.start_with(&mut start)?;
    person.wait_for(&agent, true)?;
    // One hangs for a minute; everything else is told meanwhile.
    wait("the hanging plugin", || fs::read_to_string(&pids).ok())?;
    wait("another check", || {
        finding(&person, &agent, "memory.pressure", "")
    })?;
    let (flood, _) = asked(&person, &agent, "plugin.flood")?;
    ensure!(flood["status"] == "ok", "{flood}");
    ensure!(
        flood["evidence"]["output_cut"].as_u64() == Some(10_485_760 - 65_536),
        "{flood}"
    );
    let (late, code) = asked(&person, &agent, "plugin.late")?;
    ensure!(code == Some(3) && late["status"] == "unknown", "{late}");
    let said = late["summary"]
        .as_str()
        .unwrap_or_default()
        .replace('\u{a0}', " ");
    ensure!(
        said.contains("plugin.late gave no answer within 1 s"),
        "{late}"
    );
    // The agent of root runs it as nobody; another agent as whoever that is.
    let (who, _) = asked(&person, &agent, "plugin.who")?;
    let expected = match is_root {
        true => "nobody 65534".to_owned(),
        false => format!("{} {}", id("-un")?, id("-G")?),
    };
    ensure!(who["summary"] == expected, "{who}");
    if is_root {
        let (daemon, _) = asked(&person, &agent, "plugin.daemon")?;
        ensure!(daemon["summary"] == "daemon 1", "{daemon}");
    }
    // An agent leaves nothing running, whether it is killed or stops.
    let all_gone = || -> Result<()> {
        let started = fs::read_to_string(&pids)?;
        fs::remove_file(&pids)?;
        for pid in started.split_whitespace() {
            let stat = format!("/proc/{pid}/stat");
            wait("the end of what was started", || {
                let is_there = fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z "));
                (!is_there).then_some(())
            })?;
        }
        Ok(())
    };
    agent.kill()?;
    all_gone()?;
    agent.start_with(&mut declared.command())?;
    wait("the hanging plugin", || fs::read_to_string(&pids).ok())?;
    agent.stop()?;
    all_gone()
}

#[test]
fn an_agent_does_not_start_when_others_could_add_a_plugin() -> Result<()> {
    let declared = Declared::new()?;
    declared.declare("up", "command = [\"/bin/true\"]")?;
    let mut world = World::sqlite()?;
    let agent = world.enrolled()?;
    let said = declared.folder.path().join("said");
    let start = || -> Result<Running> {
        let mut command = declared.command();
        command.arg("run").arg("--state").arg(&agent.state);
        Running::start(command.stderr(fs::File::create(&said)?))
    };
    declared.mode("plugins", 0o777)?;
    let mut refused = start()?;
    wait("its end", || (!refused.is_running()).then_some(()))?;
    let complaint = fs::read_to_string(&said)?;
    let remedy = format!("chmod go-w {}", declared.plugins().display());
    ensure!(complaint.contains(&remedy), "{complaint}");
    // On the spot the machine is still judged, and this with it.
    let check = declared.command().args(["check", "--json"]).output()?;
    let found: Value = serde_json::from_slice(&check.stdout)?;
    let mut found = found["findings"].as_array().into_iter().flatten();
    let unfit = found
        .find(|one| one["check"] == "agent.plugins")
        .context("not said")?;
    ensure!(
        unfit["summary"]
            .as_str()
            .is_some_and(|said| said.contains(&remedy)),
        "{unfit}"
    );
    declared.mode("plugins", 0o755)?;
    let mut taken = start()?;
    wait("its start", || {
        fs::read_to_string(&said)
            .ok()
            .filter(|log| log.contains("connected"))
    })?;
    ensure!(taken.is_running());
    taken.stop()?;
    Ok(())
}
