//! Where the numbers of the last hours are going, from the flight recorder, for the checks that judge it.
//!
//! A course of hours becomes one row in the worker: the agent itself never holds it.

mod course;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::host::{Host, Unavailable};
use crate::recorder::{Recording, window};

use self::course::Course;
use super::{Cells, Column, Kind, Request, Row, Table, Value};

/// Bytes free on a mount.
pub(crate) const FREE_BYTES: &str = "free_bytes";
/// Milliseconds that a request to a disk takes.
pub(crate) const AWAIT_MS: &str = "await_ms";
/// Bytes swapped in and out in a second.
pub(crate) const SWAPPED_BYTES: &str = "swapped_bytes";
/// Bytes of memory that a process holds; it is named `NAME PID`, as by the next.
pub(crate) const RESIDENT_BYTES: &str = "resident_bytes";
/// Of one processor.
pub(crate) const CPU_PERCENT: &str = "cpu_percent";

/// How far back a trend reaches.
const WINDOW_US: i64 = 6 * 3_600_000_000;
/// Requests in one bucket that tell how long one takes.
const ENOUGH_REQUESTS: f64 = 20.0;
/// Of a process whose memory is worth telling.
const LARGE_BYTES: f64 = (64_u64 << 20) as f64;
/// Of one whose use of the processors is.
const BUSY_PERCENT: f64 = 50.0;

pub(super) const TABLE: Table = Table {
    name: "trends",
    in_worker: true,
    as_root: true,
    deadline: Duration::from_millis(1600),
    columns: &[
        Column::key("measure", Kind::Text),
        Column::key("thing", Kind::Text),
        Column::slow("points", Kind::Integer, ""),
        Column::slow("span_us", Kind::Integer, "µs"),
        Column::slow("first", Kind::Real, ""),
        Column::slow("last", Kind::Real, ""),
        Column::slow("per_second", Kind::Real, ""),
        Column::slow("steady", Kind::Real, ""),
        Column::slow("usual", Kind::Real, ""),
        Column::slow("usual_most", Kind::Real, ""),
        Column::slow("recent", Kind::Real, ""),
    ],
    read: |host, _| {
        let since = Value::TimeUs(host.now_us() - WINDOW_US);
        let request = Request::default().with("since", since);
        let recording = window::read(host, &request, |series| {
            WANTED.contains(&series.name.as_str())
        })?;
        Ok(trends(&recording, host.now_us())
            .into_iter()
            .map(row)
            .collect())
    },
    ..Table::PLAIN
};

/// The series that it takes.
const WANTED: &[&str] = &[
    "disk.available_bytes",
    "disk.reads",
    "disk.read_seconds",
    "disk.write_seconds",
    "disk.writes",
    "swap.in_bytes",
    "swap.out_bytes",
];

/// One number's way through the last hours, in buckets of five minutes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trend {
    pub measure: String,
    pub thing: String,
    /// Buckets that have a value.
    pub n_points: u64,
    /// From the first to the last.
    pub span_us: i64,
    pub first: f64,
    pub last: f64,
    /// Median of the slopes between all pairs of points (Theil, Sen 1968): a few wild points do not move it.
    pub per_second: f64,
    /// Share of the moving steps that go the slope's way.
    pub steady: f64,
    /// Median and 90th percentile of what was before the last quarter of an hour.
    pub usual: f64,
    pub usual_most: f64,
    /// Median of the last quarter of an hour.
    pub recent: f64,
}

fn trends(recording: &Recording, now_us: i64) -> Vec<Trend> {
    let mut found = Vec::new();
    let mut add = |measure: &str, thing: &str, course: &Course| {
        found.extend(course.trend(measure, thing, now_us))
    };
    for series in &recording.series {
        let (label, thing) = series.labels.split_once('=').unwrap_or_default();
        match (series.name.as_str(), label) {
            ("disk.available_bytes", "mount") => {
                let values = recording.course(&series.name, &series.labels);
                add(FREE_BYTES, thing, &Course::of_values(&values));
            }
            ("disk.reads", "disk") => add(AWAIT_MS, thing, &awaits(recording, &series.labels)),
            ("swap.in_bytes", _) => {
                let read = |name| Course::of_growth(&recording.course(name, ""));
                let swapped = read("swap.in_bytes").plus(&read("swap.out_bytes"));
                add(SWAPPED_BYTES, "", &swapped.per_second());
            }
            _ => {}
        }
    }
    found.extend(of_processes(recording, now_us));
    found
}

/// Time that requests took by how many there were.
fn awaits(recording: &Recording, disk: &str) -> Course {
    let grown = |name| Course::of_growth(&recording.course(name, disk));
    let requests = grown("disk.reads").plus(&grown("disk.writes"));
    let seconds = grown("disk.read_seconds").plus(&grown("disk.write_seconds"));
    seconds.over(&requests, ENOUGH_REQUESTS).times(1000.0)
}

fn of_processes(recording: &Recording, now_us: i64) -> Vec<Trend> {
    let mut by_process: BTreeMap<String, Vec<(i64, f64, f64)>> = BTreeMap::new();
    for moment in &recording.processes {
        for one in &moment.processes {
            let seen = (
                moment.at_us,
                one.resident_bytes as f64,
                f64::from(one.cpu_permille) / 10.0,
            );
            by_process
                .entry(format!("{} {}", one.name, one.pid))
                .or_default()
                .push(seen);
        }
    }
    let trends = by_process.into_iter().flat_map(|(process, seen)| {
        let memory: Vec<(i64, f64)> = seen.iter().map(|(at, bytes, _)| (*at, *bytes)).collect();
        let cpu: Vec<(i64, f64)> = seen
            .iter()
            .map(|(at, _, percent)| (*at, *percent))
            .collect();
        let memory = Course::of_values(&memory).trend(RESIDENT_BYTES, &process, now_us);
        let cpu = Course::of_values(&cpu).trend(CPU_PERCENT, &process, now_us);
        let memory = memory.filter(|trend| trend.last >= LARGE_BYTES && trend.last > trend.first);
        memory
            .into_iter()
            .chain(cpu.filter(|trend| trend.recent >= BUSY_PERCENT))
    });
    trends.collect()
}

fn row(of: Trend) -> Row {
    vec![
        of.measure.into(),
        of.thing.into(),
        of.n_points.into(),
        Value::Integer(of.span_us),
        Value::Real(of.first),
        Value::Real(of.last),
        Value::Real(of.per_second),
        Value::Real(of.steady),
        Value::Real(of.usual),
        Value::Real(of.usual_most),
        Value::Real(of.recent),
    ]
}

fn from_row(row: &Row) -> Trend {
    let mut cells = Cells::of(row);
    let mut trend = Trend {
        measure: cells.text().unwrap_or_default(),
        thing: cells.text().unwrap_or_default(),
        n_points: cells.amount(),
        span_us: cells.integer().unwrap_or_default(),
        ..Trend::default()
    };
    let reals = [
        &mut trend.first,
        &mut trend.last,
        &mut trend.per_second,
        &mut trend.steady,
        &mut trend.usual,
        &mut trend.usual_most,
        &mut trend.recent,
    ];
    for (to, from) in reals.into_iter().zip(row.iter().skip(4)) {
        if let Value::Real(value) = from {
            *to = *value;
        }
    }
    trend
}

/// Those of one measure, as a worker finds them; read once in one look.
pub(crate) async fn ask(host: &Host, measure: &str) -> Result<Vec<Trend>, Unavailable> {
    let all = host.trends(read(host)).await?;
    Ok(all
        .into_iter()
        .filter(|trend| trend.measure == measure)
        .collect())
}

async fn read(host: &Host) -> Result<Vec<Trend>, Unavailable> {
    // Else a worker would be started for that answer.
    if host.recorder().is_none() {
        return Err(Unavailable::absent(window::WHAT));
    }
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    Ok(reading.rows.iter().map(from_row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::{Busiest, Busy, Moment};
    use sonde_proto::v1;

    #[test]
    fn a_trend_survives_its_row() {
        let trend = Trend {
            measure: FREE_BYTES.into(),
            thing: "/".into(),
            n_points: 3,
            span_us: 5,
            first: 1.0,
            last: 2.0,
            per_second: 3.0,
            steady: 4.0,
            usual: 5.0,
            usual_most: 6.0,
            recent: 7.0,
        };
        assert_eq!(from_row(&row(trend.clone())), trend);
    }

    const MINUTE_US: i64 = 60_000_000;

    /// Four hours, a sample a minute: 100 requests of 5 ms each, in the last quarter of an hour of 50 ms.
    fn recording() -> Recording {
        let series = |(number, (name, labels, scale)): (u32, (&str, &str, i32))| v1::Series {
            number,
            name: name.into(),
            labels: labels.into(),
            scale,
            ..v1::Series::default()
        };
        let named = [
            ("disk.available_bytes", "mount=/", 0),
            ("disk.reads", "disk=sda", 0),
            ("disk.writes", "disk=sda", 0),
            ("disk.read_seconds", "disk=sda", -3),
            ("disk.write_seconds", "disk=sda", -3),
            ("swap.in_bytes", "", 0),
            ("swap.out_bytes", "", 0),
        ];
        let mut recording = Recording {
            series: (0..).zip(named).map(series).collect(),
            ..Recording::default()
        };
        let mut busy_ms = 0;
        for minute in 0..240 {
            let at_us = minute * MINUTE_US;
            busy_ms += if minute < 225 { 500 } else { 5000 };
            let values = [
                1_000_000 - 100 * minute,
                100 * minute,
                0,
                busy_ms,
                0,
                600 * minute,
                0,
            ];
            recording.samples.push(Moment {
                at_us,
                values: (0..).zip(values).collect(),
            });
            let grows = Busy {
                pid: 7,
                name: "leaky".into(),
                resident_bytes: (200 + minute as u64) << 20,
                cpu_permille: 10,
                ..Busy::default()
            };
            let spins = Busy {
                pid: 8,
                name: "spins".into(),
                cpu_permille: 995,
                ..Busy::default()
            };
            recording.processes.push(Busiest {
                at_us,
                processes: vec![grows, spins],
            });
        }
        recording
    }

    #[test]
    fn what_the_recorder_has_becomes_trends() {
        let shown = |of: &Trend| {
            format!(
                "{} {} per_second {:.1} steady {:.1} usual {:.1} recent {:.1}",
                of.measure, of.thing, of.per_second, of.steady, of.usual, of.recent
            )
        };
        let found = trends(&recording(), 239 * MINUTE_US);
        let found: Vec<String> = found.iter().map(shown).collect();
        assert_eq!(
            found,
            [
                "free_bytes / per_second -1.7 steady 1.0 usual 988800.0 recent 976800.0",
                "await_ms sda per_second 0.0 steady 0.0 usual 5.0 recent 50.0",
                "swapped_bytes  per_second 0.0 steady 0.0 usual 10.0 recent 10.0",
                "resident_bytes leaky 7 per_second 17476.3 steady 1.0 usual 327155712.0 recent 452984832.0",
                "cpu_percent spins 8 per_second 0.0 steady 0.0 usual 99.5 recent 99.5",
            ]
        );
    }

    #[test]
    fn what_has_ended_has_no_trend() {
        let found = trends(&recording(), 260 * MINUTE_US);
        assert_eq!(found, []);
    }
}
