//! A ticket and what happened to it.

use serde_json::{Value, json};

use super::super::output::{field, plain, when};
use super::super::{Context, Failure, asset, device};
use super::{timeline, told};

pub(super) async fn show(context: &mut Context, number: i64) -> Result<(), Failure> {
    let client = context.client().await?;
    let ticket = client.get(&format!("/tickets/{number}")).await?;
    let base = format!("/tickets/{number}/timeline?limit=500");
    let timeline = device::pages(context, &base, "after").await?;
    if context.output.json {
        let value = json!({ "ticket": ticket, "timeline": timeline });
        return Ok(context.output.value(&value)?);
    }
    told(context, &ticket)?;
    context.output.text(&head(&ticket))?;
    let rows = timeline.iter().map(|event| {
        vec![
            when(&event["at"]),
            timeline::who(event),
            field(event, "kind").replace('_', " "),
            timeline::said(event),
        ]
    });
    Ok(context.output.table(&["at", "who", "what", ""], rows)?)
}

/// Who asked, where, and about which machines.
fn head(ticket: &Value) -> String {
    let devices = ticket["devices"].as_array().map_or(&[][..], Vec::as_slice);
    let mut rows = vec![
        ("requester", requester(ticket)),
        ("weight", weight(ticket)),
        ("site", field(ticket, "site")),
        (
            "waiting for",
            field(ticket, "waiting_for").replace('_', " "),
        ),
        ("asked", asked(ticket)),
        ("opened", when(&ticket["opened_at"])),
        ("opened by", field(ticket, "opened_by")),
        ("tier", field(ticket, "tier")),
    ];
    let words = |name: &str| -> String {
        let all = ticket[name].as_array().into_iter().flatten();
        all.map(plain).collect::<Vec<_>>().join(", ")
    };
    rows.push(("tags", words("tags")));
    rows.push(("watched by", words("watchers")));
    let links = ticket["links"].as_array().into_iter().flatten();
    rows.extend(links.map(|link| {
        let relation = field(link, "relation").replace('_', " ");
        ("linked", format!("{relation} {}", field(link, "ticket")))
    }));
    let clocks = ticket["clocks"].as_array().into_iter().flatten();
    rows.extend(clocks.map(|clock| ("promised", promise(clock))));
    rows.extend(devices.iter().map(|device| {
        let name = [field(device, "hostname"), field(device, "id")].join("  ");
        ("device", name.trim_start().to_owned())
    }));
    let assets = ticket["assets"].as_array().into_iter().flatten();
    rows.extend(assets.map(|one| ("asset", asset::named(one))));
    rows.retain(|(_, text)| !text.is_empty());
    let lines = rows
        .iter()
        .map(|(name, text)| format!("  {name:12}{text}\n"));
    lines.collect()
}

/// "Rosa Durand (accounts)"
fn requester(ticket: &Value) -> String {
    match field(ticket, "group") {
        group if group.is_empty() => field(ticket, "requester"),
        group => format!("{} ({group})", field(ticket, "requester")),
    }
}

/// "impact high, urgency low"
fn weight(ticket: &Value) -> String {
    match (ticket["impact"].as_str(), ticket["urgency"].as_str()) {
        (Some(_), Some(_)) => format!(
            "impact {}, urgency {}",
            field(ticket, "impact"),
            field(ticket, "urgency")
        ),
        _ => String::new(),
    }
}

/// When it was meant, by whom of the device's users: "2026-11-28 14:50, by rosa on their own machine".
fn asked(ticket: &Value) -> String {
    let asked = &ticket["asked"];
    match asked["login"].as_str() {
        None => String::new(),
        Some(_) => format!(
            "{}, by {} on their own machine",
            when(&asked["at"]),
            field(asked, "login")
        ),
    }
}

/// What was promised, and how it stands: "resolution in 8 h 00 min, 1 h 12 min spent, due 16:30".
fn promise(clock: &Value) -> String {
    let seconds = |name: &str| clock[name].as_u64().unwrap_or_default();
    let tier = match clock["tier"].as_str() {
        Some(tier) => format!(" {tier}"),
        None => String::new(),
    };
    let standing = match (clock["standing"].as_str(), clock["is_met"].as_bool()) {
        (Some("ended"), Some(true)) => "in time".to_owned(),
        (Some("ended"), _) => "too late".to_owned(),
        (Some("paused"), _) => "paused".to_owned(),
        _ => format!("due {}", when(&clock["due_at"])),
    };
    format!(
        "{}{tier} in {}, {} spent, {standing}",
        field(clock, "measure").replace('_', " "),
        working(seconds("target_seconds")),
        working(seconds("spent_seconds")),
    )
}

/// Working time, of which a day has not 24 hours.
fn working(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}
