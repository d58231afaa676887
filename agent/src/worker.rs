//! The short-lived child that reads what is large, slow or foreign.
//!
//! One job goes in on standard input as a line of JSON; rows come out, one a line, then an end. The child is the
//! same binary, at low priority, in a process group of its own, without rights where it needs none. It is killed
//! when its time is up, and whoever asked does not wait for it to be gone.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};

use crate::facts::{self, Reading, Request, Row, Table, Value};
use crate::host::{Host, Stuck, Unavailable, Workers, program};

/// Most bytes that a child may answer.
const OUTPUT_BYTES: u64 = 16 << 20;
/// One line of either: a job, a row.
const LINE_BYTES: u64 = 1 << 20;
/// Memory that a child may take, beside its program: what parses foreign formats may be led astray.
const MEMORY_BYTES: u64 = 512 << 20;
/// A child that was killed is gone within this, or hangs in the kernel.
const TO_END: Duration = Duration::from_secs(1);

#[derive(Debug, Serialize, Deserialize)]
struct Job {
    table: String,
    parameters: Vec<(String, Value)>,
    most_rows: usize,
    /// A recorded tree and its time instead of the machine.
    recorded: Option<(PathBuf, i64)>,
    /// Where the flight recorder's file is.
    recorder: Option<PathBuf>,
}

#[derive(Debug, Serialize, Deserialize)]
enum Line {
    Row(Row),
    End { missing_rows: usize },
    Unavailable(Unavailable),
}

/// Has a child read `table`; waits at most the table's deadline, for a free place too.
pub async fn read(table: &Table, host: &Host, request: &Request) -> Result<Reading, Unavailable> {
    let job = Job {
        table: table.name.into(),
        parameters: request.parameters.clone(),
        most_rows: request.most_rows,
        recorded: (!host.is_live()).then(|| (host.root().to_owned(), host.now_us())),
        recorder: host.recorder(),
    };
    let job =
        serde_json::to_string(&job).map_err(|error| Unavailable::broken(table.name, error))?;
    let program = match host.workers() {
        Workers::Program(path) => path.clone(),
        Workers::Child | Workers::Here => own_program(),
    };
    let late = || Unavailable::Timeout {
        what: table.name.into(),
        after: table.deadline,
    };
    if host.stuck().has(&job) {
        return Err(late());
    }
    let until = tokio::time::Instant::now() + table.deadline;
    let place = tokio::time::timeout_at(until, host.places().clone().acquire_owned())
        .await
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| Unavailable::Busy {
            what: table.name.into(),
        })?;
    let mut child = spawn(&program).map_err(|error| Unavailable::io("worker", &error))?;
    let mut guard = Guard {
        group: program::Group::of(&child),
        is_done: false,
    };
    let answer = tokio::time::timeout_at(until, converse(&mut child, &job)).await;
    guard.is_done = matches!(answer, Ok(Ok(_)));
    drop(guard);
    tokio::spawn(leave(child, place, host.stuck().clone(), job));
    match answer {
        Ok(Ok(Ok(reading))) => Ok(reading),
        Ok(Ok(Err(unavailable))) => Err(unavailable),
        Ok(Err(error)) => Err(Unavailable::broken(table.name, error)),
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
) -> std::io::Result<Result<Reading, Unavailable>> {
    let ended = || std::io::Error::other("the worker ended without an answer");
    let mut stdin = child.stdin.take().ok_or_else(ended)?;
    stdin.write_all(job.as_bytes()).await?;
    stdin.write_all(b"\n").await?;
    drop(stdin);
    let stdout = child.stdout.take().ok_or_else(ended)?;
    let mut stdout = BufReader::new(stdout.take(OUTPUT_BYTES));
    let mut rows = Vec::new();
    let mut line = String::new();
    loop {
        line.clear();
        if (&mut stdout).take(LINE_BYTES).read_line(&mut line).await? == 0 {
            return Err(ended());
        }
        match serde_json::from_str(&line)? {
            Line::Row(row) => rows.push(row),
            Line::End { missing_rows } => return Ok(Ok(Reading { rows, missing_rows })),
            Line::Unavailable(unavailable) => return Ok(Err(unavailable)),
        }
    }
}

/// The child's half: reads the job, gives up what it does not need, does it, writes the rows.
pub fn run(input: impl std::io::Read, output: impl std::io::Write) -> std::io::Result<()> {
    let mut line = String::new();
    std::io::BufReader::new(input.take(LINE_BYTES)).read_line(&mut line)?;
    let job: Job = serde_json::from_str(&line)?;
    let table = facts::ALL
        .iter()
        .chain(facts::INTERNAL)
        .find(|table| table.name == job.table)
        .ok_or_else(|| std::io::Error::other("no such table"))?;
    crate::host::lower(table.as_root, table.deadline * 2, MEMORY_BYTES)?;
    let host = match job.recorded {
        Some((root, now_us)) => Host::recorded(root, now_us),
        None => Host::this().with_workers(Workers::Here),
    };
    host.set_recorder(job.recorder);
    let request = Request {
        parameters: job.parameters,
        most_rows: job.most_rows,
    };
    let mut output = std::io::BufWriter::new(output);
    let mut write = |line: &Line| {
        serde_json::to_writer(&mut output, line)?;
        output.write_all(b"\n")
    };
    match facts::read_here(table, &host, &request) {
        Ok(reading) => {
            for row in reading.rows {
                write(&Line::Row(row))?;
            }
            write(&Line::End {
                missing_rows: reading.missing_rows,
            })?;
        }
        Err(unavailable) => write(&Line::Unavailable(unavailable))?,
    }
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_job_for_no_table_is_an_error() {
        let job = Job {
            table: "nothing".into(),
            parameters: Vec::new(),
            most_rows: 0,
            recorded: None,
            recorder: None,
        };
        let job = serde_json::to_string(&job).unwrap();
        assert!(run(job.as_bytes(), Vec::new()).is_err());
        assert!(run(&b"nonsense"[..], Vec::new()).is_err());
    }
}
