//! Calendars and agreements as their authors wrote them, in every version there was: what a clock has counted under one
//! stays counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::desk::calendar::{Calendar, Hours};
use crate::desk::sla::{Agreement, Book, Edition, Terms};

use super::{Query, Store, StoreError, TimeUs, Tx, audit};

/// Calendars, and as many agreements.
pub const MOST: usize = 200;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    Calendar,
    Agreement,
}

impl RuleKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Agreement => "agreement",
        }
    }
}

/// A calendar or an agreement in one of its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    pub kind: RuleKind,
    pub name: String,
    /// JSON; none: it was removed.
    pub body: Option<String>,
    pub since: TimeUs,
    pub changed_by: String,
}

/// The book as the writer has read it, and how many versions and which last one it was made of.
#[derive(Default)]
pub(super) struct BookCache(Option<(i64, i64, Arc<Book>)>);

impl Store {
    /// Those of a kind that there are, by name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn desk_rules(&self, kind: RuleKind) -> Result<Vec<RuleRow>, StoreError> {
        let mut on = self.reader().await?;
        let mut present = BTreeMap::new();
        for row in all(&mut on).await? {
            if row.kind == kind {
                present.insert(row.name.clone(), row);
            }
        }
        Ok(present
            .into_values()
            .filter(|row| row.body.is_some())
            .collect())
    }

    /// Keeps a new version, or with no body removes it; with the audit entry.
    ///
    /// # Errors
    /// Not found: what is to be removed, the calendar of an agreement. Refused: there are as many as there can be, or
    /// agreements count by the calendar that is to be removed.
    pub async fn set_desk_rule(&self, rule: RuleRow) -> Result<(), StoreError> {
        self.write(rule, |tx, rule| Box::pin(set(tx, rule))).await
    }

    /// When the rules last changed.
    ///
    /// # Errors
    /// The store's own.
    pub async fn desk_rules_changed(&self) -> Result<Option<TimeUs>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new("SELECT MAX(since) FROM desk_rules")
            .read_optional(&mut on, |columns| columns.opt_int());
        Ok(found.await?.flatten())
    }
}

async fn all(on: &mut sqlx::AnyConnection) -> Result<Vec<RuleRow>, StoreError> {
    Query::new(
        "SELECT kind, name, body, since, changed_by FROM desk_rules ORDER BY since, kind, name",
    )
    .read(on, |columns| {
        let kind = columns.text()?;
        Ok(RuleRow {
            kind: [RuleKind::Calendar, RuleKind::Agreement]
                .into_iter()
                .find(|known| known.as_str() == kind)
                .ok_or_else(|| StoreError::Broken(format!("a rule is a {kind:?}")))?,
            name: columns.text()?,
            body: columns.opt_text()?,
            since: columns.int()?,
            changed_by: columns.text()?,
        })
    })
    .await
}

/// What holds at each moment, as this transaction sees it; none: nothing was ever promised.
pub(super) async fn book(tx: &mut Tx) -> Result<Option<Arc<Book>>, StoreError> {
    let (n_versions, last) = Query::new("SELECT COUNT(*), COALESCE(MAX(since), 0) FROM desk_rules")
        .read_optional(&mut tx.on, |columns| Ok((columns.int()?, columns.int()?)))
        .await?
        .unwrap_or_default();
    if n_versions == 0 {
        return Ok(None);
    }
    if let Some((n_known, of, book)) = &tx.book.0
        && (*n_known, *of) == (n_versions, last)
    {
        return Ok(Some(Arc::clone(book)));
    }
    let book = Arc::new(bound(&all(&mut tx.on).await?)?);
    tx.book.0 = Some((n_versions, last, Arc::clone(&book)));
    Ok(Some(book))
}

/// The time zone of the calendar by which the tickets of a site count at a moment; none: nothing is promised for them.
pub(super) async fn zone(
    on: &mut sqlx::AnyConnection,
    site: &str,
    at: TimeUs,
) -> Result<Option<TimeZone>, StoreError> {
    let book = bound(&all(on).await?)?;
    // Where it is, not whose it is.
    let terms = book.terms(at, site, None);
    Ok(terms.map(|terms| terms.calendar.zone().clone()))
}

/// An edition for each moment at which something changed.
fn bound(rows: &[RuleRow]) -> Result<Book, StoreError> {
    let broken =
        |name: &str, error: String| StoreError::Broken(format!("the rule {name}: {error}"));
    let moments: BTreeSet<TimeUs> = rows.iter().map(|row| row.since).collect();
    let mut calendars: BTreeMap<&str, Arc<Calendar>> = BTreeMap::new();
    let mut agreements: BTreeMap<&str, Arc<Agreement>> = BTreeMap::new();
    let mut editions = Vec::with_capacity(moments.len());
    for since in moments {
        for row in rows.iter().filter(|row| row.since == since) {
            let json = |error: serde_json::Error| broken(&row.name, error.to_string());
            match (row.kind, &row.body) {
                (RuleKind::Calendar, Some(body)) => {
                    let hours: Hours = serde_json::from_str(body).map_err(json)?;
                    let calendar = Calendar::new(&hours);
                    let calendar =
                        calendar.map_err(|error| broken(&row.name, error.to_string()))?;
                    calendars.insert(&row.name, Arc::new(calendar));
                }
                (RuleKind::Agreement, Some(body)) => {
                    let agreement = serde_json::from_str(body).map_err(json)?;
                    agreements.insert(&row.name, Arc::new(agreement));
                }
                (RuleKind::Calendar, None) => {
                    calendars.remove(row.name.as_str());
                }
                (RuleKind::Agreement, None) => {
                    agreements.remove(row.name.as_str());
                }
            }
        }
        let terms = agreements.iter().filter_map(|(name, agreement)| {
            Some(Terms {
                name: (*name).to_owned(),
                agreement: Arc::clone(agreement),
                calendar: Arc::clone(calendars.get(agreement.calendar.as_str())?),
            })
        });
        editions.push(Edition {
            since,
            agreements: terms.collect(),
        });
    }
    Ok(Book::new(editions))
}

async fn set(tx: &mut Tx, rule: &RuleRow) -> Result<(), StoreError> {
    let rows = all(&mut tx.on).await?;
    let mut present: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for row in &rows {
        let key = (row.kind.as_str(), row.name.as_str());
        match &row.body {
            Some(body) => present.insert(key, body),
            None => present.remove(&key),
        };
    }
    let key = (rule.kind.as_str(), rule.name.as_str());
    match (&rule.body, rule.kind) {
        (None, _) if !present.contains_key(&key) => {
            return Err(StoreError::NotFound {
                what: rule.kind.as_str(),
            });
        }
        (None, RuleKind::Calendar) => {
            let counts_by = |body: &str| {
                serde_json::from_str::<Agreement>(body)
                    .is_ok_and(|known| known.calendar == rule.name)
            };
            let by: Vec<&str> = present
                .iter()
                .filter(|((kind, _), body)| {
                    *kind == RuleKind::Agreement.as_str() && counts_by(body)
                })
                .map(|((_, name), _)| *name)
                .collect();
            if !by.is_empty() {
                let reason = format!("agreements count by it: {}", by.join(", "));
                return Err(StoreError::refused("calendar", reason));
            }
        }
        (None, RuleKind::Agreement) => {}
        (Some(body), kind) => {
            let of_kind = present.keys().filter(|(of, _)| *of == kind.as_str());
            if !present.contains_key(&key) && of_kind.count() >= MOST {
                let reason = format!("there are {MOST} already, which are the most");
                return Err(StoreError::refused(kind.as_str(), reason));
            }
            let calendar = serde_json::from_str::<Agreement>(body).map(|known| known.calendar);
            if let (RuleKind::Agreement, Ok(calendar)) = (kind, calendar)
                && !present.contains_key(&(RuleKind::Calendar.as_str(), calendar.as_str()))
            {
                return Err(StoreError::NotFound { what: "calendar" });
            }
        }
    }
    // Two versions never begin at once, and none before the last one.
    let last = rows.last().map_or(i64::MIN, |row| row.since);
    let since = rule.since.max(last.saturating_add(1));
    Query::new(
        "INSERT INTO desk_rules (kind, name, since, body, changed_by) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(rule.kind.as_str())
    .bind(&rule.name)
    .bind(since)
    .bind(rule.body.as_deref())
    .bind(&rule.changed_by)
    .execute(&mut tx.on)
    .await?;
    let deed = match &rule.body {
        Some(_) => format!("{}.set", rule.kind.as_str()),
        None => format!("{}.remove", rule.kind.as_str()),
    };
    let detail = rule.body.as_deref().unwrap_or_default();
    audit::note(tx, &rule.changed_by, &deed, &rule.name, detail, rule.since).await
}
