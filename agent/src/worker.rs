//! The short-lived child that reads what is large, slow or foreign, and looks where looking means waiting.
//!
//! One job goes in on standard input as a line of JSON; rows or findings come out, one a line, then an end. The child is
//! the same binary, in a process group of its own, without rights where it needs none. It is killed when its time is up,
//! and whoever asked does not wait for it to be gone.

mod child;
#[cfg(target_os = "linux")]
mod consent;
mod plugin;

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};

use crate::checks::{Check, Overrides};
use crate::consent::{Choice, Seat, Words};
use crate::facts::{Reading, Request, Row, Table, Value};
use crate::finding::Finding;
use crate::host::{Host, Phrase, Stuck, Term, Told, Unavailable, Workers, program};
use crate::plugins::{Program, Ran};
use crate::runner;

pub use child::run;

/// Most bytes that a child may answer.
const OUTPUT_BYTES: u64 = 16 << 20;
/// One line of either: a job, a row, the findings of a check.
const LINE_BYTES: u64 = 1 << 20;
/// A child that was killed is gone within this, or hangs in the kernel.
const TO_END: Duration = Duration::from_secs(1);
/// What a child that looks may take beyond the time of its checks.
const TO_BEGIN: Duration = Duration::from_millis(500);
/// A plugin waits so long for its turn, and then for a free place: others may take a minute each.
const TURN: Duration = Duration::from_secs(300);

/// What a child that asks somebody may take beyond the time that they have.
const TO_SHOW: Duration = Duration::from_secs(30);

#[derive(Debug, Serialize, Deserialize)]
struct Job {
    task: Task,
    /// A recorded tree and its time instead of the machine.
    recorded: Option<(PathBuf, i64)>,
    /// What the agent knows and the machine does not show.
    told: Told,
}

#[derive(Debug, Serialize, Deserialize)]
enum Task {
    Read {
        table: String,
        parameters: Vec<(String, Value)>,
        most_rows: usize,
    },
    Look {
        checks: Vec<String>,
        /// Check, limit, value.
        overrides: Vec<(String, String, f64)>,
        /// Check, its targets.
        targets: Vec<(String, Vec<String>)>,
        asset: Option<String>,
    },
    Start(Program),
    /// Asks who sits there.
    Consent {
        seat: Seat,
        words: Words,
        within: Duration,
    },
}

#[derive(Debug, Serialize, Deserialize)]
enum Line {
    Row(Row),
    /// Of one check, by its id.
    Found(String, Vec<Finding>),
    End {
        missing_rows: usize,
    },
    Ran(Box<Ran>),
    Chosen(Choice),
    Unavailable(Unavailable),
}

/// What came before the end.
#[derive(Default)]
struct Answer {
    rows: Vec<Row>,
    found: Vec<(String, Vec<Finding>)>,
    missing_rows: usize,
    ran: Option<Ran>,
    chosen: Option<Choice>,
}

/// How long an answer may take.
#[derive(Clone, Copy)]
struct Patience {
    /// To a free place.
    place: Duration,
    /// From there on; `None`: what is left of the time to a place.
    answer: Option<Duration>,
}

impl Patience {
    fn of(deadline: Duration) -> Self {
        Self {
            place: deadline,
            answer: None,
        }
    }
}

/// Has a child read `table`; waits at most the table's deadline, for a free place too.
pub async fn read(table: &Table, host: &Host, request: &Request) -> Result<Reading, Unavailable> {
    let task = Task::Read {
        table: table.name.into(),
        parameters: request.parameters.clone(),
        most_rows: request.most_rows,
    };
    let patience = Patience::of(table.deadline);
    let answer = ask(host, task, table.name, patience).await?;
    Ok(Reading {
        rows: answer.rows,
        missing_rows: answer.missing_rows,
    })
}

/// Has a child run `checks`; gives their findings in the order of `checks`.
pub(crate) async fn look(
    host: &Host,
    checks: &[&'static Check],
    overrides: &Overrides,
) -> Result<Vec<Vec<Finding>>, Unavailable> {
    let of = |check: &&'static Check| {
        let set = overrides.of(check).iter();
        let id = check.id;
        set.map(move |(limit, value)| (id.to_owned(), (*limit).to_owned(), *value))
    };
    let targets = |check: &&'static Check| {
        let texts = overrides.targets(check).iter().map(ToString::to_string);
        (check.id.to_owned(), texts.collect())
    };
    let task = Task::Look {
        checks: checks.iter().map(|check| check.id.to_owned()).collect(),
        overrides: checks.iter().flat_map(of).collect(),
        targets: checks
            .iter()
            .filter(|check| check.takes_targets())
            .map(targets)
            .collect(),
        asset: overrides.asset().map(ToString::to_string),
    };
    let patience = Patience::of(runner::DEADLINE + TO_BEGIN);
    let mut answer = ask(host, task, Term::Checks, patience).await?;
    let findings = checks.iter().map(|check| {
        let at = answer.found.iter().position(|(id, _)| id == check.id)?;
        let mut findings = answer.found.swap_remove(at).1;
        for finding in &mut findings {
            finding.check = check.id;
        }
        Some(findings)
    });
    let lost = || Unavailable::broken(Term::Checks, Term::WorkerLeftOut);
    findings.map(|found| found.ok_or_else(lost)).collect()
}

/// Has a child start the program of the plugin `id` when it is its turn; nothing of it is left when this is ready.
pub(crate) async fn start(
    host: &Host,
    id: &'static str,
    program: &Program,
) -> Result<Ran, Unavailable> {
    if !cfg!(unix) {
        let what = id.into();
        return Err(Unavailable::Unsupported { what });
    }
    if !host.is_live() {
        return Err(Unavailable::absent(Term::Recorded.of(id)));
    }
    let turn = tokio::time::timeout(TURN, host.turns().clone().acquire_owned());
    let _turn = turn
        .await
        .map_err(|_| Unavailable::Busy { what: id.into() })?;
    let patience = Patience {
        place: TURN,
        answer: Some(program.timeout + TO_BEGIN),
    };
    let answer = ask(host, Task::Start(program.clone()), id, patience).await;
    let answer = answer.map_err(|mut why| {
        // The time to begin is the child's own.
        if let Unavailable::Timeout { after, .. } = &mut why {
            *after = program.timeout;
        }
        why
    });
    let lost = || Unavailable::broken(id, Term::WorkerSilent);
    answer?.ran.ok_or_else(lost)
}

/// Has a child ask who sits there, as that user, for so long. It takes no place of those who read: people take their
/// time.
pub async fn ask_user(host: &Host, seat: Seat, words: Words, within: Duration) -> Choice {
    let task = Task::Consent {
        seat,
        words,
        within,
    };
    let job = Job {
        task,
        recorded: None,
        told: Told::default(),
    };
    let asked = async {
        let job = serde_json::to_string(&job)?;
        let mut child = spawn(&program_of(host))?;
        let mut guard = Guard {
            group: program::Group::of(&child),
            is_done: false,
        };
        let answer = tokio::time::timeout(within + TO_SHOW, converse(&mut child, &job)).await;
        guard.is_done = matches!(answer, Ok(Ok(_)));
        drop(guard);
        // It ends by itself, or was killed.
        tokio::spawn(async move { child.wait().await.ok() });
        answer.map_err(std::io::Error::other)?
    };
    let asked: std::io::Result<Result<Answer, Unavailable>> = asked.await;
    match asked {
        Ok(Ok(answer)) => answer.chosen.unwrap_or(Choice::NotShown),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a question is not shown");
            Choice::NotShown
        }
        Err(error) => {
            tracing::warn!(%error, "a question is not shown");
            Choice::NotShown
        }
    }
}

fn program_of(host: &Host) -> PathBuf {
    match host.workers() {
        Workers::Program(path) => path.clone(),
        Workers::Child | Workers::Here => own_program(),
    }
}

async fn ask(
    host: &Host,
    task: Task,
    what: impl Into<Phrase>,
    patience: Patience,
) -> Result<Answer, Unavailable> {
    let what = what.into();
    let is_foreign = matches!(task, Task::Start(_));
    let job = Job {
        task,
        recorded: (!host.is_live()).then(|| (host.root().to_owned(), host.now_us())),
        // Nothing of it is a plugin's business.
        told: if is_foreign {
            Told::default()
        } else {
            host.told()
        },
    };
    let broken = |error: String| Unavailable::broken(what.clone(), error);
    let job = serde_json::to_string(&job).map_err(|error| broken(error.to_string()))?;
    let program = program_of(host);
    let late = || Unavailable::Timeout {
        what: what.clone(),
        after: patience.answer.unwrap_or(patience.place),
    };
    if host.stuck().has(&job) {
        return Err(late());
    }
    let mut until = tokio::time::Instant::now() + patience.place;
    let place = tokio::time::timeout_at(until, host.places().clone().acquire_owned())
        .await
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| Unavailable::Busy { what: what.clone() })?;
    if let Some(answer) = patience.answer {
        until = tokio::time::Instant::now() + answer;
    }
    let mut child = spawn(&program).map_err(|error| Unavailable::io(Term::Worker, &error))?;
    let mut guard = Guard {
        group: program::Group::of(&child),
        is_done: false,
    };
    let answer = tokio::time::timeout_at(until, converse(&mut child, &job)).await;
    if let Some(meter) = host.meter() {
        meter.read(&child);
    }
    // What a plugin has left running ends with it.
    guard.is_done = matches!(answer, Ok(Ok(_))) && !is_foreign;
    drop(guard);
    tokio::spawn(leave(child, place, host.stuck().clone(), job));
    match answer {
        Ok(Ok(Ok(answer))) => Ok(answer),
        Ok(Ok(Err(unavailable))) => Err(unavailable),
        Ok(Err(error)) => Err(broken(error.to_string())),
        Err(_) => Err(late()),
    }
}

/// A place is free when the child is gone. One that hangs in the kernel, as on a dead mount, cannot be ended: it gives
/// its place up, and the same is not asked again before it is gone.
async fn leave(
    mut child: tokio::process::Child,
    place: tokio::sync::OwnedSemaphorePermit,
    stuck: Stuck,
    job: String,
) {
    if tokio::time::timeout(TO_END, child.wait()).await.is_ok() {
        return;
    }
    if stuck.add(&job) {
        drop(place);
        child.wait().await.ok();
        stuck.remove(&job);
    } else {
        child.wait().await.ok();
    }
}

/// Ends a child with all it has started unless it is done, also when whoever asked has gone away.
struct Guard {
    group: program::Group,
    is_done: bool,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.is_done {
            self.group.kill();
        }
    }
}

/// The binary that runs, by its path as long as that leads to it: an update may have replaced it.
fn own_program() -> PathBuf {
    let path = std::env::current_exe().unwrap_or_default();
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        const RUNNING: &str = "/proc/self/exe";
        let identity = |path: &std::path::Path| {
            let metadata = std::fs::metadata(path).ok()?;
            Some((metadata.dev(), metadata.ino()))
        };
        if identity(&path) != identity(std::path::Path::new(RUNNING)) {
            return PathBuf::from(RUNNING);
        }
    }
    path
}

fn spawn(program: &std::path::Path) -> std::io::Result<tokio::process::Child> {
    let mut command = program::command(program);
    command
        .arg("worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut command = tokio::process::Command::from(command);
    #[cfg(unix)]
    command.process_group(0);
    command.kill_on_drop(true).spawn()
}

async fn converse(
    child: &mut tokio::process::Child,
    job: &str,
) -> std::io::Result<Result<Answer, Unavailable>> {
    let ended = || std::io::Error::other("the worker ended without an answer");
    let mut stdin = child.stdin.take().ok_or_else(ended)?;
    stdin.write_all(job.as_bytes()).await?;
    stdin.write_all(b"\n").await?;
    // It stays open while an answer is wanted: that is how a plugin's child knows.
    stdin.flush().await?;
    let stdout = child.stdout.take().ok_or_else(ended)?;
    let mut stdout = BufReader::new(stdout.take(OUTPUT_BYTES));
    let mut answer = Answer::default();
    let mut line = String::new();
    loop {
        line.clear();
        if (&mut stdout).take(LINE_BYTES).read_line(&mut line).await? == 0 {
            return Err(ended());
        }
        match serde_json::from_str(&line)? {
            Line::Row(row) => answer.rows.push(row),
            Line::Found(check, findings) => answer.found.push((check, findings)),
            Line::End { missing_rows } => {
                answer.missing_rows = missing_rows;
                return Ok(Ok(answer));
            }
            Line::Ran(ran) => {
                answer.ran = Some(*ran);
                return Ok(Ok(answer));
            }
            Line::Chosen(choice) => {
                answer.chosen = Some(choice);
                return Ok(Ok(answer));
            }
            Line::Unavailable(unavailable) => return Ok(Err(unavailable)),
        }
    }
}
