//! Messages of other systems that open tickets, each taken once.

#[cfg(test)]
mod tests;

use super::tickets::{NumberedTicket, OpenTicket, happen, load, open};
use super::{Columns, Query, Store, StoreError, TimeUs, Tx, audit, sites};
use crate::desk::answer::{self, Reply};
use crate::desk::{Event, State};
use crate::wording::wording;

/// Systems.
pub const MOST: i64 = 50;

/// A system to be declared.
#[derive(Debug, Clone)]
pub struct NewSource {
    pub name: String,
    pub site: String,
    pub secret: Vec<u8>,
    pub by: String,
    pub at: TimeUs,
}

/// A system as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub site: String,
    pub created_by: String,
    pub created_at: TimeUs,
}

/// What is needed to take a message of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSource {
    pub source_key: i64,
    pub site_key: i64,
    pub site: String,
    pub secret: Vec<u8>,
}

/// A message that was signed.
#[derive(Debug, Clone)]
pub struct Intake {
    pub source_key: i64,
    /// The sender's.
    pub message_id: String,
    /// What the sender calls the ticket.
    pub reference: Option<String>,
    /// If there is none of that reference, or it is closed.
    pub ticket: OpenTicket,
    /// What the requester says.
    pub text: Option<String>,
    /// For technicians, on a new ticket.
    pub note: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub ticket: NumberedTicket,
    pub is_new: bool,
    /// It had come before, and nothing was done now.
    pub is_repeated: bool,
}

const SELECT: &str = "SELECT i.name, s.name, i.created_by, i.created_at FROM intake_sources i \
     JOIN sites s ON s.site_key = i.site_key ";

impl Store {
    /// Keeps a system, with the audit entry.
    ///
    /// # Errors
    /// Conflict: there is one of that name. Not found: the site. Refused: there are [`MOST`].
    pub async fn add_intake_source(&self, source: NewSource) -> Result<(), StoreError> {
        self.write(source, |tx, source| Box::pin(add(tx, source)))
            .await
    }

    /// Systems by name, after one.
    ///
    /// # Errors
    /// The store's own.
    pub async fn intake_sources(
        &self,
        after: Option<&str>,
        most: u32,
    ) -> Result<Vec<Source>, StoreError> {
        let mut on = self.reader().await?;
        let by_name = self.dialect.by_bytes("i.name");
        Query::new(SELECT)
            .push(&format!("WHERE {by_name} > "))
            .arg(after.unwrap_or_default())
            .push(&format!(" ORDER BY {by_name} LIMIT "))
            .arg(most)
            .read(&mut on, read)
            .await
    }

    /// The system of a name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn intake_source(&self, name: &str) -> Result<Option<KnownSource>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT i.source_key, i.site_key, s.name, i.secret FROM intake_sources i \
             JOIN sites s ON s.site_key = i.site_key WHERE i.name = $1",
        )
        .bind(name)
        .read_optional(&mut on, |columns| {
            Ok(KnownSource {
                source_key: columns.int()?,
                site_key: columns.int()?,
                site: columns.text()?,
                secret: columns.bytes()?,
            })
        })
        .await
    }

    /// Takes no more messages of a system, with the audit entry. Its tickets stay.
    ///
    /// # Errors
    /// Not found: the system.
    pub async fn remove_intake_source(
        &self,
        name: &str,
        by: &str,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        let given = (name.to_owned(), by.to_owned(), at);
        self.write(given, |tx, (name, by, at)| {
            Box::pin(async move {
                let source_key = key(tx, name).await?;
                let source_key =
                    source_key.ok_or(StoreError::not_found(wording!("webhook source")))?;
                for text in [
                    "DELETE FROM intake_messages WHERE source_key = $1",
                    "DELETE FROM intake_references WHERE source_key = $1",
                    "DELETE FROM intake_sources WHERE source_key = $1",
                ] {
                    let remove = Query::new(text).bind(source_key);
                    remove.execute(&mut tx.on).await?;
                }
                audit::note(tx, by, "intake.remove", name, "", *at).await
            })
        })
        .await
    }

    /// Opens a ticket for a message, or adds it to the ticket of its reference.
    ///
    /// # Errors
    /// Not found: the source, a device. Refused: what the desk's rules forbid.
    pub async fn take_in(&self, intake: Intake) -> Result<Taken, StoreError> {
        self.write(intake, |tx, intake| Box::pin(take(tx, intake)))
            .await
    }

    /// Forgets ids of messages that came before a moment. Gives how many.
    ///
    /// # Errors
    /// The store's own.
    pub async fn tidy_intake(&self, before: TimeUs) -> Result<u64, StoreError> {
        self.write(before, |tx, before| {
            Box::pin(async move {
                Query::new("DELETE FROM intake_messages WHERE at < $1")
                    .bind(*before)
                    .execute(&mut tx.on)
                    .await
            })
        })
        .await
    }
}

fn read(columns: &mut Columns<'_>) -> Result<Source, StoreError> {
    Ok(Source {
        name: columns.text()?,
        site: columns.text()?,
        created_by: columns.text()?,
        created_at: columns.int()?,
    })
}

async fn key(tx: &mut Tx, name: &str) -> Result<Option<i64>, StoreError> {
    Query::new("SELECT source_key FROM intake_sources WHERE name = $1")
        .bind(name)
        .read_optional(&mut tx.on, |columns| columns.int())
        .await
}

async fn add(tx: &mut Tx, source: &NewSource) -> Result<(), StoreError> {
    let n_known = Query::new("SELECT COUNT(*) FROM intake_sources")
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?;
    if n_known.unwrap_or_default() >= MOST {
        let reason = wording!("there are {} already, which are the most", MOST);
        return Err(StoreError::refused("name", reason));
    }
    if key(tx, &source.name).await?.is_some() {
        let reason = wording!("there is a webhook source {} already", ?source.name);
        return Err(StoreError::conflict(reason));
    }
    let site_key = sites::site_key(tx, &source.site).await?;
    Query::new(
        "INSERT INTO intake_sources (name, site_key, secret, created_by, created_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&source.name)
    .bind(site_key)
    .bind(&source.secret)
    .bind(&source.by)
    .bind(source.at)
    .execute(&mut tx.on)
    .await?;
    let detail = format!("site {}", source.site);
    audit::note(
        tx,
        &source.by,
        "intake.add",
        &source.name,
        &detail,
        source.at,
    )
    .await
}

async fn take(tx: &mut Tx, intake: &Intake) -> Result<Taken, StoreError> {
    let known = Query::new("SELECT ticket FROM intake_messages WHERE source_key = $1 AND id = $2")
        .bind(intake.source_key)
        .bind(&intake.message_id)
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?;
    if let Some(number) = known {
        let ticket = load(&mut tx.on, number).await?;
        return Ok(Taken {
            ticket: ticket.ok_or(StoreError::not_found(wording!("ticket")))?,
            is_new: false,
            is_repeated: true,
        });
    }
    let present = match &intake.reference {
        Some(reference) => referred(tx, intake.source_key, reference).await?,
        None => None,
    };
    let (actor, at) = (&intake.ticket.opened_by, intake.ticket.at);
    let is_new = present.is_none();
    let mut ticket = match present {
        Some(ticket) => ticket,
        None => open(tx, &intake.ticket).await?,
    };
    // What comes again without a text says at least its title.
    let title = Some(&intake.ticket.title).filter(|_| !is_new);
    let said = intake.text.as_ref().or(title);
    let said = match (said, &ticket.ticket.requester) {
        (None, _) => Vec::new(),
        (Some(text), None) => vec![Event::Noted { text: text.clone() }],
        (Some(text), Some(_)) => {
            let reply = Reply {
                text: Some(text.clone()),
                ..Reply::default()
            };
            answer::events(&ticket.ticket, &reply)?
        }
    };
    let note = intake.note.as_ref().filter(|_| is_new);
    let noted = note.map(|text| Event::Noted { text: text.clone() });
    for event in said.into_iter().chain(noted) {
        ticket = happen(tx, ticket.number, Some(ticket), &event, actor, at).await?;
    }
    Query::new("INSERT INTO intake_messages (source_key, id, ticket, at) VALUES ($1, $2, $3, $4)")
        .bind(intake.source_key)
        .bind(&intake.message_id)
        .bind(ticket.number)
        .bind(at)
        .execute(&mut tx.on)
        .await?;
    if let Some(reference) = intake.reference.as_ref().filter(|_| is_new) {
        Query::new(
            "INSERT INTO intake_references (source_key, reference, ticket) VALUES ($1, $2, $3) \
             ON CONFLICT (source_key, reference) DO UPDATE SET ticket = excluded.ticket",
        )
        .bind(intake.source_key)
        .bind(reference)
        .bind(ticket.number)
        .execute(&mut tx.on)
        .await?;
    }
    Ok(Taken {
        ticket,
        is_new,
        is_repeated: false,
    })
}

/// The ticket that the sender calls so, unless it is closed.
async fn referred(
    tx: &mut Tx,
    source_key: i64,
    reference: &str,
) -> Result<Option<NumberedTicket>, StoreError> {
    let number =
        Query::new("SELECT ticket FROM intake_references WHERE source_key = $1 AND reference = $2")
            .bind(source_key)
            .bind(reference)
            .read_optional(&mut tx.on, |columns| columns.int())
            .await?;
    let Some(number) = number else {
        return Ok(None);
    };
    let ticket = load(&mut tx.on, number).await?;
    Ok(ticket.filter(|ticket| ticket.ticket.state != State::Closed))
}
