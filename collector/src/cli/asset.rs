//! Things without an agent that a ticket can be about, and having a device look for one.

mod named;

pub(super) use named::{named, resolve};

use std::process::ExitCode;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};

use super::client::escape;
use super::output::{field, items, lines, when};
use super::ticket::{Kind, Which};
use super::{Context, Failure, device, job};
use named::{address, kind};

const KINDS: [&str; 13] = [
    "printer",
    "scanner",
    "screen",
    "projector",
    "telephone",
    "camera",
    "switch",
    "router",
    "access_point",
    "storage",
    "power_supply",
    "dock",
    "other",
];

#[derive(Debug, Subcommand)]
pub(super) enum AssetCommand {
    /// List assets by name.
    #[command(
        after_help = "Example:\n  sonde asset list --kind printer\n  sonde asset list --search 192.0.2.7"
    )]
    List {
        /// Beginnings of words of name, kind, serial number, model or place; or an address.
        #[arg(long, value_name = "WORDS")]
        search: Option<String>,
        /// Only those of this kind.
        #[arg(long, value_parser = KINDS)]
        kind: Option<String>,
        /// Those that are not there any more, too.
        #[arg(long)]
        removed: bool,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Only assets after this one: `next` of the page before.
        #[arg(long, value_name = "ASSET")]
        after: Option<String>,
    },
    /// Show an asset.
    #[command(after_help = "Example:\n  sonde asset show \"Printer 3rd floor\"")]
    Show {
        /// Its whole name, or id.
        asset: String,
    },
    /// Add a thing without an agent.
    #[command(
        after_help = "Example:\n  sonde asset add \"Printer 3rd floor\" --kind printer --address 192.0.2.7 --port 9100 --site lyon"
    )]
    Add {
        /// What people call it; one of its site alone is called so.
        name: String,
        /// Where it belongs, for good; your first site if it is not given.
        #[arg(long)]
        site: Option<String>,
        #[command(flatten)]
        details: Details,
    },
    /// Set what is known of an asset; what is not given stays.
    #[command(after_help = "Example:\n  sonde asset set \"Printer 3rd floor\" --address 192.0.2.8")]
    Set {
        /// Its whole name, or id.
        asset: String,
        /// What it is called from now on.
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        details: Details,
    },
    /// Say that an asset is not there any more; tickets that were about it still say so.
    #[command(after_help = "Example:\n  sonde asset remove \"Printer 3rd floor\"")]
    Remove {
        /// Its whole name, or id.
        asset: String,
    },
    /// Have a device look for an asset beside it: ping, and its port if it has one. The ticket is about it from then on.
    #[command(
        after_help = "Example:\n  sonde asset probe \"Printer 3rd floor\" --device lab-7 --ticket 42\n  \
                      sonde asset probe \"Printer 3rd floor\" --new-ticket \"nothing prints\"\n\nExit code:\n  \
                      0 ok, 1 warning, 2 critical, 3 unknown or not ended yet"
    )]
    Probe {
        /// Its whole name, or id.
        asset: String,
        /// Host name, or id, of the device that looks for it; if it is not given, a connected one of the ticket, else of its
        /// site, is chosen.
        #[arg(long)]
        device: Option<String>,
        #[command(flatten)]
        ticket: Which,
        /// How long to wait for the end.
        #[arg(long, value_name = "SECONDS", default_value_t = 120)]
        wait: u32,
        /// How long the order waits for a device that is not connected; a day if it is not given.
        #[arg(long, value_name = "SECONDS")]
        expires: Option<u32>,
    },
}

/// What is known of an asset beside its name and site.
#[derive(Debug, Args)]
pub(super) struct Details {
    /// What sort of thing it is; other if it is not given.
    #[arg(long, value_parser = KINDS)]
    kind: Option<String>,
    /// A name or an IP address; an empty one: none.
    #[arg(long)]
    address: Option<String>,
    /// On which it takes connections; 0: none.
    #[arg(long)]
    port: Option<u16>,
    /// Its serial number; an empty one: none.
    #[arg(long)]
    serial: Option<String>,
    /// Its model; an empty one: none.
    #[arg(long)]
    model: Option<String>,
    /// Where it stands; an empty one: nobody knows.
    #[arg(long)]
    place: Option<String>,
    /// For technicians; an empty one: none.
    #[arg(long)]
    note: Option<String>,
}

impl Details {
    /// The asset with what is given here.
    fn over(self, asset: &mut Value) {
        for (name, given) in [
            ("kind", self.kind),
            ("address", self.address),
            ("serial", self.serial),
            ("model", self.model),
            ("place", self.place),
            ("note", self.note),
        ] {
            if let Some(given) = given {
                asset[name] = json!(given);
            }
        }
        match self.port {
            None => {}
            Some(0) => asset["port"] = Value::Null,
            Some(port) => asset["port"] = json!(port),
        }
        // A port alone is nowhere.
        if asset["address"] == "" {
            asset["port"] = Value::Null;
        }
    }
}

pub(super) async fn run(context: &mut Context, command: AssetCommand) -> Result<ExitCode, Failure> {
    match command {
        AssetCommand::List {
            search,
            kind,
            removed,
            limit,
            after,
        } => {
            let removed = removed.then(|| "true".to_owned());
            let narrowed = [
                ("search", search),
                ("kind", kind),
                ("removed", removed),
                ("after", after),
            ];
            list(context, narrowed, limit).await?;
        }
        AssetCommand::Show { asset } => {
            let id = resolve(context, &asset).await?;
            let asset = context.client().await?.get(&path(&id)).await?;
            show(context, &asset)?;
        }
        AssetCommand::Add {
            name,
            site,
            details,
        } => {
            let mut body = json!({ "name": name, "kind": "other", "site": site });
            details.over(&mut body);
            let added = context.client().await?.post("/assets", &body).await?;
            told(context, &added, "is added")?;
        }
        AssetCommand::Set {
            asset,
            name,
            details,
        } => set(context, &asset, name, details).await?,
        AssetCommand::Remove { asset } => {
            let id = resolve(context, &asset).await?;
            let client = context.client().await?;
            client.call(Method::DELETE, &path(&id), None).await?;
            if !context.output.json {
                context.output.line(&format!("asset {id} is removed"))?;
            }
        }
        AssetCommand::Probe {
            asset,
            device,
            ticket,
            wait,
            expires,
        } => return probe(context, &asset, device, ticket, wait, expires).await,
    }
    Ok(ExitCode::SUCCESS)
}

fn path(id: &str) -> String {
    format!("/assets/{}", escape(id))
}

async fn probe(
    context: &mut Context,
    asset: &str,
    device: Option<String>,
    ticket: Which,
    wait: u32,
    expires: Option<u32>,
) -> Result<ExitCode, Failure> {
    let id = resolve(context, asset).await?;
    let is_chosen = device.is_none();
    let mut body = json!({ "asset": id, "expires_in_seconds": expires });
    if let Some(device) = device {
        body["device"] = json!(device::resolve(context, &device).await?);
    }
    let done = ticket.ask(context, Kind::Probe, body, wait).await?;
    if is_chosen {
        // Beside the answer: which one it was has to be seen, also where the answer is JSON.
        let who = field(&done, "hostname");
        context
            .output
            .notice(&format!("looked for from {who}, which is connected"))?;
    }
    job::show(context, &done)?;
    Ok(job::exit_code(&done))
}

async fn set(
    context: &mut Context,
    asset: &str,
    name: Option<String>,
    details: Details,
) -> Result<(), Failure> {
    let id = resolve(context, asset).await?;
    let client = context.client().await?;
    let mut body = client.get(&path(&id)).await?;
    // The version stays: a change that came between is not undone.
    if let Some(known) = body.as_object_mut() {
        for derived in ["id", "changed_at", "changed_by", "removed_at"] {
            known.remove(derived);
        }
    }
    if let Some(name) = name {
        body["name"] = json!(name);
    }
    details.over(&mut body);
    let set = client.call(Method::PUT, &path(&id), Some(&body)).await?;
    told(context, &set, "is set")
}

async fn list(
    context: &mut Context,
    narrowed: [(&str, Option<String>); 4],
    limit: u32,
) -> Result<(), Failure> {
    let mut path = format!("/assets?limit={limit}");
    for (name, value) in narrowed {
        if let Some(value) = value {
            path.push_str(&format!("&{name}={}", escape(&value)));
        }
    }
    let assets = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&assets)?);
    }
    let rows = items(&assets).iter().map(|asset| {
        vec![
            field(asset, "name"),
            kind(asset),
            field(asset, "site"),
            address(asset),
            field(asset, "place"),
            match asset["removed_at"].as_str() {
                Some(_) => format!("removed {}", when(&asset["removed_at"])),
                None => String::new(),
            },
        ]
    });
    let head = ["name", "kind", "site", "address", "place", ""];
    context.output.table(&head, rows)?;
    Ok(context.output.more(&assets, "after")?)
}

fn told(context: &Context, asset: &Value, what: &str) -> Result<(), Failure> {
    if context.output.json {
        return Ok(context.output.value(asset)?);
    }
    let (id, name) = (field(asset, "id"), field(asset, "name"));
    Ok(context.output.line(&format!("{name} {what}: asset {id}"))?)
}

fn show(context: &Context, asset: &Value) -> Result<(), Failure> {
    if context.output.json {
        return Ok(context.output.value(asset)?);
    }
    for (label, text) in [
        ("asset", field(asset, "name")),
        ("id", field(asset, "id")),
        ("kind", kind(asset)),
        ("site", field(asset, "site")),
        ("address", address(asset)),
        ("serial", field(asset, "serial")),
        ("model", field(asset, "model")),
        ("place", field(asset, "place")),
        (
            "changed",
            format!(
                "{} by {}",
                when(&asset["changed_at"]),
                field(asset, "changed_by")
            ),
        ),
        ("removed", when(&asset["removed_at"])),
    ] {
        if !text.is_empty() {
            context.output.line(&format!("{label:<10} {text}"))?;
        }
    }
    let note = lines(&asset["note"]);
    match note.is_empty() {
        true => Ok(()),
        false => Ok(context.output.text(&note)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_given_stays_and_an_address_takes_its_port_along() {
        let known =
            || json!({ "kind": "printer", "address": "192.0.2.7", "port": 631, "serial": "1" });
        let given = |address: Option<&str>, port| Details {
            kind: None,
            address: address.map(str::to_owned),
            port,
            serial: None,
            model: None,
            place: Some("corridor".into()),
            note: None,
        };
        let of = |address, port| {
            let mut asset = known();
            given(address, port).over(&mut asset);
            assert_eq!(
                (&asset["kind"], &asset["serial"]),
                (&json!("printer"), &json!("1"))
            );
            (asset["address"].clone(), asset["port"].clone())
        };
        assert_eq!(of(None, None), (json!("192.0.2.7"), json!(631)));
        assert_eq!(of(Some("h"), Some(80)), (json!("h"), json!(80)));
        assert_eq!(of(None, Some(0)), (json!("192.0.2.7"), Value::Null));
        assert_eq!(of(Some(""), None), (json!(""), Value::Null));
    }

    #[test]
    fn every_kind_of_the_desk_can_be_given() {
        let known = crate::desk::asset::Kind::ALL.map(|kind| kind.as_str());
        assert_eq!(KINDS, known);
    }
}
