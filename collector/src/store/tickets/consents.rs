//! What the user was asked to agree to, and what they said: rows that follow from a ticket's events.

use crate::desk::consent::{self, Answer, Consent, MOST_OPEN, Purpose, Standing, Way};
use crate::desk::{Event, Refusal, State};

use super::super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx};
use super::{happen, load, named};
use crate::wording::wording;

/// A consent under its id.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketConsent {
    pub id: Id,
    pub ticket: i64,
    pub consent: Consent,
}

const SELECT: &str = "SELECT id, ticket, device, action, parameters, plan, asked_by, asked_at, expires_at, answer, way, \
     answered_at, n_uses, withdrawn_at FROM consents ";

impl Store {
    /// What was asked on a ticket, the newest first, before `before` if that is one of them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn consents(
        &self,
        ticket: i64,
        before: Option<Id>,
        most: u32,
    ) -> Result<Vec<TicketConsent>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT).push("WHERE ticket = ").arg(ticket);
        if let Some(before) = before {
            query = query
                .push(" AND (asked_at, id) < (SELECT asked_at, id FROM consents WHERE id = ")
                .arg(before)
                .push(")");
        }
        query
            .push(" ORDER BY asked_at DESC, id DESC LIMIT ")
            .arg(most)
            .read(&mut on, read)
            .await
    }

    /// One of a ticket.
    ///
    /// # Errors
    /// The store's own.
    pub async fn consent(&self, ticket: i64, id: Id) -> Result<Option<TicketConsent>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .push("WHERE ticket = $1 AND id = $2")
            .bind(ticket)
            .bind(id)
            .read_optional(&mut on, read)
            .await
    }

    /// What stands for a purpose at a moment: a consent that is given, the one to be used first, first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn consent_to(
        &self,
        ticket: i64,
        purpose: &Purpose,
        at: TimeUs,
    ) -> Result<Option<TicketConsent>, StoreError> {
        let mut on = self.reader().await?;
        let all = Query::new(SELECT)
            .push(
                "WHERE ticket = $1 AND device = $2 AND action = $3 AND parameters = $4 \
                 AND answer IN ('once', 'ticket') ORDER BY answered_at",
            )
            .bind(ticket)
            .bind(&purpose.device)
            .bind(&purpose.action)
            .bind(written(purpose)?)
            .read(&mut on, read)
            .await?;
        let mut given: Vec<TicketConsent> = all
            .into_iter()
            .filter(|one| one.consent.standing(at) == Standing::Given)
            .collect();
        // What is good for the whole ticket spares what is good once.
        given.sort_by_key(|one| {
            one.consent.answer.map(|(answer, _)| answer) != Some(Answer::Ticket)
        });
        Ok(given.into_iter().next())
    }
}

/// Parameters as they are compared.
fn written(purpose: &Purpose) -> Result<String, StoreError> {
    // A map of serde_json keeps its keys sorted.
    serde_json::to_string(&purpose.parameters)
        .map_err(|error| StoreError::Broken(error.to_string()))
}

fn read(columns: &mut Columns<'_>) -> Result<TicketConsent, StoreError> {
    let (id, ticket) = (columns.id()?, columns.int()?);
    let purpose = Purpose {
        device: columns.text()?,
        action: columns.text()?,
        parameters: serde_json::from_str(&columns.text()?)
            .map_err(|error| StoreError::Broken(error.to_string()))?,
    };
    let (plan, asked_by) = (columns.opt_text()?, columns.text()?);
    let (asked_at, expires_at) = (columns.int()?, columns.int()?);
    let answer = match (columns.opt_text()?, columns.opt_text()?) {
        (Some(answer), Some(way)) => Some((
            named("answer", &Answer::ALL, Answer::as_str, &answer)?,
            named("way", &Way::ALL, Way::as_str, &way)?,
        )),
        _ => None,
    };
    Ok(TicketConsent {
        id,
        ticket,
        consent: Consent {
            purpose,
            plan,
            asked_by,
            asked_at,
            expires_at,
            answer,
            answered_at: columns.opt_int()?,
            n_uses: columns.int()?,
            withdrawn_at: columns.opt_int()?,
        },
    })
}

/// Forgets what follows from a ticket's events, before they are gone through anew.
pub(super) async fn forget(tx: &mut Tx, ticket: i64) -> Result<(), StoreError> {
    Query::new("DELETE FROM consents WHERE ticket = $1")
        .bind(ticket)
        .execute(&mut tx.on)
        .await?;
    Ok(())
}

/// Brings the row of the consent that an event names, if it names one, to what it is after it.
pub(super) async fn follow(
    tx: &mut Tx,
    ticket: i64,
    event: &Event,
    actor: &str,
    at: TimeUs,
) -> Result<(), StoreError> {
    let Some(id) = event.consent() else {
        return Ok(());
    };
    let id: Id = id
        .parse()
        .map_err(|_| StoreError::not_found(wording!("consent")))?;
    let before = Query::new(SELECT)
        .push("WHERE ticket = $1 AND id = $2")
        .bind(ticket)
        .bind(id)
        .read_optional(&mut tx.on, read)
        .await?
        .map(|one| one.consent);
    let next = consent::after(before.as_ref(), event, actor, at).map_err(StoreError::from)?;
    if before.is_none() {
        few_enough(tx, ticket, at).await?;
    }
    let (answer, way) = next.answer.unzip();
    Query::new(
        "INSERT INTO consents (id, ticket, device, action, parameters, plan, asked_by, asked_at, expires_at, answer, way, \
         answered_at, n_uses, withdrawn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
         ON CONFLICT (id) DO UPDATE SET answer = excluded.answer, way = excluded.way, \
         answered_at = excluded.answered_at, n_uses = excluded.n_uses, withdrawn_at = excluded.withdrawn_at",
    )
    .bind(id)
    .bind(ticket)
    .bind(&next.purpose.device)
    .bind(&next.purpose.action)
    .bind(written(&next.purpose)?)
    .bind(next.plan.as_deref())
    .bind(&next.asked_by)
    .bind(next.asked_at)
    .bind(next.expires_at)
    .bind(answer.map(Answer::as_str))
    .bind(way.map(Way::as_str))
    .bind(next.answered_at)
    .bind(next.n_uses)
    .bind(next.withdrawn_at)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

/// Puts what came of a question onto its ticket, if it is asked still; gives the ticket's version then.
pub(in super::super) async fn answer(
    tx: &mut Tx,
    ticket: i64,
    event: &Event,
    actor: &str,
    at: TimeUs,
) -> Result<Option<i64>, StoreError> {
    let id: Option<Id> = event.consent().and_then(|id| id.parse().ok());
    let asked = Query::new(SELECT)
        .push("WHERE ticket = $1 AND id = $2")
        .bind(ticket)
        .bind(id)
        .read_optional(&mut tx.on, read)
        .await?;
    let is_asked = asked.is_some_and(|one| one.consent.standing(at) == Standing::Asked);
    let present = load(&mut tx.on, ticket).await?;
    let is_open = present
        .as_ref()
        .is_some_and(|present| present.ticket.state != State::Closed);
    if !is_asked || !is_open {
        return Ok(None);
    }
    let next = happen(tx, ticket, present, event, actor, at).await?;
    Ok(Some(next.ticket.version))
}

/// The user is not asked for more at a time than they can look at.
async fn few_enough(tx: &mut Tx, ticket: i64, at: TimeUs) -> Result<(), StoreError> {
    let row = Query::new(
        "SELECT COUNT(*) FROM consents WHERE ticket = $1 AND answer IS NULL AND withdrawn_at IS NULL \
         AND expires_at > $2",
    )
    .bind(ticket)
    .bind(at)
    .one(&mut tx.on)
    .await?;
    match Columns::of(&row).int()? < MOST_OPEN as i64 {
        true => Ok(()),
        false => Err(StoreError::from(Refusal {
            field: "consent",
            reason: wording!("{} questions wait for an answer already", MOST_OPEN),
            remedy: Some(wording!("wait for the answers, or withdraw a question")),
        })),
    }
}
