//! What a device says of itself, for tests that are about what is made of it.

use std::sync::Arc;

use sonde_proto::v1;

use super::Bench;
use crate::store::Id;
use crate::store::reports::{Body, FactChange, NewOutcome, NewReport};
use crate::store::testing::NOW;

impl Bench {
    /// The device says a table of one row: columns of text, by name, which are its key.
    pub(super) async fn says(&self, device_key: i64, table: &str, row: &[(&str, &str)]) {
        let column = |name: &str| v1::Column {
            name: name.into(),
            r#type: v1::ValueType::Text.into(),
            role: v1::ColumnRole::Key.into(),
            ..v1::Column::default()
        };
        let declaration = v1::TableDeclaration {
            name: table.into(),
            columns: row.iter().map(|(name, _)| column(name)).collect(),
            ..v1::TableDeclaration::default()
        };
        let body = v1::declaration::Body::Table(declaration.clone());
        let (id, bytes) = sonde_proto::declaration::encode(body);
        let store = &self.state.store;
        let saved = store.save_declarations(device_key, vec![(Id(id), bytes)], NOW);
        saved.await.unwrap();
        let value = |text: &str| v1::Value {
            value: Some(v1::value::Value::Text(text.into())),
        };
        let row = v1::Row {
            values: row.iter().map(|(_, text)| value(text)).collect(),
        };
        let change = FactChange {
            declaration_id: Id(id),
            declaration: Arc::new(declaration),
            change: v1::TableChange {
                table: table.into(),
                declaration_id: id.to_vec().into(),
                rows: vec![row],
                ..v1::TableChange::default()
            },
        };
        let report = NewReport {
            device_key,
            spool_id: Id::random(),
            seq: 1,
            reported_at: NOW,
            corrected_at: NOW,
            boot_id: "b".into(),
            outcome: NewOutcome::Committed(Body::Facts(vec![change])),
        };
        store.record_reports(vec![report]).await.unwrap();
    }
}
