//! What this machine's users ask: kept for the collector, asked of it, or read from the device's own record.

use prost::bytes::Bytes;
use sonde_proto::v1::{self, Report, ask_help::Want, from_agent, report};

use super::consent::Questions;
use super::reports::add_report;
use super::{Driver, DriverError};
use crate::help::limits::{WAITS, WAITS_OF_ONE};
use crate::help::pending::{Pending, Said};
use crate::help::{
    Answer, Asked, Desk, Message, Refusal, Reply, Request, Standing, Ticket, Waiting,
};
use crate::session::BootUs;
use crate::spool::{Kind, Spooled};
use crate::{clock, help, history, identity};

/// Those who ask, and whom the collector has not answered yet.
pub(super) struct Helped {
    desk: Desk,
    pending: Pending<Waits>,
    /// What users are asked.
    pub(super) questions: Questions,
}

/// Somebody who waits for the collector.
#[derive(Debug)]
struct Waits {
    login: String,
    what: What,
    answer: Answer,
}

/// What somebody waits for.
#[derive(Debug)]
enum What {
    /// What became of this that they have said, in hexadecimal.
    Said(String),
    Tickets,
    Ticket,
    Link,
}

impl Waits {
    fn of(login: String, what: What, answer: Answer) -> Self {
        Self {
            login,
            what,
            answer,
        }
    }
}

impl Helped {
    pub(super) fn new(desk: Desk) -> Self {
        Self {
            desk,
            pending: Pending::default(),
            questions: Questions::default(),
        }
    }

    /// The next question of a user.
    pub(super) async fn next(&mut self) -> Asked {
        self.desk.next().await
    }

    /// When somebody has waited long enough.
    pub(super) fn due(&self) -> Option<BootUs> {
        self.pending.next()
    }
}

impl Driver {
    /// A user asks.
    pub(super) fn asked_by_user(&mut self, asked: Asked) -> Result<(), DriverError> {
        let Asked {
            login,
            full_name,
            is_root,
            request,
            answer,
        } = asked;
        let login = sonde_proto::text::clean(&login, help::LOGIN_BYTES, false).into_owned();
        match request {
            Request::Say {
                text,
                ticket,
                solved,
            } => {
                let ticket = ticket.filter(|ticket| *ticket != 0);
                let text = help::said(&text, solved && ticket.is_some());
                let said = text.map(|text| v1::Said {
                    said_id: Bytes::new(),
                    full_name: sonde_proto::text::clean(&full_name, help::LOGIN_BYTES, false)
                        .into_owned(),
                    login,
                    text,
                    ticket: ticket.unwrap_or(0),
                    solved,
                });
                match said {
                    Ok(said) => self.user_says(said, answer)?,
                    Err(why) => answer.say(Reply::Refused { why }),
                }
            }
            Request::Tickets { before } => {
                let before = before.unwrap_or(0);
                let want = Want::Tickets(v1::WantTickets { before });
                self.ask_for_user(want, Waits::of(login, What::Tickets, answer))?;
            }
            Request::Ticket { number } => {
                let want = Want::Ticket(v1::WantTicket { number });
                self.ask_for_user(want, Waits::of(login, What::Ticket, answer))?;
            }
            Request::Link {} => {
                let want = Want::Link(v1::WantLink {});
                self.ask_for_user(want, Waits::of(login, What::Link, answer))?;
            }
            Request::Standing {} => answer.say(Reply::Standing {
                standing: self.standing(),
            }),
            Request::History { since_us, before } => {
                let reply = self.history(&login, is_root, since_us, before)?;
                answer.say(reply);
            }
        }
        Ok(())
    }

    /// Keeps what a user says, safe against a power cut, before they are told so.
    fn user_says(&mut self, mut said: v1::Said, answer: Answer) -> Result<(), DriverError> {
        let refuse = |answer: &Answer, why| answer.say(Reply::Refused { why });
        let waiting = self.said()?;
        let of_one = waiting.iter().filter(|(_, one)| one.login == said.login);
        if waiting.len() >= WAITS || of_one.count() >= WAITS_OF_ONE {
            refuse(&answer, Refusal::TooMuchWaits);
            return Ok(());
        }
        let said_id = identity::random::<16>()?;
        said.said_id = said_id.to_vec().into();
        let login = said.login.clone();
        let now = clock::now();
        let report = Report {
            seq: 0,
            clock: Some(now.into()),
            boot_id: self.collected.boot_id().to_owned(),
            body: Some(report::Body::Said(said)),
        };
        let seq = self.state.spool.next_seq();
        let (spool, session) = (&mut self.state.spool, &mut self.session);
        if !add_report(Kind::Said, report, now, spool, session)? {
            refuse(&answer, Refusal::NoRoom);
            return Ok(());
        }
        self.state.spool.sync()?;
        answer.say(Reply::Kept {
            said_id: hex(&said_id),
            at_us: now.wall_us,
            standing: self.standing(),
        });
        if self.session.takes_said() && self.help.pending.has_room() {
            let waits = Waits::of(login.clone(), What::Said(hex(&said_id)), answer);
            let said = Said {
                seq,
                said_id,
                login,
            };
            self.help.pending.say(now.boot_us, said, waits);
        }
        Ok(())
    }

    /// Asks the collector on behalf of a user, or says that it cannot be asked.
    fn ask_for_user(&mut self, want: Want, waits: Waits) -> Result<(), DriverError> {
        if !self.session.takes_said() {
            return self.unread(&waits, None);
        }
        if !self.help.pending.has_room() {
            let why = Refusal::Busy;
            waits.answer.say(Reply::Refused { why });
            return Ok(());
        }
        self.send_question(want, waits);
        Ok(())
    }

    fn send_question(&mut self, want: Want, waits: Waits) {
        let login = waits.login.clone();
        let nonce = self.help.pending.ask(self.seen.boot_us, waits);
        self.send(from_agent::Body::AskHelp(v1::AskHelp {
            nonce,
            login,
            want: Some(want),
        }));
    }

    /// Asks what became of what the collector has taken, and lets go those who have waited long enough.
    pub(super) fn look_after_users(&mut self, now: BootUs) -> Result<(), DriverError> {
        let spool = &self.state.spool;
        let gone = self
            .help
            .pending
            .gone(|seq| spool.kind(seq) == Some(Kind::Said));
        for (said, waits) in gone {
            let said_id = said.said_id.to_vec().into();
            self.send_question(Want::Said(v1::WantSaid { said_id }), waits);
        }
        let is_answered = self.session.takes_said();
        for waits in self.help.pending.given_up(now, is_answered) {
            match waits.what {
                // They know that it is kept.
                What::Said(_) => {}
                What::Tickets | What::Ticket | What::Link => self.unread(&waits, None)?,
            }
        }
        Ok(())
    }

    /// The collector answers a user.
    pub(super) fn user_is_answered(&mut self, help: v1::Help) -> Result<(), DriverError> {
        let Some(waits) = self.help.pending.answered(help.nonce) else {
            return Ok(());
        };
        let reason = Some(help.reason).filter(|reason| !reason.is_empty());
        if let What::Said(said_id) = waits.what {
            let taken = help.said.unwrap_or_default();
            let because = Some(taken.reason).filter(|reason| !reason.is_empty());
            waits.answer.say(Reply::Taken {
                said_id,
                ticket: number(taken.ticket),
                reason: because.or(reason),
            });
            return Ok(());
        }
        let mut tickets = help.tickets.into_iter().map(ticket);
        let waiting = self.waiting(&waits.login)?;
        let reply = match waits.what {
            What::Link if reason.is_none() && !help.link.is_empty() => {
                Reply::Link { url: help.link }
            }
            What::Tickets if reason.is_none() => Reply::Tickets {
                tickets: tickets.collect(),
                more: help.more,
                waiting,
                standing: self.standing(),
            },
            What::Ticket if reason.is_none() => match tickets.next() {
                None => return self.unread(&waits, reason),
                Some(ticket) => Reply::Ticket {
                    waiting: waiting
                        .into_iter()
                        .filter(|one| one.ticket == Some(ticket.number))
                        .collect(),
                    ticket,
                    messages: help.messages.into_iter().map(message).collect(),
                    earlier: help.earlier,
                },
            },
            What::Said(_) | What::Link | What::Tickets | What::Ticket => {
                return self.unread(&waits, reason);
            }
        };
        waits.answer.say(reply);
        Ok(())
    }

    fn unread(&mut self, waits: &Waits, reason: Option<String>) -> Result<(), DriverError> {
        let waiting = self.waiting(&waits.login)?;
        waits.answer.say(Reply::Unread {
            reason,
            waiting,
            standing: self.standing(),
        });
        Ok(())
    }

    /// What was said here and the collector has not taken, the oldest first, each with when it was said.
    fn said(&mut self) -> Result<Vec<(i64, v1::Said)>, DriverError> {
        let reports = self.state.spool.reports();
        let seqs: Vec<u64> = reports
            .filter(|(_, kind)| *kind == Kind::Said)
            .map(|(seq, _)| seq)
            .collect();
        let mut all = Vec::with_capacity(seqs.len());
        for seq in seqs {
            if let Some(Spooled::Report(report)) = self.state.spool.read(seq)?
                && let Some(report::Body::Said(said)) = report.body
            {
                all.push((report.clock.unwrap_or_default().wall_us, said));
            }
        }
        Ok(all)
    }

    fn waiting(&mut self, login: &str) -> Result<Vec<Waiting>, DriverError> {
        let own = self.said()?.into_iter();
        let own = own.filter(|(_, said)| said.login == login);
        Ok(own
            .map(|(at_us, said)| Waiting {
                said_id: hex(&said.said_id),
                at_us,
                text: said.text,
                ticket: number(said.ticket),
                solved: said.solved,
            })
            .collect())
    }

    fn standing(&self) -> Standing {
        let status = self.status();
        Standing {
            device_id: status.device_id,
            collector: status.collector,
            connected_since_us: status.connected_since_us,
            heard_us: status.heard_us,
            takes_said: self.session.takes_said(),
        }
    }

    fn history(
        &mut self,
        login: &str,
        is_root: bool,
        since_us: Option<i64>,
        before: Option<u64>,
    ) -> Result<Reply, DriverError> {
        let since_us = since_us.unwrap_or(i64::MIN);
        let entries = self.state.journal.newest(before, since_us, history::MOST)?;
        let last = entries.last().map(|(record, _, _)| *record);
        let before = last.filter(|_| entries.len() == history::MOST);
        // Without the list of users nobody's own folder is known, and all of them are others'.
        let users = self.host.users().unwrap_or_default();
        let receipts = entries.iter().map(|(_, id, entry)| {
            let receipt = history::receipt(id, entry);
            match is_root {
                true => receipt,
                false => history::for_user(receipt, login, &users),
            }
        });
        Ok(Reply::History {
            receipts: receipts.collect(),
            before,
        })
    }
}

fn number(ticket: u64) -> Option<u64> {
    Some(ticket).filter(|ticket| *ticket != 0)
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn ticket(of: v1::AskedTicket) -> Ticket {
    Ticket {
        number: of.number,
        title: of.title,
        state: of.state,
        waiting_for: Some(of.waiting_for).filter(|what| !what.is_empty()),
        asked_us: of.asked_us,
        opened_us: of.opened_us,
        changed_us: of.changed_us,
        n_answers: of.n_answers,
        follows: number(of.follows),
    }
}

fn message(of: v1::HelpMessage) -> Message {
    Message {
        by_requester: of.by_requester,
        at_us: of.at_us,
        author: of.author,
        text: of.text,
        cut: of.cut,
    }
}
