//! Following a job to its end: what runs, since when, how far it is, and what it prints.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::super::output::{clean, field, many};
use super::super::{Context, Failure};

/// What takes no longer shows no progress.
const PATIENCE: Duration = Duration::from_millis(300);
const TICK: Duration = Duration::from_millis(120);
/// Longest time one request waits, seconds; then the next one goes on.
pub(in super::super) const WAIT_S: u32 = 20;
/// What ends so soon is answered at once, seconds; of the rest one hears what becomes of it.
const SOON_S: u32 = 1;

/// What is asked of devices, and the request that it stands in.
pub(in super::super) struct Asked {
    body: Value,
    /// Of a new ticket: under which name it stands in it, and the rest of that.
    within: Option<(&'static str, Value)>,
}

impl Asked {
    pub(in super::super) fn plain(body: Value) -> Self {
        Self { body, within: None }
    }

    /// What a ticket is opened for.
    pub(in super::super) fn first(name: &'static str, body: Value, ticket: Value) -> Self {
        let within = Some((name, ticket));
        Self { body, within }
    }

    /// The request, which is answered after so many seconds at the latest.
    fn request(mut self, seconds: u32) -> Value {
        self.body["wait_seconds"] = json!(seconds);
        match self.within {
            None => self.body,
            Some((name, mut ticket)) => {
                ticket["first"] = json!({ name: self.body });
                ticket
            }
        }
    }
}

/// Asks devices for something and follows their jobs to their ends, or until `wait` seconds have passed.
pub(in super::super) async fn ask(
    context: &mut Context,
    path: &str,
    asked: Asked,
    wait: u32,
) -> Result<Vec<Value>, Failure> {
    let until = Instant::now() + Duration::from_secs(wait.into());
    let request = asked.request(wait.min(SOON_S));
    let answer = context.client().await?.post(path, &request).await?;
    let mut jobs = Vec::new();
    for job in answer["jobs"].as_array().into_iter().flatten().cloned() {
        jobs.push(match job["waiting_for_device"].as_bool() {
            // It may come tomorrow.
            Some(true) => job,
            _ => follow_until(context, job, until).await?,
        });
    }
    Ok(jobs)
}

/// The same of a job that was asked for before.
pub(super) async fn follow(context: &mut Context, job: Value, wait: u32) -> Result<Value, Failure> {
    let until = Instant::now() + Duration::from_secs(wait.into());
    follow_until(context, job, until).await
}

async fn follow_until(
    context: &mut Context,
    mut job: Value,
    until: Instant,
) -> Result<Value, Failure> {
    let mut progress = Progress::new(context);
    while job["ended"].as_bool() != Some(true) {
        // An answer comes as soon as the job has come further.
        let left = until.saturating_duration_since(Instant::now()).as_secs();
        let seconds = left.min(WAIT_S.into());
        if seconds == 0 {
            break;
        }
        progress.say(&job);
        let path = format!(
            "/jobs/{}?wait_seconds={seconds}&after={}",
            field(&job, "id"),
            field(&job, "n_events")
        );
        let client = context.client().await?;
        let followed = progress.during(client.get(&path)).await;
        job = followed.map_err(|failure| {
            failure.and_then_do(format!("it goes on: sonde job show {}", field(&job, "id")))
        })?;
    }
    progress.say(&job);
    context.output.n_shown = progress.n_shown();
    Ok(job)
}

/// What moves on the terminal while a job runs.
struct Progress {
    /// Hidden until there is something to wait for.
    bar: ProgressBar,
    json: bool,
    begun: Instant,
    /// Bytes of the job's output that have been printed.
    n_printed: usize,
}

impl Progress {
    fn new(context: &Context) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        Self {
            bar,
            json: context.output.json,
            begun: Instant::now(),
            n_printed: 0,
        }
    }

    fn say(&mut self, job: &Value) {
        self.bar.set_message(how_far(job));
        if self.bar.is_hidden() {
            return;
        }
        let lines = new_lines(job, &mut self.n_printed);
        if !lines.is_empty() {
            self.bar.println(lines);
        }
    }

    /// Bytes of output that the terminal shows: where nothing moves, none.
    fn n_shown(&self) -> usize {
        let is_seen = !self.bar.is_hidden() && std::io::stdout().is_terminal();
        if is_seen { self.n_printed } else { 0 }
    }

    /// Shows itself when there is something to wait for, and not before.
    async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        let patience = PATIENCE.saturating_sub(self.begun.elapsed());
        match tokio::time::timeout(patience, work.as_mut()).await {
            Ok(done) => done,
            Err(_) => {
                // It goes to the standard error, and only where that is a terminal.
                if !self.json {
                    self.bar.set_draw_target(ProgressDrawTarget::stderr());
                    self.bar.enable_steady_tick(TICK);
                }
                work.await
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// "net.dns-flush apply on lab-7: running, step 1 of 2"
fn how_far(job: &Value) -> String {
    let steps = job["plan"].as_array().map_or(&[][..], Vec::as_slice);
    let n_done = steps.iter().filter(|step| step["state"] == "done").count();
    let at = match steps.len() {
        0 => String::new(),
        n_steps => format!(", step {} of {n_steps}", (n_done + 1).min(n_steps)),
    };
    let state = match job["waiting_for_device"].as_bool() {
        Some(true) => "the device is not connected".to_owned(),
        _ => field(job, "state"),
    };
    let (title, host) = (field(job, "title"), field(job, "hostname"));
    clean(&format!("{title} on {host}: {state}{at}"))
}

/// The whole lines of its output that are new, harmless.
fn new_lines(job: &Value, n_printed: &mut usize) -> String {
    let output = job["output"].as_str().unwrap_or_default();
    let new = output.get(*n_printed..).unwrap_or_default();
    let Some(end) = new.rfind('\n') else {
        return String::new();
    };
    *n_printed += end + 1;
    many(&new[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(job: Value, expected: &str) {
        assert_eq!(how_far(&job), expected);
    }

    #[test]
    fn one_sees_what_runs_where_and_how_far_it_is() {
        let job = |plan: Value| json!({"title": "net.dns-flush apply", "hostname": "lab-7", "state": "running", "plan": plan});
        let step = |state: &str| json!({ "state": state });
        check(job(json!([])), "net.dns-flush apply on lab-7: running");
        check(
            job(json!([step("done"), step("planned"), step("planned")])),
            "net.dns-flush apply on lab-7: running, step 2 of 3",
        );
        check(
            job(json!([step("done")])),
            "net.dns-flush apply on lab-7: running, step 1 of 1",
        );
    }

    #[test]
    fn output_is_printed_by_the_line_and_once() {
        let mut n_printed = 0;
        let mut new = |output: &str| new_lines(&json!({ "output": output }), &mut n_printed);
        assert_eq!(new("one\ntw"), "one");
        assert_eq!(new("one\ntw"), "");
        assert_eq!(new("one\ntwo\n\u{1b}three\n"), "two\n\u{fffd}three");
    }
}
