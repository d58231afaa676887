//! Who of the directory asks for a ticket.

use super::super::{Columns, Id, Query, Store, StoreError, Tx};
use crate::desk::person::folded;
use crate::desk::{Listed, Ticket};
use crate::wording::wording;

impl Store {
    /// Who of the directory asks under a name at a site: the only person who has it.
    ///
    /// # Errors
    /// The store's own.
    pub async fn listed(&self, site_key: i64, name: &str) -> Result<Option<Listed>, StoreError> {
        let mut on = self.reader().await?;
        named(&mut on, site_key, name).await
    }
}

/// Out of the ticket's own row: the person's id, then their group.
pub(super) fn read(columns: &mut Columns<'_>) -> Result<Option<Listed>, StoreError> {
    let (person, group) = (columns.opt_id()?, columns.opt_text()?);
    let is_listed = person.is_some() || group.is_some();
    let id = person.map(|id| id.to_string());
    Ok(is_listed.then_some(Listed { id, group }))
}

/// The id that the ticket's row has.
pub(super) fn id(ticket: &Ticket) -> Result<Option<Id>, StoreError> {
    let id = ticket.person.as_ref().and_then(|person| person.id.as_ref());
    id.map(|id| {
        id.parse()
            .map_err(|_| StoreError::refused("person", wording!("{} is no person's id", ?id)))
    })
    .transpose()
}

/// Remembers that somebody was the requester.
pub(super) async fn project(
    tx: &mut Tx,
    number: i64,
    person: Option<Id>,
) -> Result<(), StoreError> {
    let Some(person) = person else {
        return Ok(());
    };
    Query::new(
        "INSERT INTO ticket_persons (ticket, person) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    )
    .bind(number)
    .bind(person)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

/// The only person of a site with this name.
pub(super) async fn named(
    on: &mut sqlx::AnyConnection,
    site_key: i64,
    name: &str,
) -> Result<Option<Listed>, StoreError> {
    let found =
        Query::new("SELECT id, team FROM persons WHERE site_key = $1 AND folded = $2 LIMIT 2")
            .bind(site_key)
            .bind(folded(name))
            .read(on, |columns| {
                Ok(Listed {
                    id: Some(columns.id()?.to_string()),
                    group: columns.opt_text()?,
                })
            })
            .await?;
    let mut found = found.into_iter();
    Ok(found.next().filter(|_| found.next().is_none()))
}
