//! What the device's users ask: their own tickets, and no others.

use sonde_proto::caps::{HELP_BYTES, HELP_MESSAGES, HELP_TICKETS, LOGIN_BYTES};
use sonde_proto::help::Reason;
use sonde_proto::v1::{self, AskHelp, Help, ask_help::Want, to_agent};
use tokio::time::{Duration, Instant};
use tonic::Status;

use super::settle::REPORTED;
use super::{Session, body};
use crate::account::hash_secret;
use crate::api::HELP_PLACE;
use crate::bus::Live;
use crate::clock::now_us;
use crate::desk::{Side, WaitingFor};
use crate::store::help_links::NewHelpLink;
use crate::store::tickets::{HelpMessage, HelpTicket, Taken};
use crate::store::{COLLECTOR, Id, StoreError};
use crate::wording::wording;

/// Questions of a device's users at once,
const AT_ONCE: u32 = 40;
/// and one more after each of these.
const EVERY: Duration = Duration::from_millis(500);
/// One text of a message; the rest is on the requester's page.
const TEXT_BYTES: usize = 16 << 10;

/// How much a device's users have asked, and whether they can be.
#[derive(Debug)]
pub(super) struct Asking {
    since: Instant,
    /// When all that was asked would be paid for.
    paid: Instant,
    /// The device can ask them for their consent.
    pub(super) asks_consent: bool,
}

impl Asking {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            since: now,
            paid: now,
            asks_consent: false,
        }
    }

    /// One more question. False: there were too many.
    fn ask(&mut self, now: Instant) -> bool {
        let paid = self.paid.max(now);
        let is_too_often = paid - now > EVERY * (AT_ONCE - 1);
        if !is_too_often {
            self.paid = paid + EVERY;
        }
        !is_too_often
    }
}

impl Session {
    /// Answers what one of the device's users asks. The device says who asks: what it says of its users is believed, and
    /// they see what was asked for on it.
    pub(super) async fn help(&mut self, ask: AskHelp) -> Result<(), Status> {
        let nonce = ask.nonce;
        let reason = |reason: Reason| Help {
            reason: reason.as_str().to_owned(),
            ..Help::default()
        };
        let help = match self.asking.ask(Instant::now()) {
            false => reason(Reason::TooOften),
            true => self.helped(ask).await.unwrap_or_else(|error| {
                tracing::warn!(device.id = %self.device_id, %error, "a user's tickets cannot be read");
                reason(Reason::NotNow)
            }),
        };
        self.say(body(to_agent::Body::Help(Help { nonce, ..help })))
            .await
    }

    async fn helped(&self, ask: AskHelp) -> Result<Help, StoreError> {
        let (store, key) = (&self.link.store, self.device_key);
        let login = sonde_proto::text::clean(&ask.login, LOGIN_BYTES, false);
        let none = |reason: Reason| Help {
            reason: reason.as_str().to_owned(),
            ..Help::default()
        };
        Ok(match ask.want {
            Some(Want::Tickets(want)) => {
                let before = i64::try_from(want.before).ok().filter(|before| *before > 0);
                let most = HELP_TICKETS as u32 + 1;
                let mut tickets = store.help_tickets(key, &login, before, most).await?;
                let more = tickets.len() > HELP_TICKETS;
                tickets.truncate(HELP_TICKETS);
                Help {
                    tickets: tickets.into_iter().map(ticket).collect(),
                    more,
                    ..Help::default()
                }
            }
            Some(Want::Ticket(want)) => {
                let number = i64::try_from(want.number).unwrap_or(i64::MAX);
                let most = HELP_MESSAGES as u32;
                let found = store.help_ticket(key, &login, number, most).await?;
                match found {
                    None => none(Reason::NoTicket),
                    Some(found) => {
                        let (messages, is_cut) = fitting(found.messages);
                        Help {
                            tickets: vec![ticket(found.ticket)],
                            messages,
                            earlier: found.earlier || is_cut,
                            ..Help::default()
                        }
                    }
                }
            }
            Some(Want::Said(want)) => {
                let said = Id::from_slice(&want.said_id).map_err(|_| {
                    StoreError::refused("said_id", wording!("it is not 16 bytes long"))
                })?;
                match store.help_said(key, &login, said).await? {
                    None => none(Reason::NotTaken),
                    Some(fate) => Help {
                        said: Some(v1::TakenSaid {
                            ticket: fate.ticket.map_or(0, |number| number as u64),
                            reason: fate.reason.unwrap_or_default(),
                        }),
                        ..Help::default()
                    },
                }
            }
            Some(Want::Link(_)) => match self.page_link(&login).await? {
                Ok(link) => Help {
                    link,
                    ..Help::default()
                },
                Err(reason) => none(reason),
            },
            // From a newer agent.
            None => none(Reason::NotNow),
        })
    }

    /// A link to the requester's page, for this user of this device, that works once.
    async fn page_link(&self, login: &str) -> Result<Result<String, Reason>, StoreError> {
        let Some(base) = &self.link.settings.public_url else {
            return Ok(Err(Reason::NoPage));
        };
        let secret = Id::random().to_string();
        let link = NewHelpLink {
            secret_hash: hash_secret(&secret),
            device_key: self.device_key,
            login: login.to_owned(),
            at: now_us(),
        };
        self.link.store.make_help_link(link).await?;
        Ok(Ok(format!("{base}{HELP_PLACE}/{secret}")))
    }

    /// Tells whoever looks at the ticket, and freezes what is known of the device of a new one. Of a device that has just
    /// come back it is completed when that has told all it has to tell.
    pub(super) fn said_was_taken(&self, taken: Taken) {
        self.link.bus.tell(Live::Ticket {
            number: taken.number,
            version: taken.version,
        });
        if !taken.is_new {
            return;
        }
        let (link, device_key) = (self.link.clone(), self.device_key);
        let is_partial = self.asking.since.elapsed() < REPORTED;
        tokio::spawn(async move {
            let store = &link.store;
            let at = now_us();
            let snapshot = store.take_snapshot(taken.number, device_key, is_partial, COLLECTOR, at);
            match snapshot.await {
                Ok(snapshot) => link.bus.tell(Live::of_snapshot(&snapshot)),
                // It is owed, and taken later.
                Err(error) => tracing::warn!(%error, "a snapshot is not taken yet"),
            }
        });
    }
}

fn ticket(of: HelpTicket) -> v1::AskedTicket {
    v1::AskedTicket {
        number: of.number as u64,
        title: of.title,
        state: of.state.as_str().to_owned(),
        waiting_for: of
            .waiting_for
            .map_or_else(String::new, |what| WaitingFor::as_str(what).to_owned()),
        asked_us: of.asked_at,
        opened_us: of.opened_at,
        changed_us: of.changed_at,
        n_answers: of.n_answers,
        follows: of.follows.map_or(0, |number| number as u64),
    }
}

/// The newest messages for which one answer has room, the oldest first; true: older ones have none.
fn fitting(messages: Vec<HelpMessage>) -> (Vec<v1::HelpMessage>, bool) {
    let n_all = messages.len();
    let mut room = HELP_BYTES;
    let mut fitting = Vec::with_capacity(n_all);
    for message in messages.into_iter().rev() {
        let text = sonde_proto::text::clean(&message.text, TEXT_BYTES, true).into_owned();
        if text.len() > room {
            break;
        }
        room -= text.len();
        fitting.push(v1::HelpMessage {
            by_requester: message.side == Side::Requester,
            at_us: message.at,
            author: message.author,
            cut: text.len() < message.text.len(),
            text,
        });
    }
    fitting.reverse();
    let is_cut = fitting.len() < n_all;
    (fitting, is_cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_fits_into_a_message_whatever_was_written() {
        use prost::Message as _;
        let written = |n_bytes: usize| HelpMessage {
            side: Side::Technician,
            at: 1,
            author: "a".repeat(64),
            text: "x".repeat(n_bytes),
        };
        let shown = |messages| {
            let (messages, is_cut) = fitting(messages);
            let help = Help {
                messages: messages.clone(),
                ..Help::default()
            };
            assert!(help.encoded_len() < sonde_proto::caps::MESSAGE_BYTES);
            let lengths: Vec<usize> = messages.iter().map(|one| one.text.len()).collect();
            (lengths, is_cut, messages.iter().any(|one| one.cut))
        };
        assert_eq!(
            shown(vec![written(5), written(6)]),
            (vec![5, 6], false, false)
        );
        let long = vec![
            written(1),
            written(20_000),
            written(20_000),
            written(20_000),
        ];
        assert_eq!(shown(long), (vec![TEXT_BYTES; 3], true, true));
        assert!(!shown(vec![written(900); HELP_MESSAGES]).1);
    }

    #[test]
    fn a_device_whose_users_ask_too_often_is_told_so() {
        let now = Instant::now();
        let mut asking = Asking::new(now);
        for _ in 0..AT_ONCE {
            assert!(asking.ask(now));
        }
        assert!(!asking.ask(now));
        assert!(asking.ask(now + EVERY));
        assert!(!asking.ask(now + EVERY));
    }
}
