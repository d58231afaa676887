//! Calendars, agreements and rules of escalation as their authors wrote them, in every version there was: what a clock has
//! counted under one stays counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::desk::calendar::{Calendar, Hours};
use crate::desk::escalation;
use crate::desk::sla::{Agreement, Book, Edition, Terms};

use super::{Query, Store, StoreError, TimeUs, Tx, audit};
use crate::wording::{Wording, wording};

/// Of each kind.
pub const MOST: usize = 200;

/// What a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    Calendar,
    Agreement,
    Escalation,
}

impl RuleKind {
    const ALL: [Self; 3] = [Self::Calendar, Self::Agreement, Self::Escalation];

    /// One of the kind, as a person says it.
    pub(crate) fn wording(self) -> Wording {
        match self {
            Self::Calendar => wording!("calendar"),
            Self::Agreement => wording!("agreement"),
            Self::Escalation => wording!("escalation"),
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Agreement => "agreement",
            Self::Escalation => "escalation",
        }
    }
}

/// A rule in one of its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    pub kind: RuleKind,
    pub name: String,
    /// JSON; none: it was removed.
    pub body: Option<String>,
    pub since: TimeUs,
    pub changed_by: String,
}

/// All rules as they hold.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) book: Arc<Book>,
    /// By name.
    pub(super) escalations: Vec<escalation::Named>,
}

/// The rules as the writer has read them, and how many versions and which last one they were made of.
#[derive(Default)]
pub(super) struct BookCache(Option<(i64, i64, Arc<Held>)>);

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
            kind: RuleKind::ALL
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

/// What holds, as this transaction sees it; none: there never was a rule.
pub(super) async fn held(tx: &mut Tx) -> Result<Option<Arc<Held>>, StoreError> {
    let (n_versions, last) = Query::new("SELECT COUNT(*), COALESCE(MAX(since), 0) FROM desk_rules")
        .read_optional(&mut tx.on, |columns| Ok((columns.int()?, columns.int()?)))
        .await?
        .unwrap_or_default();
    if n_versions == 0 {
        return Ok(None);
    }
    if let Some((n_known, of, held)) = &tx.book.0
        && (*n_known, *of) == (n_versions, last)
    {
        return Ok(Some(Arc::clone(held)));
    }
    let held = Arc::new(present(&mut tx.on).await?);
    tx.book.0 = Some((n_versions, last, Arc::clone(&held)));
    Ok(Some(held))
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

/// What holds at each moment for clocks.
pub(super) async fn book(tx: &mut Tx) -> Result<Option<Arc<Book>>, StoreError> {
    Ok(held(tx).await?.map(|held| Arc::clone(&held.book)))
}

/// What holds, for who only reads.
pub(super) async fn present(on: &mut sqlx::AnyConnection) -> Result<Held, StoreError> {
    let rows = all(on).await?;
    Ok(Held {
        book: Arc::new(bound(&rows)?),
        escalations: escalations(&rows)?,
    })
}

/// Those whose last version was not removed.
fn escalations(rows: &[RuleRow]) -> Result<Vec<escalation::Named>, StoreError> {
    let own = rows.iter().filter(|row| row.kind == RuleKind::Escalation);
    let last: BTreeMap<&str, &RuleRow> = own.map(|row| (&*row.name, row)).collect();
    let read = |(name, row): (&str, &RuleRow)| {
        let rule = serde_json::from_str(row.body.as_deref()?);
        let rule = rule.map_err(|error: serde_json::Error| broken(name, error.to_string()));
        Some(rule.map(|rule| escalation::Named {
            name: name.to_owned(),
            rule,
        }))
    };
    last.into_iter().filter_map(read).collect()
}

fn broken(name: &str, error: String) -> StoreError {
    StoreError::Broken(format!("the rule {name}: {error}"))
}

/// An edition for each moment at which a calendar or an agreement changed.
fn bound(rows: &[RuleRow]) -> Result<Book, StoreError> {
    let promises = rows.iter().filter(|row| row.kind != RuleKind::Escalation);
    let moments: BTreeSet<TimeUs> = promises.map(|row| row.since).collect();
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
                (RuleKind::Escalation, _) => {}
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
            return Err(StoreError::not_found(rule.kind.wording()));
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
                let reason = wording!("agreements count by it: {}", by.join(", "));
                return Err(StoreError::refused("calendar", reason));
            }
        }
        (None, RuleKind::Agreement | RuleKind::Escalation) => {}
        (Some(body), kind) => {
            let of_kind = present.keys().filter(|(of, _)| *of == kind.as_str());
            if !present.contains_key(&key) && of_kind.count() >= MOST {
                let reason = wording!("there are {} already, which are the most", MOST);
                return Err(StoreError::refused(kind.as_str(), reason));
            }
            let calendar = serde_json::from_str::<Agreement>(body).map(|known| known.calendar);
            if let (RuleKind::Agreement, Ok(calendar)) = (kind, calendar)
                && !present.contains_key(&(RuleKind::Calendar.as_str(), calendar.as_str()))
            {
                return Err(StoreError::not_found(wording!("calendar")));
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
