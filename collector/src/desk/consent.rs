//! The user's consent to one purpose: asked for, answered, used, taken back. Pure; the ticket's events make it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::event::Event;
use super::ticket::{Refusal, refused};
use crate::wording::wording;

/// How long a question waits for its answer unless the technician says otherwise, microseconds: an hour.
pub const ASKED_US: i64 = 3_600_000_000;
/// The longest it may wait: a week.
pub const LONGEST_ASKED_US: i64 = 7 * 86_400_000_000;
/// What was allowed once is done within this, microseconds: a day.
pub const ONCE_US: i64 = 86_400_000_000;
/// Questions of a ticket that wait for their answers.
pub const MOST_OPEN: usize = 10;

/// What is to be done, exactly: consent to one thing is none to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// Id of the device.
    pub device: String,
    pub action: String,
    /// By name, as the API shows them.
    pub parameters: Map<String, Value>,
}

/// What the user says to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Once,
    /// As often as it is needed, until the ticket is resolved.
    Ticket,
    No,
}

/// By which way the answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The requester's page.
    Page,
    /// A notification on the device's desktop.
    Notification,
}

/// A question and what has become of it. Times are microseconds since 1970 UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Consent {
    pub purpose: Purpose,
    /// Id of the job that planned it, and whose steps the user sees.
    pub plan: Option<String>,
    pub asked_by: String,
    pub asked_at: i64,
    /// Until when it can be answered.
    pub expires_at: i64,
    pub answer: Option<(Answer, Way)>,
    pub answered_at: Option<i64>,
    /// How often it was done.
    pub n_uses: i64,
    pub withdrawn_at: Option<i64>,
}

/// Where a consent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Not answered yet.
    Asked,
    /// What was asked for may be done.
    Given,
    Refused,
    /// Nobody answered in time, or what was allowed once was not done in time.
    Expired,
    /// What was allowed once was done.
    Used,
    Withdrawn,
}

impl Answer {
    pub const ALL: [Self; 3] = [Self::Once, Self::Ticket, Self::No];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Ticket => "ticket",
            Self::No => "no",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

impl Way {
    pub const ALL: [Self; 2] = [Self::Page, Self::Notification];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Notification => "notification",
        }
    }
}

impl Standing {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Given => "given",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Used => "used",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Consent {
    /// How it stands at a moment.
    pub fn standing(&self, at: i64) -> Standing {
        if self.withdrawn_at.is_some() {
            return Standing::Withdrawn;
        }
        match self.answer {
            None if at >= self.expires_at => Standing::Expired,
            None => Standing::Asked,
            Some((Answer::No, _)) => Standing::Refused,
            Some((Answer::Ticket, _)) => Standing::Given,
            Some((Answer::Once, _)) if self.n_uses > 0 => Standing::Used,
            Some((Answer::Once, _)) => {
                let given_at = self.answered_at.unwrap_or(self.asked_at);
                match at >= given_at.saturating_add(ONCE_US) {
                    true => Standing::Expired,
                    false => Standing::Given,
                }
            }
        }
    }
}

/// A consent after one more event of its ticket that names it.
///
/// # Errors
/// A [`Refusal`]: it was answered already, is over, or is no consent to what is to be done.
pub fn after(
    consent: Option<&Consent>,
    event: &Event,
    actor: &str,
    at: i64,
) -> Result<Consent, Refusal> {
    if let Event::ConsentAsked {
        purpose,
        plan,
        expires_at,
        ..
    } = event
    {
        if consent.is_some() {
            return refused("consent", wording!("it was asked for already"));
        }
        if *expires_at <= at || *expires_at > at.saturating_add(LONGEST_ASKED_US) {
            return refused("expires_in_seconds", wording!("from one second to a week"));
        }
        return Ok(Consent {
            purpose: purpose.clone(),
            plan: plan.clone(),
            asked_by: actor.to_owned(),
            asked_at: at,
            expires_at: *expires_at,
            answer: None,
            answered_at: None,
            n_uses: 0,
            withdrawn_at: None,
        });
    }
    let Some(consent) = consent else {
        return refused(
            "consent",
            wording!("nobody has asked for it on this ticket"),
        );
    };
    let mut next = consent.clone();
    let standing = consent.standing(at);
    match (event, standing) {
        (Event::ConsentAnswered { answer, way, .. }, Standing::Asked) => {
            next.answer = Some((*answer, *way));
            next.answered_at = Some(at);
        }
        // It can be answered by another way.
        (Event::ConsentUnanswered { .. }, Standing::Asked) => {}
        (Event::ConsentWithdrawn { .. }, Standing::Given | Standing::Asked) => {
            next.withdrawn_at = Some(at);
        }
        (Event::WorkAsked { device, .. }, Standing::Given) if *device == next.purpose.device => {
            next.n_uses += 1;
        }
        (Event::WorkAsked { .. }, Standing::Given) => {
            return refused("consent", wording!("it was given for another device"));
        }
        _ => return refused("consent", wording!("it is {}", standing.as_str())),
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purpose(device: &str) -> Purpose {
        Purpose {
            device: device.into(),
            action: "process.terminate".into(),
            parameters: Map::new(),
        }
    }

    fn asked() -> Event {
        Event::ConsentAsked {
            consent: "c".into(),
            purpose: purpose("d"),
            plan: None,
            expires_at: 100,
        }
    }

    fn answered(answer: Answer) -> Event {
        Event::ConsentAnswered {
            consent: "c".into(),
            answer,
            way: Way::Page,
        }
    }

    fn used(device: &str) -> Event {
        Event::WorkAsked {
            job: "j".into(),
            device: device.into(),
            title: "process.terminate apply".into(),
            consent: Some("c".into()),
        }
    }

    fn withdrawn() -> Event {
        Event::ConsentWithdrawn {
            consent: "c".into(),
        }
    }

    /// Events, each a microsecond after the one before, and how the consent stands at `at`, or why one was refused.
    #[track_caller]
    fn check(events: &[Event], at: i64, expected: &str) {
        let mut consent = None;
        for (event, at) in events.iter().zip(0..) {
            match after(consent.as_ref(), event, "ann", at) {
                Ok(next) => consent = Some(next),
                Err(refusal) => return assert_eq!(refusal.to_string(), expected),
            }
        }
        assert_eq!(consent.unwrap().standing(at).as_str(), expected);
    }

    #[test]
    fn a_question_is_answered_once_and_in_time() {
        check(&[asked()], 99, "asked");
        check(&[asked()], 100, "expired");
        check(&[asked(), answered(Answer::No)], 1_000, "refused");
        check(
            &[asked(), answered(Answer::No), answered(Answer::Once)],
            0,
            "consent: it is refused",
        );
        check(
            &[answered(Answer::Once)],
            0,
            "consent: nobody has asked for it on this ticket",
        );
    }

    #[test]
    fn once_is_once_and_not_for_ever() {
        let once = [asked(), answered(Answer::Once)];
        check(&once, ONCE_US, "given");
        check(&once, ONCE_US + 1, "expired");
        let [asked, given] = once;
        let done = [asked.clone(), given.clone(), used("d")];
        check(&done, 3, "used");
        let twice = [asked, given, used("d"), used("d")];
        check(&twice, 3, "consent: it is used");
    }

    #[test]
    fn for_the_ticket_is_until_it_is_taken_back() {
        let mut events = vec![asked(), answered(Answer::Ticket), used("d"), used("d")];
        check(&events, i64::MAX, "given");
        events.push(withdrawn());
        check(&events, 9, "withdrawn");
        events.push(used("d"));
        check(&events, 9, "consent: it is withdrawn");
    }

    #[test]
    fn what_was_not_allowed_is_not_done() {
        check(&[asked(), used("d")], 9, "consent: it is asked");
        check(
            &[asked(), answered(Answer::No), used("d")],
            9,
            "consent: it is refused",
        );
        check(
            &[asked(), answered(Answer::Ticket), used("other")],
            9,
            "consent: it was given for another device",
        );
    }
}
