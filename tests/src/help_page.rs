//! The menu's entry opens a page of the collector that knows who asks.

use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::help_me::{Counter, pretend};
use crate::program::{Running, own, wait};
use crate::requester::Page;
use crate::world::World;

#[test]
fn the_menus_entry_opens_a_page_that_knows_who_asks() -> Result<()> {
    let mut world = World::sqlite()?;
    world.settings = format!("public_url = \"{}\"", world.bound().console);
    world.kill_collector()?;
    world.start_collector()?;
    let ada = world.person("ada", "technician")?;
    let counter = Counter::new()?;
    let mut agent = world.enrolled()?;
    counter.start(&mut agent)?;
    ada.wait_for(&agent, true)?;
    let desktop = tempfile::tempdir()?;
    // A browser: it reads the file that it is given.
    pretend(
        desktop.path(),
        "xdg-open",
        "cp \"$1\" part && mv part opened",
    )?;
    let mut entry = own("sonde-agent");
    entry
        .arg("--config")
        .arg(counter.settings())
        .args(["help-me", "--open"])
        .current_dir(desktop.path())
        .env(
            "PATH",
            format!("{}:/usr/bin:/bin", desktop.path().display()),
        )
        .env("HOME", desktop.path());
    let entry = Running::start(&mut entry)?;
    let opened = wait("the browser", || {
        fs::read_to_string(desktop.path().join("opened")).ok()
    })?;
    let arguments = fs::read_to_string(format!("/proc/{}/cmdline", entry.id()))?;
    let url = opened.split('"').find(|part| part.contains("/h/"));
    let url = url.and_then(|part| part.split_once("url="));
    let url = url.with_context(|| opened.clone())?.1.to_owned();
    let secret = url.rsplit('/').next().unwrap_or_default();
    ensure!(!arguments.contains(secret), "an address in the arguments");
    entry.kill()?;
    let page = Page::at(&world, &url)?;
    let asks = page.read(&world)?;
    ensure!(asks.contains("What does not work?"), "{asks}");
    let ticket = page.ask(&world, "no sound since monday")?;
    ensure!(ticket.read(&world)?.contains("no sound since monday"));
    ensure!(page.answer(&world)?.status == 404, "it works once");
    let shown = ada.sonde(&["ticket", "show", "1"])?;
    let login = shown["ticket"]["asked"]["login"]
        .as_str()
        .context("nobody")?;
    ensure!(asks.contains(login), "{asks}");
    ensure!(shown["ticket"]["devices"][0]["id"] == *agent.id, "{shown}");
    agent.stop()?;
    Ok(())
}
