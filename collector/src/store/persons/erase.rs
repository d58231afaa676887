//! A person is forgotten, on tickets too.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    Id, Query, Store, StoreError, TimeUs, Tx, attachments, audit, random_bytes, search, tickets,
};
use super::traces::{KnownAs, Traces, traces};
use super::write::forget;
use crate::desk::person::erasure::Erasure;
use crate::digest::hex;
use crate::wording::wording;

/// Rows in one statement.
const AT_ONCE: usize = 100;

/// Somebody to be forgotten.
#[derive(Debug, Clone)]
pub struct ErasePerson {
    pub id: Id,
    /// What they wrote goes too.
    pub words: bool,
    pub by: String,
    pub at: TimeUs,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// What stands on tickets in their place.
    pub pseudonym: String,
    /// Tickets that they had asked for.
    pub tickets: Vec<i64>,
    /// Tickets in their name that may be a namesake's: they are as they were.
    pub doubtful: Vec<i64>,
}

impl Store {
    /// Forgets a person: their entry, and on tickets their name, logins, addresses and numbers. Facts of devices, jobs,
    /// snapshots and the audit log are as they were.
    ///
    /// # Errors
    /// Not found: the person. Refused: there are too many tickets.
    pub async fn erase_person(&self, erase: ErasePerson) -> Result<Erased, StoreError> {
        self.write(erase, |tx, erase| Box::pin(run(tx, erase)))
            .await
    }
}

async fn run(tx: &mut Tx, erase: &ErasePerson) -> Result<Erased, StoreError> {
    let missing = StoreError::not_found(wording!("person"));
    let found = traces(&mut tx.on, erase.id).await?.ok_or(missing)?;
    let details = &found.person.details;
    let logins: BTreeSet<&String> = found.known_as.iter().map(|one| &one.login).collect();
    let erasure = Erasure {
        id: erase.id.to_string(),
        pseudonym: pseudonym(tx).await?,
        name: details.name.clone(),
        mails: details.mails.clone(),
        phones: details.phones.clone(),
        logins: logins.into_iter().cloned().collect(),
        words: erase.words,
    };
    let actors = actors(tx, &found.known_as, &erasure.pseudonym).await?;
    for number in &found.tickets {
        let is_theirs = |login: &str| found.known_as.iter().any(|one| one.login == login);
        let without = |event: &_| erasure.of_event(event, is_theirs);
        tickets::rewrite(tx, *number, without, &actors).await?;
        if erase.words {
            attachments::forget(tx, *number).await?;
        }
        Query::new(
            "UPDATE requester_links SET revoked_at = $1 WHERE ticket = $2 AND revoked_at IS NULL",
        )
        .bind(erase.at)
        .bind(*number)
        .execute(&mut tx.on)
        .await?;
    }
    // Where they answered on a ticket that somebody else asked for.
    for number in answered(tx, &found, &actors).await? {
        tickets::rewrite(tx, number, Clone::clone, &actors).await?;
    }
    search::forget_unused(tx).await?;
    for one in &found.known_as {
        said(tx, one, &erasure.pseudonym).await?;
    }
    calls(tx, &found).await?;
    forget(tx, erase.id).await?;
    let n_tickets = found.tickets.len();
    let detail = format!("{n_tickets} tickets");
    audit::note(tx, &erase.by, "person.erase", erase.id, &detail, erase.at).await?;
    Ok(Erased {
        pseudonym: erasure.pseudonym,
        tickets: found.tickets,
        doubtful: found.doubtful,
    })
}

/// One that nobody has yet.
async fn pseudonym(tx: &mut Tx) -> Result<String, StoreError> {
    loop {
        // Of 4 bytes: there may be 100,000 persons.
        let one = format!("person {}", hex(&random_bytes::<4>()));
        let is_taken = Query::new("SELECT number FROM tickets WHERE requester = $1 LIMIT 1")
            .bind(&one)
            .read_optional(&mut tx.on, |columns| columns.int())
            .await?;
        if is_taken.is_none() {
            return Ok(one);
        }
    }
}

/// Who did what on the devices that know them, and who did it from now on.
async fn actors(
    tx: &mut Tx,
    known_as: &BTreeSet<KnownAs>,
    pseudonym: &str,
) -> Result<BTreeMap<String, String>, StoreError> {
    let mut actors = BTreeMap::new();
    for one in known_as {
        let hostname = Query::new("SELECT hostname FROM devices WHERE device_key = $1")
            .bind(one.device_key)
            .read_optional(&mut tx.on, |columns| columns.text())
            .await?
            .unwrap_or_default();
        let (before, after) = (
            format!("{} on {hostname}", one.login),
            format!("{pseudonym} on {hostname}"),
        );
        actors.insert(before, after);
    }
    Ok(actors)
}

/// Tickets about devices that know them, beside their own, on which they have done something.
async fn answered(
    tx: &mut Tx,
    found: &Traces,
    actors: &BTreeMap<String, String>,
) -> Result<Vec<i64>, StoreError> {
    let devices: BTreeSet<i64> = found.known_as.iter().map(|one| one.device_key).collect();
    let devices: Vec<i64> = devices.into_iter().collect();
    let names: Vec<&str> = actors.keys().map(String::as_str).collect();
    let mut numbers = BTreeSet::new();
    for some in devices.chunks(AT_ONCE) {
        for names in names.chunks(AT_ONCE) {
            let query = Query::new(
                "SELECT DISTINCT e.ticket FROM ticket_devices h JOIN ticket_events e ON e.ticket = h.ticket \
                 JOIN tickets t ON t.number = h.ticket WHERE t.site_key = ",
            )
            .arg(found.person.site_key)
            .push(" AND h.device_key IN ")
            .list(some.iter().copied())
            .push(" AND e.actor IN ")
            .list(names.iter().copied());
            numbers.extend(query.read(&mut tx.on, |columns| columns.int()).await?);
        }
    }
    let own = |number: &i64| found.tickets.contains(number) || found.doubtful.contains(number);
    Ok(numbers.into_iter().filter(|number| !own(number)).collect())
}

/// What a device knows of them: what was said there, and the addresses to say more.
async fn said(tx: &mut Tx, one: &KnownAs, pseudonym: &str) -> Result<(), StoreError> {
    Query::new("UPDATE help_said SET login = $1 WHERE device_key = $2 AND login = $3")
        .bind(pseudonym)
        .bind(one.device_key)
        .bind(&one.login)
        .execute(&mut tx.on)
        .await?;
    Query::new("DELETE FROM help_links WHERE device_key = $1 AND login = $2")
        .bind(one.device_key)
        .bind(&one.login)
        .execute(&mut tx.on)
        .await?;
    Ok(())
}

/// Answers to calls that may be repeated, which name them.
async fn calls(tx: &mut Tx, found: &Traces) -> Result<(), StoreError> {
    let details = &found.person.details;
    let id = found.person.id.to_string();
    let texts = [&id, &details.name]
        .into_iter()
        .chain(&details.mails)
        .chain(&details.phones);
    for text in texts {
        // As it stands in JSON.
        let quoted = serde_json::Value::from(text.as_str()).to_string();
        let pattern = format!("%{}%", super::super::escape_like(quoted.trim_matches('"')));
        Query::new("DELETE FROM idempotency WHERE answer LIKE $1 ESCAPE '!'")
            .bind(pattern)
            .execute(&mut tx.on)
            .await?;
    }
    Ok(())
}
