//! Views: lists of tickets under a name, somebody's own or shared.

use super::{Columns, Query, Store, StoreError, TimeUs, Tx, audit};
use crate::wording::wording;

/// Of one person.
pub const MOST_OWN: i64 = 50;
/// Shared ones.
pub const MOST_SHARED: i64 = 200;

/// Who sees a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// An account alone.
    Account {
        account_key: i64,
    },
    /// Whoever sees a site.
    Site {
        site_key: i64,
    },
    Everybody,
}

/// A view as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewRow {
    pub name: String,
    pub audience: Audience,
    /// JSON.
    pub body: String,
    pub changed_at: TimeUs,
    pub changed_by: String,
}

impl Store {
    /// Somebody's own views and all that are shared, by name; of two of one name, their own first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn views(&self, account_key: i64) -> Result<Vec<ViewRow>, StoreError> {
        let mut on = self.reader().await?;
        let mut views = Query::new(
            "SELECT name, account_key, site_key, body, changed_at, changed_by FROM views \
             WHERE account_key = $1 OR account_key IS NULL",
        )
        .bind(account_key)
        .read(&mut on, read)
        .await?;
        let is_shared = |view: &ViewRow| !matches!(view.audience, Audience::Account { .. });
        views.sort_by(|one, other| {
            let of = |view: &ViewRow| (view.name.clone(), is_shared(view));
            of(one).cmp(&of(other))
        });
        Ok(views)
    }

    /// Keeps a view in the place of that of its name. One that is shared is in the place of the sharer's own too, with the
    /// audit entry. `by`: the account of whoever keeps it.
    ///
    /// # Errors
    /// Refused: there are [`MOST_OWN`] or [`MOST_SHARED`].
    pub async fn set_view(&self, view: ViewRow, by: i64) -> Result<(), StoreError> {
        self.write((view, by), |tx, (view, by)| Box::pin(set(tx, view, *by)))
            .await
    }

    /// Removes a view; a shared one with the audit entry.
    ///
    /// # Errors
    /// Not found: there is none.
    pub async fn remove_view(
        &self,
        name: &str,
        audience: Audience,
        by: &str,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        let input = (name.to_owned(), audience, by.to_owned(), at);
        self.write(input, |tx, (name, audience, by, at)| {
            Box::pin(async move {
                match forget(tx, name, own(*audience)).await? {
                    0 => Err(StoreError::not_found(wording!("view"))),
                    _ if own(*audience).is_some() => Ok(()),
                    _ => audit::note(tx, by, "view.remove", name, "", *at).await,
                }
            })
        })
        .await
    }
}

fn own(audience: Audience) -> Option<i64> {
    match audience {
        Audience::Account { account_key } => Some(account_key),
        Audience::Site { .. } | Audience::Everybody => None,
    }
}

fn read(columns: &mut Columns<'_>) -> Result<ViewRow, StoreError> {
    let name = columns.text()?;
    let audience = match (columns.opt_int()?, columns.opt_int()?) {
        (Some(account_key), _) => Audience::Account { account_key },
        (None, Some(site_key)) => Audience::Site { site_key },
        (None, None) => Audience::Everybody,
    };
    Ok(ViewRow {
        name,
        audience,
        body: columns.text()?,
        changed_at: columns.int()?,
        changed_by: columns.text()?,
    })
}

/// `of`: whose own; none: of those that are shared.
async fn forget(tx: &mut Tx, name: &str, of: Option<i64>) -> Result<u64, StoreError> {
    let query = Query::new("DELETE FROM views WHERE name = ").arg(name);
    let query = match of {
        Some(account_key) => query.push(" AND account_key = ").arg(account_key),
        None => query.push(" AND account_key IS NULL"),
    };
    query.execute(&mut tx.on).await
}

async fn set(tx: &mut Tx, view: &ViewRow, by: i64) -> Result<(), StoreError> {
    let (account_key, site_key) = match view.audience {
        Audience::Account { account_key } => (Some(account_key), None),
        Audience::Site { site_key } => (None, Some(site_key)),
        Audience::Everybody => (None, None),
    };
    forget(tx, &view.name, account_key).await?;
    let (counted, most) = match account_key {
        Some(key) => (
            Query::new("SELECT COUNT(*) FROM views WHERE account_key = $1").bind(key),
            MOST_OWN,
        ),
        None => {
            forget(tx, &view.name, Some(by)).await?;
            (
                Query::new("SELECT COUNT(*) FROM views WHERE account_key IS NULL"),
                MOST_SHARED,
            )
        }
    };
    let row = counted.one(&mut tx.on).await?;
    if Columns::of(&row).int()? >= most {
        let what = wording!("there are {} already", most);
        return Err(StoreError::refused("view", what).remedy(wording!("remove some of them")));
    }
    Query::new(
        "INSERT INTO views (account_key, site_key, name, body, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(account_key)
    .bind(site_key)
    .bind(&view.name)
    .bind(&view.body)
    .bind(view.changed_at)
    .bind(&view.changed_by)
    .execute(&mut tx.on)
    .await?;
    match account_key {
        Some(_) => Ok(()),
        None => {
            let by = &view.changed_by;
            audit::note(tx, by, "view.set", &view.name, &view.body, view.changed_at).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::accounts::{NewAccount, Role};
    use super::super::dialect;
    use super::super::testing::{NOW, on_both};
    use super::*;

    fn view(name: &str, audience: Audience) -> ViewRow {
        ViewRow {
            name: name.into(),
            audience,
            body: "{}".into(),
            changed_at: NOW,
            changed_by: "ann".into(),
        }
    }

    async fn account(store: &Store, name: &str) -> i64 {
        let account = NewAccount {
            name: name.into(),
            role: Role::Senior,
            password_hash: String::new(),
            sites: vec![],
            created_by: "root".into(),
            at: NOW,
        };
        store.create_account(account).await.unwrap()
    }

    /// Name and whether it is one's own.
    async fn seen(store: &Store, account_key: i64) -> Vec<(String, bool)> {
        let views = store.views(account_key).await.unwrap().into_iter();
        views
            .map(|view| (view.name, own(view.audience).is_some()))
            .collect()
    }

    #[tokio::test]
    async fn own_views_are_ones_own_and_what_is_shared_is_everybodys() {
        on_both(|store| async move {
            let (ann, bob) = (account(&store, "ann").await, account(&store, "bob").await);
            let of = |account_key| Audience::Account { account_key };
            for (name, audience, by) in [
                ("mine", of(ann), ann),
                ("mine", of(ann), ann),
                ("late", of(ann), ann),
                ("late", of(bob), bob),
            ] {
                store.set_view(view(name, audience), by).await.unwrap();
            }
            let is = |name: &str, own| (name.to_owned(), own);
            assert_eq!(
                seen(&store, ann).await,
                [is("late", true), is("mine", true)]
            );
            // Who shares it has no other of that name; others keep theirs.
            let shared = view("late", Audience::Everybody);
            store.set_view(shared, ann).await.unwrap();
            assert_eq!(
                seen(&store, ann).await,
                [is("late", false), is("mine", true)]
            );
            assert_eq!(
                seen(&store, bob).await,
                [is("late", true), is("late", false)]
            );
            let gone = |name: &'static str, audience| store.remove_view(name, audience, "ann", NOW);
            gone("late", of(bob)).await.unwrap();
            gone("late", Audience::Everybody).await.unwrap();
            let none = Err(StoreError::not_found(wording!("view")));
            assert_eq!(gone("late", Audience::Everybody).await, none);
            assert_eq!(gone("mine", of(bob)).await, none);
            assert_eq!(seen(&store, bob).await, []);
            let log = store.audit_log(None, 9).await.unwrap();
            let deeds = log
                .iter()
                .filter(|link| link.entry.deed.starts_with("view."));
            let deeds: Vec<&str> = deeds.map(|link| link.entry.deed.as_str()).collect();
            assert_eq!(deeds, ["view.remove", "view.set"]);
        })
        .await;
    }

    #[tokio::test]
    async fn a_view_of_old_that_said_open_shows_what_it_showed() {
        on_both(|store| async move {
            let ann = account(&store, "ann").await;
            let of = Audience::Account { account_key: ann };
            let cases = [
                (r#"{"state":"open"}"#, r#"{"state":"unresolved"}"#),
                (
                    r#"{"state":"open,closed"}"#,
                    r#"{"state":"unresolved,closed"}"#,
                ),
                (r#"{"state":"new,open"}"#, r#"{"state":"new,unresolved"}"#),
                (r#"{"search":"open"}"#, r#"{"search":"open"}"#),
            ];
            for (body, _) in cases {
                let body = body.to_owned();
                let kept = ViewRow {
                    body,
                    ..view("", of)
                };
                let kept = ViewRow {
                    name: kept.body.clone(),
                    ..kept
                };
                store.set_view(kept, ann).await.unwrap();
            }
            let migrated = store.write((), |tx, ()| {
                Box::pin(async move {
                    let text = include_str!("../../migrations/0028_views_unresolved.sql");
                    dialect::run(&mut tx.on, text.to_owned()).await
                })
            });
            migrated.await.unwrap();
            for view in store.views(ann).await.unwrap() {
                let expected = cases.iter().find(|(body, _)| *body == view.name);
                assert_eq!(expected.map(|(_, body)| *body), Some(view.body.as_str()));
            }
        })
        .await;
    }

    #[tokio::test]
    async fn nobody_keeps_more_than_there_is_room_for() {
        on_both(|store| async move {
            let ann = account(&store, "ann").await;
            let own = |n: i64| view(&n.to_string(), Audience::Account { account_key: ann });
            for n in 0..MOST_OWN {
                store.set_view(own(n), ann).await.unwrap();
            }
            let full = store.set_view(own(MOST_OWN), ann).await;
            assert!(matches!(full, Err(StoreError::Refused { .. })), "{full:?}");
            store.set_view(own(0), ann).await.unwrap();
        })
        .await;
    }
}
