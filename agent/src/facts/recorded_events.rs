//! What turned on the machine in the last day, from the flight recorder, on demand.

use std::time::Duration;

use crate::recorder::{SINCE, UNTIL, window};

use super::{Column, Kind, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "recorded_events",
    every: Duration::ZERO,
    columns: &[
        Column::key("number", Kind::Integer),
        Column::slow("at", Kind::Time, ""),
        Column::slow("of", Kind::Text, ""),
        Column::slow("subject", Kind::Text, ""),
        Column::slow("change", Kind::Text, ""),
    ],
    in_worker: true,
    as_root: true,
    parameters: &[SINCE, UNTIL],
    read: |host, request| {
        let found = window::read(host, request, |_| false)?;
        let row = |(number, event): (usize, crate::recorder::Event)| -> Row {
            vec![
                (number as u64).into(),
                Value::TimeUs(event.at_us),
                event.of.into(),
                event.subject.into(),
                event.change.into(),
            ]
        };
        Ok(found.events.into_iter().enumerate().map(row).collect())
    },
    ..Table::PLAIN
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{self, Request};
    use crate::host::recorded::Tree;
    use crate::host::{Term, Unavailable};
    use crate::recorder::{Busiest, Busy, Event, Recorder, Room};

    /// All three tables of one recorder.
    #[test]
    fn a_window_is_read_as_tables() {
        let tree = Tree::new(&[("/etc/passwd", "ada:x:7:7::/:/bin/sh\n")]);
        let host = tree.host();
        let now_us = host.now_us();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recorder");
        let mut recorder = Recorder::create(&path, Room::AsWritten).unwrap();
        let series = sonde_proto::v1::Series {
            name: "load.minute_1".into(),
            scale: -2,
            ..Default::default()
        };
        for (minutes, value) in [(20, 150), (10, 250)] {
            let at_us = now_us - minutes * 60_000_000;
            let named = std::slice::from_ref(&series);
            recorder.sample(at_us, 1, named, &[(0, value)]).unwrap();
            let event = Event {
                at_us,
                of: "agent".into(),
                change: "started".into(),
                ..Event::default()
            };
            recorder.event(&event).unwrap();
            let busy = Busy {
                pid: 5,
                name: "make".into(),
                cpu_permille: 995,
                user_id: 7,
                ..Busy::default()
            };
            let processes = vec![busy];
            recorder.busiest(&Busiest { at_us, processes }).unwrap();
        }
        let read = |name: &str, request: &Request| {
            facts::read_here(facts::find(name).unwrap(), &host, request)
        };
        let nothing = read("recorded_events", &Request::default());
        assert_eq!(nothing, Err(Unavailable::absent(Term::FlightRecorder)));
        host.set_recorder(Some(path));
        let count = |name, request: &Request| read(name, request).unwrap().rows.len();
        let usual = Request::default();
        for table in ["recorded_events", "recorded_metrics", "recorded_processes"] {
            assert_eq!(count(table, &usual), 1, "{table}");
            let hour = Value::TimeUs(now_us - 3_600_000_000);
            assert_eq!(
                count(table, &usual.clone().with("since", hour)),
                2,
                "{table}"
            );
        }
        let metrics = read("recorded_metrics", &usual).unwrap().rows;
        assert_eq!(metrics[0][3], Value::Real(2.5));
        let other = usual.clone().with("name", Value::from("memory"));
        assert_eq!(count("recorded_metrics", &other), 0);
        let processes = read("recorded_processes", &usual).unwrap().rows;
        assert_eq!(
            (&processes[0][3], &processes[0][4]),
            (&Value::from("ada"), &Value::Real(99.5))
        );
    }
}
