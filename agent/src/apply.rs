//! The one place that does what plans say.

mod output;
mod run;
mod texts;

use sonde_proto::message::Argument;
use tokio::sync::watch;

use crate::actions::Refusal;
use crate::finding::{Message, count, duration, name};
use crate::host::{Host, Kept, SignalFailed};
use crate::plan::{File, Plan, Signal, Step};

pub use output::Stream;
pub use texts::TEXTS;

/// What happens while a plan is applied. Steps are counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    Started {
        step: usize,
    },
    /// Of a program; of a long output head and tail.
    Output {
        step: usize,
        stream: Stream,
        data: Vec<u8>,
        /// Left out before `data`.
        missing_bytes: u64,
    },
    Done {
        step: usize,
        /// What was left undone of it.
        left: Option<Message>,
    },
    Failed {
        step: usize,
        why: Message,
    },
}

/// How it ended. Every message is one of `TEXTS`.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Succeeded,
    Failed(Message),
    /// Nothing was done.
    Refused(Refusal),
    /// The program that ran is gone.
    Cancelled,
    /// Whether the step was done cannot be told.
    Unknown(Message),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    pub outcome: Outcome,
    /// Steps that were done.
    pub n_done: usize,
    /// By the files that were removed.
    pub freed_bytes: u64,
    /// What takes the done steps back. Absent: nothing does.
    pub undo: Option<Plan>,
}

/// True as soon as someone wants it to end.
pub type Cancel = watch::Receiver<bool>;

/// One that nobody cancels.
pub fn never() -> Cancel {
    watch::channel(false).1
}

/// What a step has done.
#[derive(Default)]
struct Done {
    freed_bytes: u64,
    left: Option<Message>,
}

/// Why a step is not done.
enum Stop {
    Failed(Message),
    Cancelled,
    Unknown(Message),
}

/// Does the steps of `plan` in turn and stops at the first that fails. What has been done stays done; `undo` says
/// how to take it back.
pub async fn apply(
    host: &Host,
    plan: &Plan,
    progress: &mut dyn FnMut(Progress),
    mut cancel: Cancel,
) -> Applied {
    let mut applied = Applied {
        outcome: Outcome::Succeeded,
        n_done: 0,
        freed_bytes: 0,
        undo: None,
    };
    if let Some(lack) = plan.lacks.first() {
        applied.outcome = Outcome::Refused(Refusal(lack.clone()));
        return applied;
    }
    for (at, planned) in plan.steps.iter().enumerate() {
        if *cancel.borrow() {
            applied.outcome = Outcome::Cancelled;
            break;
        }
        progress(Progress::Started { step: at });
        let done = one(host, at, &planned.step, progress, &mut cancel).await;
        match done {
            Ok(Done { freed_bytes, left }) => {
                applied.n_done += 1;
                applied.freed_bytes += freed_bytes;
                progress(Progress::Done { step: at, left });
            }
            Err(stop) => {
                let why = match &stop {
                    Stop::Failed(why) | Stop::Unknown(why) => why.clone(),
                    Stop::Cancelled => Message::new("cancelled", vec![]),
                };
                progress(Progress::Failed { step: at, why });
                applied.outcome = match stop {
                    Stop::Failed(why) => Outcome::Failed(why),
                    Stop::Cancelled => Outcome::Cancelled,
                    Stop::Unknown(why) => Outcome::Unknown(why),
                };
                break;
            }
        }
    }
    applied.undo = plan.back(applied.n_done);
    applied
}

async fn one(
    host: &Host,
    at: usize,
    step: &Step,
    progress: &mut dyn FnMut(Progress),
    cancel: &mut Cancel,
) -> Result<Done, Stop> {
    match step {
        Step::Run {
            program,
            arguments,
            deadline,
            outlives,
        } => {
            let mut pass = |stream, data, missing_bytes| {
                progress(Progress::Output {
                    step: at,
                    stream,
                    data,
                    missing_bytes,
                });
            };
            let ran = run::run(host, program, arguments, *deadline, &mut pass, cancel).await;
            match ran {
                Ok(()) => Ok(Done::default()),
                Err(run::Stopped { stop, was_ended }) if was_ended && *outlives => {
                    Err(goes_on(program, stop))
                }
                Err(run::Stopped { stop, .. }) => Err(stop),
            }
        }
        Step::Signal {
            pid,
            start_us,
            signal,
            wait,
        } => signal_one(host, *pid, *start_us, *signal, *wait, cancel)
            .await
            .map(|()| Done::default()),
        Step::RemoveFiles { root, files } => remove(host, root, files, cancel).await,
        Step::Renice {
            pid,
            start_us,
            from,
            to,
        } => host
            .renice(*pid, *start_us, *from, *to)
            .map(|()| Done::default())
            .map_err(|why| Stop::Failed(of_process(*pid, why))),
        Step::Release {
            pid,
            start_us,
            descriptor,
            file,
        } => host
            .release(*pid, *start_us, *descriptor, file)
            .map(|freed_bytes| Done {
                freed_bytes,
                left: None,
            })
            .map_err(|why| left_alone(&file.path, &why)),
        Step::ChangeLine {
            path,
            line,
            from,
            to,
        } => host
            .change_line(path, *line, from.as_deref(), to.as_deref())
            .map(|()| Done::default())
            .map_err(|why| left_alone(path, &why)),
    }
}

/// Of a program that was ended, and whose work goes on in another process.
fn goes_on(program: &str, stop: Stop) -> Stop {
    match stop {
        Stop::Failed(_) | Stop::Cancelled => {
            Stop::Unknown(Message::new("step_goes_on", vec![name("what", program)]))
        }
        Stop::Unknown(why) => Stop::Unknown(why),
    }
}

async fn signal_one(
    host: &Host,
    pid: u32,
    start_us: i64,
    signal: Signal,
    wait: std::time::Duration,
    cancel: &mut Cancel,
) -> Result<(), Stop> {
    let sent = host.signal(pid, start_us, signal, wait);
    let outcome = tokio::select! {
        outcome = sent => outcome,
        // The signal is sent; whether the process goes is not waited for.
        () = wanted(cancel) => return Err(Stop::Unknown(Message::new(
            "step_still_runs",
            vec![number_of(pid), duration("wait", 0)],
        ))),
    };
    outcome.map_err(|why| {
        Stop::Failed(match why {
            SignalFailed::StillRuns => {
                let wait = duration("wait", wait.as_micros() as i64);
                Message::new("step_still_runs", vec![number_of(pid), wait])
            }
            SignalFailed::OtherProcess | SignalFailed::Refused { .. } => of_process(pid, why),
        })
    })
}

/// A name, not an amount.
fn number_of(pid: u32) -> Argument {
    name("pid", pid.to_string())
}

/// Why a process was left as it is.
fn of_process(pid: u32, why: SignalFailed) -> Message {
    match why {
        SignalFailed::OtherProcess | SignalFailed::StillRuns => {
            Message::new("step_other_process", vec![number_of(pid)])
        }
        SignalFailed::Refused { why } => {
            Message::new("step_process", vec![number_of(pid), name("why", why)])
        }
    }
}

fn left_alone(path: &str, why: &Kept) -> Stop {
    let said = vec![name("path", path), name("why", why.to_string())];
    Stop::Failed(Message::new("step_left_alone", said))
}

/// Returns when it is cancelled, else never.
async fn wanted(cancel: &mut Cancel) {
    if cancel.wait_for(|cancelled| *cancelled).await.is_err() {
        // Whoever could have cancelled is gone.
        std::future::pending::<()>().await;
    }
}

/// Files that are no longer what was planned are left alone; if that is all of them, the step has failed.
async fn remove(
    host: &Host,
    root: &str,
    files: &[File],
    cancel: &mut Cancel,
) -> Result<Done, Stop> {
    let mut done = Done::default();
    let mut n_kept = 0;
    let mut last = None;
    for file in files {
        if *cancel.borrow_and_update() {
            return Err(Stop::Cancelled);
        }
        match host.remove(root, file) {
            Ok(bytes) => done.freed_bytes += bytes,
            Err(kept) => {
                n_kept += 1;
                last = Some(kept);
            }
        }
        tokio::task::yield_now().await;
    }
    done.left = last.map(|why| {
        let arguments = vec![
            count("kept", n_kept as u64),
            count("files", files.len() as u64),
            name("why", why.to_string()),
        ];
        Message::new("step_kept", arguments)
    });
    match done.left {
        Some(why) if n_kept == files.len() => Err(Stop::Failed(why)),
        _ => Ok(done),
    }
}

#[cfg(test)]
mod tests;
