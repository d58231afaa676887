//! Runs one program of a plan to its end, its deadline or its cancellation.

use std::process::Stdio;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::FusedFuture as _;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::time::Instant;

use super::output::{Output, Stream};
use super::{Cancel, Stop, wanted};
use crate::finding::{Message, duration, name};
use crate::host::{self, Host, Meter, program};

/// How long a killed group may take to be gone.
const GONE: Duration = Duration::from_secs(5);
/// For the rest of the output of a program that has ended.
const LINGER: Duration = Duration::from_millis(200);
const LOOK: Duration = Duration::from_millis(10);

/// Stream, data, bytes missing before the data.
pub(super) type Pass<'a> = &'a mut dyn FnMut(Stream, Vec<u8>, u64);

/// A program that did not succeed.
pub(super) struct Stopped {
    pub(super) stop: Stop,
    /// It did not end by itself, but by a signal.
    pub(super) was_ended: bool,
}

impl Stopped {
    fn by_itself(stop: Stop) -> Self {
        let was_ended = false;
        Self { stop, was_ended }
    }
}

pub(super) async fn run(
    host: &Host,
    program: &str,
    arguments: &[String],
    deadline: Duration,
    pass: Pass<'_>,
    cancel: &mut Cancel,
) -> Result<(), Stopped> {
    let mut child = spawn(host, program, arguments).map_err(Stopped::by_itself)?;
    let group = program::Group::of(&child);
    let meter = host.meter();
    let mut outputs = Outputs::default();
    let follow = outputs.follow(child.stdout.take(), child.stderr.take(), pass);
    let ended = async {
        // What the program has left running may keep its output open: that is not waited for.
        let mut follow = std::pin::pin!(follow.fuse());
        let status = tokio::select! {
            status = waited(&mut child, meter) => status,
            () = &mut follow => waited(&mut child, meter).await,
        };
        if !follow.is_terminated() {
            tokio::time::timeout(LINGER, follow).await.ok();
        }
        status
    };
    let status = tokio::select! {
        status = tokio::time::timeout(deadline, ended) => Some(status.ok()),
        () = wanted(cancel) => None,
    };
    outputs.end(pass);
    let Some(status) = status else {
        let stop = end(&group, &mut child, program, Stop::Cancelled, meter).await;
        return Err(Stopped {
            stop,
            was_ended: true,
        });
    };
    let failed = |id, arguments| Stop::Failed(Message::new(id, arguments));
    match status {
        Some(Ok(status)) if status.success() => Ok(()),
        Some(Ok(status)) => {
            let code = status.code().map(|code| code.to_string());
            let was_ended = code.is_none();
            let status = code.unwrap_or_else(|| status.to_string());
            let arguments = vec![name("program", program), name("status", status)];
            let stop = failed("step_exit", arguments);
            Err(Stopped { stop, was_ended })
        }
        Some(Err(_)) => Err(Stopped::by_itself(lingers(program))),
        None => {
            let deadline = duration("deadline", deadline.as_micros() as i64);
            let timeout = failed("step_timeout", vec![name("what", program), deadline]);
            let stop = end(&group, &mut child, program, timeout, meter).await;
            Err(Stopped {
                stop,
                was_ended: true,
            })
        }
    }
}

/// How it ended; what it took is counted before nobody knows any more.
async fn waited(
    child: &mut tokio::process::Child,
    meter: Option<&Meter>,
) -> std::io::Result<std::process::ExitStatus> {
    if let Some(meter) = meter {
        host::ended(child).await;
        meter.read(child);
    }
    child.wait().await
}

fn spawn(host: &Host, program: &str, arguments: &[String]) -> Result<tokio::process::Child, Stop> {
    let not_started = |why: String| {
        Stop::Failed(Message::new(
            "step_not_started",
            vec![name("program", program), name("why", why)],
        ))
    };
    if !host.is_live() {
        return Err(not_started("this is a recorded tree".into()));
    }
    let path = program::find(program).ok_or_else(|| not_started("it is not installed".into()))?;
    let mut command = program::command(&path);
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut command = tokio::process::Command::from(command);
    // A group of its own: what it starts ends with it.
    #[cfg(unix)]
    command.process_group(0);
    command
        .spawn()
        .map_err(|error| not_started(crate::text::reason(&error)))
}

/// Kills the group and waits until it is gone; `stop` is true only then.
async fn end(
    group: &program::Group,
    child: &mut tokio::process::Child,
    program: &str,
    stop: Stop,
    meter: Option<&Meter>,
) -> Stop {
    if let Some(meter) = meter {
        meter.read(child);
    }
    group.kill();
    let until = Instant::now() + GONE;
    let leader = tokio::time::timeout_at(until, child.wait()).await;
    while leader.is_ok() && Instant::now() < until {
        if group.is_gone() {
            return stop;
        }
        group.kill();
        tokio::time::sleep(LOOK).await;
    }
    lingers(program)
}

fn lingers(program: &str) -> Stop {
    Stop::Unknown(Message::new("step_lingers", vec![name("what", program)]))
}

/// What is kept of both streams.
#[derive(Default)]
struct Outputs {
    out: Output,
    error: Output,
}

impl Outputs {
    /// Passes on what both streams give, until both have ended.
    async fn follow(
        &mut self,
        out: Option<tokio::process::ChildStdout>,
        error: Option<tokio::process::ChildStderr>,
        pass: Pass<'_>,
    ) {
        let (mut out, mut error) = (out, error);
        let mut buffers = (vec![0; 8 << 10], vec![0; 8 << 10]);
        while out.is_some() || error.is_some() {
            tokio::select! {
                n = read(&mut out, &mut buffers.0) => match n {
                    0 => out = None,
                    n => hand_on(&mut self.out, Stream::Out, &buffers.0[..n], pass),
                },
                n = read(&mut error, &mut buffers.1) => match n {
                    0 => error = None,
                    n => hand_on(&mut self.error, Stream::Error, &buffers.1[..n], pass),
                },
            }
        }
    }

    /// Passes on the tails, however far it was followed.
    fn end(self, pass: Pass<'_>) {
        for (stream, output) in [(Stream::Out, self.out), (Stream::Error, self.error)] {
            if let Some((tail, missing_bytes)) = output.end() {
                pass(stream, tail, missing_bytes);
            }
        }
    }
}

fn hand_on(output: &mut Output, stream: Stream, data: &[u8], pass: Pass<'_>) {
    let head = output.take(data);
    if !head.is_empty() {
        pass(stream, head.to_vec(), 0);
    }
}

/// 0 at the end, and never for a stream that has ended before.
async fn read(stream: &mut Option<impl AsyncRead + Unpin>, buffer: &mut [u8]) -> usize {
    match stream {
        Some(stream) => stream.read(buffer).await.unwrap_or(0),
        None => std::future::pending().await,
    }
}
