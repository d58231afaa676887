//! Times as whoever sits at the machine reads them: by the machine's own zone, in their language.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use sonde_proto::message::Lang;
use sonde_proto::v1::value;

use super::super::{AppState, Problem};
use crate::desk::Ticket;
use crate::store::facts::FactTable;

const FRENCH_MONTHS: [&str; 12] = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
];

/// The zone that a ticket's first device says it is in; else that of the collector's machine.
///
/// # Errors
/// Those of the store.
pub(super) async fn zone(state: &AppState, ticket: &Ticket) -> Result<TimeZone, Problem> {
    let id = ticket.devices.first().and_then(|id| id.parse().ok());
    let device = match id {
        Some(id) => state.store.device(&id).await?,
        None => None,
    };
    let os = match device {
        Some(device) => state.store.facts(device.device_key, "os").await?,
        None => None,
    };
    let said = os.as_ref().and_then(said);
    let known = said.and_then(|name| TimeZone::get(name).ok());
    Ok(known.unwrap_or_else(TimeZone::system))
}

/// The name of a zone in a table of the system.
fn said(os: &FactTable) -> Option<&str> {
    let mut columns = os.columns.iter();
    let at = columns.position(|column| column.name == "time_zone")?;
    let value::Value::Text(name) = os.rows.first()?.get(at)?.value.as_ref()? else {
        return None;
    };
    Some(name)
}

/// A moment, microseconds since 1970 UTC, with the zone's name.
pub(super) fn told(at: i64, zone: &TimeZone, lang: Lang) -> Markup {
    let stamp = Timestamp::from_microsecond(at).unwrap_or_default();
    html! {
        time datetime=(stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()) { (text(stamp, zone, lang)) }
    }
}

fn text(stamp: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    let local = stamp.to_zoned_datetime(zone.clone());
    match lang {
        Lang::En => local.strftime("%-d %b %Y, %H:%M %Z").to_string(),
        Lang::Fr => {
            let month = usize::from(local.month().unsigned_abs()).saturating_sub(1);
            let month = FRENCH_MONTHS.get(month).copied().unwrap_or_default();
            let time = local.strftime("%Y à %H:%M %Z");
            format!("{} {month} {time}", local.day())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_by_the_machines_clock_in_the_readers_language() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let check = |at: &str, lang, expected: &str| {
            assert_eq!(text(at.parse().unwrap(), &paris, lang), expected);
        };
        check("2026-08-01T22:05:59Z", Lang::En, "2 Aug 2026, 00:05 CEST");
        check("2026-08-01T22:05:59Z", Lang::Fr, "2 août 2026 à 00:05 CEST");
        check("2026-12-31T08:00:00Z", Lang::Fr, "31 déc. 2026 à 09:00 CET");
    }
}
