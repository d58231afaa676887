//! A collector that is told to go: it says so to every device, keeps what it has acknowledged, and goes.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use sonde_proto::v1::to_agent;

use crate::console::ask;
use crate::load::whole;
use crate::peer::{Port, Session};
use crate::program::{talk, wait};
use crate::world::{Agent, Engine, Person, World, on_both};

/// People who write notes, each as fast as the collector takes them.
const WRITERS: usize = 4;
/// Notes that are there before it is told to go.
const NOTES: usize = 20;

fn reporting_often(mut world: World) -> Result<World> {
    world.settings = "report_every_seconds = 1\n".into();
    world.stop_collector()?;
    world.start_collector()?;
    Ok(world)
}

/// Writes notes until the collector does not answer any more; counts those that it said it has.
fn write_notes(world: &World, token: &str, path: &str, who: usize, n_kept: &AtomicUsize) -> usize {
    for n in 0.. {
        let note = json!({ "text": format!("note {who}-{n}.") });
        match ask(world, token, path, Some(&note)) {
            Ok(answer) if answer.status < 300 => n_kept.fetch_add(1, Ordering::Relaxed),
            Ok(_) | Err(_) => return n,
        };
    }
    0
}

/// What a device hears at the end: when to come back, and that nobody else is cut instead.
async fn told_to_come_back(session: &mut Session) -> Result<(i64, String)> {
    loop {
        if let to_agent::Body::Hint(hint) = session.hear().await? {
            let end = session.hear().await;
            let end = end.err().context("it goes on after the hint")?;
            ensure!(end.to_string().contains("closed the session"), "{end:#}");
            return Ok((hint.reconnect_after_us, hint.reason));
        }
    }
}

/// Everybody went and the store was closed within the time that the collector gives itself.
fn went_in_good_order(world: &World) -> Result<()> {
    let log = world.log();
    let last = log.rsplit("going down").next().unwrap_or_default();
    ensure!(log.contains("going down"), "{log}");
    ensure!(!last.contains("in time"), "{log}");
    Ok(())
}

fn was_told(agent: &Agent) -> bool {
    agent.log().contains("reason=\"the collector goes down\"")
}

#[test]
fn who_is_connected_is_told_and_what_was_acknowledged_is_kept() -> Result<()> {
    on_both(|world| {
        let mut world = reporting_often(world)?;
        let person = world.person("ada", "technician")?;
        let agents = [world.agent()?, world.agent()?];
        for agent in &agents {
            person.wait_for(agent, true)?;
        }
        let opened = person.sonde(&["ticket", "open", "many notes"])?;
        let ticket = opened["number"].as_i64().context("no number")?.to_string();
        let path = format!("/api/v1/tickets/{ticket}/notes");
        let token = person.token()?;
        let device = std::fs::read_to_string(world.token()?)?;
        let (port, n_kept) = (Port::of(&world)?, AtomicUsize::new(0));
        let terminated = world.collector_id().context("no collector runs")?;
        let (hint, n_written) = std::thread::scope(|scope| {
            let write = |who| write_notes(&world, &token, &path, who, &n_kept);
            let writers: Vec<_> = (0..WRITERS)
                .map(|who| scope.spawn(move || write(who)))
                .collect();
            let hint = talk(async {
                let mut session = port.session(&port.enrol(&device).await?).await?;
                wait("notes", || {
                    (n_kept.load(Ordering::Relaxed) >= NOTES).then_some(())
                })?;
                crate::program::terminate(terminated)?;
                told_to_come_back(&mut session).await
            });
            let n_written = writers.into_iter().map(|writer| writer.join().unwrap_or(0));
            (hint, n_written.sum::<usize>())
        });
        let (after_us, reason) = hint?;
        ensure!(
            after_us > 0 && reason == "the collector goes down",
            "{reason}"
        );
        let status = world.stop_collector()?;
        ensure!(status.success(), "{status}");
        went_in_good_order(&world)?;
        for agent in &agents {
            wait("the agent's notice", || was_told(agent).then_some(()))?;
        }
        world.start_collector()?;
        let shown = person.sonde(&["ticket", "show", &ticket])?;
        let n_found = shown["timeline"].to_string().matches("note ").count();
        let n_kept = n_kept.into_inner();
        // One of each writer may have been kept though nobody could be told any more.
        ensure!(
            (n_kept..=n_kept + WRITERS).contains(&n_found),
            "{n_kept} notes were acknowledged, {n_found} are there"
        );
        for agent in &agents {
            come_back(&person, agent)?;
        }
        println!(
            "{n_written} notes acknowledged or cut, {n_found} kept; two devices told and back"
        );
        Ok(())
    })
}

/// By itself, with everything it has.
fn come_back(person: &Person, agent: &Agent) -> Result<()> {
    wait("the device's next session", || {
        (agent.log().matches("connected device.id").count() >= 2).then_some(())
    })
    .with_context(|| agent.log())?;
    let [_, rejected, _] = wait("the account of all numbers", || {
        whole(person, &agent.id).ok()
    })?;
    ensure!(rejected == 0, "{rejected} reports were rejected");
    Ok(())
}

#[test]
fn a_database_that_does_not_answer_does_not_keep_a_collector_from_going() -> Result<()> {
    let Some(world) = World::new(Engine::Postgres)? else {
        println!("skipped: PostgreSQL is not installed: apt-get install -y postgresql");
        return Ok(());
    };
    let mut world = reporting_often(world)?;
    let person = world.person("ada", "technician")?;
    let agent = world.agent()?;
    person.wait_for(&agent, true)?;
    let database = world.database.as_ref().context("no database")?;
    database.freeze()?;
    let before = agent.n_pending()?;
    // Reports are under way to a writer that waits for the database.
    wait("what the agent keeps", || {
        agent.n_pending().ok().filter(|n| *n > before + 2)
    })?;
    let status = world.stop_collector()?;
    ensure!(status.success(), "{status}");
    ensure!(
        world.log().contains("the store did not close in time"),
        "{}",
        world.log()
    );
    let database = world.database.as_ref().context("no database")?;
    database.thaw()?;
    world.start_collector()?;
    come_back(&person, &agent)
}
