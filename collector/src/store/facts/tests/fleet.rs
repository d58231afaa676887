//! Questions about the facts of several devices.

use super::*;
use crate::question::Question;
use crate::store::devices::{DeviceFilter, OfFacts};

#[tokio::test]
async fn a_question_about_the_fleet_is_answered_as_it_holds() {
    on_both(|store| async move {
        let mut first = Bench::new(store.clone()).await;
        let mut second = Bench::of(store.clone(), "laptop").await;
        let long = format!("Ab{}", "x".repeat(600));
        let of_first = [
            "cron up 1".to_owned(),
            "sshd up 2000".to_owned(),
            format!("{long} up 5"),
        ];
        let of_first: Vec<&str> = of_first.iter().map(String::as_str).collect();
        first.report(true, &of_first, &[], &of_first).await;
        let of_second = ["cron down 3000", "Élan up", "gone up 7"];
        second.report(true, &of_second, &[], &of_second).await;
        second
            .report(false, &[], &["gone"], &["cron down", "Élan up"])
            .await;
        let columns = &first.declaration.columns;
        let (a, b) = (first.device_key, second.device_key);
        for (condition, expected) in [
            (
                "state = 'up'",
                format!("{a} Ab… {a} cron {a} sshd {b} Élan"),
            ),
            ("state != 'up'", format!("{b} cron")),
            ("memory > 1000", format!("{a} sshd {b} cron")),
            ("memory > 1000 and state = 'up'", format!("{a} sshd")),
            ("memory is absent", format!("{b} Élan")),
            ("not memory > 1000", format!("{a} Ab… {a} cron {b} Élan")),
            ("name contains 'CRO'", format!("{a} cron {b} cron")),
            ("name contains 'é'", String::new()),
            ("name contains 'lan'", format!("{b} Élan")),
            (&*format!("name = '{long}'"), format!("{a} Ab…")),
            (&*format!("name = '{}'", &long[..512]), String::new()),
            ("name contains 'xx' or name = 'gone'", format!("{a} Ab…")),
            ("name < 'b'", format!("{a} Ab…")),
            (
                "name > 'cron' and state is not absent",
                format!("{a} sshd {b} Élan"),
            ),
        ] {
            let question: crate::question::Question =
                format!("services where {condition}").parse().unwrap();
            let condition = question.condition.unwrap().fitted(columns).unwrap();
            let mut after = None;
            let mut found = Vec::new();
            // A page for each row: what comes next is what is left.
            loop {
                let filter = FleetFilter {
                    table: "services",
                    columns,
                    condition: Some(&condition),
                    sites: None,
                    device_key: None,
                    after,
                    most: 1,
                };
                let mut page = store.fleet_facts(&filter).await.unwrap();
                let Some(row) = page.pop() else {
                    break;
                };
                let name = words(&row.values[..1]).replace(&long, "Ab…");
                found.push(format!("{} {name}", row.place.device_key));
                after = Some(row.place);
                // What the collector's own judge says of the same row.
                let of = |column: &str| {
                    let at = columns.iter().position(|one| one.name == column)?;
                    crate::question::Literal::of(&row.values[at])
                };
                assert!(condition.holds(&of), "{condition:?}: {row:?}");
            }
            found.sort();
            assert_eq!(found.join(" "), expected, "{condition:?}");
        }
        assert_eq!(store.reporting("services", None).await.unwrap(), (2, 0));
        assert_eq!(
            store.reporting("services", Some(&[])).await.unwrap(),
            (0, 0)
        );
    })
    .await;
}

#[tokio::test]
async fn devices_are_narrowed_by_their_rows_and_say_least_and_most() {
    on_both(|store| async move {
        let mut first = Bench::of(store.clone(), "first").await;
        let rows = ["cron up 5", "ssh up 7", "web down 9"];
        first.report(true, &rows, &[], &rows).await;
        let mut second = Bench::of(store.clone(), "second").await;
        let rows = ["cron down 70"];
        second.report(true, &rows, &[], &rows).await;
        Bench::of(store.clone(), "silent").await;
        let names = async |question: &str| {
            let question: Question = question.parse().unwrap();
            let columns = first.declaration.columns.clone();
            let condition = question.condition.map(|one| one.fitted(&columns).unwrap());
            let filter = DeviceFilter {
                of_facts: Some(OfFacts {
                    table: question.table,
                    columns,
                    condition,
                }),
                most: 10,
                ..DeviceFilter::default()
            };
            let devices = store.devices(&filter).await.unwrap();
            assert_eq!(
                store.count_devices(&filter).await.unwrap(),
                devices.len() as i64
            );
            let names: Vec<_> = devices.iter().map(|one| one.hostname.as_str()).collect();
            names.join(" ")
        };
        assert_eq!(names("services").await, "first second");
        assert_eq!(names("services where state = 'down'").await, "first second");
        assert_eq!(names("services where name = 'ssh'").await, "first");
        assert_eq!(names("services where memory > 9").await, "second");
        assert_eq!(
            names("services where name = 'cron' and memory > 9").await,
            "second"
        );
        assert_eq!(names("services where not state = 'down'").await, "first");
        assert_eq!(names("nothing").await, "");
        let column = |column: &str, kind| FactColumn {
            table: "services".into(),
            column: column.into(),
            kind,
        };
        let asked = [
            column("state", ValueType::Text),
            column("memory", ValueType::Integer),
            column("nothing", ValueType::Text),
        ];
        let keys = [first.device_key, second.device_key, 99];
        let found = store.extents(&keys, &asked).await.unwrap();
        let said = |key, column: &FactColumn| {
            let extent = &found[&(key, column.clone())];
            let shown = |value: &v1::Value| format!("{:?}", value.value.as_ref().unwrap());
            format!(
                "{} {} {}",
                shown(&extent.least),
                shown(&extent.most),
                extent.n_values
            )
        };
        assert_eq!(said(keys[0], &asked[0]), "Text(\"down\") Text(\"up\") 2");
        assert_eq!(said(keys[0], &asked[1]), "Integer(5) Integer(9) 3");
        assert_eq!(said(keys[1], &asked[1]), "Integer(70) Integer(70) 1");
        assert_eq!(found.len(), 4);
    })
    .await;
}
