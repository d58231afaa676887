//! A driver that has a folder and no collector.

use std::future::Future;

use super::Driver;
use crate::config::Config;
use crate::host::Host;
use crate::identity::Identity;
use crate::policy::Policy;
use crate::state;

pub(super) struct Bench {
    pub(super) driver: Driver,
    _folder: tempfile::TempDir,
}

impl Bench {
    pub(super) fn with(policy: &str) -> Self {
        let identity = Identity {
            device_id: "d".into(),
            collector: "https://localhost:1".into(),
            installation_id: vec![2; 16],
            ..Identity::default()
        };
        let folder = state::enrolled(&identity);
        let state = state::open_files(folder.path()).unwrap();
        let driver = Driver::new(
            Host::this(),
            &Config::default(),
            Policy::from_toml(policy).unwrap(),
            folder.path(),
            state,
        );
        Self {
            driver: driver.unwrap(),
            _folder: folder,
        }
    }
}

pub(super) async fn inside(test: impl Future<Output = ()>) {
    tokio::task::LocalSet::new().run_until(test).await;
}
