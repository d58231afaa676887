//! Hashes of rows and tables, the same on both sides.

use ring::digest::{Context, SHA256};

use crate::declaration::first_16;
use crate::v1::{ColumnRole, TableDeclaration, Value, value};

/// The first 16 bytes of SHA-256 over a table's name and the given cells, each as column name, type and value.
pub type RowHash = [u8; 16];

/// Bytes of a key hash that tell rows of one table apart on the wire.
pub const KEY_BYTES: usize = 8;

/// Of a row's key and slow cells: what makes history. `values` in the order of the declared columns.
pub fn row_hash(table: &TableDeclaration, values: &[Value]) -> RowHash {
    hash(table, values, |role| {
        role == ColumnRole::Key || role == ColumnRole::Slow
    })
}

/// Of a row's key cells alone: what tells it from the table's other rows.
pub fn key_hash(table: &TableDeclaration, values: &[Value]) -> RowHash {
    hash(table, values, |role| role == ColumnRole::Key)
}

/// Adds a row to a table's hash, or takes it away: the hash is the XOR over the rows, which have different keys.
pub fn toggle(table_hash: &mut RowHash, row_hash: &RowHash) {
    for (sum, byte) in table_hash.iter_mut().zip(row_hash) {
        *sum ^= byte;
    }
}

fn hash(
    table: &TableDeclaration,
    values: &[Value],
    wanted: impl Fn(ColumnRole) -> bool,
) -> RowHash {
    let mut context = Context::new(&SHA256);
    let mut part = |bytes: &[u8]| {
        context.update(&(bytes.len() as u64).to_le_bytes());
        context.update(bytes);
    };
    part(table.name.as_bytes());
    for (column, value) in table.columns.iter().zip(values) {
        if !wanted(column.role()) {
            continue;
        }
        part(column.name.as_bytes());
        match &value.value {
            None => part(b"-"),
            Some(value::Value::Integer(n)) => part(&[b"i".as_slice(), &n.to_le_bytes()].concat()),
            Some(value::Value::Real(n)) => {
                part(&[b"r".as_slice(), &n.to_bits().to_le_bytes()].concat())
            }
            Some(value::Value::Text(text)) => part(&[b"t", text.as_bytes()].concat()),
            Some(value::Value::Truth(truth)) => part(&[b'b', u8::from(*truth)]),
            Some(value::Value::TimeUs(us)) => part(&[b"u".as_slice(), &us.to_le_bytes()].concat()),
        }
    }
    first_16(context.finish().as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::Column;

    fn table() -> TableDeclaration {
        let column = |name: &str, role: ColumnRole| Column {
            name: name.into(),
            role: role.into(),
            ..Column::default()
        };
        TableDeclaration {
            name: "filesystems".into(),
            columns: vec![
                column("mount", ColumnRole::Key),
                column("type", ColumnRole::Slow),
                column("used", ColumnRole::Live),
            ],
            ..TableDeclaration::default()
        }
    }

    fn row(mount: &str, kind: &str, used: i64) -> Vec<Value> {
        let text = |text: &str| Value {
            value: Some(value::Value::Text(text.into())),
        };
        vec![
            text(mount),
            text(kind),
            Value {
                value: Some(value::Value::Integer(used)),
            },
        ]
    }

    #[test]
    fn live_cells_do_not_count() {
        assert_eq!(
            row_hash(&table(), &row("/", "ext4", 1)),
            row_hash(&table(), &row("/", "ext4", 2))
        );
        assert_ne!(
            row_hash(&table(), &row("/", "ext4", 1)),
            row_hash(&table(), &row("/", "xfs", 1))
        );
        assert_eq!(
            key_hash(&table(), &row("/", "ext4", 1)),
            key_hash(&table(), &row("/", "xfs", 2))
        );
    }

    #[test]
    fn cells_do_not_run_into_each_other() {
        assert_ne!(
            row_hash(&table(), &row("/a", "b", 1)),
            row_hash(&table(), &row("/", "ab", 1))
        );
    }

    #[test]
    fn a_row_taken_away_leaves_the_hash_as_it_was() {
        let mut hash = RowHash::default();
        let one = row_hash(&table(), &row("/", "ext4", 1));
        toggle(&mut hash, &one);
        assert_ne!(hash, RowHash::default());
        toggle(&mut hash, &one);
        assert_eq!(hash, RowHash::default());
    }

    #[test]
    fn the_hash_is_what_it_was_in_the_first_release() {
        let hex: String = row_hash(&table(), &row("/", "ext4", 1))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(hex, "50c99f88197547b5720d8b008b0313d4");
    }
}
