//! Persons: those who are helped, and which devices are theirs.

mod devices;
mod erase;
mod tickets;
mod traces;
mod write;

pub use devices::Theirs;
pub(super) use devices::hand_on;
pub use erase::{ErasePerson, Erased};
pub use tickets::TicketBeside;
pub use traces::{KnownAs, MOST_TICKETS, SaidThere, Traces};
pub use write::{ImportPersons, Imported, NewPerson, PersonChange};

use std::collections::HashMap;

use crate::desk::person::{Details, Language};

use super::{Columns, Id, Query, Store, StoreError, TimeUs};

/// Persons that a store holds at most.
pub const MOST: i64 = 100_000;
/// Persons in one statement.
const NAMED_AT_ONCE: usize = 500;

/// Somebody who is helped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: Id,
    pub site_key: i64,
    pub site: String,
    pub details: Details,
    /// Counted up at every change.
    pub version: i64,
    pub changed_at: TimeUs,
    pub changed_by: String,
}

/// What a person is looked for by. Texts are as `desk/person.rs` compares them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// Beginnings of words of the name, all of them.
    Words(Vec<String>),
    Telephone(String),
    Mail(String),
    Login(String),
    Id(Id),
}

/// Which persons a list holds.
#[derive(Debug, Clone, Default)]
pub struct PersonFilter {
    /// Only of these sites; none: of all.
    pub sites: Option<Vec<i64>>,
    /// Those that one of these finds; none: all of them.
    pub any: Option<Vec<Sought>>,
    /// Those after this one.
    pub after: Option<Id>,
    pub most: u32,
}

/// Kinds of contacts.
const PHONE: &str = "phone";
const MAIL: &str = "mail";
const LOGIN: &str = "login";

const SELECT: &str = "SELECT p.id, p.site_key, s.name, p.name, p.language, p.note, p.team, p.version, p.changed_at, \
     p.changed_by FROM persons p JOIN sites s ON s.site_key = p.site_key ";

fn read(columns: &mut Columns<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        id: columns.id()?,
        site_key: columns.int()?,
        site: columns.text()?,
        details: Details {
            name: columns.text()?,
            language: columns.opt_text()?.as_deref().and_then(Language::named),
            phones: Vec::new(),
            mails: Vec::new(),
            note: columns.text()?,
            group: columns.opt_text()?,
        },
        version: columns.int()?,
        changed_at: columns.int()?,
        changed_by: columns.text()?,
    })
}

/// Their telephone numbers and mail addresses.
async fn with_contacts(
    on: &mut sqlx::AnyConnection,
    mut persons: Vec<Person>,
) -> Result<Vec<Person>, StoreError> {
    let places: HashMap<Id, usize> = (0..)
        .zip(&persons)
        .map(|(place, person)| (person.id, place))
        .collect();
    let ids: Vec<Id> = persons.iter().map(|person| person.id).collect();
    for some in ids.chunks(NAMED_AT_ONCE) {
        let contacts =
            Query::new("SELECT person, kind, written FROM person_contacts WHERE person IN ")
                .list(some.iter().copied())
                .push(" AND kind IN ")
                .list([PHONE, MAIL])
                .push(" ORDER BY person, kind, position")
                .read(on, |columns| {
                    Ok((columns.id()?, columns.text()?, columns.text()?))
                })
                .await?;
        for (person, kind, written) in contacts {
            let Some(person) = places.get(&person).and_then(|at| persons.get_mut(*at)) else {
                continue;
            };
            match &*kind {
                PHONE => person.details.phones.push(written),
                _ => person.details.mails.push(written),
            }
        }
    }
    Ok(persons)
}

fn is_contact(query: Query, kind: &str, compared: &str) -> Query {
    query
        .push("p.id IN (SELECT c.person FROM person_contacts c WHERE c.compared = ")
        .arg(compared)
        .push(" AND c.kind = ")
        .arg(kind)
        .push(")")
}

fn is_sought(query: Query, sought: &Sought) -> Query {
    match sought {
        Sought::Words(words) => {
            let mut query = query.push("(1 = 1");
            for word in words {
                query = query
                    .push(" AND ' ' || p.folded LIKE ")
                    .arg(format!("% {}%", super::escape_like(word)))
                    .push(" ESCAPE '!'");
            }
            query.push(")")
        }
        Sought::Telephone(number) => is_contact(query, PHONE, number),
        Sought::Mail(address) => is_contact(query, MAIL, address),
        Sought::Login(login) => is_contact(query, LOGIN, login),
        Sought::Id(id) => query.push("p.id = ").arg(*id),
    }
}

impl Store {
    /// A page of persons by name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn persons(&self, filter: &PersonFilter) -> Result<Vec<Person>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT).push("WHERE 1 = 1");
        if let Some(sites) = &filter.sites {
            query = query
                .push(" AND p.site_key IN ")
                .list(sites.iter().copied());
        }
        if let Some(any) = &filter.any {
            query = query.push(" AND (1 = 0");
            for sought in any {
                query = is_sought(query.push(" OR "), sought);
            }
            query = query.push(")");
        }
        if let Some(after) = filter.after {
            query = query
                .push(" AND (p.folded, p.id) > (SELECT folded, id FROM persons WHERE id = ")
                .arg(after)
                .push(")");
        }
        let found = query
            .push(" ORDER BY p.folded, p.id LIMIT ")
            .arg(filter.most)
            .read(&mut on, read)
            .await?;
        with_contacts(&mut on, found).await
    }

    /// One person.
    ///
    /// # Errors
    /// The store's own.
    pub async fn person(&self, id: Id) -> Result<Option<Person>, StoreError> {
        let filter = PersonFilter {
            any: Some(vec![Sought::Id(id)]),
            most: 1,
            ..PersonFilter::default()
        };
        Ok(self.persons(&filter).await?.pop())
    }
}
