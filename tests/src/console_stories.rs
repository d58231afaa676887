//! The console in a browser, by its own stories: against this collector, with real agents in systems of their own, at a
//! helpdesk that has been at work.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::clocks;
use crate::fleet_sim::program::Fleet;
use crate::fleet_sim::tone::HARM;
use crate::guest::{Guest, NEEDS};
use crate::helpdesk::Helpdesk;
use crate::load::is_full;
use crate::machine::lacks;
use crate::office;
use crate::patient::Machine as _;
use crate::program::{command, wait};
use crate::world::{Engine, World};

/// The device that the stories are about, and a ticket of it.
const DEVICE: &str = "lab-7";
const TICKET: &str = "1";
const TICKETS: usize = 40;
/// A folder of scans whose file system is not mounted.
const FSTAB: &str = "tmpfs /srv/archive tmpfs size=16m 0 0\n";
/// Devices that are simulated, of each kind.
const SIMULATED: usize = 3;
/// Stories that there are, at least.
const STORIES: usize = 34;
/// What `sonde-agent help-me` ends with where what was said is sent later.
const KEPT: i32 = 4;
/// What the collector has its clock from.
const CLOCK: &str = "clock";
const BROWSER: (&str, &str) = ("chromium", "chromium");

/// What a story needs to be told.
struct Stage {
    // Goes before its guests.
    world: World,
    lab: Guest,
    /// Where another device enrols.
    spare: Guest,
    node: PathBuf,
    /// Others beside it.
    _fleet: Fleet,
}

impl Stage {
    /// `None`: what it is made of is not there. The collector's clock can be one that goes as a file says.
    fn set(has_clock: bool) -> Result<Option<Self>> {
        if has_clock && clocks::is_missing() {
            return Ok(None);
        }
        let needs = [NEEDS, office::NEEDS, &[BROWSER]].concat();
        if let Some(lack) = lacks(&needs) {
            println!("skipped: {lack}");
            return Ok(None);
        }
        let Some(node) = std::env::var_os("SONDE_NODE") else {
            println!("skipped: it needs Node 24, which cargo xtask test finds or fetches");
            return Ok(None);
        };
        let lab = Guest::in_office()?;
        let world = World::listening(Engine::Sqlite, &lab.collector())?;
        let mut world = world.context("SQLite is always there")?;
        if has_clock {
            let clock = world.folder().join(CLOCK);
            fs::write(&clock, "+0s")?;
            world.stop_collector()?;
            world.environment = clocks::by_file(&clock);
            world.start_collector()?;
        }
        let fleet = fleet(&world, "simulated", &[])?;
        let mut stage = Self {
            world,
            lab,
            _fleet: fleet,
            spare: Guest::boot()?,
            node: node.into(),
        };
        stage.furnish()?;
        Ok(Some(stage))
    }

    fn furnish(&mut self) -> Result<()> {
        self.lab.run(&["hostname", DEVICE])?;
        self.lab.run(&["mount", "-t", "tmpfs", "tmpfs", "/srv"])?;
        self.lab.run(&["mkdir", "/srv/archive"])?;
        fs::write(self.lab.path("/etc/fstab"), FSTAB)?;
        self.lab
            .service("sleeper.service", "a program", "/usr/bin/sleep 86400", "")?;
        self.lab.run(&["systemctl", "start", "sleeper"])?;
        let device = self.lab.start(&mut self.world)?;

        let bruno = self.world.person("bruno", "admin")?;
        let desk = Helpdesk::new(&self.world, &bruno)?;
        desk.furnish()?;
        bruno.sonde(&["person", "confirm-device", "Jean Dupont", &device])?;
        wait("the device and its actions", || {
            let shown = bruno.sonde(&["device", "show", &device]).ok()?;
            let listed = bruno.sonde(&["action", "list", "--device", &device]).ok()?;
            let is_there = shown["device"]["connected"] == true;
            (is_there && !listed["items"].as_array()?.is_empty()).then_some(())
        })?;
        desk.work(TICKETS, std::slice::from_ref(&device))?;
        let ask = |what: &str, asked: Value| -> Result<String> {
            let done = desk.post(&format!("/tickets/{TICKET}/{what}"), &asked)?;
            let job = &done["jobs"][0];
            ensure!(job["state"] == "succeeded", "{done}");
            Ok(job["id"].as_str().context("no id")?.to_owned())
        };
        let mount = |phase: &str| {
            json!({
                "device": device, "action": "mount.mount", "phase": phase,
                "parameters": { "mount": "/srv/archive" }, "wait_seconds": 60,
            })
        };
        ask("checks", json!({ "device": device, "wait_seconds": 60 }))?;
        let mounted = ask("actions", mount("apply"))?;
        let undo = json!({ "phase": "undo", "undo_of": mounted, "wait_seconds": 60 });
        ask("actions", undo)?;
        ask("actions", mount("plan"))?;
        Ok(())
    }

    /// Devices and tickets whose every text wants to do harm in the browser that shows it.
    fn invite_harm(&self) -> Result<Fleet> {
        let fleet = fleet(&self.world, "default", &["--hostile"])?;
        let carla = self.world.person("carla", "admin")?;
        let desk = Helpdesk::new(&self.world, &carla)?;
        let listed = carla.sonde(&["device", "list", "--site", "default", "--text", "sim-"])?;
        let devices = listed["items"].as_array().context("no devices")?;
        ensure!(devices.len() == SIMULATED, "{listed}");
        for (text, device) in HARM.iter().zip(devices.iter().cycle()) {
            let asked = json!({ "title": text, "requester": text, "devices": [device["id"]] });
            let number = desk.post("/tickets", &asked)?["number"].clone();
            let says = json!({ "side": "requester", "text": text });
            desk.post(&format!("/tickets/{number}/messages"), &says)?;
            desk.post(
                &format!("/tickets/{number}/notes"),
                &json!({ "text": text }),
            )?;
            let checks =
                json!({ "device": device["id"], "checks": ["disk.space"], "wait_seconds": 20 });
            desk.post(&format!("/tickets/{number}/checks"), &checks)?;
            desk.post("/persons", &json!({ "name": text, "note": text }))?;
        }
        Ok(fleet)
    }

    /// A program that runs another one in a guest, with what it is given.
    fn program(&self, name: &str, guest: &Guest, arguments: &[&str]) -> Result<PathBuf> {
        let inside = guest.command(arguments);
        let words = std::iter::once(inside.get_program()).chain(inside.get_args());
        let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
        let file = self.world.folder().join(name);
        script(&file, &format!("exec {} \"$@\"", words.join(" ")))?;
        Ok(file)
    }

    /// A program that makes the spare guest a device, with the token on its standard input.
    fn enroller(&self) -> Result<PathBuf> {
        let enroll = ["sonde-agent", "enroll", "--token-file", "-", "--collector"];
        self.program("enrol", &self.spare, &enroll)
    }

    /// A program by which a user of the device asks for help while it has no network.
    fn alone(&self) -> Result<PathBuf> {
        let asks = format!(
            "ip link set eth0 down\n\
             setpriv --reuid nobody --regid nogroup --clear-groups sonde-agent help-me \"$1\"\n\
             said=$?\n\
             ip link set eth0 up\n\
             ip route add default via {}\n\
             [ $said = {KEPT} ]",
            self.lab.way_out()
        );
        script(&self.lab.path("/usr/local/bin/alone"), &asks)?;
        self.program("alone", &self.lab, &["alone"])
    }

    /// Runs one of the console's own programs to its end; an error is what it complains of.
    fn tell(&self, program: &str) -> Result<String> {
        let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../collector/web");
        let mut node = command(&self.node);
        node.arg(program)
            .current_dir(web)
            .env("SONDE_ACCOUNT", self.world.account("ada", "admin")?)
            .env("SONDE_CONSOLE", &self.world.bound().console)
            .env("SONDE_ENROL", self.enroller()?)
            .env("SONDE_ALONE", self.alone()?)
            .env(
                "SONDE_BREAK",
                self.program("break", &self.lab, &["umount", "/srv/archive"])?,
            )
            .env("SONDE_CLOCK", self.world.folder().join(CLOCK))
            .env("SONDE_DEVICE", DEVICE)
            .env("SONDE_TICKET", TICKET)
            .env("SONDE_LOOKS", if is_full() { "all" } else { "turns" });
        let ran = node.output()?;
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        ensure!(
            ran.status.success(),
            "{said}{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        Ok(said)
    }
}

/// Writes a program of the shell's.
fn script(file: &Path, text: &str) -> Result<()> {
    fs::write(file, format!("#!/bin/sh\n{text}\n"))?;
    Ok(fs::set_permissions(
        file,
        fs::Permissions::from_mode(0o755),
    )?)
}

/// Simulated devices of a site, which report from now on.
fn fleet(world: &World, site: &str, more: &[&str]) -> Result<Fleet> {
    let token = world.token_for(SIMULATED, site)?;
    let mut fleet = Fleet::start(&world.bound().agents, &token, SIMULATED, more)?;
    for command in ["connect", "tell", "burst 4"] {
        fleet.tell(command)?;
    }
    fleet.begin("pace 15 3600")?;
    Ok(fleet)
}

#[test]
fn the_consoles_stories_are_told_in_a_browser() -> Result<()> {
    let Some(stage) = Stage::set(true)? else {
        return Ok(());
    };
    let told = stage.tell("stories/run.ts")?;
    ensure!(told.lines().count() >= STORIES, "few were told: {told}");
    Ok(())
}

#[test]
fn what_devices_and_callers_say_does_no_harm_on_any_screen() -> Result<()> {
    let Some(stage) = Stage::set(false)? else {
        return Ok(());
    };
    let _fleet = stage.invite_harm()?;
    stage.tell("stories/harm.ts").map(drop)
}

#[test]
fn every_screen_of_the_console_is_shown_and_accessible() -> Result<()> {
    let Some(stage) = Stage::set(false)? else {
        return Ok(());
    };
    stage.tell("stories/screens.ts").map(drop)
}
