//! Courses of the last day as drawings, from the flight recorder.

use sonde_proto::message::Lang;

use crate::facts::{self, Request, Value};
use crate::host::Host;

use super::escape;

/// What is drawn: the metric, its title in both languages, and whether it only counts up.
const DRAWN: &[(&str, &str, &str, bool)] = &[
    (
        "cpu.idle_seconds",
        "Processors that are idle (1: one of them)",
        "Processeurs inoccupés (1 : un seul)",
        true,
    ),
    (
        "memory.available_bytes",
        "Memory that is available",
        "Mémoire disponible",
        false,
    ),
    (
        "disk.used_percent",
        "Disks, used share (%)",
        "Disques, part occupée (%)",
        false,
    ),
    (
        "pressure.some_us",
        "Somebody waits (µs a second)",
        "Attente (µs par seconde)",
        true,
    ),
    (
        "net.received_bytes",
        "Received, bytes a second",
        "Reçu, octets par seconde",
        true,
    ),
    (
        "tcp.resent_segments",
        "Segments sent again, a second",
        "Segments réémis, par seconde",
        true,
    ),
    (
        "temperature.celsius",
        "Temperature (°C)",
        "Température (°C)",
        false,
    ),
];
const DAY_US: i64 = 86_400_000_000;
/// Lines in one drawing.
const MOST_LINES: usize = 6;
/// Points of one line: as many as a screen shows.
const POINTS: usize = 480;
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 140.0;

/// One line: its labels, and moments (µs) with values.
type Line = (String, Vec<(i64, f64)>);

/// All drawings; empty: nothing was recorded.
pub(super) async fn all(host: &Host, lang: Lang) -> String {
    let Ok(table) = facts::find("recorded_metrics") else {
        return String::new();
    };
    let mut out = String::new();
    for (metric, en, fr, counts) in DRAWN {
        let since = host.now_us().saturating_sub(DAY_US);
        let request = Request::default()
            .with("name", Value::from(*metric))
            .with("since", Value::TimeUs(since));
        let Ok(reading) = facts::read(table, host, &request).await else {
            continue;
        };
        let mut lines: Vec<Line> = Vec::new();
        for row in &reading.rows {
            let [name, labels, at, value, ..] = row.as_slice() else {
                continue;
            };
            let (Some(name), Some(labels)) = (name.as_text(), labels.as_text()) else {
                continue;
            };
            let (Value::TimeUs(at), Value::Real(value)) = (at, value) else {
                continue;
            };
            if name != *metric {
                continue;
            }
            match lines.last_mut().filter(|(of, _)| of == labels) {
                Some((_, points)) => points.push((*at, *value)),
                None => lines.push((labels.to_owned(), vec![(*at, *value)])),
            }
        }
        if *counts {
            lines
                .iter_mut()
                .for_each(|(_, points)| *points = rates(points));
        }
        lines.retain(|(_, points)| points.len() > 1);
        let title = match lang {
            Lang::En => en,
            Lang::Fr => fr,
        };
        out.push_str(&drawing(title, &lines));
    }
    out
}

/// What a counter gained a second, from one moment to the next; a restart of it gains nothing.
fn rates(points: &[(i64, f64)]) -> Vec<(i64, f64)> {
    points
        .windows(2)
        .filter_map(|two| {
            let [(from, before), (to, after)] = two else {
                return None;
            };
            let seconds = (to - from) as f64 / 1e6;
            (seconds > 0.0 && after >= before).then(|| (*to, (after - before) / seconds))
        })
        .collect()
}

/// The means of so many equal parts of the time.
fn thinned(points: &[(i64, f64)]) -> Vec<(i64, f64)> {
    points
        .chunks(points.len().div_ceil(POINTS).max(1))
        .filter_map(|some| {
            let n = some.len() as f64;
            let mean = some.iter().map(|(_, value)| value).sum::<f64>() / n;
            Some((some.last()?.0, mean))
        })
        .collect()
}

fn drawing(title: &str, lines: &[Line]) -> String {
    let all = || lines.iter().take(MOST_LINES).flat_map(|(_, points)| points);
    let (Some(from), Some(to)) = (
        all().map(|(at, _)| *at).min(),
        all().map(|(at, _)| *at).max(),
    ) else {
        return String::new();
    };
    let most = all().map(|(_, value)| *value).fold(0.0, f64::max);
    let least = all().map(|(_, value)| *value).fold(0.0, f64::min);
    let span = (to - from).max(1) as f64;
    let range = (most - least).max(f64::MIN_POSITIVE);
    let mut out = format!(
        "<figure><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{0}\">",
        escape(title)
    );
    for (n, (_, points)) in lines.iter().take(MOST_LINES).enumerate() {
        let points = thinned(points).into_iter().map(|(at, value)| {
            let x = (at - from) as f64 / span * WIDTH;
            let y = HEIGHT - 4.0 - (value - least) / range * (HEIGHT - 8.0);
            format!("{x:.1},{y:.1}")
        });
        let points: Vec<String> = points.collect();
        out.push_str(&format!(
            "<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" \
             vector-effect=\"non-scaling-stroke\" points=\"{}\"/>",
            colour(n),
            points.join(" ")
        ));
    }
    let named = lines.iter().take(MOST_LINES).enumerate();
    let named: Vec<String> = named
        .filter(|_| lines.len() > 1)
        .map(|(n, (labels, _))| {
            let labels = if labels.is_empty() { "*" } else { labels };
            format!(
                "<span style=\"color:{}\">■</span> {}",
                colour(n),
                escape(labels)
            )
        })
        .collect();
    let (since, until) = (super::moment(from), super::moment(to));
    out.push_str(&format!(
        "</svg><figcaption>{}: {} – {}{}<br>{since} – {until}</figcaption></figure>\n",
        escape(title),
        amount(least),
        amount(most),
        match named.is_empty() {
            true => String::new(),
            false => format!("<br>{}", named.join(" ")),
        }
    ));
    out
}

/// Of the line with this number.
fn colour(n: usize) -> String {
    format!("hsl({} 70% 45%)", (n * 60 + 210) % 360)
}

/// A number as short as it is told apart by.
fn amount(value: f64) -> String {
    const STEPS: &[(f64, &str)] = &[(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")];
    match STEPS.iter().find(|(step, _)| value.abs() >= *step) {
        Some((step, sign)) => format!("{:.1}{sign}", value / step),
        None if value == value.trunc() => format!("{value:.0}"),
        None => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_drawn_by_what_it_gains() {
        let points = [
            (0, 5.0),
            (1_000_000, 7.0),
            (3_000_000, 8.0),
            (4_000_000, 0.0),
            (5_000_000, 1.0),
        ];
        let expected = [(1_000_000, 2.0), (3_000_000, 0.5), (5_000_000, 1.0)];
        assert_eq!(rates(&points), expected);
    }

    #[test]
    fn a_long_course_has_no_more_points_than_a_screen() {
        let long: Vec<(i64, f64)> = (0..5_760).map(|n| (n, n as f64)).collect();
        let thin = thinned(&long);
        assert_eq!((thin.len(), thin[0]), (POINTS, (11, 5.5)));
        assert_eq!(thinned(&long[..3]), long[..3]);
    }

    #[test]
    fn a_line_fills_its_drawing() {
        let flat = ("mount=<b>".to_owned(), vec![(0, 1.0), (20, 1.0)]);
        let lines = [(String::new(), vec![(0, 0.0), (10, 5.0), (20, 10.0)]), flat];
        let drawn = drawing("Disks", &lines);
        assert!(
            drawn.contains("points=\"0.0,136.0 480.0,70.0 960.0,4.0\""),
            "{drawn}"
        );
        assert!(drawn.contains("Disks: 0 – 10<br>"), "{drawn}");
        assert!(drawn.contains("■</span> * <span"), "{drawn}");
        assert!(drawn.contains("■</span> mount=&lt;b&gt;<br>"), "{drawn}");
        assert_eq!(drawing("Disks", &[]), "");
    }
}
