//! The whole of Sonde at work on the machine it is started on.

mod simulated;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Map, Value, json};
use sonde_tests::program::{BUILD, Running, command, wait};
use sonde_tests::world::{Agent, Person, World};

use crate::{shell, web};

/// Series that an ordinary machine has at least.
const SERIES: usize = 150;
/// The action that is planned, and only planned: for a program that the demo itself has started.
const ACTION: &str = "process.terminate";
const PATIENT: &str = "sleep";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// End after the printout, and leave nothing behind.
    #[arg(long)]
    once: bool,
    /// Leave out the simulated devices and tickets that stand beside this machine's.
    #[arg(long)]
    bare: bool,
    /// Print JSON: with --once all that was found, else where everything is.
    #[arg(long)]
    json: bool,
}

/// How long each step took, in milliseconds. None is taken after somebody wants an end: what was started goes down.
struct Steps {
    began: Instant,
    timings: Map<String, Value>,
    interrupts: Receiver<()>,
}

impl Steps {
    /// From now on SIGINT, SIGTERM and SIGHUP end this by the way that stops what it has started.
    fn new(began: Instant) -> Result<Self> {
        let (sender, interrupts) = mpsc::channel();
        ctrlc::set_handler(move || {
            // Whoever waits may be gone already.
            sender.send(()).ok();
        })?;
        Ok(Self {
            began,
            timings: Map::new(),
            interrupts,
        })
    }

    fn done(&mut self, name: &str, said: &str) -> Result<()> {
        let millis = self.began.elapsed().as_millis() as u64;
        self.timings.insert(name.to_owned(), json!(millis));
        shell::say(&format!("{:>8} ms  {said}", millis));
        self.began = Instant::now();
        self.go_on()
    }

    /// An error when somebody wants an end.
    fn go_on(&self) -> Result<()> {
        match self.interrupts.try_recv() {
            Err(TryRecvError::Empty) => Ok(()),
            Ok(()) | Err(TryRecvError::Disconnected) => bail!("interrupted"),
        }
    }

    /// Waits for a condition, or for somebody who wants an end.
    fn wait(&self, what: &str, mut condition: impl FnMut() -> bool) -> Result<()> {
        wait(what, || match self.go_on() {
            Ok(()) => condition().then_some(Ok(())),
            Err(error) => Some(Err(error)),
        })?
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let began = Instant::now();
    shell::say("building; the first time this takes some minutes");
    web::build_if_possible();
    shell::run(shell::cargo().args(BUILD))?;
    // Nothing runs yet that could be left behind.
    let mut steps = Steps::new(began)?;
    steps.done("build", "built")?;
    // One that built the programs for itself would build them again.
    let mut world = World::sqlite()?;
    steps.done(
        "collector",
        &format!("a collector runs, its data in {}", world.data().display()),
    )?;
    let admin = world.person("admin", "admin")?;
    let technician = world.person("technician", "technician")?;
    steps.done("accounts", "accounts: admin, technician")?;
    // Its devices go with it.
    let _simulated = match arguments.bare {
        true => None,
        false => {
            let fleet = simulated::begin(&world, &admin)?;
            steps.done(
                "simulated",
                "a simulated fleet reports, and has its tickets",
            )?;
            Some(fleet)
        }
    };
    let agent = world.agent()?;
    steps.done(
        "enrol",
        &format!("this machine is enrolled as {}", agent.id),
    )?;
    wait_for_reports(&technician, &agent, &steps)?;
    steps.done("reports", "its facts and metrics are in")?;
    if arguments.json && !arguments.once {
        print(&where_it_is(&world, &[&admin, &technician])?.to_string())?;
    } else {
        show(arguments, &technician, &agent, &mut steps)?;
    }
    if arguments.once {
        return Ok(ExitCode::SUCCESS);
    }
    if !arguments.json {
        print(&invitation(&world, &[&admin, &technician])?)?;
    }
    steps.interrupts.recv()?;
    shell::say("going down");
    Ok(ExitCode::SUCCESS)
}

fn wait_for_reports(technician: &Person, agent: &Agent, steps: &Steps) -> Result<()> {
    let n_of = |arguments: &[&str], key: &str| -> usize {
        let shown = technician.sonde(arguments).unwrap_or_default();
        shown[key]
            .as_array()
            .or(shown.as_array())
            .map_or(0, Vec::len)
    };
    steps.wait("the device's facts", || {
        n_of(&["device", "facts", &agent.id, "packages"], "rows") > 0
            || n_of(&["device", "facts", &agent.id, "os"], "rows") > 0
    })?;
    steps.wait("the device's metrics", || {
        n_of(&["device", "metrics", &agent.id], "items") >= SERIES
    })?;
    steps.wait("the device's findings", || {
        n_of(&["device", "show", &agent.id], "findings") > 5
    })
}

/// From the ticket to the plan, for people or as one JSON object.
fn show(
    arguments: &Arguments,
    technician: &Person,
    agent: &Agent,
    steps: &mut Steps,
) -> Result<()> {
    let opened = technician.sonde(&[
        "ticket",
        "open",
        "It is slow this morning",
        "--device",
        &agent.id,
    ])?;
    let number = opened["number"]
        .as_i64()
        .context("the ticket has no number")?
        .to_string();
    steps.done(
        "ticket",
        &format!("ticket {number} is open, with a snapshot of the machine"),
    )?;
    let to = ["--device", &agent.id, "--ticket", &number];
    let checks = [&["check", "run", "all"], &to[..]].concat();
    let patient = Running::start(command(PATIENT).arg("3600"))?;
    let name = format!("name={PATIENT}");
    let processes = [&["query", "processes", &name, "--live"], &to[..]].concat();
    let ticket = ["ticket", "show", &number];
    if arguments.json {
        let found = technician.sonde(&checks)?;
        steps.done("checks", "all checks have run")?;
        technician.sonde(&processes)?;
        steps.done("processes", "its processes are read")?;
        let [pid, started] = identity(technician, &number, &patient)?;
        technician.try_sonde(&[&["action", "plan", ACTION, &pid, &started], &to[..]].concat())?;
        steps.done("plan", &format!("{ACTION} is planned"))?;
        has_worked(technician, &number)?;
        let device = technician.sonde(&["device", "show", &agent.id])?;
        let shown = technician.sonde(&ticket)?;
        let all = json!({
            "device": device["device"],
            "ticket": shown["ticket"],
            "findings": found["findings"],
            "timeline": shown["timeline"],
            "timings": steps.timings,
        });
        return print(&all.to_string());
    }
    let mut step = |name: &str, command: &[&str]| {
        print(&format!("\n$ sonde {}\n", command.join(" ")))?;
        // The exit code of checks is their worst status: no failure of the demo.
        technician.command(command).status()?;
        steps.done(name, &format!("sonde {} {}", command[0], command[1]))
    };
    step("checks", &checks)?;
    step("processes", &processes)?;
    let [pid, started] = identity(technician, &number, &patient)?;
    step(
        "plan",
        &[&["action", "plan", ACTION, &pid, &started], &to[..]].concat(),
    )?;
    step("timeline", &ticket)?;
    has_worked(technician, &number)
}

/// The parameters of the action that ends `patient`, from the processes that were read for the ticket.
fn identity(technician: &Person, number: &str, patient: &Running) -> Result<[String; 2]> {
    let jobs = technician.sonde(&["ticket", "jobs", number])?;
    let of_processes = |job: &&Value| {
        job["title"]
            .as_str()
            .is_some_and(|title| title.contains("processes"))
    };
    let id = jobs["items"]
        .as_array()
        .and_then(|jobs| jobs.iter().find(of_processes))
        .and_then(|job| job["id"].as_str())
        .context("nobody read the processes")?;
    let job = technician.sonde(&["job", "show", id])?;
    let row = job["table"]["rows"]
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["pid"] == patient.id()))
        .with_context(|| format!("{PATIENT} is not among the processes: {job}"))?;
    let started = row["started_at"].as_str().context("no start")?;
    Ok([
        format!("pid={}", patient.id()),
        format!("started_at={started}"),
    ])
}

/// What was asked of the machine was done; what it refuses to plan needs root.
fn has_worked(technician: &Person, number: &str) -> Result<()> {
    let jobs = technician.sonde(&["ticket", "jobs", number])?;
    let jobs = jobs["items"].as_array().context("the ticket has no jobs")?;
    ensure!(jobs.len() == 3, "asked for three jobs: {jobs:?}");
    for job in jobs {
        let is_plan = job["title"]
            .as_str()
            .is_some_and(|title| title.starts_with(ACTION));
        let state = job["state"].as_str().unwrap_or_default();
        ensure!(
            state == "succeeded" || is_plan && state == "refused",
            "{} is {state}",
            job["title"]
        );
    }
    Ok(())
}

fn where_it_is(world: &World, people: &[&Person]) -> Result<Value> {
    let accounts = people.iter().map(|person| {
        Ok(json!({
            "name": person.name,
            "role": person.role,
            "password": person.password,
            "totp_secret": person.totp_secret,
            "token": person.token()?,
        }))
    });
    Ok(json!({
        "api": world.bound().console,
        "agents": world.bound().agents,
        "data": world.data(),
        "accounts": accounts.collect::<Result<Vec<_>>>()?,
    }))
}

fn invitation(world: &World, people: &[&Person]) -> Result<String> {
    let programs = sonde_tests::program::programs();
    let mut text = format!(
        "\nIt stays up until Ctrl-C. Try it in another terminal:\n\n  export PATH={}:$PATH\n",
        programs.display()
    );
    for person in people {
        let profile = person.profile().display();
        text.push_str(&format!(
            "  sonde --profile {profile} device list      # as {}\n",
            person.name
        ));
    }
    text.push_str(&format!(
        "\nConsole: {0}\nAPI: {0}/api/openapi.json, certificate fingerprint {1}\n",
        world.bound().console,
        world.bound().fingerprint
    ));
    for person in people {
        text.push_str(&format!(
            "  {}: password {}, authenticator {}\n",
            person.name, person.password, person.totp_secret
        ));
    }
    Ok(text)
}

fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
