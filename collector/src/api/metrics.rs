//! Metrics of a device: what is measured, and its course.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::body::{At, Params};
use super::caller::Viewer;
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::store::accounts::Role;
use crate::store::metrics::{FIVE_MINUTES_US, NewSeries, ONE_HOUR_US, Point, Series, Wanted};
use crate::wording::wording;

/// Points in one answer.
const MOST_POINTS: usize = 50_000;
/// Points that are read for one: not everything is measured as often as everything can be.
const MOST_READ: i64 = 4 * MOST_POINTS as i64;
/// How far back, unless a time is named: 15 minutes.
const SECONDS: i64 = 900;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SeriesView {
    name: String,
    /// "mount=/"; empty: the machine as a whole.
    labels: String,
    unit: String,
    /// It only grows, except at restarts.
    counter: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SeriesList {
    items: Vec<SeriesView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Course {
    #[serde(flatten)]
    series: SeriesView,
    points: Vec<PointView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PointView {
    at: String,
    /// The sample, or the mean of a step.
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    least: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<f64>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CourseList {
    from: String,
    to: String,
    items: Vec<Course>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Which {
    /// "disk.used_bytes"; all if it is not given.
    name: Option<String>,
    labels: Option<String>,
    /// RFC 3339.
    from: Option<String>,
    /// RFC 3339; now if it is not given.
    to: Option<String>,
    /// How far before `to`, instead of `from`.
    seconds: Option<i64>,
    /// "samples", "5m", "1h"; samples if it is not given.
    step: Option<String>,
}

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/devices/{device}/series",
            viewer,
            "What is measured on a device",
            get(series),
        )
        .gives::<SeriesList>(),
        Route::new(
            Method::GET,
            "/devices/{device}/metrics",
            viewer,
            "The course of a device's metrics between two times",
            get(metrics),
        )
        .query::<Which>()
        .gives::<CourseList>(),
    ]
}

fn view(series: NewSeries) -> SeriesView {
    SeriesView {
        name: series.name,
        labels: series.labels,
        unit: series.unit,
        counter: series.counter,
    }
}

async fn series(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(device): At<String>,
) -> Result<Json<SeriesList>, Problem> {
    let device = caller.device(&state, &device).await?;
    let series = state.store.series(device.device_key).await?;
    Ok(Json(SeriesList {
        items: series.into_iter().map(|one| view(one.series)).collect(),
    }))
}

async fn metrics(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(device): At<String>,
    Params(which): Params<Which>,
) -> Result<Json<CourseList>, Problem> {
    let device = caller.device(&state, &device).await?;
    let to = match &which.to {
        Some(to) => time::read("to", to)?,
        None => time::now_us(),
    };
    let from = match (&which.from, which.seconds) {
        (Some(from), _) => time::read("from", from)?,
        (None, seconds) => to.saturating_sub(seconds.unwrap_or(SECONDS).saturating_mul(1_000_000)),
    };
    if from >= to {
        return Err(Problem::field("from", wording!("it is not before `to`")));
    }
    let wanted = Wanted {
        name: which.name,
        labels: which.labels,
        from,
        to,
    };
    let known = state.store.series(device.device_key).await?;
    if let Some(name) = &wanted.name
        && !known.iter().any(|one| one.series.name == *name)
    {
        return Err(
            Problem::not_found(wording!("metric"), name).remedy(wording!(
                "GET …/series lists what is measured on the device"
            )),
        );
    }
    let step_us = match which.step.as_deref() {
        None | Some("samples") => None,
        Some("5m") => Some(FIVE_MINUTES_US),
        Some("1h") => Some(ONE_HOUR_US),
        Some(other) => {
            return Err(
                Problem::field("step", wording!("there is no step {}", ?other))
                    .remedy(wording!("samples, 5m or 1h")),
            );
        }
    };
    let is_wanted = |one: &&Series| {
        let (name, labels) = (&one.series.name, &one.series.labels);
        wanted.name.as_ref().is_none_or(|of| of == name)
            && wanted.labels.as_ref().is_none_or(|of| of == labels)
    };
    let n_series = known.iter().filter(is_wanted).count() as i64;
    // Nothing was measured before it was enrolled, and nothing is yet to come.
    let lasts_us = to.min(time::now_us()) - from.max(device.enrolled_at);
    readable(n_series, lasts_us, step_us, state.report_every_us)?;
    let items = match step_us {
        None => samples(&state, device.device_key, &wanted).await?,
        Some(step_us) => rolled_up(&state, device.device_key, &wanted, step_us).await?,
    };
    let n_points: usize = items.iter().map(|course| course.points.len()).sum();
    if n_points > MOST_POINTS {
        return Err(too_many(n_points as i64));
    }
    Ok(Json(CourseList {
        from: time::shown(from),
        to: time::shown(to),
        items,
    }))
}

/// Refuses what would be too much to be read, before it is.
fn readable(
    n_series: i64,
    lasts_us: i64,
    step_us: Option<i64>,
    sample_us: i64,
) -> Result<(), Problem> {
    let every_us = step_us.unwrap_or(sample_us).max(1);
    let n_read = (lasts_us / every_us).saturating_mul(n_series);
    match n_read > MOST_READ {
        true => Err(too_many(n_read)),
        false => Ok(()),
    }
}

fn too_many(n_points: i64) -> Problem {
    Problem::field(
        "from",
        wording!("{} points, where {} are the most", n_points, MOST_POINTS),
    )
    .remedy(wording!(
        "ask for a shorter time, for one name, or in steps: --step 5m, --step 1h (step=5m, step=1h)"
    ))
}

fn scaled(value: i64, series: &NewSeries) -> f64 {
    match series.scale {
        0 => value as f64,
        // Dividing keeps 0.1 what it is; multiplying by 0.1 would not.
        scale if scale < 0 => value as f64 / 10_f64.powi(-scale),
        scale => value as f64 * 10_f64.powi(scale),
    }
}

async fn samples(
    state: &AppState,
    device_key: i64,
    wanted: &Wanted,
) -> Result<Vec<Course>, Problem> {
    let read = state.store.read_metrics(device_key, wanted).await?;
    let courses = read
        .iter()
        .map(|one| course(&one.series.series, &one.samples));
    Ok(courses.collect())
}

/// Samples (time, scaled integer) of a series, as they are shown.
pub(super) fn course(series: &NewSeries, samples: &[(i64, i64)]) -> Course {
    let points = samples.iter().map(|(at, value)| PointView {
        at: time::shown(*at),
        value: scaled(*value, series),
        least: None,
        most: None,
    });
    Course {
        points: points.collect(),
        series: view(series.clone()),
    }
}

async fn rolled_up(
    state: &AppState,
    device_key: i64,
    wanted: &Wanted,
    step_us: i64,
) -> Result<Vec<Course>, Problem> {
    let read = state.store.read_rollup(device_key, wanted, step_us).await?;
    let courses = read
        .iter()
        .map(|one| rolled(&one.series.series, &one.points));
    Ok(courses.collect())
}

/// The same of minimum, mean and maximum over each step.
pub(super) fn rolled(series: &NewSeries, points: &[Point]) -> Course {
    let points = points.iter().map(|point| PointView {
        at: time::shown(point.at),
        value: scaled(point.mean, series),
        least: Some(scaled(point.least, series)),
        most: Some(scaled(point.most, series)),
    });
    Course {
        points: points.collect(),
        series: view(series.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_to_read_is_refused_by_series_time_and_step() {
        const DAY_US: i64 = 86_400_000_000;
        let readable =
            |n_series, lasts_us, step_us| readable(n_series, lasts_us, step_us, 15_000_000).is_ok();
        assert!(readable(1, 14 * DAY_US, None));
        assert!(!readable(150, 14 * DAY_US, None));
        assert!(readable(150, DAY_US, Some(FIVE_MINUTES_US)));
        assert!(!readable(150, 400 * DAY_US, Some(FIVE_MINUTES_US)));
        assert!(!readable(9, i64::MAX, None));
        // Who reports every second has as much more to be read.
        assert!(super::readable(1, 14 * DAY_US, None, 1_000_000).is_err());
    }

    #[test]
    fn scaled_values_are_what_was_measured() {
        let with = |scale| NewSeries {
            name: "x".into(),
            labels: String::new(),
            unit: String::new(),
            scale,
            counter: false,
        };
        assert_eq!(scaled(123, &with(-1)), 12.3);
        assert_eq!(scaled(7, &with(3)), 7_000.0);
        assert_eq!(scaled(-4, &with(0)), -4.0);
    }
}
