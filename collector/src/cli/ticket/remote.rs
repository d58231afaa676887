//! The address that opens a device of a ticket in a remote desktop tool of its site. It is printed; nothing is opened.

use serde_json::{Value, json};

use super::super::client::escape;
use super::super::output::{field, items};
use super::super::{Context, Failure, device};

pub(super) async fn open_in(
    context: &mut Context,
    number: i64,
    device: Option<String>,
    tool: Option<String>,
) -> Result<(), Failure> {
    let device = match device {
        Some(device) => device::resolve(context, &device).await?,
        None => {
            let client = context.client().await?;
            let ticket = client.get(&format!("/tickets/{number}")).await?;
            the_device(number, &ticket)?
        }
    };
    let client = context.client().await?;
    let path = format!("/tickets/{number}/remote-tools");
    let tool = match tool {
        Some(tool) => tool,
        None => {
            let asked = format!("{path}?device={}", escape(&device));
            the_tool(&client.get(&asked).await?)?
        }
    };
    let body = json!({ "device": device, "tool": tool });
    let opened = client.post(&path, &body).await?;
    if context.output.json {
        return Ok(context.output.value(&opened)?);
    }
    context.output.line(&field(&opened, "address"))?;
    let said = format!("it opens the device in {tool}; ticket {number} says that you have it");
    Ok(context.output.notice(&said)?)
}

/// The only device of a ticket.
fn the_device(number: i64, ticket: &Value) -> Result<String, Failure> {
    let devices = ticket["devices"].as_array().map_or(&[][..], Vec::as_slice);
    match devices {
        [one] => Ok(field(one, "id")),
        [] => Err(Failure::with_remedy(
            format!("ticket {number} is about no device"),
            format!("sonde ticket add-device {number} DEVICE"),
        )),
        many => {
            let names: Vec<String> = many.iter().map(|one| field(one, "hostname")).collect();
            let what = format!("ticket {number} is about several: {}", names.join(", "));
            Err(Failure::with_remedy(what, "say which with --device"))
        }
    }
}

/// The only tool that is offered.
fn the_tool(offered: &Value) -> Result<String, Failure> {
    match items(offered) {
        [one] => Ok(field(one, "name")),
        [] => Err(Failure::with_remedy(
            "the site has no remote tool",
            "an administrator adds one: sonde site tool set NAME TEMPLATE",
        )),
        many => {
            let names: Vec<String> = many.iter().map(|one| field(one, "name")).collect();
            let what = format!("the site has several: {}", names.join(", "));
            Err(Failure::with_remedy(what, "say which with --tool"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(chosen: Result<String, Failure>, expected: &str) {
        let said = match chosen {
            Ok(chosen) => chosen,
            Err(Failure::Other { what, .. }) => what,
            Err(failure) => panic!("{failure:?}"),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn of_several_none_is_chosen() {
        let device = |hosts: &[&str]| {
            let devices = hosts
                .iter()
                .map(|host| json!({"id": format!("id-{host}"), "hostname": host}));
            the_device(42, &json!({"devices": devices.collect::<Vec<_>>()}))
        };
        check(device(&["pc"]), "id-pc");
        check(device(&[]), "ticket 42 is about no device");
        check(
            device(&["pc", "lab\n7"]),
            "ticket 42 is about several: pc, lab\u{fffd}7",
        );
        let tool = |names: &[&str]| {
            let items = names.iter().map(|name| json!({"name": name}));
            the_tool(&json!({"items": items.collect::<Vec<_>>()}))
        };
        check(tool(&["Mesh"]), "Mesh");
        check(tool(&[]), "the site has no remote tool");
        check(tool(&["Guac", "Mesh"]), "the site has several: Guac, Mesh");
    }
}
