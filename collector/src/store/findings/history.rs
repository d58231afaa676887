//! How findings came about.

use sonde_proto::v1;

use super::super::{Query, Store, StoreError, TimeUs};
use super::{GONE, code, finding};

/// A change of a finding's status.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingChange {
    pub at: TimeUs,
    /// None: its subject is no more.
    pub status: Option<v1::Status>,
    pub finding: v1::Finding,
}

impl Store {
    /// How a device's findings changed after `from` up to `to`, oldest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn finding_history(
        &self,
        device_key: i64,
        from: TimeUs,
        to: TimeUs,
        most: u32,
    ) -> Result<Vec<FindingChange>, StoreError> {
        let mut on = self.reader().await?;
        let rows = Query::new(
            "SELECT at, status, body FROM finding_history WHERE device_key = $1 AND at > $2 AND at <= $3 \
             ORDER BY at, history_key LIMIT $4",
        )
        .bind(device_key)
        .bind(from)
        .bind(to)
        .bind(most)
        .read(&mut on, |columns| {
            Ok((columns.int()?, columns.int()?, columns.bytes()?))
        })
        .await?;
        rows.into_iter()
            .map(|(at, status, body)| {
                Ok(FindingChange {
                    at,
                    status: (status != GONE)
                        .then(|| i32::try_from(status + 1).ok())
                        .flatten()
                        .and_then(|status| v1::Status::try_from(status).ok()),
                    finding: finding(&body)?,
                })
            })
            .collect()
    }

    /// When a finding went wrong last, and since when it had been well before; `None`: it was never well since it is
    /// known. Nothing: it is not known to have been wrong.
    ///
    /// # Errors
    /// The store's own.
    pub async fn went_wrong(
        &self,
        device_key: i64,
        check: &str,
        subject: &str,
    ) -> Result<Option<(TimeUs, Option<TimeUs>)>, StoreError> {
        let mut on = self.reader().await?;
        let history = Query::new(
            "SELECT at, status FROM finding_history WHERE device_key = $1 AND check_id = $2 AND subject = $3 \
             ORDER BY at, history_key",
        )
        .bind(device_key)
        .bind(check)
        .bind(subject)
        .read(&mut on, |columns| Ok((columns.int()?, columns.int()?)))
        .await?;
        let mut wrong_since = None;
        let mut well_since = None;
        for (at, status) in history {
            let is_wrong =
                status == code(v1::Status::Warning) || status == code(v1::Status::Critical);
            let is_well = status == code(v1::Status::Ok) || status == GONE;
            match wrong_since {
                None if is_wrong => wrong_since = Some((at, well_since)),
                Some(_) if is_well => wrong_since = None,
                None | Some(_) => {}
            }
            if is_well {
                well_since = Some(at);
            }
        }
        Ok(wrong_since)
    }
}
