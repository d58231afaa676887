//! Who calls: found by whatever they say of themselves or their machine.

use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use super::client::escape;
use super::output::{field, items};
use super::{Context, Failure, asset};

/// Find who is calling, or for what: person, devices, asset, and their open tickets.
///
/// The best match comes first. A device with * is confirmed to be theirs, one with ? is only seen: somebody is logged on
/// under a name that can be theirs.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sonde caller \"06 12 34 56 78\"\n  sonde caller durand\n  sonde caller 10.1.2.3"
)]
pub(super) struct Callers {
    /// A name, telephone number, mail address, host name, IP address, login, an asset's name or serial number, or the first six characters of the device's id
    /// (sonde-agent status shows it).
    words: String,
}

/// What a ticket is opened with.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Call {
    pub(super) requester: Option<String>,
    /// Id of the person that they are.
    pub(super) person: Option<String>,
    /// Ids.
    pub(super) devices: Vec<String>,
    pub(super) assets: Vec<String>,
    pub(super) site: Option<String>,
}

pub(super) async fn run(context: &mut Context, callers: Callers) -> Result<ExitCode, Failure> {
    let found = find(context, &callers.words).await?;
    if context.output.json {
        context.output.value(&found)?;
    } else {
        let rows = items(&found).iter().map(row);
        context.output.table(&HEAD, rows)?;
    }
    Ok(ExitCode::SUCCESS)
}

const HEAD: [&str; 5] = ["matched", "person", "site", "devices", "tickets"];

async fn find(context: &mut Context, words: &str) -> Result<Value, Failure> {
    let path = format!("/callers?q={}", escape(words));
    context.client().await?.get(&path).await
}

fn row(found: &Value) -> Vec<String> {
    let person = &found["person"];
    let asset = &found["asset"];
    if asset.is_object() {
        return of_asset(found, asset);
    }
    let devices = found["devices"].as_array().into_iter().flatten();
    let devices: Vec<String> = devices.map(device).collect();
    let tickets = found["tickets"].as_array().into_iter().flatten();
    let tickets: Vec<String> = tickets.map(|ticket| field(ticket, "number")).collect();
    vec![
        how(found),
        field(person, "name"),
        field(person, "site"),
        devices.join(", "),
        tickets.join(" "),
    ]
}

/// An asset stands where the devices do.
fn of_asset(found: &Value, asset: &Value) -> Vec<String> {
    let tickets = found["tickets"].as_array().into_iter().flatten();
    let tickets: Vec<String> = tickets.map(|ticket| field(ticket, "number")).collect();
    vec![
        how(found),
        String::new(),
        field(asset, "site"),
        asset::named(asset),
        tickets.join(" "),
    ]
}

/// "telephone", "part of name"
fn how(found: &Value) -> String {
    let matched = field(found, "matched");
    match found["in_part"].as_bool() {
        Some(true) => format!("part of {matched}"),
        Some(false) | None => matched,
    }
}

/// "lab-7* (critical, away)"
fn device(device: &Value) -> String {
    let mark = match device["tie"].as_str() {
        Some("confirmed") => "*",
        Some("seen") => "?",
        Some(_) | None if device["confirmed_at"].is_string() => "*",
        Some(_) | None => "",
    };
    let status = device["status"].as_str().unwrap_or("nothing reported");
    let away = match device["connected"].as_bool() {
        Some(true) => "",
        Some(false) | None => ", away",
    };
    format!("{}{mark} ({status}{away})", field(device, "hostname"))
}

/// Requester, device or asset, and site of a ticket from who calls; what was given stays as it was given.
pub(super) async fn calls(
    context: &mut Context,
    words: &str,
    given: Call,
) -> Result<Call, Failure> {
    let found = find(context, words).await?;
    let one = the_one(words, items(&found))?;
    let (person, device) = (&one["person"], &one["device"]);
    let told = match (person["name"].as_str(), &one["asset"]) {
        (Some(name), _) => format!("caller: {name}"),
        (None, about) if about.is_object() => format!("about: {}", asset::named(about)),
        (None, _) => "caller: nobody is known to have it".to_owned(),
    };
    let known = one["devices"].as_array().into_iter().flatten();
    let named: Vec<&Value> = known.filter(|known| known["id"] == *device).collect();
    let on = match (given.devices.is_empty(), named.first()) {
        (true, _) if one["asset"].is_object() => String::new(),
        (true, Some(device)) => format!(", {}", field(device, "hostname")),
        (true, None) if one["devices"].as_array().is_some_and(|all| !all.is_empty()) => {
            ", no device: it is not clear which".to_owned()
        }
        (true, None) => ", no device".to_owned(),
        (false, _) => String::new(),
    };
    // Beside the answer: which one it was has to be seen, also where the answer is JSON.
    let how = how(one);
    context
        .output
        .notice(&format!("{told}{on} (matched by {how})"))?;
    Ok(complete(one, given))
}

fn complete(one: &Value, given: Call) -> Call {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let person = &one["person"];
    let devices = match given.devices.is_empty() {
        true => text(&one["device"]).into_iter().collect(),
        false => given.devices,
    };
    let assets = match given.assets.is_empty() {
        true => text(&one["asset"]["id"]).into_iter().collect(),
        false => given.assets,
    };
    // Without a device or an asset the ticket belongs to where the person does.
    let is_about_nothing = devices.is_empty() && assets.is_empty();
    let site = given.site;
    let site = site.or_else(|| text(&person["site"]).filter(|_| is_about_nothing));
    Call {
        // A name that was given instead may be anybody's.
        person: text(&person["id"]).filter(|_| given.requester.is_none()),
        requester: given.requester.or_else(|| text(&person["name"])),
        devices,
        assets,
        site,
    }
}

/// The only one, or the only one that fits as a whole.
fn the_one<'v>(words: &str, found: &'v [Value]) -> Result<&'v Value, Failure> {
    let is_whole = |one: &&Value| one["in_part"] == false;
    let mut whole = found.iter().filter(is_whole);
    if let (Some(one), None) = (whole.next(), whole.next()) {
        return Ok(one);
    }
    match found {
        [one] => Ok(one),
        [] => Err(Failure::with_remedy(
            format!("nobody and nothing that you may see fits {words:?}"),
            "say more with sonde caller, or name them: --requester NAME --device DEVICE",
        )),
        several => {
            let lines: Vec<String> = several
                .iter()
                .map(|one| format!("\n  {}", line(one)))
                .collect();
            Err(Failure::with_remedy(
                format!("{words:?} fits several:{}", lines.concat()),
                "say which: --requester NAME and --device DEVICE instead of --caller",
            ))
        }
    }
}

fn line(found: &Value) -> String {
    let shown = row(found);
    let parts: Vec<&str> = [&shown[1], &shown[2], &shown[3]]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect();
    format!("{} (matched by {})", parts.join(", "), shown[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rosa() -> Value {
        json!({
            "matched": "telephone", "in_part": false, "device": "5k2",
            "person": {"id": "p1", "name": "Rosa", "site": "lyon"},
            "devices": [
                {"id": "5k2", "hostname": "lab-7", "tie": "confirmed", "connected": true, "status": "critical"},
                {"id": "7zz", "hostname": "pc", "tie": "seen", "connected": false, "status": null},
            ],
            "tickets": [{"number": 7}, {"number": 3}],
        })
    }

    #[test]
    fn a_match_is_one_row() {
        let expected = [
            "telephone",
            "Rosa",
            "lyon",
            "lab-7* (critical), pc? (nothing reported, away)",
            "7 3",
        ];
        assert_eq!(row(&rosa()), expected);
        let device = json!({
            "matched": "host", "in_part": true, "person": null, "device": "5k2", "tickets": [],
            "devices": [{"hostname": "lab-7", "tie": "matched", "connected": true, "status": "ok"}],
        });
        assert_eq!(row(&device), ["part of host", "", "", "lab-7 (ok)", ""]);
    }

    #[test]
    fn what_is_given_stays_and_the_match_fills_the_rest() {
        let text = |text: &str| Some(text.to_owned());
        let call = |requester, person, devices: &[&str], assets: &[&str], site| {
            let own = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
            Call {
                requester,
                person,
                devices: own(devices),
                assets: own(assets),
                site,
            }
        };
        let none = Call::default;
        let expected = call(text("Rosa"), text("p1"), &["5k2"], &[], None);
        assert_eq!(complete(&rosa(), none()), expected);
        let given = || call(text("Bob"), None, &["7zz"], &["4aa"], text("paris"));
        assert_eq!(complete(&rosa(), given()), given());
        let mut unclear = rosa();
        unclear["device"] = Value::Null;
        let expected = call(text("Rosa"), text("p1"), &[], &[], text("lyon"));
        assert_eq!(complete(&unclear, none()), expected);
        let expected = call(None, None, &[], &["8pr"], None);
        assert_eq!(complete(&printer(), none()), expected);
    }

    fn printer() -> Value {
        json!({
            "matched": "address", "in_part": false, "device": null, "person": null, "devices": [],
            "asset": {"id": "8pr", "name": "Printer 3", "kind": "printer", "site": "lyon", "address": "192.0.2.7", "port": 9100},
            "tickets": [{"number": 9}],
        })
    }

    #[test]
    fn an_asset_stands_where_the_devices_do() {
        let expected = [
            "address",
            "",
            "lyon",
            "Printer 3 (printer, 192.0.2.7:9100)",
            "9",
        ];
        assert_eq!(row(&printer()), expected);
        assert_eq!(
            line(&printer()),
            "lyon, Printer 3 (printer, 192.0.2.7:9100) (matched by address)"
        );
    }

    #[track_caller]
    fn refused(found: &[Value], expected: (&str, &str)) {
        match the_one("rosa", found) {
            Err(Failure::Other { what, remedy }) => {
                assert_eq!((&*what, &*remedy.unwrap_or_default()), expected);
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_match_is_taken_and_several_are_named() {
        assert_eq!(the_one("rosa", &[rosa()]).unwrap()["device"], "5k2");
        refused(
            &[],
            (
                "nobody and nothing that you may see fits \"rosa\"",
                "say more with sonde caller, or name them: --requester NAME --device DEVICE",
            ),
        );
        let mut part = rosa();
        part["in_part"] = json!(true);
        assert!(the_one("rosa", &[part.clone(), rosa(), part]).is_ok());
        let mut other = rosa();
        other["person"]["name"] = json!("Ros\u{1b}");
        other["devices"] = json!([]);
        refused(
            &[rosa(), other],
            (
                "\"rosa\" fits several:\n  Rosa, lyon, lab-7* (critical), pc? (nothing reported, away) (matched by \
                 telephone)\n  Ros\u{fffd}, lyon (matched by telephone)",
                "say which: --requester NAME and --device DEVICE instead of --caller",
            ),
        );
    }
}
