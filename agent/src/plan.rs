//! What an action would do: a short closed list of steps, each with its words and its exact strings.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::finding::Message;

/// Exact strings of all steps of one plan, in one event of its job.
pub const EXACT_BYTES: usize = 28 << 10;
/// Exact strings of one step.
pub const MOST_EXACT: usize = 64;

/// What one exact string takes of that.
pub fn exact_bytes(one: &str) -> usize {
    one.len() + 4
}

/// Nothing is done yet. It can be kept as JSON, so that an undo outlives the agent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub steps: Vec<Planned>,
    /// What this agent would need and does not have; such a plan is shown and refused when it is to be applied.
    pub lacks: Vec<Message>,
    /// All of it is taken back unless the collector is heard on a new connection within this after the last step.
    #[serde(default)]
    pub unless_heard: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    pub message: Message,
    pub step: Step,
    /// Takes it back, once it is done.
    pub undo: Option<Box<Planned>>,
}

/// The only things that an action can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Step {
    /// Starts a program of the system by its name, without a shell.
    Run {
        program: String,
        arguments: Vec<String>,
        deadline: Duration,
        /// It has another process do the work, which goes on when the program is ended.
        #[serde(default)]
        outlives: bool,
    },
    /// Signals one process, known by its start time, and waits until it has gone where the signal ends it.
    Signal {
        pid: u32,
        /// Microseconds since boot, as `host::Process` has it.
        start_us: i64,
        signal: Signal,
        /// How long it may take to go; when it is still there, it did not work.
        wait: Duration,
    },
    /// Removes files below `root` that are still those that were planned.
    RemoveFiles { root: String, files: Vec<File> },
    /// Gives the threads of one process that have the nice value `from` the value `to` (setpriority(2)).
    Renice {
        pid: u32,
        /// As for a signal.
        start_us: i64,
        from: i32,
        to: i32,
    },
    /// Empties a file without a name that one process still has open.
    Release {
        pid: u32,
        /// As for a signal.
        start_us: i64,
        /// The process's own number of it.
        descriptor: u32,
        /// Its path is the one it had.
        file: File,
    },
    /// Replaces one line of a file that still reads `from` there.
    ChangeLine {
        /// Absolute.
        path: String,
        /// Counted from 1.
        line: u32,
        /// With what ends it. Absent: it is put before the line that is there now.
        from: Option<String>,
        /// Absent: it goes.
        to: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signal {
    /// The process is told to end.
    Terminate,
    /// It is ended.
    Kill,
    /// A daemon reads its configuration anew and forgets what it has cached.
    Reload,
}

/// A file as it was when the plan was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Relative to the step's root.
    pub path: String,
    pub bytes: u64,
    pub device: u64,
    pub inode: u64,
}

impl Plan {
    #[must_use]
    pub fn step(mut self, message: Message, step: Step) -> Self {
        self.steps.push(Planned {
            message,
            step,
            undo: None,
        });
        self
    }

    /// What takes back the last step.
    #[must_use]
    pub fn or_back(mut self, message: Message, step: Step) -> Self {
        if let Some(last) = self.steps.last_mut() {
            last.undo = Some(Box::new(Planned {
                message,
                step,
                undo: None,
            }));
        }
        self
    }

    /// The plan may cut this device off: it is taken back unless the collector is heard within `wait` after it. Each
    /// step has a way back that may be gone though the step was not done.
    #[must_use]
    pub fn unless_heard(mut self, wait: Duration) -> Self {
        self.unless_heard = Some(wait);
        self
    }

    /// Names of programs that a step starts.
    pub fn programs(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|planned| match &planned.step {
            Step::Run { program, .. } => Some(program.as_str()),
            Step::Signal { .. }
            | Step::RemoveFiles { .. }
            | Step::Renice { .. }
            | Step::Release { .. }
            | Step::ChangeLine { .. } => None,
        })
    }

    /// The way back from the first `n_done` steps, last one first. Absent: there is none.
    pub fn back(&self, n_done: usize) -> Option<Self> {
        let steps = self.steps[..n_done.min(self.steps.len())]
            .iter()
            .rev()
            .filter_map(|planned| planned.undo.as_deref().cloned())
            .collect::<Vec<_>>();
        (!steps.is_empty()).then_some(Self {
            steps,
            ..Self::default()
        })
    }
}

impl Step {
    /// What it does, byte for byte: a program and its arguments, or paths.
    pub fn exact(&self) -> Vec<String> {
        match self {
            Self::Run {
                program, arguments, ..
            } => [program].into_iter().chain(arguments).cloned().collect(),
            Self::Signal { pid, signal, .. } => {
                let signal = match signal {
                    Signal::Terminate => "SIGTERM",
                    Signal::Kill => "SIGKILL",
                    Signal::Reload => "SIGHUP",
                };
                vec![signal.into(), pid.to_string()]
            }
            Self::RemoveFiles { root, files } => files
                .iter()
                .map(|file| format!("{root}/{}", file.path))
                .collect(),
            Self::Renice { pid, from, to, .. } => {
                vec!["nice".into(), pid.to_string(), format!("{from} → {to}")]
            }
            Self::Release {
                pid,
                descriptor,
                file,
                ..
            } => vec![
                "truncate".into(),
                format!("/proc/{pid}/fd/{descriptor}"),
                file.path.clone(),
            ],
            Self::ChangeLine {
                path,
                line,
                from,
                to,
            } => {
                let shown = |sign: &str, text: &Option<String>| {
                    let text = text.as_deref()?;
                    Some(format!("{sign}{}", text.trim_end_matches(['\r', '\n'])))
                };
                [
                    Some(format!("{path}:{line}")),
                    shown("-", from),
                    shown("+", to),
                ]
                .into_iter()
                .flatten()
                .collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(program: &str) -> Step {
        Step::Run {
            program: program.into(),
            arguments: vec!["x".into()],
            deadline: Duration::from_secs(1),
            outlives: false,
        }
    }

    #[test]
    fn the_way_back_is_the_way_there_reversed() {
        let words = |id| Message::new(id, vec![crate::finding::bytes("size", 7)]);
        let plan = Plan::default()
            .step(words("a"), run("a"))
            .or_back(words("not_a"), run("not_a"))
            .step(words("b"), run("b"))
            .step(words("c"), run("c"))
            .or_back(words("not_c"), run("not_c"));
        let ids = |plan: Option<Plan>| {
            plan.map(|plan| {
                let ids = plan
                    .steps
                    .iter()
                    .map(|one| one.message.id.clone().into_owned());
                ids.collect::<Vec<_>>()
            })
        };
        assert_eq!(
            ids(plan.back(3)),
            Some(vec!["not_c".into(), "not_a".into()])
        );
        assert_eq!(ids(plan.back(2)), Some(vec!["not_a".into()]));
        assert_eq!(ids(plan.back(0)), None);
        let kept = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&kept).unwrap(), plan);
        assert_eq!(plan.steps[0].step.exact(), ["a", "x"]);
    }
}
