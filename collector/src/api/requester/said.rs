//! What is written to whoever has asked: messages, and what is said to have solved it.

use sonde_proto::text::clean;

use super::super::{AppState, Problem};
use crate::desk::{Event, Side, State};
use crate::store::COLLECTOR;
use crate::store::tickets::{Happened, NumberedTicket};

/// Text of messages on a page, bytes: the whole of it stays under 60 KB whatever was written.
const MESSAGE_BYTES: usize = 20_000;
/// Of one message.
const ONE_MESSAGE_BYTES: usize = 6_000;

pub(super) struct Message {
    pub(super) is_own: bool,
    pub(super) at: i64,
    pub(super) text: String,
}

/// The newest messages that there is room for, and how many there are before them.
///
/// # Errors
/// Those of the store.
pub(super) async fn messages(
    state: &AppState,
    number: i64,
) -> Result<(Vec<Message>, usize), Problem> {
    let mut all = Vec::new();
    let (mut room, mut n_earlier) = (MESSAGE_BYTES, 0);
    for event in state.store.messages(number).await? {
        let Happened::Known(Event::Messaged { side, text, .. }) = event.event else {
            continue;
        };
        let text = clean(&text, ONE_MESSAGE_BYTES, true).into_owned();
        match room.checked_sub(text.len()) {
            Some(left) if n_earlier == 0 => {
                room = left;
                all.push(Message {
                    is_own: side == Side::Requester,
                    at: event.at,
                    text,
                });
            }
            _ => n_earlier += 1,
        }
    }
    all.reverse();
    Ok((all, n_earlier))
}

/// What whoever proposed the ticket as solved wrote with it.
///
/// # Errors
/// Those of the store.
pub(super) async fn proposal(
    state: &AppState,
    ticket: &NumberedTicket,
) -> Result<Option<String>, Problem> {
    if ticket.ticket.state != State::Proposed {
        return Ok(None);
    }
    let last = state.store.last_state_change(ticket.number).await?;
    // What the collector gives as its reason is for technicians.
    let last = last.filter(|event| event.actor != COLLECTOR);
    Ok(last.and_then(|last| match last.event {
        Happened::Known(Event::StateChanged { reason, .. }) => {
            reason.map(|reason| clean(&reason, ONE_MESSAGE_BYTES, true).into_owned())
        }
        Happened::Known(_) | Happened::Unknown { .. } => None,
    }))
}
