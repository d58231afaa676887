//! Mutes: findings that open no alert, for a device, a site or the fleet, until a time or until they change.

use super::super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx, audit};
use super::SilenceKey;
use crate::wording::wording;

/// Where a mute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Device { device_key: i64 },
    Site { site_key: i64 },
    Fleet,
}

/// A mute to be made.
#[derive(Debug, Clone)]
pub struct NewMute {
    pub scope: Scope,
    /// Empty: every check.
    pub check: String,
    /// None: every subject.
    pub subject: Option<String>,
    pub reason: String,
    pub created_by: String,
    /// None: until the finding changes its status.
    pub until: Option<TimeUs>,
    pub at: TimeUs,
}

/// A mute that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mute {
    pub id: Id,
    pub scope: Scope,
    pub check: String,
    pub subject: Option<String>,
    pub reason: String,
    pub created_by: String,
    pub created_at: TimeUs,
    pub until: Option<TimeUs>,
}

impl Mute {
    pub fn key(&self) -> SilenceKey {
        SilenceKey::new(self.created_at, self.id)
    }

    /// Whether it holds for a finding that has had its status since `since`.
    pub fn covers(
        &self,
        device_key: i64,
        site_key: i64,
        check: &str,
        subject: &str,
        since: TimeUs,
    ) -> bool {
        let in_scope = match self.scope {
            Scope::Device { device_key: of } => of == device_key,
            Scope::Site { site_key: of } => of == site_key,
            Scope::Fleet => true,
        };
        in_scope
            && (self.check.is_empty() || self.check == check)
            && self.subject.as_ref().is_none_or(|of| of == subject)
            && (self.until.is_some() || since <= self.created_at)
    }
}

fn read(columns: &mut Columns<'_>) -> Result<Mute, StoreError> {
    let id = columns.id()?;
    let scope = match (columns.opt_int()?, columns.opt_int()?) {
        (Some(device_key), _) => Scope::Device { device_key },
        (None, Some(site_key)) => Scope::Site { site_key },
        (None, None) => Scope::Fleet,
    };
    Ok(Mute {
        id,
        scope,
        check: columns.text()?,
        subject: columns.opt_text()?,
        reason: columns.text()?,
        created_by: columns.text()?,
        created_at: columns.int()?,
        until: columns.opt_int()?,
    })
}

impl Store {
    /// Makes a mute and gives its id.
    ///
    /// # Errors
    /// The store's own.
    pub async fn create_mute(&self, mute: NewMute) -> Result<Id, StoreError> {
        self.write(mute, |tx, mute| Box::pin(create(tx, mute)))
            .await
    }

    /// Mutes that hold at a moment, the newest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn mutes(&self, at: TimeUs) -> Result<Vec<Mute>, StoreError> {
        let mut on = self.reader().await?;
        holding(&mut on, at).await
    }

    /// Ends a mute.
    ///
    /// # Errors
    /// Not found: the mute.
    pub async fn end_mute(&self, id: Id, by: &str, at: TimeUs) -> Result<(), StoreError> {
        self.write((id, by.to_owned(), at), |tx, (id, by, at)| {
            Box::pin(async move {
                let n_rows =
                    Query::new("UPDATE mutes SET ended_at = COALESCE(ended_at, $1) WHERE id = $2")
                        .bind(*at)
                        .bind(*id)
                        .execute(&mut tx.on)
                        .await?;
                match n_rows {
                    0 => Err(StoreError::not_found(wording!("mute"))),
                    _ => audit::note(tx, by, "mute.end", id, "", *at).await,
                }
            })
        })
        .await
    }
}

/// Those that hold at a moment, the newest first.
pub(super) async fn holding(
    on: &mut sqlx::AnyConnection,
    at: TimeUs,
) -> Result<Vec<Mute>, StoreError> {
    Query::new(
        "SELECT id, device_key, site_key, check_id, subject, reason, created_by, created_at, until_at FROM mutes \
         WHERE created_at <= $1 AND (ended_at IS NULL OR ended_at > $1) AND (until_at IS NULL OR until_at > $1) \
         ORDER BY created_at DESC, id DESC LIMIT 10000",
    )
    .bind(at)
    .read(on, read)
    .await
}

async fn create(tx: &mut Tx, mute: &NewMute) -> Result<Id, StoreError> {
    let id = Id::random();
    let (device_key, site_key) = match mute.scope {
        Scope::Device { device_key } => (Some(device_key), None),
        Scope::Site { site_key } => (None, Some(site_key)),
        Scope::Fleet => (None, None),
    };
    Query::new(
        "INSERT INTO mutes (id, device_key, site_key, check_id, subject, reason, created_by, created_at, until_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(device_key)
    .bind(site_key)
    .bind(&mute.check)
    .bind(mute.subject.as_deref())
    .bind(&mute.reason)
    .bind(&mute.created_by)
    .bind(mute.at)
    .bind(mute.until)
    .execute(&mut tx.on)
    .await?;
    audit::note(
        tx,
        &mute.created_by,
        "mute.create",
        id,
        &mute.reason,
        mute.at,
    )
    .await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{NOW, on_both};
    use super::*;

    fn mute(scope: Scope, check: &str, until: Option<TimeUs>) -> Mute {
        Mute {
            id: Id([0; 16]),
            scope,
            check: check.into(),
            subject: None,
            reason: String::new(),
            created_by: "ann".into(),
            created_at: NOW,
            until,
        }
    }

    #[test]
    fn a_mute_covers_its_scope_and_ends_with_the_status_it_was_made_for() {
        let covers = |mute: Mute, since| mute.covers(1, 2, "disk.space", "/", since);
        assert!(covers(mute(Scope::Device { device_key: 1 }, "", None), NOW));
        assert!(!covers(
            mute(Scope::Device { device_key: 9 }, "", None),
            NOW
        ));
        assert!(covers(
            mute(Scope::Site { site_key: 2 }, "disk.space", None),
            NOW
        ));
        assert!(!covers(mute(Scope::Fleet, "net.dns", None), NOW));
        assert!(!covers(mute(Scope::Fleet, "", None), NOW + 1));
        assert!(covers(mute(Scope::Fleet, "", Some(NOW + 9)), NOW + 1));
    }

    #[tokio::test]
    async fn a_mute_holds_until_its_time_or_its_end() {
        on_both(|store| async move {
            let new = |until| NewMute {
                scope: Scope::Fleet,
                check: "disk.space".into(),
                subject: Some("/".into()),
                reason: "being moved".into(),
                created_by: "ann".into(),
                until,
                at: NOW,
            };
            store.create_mute(new(Some(NOW + 10))).await.unwrap();
            let lasting = store.create_mute(new(None)).await.unwrap();
            assert_eq!(store.mutes(NOW + 9).await.unwrap().len(), 2);
            assert_eq!(store.mutes(NOW + 10).await.unwrap().len(), 1);
            store.end_mute(lasting, "ann", NOW).await.unwrap();
            assert_eq!(store.mutes(NOW + 10).await.unwrap(), []);
        })
        .await;
    }
}
