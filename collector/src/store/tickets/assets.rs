//! Tickets that are about things without an agent.

use crate::desk::{Event, Ticket};

use super::super::{Id, Query, Store, StoreError, TimeUs, Tx, assets};
use super::{NumberedTicket, OpenTicket, happen, open};

impl Store {
    /// Opens a ticket that is about these assets, too.
    ///
    /// # Errors
    /// Not found: an asset of the ticket's site. Refused: one twice, one that was removed; else as
    /// [`Store::open_ticket`].
    pub async fn open_ticket_about(
        &self,
        ticket: OpenTicket,
        assets: Vec<String>,
    ) -> Result<NumberedTicket, StoreError> {
        self.write((ticket, assets), |tx, (ticket, assets)| {
            Box::pin(async move {
                let mut opened = open(tx, ticket).await?;
                for asset in assets {
                    opened = add(tx, opened, asset, &ticket.opened_by, ticket.at).await?;
                }
                Ok(opened)
            })
        })
        .await
    }
}

/// The ticket is about one more asset.
///
/// # Errors
/// Not found: it is no asset of the ticket's site. Refused: it was removed, it is on the ticket, there is no room.
pub(in super::super) async fn add(
    tx: &mut Tx,
    ticket: NumberedTicket,
    asset: &str,
    actor: &str,
    at: TimeUs,
) -> Result<NumberedTicket, StoreError> {
    assets::of_ticket(tx, asset, &ticket.ticket.site).await?;
    let asset = asset.to_owned();
    let event = Event::AssetAdded { asset };
    let number = ticket.number;
    happen(tx, number, Some(ticket), &event, actor, at).await
}

/// Whether an event can make a ticket be about what it names.
///
/// # Errors
/// Not found: it is no asset of the ticket's site. Refused: it was removed.
pub(super) async fn judge(
    tx: &mut Tx,
    ticket: &NumberedTicket,
    event: &Event,
) -> Result<(), StoreError> {
    if let Event::AssetAdded { asset } = event {
        assets::of_ticket(tx, asset, &ticket.ticket.site).await?;
    }
    Ok(())
}

/// Puts the assets of these tickets beside them.
pub(super) async fn read(
    on: &mut sqlx::AnyConnection,
    tickets: &mut [NumberedTicket],
) -> Result<(), StoreError> {
    let rows = Query::new("SELECT ticket, asset FROM ticket_assets WHERE ticket IN ")
        .list(tickets.iter().map(|ticket| ticket.number))
        .push(" ORDER BY ticket, position")
        .read(on, |columns| Ok((columns.int()?, columns.id()?)))
        .await?;
    for (number, asset) in rows {
        let ticket = tickets.iter_mut().find(|ticket| ticket.number == number);
        if let Some(ticket) = ticket {
            ticket.ticket.assets.push(asset.to_string());
        }
    }
    Ok(())
}

/// Brings the rows to what the ticket is now.
pub(super) async fn project(
    tx: &mut Tx,
    number: i64,
    before: Option<&NumberedTicket>,
    ticket: &Ticket,
) -> Result<(), StoreError> {
    let before = before.map_or(&[][..], |before| &before.ticket.assets);
    for gone in before.iter().filter(|id| !ticket.assets.contains(id)) {
        Query::new("DELETE FROM ticket_assets WHERE ticket = $1 AND asset = $2")
            .bind(number)
            .bind(gone.parse::<Id>()?)
            .execute(&mut tx.on)
            .await?;
    }
    for added in ticket.assets.iter().filter(|id| !before.contains(id)) {
        Query::new("INSERT INTO ticket_assets (ticket, position, asset) VALUES ($1, $2, $3)")
            .bind(number)
            .bind(ticket.version)
            .bind(added.parse::<Id>()?)
            .execute(&mut tx.on)
            .await?;
    }
    Ok(())
}
