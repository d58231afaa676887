//! Files that stand on tickets.

use ring::digest::{SHA256, digest};

use super::tickets::{self, NumberedTicket};
use super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx};
use crate::desk::attachment::{MOST_BYTES_OF_TICKET, MOST_OF_TICKET};
use crate::desk::{Event, Side};
use crate::digest::hex;
use crate::wording::wording;

/// A file to be kept.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    pub ticket: i64,
    /// As the desk's rules let it be called.
    pub name: String,
    pub media_type: &'static str,
    pub body: Vec<u8>,
    /// Who gives it to the other side; none: it stays between technicians.
    pub side: Option<Side>,
    pub actor: String,
    pub at: TimeUs,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub id: Id,
    pub ticket: i64,
    pub name: String,
    pub media_type: String,
    pub n_bytes: i64,
    pub sha256: [u8; 32],
    /// The requester sees it.
    pub is_shared: bool,
}

impl Store {
    /// Keeps a file with the event that says so. Gives its id and the ticket.
    ///
    /// # Errors
    /// Not found: the ticket. Refused: it has too many or too large ones, or takes none any more.
    pub async fn attach(&self, new: NewAttachment) -> Result<(Id, NumberedTicket), StoreError> {
        self.write(new, |tx, new| Box::pin(keep(tx, new))).await
    }

    /// One file of a ticket, whole.
    ///
    /// # Errors
    /// The store's own.
    pub async fn attachment(
        &self,
        ticket: i64,
        id: Id,
    ) -> Result<Option<(Attachment, Vec<u8>)>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT id, ticket, name, media_type, n_bytes, sha256, side, body FROM attachments WHERE ticket = $1 AND id = $2",
        )
        .bind(ticket)
        .bind(id)
        .read_optional(&mut on, |columns| Ok((read(columns)?, columns.bytes()?)))
        .await
    }

    /// The files of a ticket, without what is in them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn attachments(&self, ticket: i64) -> Result<Vec<Attachment>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT id, ticket, name, media_type, n_bytes, sha256, side FROM attachments WHERE ticket = $1 ORDER BY id",
        )
        .bind(ticket)
        .read(&mut on, read)
        .await
    }
}

fn read(columns: &mut Columns<'_>) -> Result<Attachment, StoreError> {
    Ok(Attachment {
        id: columns.id()?,
        ticket: columns.int()?,
        name: columns.text()?,
        media_type: columns.text()?,
        n_bytes: columns.int()?,
        sha256: columns
            .bytes()?
            .try_into()
            .map_err(|_| StoreError::Broken("a hash is not 32 bytes".into()))?,
        is_shared: columns.opt_text()?.is_some(),
    })
}

async fn keep(tx: &mut Tx, new: &NewAttachment) -> Result<(Id, NumberedTicket), StoreError> {
    let present = tickets::load(&mut tx.on, new.ticket)
        .await?
        .ok_or(StoreError::not_found(wording!("ticket")))?;
    let n_bytes = new.body.len() as i64;
    let row = Query::new(
        "SELECT COUNT(*), CAST(COALESCE(SUM(n_bytes), 0) AS BIGINT) FROM attachments WHERE ticket = $1",
    )
    .bind(new.ticket)
    .one(&mut tx.on)
    .await?;
    let mut columns = Columns::of(&row);
    let (n_files, n_before) = (columns.int()?, columns.int()?);
    if n_files >= MOST_OF_TICKET as i64 || n_before + n_bytes > MOST_BYTES_OF_TICKET {
        let why = wording!(
            "a ticket takes {} files, {} MiB together",
            MOST_OF_TICKET,
            MOST_BYTES_OF_TICKET >> 20
        );
        return Err(
            StoreError::refused("body", why).remedy(wording!("link another ticket for more"))
        );
    }
    let id = Id::random();
    let sha256 = digest(&SHA256, &new.body);
    let event = Event::Attached {
        attachment: id.to_string(),
        name: new.name.clone(),
        media_type: new.media_type.to_owned(),
        n_bytes,
        sha256: hex(sha256.as_ref()),
        side: new.side,
    };
    let ticket = tickets::happen(tx, new.ticket, Some(present), &event, &new.actor, new.at).await?;
    Query::new(
        "INSERT INTO attachments (id, ticket, name, media_type, n_bytes, sha256, side, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(new.ticket)
    .bind(&new.name)
    .bind(new.media_type)
    .bind(n_bytes)
    .bind(sha256.as_ref())
    .bind(new.side.map(Side::as_str))
    .bind(&new.body[..])
    .execute(&mut tx.on)
    .await?;
    Ok((id, ticket))
}

/// The files of a ticket are gone; its events say that they were there.
pub(super) async fn forget(tx: &mut Tx, ticket: i64) -> Result<(), StoreError> {
    Query::new("DELETE FROM attachments WHERE ticket = $1")
        .bind(ticket)
        .execute(&mut tx.on)
        .await
        .map(drop)
}
