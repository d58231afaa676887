//! What one person may read on one device: what they have asked for there, and what was said about it to them.

use super::super::super::{Columns, Id, Query, Store, StoreError, TimeUs};
use super::super::timeline::{self, Happened};
use super::super::{State, WaitingFor, named};
use crate::desk::{Event, Side};

/// Messages of a ticket that are read to count those that are new.
const LOOKED_AT: u32 = 50;

/// A ticket, as who has asked for it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpTicket {
    pub number: i64,
    pub title: String,
    pub state: State,
    pub waiting_for: Option<WaitingFor>,
    /// When it was meant.
    pub asked_at: TimeUs,
    pub opened_at: TimeUs,
    pub changed_at: TimeUs,
    pub follows: Option<i64>,
    /// Messages of technicians since their own last one, as far as they are counted.
    pub n_answers: u32,
}

/// A message between requester and technician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpMessage {
    pub side: Side,
    /// When it was meant.
    pub at: TimeUs,
    pub author: String,
    pub text: String,
}

/// One ticket and what was said about it, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    pub ticket: HelpTicket,
    pub messages: Vec<HelpMessage>,
    /// There are messages before these.
    pub earlier: bool,
}

/// What became of something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidFate {
    /// None: it was refused.
    pub ticket: Option<i64>,
    /// Why, or why it stands on another ticket: as `sonde_proto::help` names it.
    pub reason: Option<String>,
}

const SELECT: &str = "SELECT number, title, state, waiting_for, asked_at, opened_at, changed_at, \
     (SELECT MIN(other) FROM ticket_marks WHERE ticket = number AND kind = 'follows') FROM tickets \
     WHERE asked_device_key = ";

fn ticket(columns: &mut Columns<'_>) -> Result<HelpTicket, StoreError> {
    let (number, title) = (columns.int()?, columns.text()?);
    let (state_name, waiting_for) = (columns.text()?, columns.opt_text()?);
    let asked_at = columns.opt_int()?;
    let (opened_at, changed_at) = (columns.int()?, columns.int()?);
    let waiting_for = waiting_for
        .as_deref()
        .map(|name| named("waiting_for", &WaitingFor::ALL, WaitingFor::as_str, name));
    Ok(HelpTicket {
        number,
        title,
        state: state(&state_name)?,
        waiting_for: waiting_for.transpose()?,
        asked_at: asked_at.unwrap_or(opened_at),
        opened_at,
        changed_at,
        follows: columns.opt_int()?,
        n_answers: 0,
    })
}

pub(super) fn state(name: &str) -> Result<State, StoreError> {
    named("state", &State::ALL, State::as_str, name)
}

impl Store {
    /// Tickets that this person has asked for on this device, the newest first: those before `before`.
    ///
    /// # Errors
    /// The store's own.
    pub async fn help_tickets(
        &self,
        device_key: i64,
        login: &str,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<HelpTicket>, StoreError> {
        let mut on = self.reader().await?;
        let mut tickets = Query::new(SELECT)
            .arg(device_key)
            .push(" AND asked_login = ")
            .arg(login)
            .push(" AND number < ")
            .arg(before.unwrap_or(i64::MAX))
            .push(" ORDER BY number DESC LIMIT ")
            .arg(most)
            .read(&mut on, ticket)
            .await?;
        for ticket in &mut tickets {
            let messages = messages(&mut on, ticket.number, LOOKED_AT).await?;
            ticket.n_answers = n_answers(&messages);
        }
        Ok(tickets)
    }

    /// One of them with its last `most` messages; `None`: it is none of theirs.
    ///
    /// # Errors
    /// The store's own.
    pub async fn help_ticket(
        &self,
        device_key: i64,
        login: &str,
        number: i64,
        most: u32,
    ) -> Result<Option<Conversation>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(SELECT)
            .arg(device_key)
            .push(" AND asked_login = ")
            .arg(login)
            .push(" AND number = ")
            .arg(number)
            .read_optional(&mut on, ticket);
        let Some(mut ticket) = found.await? else {
            return Ok(None);
        };
        let mut messages = messages(&mut on, number, most.saturating_add(1)).await?;
        let earlier = messages.len() > most as usize;
        messages.truncate(most as usize);
        ticket.n_answers = n_answers(&messages);
        messages.reverse();
        Ok(Some(Conversation {
            ticket,
            messages,
            earlier,
        }))
    }

    /// What became of something that this person has said on this device; `None`: it was not heard.
    ///
    /// # Errors
    /// The store's own.
    pub async fn help_said(
        &self,
        device_key: i64,
        login: &str,
        said_id: Id,
    ) -> Result<Option<SaidFate>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT ticket, reason FROM help_said WHERE device_key = $1 AND said_id = $2 AND login = $3",
        )
        .bind(device_key)
        .bind(said_id)
        .bind(login)
        .read_optional(&mut on, |columns| {
            Ok(SaidFate {
                ticket: columns.opt_int()?,
                reason: columns.opt_text()?,
            })
        })
        .await
    }
}

/// The last messages between requester and technician, the newest first: no notes, and nothing else that happened.
async fn messages(
    on: &mut sqlx::AnyConnection,
    ticket: i64,
    most: u32,
) -> Result<Vec<HelpMessage>, StoreError> {
    let events = Query::new(
        "SELECT number, at, actor, kind, body FROM ticket_events WHERE ticket = $1 AND kind = 'messaged' \
         ORDER BY number DESC LIMIT $2",
    )
    .bind(ticket)
    .bind(i64::from(most))
    .read(on, timeline::read);
    let events = events.await?.into_iter();
    Ok(events
        .filter_map(|happened| match happened.event {
            Happened::Known(Event::Messaged { side, text, asked }) => Some(HelpMessage {
                side,
                at: asked.map_or(happened.at, |asked| asked.at),
                author: happened.actor,
                text,
            }),
            Happened::Known(_) | Happened::Unknown { .. } => None,
        })
        .collect())
}

/// `messages`: the newest first.
fn n_answers(messages: &[HelpMessage]) -> u32 {
    let answers = messages
        .iter()
        .take_while(|message| message.side == Side::Technician);
    answers.count() as u32
}
