//! Jobs: following one to its end, and showing what came of it.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::client::escape;
use super::output::{clean, field, items, when};
use super::{Context, Failure, check, device};

/// What takes no longer shows no progress.
const PATIENCE: Duration = Duration::from_millis(300);
/// Longest time one request waits, seconds; then the next one goes on.
pub(super) const WAIT_S: u32 = 20;

#[derive(Debug, Subcommand)]
pub(super) enum JobCommand {
    /// Show a job.
    #[command(after_help = "Example:\n  sonde job show 5k2… --wait 60")]
    Show {
        /// Id of the job.
        job: String,
        /// Wait for its end, so many seconds.
        #[arg(long, value_name = "SECONDS", default_value_t = 0)]
        wait: u32,
    },
    /// Stop a job.
    #[command(after_help = "Example:\n  sonde job cancel 5k2…")]
    Cancel {
        /// Id of the job.
        job: String,
    },
}

pub(super) async fn run(context: &mut Context, command: JobCommand) -> Result<ExitCode, Failure> {
    match command {
        JobCommand::Show { job, wait } => {
            let path = format!("/jobs/{}", escape(&job));
            let mut view = context.client().await?.get(&path).await?;
            if wait > 0 {
                view = follow(context, view, wait).await?;
            }
            show(context, &view)?;
            Ok(ExitCode::SUCCESS)
        }
        JobCommand::Cancel { job } => {
            let path = format!("/jobs/{}/cancel", escape(&job));
            let done = context.client().await?.post(&path, &Value::Null).await?;
            if context.output.json {
                context.output.value(&done)?;
            } else {
                let said = match done["outcome"].as_str() {
                    Some("cancelled") => "cancelled: it had not left the collector".to_owned(),
                    Some("asked") => {
                        "the device was told to stop; `sonde job show` says when it has".to_owned()
                    }
                    _ => format!("it had ended before: {}", field(&done, "state")),
                };
                context.output.line(&said)?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Jobs of a ticket or on a device.
pub(super) async fn list(context: &mut Context, path: &str) -> Result<(), Failure> {
    let jobs = context.client().await?.get(path).await?;
    if context.output.json {
        return Ok(context.output.value(&jobs)?);
    }
    let rows = items(&jobs).iter().map(|job| {
        vec![
            field(job, "id"),
            when(&job["issued_at"]),
            field(job, "state"),
            field(job, "hostname"),
            field(job, "title"),
        ]
    });
    let header = ["id", "at", "state", "device", "what"];
    Ok(context.output.table(&header, rows)?)
}

/// Asks a device for something and follows the job to its end, or until `wait` seconds have passed.
pub(super) async fn ask(
    context: &mut Context,
    path: &str,
    mut body: Value,
    wait: u32,
) -> Result<Value, Failure> {
    body["wait_seconds"] = json!(wait.min(WAIT_S));
    let progress = Progress::new(context);
    let asked = {
        let client = context.client().await?;
        progress.during(client.post(path, &body)).await?
    };
    let job = asked["jobs"][0].clone();
    let is_waiting = job["waiting_for_device"].as_bool() == Some(true);
    match job["ended"].as_bool() == Some(true) || is_waiting {
        true => Ok(job),
        false => follow(context, job, wait.saturating_sub(WAIT_S)).await,
    }
}

async fn follow(context: &mut Context, mut job: Value, wait: u32) -> Result<Value, Failure> {
    let progress = Progress::new(context);
    let until = Instant::now() + Duration::from_secs(wait.into());
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
    Ok(job)
}

/// What moves on the terminal while a job runs.
struct Progress(ProgressBar);

impl Progress {
    fn new(context: &Context) -> Self {
        // It goes to the standard error, and only where that is a terminal.
        let bar = match context.output.json {
            true => ProgressBar::hidden(),
            false => ProgressBar::new_spinner(),
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    fn say(&self, job: &Value) {
        let done = job["plan"].as_array().map_or(0, |steps| {
            let done = steps.iter().filter(|step| step["state"] == "done");
            done.count()
        });
        let steps = job["plan"].as_array().map_or(0, Vec::len);
        let at = match steps {
            0 => String::new(),
            steps => format!(", step {done} of {steps}"),
        };
        let title = format!("{}: {}{at}", field(job, "title"), field(job, "state"));
        self.0.set_message(clean(&title));
    }

    async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        let soon = tokio::time::timeout(PATIENCE, work.as_mut()).await;
        let done = match soon {
            Ok(done) => done,
            Err(_) => {
                self.0.enable_steady_tick(Duration::from_millis(120));
                work.await
            }
        };
        self.0.finish_and_clear();
        done
    }
}

/// Prints everything that is known of a job.
pub(super) fn show(context: &Context, job: &Value) -> Result<(), Failure> {
    let output = &context.output;
    if output.json {
        return Ok(output.value(job)?);
    }
    let ticket = match job["ticket"].as_i64() {
        Some(number) => format!(", ticket {number}"),
        None => String::new(),
    };
    output.line(&format!(
        "{} on {}{ticket}: {}",
        field(job, "title"),
        field(job, "hostname"),
        field(job, "state")
    ))?;
    if let Some(reason) = job["reason"].as_str() {
        output.line(&format!("  {reason}"))?;
    }
    if job["waiting_for_device"].as_bool() == Some(true) {
        let until = when(&job["expires_at"]);
        output.line(&format!(
            "  the device is not connected; the order waits for it until {until}"
        ))?;
        output.line(&format!("  sonde job show {}", field(job, "id")))?;
    } else if job["ended"].as_bool() != Some(true) {
        let asked = match job["cancel_asked"].as_bool() {
            Some(true) => "it was asked to stop and has not answered yet",
            _ => "it has not ended yet",
        };
        let id = field(job, "id");
        output.line(&format!("  {asked}: sonde job show {id} --wait 60"))?;
    }
    steps(context, job)?;
    let found = job["findings"].as_array().map_or(&[][..], Vec::as_slice);
    if !found.is_empty() {
        check::findings(context, found)?;
    }
    let verified = job["verified"].as_array().map_or(&[][..], Vec::as_slice);
    if !verified.is_empty() {
        output.line("verified:")?;
        check::findings(context, verified)?;
    }
    if job["table"].is_object() {
        device::rows(context, &job["table"])?;
    }
    let text = field(job, "output");
    if !text.is_empty() {
        output.text(&text)?;
    }
    match job["output_missing_bytes"].as_u64() {
        Some(0) | None => {}
        Some(missing) => output.line(&format!("({missing} bytes of output are left out)"))?,
    }
    Ok(())
}

fn steps(context: &Context, job: &Value) -> Result<(), Failure> {
    let Some(steps) = job["plan"].as_array().filter(|steps| !steps.is_empty()) else {
        return Ok(());
    };
    let rows = (1..).zip(steps).map(|(number, step)| {
        vec![
            number.to_string(),
            field(step, "state"),
            format!("{} {}", field(step, "summary"), field(step, "reason")),
            field(step, "exact"),
        ]
    });
    Ok(context
        .output
        .table(&["step", "state", "what", "exactly"], rows)?)
}
