//! The audit log: who did what to what, each entry chained to the one before by its hash.

use ring::digest::{Context, SHA256};

use super::{Columns, Query, Store, StoreError, TimeUs, Tx, escape_like};

/// Something that somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub at: TimeUs,
    /// Account, or `device ID`, or `collector`.
    pub actor: String,
    /// "account.create", "work.action".
    pub deed: String,
    pub subject: String,
    pub detail: String,
}

/// An entry in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub seq: i64,
    pub entry: Entry,
    /// Hash of the entry before; zeros before the first.
    pub previous: [u8; 32],
    pub hash: [u8; 32],
}

/// What became of checking the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    Whole {
        n_entries: i64,
    },
    /// Number of the first entry that does not fit.
    BrokenAt {
        seq: i64,
    },
}

/// Which entries a list holds.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    pub actor: Option<String>,
    pub subject: Option<String>,
    /// A deed, or what stands before the points of several: "account" is all that was done to accounts.
    pub deed: Option<String>,
    pub from: Option<TimeUs>,
    /// Not this moment itself.
    pub to: Option<TimeUs>,
    /// Numbers before this one.
    pub before: Option<i64>,
    pub most: u32,
}

/// Entries read at a time while the chain is checked.
const PAGE: i64 = 1_000;

impl Store {
    /// Entries before `before`, the newest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn audit_log(&self, before: Option<i64>, most: u32) -> Result<Vec<Link>, StoreError> {
        let filter = AuditFilter {
            before,
            most,
            ..AuditFilter::default()
        };
        self.audit_entries(&filter).await
    }

    /// Entries of a filter, the newest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn audit_entries(&self, filter: &AuditFilter) -> Result<Vec<Link>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT)
            .push("WHERE seq < ")
            .arg(filter.before.unwrap_or(i64::MAX));
        let exactly = [
            (" AND actor = ", &filter.actor),
            (" AND subject = ", &filter.subject),
        ];
        for (is, value) in exactly {
            if let Some(value) = value {
                query = query.push(is).arg(value);
            }
        }
        if let Some(deed) = &filter.deed {
            query = query
                .push(" AND (deed = ")
                .arg(deed)
                .push(" OR deed LIKE ")
                .arg(format!("{}.%", escape_like(deed)))
                .push(" ESCAPE '!')");
        }
        for (side, at) in [(" AND at >= ", filter.from), (" AND at < ", filter.to)] {
            if let Some(at) = at {
                query = query.push(side).arg(at);
            }
        }
        query
            .push(" ORDER BY seq DESC LIMIT ")
            .arg(filter.most)
            .read(&mut on, read)
            .await
    }

    /// Checks every entry against its hash and the one before.
    ///
    /// # Errors
    /// The store's own.
    pub async fn verify_audit(&self) -> Result<Verified, StoreError> {
        let mut on = self.reader().await?;
        let mut last = (0, [0; 32]);
        loop {
            let links = Query::new(SELECT)
                .push("WHERE seq > $1 ORDER BY seq LIMIT $2")
                .bind(last.0)
                .bind(PAGE)
                .read(&mut on, read)
                .await?;
            if links.is_empty() {
                return Ok(Verified::Whole { n_entries: last.0 });
            }
            for link in links {
                let fits = link.seq == last.0 + 1
                    && link.previous == last.1
                    && link.hash == hash(link.seq, &link.entry, &link.previous);
                if !fits {
                    return Ok(Verified::BrokenAt { seq: last.0 + 1 });
                }
                last = (link.seq, link.hash);
            }
        }
    }
}

const SELECT: &str = "SELECT seq, at, actor, deed, subject, detail, previous, hash FROM audit ";

fn read(columns: &mut Columns<'_>) -> Result<Link, StoreError> {
    let hash = |bytes: Vec<u8>| {
        bytes
            .try_into()
            .map_err(|_| StoreError::Broken("a hash is not 32 bytes".into()))
    };
    Ok(Link {
        seq: columns.int()?,
        entry: Entry {
            at: columns.int()?,
            actor: columns.text()?,
            deed: columns.text()?,
            subject: columns.text()?,
            detail: columns.text()?,
        },
        previous: hash(columns.bytes()?)?,
        hash: hash(columns.bytes()?)?,
    })
}

/// Adds an entry in the transaction of the deed itself: neither is there without the other.
pub(super) async fn note(
    tx: &mut Tx,
    actor: &str,
    deed: &str,
    subject: impl std::fmt::Display,
    detail: &str,
    at: TimeUs,
) -> Result<(), StoreError> {
    let entry = Entry {
        at,
        actor: actor.to_owned(),
        deed: deed.to_owned(),
        subject: subject.to_string(),
        detail: detail.to_owned(),
    };
    append(tx, &entry).await
}

async fn append(tx: &mut Tx, entry: &Entry) -> Result<(), StoreError> {
    let last = Query::new(SELECT)
        .push("ORDER BY seq DESC LIMIT 1")
        .read_optional(&mut tx.on, read)
        .await?;
    let (seq, previous) = last.map_or((1, [0; 32]), |link| (link.seq + 1, link.hash));
    // What the store would not keep as it is must not be hashed as it is.
    let entry = Entry {
        actor: entry.actor.replace('\0', "\u{fffd}"),
        deed: entry.deed.replace('\0', "\u{fffd}"),
        subject: entry.subject.replace('\0', "\u{fffd}"),
        detail: entry.detail.replace('\0', "\u{fffd}"),
        at: entry.at,
    };
    let hash = hash(seq, &entry, &previous);
    Query::new(
        "INSERT INTO audit (seq, at, actor, deed, subject, detail, previous, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(seq)
    .bind(entry.at)
    .bind(&entry.actor)
    .bind(&entry.deed)
    .bind(&entry.subject)
    .bind(&entry.detail)
    .bind(&previous[..])
    .bind(&hash[..])
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

/// SHA-256 over number, time, the four texts each behind its length, and the hash before.
fn hash(seq: i64, entry: &Entry, previous: &[u8; 32]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(&seq.to_le_bytes());
    context.update(&entry.at.to_le_bytes());
    for text in [&entry.actor, &entry.deed, &entry.subject, &entry.detail] {
        context.update(&(text.len() as u64).to_le_bytes());
        context.update(text.as_bytes());
    }
    context.update(previous);
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NOW, ask_writer, on_both};
    use super::*;

    fn entry(detail: &str) -> Entry {
        Entry {
            at: NOW,
            actor: "ann".into(),
            deed: "ticket.open".into(),
            subject: "1".into(),
            detail: detail.into(),
        }
    }

    #[tokio::test]
    async fn the_first_broken_link_is_named() {
        on_both(|store| async move {
            assert_eq!(
                store.verify_audit().await,
                Ok(Verified::Whole { n_entries: 0 })
            );
            for detail in ["one", "two\0", "three"] {
                let added = store.write(entry(detail), |tx, entry| Box::pin(append(tx, entry)));
                added.await.unwrap();
            }
            assert_eq!(
                store.verify_audit().await,
                Ok(Verified::Whole { n_entries: 3 })
            );
            ask_writer(
                &store,
                "UPDATE audit SET detail = 'other' WHERE seq = 2 RETURNING detail",
            )
            .await
            .unwrap();
            assert_eq!(
                store.verify_audit().await,
                Ok(Verified::BrokenAt { seq: 2 })
            );
            ask_writer(&store, "DELETE FROM audit WHERE seq = 2 RETURNING detail")
                .await
                .unwrap();
            assert_eq!(
                store.verify_audit().await,
                Ok(Verified::BrokenAt { seq: 2 })
            );
        })
        .await;
    }
}
