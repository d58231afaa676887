//! Is it only this machine?

use serde_json::Value;

use super::super::client::escape;
use super::super::output::field;
use super::super::{Context, Failure};
use super::resolve;

/// Characters of an id that name a device.
const SHORT_ID: usize = 8;
/// Devices that can be asked at once.
const AT_ONCE: usize = 20;
/// Affected devices that are named in one line.
const NAMED: usize = 12;

pub(super) async fn cohort(
    context: &mut Context,
    device: &str,
    of: &str,
    any_subject: bool,
    packages: Option<String>,
) -> Result<(), Failure> {
    let id = resolve(context, device).await?;
    let mut path = format!(
        "/devices/{id}/cohort?for={}&any_subject={any_subject}",
        escape(of)
    );
    if let Some(packages) = packages {
        path.push_str(&format!("&packages={}", escape(&packages)));
    }
    let found = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&found)?);
    }
    let number = |name: &str| found[name].as_u64().unwrap_or_default();
    let (n, healthy) = (number("n_affected"), number("n_healthy"));
    context.output.line(&match n {
        0 | 1 => {
            format!("only this one: {healthy} other devices are checked for it and do not have it")
        }
        _ => format!("{n} devices have it, {healthy} are checked for it and do not"),
    })?;
    let affected = found["affected"].as_array().map_or(&[][..], Vec::as_slice);
    if n > 1 {
        let names: Vec<String> = affected
            .iter()
            .take(NAMED)
            .map(|one| field(one, "hostname"))
            .collect();
        let more = n.saturating_sub(names.len() as u64);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        context
            .output
            .line(&format!("  {}{more}", names.join(", ")))?;
    }
    if n > 1 {
        let devices: Vec<String> = affected
            .iter()
            .filter(|one| one["connected"].as_bool() == Some(true))
            .take(AT_ONCE)
            .map(|one| field(one, "id").chars().take(SHORT_ID).collect::<String>())
            .map(|id| format!("--device {id}"))
            .collect();
        let check = field(&found, "check");
        context.output.line(&format!(
            "  ask them now: sonde check run {check} --ticket NUMBER {}",
            devices.join(" ")
        ))?;
    }
    let common = found["common"].as_array().map_or(&[][..], Vec::as_slice);
    if common.is_empty() || n < 2 {
        return Ok(());
    }
    let share = |share: &Value| format!("{} of {}", field(share, "n"), field(share, "of"));
    let rows = common.iter().map(|one| {
        let p = one["p"].as_f64().unwrap_or(1.0);
        let p = if p < 0.001 {
            format!("{p:.0e}")
        } else {
            format!("{p:.3}")
        };
        vec![
            field(one, "attribute"),
            field(one, "value"),
            share(&one["affected"]),
            share(&one["healthy"]),
            match one["telling"].as_bool() {
                Some(true) => format!("{p} telling"),
                _ => p,
            },
        ]
    });
    let header = [
        "what",
        "value",
        "of those that have it",
        "of the others",
        "by chance",
    ];
    Ok(context.output.table(&header, rows)?)
}
