//! Other systems that are told what happens to tickets, and what they are told.

mod deliveries;
#[cfg(test)]
mod tests;

pub(super) use deliveries::owe;
pub use deliveries::{Attempted, Delivery, DeliveryState, Due, MOST_WAITING};

use super::{Columns, Query, Store, StoreError, TimeUs, Tx, audit, sites};
use crate::wording::wording;

/// Endpoints.
pub const MOST: i64 = 50;

/// An endpoint to be made.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    pub name: String,
    pub url: String,
    pub secret: Vec<u8>,
    /// Names; none: all.
    pub sites: Vec<String>,
    /// Of events; none: all.
    pub kinds: Vec<String>,
    pub by: String,
    pub at: TimeUs,
}

/// What is to be another; none: it stays.
#[derive(Debug, Clone, Default)]
pub struct WebhookChange {
    pub name: String,
    pub url: Option<String>,
    pub sites: Option<Vec<String>>,
    pub kinds: Option<Vec<String>>,
    pub enabled: Option<bool>,
    pub by: String,
    pub at: TimeUs,
}

/// An endpoint as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub name: String,
    pub url: String,
    pub sites: Vec<String>,
    pub kinds: Vec<String>,
    pub is_enabled: bool,
    pub disabled_reason: Option<String>,
    pub failing_since: Option<TimeUs>,
    pub created_by: String,
    pub created_at: TimeUs,
    pub n_waiting: i64,
    pub n_dead: i64,
}

const SELECT: &str = "SELECT w.name, w.url, w.kinds, w.is_enabled, w.disabled_reason, w.failing_since, w.created_by, \
     w.created_at, \
     (SELECT COUNT(*) FROM webhook_deliveries d WHERE d.webhook_key = w.webhook_key AND d.state = 'waiting'), \
     (SELECT COUNT(*) FROM webhook_deliveries d WHERE d.webhook_key = w.webhook_key AND d.state = 'dead') \
     FROM webhooks w ";

impl Store {
    /// Keeps an endpoint, with the audit entry.
    ///
    /// # Errors
    /// Conflict: there is one of that name. Not found: a site. Refused: there are [`MOST`].
    pub async fn add_webhook(&self, webhook: NewWebhook) -> Result<(), StoreError> {
        self.write(webhook, |tx, webhook| Box::pin(add(tx, webhook)))
            .await
    }

    /// Endpoints by name, after one.
    ///
    /// # Errors
    /// The store's own.
    pub async fn webhooks(
        &self,
        after: Option<&str>,
        most: u32,
    ) -> Result<Vec<Webhook>, StoreError> {
        let mut on = self.reader().await?;
        let by_name = self.dialect.by_bytes("w.name");
        let query = Query::new(SELECT)
            .push(&format!("WHERE {by_name} > "))
            .arg(after.unwrap_or_default())
            .push(&format!(" ORDER BY {by_name} LIMIT "))
            .arg(most);
        let mut found = query.read(&mut on, read).await?;
        with_sites(&mut on, &mut found).await?;
        Ok(found)
    }

    /// One endpoint.
    ///
    /// # Errors
    /// The store's own.
    pub async fn webhook(&self, name: &str) -> Result<Option<Webhook>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(SELECT).push("WHERE w.name = $1").bind(name);
        let mut found = found.read(&mut on, read).await?;
        with_sites(&mut on, &mut found).await?;
        Ok(found.pop())
    }

    /// Changes an endpoint, with the audit entry. One that is enabled again is tried at once.
    ///
    /// # Errors
    /// Not found: the endpoint, a site.
    pub async fn change_webhook(&self, change: WebhookChange) -> Result<(), StoreError> {
        self.write(change, |tx, change| Box::pin(alter(tx, change)))
            .await
    }

    /// Gives an endpoint another secret; messages are signed with the one before too, until `old_until`.
    ///
    /// # Errors
    /// Not found: the endpoint.
    pub async fn renew_webhook_secret(
        &self,
        name: &str,
        secret: Vec<u8>,
        old_until: TimeUs,
        by: &str,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        let given = (name.to_owned(), secret, old_until, by.to_owned(), at);
        self.write(given, |tx, (name, secret, old_until, by, at)| {
            Box::pin(async move {
                let webhook_key = key(tx, name).await?;
                Query::new(
                    "UPDATE webhooks SET old_secret = secret, old_until = $1, secret = $2 WHERE webhook_key = $3",
                )
                .bind(*old_until)
                .bind(secret)
                .bind(webhook_key)
                .execute(&mut tx.on)
                .await?;
                audit::note(tx, by, "webhook.secret", name, "", *at).await
            })
        })
        .await
    }

    /// Removes an endpoint with all that waits for it, with the audit entry.
    ///
    /// # Errors
    /// Not found: the endpoint.
    pub async fn remove_webhook(&self, name: &str, by: &str, at: TimeUs) -> Result<(), StoreError> {
        let given = (name.to_owned(), by.to_owned(), at);
        self.write(given, |tx, (name, by, at)| {
            Box::pin(async move {
                let webhook_key = key(tx, name).await?;
                for text in [
                    "DELETE FROM webhook_deliveries WHERE webhook_key = $1",
                    "DELETE FROM webhook_sites WHERE webhook_key = $1",
                    "DELETE FROM webhooks WHERE webhook_key = $1",
                ] {
                    let remove = Query::new(text).bind(webhook_key);
                    remove.execute(&mut tx.on).await?;
                }
                audit::note(tx, by, "webhook.remove", name, "", *at).await
            })
        })
        .await
    }
}

fn read(columns: &mut Columns<'_>) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        name: columns.text()?,
        url: columns.text()?,
        sites: Vec::new(),
        kinds: split(&columns.text()?),
        is_enabled: columns.truth()?,
        disabled_reason: columns.opt_text()?,
        failing_since: columns.opt_int()?,
        created_by: columns.text()?,
        created_at: columns.int()?,
        n_waiting: columns.int()?,
        n_dead: columns.int()?,
    })
}

fn split(kinds: &str) -> Vec<String> {
    let kinds = kinds.split(',').filter(|kind| !kind.is_empty());
    kinds.map(str::to_owned).collect()
}

async fn with_sites(
    on: &mut sqlx::AnyConnection,
    webhooks: &mut [Webhook],
) -> Result<(), StoreError> {
    let sites = Query::new(
        "SELECT w.name, s.name FROM webhook_sites h JOIN webhooks w ON w.webhook_key = h.webhook_key \
         JOIN sites s ON s.site_key = h.site_key WHERE w.name IN ",
    )
    .list(webhooks.iter().map(|webhook| webhook.name.as_str()))
    .push(" ORDER BY s.site_key")
    .read(on, |columns| Ok((columns.text()?, columns.text()?)))
    .await?;
    for webhook in webhooks {
        let own = sites.iter().filter(|(of, _)| *of == webhook.name);
        webhook.sites = own.map(|(_, site)| site.clone()).collect();
    }
    Ok(())
}

async fn key(tx: &mut Tx, name: &str) -> Result<i64, StoreError> {
    Query::new("SELECT webhook_key FROM webhooks WHERE name = $1")
        .bind(name)
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?
        .ok_or(StoreError::not_found(wording!("webhook")))
}

async fn add(tx: &mut Tx, webhook: &NewWebhook) -> Result<(), StoreError> {
    let n_known = Query::new("SELECT COUNT(*) FROM webhooks")
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?;
    if n_known.unwrap_or_default() >= MOST {
        let reason = wording!("there are {} already, which are the most", MOST);
        return Err(StoreError::refused("name", reason));
    }
    if key(tx, &webhook.name).await.is_ok() {
        let reason = wording!("there is a webhook {} already", ?webhook.name);
        return Err(StoreError::conflict(reason));
    }
    Query::new(
        "INSERT INTO webhooks (name, url, secret, kinds, is_enabled, created_by, created_at) \
         VALUES ($1, $2, $3, $4, 1, $5, $6)",
    )
    .bind(&webhook.name)
    .bind(&webhook.url)
    .bind(&webhook.secret)
    .bind(webhook.kinds.join(","))
    .bind(&webhook.by)
    .bind(webhook.at)
    .execute(&mut tx.on)
    .await?;
    let webhook_key = key(tx, &webhook.name).await?;
    set_sites(tx, webhook_key, &webhook.sites).await?;
    let detail = &webhook.url;
    audit::note(
        tx,
        &webhook.by,
        "webhook.add",
        &webhook.name,
        detail,
        webhook.at,
    )
    .await
}

async fn set_sites(tx: &mut Tx, webhook_key: i64, names: &[String]) -> Result<(), StoreError> {
    Query::new("DELETE FROM webhook_sites WHERE webhook_key = $1")
        .bind(webhook_key)
        .execute(&mut tx.on)
        .await?;
    for name in names {
        let site_key = sites::site_key(tx, name).await?;
        Query::new(
            "INSERT INTO webhook_sites (webhook_key, site_key) VALUES ($1, $2) \
             ON CONFLICT (webhook_key, site_key) DO NOTHING",
        )
        .bind(webhook_key)
        .bind(site_key)
        .execute(&mut tx.on)
        .await?;
    }
    Ok(())
}

async fn alter(tx: &mut Tx, change: &WebhookChange) -> Result<(), StoreError> {
    let webhook_key = key(tx, &change.name).await?;
    let mut said = Vec::new();
    if let Some(url) = &change.url {
        Query::new("UPDATE webhooks SET url = $1 WHERE webhook_key = $2")
            .bind(url)
            .bind(webhook_key)
            .execute(&mut tx.on)
            .await?;
        said.push(format!("url {url}"));
    }
    if let Some(kinds) = &change.kinds {
        Query::new("UPDATE webhooks SET kinds = $1 WHERE webhook_key = $2")
            .bind(kinds.join(","))
            .bind(webhook_key)
            .execute(&mut tx.on)
            .await?;
        said.push(format!("kinds {}", kinds.join(",")));
    }
    if let Some(sites) = &change.sites {
        set_sites(tx, webhook_key, sites).await?;
        said.push(format!("sites {}", sites.join(", ")));
    }
    match change.enabled {
        None => {}
        Some(false) => {
            disable(tx, webhook_key, None).await?;
            said.push("disabled".to_owned());
        }
        Some(true) => {
            for text in [
                "UPDATE webhooks SET is_enabled = 1, disabled_reason = NULL, failing_since = NULL \
                 WHERE webhook_key = $1 AND $2 > 0",
                "UPDATE webhook_deliveries SET n_attempts = 0, next_at = $2 WHERE webhook_key = $1 AND state = 'waiting'",
            ] {
                let change = Query::new(text).bind(webhook_key).bind(change.at);
                change.execute(&mut tx.on).await?;
            }
            said.push("enabled".to_owned());
        }
    }
    let detail = said.join("; ");
    audit::note(
        tx,
        &change.by,
        "webhook.set",
        &change.name,
        &detail,
        change.at,
    )
    .await
}

async fn disable(tx: &mut Tx, webhook_key: i64, reason: Option<&str>) -> Result<(), StoreError> {
    Query::new("UPDATE webhooks SET is_enabled = 0, disabled_reason = $1 WHERE webhook_key = $2")
        .bind(reason)
        .bind(webhook_key)
        .execute(&mut tx.on)
        .await?;
    Ok(())
}
