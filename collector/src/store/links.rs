//! Addresses of the requester's page: who knows one sees one ticket as its requester does.

use super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx, audit};
use crate::wording::wording;

/// Addresses of one ticket that are good at a time.
pub const MOST_LINKS: i64 = 20;

/// An address to be made. Its secret is the caller's to know; only the hash is kept.
#[derive(Debug, Clone)]
pub struct NewLink {
    pub ticket: i64,
    pub secret_hash: [u8; 32],
    pub expires_at: TimeUs,
    pub created_by: String,
    pub at: TimeUs,
}

/// An address that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub id: Id,
    pub ticket: i64,
    pub created_by: String,
    pub created_at: TimeUs,
    pub expires_at: TimeUs,
    pub revoked_at: Option<TimeUs>,
}

const SELECT: &str =
    "SELECT id, ticket, created_by, created_at, expires_at, revoked_at FROM requester_links ";

impl Store {
    /// Keeps an address.
    ///
    /// # Errors
    /// Not found: the ticket. Refused: it has [`MOST_LINKS`] that are good.
    pub async fn make_link(&self, link: NewLink) -> Result<Link, StoreError> {
        self.write(link, |tx, link| Box::pin(make(tx, link))).await
    }

    /// The address with this secret, if it is good.
    ///
    /// # Errors
    /// The store's own.
    pub async fn link(
        &self,
        secret_hash: &[u8; 32],
        now: TimeUs,
    ) -> Result<Option<Link>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .push("WHERE secret_hash = $1 AND revoked_at IS NULL AND expires_at > $2")
            .bind(&secret_hash[..])
            .bind(now)
            .read_optional(&mut on, read)
            .await
    }

    /// Those of a ticket that are good, the newest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn links(&self, ticket: i64, now: TimeUs) -> Result<Vec<Link>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .push(
                "WHERE ticket = $1 AND revoked_at IS NULL AND expires_at > $2 \
                 ORDER BY created_at DESC, id LIMIT $3",
            )
            .bind(ticket)
            .bind(now)
            .bind(MOST_LINKS)
            .read(&mut on, read)
            .await
    }

    /// From now on it leads nowhere.
    ///
    /// # Errors
    /// Not found: it is none of this ticket's, or was revoked.
    pub async fn revoke_link(
        &self,
        ticket: i64,
        id: Id,
        by: &str,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        self.write((ticket, id, by.to_owned(), at), |tx, input| {
            Box::pin(async move {
                let (ticket, id, by, at) = input;
                let n_rows = Query::new(
                    "UPDATE requester_links SET revoked_at = $1 WHERE ticket = $2 AND id = $3 AND revoked_at IS NULL",
                )
                .bind(*at)
                .bind(*ticket)
                .bind(*id)
                .execute(&mut tx.on)
                .await?;
                if n_rows == 0 {
                    return Err(StoreError::not_found(wording!("page")));
                }
                audit::note(tx, by, "page.revoke", format!("ticket {ticket}"), &id.to_string(), *at).await
            })
        })
        .await
    }

    /// Forgets addresses that have not been good since a moment; how many.
    ///
    /// # Errors
    /// The store's own.
    pub async fn forget_links(&self, before: TimeUs) -> Result<u64, StoreError> {
        self.write(before, |tx, before| {
            Box::pin(async move {
                Query::new("DELETE FROM requester_links WHERE expires_at < $1")
                    .bind(*before)
                    .execute(&mut tx.on)
                    .await
            })
        })
        .await
    }
}

async fn make(tx: &mut Tx, link: &NewLink) -> Result<Link, StoreError> {
    super::tickets::load(&mut tx.on, link.ticket)
        .await?
        .ok_or(StoreError::not_found(wording!("ticket")))?;
    let row = Query::new(
        "SELECT COUNT(*) FROM requester_links WHERE ticket = $1 AND revoked_at IS NULL AND expires_at > $2",
    )
    .bind(link.ticket)
    .bind(link.at)
    .one(&mut tx.on)
    .await?;
    if Columns::of(&row).int()? >= MOST_LINKS {
        return Err(StoreError::refused(
            "page",
            wording!("the ticket has {} addresses that are good", MOST_LINKS),
        )
        .remedy(wording!("revoke some of them")));
    }
    let id = Id::random();
    Query::new(
        "INSERT INTO requester_links (id, secret_hash, ticket, created_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(&link.secret_hash[..])
    .bind(link.ticket)
    .bind(&link.created_by)
    .bind(link.at)
    .bind(link.expires_at)
    .execute(&mut tx.on)
    .await?;
    let subject = format!("ticket {}", link.ticket);
    audit::note(
        tx,
        &link.created_by,
        "page.create",
        subject,
        &id.to_string(),
        link.at,
    )
    .await?;
    Ok(Link {
        id,
        ticket: link.ticket,
        created_by: link.created_by.clone(),
        created_at: link.at,
        expires_at: link.expires_at,
        revoked_at: None,
    })
}

fn read(columns: &mut Columns<'_>) -> Result<Link, StoreError> {
    Ok(Link {
        id: columns.id()?,
        ticket: columns.int()?,
        created_by: columns.text()?,
        created_at: columns.int()?,
        expires_at: columns.int()?,
        revoked_at: columns.opt_int()?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, NOW, on_both};
    use super::*;

    fn link(ticket: i64, secret: u8) -> NewLink {
        NewLink {
            ticket,
            secret_hash: [secret; 32],
            expires_at: NOW + 10,
            created_by: "ann".into(),
            at: NOW,
        }
    }

    #[tokio::test]
    async fn an_address_is_good_until_it_expires_or_is_revoked() {
        on_both(|store| async move {
            let ticket = store
                .open_ticket(testing::slow(vec![]))
                .await
                .unwrap()
                .number;
            let made = store.make_link(link(ticket, 1)).await.unwrap();
            let found = |secret: u8, at| {
                let store = store.clone();
                async move { store.link(&[secret; 32], at).await.unwrap() }
            };
            assert_eq!(found(1, NOW + 9).await, Some(made.clone()));
            assert_eq!(found(1, NOW + 10).await, None);
            assert_eq!(found(2, NOW).await, None);
            let other = store.revoke_link(ticket + 1, made.id, "ann", NOW + 1).await;
            assert_eq!(other, Err(StoreError::not_found(wording!("page"))));
            store
                .revoke_link(ticket, made.id, "ann", NOW + 1)
                .await
                .unwrap();
            assert_eq!(found(1, NOW + 2).await, None);
            assert!(store.links(ticket, NOW + 2).await.unwrap().is_empty());
            assert_eq!(store.forget_links(NOW + 11).await.unwrap(), 1);
        })
        .await;
    }

    #[tokio::test]
    async fn a_ticket_has_only_so_many() {
        on_both(|store| async move {
            let ticket = store
                .open_ticket(testing::slow(vec![]))
                .await
                .unwrap()
                .number;
            for secret in 0..MOST_LINKS as u8 {
                store.make_link(link(ticket, secret)).await.unwrap();
            }
            let more = store.make_link(link(ticket, 99)).await.unwrap_err();
            assert!(more.to_string().contains("20 addresses"), "{more}");
            let nowhere = store.make_link(link(ticket + 1, 98)).await;
            assert_eq!(nowhere, Err(StoreError::not_found(wording!("ticket"))));
        })
        .await;
    }
}
