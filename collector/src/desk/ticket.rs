//! A ticket follows from its events, one after the other; what an event may not do is refused.

#[cfg(test)]
mod tests;

use super::event::{Asked, Event, Listed, Side};
use super::mark::Marks;
use super::matrix::Weight;
use super::state::{Priority, State, Tier, WaitingFor};
use crate::wording::{Wording, wording};

/// Longest title, characters.
pub const TITLE_LENGTH: usize = 200;
/// Longest note and message, characters.
pub const NOTE_LENGTH: usize = 20_000;
/// Longest reason for handing a ticket on, characters.
pub const REASON_LENGTH: usize = 2_000;
/// What was wrong is checked again so long after a resolution, microseconds: an hour, a day.
pub const RECHECK_AFTER_US: [i64; 2] = [3_600_000_000, 86_400_000_000];
/// Devices that a ticket can be about.
pub const MOST_DEVICES: usize = 200;
/// Things without an agent that a ticket can be about.
pub const MOST_ASSETS: usize = 50;

/// A ticket as its events have made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub title: String,
    pub site: String,
    pub state: State,
    /// Since when it is in this state, microseconds since 1970 UTC.
    pub state_since: i64,
    pub waiting_for: Option<WaitingFor>,
    /// How often it was checked again since it was resolved.
    pub n_rechecks: u8,
    pub priority: Priority,
    /// What the priority follows from; none: it was set.
    pub weight: Option<Weight>,
    pub tier: Tier,
    pub requester: Option<String>,
    /// Who the requester is, if the directory has them.
    pub person: Option<Listed>,
    pub assignee: Option<String>,
    /// Ids, in the order in which they were added.
    pub devices: Vec<String>,
    /// The same of things without an agent.
    pub assets: Vec<String>,
    pub marks: Marks,
    /// The ticket of the incident that it is part of.
    pub incident: Option<i64>,
    /// The check whose incident it is.
    pub incident_check: Option<String>,
    /// Who has asked for it on their own machine, with that as it is enrolled now.
    pub asked: Option<Asked>,
    pub opened_by: String,
    /// Microseconds since 1970 UTC.
    pub opened_at: i64,
    pub changed_at: i64,
    /// Number of the last event.
    pub version: i64,
}

impl Ticket {
    /// When what was wrong is to be looked at again: it was resolved, and not checked so often yet.
    pub fn recheck_at(&self) -> Option<i64> {
        let after = RECHECK_AFTER_US.get(usize::from(self.n_rechecks))?;
        (self.state == State::Resolved).then_some(self.state_since.saturating_add(*after))
    }
}

/// Why an event cannot happen: the field that is wrong, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}{}", behind(.remedy.as_ref()))]
pub struct Refusal {
    pub field: &'static str,
    pub reason: Wording,
    pub remedy: Option<Wording>,
}

/// A remedy as it stands behind a reason.
pub(crate) fn behind(remedy: Option<&Wording>) -> String {
    remedy.map_or_else(String::new, |remedy| format!(": {remedy}"))
}

impl Refusal {
    pub(crate) fn new(field: &'static str, reason: Wording) -> Self {
        Self {
            field,
            reason,
            remedy: None,
        }
    }

    pub(crate) fn remedy(self, text: Wording) -> Self {
        Self {
            remedy: Some(text),
            ..self
        }
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
        (None, _) => return refused("ticket", wording!("its first event opens it")),
        (Some(_), Event::Opened { .. }) => {
            return refused("ticket", wording!("it is open already"));
        }
        (Some(ticket), _) => ticket.clone(),
    };
    if next.state == State::Closed && !event.is_record() {
        return refused(
            "ticket",
            wording!("it is closed, and no change is allowed any more"),
        )
        .map_err(|refusal: Refusal| refusal.remedy(wording!("open a new ticket")));
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
        asked,
        person,
        weight,
    } = event
    else {
        return refused("ticket", wording!("its first event opens it"));
    };
    within("title", title, TITLE_LENGTH)?;
    Ok(Ticket {
        title: title.clone(),
        site: site.clone(),
        state: State::New,
        state_since: at,
        waiting_for: None,
        n_rechecks: 0,
        priority: *priority,
        weight: *weight,
        tier: Tier::First,
        requester: requester.clone(),
        person: person.clone(),
        assignee: None,
        devices: Vec::new(),
        assets: Vec::new(),
        marks: Marks::default(),
        incident: None,
        incident_check: None,
        asked: asked.clone(),
        opened_by: actor.to_owned(),
        opened_at: at,
        changed_at: at,
        version: 0,
    })
}

fn change(ticket: &mut Ticket, event: &Event) -> Result<(), Refusal> {
    match event {
        Event::Opened { .. } => {}
        Event::RequesterChanged { to, person } => {
            if to.trim().is_empty() {
                return refused("requester", wording!("it is empty"));
            }
            if ticket.requester.as_ref() == Some(to) && ticket.person == *person {
                return refused("requester", wording!("it is that one already"));
            }
            ticket.requester = Some(to.clone());
            ticket.person.clone_from(person);
        }
        Event::Noted { text } => within("text", text, NOTE_LENGTH)?,
        Event::Messaged { text, side, .. } => {
            within("text", text, NOTE_LENGTH)?;
            if ticket.requester.is_none() {
                return refused("requester", wording!("nobody has asked for this ticket"))
                    .map_err(|refusal: Refusal| refusal.remedy(wording!("write a note instead")));
            }
            if *side == Side::Technician {
                taken_up(ticket);
            }
        }
        Event::Assigned { to } => {
            ticket.assignee.clone_from(to);
            if to.is_some() {
                taken_up(ticket);
            }
        }
        Event::StateChanged {
            to,
            waiting_for,
            confirmation,
            ..
        } => {
            if confirmation.is_some() && *to != State::Resolved {
                return refused("confirmation", wording!("only a resolution is confirmed"));
            }
            change_state(ticket, *to, *waiting_for)?;
        }
        Event::PriorityChanged { to, weight } => {
            ticket.priority = *to;
            ticket.weight = *weight;
        }
        Event::TierChanged { to, reason } => {
            within("reason", reason, REASON_LENGTH)?;
            if ticket.tier == *to {
                return refused("tier", wording!("it is there already"));
            }
            if ticket.state == State::Resolved {
                return refused("tier", wording!("the ticket is resolved"))
                    .map_err(|refusal: Refusal| refusal.remedy(wording!("open it again first")));
            }
            ticket.tier = *to;
            // Who takes it there is not known yet; who hands it on keeps an eye on it.
            if let Some(account) = ticket.assignee.take() {
                // They watch it already, or too many do.
                ticket.watch(&account).ok();
            }
        }
        Event::DeviceAdded { device } => {
            if ticket.devices.contains(device) {
                return refused("device", wording!("it is on the ticket already"));
            }
            if ticket.devices.len() >= MOST_DEVICES {
                return refused(
                    "device",
                    wording!("a ticket takes {} at most", MOST_DEVICES),
                );
            }
            ticket.devices.push(device.clone());
        }
        Event::DeviceRemoved { device, goes_on_as } => {
            if let (Some(asked), Some(next)) = (&mut ticket.asked, goes_on_as)
                && asked.device == *device
            {
                asked.device.clone_from(next);
            }
            let n_before = ticket.devices.len();
            ticket.devices.retain(|known| known != device);
            if ticket.devices.len() == n_before {
                return refused("device", wording!("it is not on the ticket"));
            }
        }
        Event::Attached { side, .. } => {
            if side.is_some() && ticket.requester.is_none() {
                return refused("side", wording!("nobody has asked for this ticket")).map_err(
                    |refusal: Refusal| refusal.remedy(wording!("leave it between technicians")),
                );
            }
        }
        Event::DeviceAway { device, .. } | Event::RemoteOpened { device, .. } => {
            if !ticket.devices.contains(device) {
                return refused("device", wording!("it is not on the ticket"));
            }
        }
        Event::AssetAdded { asset } => {
            if ticket.assets.contains(asset) {
                return refused("asset", wording!("it is on the ticket already"));
            }
            if ticket.assets.len() >= MOST_ASSETS {
                return refused("asset", wording!("a ticket takes {} at most", MOST_ASSETS));
            }
            ticket.assets.push(asset.clone());
        }
        Event::AssetRemoved { asset } => {
            let n_before = ticket.assets.len();
            ticket.assets.retain(|known| known != asset);
            if ticket.assets.len() == n_before {
                return refused("asset", wording!("it is not on the ticket"));
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
                return refused("incident", wording!("it is part of another incident"));
            }
            ticket.incident_check = Some(check.clone());
        }
        Event::JoinedIncident { incident } => {
            if ticket.incident_check.is_some() {
                return refused("incident", wording!("it is an incident itself"));
            }
            ticket.incident = Some(*incident);
        }
        Event::ConsentAsked { purpose, .. } => {
            if ticket.requester.is_none() {
                return refused("consent", wording!("nobody has asked for this ticket")).map_err(
                    |refusal: Refusal| {
                        refusal.remedy(wording!("record how the user agreed instead"))
                    },
                );
            }
            if ticket.state == State::Resolved {
                return refused("consent", wording!("the ticket is resolved"))
                    .map_err(|refusal: Refusal| refusal.remedy(wording!("open it again first")));
            }
            if !ticket.devices.contains(&purpose.device) {
                return refused("device", wording!("it is not on the ticket"));
            }
        }
        Event::TagAdded { tag } => ticket.tag(tag)?,
        Event::TagRemoved { tag } => ticket.untag(tag)?,
        Event::WatcherAdded { account } => ticket.watch(account)?,
        Event::WatcherRemoved { account } => ticket.unwatch(account)?,
        Event::Linked {
            relation,
            ticket: other,
        } => ticket.link(*relation, *other)?,
        Event::Unlinked {
            relation,
            ticket: other,
        } => ticket.unlink(*relation, *other)?,
        Event::Rechecked {} => ticket.n_rechecks = ticket.n_rechecks.saturating_add(1),
        Event::WorkEnded { .. }
        | Event::SnapshotTaken { .. }
        | Event::ConsentAnswered { .. }
        | Event::ConsentUnanswered { .. }
        | Event::ConsentWithdrawn { .. }
        | Event::ClockWarned { .. } => {}
    }
    Ok(())
}

/// Whoever takes it or answers works on it.
fn taken_up(ticket: &mut Ticket) {
    if ticket.state == State::New {
        ticket.state = State::Open;
    }
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
            wording!(
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
            return refused("waiting_for", wording!("it is missing")).map_err(
                |refusal: Refusal| refusal.remedy(wording!("say for what: {}", names.join(", "))),
            );
        }
        (State::New | State::Open | State::Proposed | State::Resolved | State::Closed, Some(_)) => {
            return refused(
                "waiting_for",
                wording!("only a waiting ticket waits for something"),
            );
        }
        _ => {}
    }
    ticket.state = to;
    ticket.waiting_for = waiting_for;
    ticket.n_rechecks = 0;
    Ok(())
}

fn within(field: &'static str, text: &str, most: usize) -> Result<(), Refusal> {
    match text.chars().count() {
        _ if text.trim().is_empty() => refused(field, wording!("it is empty")),
        length if length > most => {
            refused(field, wording!("{} characters; {} at most", length, most))
        }
        _ => Ok(()),
    }
}

pub(super) fn refused<T>(field: &'static str, reason: Wording) -> Result<T, Refusal> {
    Err(Refusal::new(field, reason))
}
