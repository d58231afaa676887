//! The child's half: reads the job, gives up what it does not need, does it, writes what came of it.

use std::io::{BufRead as _, Read, Write};
use std::time::Duration;

use sonde_proto::asset::AssetAddress;

use crate::checks::{self, Check, Overrides};
use crate::facts::{self, Request, Table};
use crate::host::{Host, Lowered, Workers};
use crate::runner;

#[cfg(target_os = "linux")]
use super::consent;
use super::{Job, LINE_BYTES, Line, Task, plugin};

/// Memory that a child may take, beside its program: what parses foreign formats may be led astray.
const MEMORY_BYTES: u64 = 512 << 20;
/// Processor time of a child that looks.
const LOOKING: Duration = Duration::from_secs(4);

/// Does the one job that `input` brings. In a process with one thread.
pub fn run(input: impl Read, output: impl Write) -> std::io::Result<()> {
    let mut line = String::new();
    std::io::BufReader::new(input.take(LINE_BYTES)).read_line(&mut line)?;
    let job: Job = serde_json::from_str(&line)?;
    let host = match job.recorded {
        Some((root, now_us)) => Host::recorded(root, now_us),
        None => Host::this().with_workers(Workers::Here),
    };
    host.set_told(job.told);
    let output = std::io::BufWriter::new(output);
    match job.task {
        Task::Read {
            table,
            parameters,
            most_rows,
        } => {
            let request = Request {
                parameters,
                most_rows,
            };
            read(&host, find(&table)?, &request, output)
        }
        Task::Look {
            checks,
            overrides,
            targets,
            asset,
        } => {
            let asset = asset.map(|asset| AssetAddress::parse(&asset));
            let asset = asset.transpose().map_err(std::io::Error::other)?;
            let set = set(&overrides, &targets)?.toward(asset);
            look(&host, &checks, &set, output)
        }
        Task::Start(program) => {
            let mut output = output;
            write(&mut output, &Line::Ran(Box::new(plugin::run(&program)?)))?;
            output.flush()
        }
        #[cfg(target_os = "linux")]
        Task::Consent {
            seat,
            words,
            within,
        } => {
            let mut output = output;
            write(&mut output, &consent::run(&seat, &words, within)?)?;
            output.flush()
        }
        #[cfg(not(target_os = "linux"))]
        Task::Consent { .. } => Err(std::io::ErrorKind::Unsupported.into()),
    }
}

fn find(name: &str) -> std::io::Result<&'static Table> {
    facts::ALL
        .iter()
        .chain(facts::INTERNAL)
        .copied()
        .find(|table| table.name == name)
        .ok_or_else(|| std::io::Error::other("no such table"))
}

fn write(output: &mut impl Write, line: &Line) -> std::io::Result<()> {
    serde_json::to_writer(&mut *output, line)?;
    output.write_all(b"\n")
}

fn read(
    host: &Host,
    table: &Table,
    request: &Request,
    mut output: impl Write,
) -> std::io::Result<()> {
    crate::host::lower(Lowered {
        as_root: table.as_root,
        can_wait: true,
        cpu: table.deadline * 2,
        memory_bytes: MEMORY_BYTES,
    })?;
    match facts::read_here(table, host, request) {
        Ok(reading) => {
            for row in reading.rows {
                write(&mut output, &Line::Row(row))?;
            }
            let missing_rows = reading.missing_rows;
            write(&mut output, &Line::End { missing_rows })?;
        }
        Err(unavailable) => write(&mut output, &Line::Unavailable(unavailable))?,
    }
    output.flush()
}

/// What a policy sets, as the parent has put it.
fn set(
    limits: &[(String, String, f64)],
    targets: &[(String, Vec<String>)],
) -> std::io::Result<Overrides> {
    let mut set = Overrides::default();
    for (check, limit, value) in limits {
        set.set(check, limit, *value)
            .map_err(std::io::Error::other)?;
    }
    for (check, targets) in targets {
        set.set_targets(check, targets)
            .map_err(std::io::Error::other)?;
    }
    Ok(set)
}

/// What waits for the network measures it, and is not put last in the queue.
fn look(
    host: &Host,
    ids: &[String],
    set: &Overrides,
    mut output: impl Write,
) -> std::io::Result<()> {
    let wrong = |error: checks::Unknown| std::io::Error::other(error);
    let all: Vec<&'static Check> = ids
        .iter()
        .map(|id| checks::find(id).map_err(wrong))
        .collect::<Result<_, _>>()?;
    crate::host::lower(Lowered {
        as_root: true,
        can_wait: false,
        cpu: LOOKING,
        memory_bytes: MEMORY_BYTES,
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let found = runtime.block_on(runner::run_each(host, &all, set));
    for (id, findings) in ids.iter().zip(found) {
        write(&mut output, &Line::Found(id.clone(), findings))?;
    }
    write(&mut output, &Line::End { missing_rows: 0 })?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Told;

    #[test]
    fn a_job_for_no_table_or_no_check_is_an_error() {
        let table = Task::Read {
            table: "nothing".into(),
            parameters: Vec::new(),
            most_rows: 0,
        };
        let check = Task::Look {
            checks: vec!["net.nothing".into()],
            overrides: Vec::new(),
            targets: Vec::new(),
            asset: None,
        };
        for task in [table, check] {
            let job = Job {
                task,
                recorded: None,
                told: Told::default(),
            };
            let job = serde_json::to_string(&job).unwrap();
            assert!(run(job.as_bytes(), Vec::new()).is_err());
        }
        assert!(run(&b"nonsense"[..], Vec::new()).is_err());
    }
}
