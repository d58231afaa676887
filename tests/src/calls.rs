//! One ticket from the first call to the fix that the user confirms, by command line, requester's page and a real agent in
//! a system of its own.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::clocks;
use crate::desktop::Desktop;
use crate::guest::{Guest, NEEDS};
use crate::machine::lacks;
use crate::office;
use crate::patient::Machine as _;
use crate::program::{Running, wait};
use crate::requester::Page;
use crate::world::{Engine, Person, World};

const UNIT: &str = "shop.service";
/// One that a signal makes end with status 3.
const PROGRAM: &str = "/bin/sh -c 'trap \"exit 3\" USR1; while :; do sleep 600 & wait $!; done'";
/// The user wants to be asked before a service is touched, and by nobody but themselves.
const POLICY: &str = "[classes]\nrepair = \"consent\"\n[consent]\nrecorded_by_technician = false\n";

/// A helpdesk, and a machine of somebody whom it knows.
struct Desk {
    // Goes before its guest.
    world: World,
    person: Person,
    device: String,
    guest: Guest,
}

impl Desk {
    /// `None`: what it is made of is not there.
    fn open() -> Result<Option<Self>> {
        if let Some(lack) = lacks(&[NEEDS, office::NEEDS].concat()) {
            println!("skipped: {lack}");
            return Ok(None);
        }
        let mut guest = Guest::in_office()?;
        guest.service(UNIT, "the shop", PROGRAM, "")?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        fs::create_dir_all(guest.path("/etc/sonde"))?;
        fs::write(guest.path("/etc/sonde/policy.toml"), POLICY)?;
        let mut world = World::listening(Engine::Sqlite, &guest.collector())?
            .context("SQLite is always there")?;
        let person = world.person("ada", "admin")?;
        let device = guest.start(&mut world)?;
        let desk = Self {
            world,
            person,
            device,
            guest,
        };
        desk.connected()?;
        desk.promise()?;
        let list = desk.world.folder().join("people.csv");
        fs::write(
            &list,
            "Name;Phone;Mail\nRosa Durand;06 12 34 56 78;rosa@example.org\n",
        )?;
        desk.sonde(&["person", "import", &list.display().to_string()])?;
        desk.sonde(&["person", "confirm-device", "rosa", &desk.device])?;
        Ok(Some(desk))
    }

    fn sonde(&self, arguments: &[&str]) -> Result<Value> {
        self.person.sonde(arguments)
    }

    /// Its actions can be asked for.
    fn connected(&self) -> Result<()> {
        let list = ["action", "list", "--device", &self.device];
        wait("the device and its actions", || {
            let shown = self.sonde(&["device", "show", &self.device]).ok()?;
            let listed = self.sonde(&list).ok()?;
            let is_there = shown["device"]["connected"] == true;
            (is_there && !listed["items"].as_array()?.is_empty()).then_some(())
        })
    }

    /// An hour, at any time, for what is normal.
    fn promise(&self) -> Result<()> {
        let day = json!(["00:00-24:00"]);
        let always = json!({
            "time_zone": "Europe/Paris", "monday": day, "tuesday": day, "wednesday": day,
            "thursday": day, "friday": day, "saturday": day, "sunday": day,
        });
        let normal = json!({ "first_response": 60, "resolution": 60 });
        let gold = json!({ "calendar": "always", "priorities": { "normal": normal } });
        for (what, name, rule) in [("calendar", "always", always), ("agreement", "gold", gold)] {
            let file = self.world.folder().join("rule.json");
            fs::write(&file, rule.to_string())?;
            self.sonde(&["sla", what, "set", name, &file.display().to_string()])?;
        }
        Ok(())
    }

    /// The service ends, and stays so.
    fn break_service(&self) -> Result<()> {
        let kill = [
            "systemctl",
            "kill",
            "--kill-who=main",
            "--signal=USR1",
            UNIT,
        ];
        wait("the end of the service", || {
            // A shell that is about to wait does not notice a signal.
            self.guest.run(&kill).ok();
            self.guest.has_state(UNIT, "failed")
        })
    }

    /// A call comes in: the caller is matched, the ticket opened; its number and the address of its page.
    fn call(&self, title: &str) -> Result<(String, Page)> {
        let found = self.sonde(&["caller", "+33 6 12 34 56 78"])?;
        ensure!(
            found["items"][0]["person"]["name"] == "Rosa Durand",
            "{found}"
        );
        let opened = self.sonde(&["ticket", "open", title, "--caller", "0612345678"])?;
        ensure!(opened["devices"][0]["id"] == *self.device, "{opened}");
        let number = opened["number"].as_i64().context("no number")?.to_string();
        let made = self.sonde(&["ticket", "page", &number])?;
        let url = made["url"].as_str().context("no address")?;
        Ok((number, Page::at(&self.world, url)?))
    }

    fn ticket(&self, number: &str) -> Result<Value> {
        self.sonde(&["ticket", "show", number])
    }

    fn is(&self, number: &str, state: &str) -> Result<()> {
        let shown = self.ticket(number)?;
        ensure!(shown["ticket"]["state"] == state, "{shown}");
        Ok(())
    }

    /// Statuses of what a check finds of the service.
    fn check(&self, number: &str) -> Result<String> {
        let to = ["--device", &self.device, "--ticket", number];
        let ran = self.sonde(&[&["check", "run", "service.failed"], &to[..]].concat())?;
        let findings = ran["findings"].as_array().context("no findings")?;
        let own = findings.iter().find(|one| one["subject"] == UNIT);
        Ok(own
            .map_or("none", |one| one["status"].as_str().unwrap_or_default())
            .to_owned())
    }

    /// Restarts the service, which the user is asked for first and answers on the page.
    fn repair(&self, number: &str, page: &Page, answer: &str) -> Result<Value> {
        self.repair_once(number, || {
            let asked = wait("the question", || {
                let page = page.read(&self.world).ok()?;
                page.contains("May we do this?").then_some(page)
            })?;
            ensure!(asked.contains(UNIT) && asked.contains("exactly"), "{asked}");
            page.press(&self.world, answer, "")
        })
    }

    /// Restarts the service once `answer` has answered.
    fn repair_once(&self, number: &str, answer: impl FnOnce() -> Result<()>) -> Result<Value> {
        let unit = format!("unit={UNIT}");
        let run = ["action", "run", "service.restart", "--device", &self.device];
        let to = ["--ticket", number, "--ask", &unit, "--json"];
        let out = self.world.folder().join("repair.json");
        let mut command = self.person.command(&[&run[..], &to].concat());
        command.stdout(File::create(&out)?);
        let mut repair = Running::start(&mut command)?;
        answer()?;
        wait("what is done with the answer", || {
            (!repair.is_running()).then_some(())
        })?;
        let said = fs::read_to_string(&out)?;
        serde_json::from_str(&said).with_context(|| said.clone())
    }
}

#[test]
fn a_call_ends_in_a_fix_that_the_user_confirms() -> Result<()> {
    let Some(desk) = Desk::open()? else {
        return Ok(());
    };
    desk.break_service()?;
    wait("what the device finds by itself", || {
        let shown = desk.sonde(&["device", "show", &desk.device]).ok()?;
        shown["findings"].to_string().contains(UNIT).then_some(())
    })?;
    let (number, page) = desk.call("the shop is closed")?;

    let snapshot = wait("the snapshot", || {
        let list = desk.sonde(&["ticket", "snapshots", &number]).ok()?;
        let id = list["items"][0]["id"].as_str()?.to_owned();
        desk.sonde(&["ticket", "snapshots", &number, &id]).ok()
    })?;
    let stopped = snapshot["findings"].as_array().into_iter().flatten();
    let mut stopped = stopped.filter(|one| one["check"] == "service.failed");
    ensure!(stopped.any(|one| one["subject"] == UNIT), "{snapshot}");
    ensure!(desk.check(&number)? == "critical");

    let unasked = format!("unit={UNIT}");
    let run = ["action", "run", "service.restart", "--device", &desk.device];
    let to = ["--ticket", &number, &unasked];
    let ran = desk
        .person
        .try_sonde(&[&run[..], &to, &["--consent", "by telephone"]].concat())?;
    ensure!(ran.value["state"] == "refused", "{ran:?}");
    let refused = desk.repair(&number, &page, "no")?;
    ensure!(refused["standing"] == "refused", "{refused}");
    ensure!(desk.guest.has_state(UNIT, "failed").is_some());
    let done = desk.repair(&number, &page, "once")?;
    ensure!(
        done["state"] == "succeeded" && done["consent"] == "page",
        "{done}"
    );
    ensure!(desk.guest.has_state(UNIT, "active").is_some());
    ensure!(desk.check(&number)? != "critical");
    let shown = page.read(&desk.world)?;
    ensure!(shown.contains("What was done on your machine"), "{shown}");
    ensure!(shown.contains("by ada") && shown.contains(UNIT), "{shown}");
    ensure!(shown.contains("of the processor"), "{shown}");

    desk.sonde(&["ticket", "reply", &number, "please look whether it is open"])?;
    desk.sonde(&["ticket", "propose", &number])?;
    ensure!(page.read(&desk.world)?.contains("Is it solved?"));
    page.press(&desk.world, "yes", "")?;
    let shown = desk.ticket(&number)?;
    ensure!(shown["ticket"]["state"] == "resolved", "{shown}");
    let events = shown["timeline"].as_array().context("no timeline")?;
    let last = events
        .iter()
        .rfind(|event| event["kind"] == "state_changed");
    ensure!(
        last.is_some_and(|last| last["confirmation"] == "requester"),
        "{shown}"
    );
    let clocks = shown["ticket"]["clocks"].as_array().context("no clocks")?;
    ensure!(!clocks.is_empty(), "{shown}");
    ensure!(
        clocks.iter().all(|clock| clock["is_met"] == true),
        "{shown}"
    );
    let secret = page_secret(&desk.sonde(&["ticket", "page", &number])?)?;
    ensure!(
        !desk.world.log().contains(&secret),
        "an address stands in the log"
    );
    Ok(())
}

#[test]
fn what_is_not_solved_is_handed_on_and_a_fault_that_is_back_opens_it_again() -> Result<()> {
    if clocks::is_missing() {
        return Ok(());
    }
    let Some(mut desk) = Desk::open()? else {
        return Ok(());
    };
    desk.break_service()?;
    let (number, page) = desk.call("the shop is closed")?;
    ensure!(desk.check(&number)? == "critical");
    let refused = desk.person.try_sonde(&["ticket", "propose", &number])?;
    let problem = refused.problem.context("it was taken")?;
    ensure!(
        problem.contains("shop.service") && problem.contains("critical"),
        "{problem}"
    );
    desk.sonde(&[
        "ticket",
        "propose",
        &number,
        "--reason",
        "it starts by itself",
    ])?;
    page.press(&desk.world, "no", "the door is <b>shut</b>")?;
    desk.is(&number, "open")?;
    desk.sonde(&[
        "ticket",
        "escalate",
        &number,
        "--to",
        "second",
        "--reason",
        "it dies again",
    ])?;
    let case = desk.world.folder().join("case.zip");
    let out = case.display().to_string();
    desk.sonde(&["ticket", "export", &number, "--out", &out, "--lang", "fr"])?;
    let index = file_of(&case, "index.html")?;
    for part in [
        "Ce qui ne va pas",
        UNIT,
        "door is &lt;b&gt;shut",
        "it dies again",
        "l’a transmis au niveau",
    ] {
        ensure!(index.contains(part), "{part}: {index}");
    }
    ensure!(
        !index.contains("src=") && !index.contains("<script"),
        "{index}"
    );
    let manifest: Value = serde_json::from_str(&file_of(&case, "manifest.json")?)?;
    ensure!(manifest.to_string().contains("timeline.json"), "{manifest}");

    let done = desk.repair(&number, &page, "ticket")?;
    ensure!(done["state"] == "succeeded", "{done}");
    desk.sonde(&["ticket", "propose", &number])?;
    page.press(&desk.world, "yes", "")?;
    desk.is(&number, "resolved")?;

    desk.break_service()?;
    // An hour later, as far as the collector knows.
    desk.world.stop_collector()?;
    desk.world.environment = clocks::at("+3601s").to_vec();
    desk.person.environment = clocks::at("+3601s").to_vec();
    desk.world.start_collector()?;
    let shown = wait("the ticket to be open again", || {
        let shown = desk.ticket(&number).ok()?;
        (shown["ticket"]["state"] == "open").then_some(shown)
    })?;
    let events = shown["timeline"].as_array().context("no timeline")?;
    let last = events
        .iter()
        .rfind(|event| event["kind"] == "state_changed");
    let reason = last
        .and_then(|last| last["reason"].as_str())
        .unwrap_or_default();
    ensure!(
        reason.starts_with("checked again: service.failed shop.service"),
        "{reason}"
    );
    ensure!(shown["ticket"]["tier"] == "second", "{shown}");
    Ok(())
}

#[test]
fn who_sits_at_the_machine_answers_on_their_own_desktop() -> Result<()> {
    let Some(desk) = Desk::open()? else {
        return Ok(());
    };
    let desktop = Desktop::open(&desk.guest)?;
    desk.break_service()?;
    let (number, page) = desk.call("the shop is closed")?;
    let repair = |button| desk.repair_once(&number, || desktop.press(button));
    let refused = repair("No")?;
    ensure!(refused["standing"] == "refused", "{refused}");
    ensure!(desk.guest.has_state(UNIT, "failed").is_some());
    let done = repair("Yes, this once")?;
    ensure!(
        done["state"] == "succeeded" && done["consent"] == "notification",
        "{done}"
    );
    ensure!(desk.guest.has_state(UNIT, "active").is_some());
    // What was asked there is not asked again on the page, which tells of it.
    let shown = page.read(&desk.world)?;
    ensure!(
        !shown.contains("May we do this?") && shown.contains("What was done on your machine"),
        "{shown}"
    );
    Ok(())
}

/// The last part of an address.
fn page_secret(made: &Value) -> Result<String> {
    let url = made["url"].as_str().context("no address")?;
    let secret = url.rsplit('/').next().unwrap_or_default();
    ensure!(secret.len() == 26, "{url}");
    Ok(secret.to_owned())
}

/// A file of an archive, as text.
fn file_of(archive: &Path, name: &str) -> Result<String> {
    let mut archive = zip::ZipArchive::new(File::open(archive)?)?;
    let mut text = String::new();
    archive.by_name(name)?.read_to_string(&mut text)?;
    Ok(text)
}
