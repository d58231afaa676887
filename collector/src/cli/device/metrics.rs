//! The course of a device's metrics: each sample of the last hour, or means of a step that fits the time.

use clap::Args;
use jiff::Timestamp;

use super::super::client::escape;
use super::super::human::human;
use super::super::moment::moment;
use super::super::output::{exactly, field, items};
use super::super::{Context, Failure};
use super::resolve;

/// Up to here each sample is shown, seconds.
const SAMPLES_S: i64 = 3_600;
/// Up to here steps of five minutes, seconds; beyond, hours.
const FIVE_MINUTES_S: i64 = 2 * 86_400;

#[derive(Debug, Args)]
pub(in super::super) struct Metrics {
    /// Host name, or id.
    device: String,
    /// Name of a metric: "disk.used_bytes".
    name: Option<String>,
    /// Labels: "mount=/".
    #[arg(long)]
    labels: Option<String>,
    /// How far back.
    #[arg(long, default_value_t = 15)]
    minutes: u32,
    /// From when on, instead of --minutes.
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true, conflicts_with = "minutes")]
    from: Option<String>,
    /// Until when; now if it is not given.
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    to: Option<String>,
    /// Each sample, or means of five minutes or an hour; if it is not given, what fits the time.
    #[arg(long, value_parser = ["samples", "5m", "1h"])]
    step: Option<String>,
}

pub(super) async fn show(context: &mut Context, ask: Metrics) -> Result<(), Failure> {
    let id = resolve(context, &ask.device).await?;
    let client = context.client().await?;
    let Some(name) = &ask.name else {
        let series = client.get(&format!("/devices/{id}/series")).await?;
        if context.output.json {
            return Ok(context.output.value(&series)?);
        }
        let header = ["name", "labels", "unit"];
        let rows = items(&series)
            .iter()
            .map(|series| header.map(|name| field(series, name)).into());
        return Ok(context.output.table(&header, rows)?);
    };
    let step = ask
        .step
        .clone()
        .unwrap_or_else(|| fitting(lasts_s(&ask, Timestamp::now())).to_owned());
    let seconds = (u64::from(ask.minutes) * 60).to_string();
    let mut path = format!("/devices/{id}/metrics?step={step}");
    for (key, value) in [
        ("name", Some(name)),
        ("labels", ask.labels.as_ref()),
        ("seconds", ask.from.is_none().then_some(&seconds)),
        ("from", ask.from.as_ref()),
        ("to", ask.to.as_ref()),
    ] {
        if let Some(value) = value {
            path.push_str(&format!("&{key}={}", escape(value)));
        }
    }
    let metrics = client.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&metrics)?);
    }
    let mut shown = Vec::new();
    for series in items(&metrics) {
        let unit = series["unit"].as_str().unwrap_or_default();
        for point in series["points"].as_array().into_iter().flatten() {
            let mut row = vec![field(series, "labels"), exactly(&point["at"])];
            let columns = ["value", "least", "most"];
            let n_columns = if step == "samples" { 1 } else { 3 };
            row.extend(
                columns[..n_columns]
                    .iter()
                    .map(|name| human(&point[*name], "real", unit)),
            );
            shown.push(row);
        }
    }
    let header = match step.as_str() {
        "samples" => &["labels", "at", "value"][..],
        _ => &["labels", "at", "mean", "least", "most"],
    };
    Ok(context.output.table(header, shown)?)
}

/// How much time is asked for, seconds.
fn lasts_s(ask: &Metrics, now: Timestamp) -> i64 {
    let read = |text: &Option<String>| text.as_ref()?.parse::<Timestamp>().ok();
    let to = read(&ask.to).unwrap_or(now);
    match read(&ask.from) {
        Some(from) => to.duration_since(from).as_secs(),
        None => i64::from(ask.minutes) * 60,
    }
}

fn fitting(lasts_s: i64) -> &'static str {
    match lasts_s {
        lasts if lasts <= SAMPLES_S => "samples",
        lasts if lasts <= FIVE_MINUTES_S => "5m",
        _ => "1h",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(minutes: u32, from: Option<&str>, expected: &str) {
        let ask = Metrics {
            device: "pc".into(),
            name: None,
            labels: None,
            minutes,
            from: from.map(str::to_owned),
            to: None,
            step: None,
        };
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        assert_eq!(fitting(lasts_s(&ask, now)), expected);
    }

    #[test]
    fn the_step_fits_the_time() {
        check(15, None, "samples");
        check(60, None, "samples");
        check(61, None, "5m");
        check(15, Some("2026-11-22T12:00:00Z"), "5m");
        check(15, Some("2026-11-22T11:59:00Z"), "1h");
    }
}
