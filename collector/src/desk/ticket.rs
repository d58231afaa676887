//! A ticket follows from its events, one after the other; what an event may not do is refused.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::sla::Measure;
use super::state::{Confirmation, Priority, State, Tier, WaitingFor};

/// Longest title, characters.
pub const TITLE_LENGTH: usize = 200;
/// Longest note and message, characters.
pub const NOTE_LENGTH: usize = 20_000;
/// Longest reason for handing a ticket on, characters.
pub const REASON_LENGTH: usize = 2_000;
/// Devices that a ticket can be about.
pub const MOST_DEVICES: usize = 200;

/// A ticket as its events have made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub title: String,
    pub site: String,
    pub state: State,
    /// Since when it is in this state, microseconds since 1970 UTC.
    pub state_since: i64,
    pub waiting_for: Option<WaitingFor>,
    pub priority: Priority,
    pub tier: Tier,
    pub requester: Option<String>,
    pub assignee: Option<String>,
    /// Ids, in the order in which they were added.
    pub devices: Vec<String>,
    /// The ticket of the incident that it is part of.
    pub incident: Option<i64>,
    /// The check whose incident it is.
    pub incident_check: Option<String>,
    pub opened_by: String,
    /// Microseconds since 1970 UTC.
    pub opened_at: i64,
    pub changed_at: i64,
    /// Number of the last event.
    pub version: i64,
}

/// One of the two who write to each other on a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Requester,
    Technician,
}

/// Something that happened to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    Opened {
        title: String,
        site: String,
        priority: Priority,
        requester: Option<String>,
    },
    /// Between technicians.
    Noted {
        text: String,
    },
    /// Between technician and requester, by whatever way it came.
    Messaged {
        side: Side,
        text: String,
    },
    Assigned {
        to: Option<String>,
    },
    StateChanged {
        to: State,
        waiting_for: Option<WaitingFor>,
        reason: Option<String>,
        /// With a resolution: who says that it is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confirmation: Option<Confirmation>,
    },
    PriorityChanged {
        to: Priority,
    },
    /// Handed on to those who know more, or sent back.
    TierChanged {
        to: Tier,
        reason: String,
    },
    DeviceAdded {
        device: String,
    },
    DeviceRemoved {
        device: String,
    },
    /// A device was asked for something.
    WorkAsked {
        job: String,
        device: String,
        title: String,
    },
    WorkEnded {
        job: String,
        device: String,
        title: String,
        state: String,
    },
    /// Many devices have the same trouble, and this ticket is about all of them.
    IncidentDeclared {
        check: String,
    },
    /// It is part of an incident that has a ticket of its own.
    JoinedIncident {
        incident: i64,
    },
    SnapshotTaken {
        snapshot: String,
        device: String,
        partial: bool,
    },
    /// So much of a promised time is gone; at 100 all of it.
    ClockWarned {
        measure: Measure,
        tier: Option<Tier>,
        percent: u8,
    },
}

/// Why an event cannot happen: the field that is wrong, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}{}", behind(.remedy.as_deref()))]
pub struct Refusal {
    pub field: &'static str,
    pub reason: String,
    pub remedy: Option<String>,
}

/// A remedy as it stands behind a reason.
pub(crate) fn behind(remedy: Option<&str>) -> String {
    remedy.map_or_else(String::new, |remedy| format!(": {remedy}"))
}

impl Refusal {
    pub(crate) fn new(field: &'static str, reason: impl Into<String>) -> Self {
        Self {
            field,
            reason: reason.into(),
            remedy: None,
        }
    }

    pub(crate) fn remedy(self, text: impl Into<String>) -> Self {
        Self {
            remedy: Some(text.into()),
            ..self
        }
    }
}

impl Event {
    /// As it is stored and shown.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Noted { .. } => "noted",
            Self::Messaged { .. } => "messaged",
            Self::Assigned { .. } => "assigned",
            Self::StateChanged { .. } => "state_changed",
            Self::PriorityChanged { .. } => "priority_changed",
            Self::TierChanged { .. } => "tier_changed",
            Self::DeviceAdded { .. } => "device_added",
            Self::DeviceRemoved { .. } => "device_removed",
            Self::WorkAsked { .. } => "work_asked",
            Self::WorkEnded { .. } => "work_ended",
            Self::IncidentDeclared { .. } => "incident_declared",
            Self::JoinedIncident { .. } => "joined_incident",
            Self::SnapshotTaken { .. } => "snapshot_taken",
            Self::ClockWarned { .. } => "clock_warned",
        }
    }

    /// Whether a clock can count otherwise after it.
    pub fn moves_clocks(&self) -> bool {
        match self {
            Self::Opened { .. }
            | Self::Messaged { .. }
            | Self::StateChanged { .. }
            | Self::PriorityChanged { .. }
            | Self::TierChanged { .. }
            | Self::ClockWarned { .. } => true,
            Self::Noted { .. }
            | Self::Assigned { .. }
            | Self::DeviceAdded { .. }
            | Self::DeviceRemoved { .. }
            | Self::WorkAsked { .. }
            | Self::WorkEnded { .. }
            | Self::IncidentDeclared { .. }
            | Self::JoinedIncident { .. }
            | Self::SnapshotTaken { .. } => false,
        }
    }

    /// What only records what a device or the collector did; it may come late, and nobody can refuse it.
    fn is_record(&self) -> bool {
        matches!(
            self,
            Self::WorkEnded { .. } | Self::SnapshotTaken { .. } | Self::ClockWarned { .. }
        )
    }
}

/// The ticket after one more event.
///
/// # Errors
/// A [`Refusal`] that names what is allowed instead.
pub fn after(
    ticket: Option<&Ticket>,
    event: &Event,
    actor: &str,
    at: i64,
) -> Result<Ticket, Refusal> {
    let mut next = match (ticket, event) {
        (None, Event::Opened { .. }) => opened(event, actor, at)?,
        (None, _) => return refused("ticket", "its first event opens it"),
        (Some(_), Event::Opened { .. }) => return refused("ticket", "it is open already"),
        (Some(ticket), _) => ticket.clone(),
    };
    if next.state == State::Closed && !event.is_record() {
        return refused("ticket", "it is closed, and no change is allowed any more")
            .map_err(|refusal: Refusal| refusal.remedy("open a new ticket"));
    }
    let before = next.state;
    change(&mut next, event)?;
    if next.state != before {
        next.state_since = at;
    }
    next.version += 1;
    next.changed_at = at;
    Ok(next)
}

fn opened(event: &Event, actor: &str, at: i64) -> Result<Ticket, Refusal> {
    let Event::Opened {
        title,
        site,
        priority,
        requester,
    } = event
    else {
        return refused("ticket", "its first event opens it");
    };
    within("title", title, TITLE_LENGTH)?;
    Ok(Ticket {
        title: title.clone(),
        site: site.clone(),
        state: State::New,
        state_since: at,
        waiting_for: None,
        priority: *priority,
        tier: Tier::First,
        requester: requester.clone(),
        assignee: None,
        devices: Vec::new(),
        incident: None,
        incident_check: None,
        opened_by: actor.to_owned(),
        opened_at: at,
        changed_at: at,
        version: 0,
    })
}

fn change(ticket: &mut Ticket, event: &Event) -> Result<(), Refusal> {
    match event {
        Event::Opened { .. } => {}
        Event::Noted { text } => within("text", text, NOTE_LENGTH)?,
        Event::Messaged { text, .. } => {
            within("text", text, NOTE_LENGTH)?;
            if ticket.requester.is_none() {
                return refused("requester", "nobody has asked for this ticket")
                    .map_err(|refusal: Refusal| refusal.remedy("write a note instead"));
            }
        }
        Event::Assigned { to } => ticket.assignee.clone_from(to),
        Event::StateChanged {
            to,
            waiting_for,
            confirmation,
            ..
        } => {
            if confirmation.is_some() && *to != State::Resolved {
                return refused("confirmation", "only a resolution is confirmed");
            }
            change_state(ticket, *to, *waiting_for)?;
        }
        Event::PriorityChanged { to } => ticket.priority = *to,
        Event::TierChanged { to, reason } => {
            within("reason", reason, REASON_LENGTH)?;
            if ticket.tier == *to {
                return refused("tier", "it is there already");
            }
            if ticket.state == State::Resolved {
                return refused("tier", "the ticket is resolved")
                    .map_err(|refusal: Refusal| refusal.remedy("open it again first"));
            }
            ticket.tier = *to;
            // Who takes it there is not known yet.
            ticket.assignee = None;
        }
        Event::DeviceAdded { device } => {
            if ticket.devices.contains(device) {
                return refused("device", "it is on the ticket already");
            }
            if ticket.devices.len() >= MOST_DEVICES {
                return refused("device", format!("a ticket takes {MOST_DEVICES} at most"));
            }
            ticket.devices.push(device.clone());
        }
        Event::DeviceRemoved { device } => {
            let n_before = ticket.devices.len();
            ticket.devices.retain(|known| known != device);
            if ticket.devices.len() == n_before {
                return refused("device", "it is not on the ticket");
            }
        }
        Event::WorkAsked { device, .. } => {
            // Whoever asks a device for something has made it part of the case.
            if !ticket.devices.contains(device) {
                ticket.devices.push(device.clone());
            }
        }
        Event::IncidentDeclared { check } => {
            if ticket.incident.is_some() {
                return refused("incident", "it is part of another incident");
            }
            ticket.incident_check = Some(check.clone());
        }
        Event::JoinedIncident { incident } => {
            if ticket.incident_check.is_some() {
                return refused("incident", "it is an incident itself");
            }
            ticket.incident = Some(*incident);
        }
        Event::WorkEnded { .. } | Event::SnapshotTaken { .. } | Event::ClockWarned { .. } => {}
    }
    Ok(())
}

fn change_state(
    ticket: &mut Ticket,
    to: State,
    waiting_for: Option<WaitingFor>,
) -> Result<(), Refusal> {
    let allowed = ticket.state.next();
    if !allowed.contains(&to) {
        let names: Vec<&str> = allowed.iter().map(|state| state.as_str()).collect();
        return refused(
            "state",
            format!(
                "a ticket that is {} cannot become {}; it can become {}",
                ticket.state.as_str(),
                to.as_str(),
                names.join(", ")
            ),
        );
    }
    match (to, waiting_for) {
        (State::Waiting, None) => {
            let names: Vec<&str> = WaitingFor::ALL.iter().map(|what| what.as_str()).collect();
            return refused("waiting_for", "it is missing").map_err(|refusal: Refusal| {
                refusal.remedy(format!("say for what: {}", names.join(", ")))
            });
        }
        (State::New | State::Open | State::Proposed | State::Resolved | State::Closed, Some(_)) => {
            return refused("waiting_for", "only a waiting ticket waits for something");
        }
        _ => {}
    }
    ticket.state = to;
    ticket.waiting_for = waiting_for;
    Ok(())
}

fn within(field: &'static str, text: &str, most: usize) -> Result<(), Refusal> {
    match text.chars().count() {
        _ if text.trim().is_empty() => refused(field, "it is empty"),
        length if length > most => refused(field, format!("{length} characters; {most} at most")),
        _ => Ok(()),
    }
}

pub(super) fn refused<T>(field: &'static str, reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(field, reason))
}
