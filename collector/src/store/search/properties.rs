//! What tickets are narrowed by, beside their words.

use super::super::tickets::NumberedTicket;
use crate::desk::{Priority, Tier, WaitingFor};

/// What tickets are narrowed by, as words that nobody can type.
pub(super) fn properties(ticket: &NumberedTicket) -> Vec<String> {
    let own = &ticket.ticket;
    let mut all = vec![of_site(ticket.site_key), of_state(own.state.as_str())];
    all.push(of_assignee(own.assignee.as_deref()));
    all.push(of_tier(own.tier));
    all.push(of_priority(own.priority));
    all.extend(own.waiting_for.map(of_waiting_for));
    all.extend(own.devices.iter().map(|device| of_device(device)));
    all.extend(own.assets.iter().map(|asset| of_asset(asset)));
    all.extend(own.marks.tags.iter().map(|tag| of_tag(tag)));
    all.extend(own.marks.watchers.iter().map(|name| of_watcher(name)));
    all
}

pub(super) fn of_site(site_key: i64) -> String {
    format!("=site {site_key}")
}

pub(super) fn of_state(state: &str) -> String {
    format!("=state {state}")
}

/// None: nobody has it.
pub(super) fn of_assignee(name: Option<&str>) -> String {
    format!("=assignee {}", name.unwrap_or_default())
}

pub(super) fn of_tier(tier: Tier) -> String {
    format!("=tier {}", tier.as_str())
}

pub(super) fn of_priority(priority: Priority) -> String {
    format!("=priority {}", priority.as_str())
}

pub(super) fn of_waiting_for(what: WaitingFor) -> String {
    format!("=waiting {}", what.as_str())
}

pub(super) fn of_tag(tag: &str) -> String {
    format!("=tag {tag}")
}

pub(super) fn of_watcher(name: &str) -> String {
    format!("=watcher {name}")
}

pub(super) fn of_device(id: &str) -> String {
    format!("=device {id}")
}

pub(super) fn of_asset(id: &str) -> String {
    format!("=asset {id}")
}
