//! A device's metrics as they move, each second, until one has seen enough.

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::super::human::human;
use super::super::output::{clock, field, plain};
use super::super::ticket::{Kind, Which};
use super::super::{Context, Failure};
use super::resolve;

/// Watch what moves on a device, each second, for a ticket; Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sonde device watch lab-7 --ticket 42\n  \
                  sonde device watch lab-7 --ticket 42 --metric net.received_bytes --seconds 60")]
pub(in super::super) struct Watch {
    /// Host name, or id.
    device: String,
    #[command(flatten)]
    which: Which,
    /// Only this metric, with all its labels; may be given several times.
    #[arg(long = "metric", value_name = "NAME")]
    metrics: Vec<String>,
    /// For so long; half an hour at most.
    #[arg(long, value_name = "SECONDS", default_value_t = 1_800, value_parser = clap::value_parser!(u32).range(1..=1_800))]
    seconds: u32,
}

pub(super) async fn run(context: &mut Context, watch: Watch) -> Result<ExitCode, Failure> {
    let id = resolve(context, &watch.device).await?;
    let body = json!({ "device": id, "seconds": watch.seconds });
    let job = watch.which.ask(context, Kind::Live, body, 0).await?;
    let path = format!("/jobs/{}/metrics", field(&job, "id"));
    let mut events = context.client().await?.events(&path).await?;
    let mut state = String::new();
    let mut named = Named::new(watch.metrics);
    while let Some((name, mut data)) = events.next().await? {
        if name == "sample" {
            named.narrow(&mut data)?;
        }
        if context.output.json {
            context.output.json_line(&with_event(&name, data.clone()))?;
        } else {
            for line in lines(&name, &data, !named.wanted.is_empty()) {
                context.output.line(&line)?;
            }
        }
        if name == "job" {
            state = field(&data, "state");
        }
    }
    match state.as_str() {
        "succeeded" | "cancelled" => Ok(ExitCode::SUCCESS),
        _ => Err(Failure::with_remedy(
            format!("it shows nothing more: the job is {state}"),
            format!("see why: sonde job show {}", field(&job, "id")),
        )),
    }
}

/// The metrics that are asked for by name.
struct Named {
    wanted: Vec<String>,
    /// All that the device has shown.
    seen: BTreeSet<String>,
    n_samples: usize,
}

impl Named {
    fn new(wanted: Vec<String>) -> Self {
        Self {
            wanted,
            seen: BTreeSet::new(),
            n_samples: 0,
        }
    }

    /// Leaves of a sample what is asked for; an error names what the device does not show.
    fn narrow(&mut self, sample: &mut Value) -> Result<(), Failure> {
        let Some(values) = sample["values"].as_array_mut() else {
            return Ok(());
        };
        if self.wanted.is_empty() {
            return Ok(());
        }
        self.n_samples += 1;
        self.seen
            .extend(values.iter().map(|value| field(value, "metric")));
        values.retain(|value| self.wanted.iter().any(|name| value["metric"] == **name));
        let absent = self.wanted.iter().find(|name| !self.seen.contains(*name));
        match absent {
            // What only grows is shown from the second sample on.
            Some(name) if self.n_samples > 1 => Err(Failure::with_remedy(
                format!("the device shows no metric {name} each second"),
                format!(
                    "there are: {}",
                    self.seen.iter().cloned().collect::<Vec<_>>().join(", ")
                ),
            )),
            Some(_) | None => Ok(()),
        }
    }
}

/// An event as one value.
fn with_event(name: &str, mut data: Value) -> Value {
    if let Some(object) = data.as_object_mut() {
        object.insert("event".to_owned(), json!(name));
    }
    data
}

/// What an event says to a person.
fn lines(name: &str, data: &Value, is_narrowed: bool) -> Vec<String> {
    match name {
        "sample" => {
            let values = data["values"].as_array().map_or(&[][..], Vec::as_slice);
            let at = clock(&data["at"]);
            let left_out = data["missed"].as_u64().unwrap_or(0);
            let left_out = (left_out > 0).then(|| {
                format!("{at}  {left_out} samples were left out: the device's way is slow")
            });
            let shown = match is_narrowed {
                false => vec![format!("{at}  {}", summary(values))],
                true => each(values, &at),
            };
            left_out.into_iter().chain(shown).collect()
        }
        "missed" => vec![format!(
            "{} samples were missed: the way to the collector is slow",
            field(data, "samples")
        )],
        "away" => vec!["the device sends nothing now; waiting for it".to_owned()],
        "job" => vec![format!("live metrics: {}", field(data, "state"))],
        _ => Vec::new(),
    }
}

fn each(values: &[Value], at: &str) -> Vec<String> {
    let line = |one: &Value| {
        let unit = one["unit"].as_str().unwrap_or_default();
        let labels = match field(one, "labels") {
            labels if labels.is_empty() => labels,
            labels => format!("{{{labels}}}"),
        };
        let value = human(&rounded(&one["value"]), "real", unit);
        format!("{at}  {}{labels}  {value}", field(one, "metric"))
    };
    values.iter().map(line).collect()
}

/// Three digits after the point are enough to see it move.
fn rounded(value: &Value) -> Value {
    match value.as_f64() {
        Some(n) => json!((n * 1000.0).round() / 1000.0),
        None => value.clone(),
    }
}

/// The few numbers that one looks at first; what a device does not have is left out.
fn summary(values: &[Value]) -> String {
    let of = |name: &str| {
        let of_name = values.iter().find(|one| one["metric"] == *name);
        of_name.and_then(|one| one["value"].as_f64())
    };
    // Several disks or interfaces count together, the loopback does not.
    let flow = |name: &str| {
        let real = values
            .iter()
            .filter(|one| one["metric"] == *name && one["labels"] != "interface=lo");
        let each: Vec<f64> = real.filter_map(|one| one["value"].as_f64()).collect();
        (!each.is_empty()).then(|| json!(each.iter().sum::<f64>().round()))
    };
    let mut parts = Vec::new();
    if let Some(percent) = busy_percent(values) {
        parts.push(format!("cpu {percent:.0} %"));
    }
    if let Some(load) = of("load.minute_1") {
        parts.push(format!("load {load:.2}"));
    }
    if let Some(free) = of("memory.available_bytes") {
        parts.push(format!(
            "memory {} free",
            human(&json!(free), "real", "bytes")
        ));
    }
    for (name, before, after) in [
        ("net.received_bytes", "net", "in"),
        ("net.sent_bytes", "", "out"),
        ("disk.read_bytes", "disk", "read"),
        ("disk.written_bytes", "", "written"),
    ] {
        if let Some(sum) = flow(name) {
            let text = format!("{before} {} {after}", human(&sum, "real", "bytes/s"));
            parts.push(plain(&json!(text.trim_start())));
        }
    }
    match parts.is_empty() {
        true => "nothing to show yet".to_owned(),
        false => parts.join("  "),
    }
}

/// Of all processors together, from the time that they spent by mode.
fn busy_percent(values: &[Value]) -> Option<f64> {
    let modes = values.iter().filter(|one| {
        let name = one["metric"].as_str().unwrap_or_default();
        name.starts_with("cpu.") && name.ends_with("_seconds") && one["labels"] == ""
    });
    let (mut all, mut idle) = (0.0, 0.0);
    for mode in modes {
        let seconds = mode["value"].as_f64().unwrap_or(0.0);
        all += seconds;
        if mode["metric"] == "cpu.idle_seconds" || mode["metric"] == "cpu.iowait_seconds" {
            idle += seconds;
        }
    }
    (all > 0.0).then(|| 100.0 * (all - idle) / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(metric: &str, labels: &str, unit: &str, value: f64) -> Value {
        json!({ "metric": metric, "labels": labels, "unit": unit, "value": value })
    }

    #[test]
    fn one_line_says_what_one_looks_at_first() {
        let values = [
            value("cpu.user_seconds", "", "s/s", 0.5),
            value("cpu.idle_seconds", "", "s/s", 1.5),
            value("cpu.idle_seconds", "cpu=0", "s/s", 1.0),
            value("memory.available_bytes", "", "bytes", 3_221_225_472.0),
            value("net.received_bytes", "interface=lo", "bytes/s", 1e9),
            value("net.received_bytes", "interface=a", "bytes/s", 1000.4),
            value("net.received_bytes", "interface=b", "bytes/s", 24.0),
        ];
        assert_eq!(
            summary(&values),
            "cpu 25 %  memory 3.0 GiB free  net 1.0 KiB/s in"
        );
        assert_eq!(summary(&[]), "nothing to show yet");
    }

    #[test]
    fn a_metric_that_was_named_is_shown_with_all_its_labels() {
        let data = json!({ "at": "", "missed": 0, "values": [
            value("net.sent_bytes", "interface=a", "bytes/s", 2048.0),
            value("load.minute_1", "", "", 0.12345),
        ]});
        let shown = |name: &str| {
            let mut data = data.clone();
            let mut named = Named::new(vec![name.to_owned()]);
            assert!(named.narrow(&mut data).is_ok());
            lines("sample", &data, true)
        };
        assert_eq!(
            shown("net.sent_bytes"),
            ["  net.sent_bytes{interface=a}  2.0 KiB/s"]
        );
        assert_eq!(shown("load.minute_1"), ["  load.minute_1  0.123"]);
    }

    #[test]
    fn a_metric_that_the_device_does_not_show_is_named_with_those_that_there_are() {
        let sample = json!({ "values": [value("load.minute_1", "", "", 0.5)] });
        let mut named = Named::new(vec!["load.average".into()]);
        let mut narrow = || named.narrow(&mut sample.clone());
        assert!(narrow().is_ok());
        let said = format!("{:?}", narrow().err());
        assert!(said.contains("no metric load.average"), "{said}");
        assert!(said.contains("there are: load.minute_1"), "{said}");
    }

    #[test]
    fn what_was_missed_is_said() {
        let missed = lines("missed", &json!({ "samples": 3 }), false);
        assert!(missed[0].starts_with("3 samples"), "{missed:?}");
        let left_out = json!({ "at": "", "missed": 2, "values": [] });
        assert!(lines("sample", &left_out, false)[0].contains("2 samples were left out"));
    }
}
