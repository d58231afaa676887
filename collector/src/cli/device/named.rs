//! Which device somebody means. What is done to a machine is done to none that was not named exactly.

use serde_json::Value;

use super::super::client::escape;
use super::super::output::{field, items};
use super::super::{Context, Failure};
use super::list::seen;

/// Characters of an id.
const ID_LENGTH: usize = 26;
/// Fewer of them are no id: they may be a host name that is written wrongly.
const ID_BEGINNING: usize = 8;
/// Devices that a refusal names.
const MOST_NAMED: usize = 8;

/// The id of a device that is named by its id, by the beginning of its id, or by its whole host name.
pub(in super::super) async fn resolve(
    context: &mut Context,
    device: &str,
) -> Result<String, Failure> {
    if device.len() == ID_LENGTH && device.parse::<crate::store::DeviceId>().is_ok() {
        return Ok(device.to_owned());
    }
    let client = context.client().await?;
    let path = format!("/devices?hostname={}", escape(device));
    let named = client.get(&path).await?;
    if !items(&named).is_empty() {
        return the_one(device, &named, &Value::Null);
    }
    let path = format!("/devices?text={}", escape(device));
    let near = client.get(&path).await?;
    the_one(device, &named, &near)
}

/// Of those that have the host name, or else of those that it is a part of.
fn the_one(device: &str, named: &Value, near: &Value) -> Result<String, Failure> {
    match (items(named), items(near)) {
        ([one], _) => return Ok(field(one, "id")),
        ([], []) => {
            return Err(Failure::with_remedy(
                format!("there is no device {device:?} that you may see"),
                "sonde device list",
            ));
        }
        ([], _) => {}
        (many, _) => {
            let what = format!("{device:?} is the name of several devices");
            return Err(Failure::with_remedy(
                format!("{what}:{}", listed(many)),
                "name it by its id",
            ));
        }
    }
    let begins = |one: &&Value| {
        let beginning = device.to_lowercase();
        beginning.len() >= ID_BEGINNING && field(one, "id").starts_with(&beginning)
    };
    let begun: Vec<&Value> = items(near).iter().filter(begins).collect();
    match (begun.as_slice(), near["next"].is_null()) {
        ([one], true) => Ok(field(one, "id")),
        _ => Err(Failure::with_remedy(
            format!(
                "there is no device {device:?}; near it:{}",
                listed(items(near))
            ),
            "write its whole host name, or its id",
        )),
    }
}

/// What tells them apart, a line each.
fn listed(found: &[Value]) -> String {
    let line = |one: &Value| {
        format!(
            "\n  {}  {}  {}",
            field(one, "id"),
            field(one, "hostname"),
            seen(one)
        )
    };
    let mut lines: String = found.iter().take(MOST_NAMED).map(line).collect();
    if found.len() > MOST_NAMED {
        lines.push_str("\n  …");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const IDS: [&str; 2] = ["5k2aaaaabbbbbbbbbbbbbbbbbb", "5k2aaaaacccccccccccccccccc"];

    fn list(hosts: &[&str], next: Value) -> Value {
        let items = IDS.iter().zip(hosts).map(
            |(id, host)| json!({"id": id, "hostname": host, "connected": true, "removed_at": null}),
        );
        json!({"items": items.collect::<Vec<_>>(), "next": next})
    }

    #[track_caller]
    fn check(device: &str, named: &[&str], near: &[&str], expected: &str) {
        let lists = [named, near].map(|hosts| list(hosts, Value::Null));
        let said = match the_one(device, &lists[0], &lists[1]) {
            Ok(id) => id,
            Err(Failure::Other { what, .. }) => what,
            Err(failure) => panic!("{failure:?}"),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn a_part_of_a_host_name_is_no_device() {
        let [one, two] = IDS;
        check("pc-1", &["pc-1"], &[], one);
        check(
            "pc-1",
            &[],
            &["pc-12"],
            &format!("there is no device \"pc-1\"; near it:\n  {one}  pc-12  connected"),
        );
        check(
            "pc-9",
            &[],
            &[],
            "there is no device \"pc-9\" that you may see",
        );
        check(
            "pc-1",
            &["pc-1", "PC-1"],
            &[],
            &format!(
                "\"pc-1\" is the name of several devices:\n  {one}  pc-1  connected\n  {two}  PC-1  connected"
            ),
        );
    }

    #[test]
    fn the_beginning_of_an_id_is_a_device_when_it_is_long_enough_and_fits_one_only() {
        let [one, two] = IDS;
        check("5K2aaaaab", &[], &["x"], one);
        let near =
            |named: &str, lines: &str| format!("there is no device {named:?}; near it:{lines}");
        check(
            "5k2",
            &[],
            &["x"],
            &near("5k2", &format!("\n  {one}  x  connected")),
        );
        let both = format!("\n  {one}  x  connected\n  {two}  y  connected");
        check("5k2aaaaa", &[], &["x", "y"], &near("5k2aaaaa", &both));
        // There may be others on the next page.
        let cut = list(&["x"], json!("7"));
        assert!(the_one("5k2aaaaab", &Value::Null, &cut).is_err());
    }
}
