//! Other ticket systems, over real sockets: told what happens, in order and at least once, and heard.

mod receiver;

use std::fs;

use anyhow::{Context as _, Result, ensure};
use ring::hmac;
use serde_json::{Value, json};

use crate::console::ask_with;
use crate::program::wait;
use crate::world::{Person, World, on_both};
use receiver::{Receiver, base64, decoded};

/// A collector that tells webhooks on this machine too, at one of its addresses.
fn allowing(world: &mut World) -> Result<()> {
    ensure!(
        world.stop_collector()?.success(),
        "the collector did not end well"
    );
    world.settings = "webhook_allow = [\"127.0.0.2\"]\nwebhook_http = true\n".into();
    world.start_collector()
}

fn declared(admin: &Person, name: &str, url: &str) -> Result<Vec<u8>> {
    let made = admin.sonde(&["webhook", "add", name, "--url", url])?;
    secret(&made)
}

fn secret(made: &Value) -> Result<Vec<u8>> {
    let text = made["secret"].as_str().context("no secret")?;
    decoded(text.strip_prefix("whsec_").context("no prefix")?)
}

/// How each delivery stands, the oldest first.
fn standing(admin: &Person, name: &str) -> Result<Vec<String>> {
    let list = admin.sonde(&["webhook", "deliveries", name])?;
    let items = list["items"].as_array().context("no items")?;
    let state = |one: &Value| one["state"].as_str().unwrap_or_default().to_owned();
    Ok(items.iter().rev().map(state).collect())
}

#[test]
fn what_happens_to_tickets_is_told_signed_and_in_order() -> Result<()> {
    on_both(|mut world: World| {
        allowing(&mut world)?;
        let admin = world.person("ada", "admin")?;
        let receiver = Receiver::start("127.0.0.2:0")?;
        let key = declared(&admin, "glpi", &receiver.url())?;
        admin.sonde(&["ticket", "open", "no sound", "--note", "since Monday"])?;
        admin.sonde(&["ticket", "assign", "1", "ada"])?;
        admin.sonde(&["webhook", "test", "glpi"])?;
        let came = receiver.wait_for(4)?;
        let kinds: Vec<&str> = came
            .iter()
            .filter_map(|one| one.body["type"].as_str())
            .collect();
        ensure!(
            kinds
                == [
                    "ticket.opened",
                    "ticket.noted",
                    "ticket.assigned",
                    "sonde.test"
                ],
            "{kinds:?}"
        );
        for one in &came {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
            let signed = format!(
                "{}.{}.{}",
                one.field("webhook-id"),
                one.field("webhook-timestamp"),
                one.text
            );
            let tag = base64(hmac::sign(&key, signed.as_bytes()).as_ref());
            ensure!(
                one.field("webhook-signature") == format!("v1,{tag}"),
                "{one:?}"
            );
        }
        let noted = &came[1].body["data"];
        ensure!(
            noted["ticket"]["number"] == 1 && noted["event"]["text"] == "since Monday",
            "{noted}"
        );
        // As the API shows it.
        let shown = admin.sonde(&["ticket", "show", "1"])?;
        ensure!(shown["timeline"][1] == noted["event"], "{shown} {noted}");
        Ok(())
    })
}

#[test]
fn what_was_not_delivered_when_the_collector_was_killed_is_delivered_under_the_same_id()
-> Result<()> {
    on_both(|mut world: World| {
        allowing(&mut world)?;
        let admin = world.person("ada", "admin")?;
        let receiver = Receiver::start("127.0.0.2:0")?;
        declared(&admin, "glpi", &receiver.url())?;
        // It takes the message and does not answer: whether it arrived is not known.
        receiver.answers(None);
        admin.sonde(&["ticket", "open", "no sound"])?;
        let first = receiver.wait_for(1)?.remove(0);
        world.kill_collector()?;
        receiver.answers(Some("204 No Content"));
        world.start_collector()?;
        let came = receiver.wait_for(2)?;
        ensure!(
            came[1].field("webhook-id") == first.field("webhook-id"),
            "{came:?}"
        );
        ensure!(came[1].text == first.text, "it says something else now");
        wait("that it is known to have arrived", || {
            (standing(&admin, "glpi").ok()? == ["delivered"]).then_some(())
        })
    })
}

#[test]
fn no_message_goes_to_an_address_that_is_not_public_nor_named() -> Result<()> {
    let mut world = World::sqlite()?;
    allowing(&mut world)?;
    let admin = world.person("ada", "admin")?;
    let inner = Receiver::start("127.0.0.1:0")?;
    let outer = Receiver::start("127.0.0.2:0")?;
    let elsewhere = format!("307 Temporary Redirect\r\nlocation: {}", inner.url());
    outer.answers(Some(&elsewhere));
    declared(&admin, "redirected", &outer.url())?;
    let refused = declared(&admin, "direct", &inner.url());
    let why = refused.err().map(|error| error.to_string());
    let is_said = why.is_some_and(|why| why.contains("127.0.0.1 is not a public address"));
    ensure!(is_said, "it is refused when it is written down");
    let by_name = inner.url().replace("127.0.0.1", "localhost");
    declared(&admin, "named", &by_name)?;
    admin.sonde(&["ticket", "open", "no sound"])?;
    outer.wait_for(1)?;
    for (name, status, error) in [
        ("redirected", json!(307), None),
        ("named", Value::Null, Some("is not a public address")),
    ] {
        let tried = wait("the attempt", || {
            let list = admin.sonde(&["webhook", "deliveries", name]).ok()?;
            let one = list["items"][0].clone();
            (one["n_attempts"].as_i64()? > 0).then_some(one)
        })?;
        ensure!(
            tried["status"] == status && tried["state"] == "waiting",
            "{tried}"
        );
        let said = tried["error"].as_str().unwrap_or_default();
        ensure!(error.is_none_or(|error| said.contains(error)), "{tried}");
    }
    ensure!(inner.came().is_empty(), "{:?}", inner.came());
    Ok(())
}

#[test]
fn who_wants_nothing_more_is_disabled_and_dead_letters_are_replayed() -> Result<()> {
    on_both(|mut world: World| {
        allowing(&mut world)?;
        let admin = world.person("ada", "admin")?;
        let receiver = Receiver::start("127.0.0.2:0")?;
        declared(&admin, "glpi", &receiver.url())?;
        receiver.answers(Some("410 Gone"));
        admin.sonde(&["ticket", "open", "no sound"])?;
        let shown = wait("its end", || {
            let shown = admin.sonde(&["webhook", "show", "glpi"]).ok()?;
            (shown["enabled"] == false).then_some(shown)
        })?;
        let reason = shown["disabled_reason"].as_str().unwrap_or_default();
        ensure!(reason.contains("410"), "{shown}");
        let audit = admin.sonde(&["audit", "list"])?.to_string();
        ensure!(audit.contains("webhook.disable"), "{audit}");
        ensure!(standing(&admin, "glpi")? == ["dead"]);
        receiver.answers(Some("200 OK"));
        admin.sonde(&["webhook", "set", "glpi", "--enable"])?;
        ensure!(admin.sonde(&["webhook", "replay", "glpi"])?["n_deliveries"] == 1);
        let came = receiver.wait_for(2)?;
        ensure!(came[0].field("webhook-id") == came[1].field("webhook-id"));
        wait("the delivery", || {
            (standing(&admin, "glpi").ok()? == ["delivered"]).then_some(())
        })
    })
}

/// Posts a message to the intake as any program would.
fn post(world: &World, key: &[u8], id: &str, body: &Value) -> Result<Value> {
    let at = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)?
        .as_secs();
    let text = body.to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let tag = base64(hmac::sign(&key, format!("{id}.{at}.{text}").as_bytes()).as_ref());
    let fields =
        format!("webhook-id: {id}\r\nwebhook-timestamp: {at}\r\nwebhook-signature: v1,{tag}\r\n");
    ask_with(world, &fields, "/api/v1/intake/monitoring", Some(body))?.json()
}

#[test]
fn another_system_opens_a_ticket_once_and_adds_to_it_whoever_is_killed_meanwhile() -> Result<()> {
    on_both(|mut world: World| {
        let admin = world.person("ada", "admin")?;
        let made = admin.sonde(&[
            "webhook",
            "source",
            "add",
            "monitoring",
            "--site",
            "default",
        ])?;
        let key = secret(&made)?;
        let said = json!({"title": "disk full", "text": "on db-3", "reference": "P-77"});
        let opened = post(&world, &key, "m1", &said)?;
        ensure!(
            opened == json!({"number": 1, "outcome": "opened"}),
            "{opened}"
        );
        world.kill_collector()?;
        world.start_collector()?;
        let again = post(&world, &key, "m1", &said)?;
        ensure!(again == json!({"number": 1, "outcome": "known"}), "{again}");
        let more = post(
            &world,
            &key,
            "m2",
            &json!({"title": "still full", "reference": "P-77"}),
        )?;
        ensure!(more == json!({"number": 1, "outcome": "added"}), "{more}");
        let wrong = post(&world, b"another", "m3", &said)?;
        ensure!(wrong["status"] == 401, "{wrong}");
        let list = admin.sonde(&["ticket", "list", "--search", "disk db-3"])?;
        ensure!(
            list["items"][0]["number"] == 1 && list["search"]["n_found"] == 1,
            "{list}"
        );
        Ok(())
    })
}

#[test]
fn a_case_file_goes_to_another_system_and_the_ticket_says_so() -> Result<()> {
    let world = World::sqlite()?;
    let tech = world.person("tess", "technician")?;
    tech.sonde(&["ticket", "open", "no sound", "--note", "since Monday"])?;
    let receiver = Receiver::start("127.0.0.1:0")?;
    let token = world.folder().join("receiver.token");
    fs::write(&token, "secret-77\n")?;
    let send = |receiver: &Receiver| -> Result<crate::person::Ran> {
        let token = token.display().to_string();
        tech.try_sonde(&[
            "ticket",
            "export",
            "1",
            "--to",
            &receiver.url(),
            "--token-file",
            &token,
        ])
    };
    receiver.answers(Some("403 Forbidden"));
    let refused = send(&receiver)?;
    ensure!(
        refused
            .problem
            .as_ref()
            .is_some_and(|said| said.contains("403")),
        "{refused:?}"
    );
    receiver.answers(Some("201 Created"));
    let sent = send(&receiver)?;
    ensure!(sent.value["status"] == 201, "{sent:?}");
    let came = receiver.wait_for(2)?.remove(1);
    ensure!(
        came.field("authorization") == "Bearer secret-77",
        "{came:?}"
    );
    ensure!(
        came.field("content-type")
            .starts_with("multipart/form-data; boundary="),
        "{came:?}"
    );
    for part in [
        "filename=\"ticket-1.html\"",
        "filename=\"ticket-1.json\"",
        "since Monday",
        "<!doctype html>",
    ] {
        ensure!(came.text.contains(part), "{part}: {came:?}");
    }
    let shown = tech.sonde(&["ticket", "show", "1"])?;
    let told = shown["timeline"].as_array().context("no timeline")?;
    let notes: Vec<&str> = told
        .iter()
        .filter_map(|event| event["text"].as_str())
        .collect();
    ensure!(
        notes.len() == 2 && notes[1].starts_with("case file sent to 127.0.0.1"),
        "{notes:?}"
    );
    Ok(())
}
