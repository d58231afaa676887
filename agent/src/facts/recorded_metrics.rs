//! Metrics of the last day, from the flight recorder, on demand.

use std::time::Duration;

use crate::recorder::{SINCE, UNTIL, window};

use super::{Column, Kind, Parameter, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "recorded_metrics",
    every: Duration::ZERO,
    columns: &[
        Column::key("name", Kind::Text),
        Column::key("labels", Kind::Text),
        Column::key("at", Kind::Time),
        Column::slow("value", Kind::Real, ""),
        Column::slow("unit", Kind::Text, ""),
    ],
    in_worker: true,
    as_root: true,
    most_rows: 20_000,
    parameters: &[
        SINCE,
        UNTIL,
        Parameter {
            name: "name",
            help_en: "part of the metric's name",
            help_fr: "partie du nom de la métrique",
            longest: 64,
            ..Parameter::PLAIN
        },
    ],
    read: |host, request| {
        let part = request.text("name").unwrap_or_default();
        let found = window::read(host, request, |series| series.name.contains(&part))?;
        let mut rows: Vec<Row> = Vec::new();
        for series in &found.series {
            let course = found.course(&series.name, &series.labels);
            rows.extend(course.into_iter().map(|(at_us, value)| {
                vec![
                    series.name.clone().into(),
                    series.labels.clone().into(),
                    Value::TimeUs(at_us),
                    Value::Real(value),
                    series.unit.clone().into(),
                ]
            }));
        }
        Ok(rows)
    },
    ..Table::PLAIN
};
