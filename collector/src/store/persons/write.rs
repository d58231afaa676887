//! Persons come, change and go.

use std::collections::{BTreeSet, HashMap};

use super::super::{Id, Query, Store, StoreError, TimeUs, Tx, Value, audit, insert_rows, sites};
use super::{LOGIN, MAIL, MOST, NAMED_AT_ONCE, PHONE, Person, SELECT, read, with_contacts};
use crate::desk::person::import::{self, Known, Line, Planned};
use crate::desk::person::{Details, Language, folded, mail, telephone};
use crate::wording::wording;

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub site: String,
    pub details: Details,
    pub by: String,
    pub at: TimeUs,
}

/// What is known of a person from now on.
#[derive(Debug, Clone)]
pub struct PersonChange {
    pub id: Id,
    pub site: String,
    pub details: Details,
    /// The version that the caller saw; none: whichever it is.
    pub expected_version: Option<i64>,
    pub by: String,
    pub at: TimeUs,
}

/// A list of persons.
#[derive(Debug, Clone)]
pub struct ImportPersons {
    pub lines: Vec<Line>,
    /// Whose persons may be changed; none: of all sites.
    pub sites: Option<Vec<i64>>,
    /// Names of the sites that the list may name.
    pub names: BTreeSet<String>,
    /// Of new persons whose line names none.
    pub site: String,
    pub by: String,
    pub at: TimeUs,
}

/// What became of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    pub n_added: usize,
    pub n_changed: usize,
    /// It says nothing new of them.
    pub n_same: usize,
}

/// A person on the way to their rows.
struct Row<'a> {
    id: Id,
    site_key: i64,
    details: &'a Details,
    version: i64,
}

impl Store {
    /// Adds a person.
    ///
    /// # Errors
    /// Not found: the site. Refused: the details, there are as many as there can be.
    pub async fn add_person(&self, person: NewPerson) -> Result<Id, StoreError> {
        self.write(person, |tx, person| Box::pin(add(tx, person)))
            .await
    }

    /// Replaces what is known of a person. Devices of another site than theirs are theirs no more.
    ///
    /// # Errors
    /// Not found: the person, the site. Refused: the details. Conflict: the version is another.
    pub async fn set_person(&self, change: PersonChange) -> Result<(), StoreError> {
        self.write(change, |tx, change| Box::pin(set(tx, change)))
            .await
    }

    /// Forgets a person.
    ///
    /// # Errors
    /// Not found: the person.
    pub async fn remove_person(&self, id: Id, by: &str, at: TimeUs) -> Result<(), StoreError> {
        self.write((id, by.to_owned(), at), |tx, (id, by, at)| {
            Box::pin(remove(tx, *id, by, *at))
        })
        .await
    }

    /// Takes a list whole, or nothing of it.
    ///
    /// # Errors
    /// Refused: what is wrong with it, by line and column; there are as many persons as there can be.
    pub async fn import_persons(&self, list: ImportPersons) -> Result<Imported, StoreError> {
        self.write(list, |tx, list| Box::pin(take(tx, list))).await
    }
}

fn judge(details: &Details) -> Result<(), StoreError> {
    details.validate().map_err(|refusal| StoreError::Refused {
        field: refusal.field.to_owned(),
        reason: refusal.reason,
        remedy: refusal.remedy,
    })
}

/// There is room for so many more.
async fn room(tx: &mut Tx, n_more: usize) -> Result<(), StoreError> {
    let there = Query::new("SELECT COUNT(*) FROM persons")
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?
        .unwrap_or_default();
    match there.saturating_add(n_more as i64) > MOST {
        true => Err(StoreError::refused(
            "persons",
            wording!("there are {}, and {} are the most", there, MOST),
        )
        .remedy(wording!("remove those who are not helped any more"))),
        false => Ok(()),
    }
}

async fn add(tx: &mut Tx, person: &NewPerson) -> Result<Id, StoreError> {
    judge(&person.details)?;
    room(tx, 1).await?;
    let id = Id::random();
    let row = Row {
        id,
        site_key: sites::site_key(tx, &person.site).await?,
        details: &person.details,
        version: 1,
    };
    save(tx, &[row], &person.by, person.at).await?;
    audit::note(tx, &person.by, "person.add", id, &person.site, person.at).await?;
    Ok(id)
}

async fn set(tx: &mut Tx, change: &PersonChange) -> Result<(), StoreError> {
    judge(&change.details)?;
    let version = Query::new("SELECT version FROM persons WHERE id = $1")
        .bind(change.id)
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?
        .ok_or(StoreError::not_found(wording!("person")))?;
    if change.expected_version.is_some_and(|seen| seen != version) {
        return Err(StoreError::conflict(wording!(
            "the person has changed since: the version is {}",
            version
        )));
    }
    let row = Row {
        id: change.id,
        site_key: sites::site_key(tx, &change.site).await?,
        details: &change.details,
        version: version + 1,
    };
    save(tx, &[row], &change.by, change.at).await?;
    audit::note(
        tx,
        &change.by,
        "person.set",
        change.id,
        &change.site,
        change.at,
    )
    .await
}

async fn remove(tx: &mut Tx, id: Id, by: &str, at: TimeUs) -> Result<(), StoreError> {
    forget(tx, id).await?;
    audit::note(tx, by, "person.remove", id, "", at).await
}

/// Forgets what the directory knows of a person.
pub(super) async fn forget(tx: &mut Tx, id: Id) -> Result<(), StoreError> {
    for of_them in [
        "DELETE FROM person_devices WHERE person = $1",
        "DELETE FROM person_contacts WHERE person = $1",
    ] {
        Query::new(of_them).bind(id).execute(&mut tx.on).await?;
    }
    let n_rows = Query::new("DELETE FROM persons WHERE id = $1")
        .bind(id)
        .execute(&mut tx.on)
        .await?;
    match n_rows {
        0 => Err(StoreError::not_found(wording!("person"))),
        _ => Ok(()),
    }
}

async fn take(tx: &mut Tx, list: &ImportPersons) -> Result<Imported, StoreError> {
    let present = present(tx, list).await?;
    let versions: HashMap<Id, i64> = present
        .iter()
        .map(|person| (person.id, person.version))
        .collect();
    let known = present.into_iter().map(|person| Known {
        key: person.id,
        site: person.site,
        details: person.details,
    });
    let planned = import::plan(list.lines.clone(), known.collect(), &list.names, &list.site);
    let planned = planned.map_err(|wrongs| {
        StoreError::refused("csv", import::told(&wrongs)).remedy(import::remedy())
    })?;
    let n_added = planned.iter().filter(|one| one.key.is_none()).count();
    let n_same = planned.iter().filter(|one| one.is_same).count();
    room(tx, n_added).await?;
    let mut keys: HashMap<&str, i64> = HashMap::new();
    for Planned { site, .. } in &planned {
        if !keys.contains_key(site.as_str()) {
            keys.insert(site, sites::site_key(tx, site).await?);
        }
    }
    let rows = planned.iter().filter(|one| !one.is_same).map(|one| {
        let version = one.key.and_then(|id| versions.get(&id).copied());
        Row {
            id: one.key.unwrap_or_else(Id::random),
            site_key: keys.get(one.site.as_str()).copied().unwrap_or_default(),
            details: &one.details,
            version: version.unwrap_or_default() + 1,
        }
    });
    let rows: Vec<Row<'_>> = rows.collect();
    save(tx, &rows, &list.by, list.at).await?;
    let imported = Imported {
        n_added,
        n_changed: planned.len() - n_added - n_same,
        n_same,
    };
    let (added, changed) = (imported.n_added, imported.n_changed);
    let detail = format!("{added} added, {changed} changed");
    audit::note(tx, &list.by, "person.import", "persons", &detail, list.at).await?;
    Ok(imported)
}

/// Those who have a telephone number or mail address of the list.
async fn present(tx: &mut Tx, list: &ImportPersons) -> Result<Vec<Person>, StoreError> {
    let keys: BTreeSet<String> = list.lines.iter().flat_map(Line::keys).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let mut found: HashMap<Id, Person> = HashMap::new();
    for some in keys.chunks(NAMED_AT_ONCE) {
        let mut query = Query::new(SELECT)
            .push("WHERE p.id IN (SELECT c.person FROM person_contacts c WHERE c.compared IN ")
            .list(some.iter().map(String::as_str))
            .push(" AND c.kind IN ")
            .list([PHONE, MAIL])
            .push(")");
        if let Some(sites) = &list.sites {
            query = query
                .push(" AND p.site_key IN ")
                .list(sites.iter().copied());
        }
        let some = query.read(&mut tx.on, read).await?;
        found.extend(some.into_iter().map(|person| (person.id, person)));
    }
    let mut found: Vec<Person> = found.into_values().collect();
    found.sort_by_key(|person| person.id);
    with_contacts(&mut tx.on, found).await
}

/// Brings the rows to what these persons are from now on.
async fn save(tx: &mut Tx, rows: &[Row<'_>], by: &str, at: TimeUs) -> Result<(), StoreError> {
    let persons = rows.iter().map(|row| {
        let details = row.details;
        vec![
            row.id.into(),
            row.site_key.into(),
            (&details.name).into(),
            folded(&details.name).into(),
            details.language.map(Language::as_str).into(),
            (&details.note).into(),
            details.group.as_deref().into(),
            row.version.into(),
            at.into(),
            by.into(),
        ]
    });
    insert_rows(
        &mut tx.on,
        "INSERT INTO persons (id, site_key, name, folded, language, note, team, version, changed_at, changed_by) VALUES ",
        persons.collect(),
        " ON CONFLICT (id) DO UPDATE SET site_key = excluded.site_key, name = excluded.name, folded = excluded.folded, \
         language = excluded.language, note = excluded.note, team = excluded.team, version = excluded.version, \
         changed_at = excluded.changed_at, changed_by = excluded.changed_by",
    )
    .await?;
    for some in rows.chunks(NAMED_AT_ONCE) {
        Query::new("DELETE FROM person_contacts WHERE person IN ")
            .list(some.iter().map(|row| row.id))
            .execute(&mut tx.on)
            .await?;
        // A device of another site is not theirs any more.
        Query::new(
            "DELETE FROM person_devices WHERE device_key NOT IN (SELECT d.device_key FROM devices d \
             JOIN persons p ON p.site_key = d.site_key WHERE p.id = person_devices.person) AND person IN ",
        )
        .list(some.iter().map(|row| row.id))
        .execute(&mut tx.on)
        .await?;
    }
    let contacts = rows.iter().flat_map(contacts).collect();
    insert_rows(
        &mut tx.on,
        "INSERT INTO person_contacts (person, kind, position, written, compared) VALUES ",
        contacts,
        "",
    )
    .await?;
    Ok(())
}

fn contacts(row: &Row<'_>) -> Vec<Vec<Value>> {
    let Details { phones, mails, .. } = row.details;
    let phones = phones
        .iter()
        .filter_map(|text| Some((PHONE, text.clone(), telephone(text)?)));
    let mails = mails
        .iter()
        .filter_map(|text| Some((MAIL, text.clone(), mail(text)?)));
    let logins = row.details.logins().into_iter();
    let logins = logins.map(|login| (LOGIN, login.clone(), login));
    (0_i64..)
        .zip(phones.chain(mails).chain(logins))
        .map(|(position, (kind, written, compared))| {
            vec![
                row.id.into(),
                kind.into(),
                position.into(),
                written.into(),
                compared.into(),
            ]
        })
        .collect()
}
