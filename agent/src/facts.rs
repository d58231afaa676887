//! The registry of fact tables: what describes a machine, as rows.
//!
//! A table is one file: its columns, how it is read, its tests. To add one: the file, its `mod` line, its name in
//! `ALL`. Nothing else knows it.

mod addresses;
pub(crate) mod blocked_units;
mod boots;
pub(crate) mod broken_packages;
pub(crate) mod cache_files;
pub(crate) mod certificates;
pub(crate) mod clock;
mod cpus;
pub(crate) mod crashes;
pub(crate) mod deleted_files;
pub(crate) mod descriptors;
mod dhcp_leases;
pub(crate) mod disk_health;
mod disks;
mod dns_servers;
pub(crate) mod error_counts;
pub(crate) mod failed_services;
mod filesystems;
pub(crate) mod firewall;
pub(crate) mod held_files;
mod hosts_entries;
mod interfaces;
mod listeners;
mod logs;
mod memory;
pub(crate) mod mount_usage;
pub(crate) mod mount_users;
mod mounts;
mod neighbours;
pub(crate) mod old_logs;
mod os;
pub(crate) mod package_repair;
mod packages;
pub(crate) mod port_use;
mod processes;
mod proxies;
mod receipts;
mod recorded_events;
mod recorded_metrics;
mod recorded_processes;
pub(crate) mod restarting_services;
mod routes;
pub(crate) mod services;
mod sessions;
mod system;
pub(crate) mod time_daemons;
mod timers;
pub(crate) mod trends;
pub(crate) mod updates;
mod users;

use std::time::Duration;

use crate::host::{Host, Unavailable, Workers};
use crate::worker;

pub use crate::value::{Column, Kind, Parameter, Role, Row, Rule, Value};

/// The tables that a device declares.
pub const ALL: &[&Table] = &[
    &addresses::TABLE,
    &boots::TABLE,
    &certificates::TABLE,
    &cpus::TABLE,
    &crashes::TABLE,
    &dhcp_leases::TABLE,
    &disk_health::TABLE,
    &disks::TABLE,
    &dns_servers::TABLE,
    &filesystems::TABLE,
    &firewall::TABLE,
    &hosts_entries::TABLE,
    &interfaces::TABLE,
    &listeners::TABLE,
    &logs::TABLE,
    &memory::TABLE,
    &mounts::TABLE,
    &neighbours::TABLE,
    &os::TABLE,
    &packages::TABLE,
    &processes::TABLE,
    &receipts::TABLE,
    &recorded_events::TABLE,
    &recorded_metrics::TABLE,
    &recorded_processes::TABLE,
    &proxies::TABLE,
    &routes::TABLE,
    &services::TABLE,
    &sessions::TABLE,
    &system::TABLE,
    &timers::TABLE,
    &updates::TABLE,
    &users::TABLE,
];

/// What checks and actions have a worker read for themselves; it is not declared.
pub(crate) const INTERNAL: &[&Table] = &[
    &blocked_units::TABLE,
    &broken_packages::TABLE,
    &cache_files::TABLE,
    &clock::TABLE,
    &deleted_files::TABLE,
    &descriptors::TABLE,
    &error_counts::TABLE,
    &failed_services::TABLE,
    &held_files::TABLE,
    &mount_usage::TABLE,
    &mount_users::TABLE,
    &old_logs::TABLE,
    &package_repair::TABLE,
    &port_use::TABLE,
    &restarting_services::TABLE,
    &time_daemons::TABLE,
    &trends::TABLE,
];

/// A named table of facts.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    /// How often it is read. Zero: only on demand.
    pub every: Duration,
    /// A table without a key column has one row.
    pub columns: &'static [Column],
    /// Read in a child process.
    pub in_worker: bool,
    /// The reader in the child keeps root's rights; without, it has none.
    pub as_root: bool,
    /// How long the child may take.
    pub deadline: Duration,
    /// Most rows of one reading.
    pub most_rows: usize,
    /// Whether a reading may show what is private: arguments, log lines (policy class `private`).
    pub private: fn(&Request) -> bool,
    /// Where what it shows lies on this machine: the policy's `private.paths` must open it.
    pub lies_in: fn(&Host) -> Vec<&'static str>,
    /// What narrows a reading down.
    pub parameters: &'static [Parameter],
    pub read: fn(&Host, &Request) -> Result<Vec<Row>, Unavailable>,
}

impl Table {
    /// Where nothing else is said: read in this process, once an hour, without parameters.
    pub(crate) const PLAIN: Self = Self {
        name: "",
        every: Duration::from_secs(3600),
        columns: &[],
        in_worker: false,
        as_root: false,
        deadline: Duration::from_secs(10),
        most_rows: 10_000,
        private: |_| false,
        lies_in: |_| Vec::new(),
        parameters: &[],
        read: |_, _| Ok(Vec::new()),
    };
}

/// What of a table is wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// By name of the table's parameters.
    pub parameters: Vec<(String, Value)>,
    /// 0: the table's own limit.
    pub most_rows: usize,
}

impl Request {
    /// With one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.parameters.push((name.to_owned(), value));
        self
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.parameters
            .iter()
            .find(|(of, _)| of == name)
            .map(|(_, value)| value)
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(Value::as_text).map(str::to_owned)
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Value::as_integer)
    }

    fn most(&self, table: &Table) -> usize {
        match self.most_rows {
            0 => table.most_rows,
            most => most.min(table.most_rows),
        }
    }
}

/// Why a request for a table is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Wrong {
    #[error("there is no table {name}; {}", near(.known))]
    Table { name: String, known: Vec<String> },
    #[error(transparent)]
    Parameter(#[from] crate::value::WrongParameter),
}

fn near(known: &[String]) -> String {
    format!("there are: {}", known.join(", "))
}

/// The table called `name`, of those that a device declares.
pub fn find(name: &str) -> Result<&'static Table, Wrong> {
    ALL.iter()
        .copied()
        .find(|table| table.name == name)
        .ok_or_else(|| Wrong::Table {
            name: crate::text::shown(name),
            known: crate::text::nearest(name, ALL.iter().map(|table| table.name)),
        })
}

/// Whether `request` fits `table`: names, types and ranges of its parameters.
pub fn validate(table: &Table, request: &Request) -> Result<(), Wrong> {
    Ok(crate::value::validate(
        table.name,
        table.parameters,
        &request.parameters,
    )?)
}

/// What a reading gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// With different keys, in the order of the keys; of an on-demand table in the order read.
    pub rows: Vec<Row>,
    /// Left out because of the limit.
    pub missing_rows: usize,
}

impl Reading {
    /// With no more than the first `most` rows.
    pub(crate) fn at_most(mut self, most: usize) -> Self {
        self.missing_rows += self.rows.len().saturating_sub(most);
        self.rows.truncate(most);
        self
    }
}

/// Reads `table`, in a worker where that is its place.
pub async fn read(table: &Table, host: &Host, request: &Request) -> Result<Reading, Unavailable> {
    if table.in_worker && *host.workers() != Workers::Here {
        return worker::read(table, host, request).await;
    }
    read_here(table, host, request)
}

/// Reads `table` in this process, whatever its place is.
pub fn read_here(table: &Table, host: &Host, request: &Request) -> Result<Reading, Unavailable> {
    let mut rows = (table.read)(host, request)?;
    if !table.every.is_zero() {
        order(table, &mut rows);
    }
    let reading = Reading {
        rows,
        missing_rows: 0,
    };
    Ok(reading.at_most(request.most(table)))
}

/// By their keys; of two rows with the same key the first one stays.
fn order(table: &Table, rows: &mut Vec<Row>) {
    let keys = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.role == Role::Key)
        .map(|(at, _)| at)
        .collect::<Vec<_>>();
    rows.sort_by(|a, b| {
        keys.iter()
            .map(|at| a[*at].order(&b[*at]))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    rows.dedup_by(|b, a| keys.iter().all(|at| a[*at] == b[*at]));
}

/// The cells of `row` in turn, for what turns rows back into what they were made of.
pub(crate) struct Cells<'a>(std::slice::Iter<'a, Value>);

impl<'a> Cells<'a> {
    pub(crate) fn of(row: &'a Row) -> Self {
        Self(row.iter())
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        self.0.next().and_then(Value::as_text).map(str::to_owned)
    }

    pub(crate) fn integer(&mut self) -> Option<i64> {
        self.0.next().and_then(Value::as_integer)
    }

    pub(crate) fn truth(&mut self) -> Option<bool> {
        self.0.next().and_then(Value::as_truth)
    }

    /// A number that is never negative; 0 when it is absent.
    pub(crate) fn amount(&mut self) -> u64 {
        self.integer().and_then(|n| n.try_into().ok()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_listed_once_and_named_after_its_file() {
        let files = crate::files_of("facts");
        let mut names = ALL
            .iter()
            .chain(INTERNAL)
            .map(|table| table.name.to_owned())
            .collect::<Vec<_>>();
        names.sort_unstable();
        assert_eq!(names, files);
    }

    #[test]
    fn columns_are_named_once_and_keys_come_first() {
        for table in ALL.iter().chain(INTERNAL) {
            let mut names = table
                .columns
                .iter()
                .map(|column| column.name)
                .collect::<Vec<_>>();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
            assert!(
                table
                    .columns
                    .is_sorted_by_key(|column| column.role != Role::Key),
                "{}: keys come first",
                table.name
            );
            assert!(table.columns.len() <= sonde_proto::caps::COLUMNS);
            assert!(table.in_worker || !table.every.is_zero(), "{}", table.name);
        }
    }

    #[test]
    fn a_row_of_the_longest_texts_fits_a_report() {
        for table in ALL {
            let texts = table.columns.iter().filter(|of| of.kind == Kind::Text);
            let bytes = texts.count() * (sonde_proto::caps::TEXT_BYTES + 16) + 4096;
            assert!(bytes <= sonde_proto::caps::REPORT_BYTES, "{}", table.name);
        }
    }

    /// What every machine has that the tests run on.
    const EVERYWHERE: &[&str] = &[
        "cpus",
        "filesystems",
        "memory",
        "mount_usage",
        "os",
        "processes",
    ];

    /// Cells have their column's type, on the machine that the test runs on.
    #[test]
    fn rows_are_as_declared() {
        let host = Host::this();
        let mut n_rows = 0;
        for table in ALL.iter().chain(INTERNAL) {
            let request = match table.name {
                "old_logs" => Request::default().with("days", Value::Integer(7)),
                "held_files" => Request::default().with("pid", Value::Integer(1)),
                "mount_users" => Request::default().with("mount", Value::from("/boot")),
                "mount_usage" => Request::default().with("mount", Value::from("/")),
                _ => Request::default(),
            };
            let reading = match read_here(table, &host, &request) {
                Ok(reading) => reading,
                Err(_) if !EVERYWHERE.contains(&table.name) => continue,
                Err(why) => panic!("{}: {why}", table.name),
            };
            n_rows += reading.rows.len();
            for row in &reading.rows {
                assert_eq!(row.len(), table.columns.len(), "{}", table.name);
                for (value, column) in row.iter().zip(table.columns) {
                    assert!(
                        value.kind().is_none_or(|kind| kind == column.kind),
                        "{}.{}: {value:?}",
                        table.name,
                        column.name
                    );
                    assert!(
                        column.role != Role::Key || *value != Value::Absent,
                        "{}.{}",
                        table.name,
                        column.name
                    );
                }
            }
        }
        assert!(n_rows >= EVERYWHERE.len());
    }

    #[test]
    fn of_two_rows_with_one_key_one_stays() {
        let mut rows = vec![
            vec![Value::from("b"), Value::from("/"), Value::Absent],
            vec![Value::from("a"), Value::from("x"), Value::Absent],
            vec![Value::from("b"), Value::from("y"), Value::Absent],
        ];
        const COLUMNS: &[Column] = &[
            Column::key("name", Kind::Text),
            Column::slow("x", Kind::Text, ""),
        ];
        let table = Table {
            columns: COLUMNS,
            ..Table::PLAIN
        };
        order(&table, &mut rows);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1][1], Value::from("/"));
    }

    #[test]
    fn an_unknown_table_names_the_near_ones() {
        let error = find("filesystem").unwrap_err().to_string();
        assert_eq!(
            error,
            "there is no table filesystem; there are: filesystems"
        );
    }
}
