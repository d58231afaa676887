//! The stretch of time of which the first words on a ticket speak, and what was measured in it.

use serde::{Deserialize, Serialize};

use jiff::tz::TimeZone;

use super::super::metrics::Frozen;
use super::super::tickets::Happened;
use super::super::{Query, Store, StoreError, TimeUs, desk_rules};
use crate::desk::event::{Event, Window};
use crate::desk::spoken_time::{Spoken, spoken};

/// First events of a ticket among which its title and its first text are.
const FIRST_EVENTS: u32 = 20;

/// A window as a snapshot keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenWindow {
    pub words: String,
    pub from_us: TimeUs,
    pub to_us: TimeUs,
    pub metrics: Frozen,
}

impl FrozenWindow {
    /// As the ticket says it.
    pub(super) fn event(&self) -> Window {
        Window {
            words: self.words.clone(),
            from_at: self.from_us,
            to_at: self.to_us,
        }
    }
}

impl Store {
    /// What was measured on a device when, as the ticket's own words say, it was that something happened; none: they do not
    /// say it.
    pub(super) async fn freeze_window(
        &self,
        ticket: i64,
        device_key: i64,
    ) -> Result<Option<FrozenWindow>, StoreError> {
        let Some(Spoken { words, from, to }) = self.spoken_of(ticket).await? else {
            return Ok(None);
        };
        let metrics = self.freeze_metrics(device_key, from, to);
        Ok(Some(FrozenWindow {
            words,
            from_us: from,
            to_us: to,
            metrics: metrics.await?,
        }))
    }

    /// Of the ticket's title, else of the first note or message on it, by the clock of its site. What somebody has said on
    /// their own machine counts from the moment that they meant.
    async fn spoken_of(&self, ticket: i64) -> Result<Option<Spoken>, StoreError> {
        let mut texts = Vec::new();
        let mut site = String::new();
        for happened in self.timeline(ticket, 0, FIRST_EVENTS).await? {
            let Happened::Known(event) = happened.event else {
                continue;
            };
            let (text, asked) = if let Event::Opened {
                title,
                site: of,
                asked,
                ..
            } = event
            {
                site = of;
                (title, asked)
            } else if let Event::Noted { text } = event {
                (text, None)
            } else if let Event::Messaged { text, asked, .. } = event {
                (text, asked)
            } else {
                continue;
            };
            texts.push((text, asked.map_or(happened.at, |asked| asked.at)));
            if texts.len() == 2 {
                break;
            }
        }
        let Some((_, opened_at)) = texts.first() else {
            return Ok(None);
        };
        let zone = self.zone_of(&site, *opened_at).await?;
        let found = texts.iter().find_map(|(text, at)| spoken(text, *at, &zone));
        Ok(found)
    }

    /// Of the calendar by which a site's tickets count, else the collector's own.
    async fn zone_of(&self, site: &str, at: TimeUs) -> Result<TimeZone, StoreError> {
        let mut on = self.reader().await?;
        let zone = desk_rules::zone(&mut on, site, at).await?;
        Ok(zone.unwrap_or_else(TimeZone::system))
    }

    /// Whether the device's first snapshot on a ticket is still to be taken.
    pub(super) async fn is_owed(&self, ticket: i64, device_key: i64) -> Result<bool, StoreError> {
        let mut on = self.reader().await?;
        let owed = Query::new("SELECT at FROM snapshots_due WHERE ticket = $1 AND device_key = $2")
            .bind(ticket)
            .bind(device_key)
            .read_optional(&mut on, |columns| columns.int());
        Ok(owed.await?.is_some())
    }
}

#[cfg(test)]
mod tests;
