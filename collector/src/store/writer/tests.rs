//! What is committed, and what is not.

use super::super::testing::{Folder, ask_writer, on_both, on_both_urls};
use super::super::{Query, Store};
use super::*;
use crate::wording::wording;

async fn make_site(store: &Store, name: &'static str) -> Result<(), StoreError> {
    store
        .write(name, |tx, name| {
            Box::pin(async move {
                Query::new("INSERT INTO sites (name, created_at) VALUES ($1, 0)")
                    .bind(*name)
                    .execute(&mut tx.on)
                    .await?;
                match *name {
                    "refused" => Err(StoreError::refused("name", wording!("by the test"))),
                    "panics" => panic!("by the test"),
                    _ => Ok(()),
                }
            })
        })
        .await
}

async fn names(store: &Store) -> Vec<String> {
    let sites = store.sites().await.unwrap();
    sites.into_iter().map(|site| site.name).collect()
}

#[tokio::test]
async fn what_queues_up_is_committed_together_and_a_failure_takes_nothing_else_with_it() {
    on_both(|store| async move {
        let before = store.written();
        // All are in the queue before the writer runs: this thread has not yielded to it.
        let (a, twice, refused, panics, b) = tokio::join!(
            make_site(&store, "a"),
            make_site(&store, "a"),
            make_site(&store, "refused"),
            make_site(&store, "panics"),
            make_site(&store, "b"),
        );
        assert_eq!((a, b), (Ok(()), Ok(())));
        assert_eq!(
            twice,
            Err(StoreError::conflict(wording!("it is there already")))
        );
        assert_eq!(
            refused,
            Err(StoreError::refused("name", wording!("by the test")))
        );
        assert_eq!(panics, Err(StoreError::Broken("a command panicked".into())));
        let after = store.written();
        assert_eq!(after.n_commits - before.n_commits, 1);
        assert_eq!(after.n_failed - before.n_failed, 1);
        assert_eq!(names(&store).await, ["a", "b"]);
        assert!(make_site(&store, "panics").await.is_err());
        assert_eq!(names(&store).await, ["a", "b"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_acknowledged_is_on_the_disk() {
    on_both_urls(|url| async move {
        let store = Store::open(&url).await.unwrap();
        let settings: &[(&'static str, &str)] = match Dialect::of(&url).unwrap() {
            Dialect::Sqlite => &[
                ("PRAGMA journal_mode", "wal"),
                ("PRAGMA synchronous", "2"),
                ("PRAGMA foreign_keys", "1"),
                ("PRAGMA auto_vacuum", "2"),
            ],
            Dialect::Postgres => &[("SHOW synchronous_commit", "on")],
        };
        for (question, answer) in settings {
            assert_eq!(ask_writer(&store, question).await.unwrap(), *answer);
        }
    })
    .await;
}

#[tokio::test]
async fn readers_cannot_write() {
    on_both(|store| async move {
        let mut on = store.reader().await.unwrap();
        let written = Query::new("INSERT INTO sites (name, created_at) VALUES ('x', 0)")
            .execute(&mut on)
            .await;
        assert!(written.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_refused_and_left_alone() {
    on_both_urls(|url| async move {
        let store = Store::open(&url).await.unwrap();
        ask_writer(
            &store,
            "INSERT INTO schema_versions (version) VALUES (999) RETURNING version",
        )
        .await
        .unwrap();
        store.close().await;
        let refused = Store::open(&url).await.err();
        assert!(
            matches!(refused, Some(StoreError::Newer { found: 999, .. })),
            "{refused:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_handed_over_before_closing_is_there_afterwards() {
    let folder = Folder::new();
    let store = Store::open(&folder.sqlite_url()).await.unwrap();
    let (made, ()) = tokio::join!(make_site(&store, "a"), store.close());
    made.unwrap();
    assert!(
        make_site(&store, "b")
            .await
            .is_err_and(|error| error.is_unavailable())
    );
    let again = Store::open(&folder.sqlite_url()).await.unwrap();
    assert_eq!(names(&again).await, ["a"]);
}

#[tokio::test]
async fn a_locked_store_is_unavailable_and_works_again_without_a_restart() {
    use sqlx::Connection;
    let folder = Folder::new();
    let store = Store::open(&folder.sqlite_url()).await.unwrap();
    let mut other = AnyConnection::connect(&folder.sqlite_url()).await.unwrap();
    let say = async |on: &mut AnyConnection, text: &str| {
        dialect::run(on, text.to_owned()).await.unwrap();
    };
    say(&mut other, "BEGIN IMMEDIATE").await;
    let refused = make_site(&store, "a").await;
    assert!(refused.is_err_and(|error| error.is_unavailable()));
    say(&mut other, "ROLLBACK").await;
    make_site(&store, "a").await.unwrap();
    assert_eq!(names(&store).await, ["a"]);
}

#[tokio::test]
async fn a_full_store_is_unavailable_and_works_again_when_there_is_room() {
    let folder = Folder::new();
    let store = Store::open(&folder.sqlite_url()).await.unwrap();
    let page_count = ask_writer(&store, "PRAGMA page_count").await.unwrap();
    // From now on the file may not grow; the limit goes with the connection.
    let limited: &'static str = format!("PRAGMA max_page_count = {page_count}").leak();
    ask_writer(&store, limited).await.unwrap();
    let body = vec![(super::super::Id([1; 16]), vec![7; 1 << 20])];
    let (_, key) = super::super::testing::device(&store, "pc").await;
    let full = store.save_declarations(key, body.clone(), 0).await;
    assert!(full.is_err_and(|error| error.is_unavailable()));
    store.save_declarations(key, body, 0).await.unwrap();
}

#[tokio::test]
async fn a_server_that_cut_every_connection_is_found_again_without_a_restart() {
    use sqlx::Connection;
    on_both_urls(|url| async move {
        if Dialect::of(&url) == Ok(Dialect::Sqlite) {
            return;
        }
        let store = Store::open(&url).await.unwrap();
        make_site(&store, "a").await.unwrap();
        assert_eq!(names(&store).await, ["a"]);
        let mut other = AnyConnection::connect(&url).await.unwrap();
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()";
        dialect::run(&mut other, cut.to_owned()).await.unwrap();
        make_site(&store, "b").await.unwrap();
        assert_eq!(names(&store).await, ["a", "b"]);
    })
    .await;
}

#[tokio::test]
async fn what_others_have_taken_back_is_no_reason_to_forget() {
    on_both(|store| async move {
        let (_, key) = super::super::testing::device(&store, "pc").await;
        let series = super::super::metrics::NewSeries {
            name: "cpu".into(),
            labels: String::new(),
            unit: String::new(),
            scale: 0,
            counter: false,
        };
        store.name_series(key, vec![series]).await.unwrap();
        let remembers = async |store: &Store| {
            let asked = store.write((), |tx, ()| {
                let kind = ("cpu".to_owned(), String::new(), 0, false);
                Box::pin(async move { Ok(tx.kinds.get(&kind).is_some()) })
            });
            asked.await.unwrap()
        };
        assert!(remembers(&store).await);
        // Alone in its transaction, and with another.
        assert!(make_site(&store, "refused").await.is_err());
        assert!(remembers(&store).await);
        let (refused, a) = tokio::join!(make_site(&store, "refused"), make_site(&store, "a"));
        assert!(refused.is_err() && a.is_ok());
        assert!(remembers(&store).await);
        let touched = store
            .write((), |tx, ()| {
                Box::pin(async move {
                    let kind = ("cpu".to_owned(), String::new(), 0, false);
                    tx.kinds.put(kind, -1);
                    Err::<(), _>(StoreError::refused("kind", wording!("by the test")))
                })
            })
            .await;
        assert!(touched.is_err());
        assert!(!remembers(&store).await);
    })
    .await;
}

#[tokio::test]
async fn a_commit_that_nobody_answered_for_is_neither_kept_nor_refused() {
    on_both_urls(|url| async move {
        if Dialect::of(&url) == Ok(Dialect::Sqlite) {
            return;
        }
        let store = Store::open(&url).await.unwrap();
        super::super::testing::cut_first_commit(&url, "sites").await;
        let made = make_site(&store, "a").await;
        assert!(
            matches!(made, Err(StoreError::OutcomeUnknown(_))),
            "{made:?}"
        );
        make_site(&store, "b").await.unwrap();
        assert_eq!(names(&store).await, ["b"]);
    })
    .await;
}
