//! What is a person's beside their own rows: tickets, and the names under which devices know them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Id, Query, Store, StoreError, TimeUs, audit};
use super::{LOGIN, Person, SELECT, read, with_contacts};
use crate::desk::person::folded;
use crate::wording::wording;

/// Tickets that are looked at together.
const PAGE: i64 = 1_000;
/// Tickets of one person that are gone through, and as many that may be somebody else's.
pub const MOST_TICKETS: usize = 10_000;

/// Somebody as one device knows them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownAs {
    pub device_key: i64,
    pub login: String,
}

/// What is a person's, as far as it can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traces {
    pub person: Person,
    /// Others of the site with the same name.
    pub n_namesakes: usize,
    pub known_as: BTreeSet<KnownAs>,
    /// Tickets that they have asked for, the oldest first.
    pub tickets: Vec<i64>,
    /// Tickets in their name that may be a namesake's.
    pub doubtful: Vec<i64>,
}

/// A ticket, as far as it says who has asked.
struct Asking {
    number: i64,
    /// Who the directory says that is.
    person: Option<Id>,
    requester: String,
    known_as: Option<KnownAs>,
}

impl Store {
    /// What is a person's: tickets that name them, those of their site in their name or from a device that knows them, and
    /// those logins.
    ///
    /// # Errors
    /// Refused: there are more tickets than [`MOST_TICKETS`].
    pub async fn traces(&self, id: Id) -> Result<Option<Traces>, StoreError> {
        let mut on = self.reader().await?;
        traces(&mut on, id).await
    }
}

pub(super) async fn traces(
    on: &mut sqlx::AnyConnection,
    id: Id,
) -> Result<Option<Traces>, StoreError> {
    let found = Query::new(SELECT)
        .push("WHERE p.id = ")
        .arg(id)
        .read(on, read)
        .await?;
    let Some(person) = with_contacts(on, found).await?.pop() else {
        return Ok(None);
    };
    let name = folded(&person.details.name);
    let others = others(on, &person).await?;
    let n_namesakes = others.iter().filter(|other| **other == name).count();
    let others: BTreeSet<String> = others.into_iter().collect();
    let mut known_as = known_as(on, &person).await?;
    let mut foreign = BTreeSet::new();
    let askings = askings(on, person.site_key, &name, &others).await?;
    for asking in &askings {
        let Some(as_known) = &asking.known_as else {
            continue;
        };
        match (asking.person, asking.requester == name) {
            (Some(person), _) if person == id => {
                known_as.insert(as_known.clone());
            }
            (None, true) if n_namesakes == 0 => {
                known_as.insert(as_known.clone());
            }
            // Somebody else was found to be that login.
            (Some(_), _) => {
                foreign.insert(as_known.clone());
            }
            (None, false) if others.contains(&asking.requester) => {
                foreign.insert(as_known.clone());
            }
            (None, _) => {}
        }
    }
    known_as.retain(|one| !foreign.contains(one));
    let mut tickets = said_to_be(on, id).await?;
    let mut doubtful = Vec::new();
    for asking in askings {
        let is_known = asking.known_as.is_some_and(|one| known_as.contains(&one));
        match (asking.person, asking.requester == name) {
            (Some(_), _) => {}
            (None, true) if n_namesakes > 0 && !is_known => doubtful.push(asking.number),
            (None, false) if !is_known => {}
            (None, _) => {
                tickets.insert(asking.number);
            }
        }
    }
    doubtful.retain(|number| !tickets.contains(number));
    let tickets: Vec<i64> = tickets.into_iter().collect();
    if tickets.len().max(doubtful.len()) > MOST_TICKETS {
        let why = wording!("there are more than {} tickets", MOST_TICKETS);
        return Err(StoreError::refused("person", why));
    }
    Ok(Some(Traces {
        person,
        n_namesakes,
        known_as,
        tickets,
        doubtful,
    }))
}

/// Tickets of any site of which somebody has said, or the directory found, that the person asks for them or once did.
async fn said_to_be(on: &mut sqlx::AnyConnection, id: Id) -> Result<BTreeSet<i64>, StoreError> {
    let found = Query::new("SELECT ticket FROM ticket_persons WHERE person = $1 ORDER BY ticket")
        .bind(id)
        .read(on, |columns| columns.int());
    Ok(found.await?.into_iter().collect())
}

/// The names of the others of the site, folded.
async fn others(on: &mut sqlx::AnyConnection, person: &Person) -> Result<Vec<String>, StoreError> {
    Query::new("SELECT folded FROM persons WHERE site_key = $1 AND id <> $2")
        .bind(person.site_key)
        .bind(person.id)
        .read(on, |columns| columns.text())
        .await
}

/// Logins that people have asked under at the site and that are the person's by name or mail address: nobody else's could
/// they be, or the device is theirs.
async fn known_as(
    on: &mut sqlx::AnyConnection,
    person: &Person,
) -> Result<BTreeSet<KnownAs>, StoreError> {
    let own: BTreeSet<i64> = Query::new("SELECT device_key FROM person_devices WHERE person = $1")
        .bind(person.id)
        .read(on, |columns| columns.int())
        .await?
        .into_iter()
        .collect();
    let logins = person.details.logins();
    let mut shared = BTreeSet::new();
    for some in logins.chunks(100) {
        let query = Query::new(
            "SELECT c.compared FROM person_contacts c JOIN persons p ON p.id = c.person WHERE c.kind = ",
        )
        .arg(LOGIN)
        .push(" AND p.site_key = ")
        .arg(person.site_key)
        .push(" AND p.id <> ")
        .arg(person.id)
        .push(" AND c.compared IN ")
        .list(some.iter().map(String::as_str));
        shared.extend(query.read(on, |columns| columns.text()).await?);
    }
    let said = Query::new(
        "SELECT DISTINCT h.device_key, h.login FROM (SELECT device_key, login FROM help_said \
         UNION SELECT device_key, login FROM help_links) h JOIN devices d ON d.device_key = h.device_key \
         WHERE d.site_key = $1",
    )
    .bind(person.site_key)
    .read(on, |columns| {
        Ok(KnownAs {
            device_key: columns.int()?,
            login: columns.text()?,
        })
    })
    .await?;
    let is_theirs = |one: &KnownAs| {
        let login = compared(&one.login);
        logins.contains(&login) && (own.contains(&one.device_key) || !shared.contains(&login))
    };
    Ok(said.into_iter().filter(is_theirs).collect())
}

/// A login as it is compared; Windows writes it behind its domain.
fn compared(login: &str) -> String {
    login.rsplit('\\').next().unwrap_or_default().to_lowercase()
}

/// Tickets of a site that are in this name or were asked for on a device.
async fn askings(
    on: &mut sqlx::AnyConnection,
    site_key: i64,
    name: &str,
    others: &BTreeSet<String>,
) -> Result<Vec<Asking>, StoreError> {
    let mut found = Vec::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = Query::new(
            "SELECT number, person, requester, asked_device_key, asked_login FROM tickets WHERE site_key = $1 AND number > $2 \
             ORDER BY number LIMIT $3",
        )
        .bind(site_key)
        .bind(after)
        .bind(PAGE)
        .read(on, |columns| {
            let (number, person) = (columns.int()?, columns.opt_id()?);
            let (requester, device_key) = (columns.opt_text()?, columns.opt_int()?);
            Ok((number, person, requester, device_key, columns.opt_text()?))
        })
        .await?;
        let Some((last, ..)) = page.last() else {
            return Ok(found);
        };
        after = *last;
        if names.len() > MOST_TICKETS {
            names.clear();
        }
        for (number, person, requester, device_key, login) in page {
            let requester = requester.unwrap_or_default();
            let fold = || folded(&requester);
            let requester = names.entry(requester.clone()).or_insert_with(fold).clone();
            let known_as = device_key
                .zip(login)
                .map(|(device_key, login)| KnownAs { device_key, login });
            let matters = match &known_as {
                None => requester == name,
                Some(_) => true,
            };
            // Who else has asked is compared by name alone.
            let requester = match requester == name || others.contains(&requester) {
                true => requester,
                false => String::new(),
            };
            if matters {
                found.push(Asking {
                    number,
                    person,
                    requester,
                    known_as,
                });
            }
        }
    }
}

/// Something that was said on a device under a name that is the person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidThere {
    pub known_as: KnownAs,
    pub said_id: Id,
    pub asked_at: TimeUs,
    pub taken_at: TimeUs,
    pub ticket: Option<i64>,
    pub reason: Option<String>,
}

impl Store {
    /// What was said under these names, the oldest first, `most` at most.
    ///
    /// # Errors
    /// The store's own.
    pub async fn said_as(
        &self,
        known_as: &BTreeSet<KnownAs>,
        most: usize,
    ) -> Result<Vec<SaidThere>, StoreError> {
        let mut on = self.reader().await?;
        let mut found = Vec::new();
        for one in known_as {
            let some = Query::new(
                "SELECT said_id, asked_at, taken_at, ticket, reason FROM help_said WHERE device_key = $1 AND login = $2 \
                 ORDER BY taken_at, said_id LIMIT $3",
            )
            .bind(one.device_key)
            .bind(&one.login)
            .bind(most.saturating_sub(found.len()) as i64)
            .read(&mut on, |columns| {
                Ok(SaidThere {
                    known_as: one.clone(),
                    said_id: columns.id()?,
                    asked_at: columns.int()?,
                    taken_at: columns.int()?,
                    ticket: columns.opt_int()?,
                    reason: columns.opt_text()?,
                })
            });
            found.extend(some.await?);
        }
        Ok(found)
    }

    /// Keeps in the audit log that all that is known of a person was given out.
    ///
    /// # Errors
    /// The store's own.
    pub async fn person_exported(&self, id: Id, by: &str, at: TimeUs) -> Result<(), StoreError> {
        self.write((id, by.to_owned(), at), |tx, (id, by, at)| {
            Box::pin(audit::note(tx, by, "person.export", *id, "", *at))
        })
        .await
    }
}
