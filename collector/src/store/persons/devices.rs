//! Whose device it is: what a technician has confirmed, and who is logged on.

use std::collections::HashMap;

use super::super::{DeviceId, Id, Query, Store, StoreError, TimeUs, Tx, audit};
use super::{LOGIN, NAMED_AT_ONCE, Person};
use crate::desk::person::{MOST_DEVICES, spellings};
use crate::wording::wording;

/// Where it stands who is logged on.
const LOGGED_ON: (&str, &str) = ("sessions", "user");
/// Devices to which one person can be seen logged on.
const MOST_SEEN: u32 = 50;

/// A device of somebody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theirs {
    pub person: Id,
    pub device_key: i64,
    /// When, and by whom; none: somebody is logged on under a name that can be theirs.
    pub confirmed: Option<(TimeUs, String)>,
}

struct Confirm {
    person: Id,
    device_key: i64,
    by: String,
    at: TimeUs,
}

impl Confirm {
    fn of(person: Id, device_key: i64, by: &str, at: TimeUs) -> Self {
        Self {
            person,
            device_key,
            by: by.to_owned(),
            at,
        }
    }
}

impl Store {
    /// A technician says that a device is a person's; saying it again changes nothing. Both are of one site.
    ///
    /// # Errors
    /// Not found: the person, or a device of their site. Refused: the person has as many as there can be.
    pub async fn confirm_device(
        &self,
        person: Id,
        device_key: i64,
        by: &str,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        let confirm = Confirm::of(person, device_key, by, at);
        self.write(confirm, |tx, confirm| Box::pin(confirm_in(tx, confirm)))
            .await
    }

    /// It is not theirs, or not any more.
    ///
    /// # Errors
    /// Not found: it was not confirmed.
    pub async fn release_device(
        &self,
        person: Id,
        device_key: i64,
        by: &str,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        let release = Confirm::of(person, device_key, by, at);
        self.write(release, |tx, release| Box::pin(release_in(tx, release)))
            .await
    }

    /// Devices of these persons, the confirmed ones first. Removed devices are nobody's, and a person is seen only on
    /// devices of their site.
    ///
    /// # Errors
    /// The store's own.
    pub async fn devices_of_persons(&self, persons: &[Person]) -> Result<Vec<Theirs>, StoreError> {
        let mut found = Vec::new();
        let ids: Vec<Id> = persons.iter().map(|person| person.id).collect();
        {
            let mut on = self.reader().await?;
            for some in ids.chunks(NAMED_AT_ONCE) {
                let query = Query::new(CONFIRMED)
                    .push("p.person IN ")
                    .list(some.iter().copied())
                    .push(" ORDER BY p.confirmed_at, p.device_key");
                found.extend(query.read(&mut on, read).await?);
            }
        }
        for person in persons {
            let logins = person.details.logins();
            let texts: Vec<String> = logins.iter().flat_map(|login| spellings(login)).collect();
            let sites = [person.site_key];
            let holders = self.holders(LOGGED_ON, &texts, Some(&sites), MOST_SEEN);
            for (device_key, _) in holders.await? {
                let is_new = |one: &Theirs| one.person != person.id || one.device_key != device_key;
                if found.iter().all(is_new) {
                    found.push(Theirs {
                        person: person.id,
                        device_key,
                        confirmed: None,
                    });
                }
            }
        }
        Ok(found)
    }

    /// Whose these devices are, the confirmed ones first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn persons_of_devices(&self, device_keys: &[i64]) -> Result<Vec<Theirs>, StoreError> {
        let users = self.held(LOGGED_ON, device_keys).await?;
        let mut on = self.reader().await?;
        let mut found = Vec::new();
        for some in device_keys.chunks(NAMED_AT_ONCE) {
            let query = Query::new(CONFIRMED)
                .push("p.device_key IN ")
                .list(some.iter().copied())
                .push(" ORDER BY p.confirmed_at, p.person");
            found.extend(query.read(&mut on, read).await?);
        }
        let mut on_devices: HashMap<String, Vec<i64>> = HashMap::new();
        for (device_key, user) in users {
            on_devices
                .entry(user.to_lowercase())
                .or_default()
                .push(device_key);
        }
        let logins: Vec<&str> = on_devices.keys().map(String::as_str).collect();
        for some in logins.chunks(NAMED_AT_ONCE) {
            let persons = Query::new(
                "SELECT c.compared, d.device_key, p.id FROM person_contacts c JOIN persons p ON p.id = c.person \
                 JOIN devices d ON d.site_key = p.site_key WHERE c.kind = ",
            )
            .arg(LOGIN)
            .push(" AND c.compared IN ")
            .list(some.iter().copied())
            .push(" AND d.device_key IN ")
            .list(device_keys.iter().copied())
            .push(" ORDER BY d.device_key, p.folded, p.id")
            .read(&mut on, |columns| {
                Ok((columns.text()?, columns.int()?, columns.id()?))
            })
            .await?;
            for (login, device_key, person) in persons {
                let is_there = on_devices
                    .get(&login)
                    .is_some_and(|devices| devices.contains(&device_key));
                let is_new = |one: &Theirs| one.person != person || one.device_key != device_key;
                if is_there && found.iter().all(is_new) {
                    found.push(Theirs {
                        person,
                        device_key,
                        confirmed: None,
                    });
                }
            }
        }
        Ok(found)
    }
}

const CONFIRMED: &str = "SELECT p.person, p.device_key, p.confirmed_at, p.confirmed_by FROM person_devices p \
     JOIN devices d ON d.device_key = p.device_key WHERE d.removed_at IS NULL AND ";

fn read(columns: &mut super::Columns<'_>) -> Result<Theirs, StoreError> {
    Ok(Theirs {
        person: columns.id()?,
        device_key: columns.int()?,
        confirmed: Some((columns.int()?, columns.text()?)),
    })
}

async fn confirm_in(tx: &mut Tx, confirm: &Confirm) -> Result<(), StoreError> {
    let is_one_site = Query::new(
        "SELECT COUNT(*) FROM persons p JOIN devices d ON d.site_key = p.site_key \
         WHERE p.id = $1 AND d.device_key = $2 AND d.removed_at IS NULL",
    )
    .bind(confirm.person)
    .bind(confirm.device_key)
    .read_optional(&mut tx.on, |columns| columns.truth())
    .await?;
    if is_one_site != Some(true) {
        return Err(StoreError::not_found(wording!(
            "person with this device at their site"
        )));
    }
    let confirmed = Query::new("SELECT device_key FROM person_devices WHERE person = $1")
        .bind(confirm.person)
        .read(&mut tx.on, |columns| columns.int())
        .await?;
    if confirmed.contains(&confirm.device_key) {
        return Ok(());
    }
    if confirmed.len() >= MOST_DEVICES {
        let reason = wording!("the person has {}, which are the most", MOST_DEVICES);
        return Err(StoreError::refused("device", reason)
            .remedy(wording!("release one that is not theirs")));
    }
    Query::new(
        "INSERT INTO person_devices (person, device_key, confirmed_at, confirmed_by) VALUES ($1, $2, $3, $4)",
    )
    .bind(confirm.person)
    .bind(confirm.device_key)
    .bind(confirm.at)
    .bind(&confirm.by)
    .execute(&mut tx.on)
    .await?;
    noted(tx, confirm, "person.confirm-device").await
}

async fn release_in(tx: &mut Tx, release: &Confirm) -> Result<(), StoreError> {
    let n_rows = Query::new("DELETE FROM person_devices WHERE person = $1 AND device_key = $2")
        .bind(release.person)
        .bind(release.device_key)
        .execute(&mut tx.on)
        .await?;
    if n_rows == 0 {
        return Err(StoreError::not_found(wording!("confirmed device")));
    }
    noted(tx, release, "person.release-device").await
}

async fn noted(tx: &mut Tx, what: &Confirm, deed: &str) -> Result<(), StoreError> {
    let device = Query::new("SELECT id FROM devices WHERE device_key = $1")
        .bind(what.device_key)
        .read_optional(&mut tx.on, |columns| columns.text())
        .await?
        .unwrap_or_default();
    audit::note(tx, &what.by, deed, what.person, &device, what.at).await
}

/// Whose device it was, theirs is the one that continues it: the same machine, enrolled anew.
pub(in super::super) async fn hand_on(
    tx: &mut Tx,
    from: &DeviceId,
    to: &DeviceId,
) -> Result<(), StoreError> {
    Query::new(
        "INSERT INTO person_devices (person, device_key, confirmed_at, confirmed_by) \
         SELECT p.person, t.device_key, p.confirmed_at, p.confirmed_by FROM person_devices p \
         JOIN devices f ON f.device_key = p.device_key JOIN devices t ON t.site_key = f.site_key \
         WHERE f.id = $1 AND t.id = $2 ON CONFLICT (person, device_key) DO NOTHING",
    )
    .bind(from)
    .bind(to)
    .execute(&mut tx.on)
    .await?;
    Query::new(
        "DELETE FROM person_devices WHERE device_key = (SELECT device_key FROM devices WHERE id = $1)",
    )
    .bind(from)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{NOW, device, on_both};
    use super::super::{NewPerson, Theirs};
    use crate::desk::person::Details;
    use crate::store::{Store, StoreError};

    async fn rosa(store: &Store) -> super::Id {
        let details = Details {
            name: "Rosa".into(),
            language: None,
            phones: vec![],
            mails: vec![],
            note: String::new(),
            group: None,
        };
        let new = NewPerson {
            site: "default".into(),
            details,
            by: "ann".into(),
            at: NOW,
        };
        store.add_person(new).await.unwrap()
    }

    #[tokio::test]
    async fn a_machine_that_enrols_anew_stays_theirs() {
        on_both(|store| async move {
            let (before, before_key) = device(&store, "pc").await;
            let (anew, anew_key) = device(&store, "pc").await;
            let person = rosa(&store).await;
            let confirmed = store.confirm_device(person, before_key, "ann", NOW);
            confirmed.await.unwrap();
            let joined = store.join_device(&anew, &before, "bob", NOW + 1).await;
            joined.unwrap();
            let persons = [store.person(person).await.unwrap().unwrap()];
            let theirs = Theirs {
                person,
                device_key: anew_key,
                confirmed: Some((NOW, "ann".into())),
            };
            let found = store.devices_of_persons(&persons).await;
            assert_eq!(found, Ok(vec![theirs.clone()]));
            let found = store.persons_of_devices(&[before_key, anew_key]).await;
            assert_eq!(found, Ok(vec![theirs]));
        })
        .await;
    }

    #[tokio::test]
    async fn a_person_has_so_many_devices_at_most() {
        on_both(|store| async move {
            let person = rosa(&store).await;
            for number in 0..=super::MOST_DEVICES {
                let (_, key) = device(&store, "pc").await;
                let confirmed = store.confirm_device(person, key, "ann", NOW).await;
                let is_refused = matches!(confirmed, Err(StoreError::Refused { .. }));
                assert_eq!(is_refused, number == super::MOST_DEVICES, "{confirmed:?}");
            }
        })
        .await;
    }
}
