//! What a user's program reads of their requests.

use serde_json::{Value, json};
use sonde_proto::message::Lang;

use super::words::state;
use crate::help::{Message, Ticket, Waiting};

/// RFC 3339, UTC.
pub(in crate::door) fn time(us: i64) -> String {
    let time = jiff::Timestamp::from_microsecond(us);
    time.map_or_else(|_| String::new(), |time| time.to_string())
}

pub(super) fn ticket(ticket: &Ticket, lang: Lang) -> Value {
    json!({
        "number": ticket.number,
        "title": ticket.title,
        "state": ticket.state,
        "waiting_for": ticket.waiting_for,
        "state_text": state(ticket, lang),
        "asked_at": time(ticket.asked_us),
        "opened_at": time(ticket.opened_us),
        "changed_at": time(ticket.changed_us),
        "n_answers": ticket.n_answers,
        "follows": ticket.follows,
    })
}

pub(super) fn message(message: &Message) -> Value {
    json!({
        "side": if message.by_requester { "requester" } else { "technician" },
        "at": time(message.at_us),
        "author": message.author,
        "text": message.text,
        "cut": message.cut,
    })
}

pub(super) fn waiting(waiting: &Waiting) -> Value {
    json!({
        "said_id": waiting.said_id,
        "at": time(waiting.at_us),
        "text": waiting.text,
        "ticket": waiting.ticket,
        "solved": waiting.solved,
    })
}
