//! What is open beside persons and their devices.

use super::super::tickets::{NumberedTicket, TicketFilter};
use super::super::{Id, Query, Store, StoreError};
use crate::desk::State;

/// Tickets that are looked at beside those who may be calling.
const MOST: u32 = 500;

/// A ticket that is not resolved, once for each of its devices that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketBeside {
    pub number: i64,
    pub title: String,
    pub state: String,
    pub site_key: i64,
    pub requester: Option<String>,
    /// None: the directory does not say who that is.
    pub person: Option<Id>,
    /// None: it is there for who asked.
    pub device_key: Option<i64>,
}

impl Store {
    /// Tickets that are not resolved, of these devices or asked for by these persons or under these names, the newest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn tickets_beside(
        &self,
        device_keys: &[i64],
        persons: &[Id],
        requesters: &[String],
        sites: Option<&[i64]>,
    ) -> Result<Vec<TicketBeside>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(
            "SELECT t.number, t.title, t.state, t.site_key, t.requester, t.person, d.device_key FROM tickets t \
             LEFT JOIN ticket_devices d ON d.ticket = t.number AND d.device_key IN ",
        )
        .list(device_keys.iter().copied())
        .push(" WHERE t.state NOT IN ")
        .list([State::Resolved.as_str(), State::Closed.as_str()])
        .push(" AND (d.device_key IS NOT NULL OR t.person IN ")
        .list(persons.iter().copied())
        .push(" OR t.requester IN ")
        .list(requesters.iter().map(String::as_str))
        .push(")");
        if let Some(sites) = sites {
            query = query
                .push(" AND t.site_key IN ")
                .list(sites.iter().copied());
        }
        query
            .push(" ORDER BY t.number DESC, d.device_key LIMIT ")
            .arg(MOST)
            .read(&mut on, |columns| {
                Ok(TicketBeside {
                    number: columns.int()?,
                    title: columns.text()?,
                    state: columns.text()?,
                    site_key: columns.int()?,
                    requester: columns.opt_text()?,
                    person: columns.opt_id()?,
                    device_key: columns.opt_int()?,
                })
            })
            .await
    }

    /// A page of the tickets of these sites that a person asks for or once did, the newest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn tickets_of_person(
        &self,
        person: Id,
        sites: Option<&[i64]>,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<NumberedTicket>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(
            "SELECT p.ticket FROM ticket_persons p JOIN tickets t ON t.number = p.ticket WHERE p.person = ",
        )
        .arg(person)
        .push(" AND p.ticket < ")
        .arg(before.unwrap_or(i64::MAX));
        if let Some(sites) = sites {
            query = query
                .push(" AND t.site_key IN ")
                .list(sites.iter().copied());
        }
        let numbers = query
            .push(" ORDER BY p.ticket DESC LIMIT ")
            .arg(most)
            .read(&mut on, |columns| columns.int())
            .await?;
        drop(on);
        let filter = TicketFilter {
            numbers: Some(numbers),
            most,
            ..TicketFilter::default()
        };
        self.tickets(&filter).await
    }
}
