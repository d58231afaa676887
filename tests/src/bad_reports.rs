//! A report that cannot be kept is refused once, with its reason, and the next good one is committed.

use anyhow::{Context as _, Result, ensure};
use sonde_proto::caps;
use sonde_proto::rows::{row_hash, toggle};
use sonde_proto::v1::{self, report::Body, value};

use crate::load::account;
use crate::peer::{Fate, Peer, Port};
use crate::program::talk;
use crate::world::{World, on_both};

fn table() -> v1::TableDeclaration {
    let column = |name: &str, of: v1::ValueType, role: v1::ColumnRole| v1::Column {
        name: name.into(),
        r#type: of.into(),
        role: role.into(),
        unit: String::new(),
    };
    v1::TableDeclaration {
        name: "oddities".into(),
        columns: vec![
            column("name", v1::ValueType::Text, v1::ColumnRole::Key),
            column("count", v1::ValueType::Integer, v1::ColumnRole::Slow),
        ],
        ..v1::TableDeclaration::default()
    }
}

fn text(text: &str) -> v1::Value {
    v1::Value {
        value: Some(value::Value::Text(text.into())),
    }
}

fn number(number: i64) -> v1::Value {
    v1::Value {
        value: Some(value::Value::Integer(number)),
    }
}

/// One row more in the table, after those of `before`.
fn facts(peer: &Peer, before: &[Vec<v1::Value>], row: Vec<v1::Value>) -> Body {
    let mut table_hash = [0; 16];
    for row in before.iter().chain([&row]) {
        toggle(&mut table_hash, &row_hash(&table(), row));
    }
    let declaration_id = sonde_proto::declaration::id(&peer.declarations[0]);
    Body::Facts(v1::Facts {
        changes: vec![v1::TableChange {
            table: "oddities".into(),
            declaration_id: declaration_id.to_vec().into(),
            rows: vec![v1::Row { values: row }],
            table_hash: table_hash.to_vec().into(),
            ..v1::TableChange::default()
        }],
    })
}

fn finding(message: Option<v1::Message>) -> Body {
    Body::Findings(v1::FindingChanges {
        findings: vec![v1::Finding {
            check: "disk.space".into(),
            subject: "/".into(),
            status: v1::Status::Critical.into(),
            message,
            ..v1::Finding::default()
        }],
        ..v1::FindingChanges::default()
    })
}

#[test]
fn a_poisoned_report_is_refused_once_and_the_next_is_committed() -> Result<()> {
    on_both(|world: World| {
        let person = world.person("ada", "technician")?;
        let token = std::fs::read_to_string(world.token()?)?;
        let port = Port::of(&world)?;
        let (_, declaration) =
            sonde_proto::declaration::encode(v1::declaration::Body::Table(table()));
        let (peer, n_poisoned) = talk(async {
            let mut peer = port.enrol(&token).await?;
            peer.declarations = vec![declaration];
            let mut session = port.session(&peer).await?;
            let good = vec![text("good"), number(1)];
            let fate = session.report(1, facts(&peer, &[], good.clone())).await?;
            ensure!(fate == Fate::Committed, "{fate:?}");
            let long = "x".repeat(caps::TEXT_BYTES + 1);
            let argument = v1::Argument {
                name: "x".into(),
                value: None,
                ..v1::Argument::default()
            };
            let many = v1::Message {
                id: "free".into(),
                arguments: vec![argument; caps::ARGUMENTS + 1],
            };
            let wide = vec![text(&"y".repeat(512)); caps::COLUMNS];
            let poisoned = [
                (
                    facts(&peer, &[], vec![text("types"), text("seven")]),
                    "count",
                ),
                (facts(&peer, &[], vec![text("short")]), "oddities"),
                (facts(&peer, &[], vec![text(&long), number(1)]), "value"),
                (
                    facts(&peer, &[], vec![text("z"); caps::COLUMNS + 1]),
                    "values",
                ),
                (facts(&peer, &[], wide), "64 values where 2 are declared"),
                (finding(None), "message"),
                (finding(Some(many)), "arguments"),
            ];
            let n_poisoned = poisoned.len() as u64;
            for (seq, (body, named)) in (2..).zip(poisoned) {
                let fate = session.report(seq, body.clone()).await?;
                let Fate::Rejected(reason) = fate else {
                    anyhow::bail!("{named} was committed as {seq}");
                };
                ensure!(reason.contains(named), "{seq}: {reason}");
            }
            let nul = vec![text("a\0b\u{202e}"), number(2)];
            // What the collector makes of it is what it keeps, and its hash is of that.
            let kept = vec![text("a\u{fffd}b\u{fffd}"), number(2)];
            let last = n_poisoned + 2;
            let mut body = facts(&peer, &[good], kept);
            if let Body::Facts(facts) = &mut body {
                facts.changes[0].rows[0].values = nul;
            }
            let fate = session.report(last, body).await?;
            ensure!(fate == Fate::Committed, "the next good one: {fate:?}");
            Ok((peer, n_poisoned))
        })?;
        let spools = account(&person, &peer.device_id)?;
        let [ranges] = &spools[..] else {
            anyhow::bail!("{spools:?}");
        };
        let n_of = |fate: &str| {
            let of_fate = ranges.iter().filter(|(_, _, found)| found == fate);
            of_fate
                .map(|(first, last, _)| last - first + 1)
                .sum::<i64>()
        };
        ensure!(n_of("rejected") == n_poisoned as i64, "{ranges:?}");
        ensure!(n_of("committed") == 2, "{ranges:?}");
        let shown = person.sonde(&["device", "facts", &peer.device_id, "oddities"])?;
        let rows = shown["rows"]
            .as_array()
            .with_context(|| shown.to_string())?;
        ensure!(rows.len() == 2, "{shown}");
        ensure!(!shown.to_string().contains("\\u0000"), "{shown}");
        println!("{n_poisoned} refused once, 2 committed, 2 rows kept");
        Ok(())
    })
}
