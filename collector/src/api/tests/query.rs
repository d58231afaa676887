//! Questions about the facts of all devices.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use sonde_proto::v1;

use super::Bench;
use crate::store::Id;
use crate::store::testing::{self, NOW, on_both};

#[tokio::test]
async fn a_question_that_cannot_be_asked_is_refused_with_what_can_be() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (_, key) = testing::device(&bench.state.store, "pc").await;
        let column = |name: &str, kind: v1::ValueType| v1::Column {
            name: name.into(),
            r#type: kind.into(),
            role: v1::ColumnRole::Key.into(),
            ..v1::Column::default()
        };
        let declaration = |name: &str, every_us| {
            let table = v1::TableDeclaration {
                name: name.into(),
                every_us,
                columns: vec![
                    column("name", v1::ValueType::Text),
                    column("pid", v1::ValueType::Integer),
                ],
                ..v1::TableDeclaration::default()
            };
            let (id, bytes) = sonde_proto::declaration::encode(v1::declaration::Body::Table(table));
            (Id(id), bytes)
        };
        let declared = vec![declaration("services", 5), declaration("processes", 0)];
        let saved = bench.state.store.save_declarations(key, declared, NOW);
        saved.await.unwrap();
        let ask = async |question: &str| {
            let question = question.replace(' ', "%20").replace('>', "%3E");
            let path = format!("/query?q={question}");
            bench.call("viewer", Method::GET, &path, Value::Null).await
        };
        for (question, detail, remedy) in [
            ("files", "there is no table files", "there are: services"),
            (
                "processes",
                "processes is read only when a device is asked",
                "`sonde query --live` asks devices, for a ticket",
            ),
            (
                "services where size > 1",
                "there is no column size",
                "there are: name, pid",
            ),
            (
                "services where name > 1",
                "name is text, which `>` does not fit",
                "put it in quotes: '1'",
            ),
        ] {
            let answer = ask(question).await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{question}"
            );
            let said = (&answer.body["detail"], &answer.body["remedy"]);
            assert_eq!(said, (&json!(detail), &json!(remedy)));
        }
        let answer = ask("services where pid > 1").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.body["items"], json!([]));
        assert_eq!(answer.body["n_devices"], 0);
    })
    .await;
}
