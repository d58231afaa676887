//! What a machine without a network has said by voice comes onto the ticket.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use sonde_proto::code::{self, Bad, Heard, Said};

use super::super::body::{At, Body};
use super::super::route::{Least, Route};
use super::super::{Problem, time};
use super::TicketView;
use super::change::Change;
use crate::desk::Event;
use crate::store::accounts::{Role, Subject};
use crate::store::devices::Speaker;
use crate::wording::{Wording, wire, wording};

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SpokenCode {
    /// As it was read aloud; hyphens, spaces and case do not count.
    code: String,
}

pub(super) fn route() -> Route {
    Route::new(
        Method::POST,
        "/tickets/{ticket}/codes",
        Least::Role(Role::Technician),
        "Notes what a device without a network has said, and adds the device",
        post(spoken),
    )
    .takes::<SpokenCode>()
    .gives::<TicketView>()
}

async fn spoken(
    mut change: Change,
    At(number): At<i64>,
    Body(body): Body<SpokenCode>,
) -> Result<Response, Problem> {
    let ticket = change.caller.ticket(&change.state, number).await?;
    let heard = code::decode(&body.code).map_err(|error| {
        wrong("code-misread", wire::code(error)).remedy(wording!(
            "let it be read again, group by group; I, L and O count as 1, 1 and 0"
        ))
    })?;
    let speaker = speaker(&change, ticket.site_key, &heard).await?;
    let device = speaker.id.to_string();
    if !ticket.ticket.devices.contains(&device) {
        change.make(number, Event::DeviceAdded { device }).await?;
        // The version that the caller saw was the one before.
        change.expected_version = None;
    }
    let catalogues = &change.state.catalogues;
    let declared = catalogues.of_device(&change.state.store, speaker.device_key);
    let declared = declared.await?;
    let text = words(&speaker.hostname, &heard.said, |number| {
        let mut checks = declared.checks();
        let known = checks.find(|check| check.number == u32::from(number) && number != 0);
        known.map(|check| check.id.as_str())
    });
    change.make(number, Event::Noted { text }).await
}

/// The device of the site that has made the code. Each that no device has made counts against the account.
async fn speaker(change: &Change, site_key: i64, heard: &Heard) -> Result<Speaker, Problem> {
    let store = &change.state.store;
    let subjects = || vec![Subject::codes(&change.caller.account.name)];
    if let Some(until) = store.sign_in_tried(subjects(), time::now_us()).await? {
        return Err(Problem {
            retry_after: Some(time::seconds_until(until)),
            ..Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "throttled",
                wording!("too many codes that no device has made"),
            )
        }
        .remedy(wording!("try again in {}", time::wait(until))));
    }
    let speakers = store.speakers(site_key, &heard.short_id).await?;
    let is_known = !speakers.is_empty();
    let has_key = speakers.iter().any(|speaker| speaker.key.is_some());
    let made = |speaker: &Speaker| {
        let key = speaker.key.as_ref();
        key.is_some_and(|key| heard.is_of(speaker.id.as_str(), &key.0))
    };
    if let Some(speaker) = speakers.into_iter().find(made) {
        store.sign_in_was_right(subjects(), false).await?;
        return Ok(speaker);
    }
    let begins = &heard.short_id;
    Err(match (is_known, has_key) {
        (false, _) => wrong(
            "code-of-no-device",
            wording!(
                "no device of the ticket's site has an id that begins with {}",
                begins
            ),
        )
        .remedy(wording!(
            "use a ticket of the device's own site, or let the code be read again"
        )),
        (true, false) => wrong(
            "code-without-key",
            wording!("the device {}… has no key for codes yet", begins),
        )
        .remedy(wording!("it gets one when its certificate is renewed")),
        (true, true) => wrong(
            "code-not-authentic",
            wording!("the device {}… has not made this code", begins),
        )
        .remedy(wording!(
            "let it be read again: more than one character is wrong, or somebody made it up"
        )),
    })
}

fn wrong(kind: &'static str, detail: Wording) -> Problem {
    Problem {
        field: Some("code".into()),
        ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, kind, detail)
    }
}

/// A code in plain words. `check`: the one that the device calls by a number.
fn words<'c>(hostname: &str, said: &Said, check: impl Fn(u8) -> Option<&'c str>) -> String {
    let named = |number| match check(number) {
        Some(check) => check.to_owned(),
        None => format!("check number {number}, of which this collector was not told yet"),
    };
    let alone = match said.age.at_least() {
        None => "it does not know since when it has been without its collector".to_owned(),
        Some(age) => format!("it has been without its collector for {}", about(age)),
    };
    let rung = match said.rung {
        None => "It sees nothing wrong with its network.".to_owned(),
        Some(number) => format!(
            "The first broken rung of its network: {} ({}).",
            named(number),
            said.reason.words()
        ),
    };
    let one = |bad: &Bad| {
        let status = if bad.critical { "critical" } else { "warning" };
        format!("{} ({status})", named(bad.number))
    };
    let also = match &said.findings[..] {
        [] => String::new(),
        bad => {
            let each: Vec<String> = bad.iter().map(one).collect();
            format!(" Also wrong: {}.", each.join(", "))
        }
    };
    format!("Code of {hostname} read aloud: {alone}. {rung}{also}")
}

/// "less than a minute", "about 7 min", "about 3 h", "about 12 days"
fn about(age: Duration) -> String {
    match age.as_secs() / 60 {
        0 => "less than a minute".into(),
        minutes @ ..120 => format!("about {minutes} min"),
        minutes @ ..2880 => format!("about {} h", minutes / 60),
        minutes => format!("about {} days", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use sonde_proto::code::{Age, Reason};

    use super::*;

    #[track_caller]
    fn check(said: Said, expected: &str) {
        let known = |number| match number {
            1 => Some("disk.space"),
            36 => Some("net.gateway"),
            _ => None,
        };
        assert_eq!(words("lab-7", &said, known), expected);
    }

    #[test]
    fn a_code_is_said_in_plain_words() {
        let hours = |n: u64| Age::of(Some(Duration::from_secs(n * 3600)));
        check(
            Said {
                age: hours(2),
                rung: Some(36),
                reason: Reason::Silent,
                findings: vec![
                    Bad {
                        number: 1,
                        critical: true,
                    },
                    Bad {
                        number: 255,
                        critical: false,
                    },
                ],
            },
            "Code of lab-7 read aloud: it has been without its collector for about 2 h. \
             The first broken rung of its network: net.gateway (nobody answers). \
             Also wrong: disk.space (critical), check number 255, of which this collector was not told yet (warning).",
        );
        check(
            Said {
                age: Age::of(None),
                rung: None,
                reason: Reason::Untold,
                findings: vec![],
            },
            "Code of lab-7 read aloud: it does not know since when it has been without its collector. \
             It sees nothing wrong with its network.",
        );
    }

    #[test]
    fn an_age_is_told_as_coarsely_as_it_is_known() {
        let told = |minutes: u64| about(Duration::from_secs(minutes * 60));
        assert_eq!(
            [0, 7, 119, 120, 2879, 2880].map(told),
            [
                "less than a minute",
                "about 7 min",
                "about 119 min",
                "about 2 h",
                "about 47 h",
                "about 2 days"
            ]
        );
    }
}
