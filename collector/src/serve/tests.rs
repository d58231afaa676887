//! What a data folder holds, and who may work on it.

use super::*;

#[tokio::test]
async fn a_data_folder_is_made_by_serving_alone_and_a_given_certificate_shows_its_own_fingerprint()
{
    let (data, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let given = Authority::open_or_create(other.path(), OffsetDateTime::now_utc()).unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let own = Config {
        agents: any,
        console: any,
        ..Config::default()
    };
    let with_certificate = Config {
        certificate: Some(other.path().join("authority.crt")),
        key: Some(other.path().join("authority.key")),
        ..own.clone()
    };
    let data = data.path().join("data");
    assert!(open_store(&own, &data).await.is_err());
    assert!(!data.exists(), "only serving makes a data folder");
    let mut shown = Vec::new();
    for config in [own, with_certificate] {
        let collector = Collector::start(&config, &data).await.unwrap();
        shown.push(collector.bound.fingerprint.clone());
        collector.stop().await;
    }
    open_store(&Config::default(), &data).await.unwrap();
    let own = Authority::open_or_create(&data, OffsetDateTime::now_utc()).unwrap();
    assert_eq!(shown, [own.fingerprint(), given.fingerprint()]);
}

#[test]
fn one_collector_serves_from_a_data_folder() {
    let data = tempfile::tempdir().unwrap();
    let first = lock(data.path()).unwrap();
    let second = lock(data.path())
        .map(drop)
        .map_err(|error| error.to_string());
    assert!(second.is_err_and(|said| said.contains("another collector")));
    drop(first);
    assert!(lock(data.path()).is_ok());
}

#[tokio::test]
async fn a_newer_program_leaves_the_store_of_a_running_collector_alone() {
    use crate::store::testing::{as_first_version, version};
    let data = tempfile::tempdir().unwrap();
    Authority::open_or_create(data.path(), OffsetDateTime::now_utc()).unwrap();
    let config = Config::default();
    let serving = lock(data.path()).unwrap();
    let url = config.store_url(data.path()).unwrap();
    let store = Store::open(&url).await.unwrap();
    open_store(&config, data.path()).await.unwrap();
    let older = as_first_version(&store).await;
    let refused = open_store(&config, data.path()).await.err().unwrap();
    assert!(refused.to_string().contains("stop that first"), "{refused}");
    assert_eq!(version(&store).await, older);
    drop(serving);
    assert!(!is_served(data.path()));
}

#[tokio::test]
async fn a_part_that_breaks_is_noticed() {
    let data = tempfile::tempdir().unwrap();
    let config = Config {
        agents: ([127, 0, 0, 1], 0).into(),
        console: ([127, 0, 0, 1], 0).into(),
        ..Config::default()
    };
    let mut collector = Collector::start(&config, &data.path().join("data"))
        .await
        .unwrap();
    collector.tasks.spawn(async { panic!("out of luck") });
    collector.broken().await;
    collector.stop().await;
}

#[test]
fn a_certificate_is_old_by_the_wall_clock() {
    let issued = OffsetDateTime::now_utc();
    assert!(!is_old(issued, issued + SERVING_LIFE / 3));
    assert!(is_old(issued, issued + SERVING_LIFE / 2));
    assert!(
        is_old(issued, issued - Duration::from_secs(1)),
        "it was set back"
    );
}
