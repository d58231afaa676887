//! Persons: who sees and changes them, lists of them, and who is calling.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Bench, connect};
use crate::store::accounts::Role;
use crate::store::testing::{self, NOW, on_both};

fn rosa() -> Value {
    json!({
        "name": "Rosa Durand", "language": "fr", "site": "default", "phones": ["06 12 34 56 78"],
        "mails": ["Rosa@Example.org"], "note": "works\nmornings", "group": "accounts",
    })
}

async fn put(bench: &Bench, who: &str, path: &str, body: Value) -> Answer {
    bench.call(who, Method::PUT, path, body).await
}

async fn add(bench: &Bench, person: Value) -> String {
    let added = bench.post("technician", "/persons", person).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    format!("/persons/{}", added.body["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_person_is_kept_as_they_were_written_and_found_however_they_are_said() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let path = add(&bench, rosa()).await;
        add(&bench, json!({"name": "Zoé"})).await;
        let shown = bench.get("viewer", &path).await;
        for (field, value) in rosa().as_object().unwrap() {
            assert_eq!(shown[field], *value, "{field}");
        }
        assert_eq!(shown["changed_by"], "technician");
        for (search, n) in [
            ("dur", 1),
            ("ROSA%20dur", 1),
            ("osa", 0),
            ("%2B33612345678", 1),
            ("rosa@example.org", 1),
            ("zoe", 1),
            ("%25", 0),
        ] {
            let found = bench
                .get("viewer", &format!("/persons?search={search}"))
                .await;
            assert_eq!(found["items"].as_array().unwrap().len(), n, "{search}");
        }
        let first = bench.get("viewer", "/persons?limit=1").await;
        let next = format!("/persons?limit=1&after={}", first["next"].as_str().unwrap());
        let second = bench.get("viewer", &next).await;
        let names = [&first, &second].map(|page| page["items"][0]["name"].clone());
        assert_eq!(names, ["Rosa Durand", "Zoé"]);

        let mut changed = rosa();
        changed["phones"] = json!(["4512"]);
        changed["version"] = json!(1);
        let set = put(&bench, "technician", &path, changed.clone()).await;
        assert_eq!(
            (set.status, &set.body["version"]),
            (StatusCode::OK, &json!(2))
        );
        let late = put(&bench, "technician", &path, changed).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
        let old = bench.get("viewer", "/persons?search=0612345678").await;
        assert_eq!(old["items"], json!([]), "the number is theirs no more");

        let gone = bench
            .call("technician", Method::DELETE, &path, Value::Null)
            .await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        let gone = bench.call("viewer", Method::GET, &path, Value::Null).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        let log = bench.get("admin", "/audit?limit=4").await;
        let deeds = log["items"].as_array().unwrap().iter();
        let deeds: Vec<&Value> = deeds.map(|entry| &entry["deed"]).collect();
        assert_eq!(
            deeds,
            ["person.remove", "person.set", "person.add", "person.add"]
        );
        assert!(
            !log.to_string().contains("Rosa"),
            "who is forgotten is forgotten"
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_person_is_refused_by_its_field() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        for (field, value, named) in [
            ("name", json!(" "), "name"),
            ("phones", json!(["later"]), "phones"),
            ("mails", json!(["a@b", "A@B"]), "mails"),
            ("note", json!("x".repeat(4_001)), "note"),
            ("language", json!("de"), "language"),
            ("site", json!("rome"), "site"),
            ("version", json!(3), "version"),
        ] {
            let mut wrong = rosa();
            wrong[field] = value;
            let answer = bench.post("technician", "/persons", wrong).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert_eq!(answer.body["field"], named, "{}", answer.body);
        }
        let mut hostile = rosa();
        hostile["name"] = json!("Ro\u{1b}sa\u{202e}");
        let path = add(&bench, hostile).await;
        let shown = bench.get("viewer", &path).await;
        assert_eq!(shown["name"], "Ro\u{fffd}sa\u{fffd}");
    })
    .await;
}

#[tokio::test]
async fn a_person_of_another_site_is_not_there() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.account("lyon", Role::Technician, &["lyon"]).await;
        let path = add(&bench, rosa()).await;
        let (device, _) = testing::device(&bench.state.store, "pc").await;
        for (method, path, body) in [
            (Method::GET, path.clone(), Value::Null),
            (Method::PUT, path.clone(), rosa()),
            (Method::DELETE, path.clone(), Value::Null),
            (
                Method::POST,
                format!("{path}/devices"),
                json!({"device": device.to_string()}),
            ),
            (
                Method::DELETE,
                format!("{path}/devices/{device}"),
                Value::Null,
            ),
        ] {
            let answer = bench.call("lyon", method.clone(), &path, body).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
        }
        for path in [
            "/persons",
            "/callers?q=rosa",
            "/callers?q=0612345678",
            "/callers?q=pc",
        ] {
            assert_eq!(bench.get("lyon", path).await["items"], json!([]), "{path}");
        }
        // Their list neither finds nor changes her.
        let csv = json!({"csv": "name,mail\nOther,rosa@example.org"});
        let taken = bench.post("lyon", "/persons/import", csv).await;
        assert_eq!(taken.body["added"], 1, "{}", taken.body);
        assert_eq!(bench.get("viewer", &path).await["name"], "Rosa Durand");
        let theirs = bench.get("lyon", "/persons").await;
        assert_eq!(theirs["items"][0]["site"], "lyon");
        let csv = json!({"csv": "name,site\nOther,default"});
        let refused = bench.post("lyon", "/persons/import", csv).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_list_is_taken_whole_or_not_at_all() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let path = add(&bench, rosa()).await;
        let wrong = json!({"csv": "name,phone,mail\nEve,4500,eve@x\nBob,later,\n,,"});
        let refused = bench.post("technician", "/persons/import", wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            refused.body["detail"],
            "line 3, phone: \"later\" is not a telephone number; line 4, name: it is empty"
        );
        assert_eq!(refused.body["field"], "csv");
        let all = bench.get("viewer", "/persons").await;
        assert_eq!(all["items"].as_array().unwrap().len(), 1, "Eve is not taken");

        let csv = "name,phone,mail,language,group\nRosa D.,,rosa@example.org,en,\nEve,4500|4501,eve@x,,sales\n";
        let taken = bench.post("technician", "/persons/import", json!({ "csv": csv })).await;
        assert_eq!(taken.body, json!({"added": 1, "changed": 1, "same": 0}), "{}", taken.body);
        let shown = bench.get("viewer", &path).await;
        let now = ["name", "language", "group", "note"].map(|field| shown[field].clone());
        assert_eq!(now, ["Rosa D.", "en", "accounts", "works\nmornings"]);
        assert_eq!((&shown["phones"][0], &shown["version"]), (&json!("06 12 34 56 78"), &json!(2)));
        let again = bench.post("technician", "/persons/import", json!({ "csv": csv })).await;
        assert_eq!(again.body, json!({"added": 0, "changed": 0, "same": 2}), "{}", again.body);
        let found = bench.get("viewer", "/persons?search=4501").await;
        assert_eq!(found["items"][0]["group"], "sales");
    })
    .await;
}

#[tokio::test]
async fn a_device_is_theirs_when_a_technician_has_said_so() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let path = add(&bench, rosa()).await;
        let store = &bench.state.store;
        let (own, _) = testing::device(store, "own").await;
        let (seen, seen_key) = testing::device(store, "seen").await;
        let (_, other_key) = testing::device(store, "other").await;
        bench
            .says(seen_key, "sessions", &[("user", "Rosa.Durand")])
            .await;
        bench.says(other_key, "sessions", &[("user", "root")]).await;
        let devices = format!("{path}/devices");
        let confirm = json!({"device": own.to_string()});
        for _ in 0..2 {
            let confirmed = bench.post("technician", &devices, confirm.clone()).await;
            assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.body);
        }
        let ties = async |bench: &Bench| {
            let shown = bench.get("viewer", &path).await;
            let devices = shown["devices"].as_array().unwrap().iter();
            let ties = devices.map(|one| format!("{} {}", one["hostname"], one["tie"]));
            ties.collect::<Vec<_>>()
        };
        assert_eq!(
            ties(&bench).await,
            [r#""own" "confirmed""#, r#""seen" "seen""#]
        );
        let confirm = json!({"device": seen.to_string()});
        bench.post("technician", &devices, confirm).await;
        let released = format!("{devices}/{own}");
        let released = bench
            .call("technician", Method::DELETE, &released, Value::Null)
            .await;
        assert_eq!(released.status, StatusCode::OK, "{}", released.body);
        assert_eq!(ties(&bench).await, [r#""seen" "confirmed""#]);
        let again = bench
            .call(
                "technician",
                Method::DELETE,
                &format!("{devices}/{own}"),
                Value::Null,
            )
            .await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);

        // Whoever moves to another site leaves the machine behind.
        bench.state.store.create_site("lyon", NOW).await.unwrap();
        let mut moved = rosa();
        moved["site"] = json!("lyon");
        put(&bench, "technician", &path, moved).await;
        assert_eq!(ties(&bench).await, [""; 0]);
        let refused = bench
            .post("technician", &devices, json!({"device": own.to_string()}))
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.body["field"], "device");
    })
    .await;
}

/// Each match in a line: by what, who, which devices with what the call is about in brackets, tickets.
async fn calls(bench: &Bench, q: &str) -> Vec<String> {
    let found = bench.get("viewer", &format!("/callers?q={q}")).await;
    let line = |one: &Value| {
        let part = if one["in_part"] == true {
            "part of "
        } else {
            ""
        };
        let device = |device: &Value| {
            let name = device["hostname"].as_str().unwrap().to_owned();
            match device["id"] == one["device"] {
                true => format!("[{name}]"),
                false => name,
            }
        };
        let devices: Vec<String> = one["devices"]
            .as_array()
            .unwrap()
            .iter()
            .map(device)
            .collect();
        let tickets = one["tickets"].as_array().unwrap().iter();
        let tickets: Vec<String> = tickets.map(|ticket| ticket["number"].to_string()).collect();
        format!(
            "{part}{}: {} {} {}",
            one["matched"].as_str().unwrap(),
            one["person"]["name"].as_str().unwrap_or("-"),
            devices.join("+"),
            tickets.join("+")
        )
    };
    found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(line)
        .collect()
}

#[tokio::test]
async fn whoever_calls_is_found_by_whatever_they_say() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let store = &bench.state.store;
        let path = add(&bench, rosa()).await;
        add(&bench, json!({"name": "Rosalie", "phones": ["4512"]})).await;
        let (own, own_key) = testing::device(store, "lab-7").await;
        let (alone, alone_key) = testing::device(store, "lab-70").await;
        connect(store, own_key).await;
        let named = store.device(&own).await.unwrap().unwrap().hostname;
        assert_eq!(named, "pc", "it is named by itself when it connects");
        bench
            .says(own_key, "addresses", &[("address", "10.1.2.3")])
            .await;
        bench
            .says(alone_key, "sessions", &[("user", "guest")])
            .await;
        let confirm = json!({"device": own.to_string()});
        bench
            .post("technician", &format!("{path}/devices"), confirm)
            .await;
        for ticket in [
            json!({"title": "no sound", "devices": [own.to_string()]}),
            json!({"title": "badge", "requester": "Rosa Durand"}),
            json!({"title": "slow", "devices": [alone.to_string()]}),
        ] {
            let opened = bench.post("technician", "/tickets", ticket).await;
            assert_eq!(opened.status, StatusCode::CREATED);
        }
        let rosa = "Rosa Durand [pc] 2+1";
        assert_eq!(
            calls(&bench, "%2B33%206%2012%2034%2056%2078").await,
            [format!("telephone: {rosa}")]
        );
        assert_eq!(
            calls(&bench, "rosa@EXAMPLE.org").await,
            [format!("mail: {rosa}")]
        );
        assert_eq!(
            calls(&bench, "durand%20rosa").await,
            [format!("part of name: {rosa}")]
        );
        assert_eq!(
            calls(&bench, "10.1.2.3").await,
            [format!("address: {rosa}")]
        );
        assert_eq!(calls(&bench, "10.1.2.4").await, [""; 0]);
        assert_eq!(calls(&bench, "PC").await, [format!("host: {rosa}")]);
        let code = own.as_str()[..6].to_uppercase();
        assert_eq!(calls(&bench, &code).await, [format!("code: {rosa}")]);
        assert_eq!(
            calls(&bench, "rosa.durand").await[0],
            format!("name: {rosa}")
        );
        assert_eq!(calls(&bench, "GUEST").await, ["user: - [lab-70] 3"]);
        assert_eq!(calls(&bench, "lab-7").await, ["part of host: - [lab-70] 3"]);
        // The whole login before the beginnings of names.
        let expected = [
            format!("user: {rosa}"),
            "part of name: Rosalie  ".to_owned(),
        ];
        assert_eq!(calls(&bench, "rosa").await, expected);
        let one = &bench.get("viewer", "/callers?q=pc").await["items"][0];
        assert_eq!(one["devices"][0]["connected"], true);

        let none = bench
            .call("viewer", Method::GET, "/callers?q=%20", Value::Null)
            .await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.body["remedy"].is_string());
    })
    .await;
}
