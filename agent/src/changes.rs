//! What a table or a set of findings has that it did not have at the report before.

mod findings;

use std::collections::HashMap;

use prost::Message as _;
use sonde_proto::caps;
use sonde_proto::rows::{self, RowHash};
use sonde_proto::v1::{Row, TableChange, TableDeclaration};

pub use findings::{FindingState, in_parts};

/// What the collector was told of one table.
#[derive(Debug)]
pub struct TableState {
    declaration: TableDeclaration,
    declaration_id: [u8; 16],
    /// By key hash: the hash of key and slow cells, and one of all cells.
    told: HashMap<RowHash, (RowHash, u64)>,
    /// Nothing was told since the agent began, or it is in doubt: what the collector has is compared by hash first.
    is_new: bool,
    unavailable: Option<String>,
}

impl TableState {
    pub fn new(declaration: TableDeclaration, declaration_id: [u8; 16]) -> Self {
        Self {
            declaration,
            declaration_id,
            told: HashMap::new(),
            is_new: true,
            unavailable: None,
        }
    }

    /// What was told may not have come to the collector: at the next reading its copy is compared by hash.
    pub fn doubt(&mut self) {
        self.is_new = true;
    }

    /// The changes that bring the collector to `rows`, in parts that fit into reports. Empty: there are none.
    ///
    /// The first time only the hash is told: a collector that has another one asks for the whole.
    pub fn update(&mut self, rows: Vec<Row>) -> Vec<TableChange> {
        let was_unavailable = self.unavailable.take().is_some();
        let now: HashMap<RowHash, (RowHash, u64)> =
            rows.iter().map(|row| self.hashes(row)).collect();
        if std::mem::take(&mut self.is_new) {
            self.told = now;
            return vec![TableChange {
                table_hash: self.hash(),
                ..self.change()
            }];
        }
        let changed: Vec<Row> = rows
            .into_iter()
            .filter(|row| {
                let (key, hashes) = self.hashes(row);
                self.told.get(&key) != Some(&hashes)
            })
            .collect();
        let gone: Vec<u8> = self
            .told
            .keys()
            .filter(|key| !now.contains_key(*key))
            .flat_map(|key| key[..rows::KEY_BYTES].to_vec())
            .collect();
        self.told = now;
        if changed.is_empty() && gone.is_empty() && !was_unavailable {
            return Vec::new();
        }
        self.parts(changed, |last| last.removed = gone.into())
    }

    /// The whole table, for a collector whose copy is another one.
    pub fn whole(&mut self, rows: Vec<Row>) -> Vec<TableChange> {
        self.is_new = false;
        self.unavailable = None;
        self.told = rows.iter().map(|row| self.hashes(row)).collect();
        let keys: Vec<u8> = self
            .told
            .keys()
            .flat_map(|key| key[..rows::KEY_BYTES].to_vec())
            .collect();
        self.parts(rows, |last| last.keys = Some(keys.into()))
    }

    /// The table could not be read; what is known stays. `None` when that was told before.
    pub fn unavailable(&mut self, reason: &str) -> Option<TableChange> {
        if self.unavailable.as_deref() == Some(reason) {
            return None;
        }
        self.unavailable = Some(reason.to_owned());
        Some(TableChange {
            unavailable: reason.to_owned(),
            ..self.change()
        })
    }

    fn hashes(&self, row: &Row) -> (RowHash, (RowHash, u64)) {
        let key = rows::key_hash(&self.declaration, &row.values);
        let slow = rows::row_hash(&self.declaration, &row.values);
        (
            key,
            (slow, u64::from(crc32fast::hash(&row.encode_to_vec()))),
        )
    }

    fn hash(&self) -> prost::bytes::Bytes {
        let mut hash = RowHash::default();
        self.told
            .values()
            .for_each(|(slow, _)| rows::toggle(&mut hash, slow));
        hash.to_vec().into()
    }

    fn change(&self) -> TableChange {
        TableChange {
            table: self.declaration.name.clone(),
            declaration_id: self.declaration_id.to_vec().into(),
            ..TableChange::default()
        }
    }

    /// `end` completes the last part.
    fn parts(&self, rows: Vec<Row>, end: impl FnOnce(&mut TableChange)) -> Vec<TableChange> {
        let mut last = TableChange {
            table_hash: self.hash(),
            ..self.change()
        };
        end(&mut last);
        let mut parts = vec![self.change()];
        let mut size = 0;
        for row in rows {
            let length = row.encoded_len() + 4;
            let part = parts
                .last_mut()
                .filter(|part| part.rows.len() < caps::ROWS && size + length < PART_BYTES);
            match part {
                Some(part) => part.rows.push(row),
                None => {
                    size = 0;
                    parts.push(TableChange {
                        rows: vec![row],
                        ..self.change()
                    });
                }
            }
            size += length;
        }
        if size + last.encoded_len() < PART_BYTES {
            last.rows = parts.pop().unwrap_or_default().rows;
        }
        parts.push(last);
        parts
    }
}

/// Room for the rest of the report.
const PART_BYTES: usize = caps::REPORT_BYTES - 4096;

/// Rows that one table may have: more would not fit into its list of keys.
pub const TABLE_ROWS: usize = PART_BYTES / rows::KEY_BYTES - 16;

#[cfg(test)]
mod tests {
    use super::*;
    use sonde_proto::v1::{Column, ColumnRole, Value, value};

    fn row(mount: &str, kind: &str, used: i64) -> Row {
        let text = |text: &str| Value {
            value: Some(value::Value::Text(text.into())),
        };
        Row {
            values: vec![
                text(mount),
                text(kind),
                Value {
                    value: Some(value::Value::Integer(used)),
                },
            ],
        }
    }

    fn state() -> TableState {
        let column = |name: &str, role: ColumnRole| Column {
            name: name.into(),
            role: role.into(),
            ..Column::default()
        };
        let columns = vec![
            column("mount", ColumnRole::Key),
            column("type", ColumnRole::Slow),
            column("used", ColumnRole::Live),
        ];
        TableState::new(
            TableDeclaration {
                name: "filesystems".into(),
                columns,
                ..TableDeclaration::default()
            },
            [1; 16],
        )
    }

    /// Rows told, whether the keys that are left were named, and whether a hash came.
    #[track_caller]
    fn check(changes: Vec<TableChange>, expected: &[(usize, Option<usize>, bool)]) {
        let found: Vec<_> = changes
            .iter()
            .map(|change| {
                (
                    change.rows.len(),
                    change.keys.as_ref().map(|keys| keys.len() / 8),
                    !change.table_hash.is_empty(),
                )
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_in_doubt_is_compared_again() {
        let mut state = state();
        state.whole(vec![row("/", "ext4", 1)]);
        assert_eq!(state.update(vec![row("/", "ext4", 1)]), []);
        state.doubt();
        let told = state.update(vec![row("/", "ext4", 1)]);
        assert_eq!(told.len(), 1);
        assert!(!told[0].table_hash.is_empty() && told[0].keys.is_none());
    }

    #[test]
    fn only_what_changed_is_told() {
        let mut state = state();
        check(state.update(vec![row("/", "ext4", 1)]), &[(0, None, true)]);
        check(state.update(vec![row("/", "ext4", 1)]), &[]);
        check(state.update(vec![row("/", "ext4", 2)]), &[(1, None, true)]);
        check(
            state.update(vec![row("/", "ext4", 2), row("/srv", "xfs", 1)]),
            &[(1, None, true)],
        );
        check(state.update(vec![row("/", "ext4", 2)]), &[(0, None, true)]);
        check(
            state.whole(vec![row("/", "ext4", 2)]),
            &[(1, Some(1), true)],
        );
    }

    #[test]
    fn a_large_table_comes_in_parts_of_which_the_last_has_the_hash() {
        let rows = |n| {
            (0..n)
                .map(|n| row(&format!("/{n}"), "ext4", 0))
                .collect::<Vec<_>>()
        };
        check(
            state().whole(rows(1000)),
            &[(512, None, false), (488, Some(1000), true)],
        );
        let long = |n| {
            (0..n)
                .map(|n| row(&format!("/{n}"), &"x".repeat(4000), 0))
                .collect::<Vec<_>>()
        };
        check(
            state().whole(long(20)),
            &[(15, None, false), (5, Some(20), true)],
        );
    }

    #[test]
    fn why_a_table_cannot_be_read_is_told_once() {
        let mut state = state();
        assert!(state.unavailable("no permission").is_some());
        assert!(state.unavailable("no permission").is_none());
        check(state.update(vec![]), &[(0, None, true)]);
        assert!(state.unavailable("no permission").is_some());
        check(state.update(vec![]), &[(0, None, true)]);
    }
}
