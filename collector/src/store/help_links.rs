//! Addresses at which somebody at a device asks for help in their browser. Each is good once, and not for long.

use super::tickets::{self, NewSaid, Taken};
use super::{Columns, Query, Store, StoreError, TimeUs, Tx};
use crate::wording::wording;

/// How long one is good, microseconds: ten minutes.
pub const GOOD_US: i64 = 600_000_000;
/// Those of one device that are good at a time; beyond that the oldest gives way.
const MOST_OF_DEVICE: i64 = 50;

/// An address to be made. Its secret is the caller's to know; only the hash is kept.
#[derive(Debug, Clone)]
pub struct NewHelpLink {
    pub secret_hash: [u8; 32],
    pub device_key: i64,
    pub login: String,
    pub at: TimeUs,
}

/// Who comes with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpLink {
    pub device_key: i64,
    pub login: String,
}

impl Store {
    /// Keeps an address.
    ///
    /// # Errors
    /// The store's own.
    pub async fn make_help_link(&self, link: NewHelpLink) -> Result<(), StoreError> {
        self.write(link, |tx, link| Box::pin(make(tx, link))).await
    }

    /// The address with this secret, if it is good.
    ///
    /// # Errors
    /// The store's own.
    pub async fn help_link(
        &self,
        secret_hash: &[u8; 32],
        now: TimeUs,
    ) -> Result<Option<HelpLink>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT device_key, login FROM help_links WHERE secret_hash = $1 AND expires_at > $2",
        )
        .bind(&secret_hash[..])
        .bind(now)
        .read_optional(&mut on, read)
        .await
    }

    /// Uses an address up; who came with it.
    ///
    /// # Errors
    /// Not found: it is not good, or was used.
    pub async fn use_help_link(
        &self,
        secret_hash: [u8; 32],
        now: TimeUs,
    ) -> Result<HelpLink, StoreError> {
        self.write((secret_hash, now), |tx, (hash, now)| {
            Box::pin(use_up(tx, hash, *now))
        })
        .await
    }

    /// Uses an address up for what is said by it; the device, and the ticket that has come or changed by it: none, it is
    /// refused as too much.
    ///
    /// # Errors
    /// Not found: the address is not good, or was used.
    pub async fn say_by_link(
        &self,
        secret_hash: [u8; 32],
        said: NewSaid,
    ) -> Result<(i64, Option<Taken>), StoreError> {
        self.write((secret_hash, said), |tx, (hash, said)| {
            Box::pin(async move {
                let link = use_up(tx, hash, said.taken_at).await?;
                let said = NewSaid {
                    login: link.login,
                    ..said.clone()
                };
                let taken = tickets::take_said(tx, link.device_key, &said).await?;
                Ok((link.device_key, taken))
            })
        })
        .await
    }

    /// Forgets addresses that are good no more.
    ///
    /// # Errors
    /// The store's own.
    pub async fn forget_help_links(&self, now: TimeUs) -> Result<u64, StoreError> {
        self.write(now, |tx, now| {
            Box::pin(async move {
                Query::new("DELETE FROM help_links WHERE expires_at <= $1")
                    .bind(*now)
                    .execute(&mut tx.on)
                    .await
            })
        })
        .await
    }
}

fn read(columns: &mut Columns<'_>) -> Result<HelpLink, StoreError> {
    Ok(HelpLink {
        device_key: columns.int()?,
        login: columns.text()?,
    })
}

async fn make(tx: &mut Tx, link: &NewHelpLink) -> Result<(), StoreError> {
    Query::new(
        "DELETE FROM help_links WHERE device_key = $1 AND secret_hash NOT IN (SELECT secret_hash FROM help_links \
         WHERE device_key = $1 ORDER BY expires_at DESC LIMIT $2)",
    )
    .bind(link.device_key)
    .bind(MOST_OF_DEVICE - 1)
    .execute(&mut tx.on)
    .await?;
    Query::new(
        "INSERT INTO help_links (secret_hash, device_key, login, expires_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(&link.secret_hash[..])
    .bind(link.device_key)
    .bind(&link.login)
    .bind(link.at + GOOD_US)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

async fn use_up(tx: &mut Tx, secret_hash: &[u8; 32], now: TimeUs) -> Result<HelpLink, StoreError> {
    Query::new(
        "DELETE FROM help_links WHERE secret_hash = $1 AND expires_at > $2 RETURNING device_key, login",
    )
    .bind(&secret_hash[..])
    .bind(now)
    .read_optional(&mut tx.on, read)
    .await?
    .ok_or(StoreError::not_found(wording!("page")))
}

#[cfg(test)]
mod tests {
    use super::super::Id;
    use super::super::testing::{NOW, device, on_both};
    use super::*;

    fn link(device_key: i64, secret: u8, at: TimeUs) -> NewHelpLink {
        NewHelpLink {
            secret_hash: [secret; 32],
            device_key,
            login: "rosa".into(),
            at,
        }
    }

    #[tokio::test]
    async fn an_address_is_good_once_and_not_for_long() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            store.make_help_link(link(key, 1, NOW)).await.unwrap();
            let rosa = HelpLink {
                device_key: key,
                login: "rosa".into(),
            };
            let found = store.help_link(&[1; 32], NOW + GOOD_US - 1).await.unwrap();
            assert_eq!(found, Some(rosa.clone()), "a look does not use it up");
            assert_eq!(store.help_link(&[1; 32], NOW + GOOD_US).await, Ok(None));
            let said = NewSaid {
                said_id: Id::random(),
                login: "root".into(),
                full_name: String::new(),
                text: "no sound".into(),
                ticket: None,
                solved: false,
                asked_at: NOW,
                taken_at: NOW,
            };
            let (_, taken) = store.say_by_link([1; 32], said.clone()).await.unwrap();
            let ticket = store.ticket(taken.unwrap().number).await.unwrap().unwrap();
            assert_eq!(
                ticket.ticket.asked.unwrap().login,
                "rosa",
                "whoever the address is for"
            );
            let again = store.say_by_link([1; 32], said).await;
            assert_eq!(again, Err(StoreError::not_found(wording!("page"))));
            store.make_help_link(link(key, 2, NOW)).await.unwrap();
            assert_eq!(store.use_help_link([2; 32], NOW).await, Ok(rosa));
            assert!(store.use_help_link([2; 32], NOW).await.is_err());
        })
        .await;
    }

    #[tokio::test]
    async fn a_device_has_only_so_many() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            for n in 0..=MOST_OF_DEVICE {
                let link = link(key, n as u8, NOW + n);
                store.make_help_link(link).await.unwrap();
            }
            assert_eq!(store.help_link(&[0; 32], NOW).await, Ok(None));
            assert!(store.help_link(&[1; 32], NOW).await.unwrap().is_some());
            let later = NOW + GOOD_US + MOST_OF_DEVICE;
            assert_eq!(
                store.forget_help_links(later).await,
                Ok(MOST_OF_DEVICE as u64)
            );
        })
        .await;
    }
}
