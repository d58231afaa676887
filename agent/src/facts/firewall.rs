//! Chains of this machine's own packet filter.

use std::time::Duration;

use crate::host::{Chain, Host, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "firewall",
    every: Duration::from_secs(1800),
    in_worker: true,
    as_root: true,
    deadline: Duration::from_secs(5),
    most_rows: 1000,
    columns: &[
        Column::key("family", Kind::Text),
        Column::key("table", Kind::Text),
        Column::key("chain", Kind::Text),
        Column::slow("hook", Kind::Text, ""),
        Column::slow("policy", Kind::Text, ""),
        Column::slow("rules", Kind::Integer, ""),
        Column::slow("refusing_rules", Kind::Integer, ""),
    ],
    read: |host, _| {
        let row = |chain: Chain| -> Row {
            vec![
                chain.family.into(),
                chain.table.into(),
                chain.name.into(),
                chain.hook.into(),
                chain.policy.into(),
                chain.n_rules.into(),
                chain.n_refusing.into(),
            ]
        };
        Ok(host.chains()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};

/// The chains, as a worker reads them.
pub(crate) async fn ask(host: &Host) -> Result<Vec<Chain>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    let chain = |row: &Row| {
        let mut cells = Cells::of(row);
        Chain {
            family: cells.text().unwrap_or_default(),
            table: cells.text().unwrap_or_default(),
            name: cells.text().unwrap_or_default(),
            hook: cells.text(),
            policy: cells.text(),
            n_rules: cells.amount(),
            n_refusing: cells.amount(),
        }
    };
    Ok(reading.rows.iter().map(chain).collect())
}
