//! One collector, from its data folder to its ports, and down again.

use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};

use crate::api::{self, AppState};
use crate::authority::{self, Authority, AuthorityError, COLLECTOR_NAME, SERVING_LIFE};
use crate::bus::Bus;
use crate::config::{Config, ConfigError};
use crate::link::registry::{Command, Ending};
use crate::link::{Link, Settings};
use crate::store::{Store, StoreError};
use crate::tls::{self, Serving};
use crate::work::Work;
use crate::{console, fleet};

/// All is down within this.
const DOWN: Duration = Duration::from_secs(5);
/// Sessions have so long of it to go.
const SESSIONS_GO: Duration = Duration::from_secs(3);
/// How often the console's certificate files are looked at.
const FILES_ROUND: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    #[error("{path}: {wrong}")]
    Data { path: PathBuf, wrong: String },
    #[error("{key} = \"{address}\"")]
    Bind {
        key: &'static str,
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error("{path} is no certificate or key in PEM: {wrong}")]
    Certificate { path: PathBuf, wrong: String },
}

/// Where a running collector can be reached.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Bound {
    pub agents: SocketAddr,
    /// With its scheme.
    pub console: String,
    /// SHA-256 of the last certificate that the console shows: the one given, else the authority's.
    pub fingerprint: String,
}

/// A collector whose ports are open.
pub struct Collector {
    pub bound: Bound,
    store: Store,
    link: Link,
    ending: watch::Sender<bool>,
    tasks: JoinSet<()>,
    _lock: File,
}

impl Collector {
    /// Opens the data folder, the store and both ports, in this order.
    pub async fn start(config: &Config, data: &Path) -> Result<Self, ServeError> {
        config.check()?;
        prepare(data)?;
        let lock = lock(data)?;
        let authority = Arc::new(Authority::open_or_create(data, OffsetDateTime::now_utc())?);
        let store = Store::open(&config.store_url(data)?).await?;
        store.all_disconnected().await?;
        let bus = Bus::default();
        let settings = Settings {
            report_every: config.report_every(),
            session: config.session(),
        };
        let link = Link::new(store.clone(), authority.clone(), bus.clone(), settings);
        link.policies.read(&store).await?;
        let work = Work::new(store.clone(), link.registry.clone(), bus.clone());

        let names = vec![COLLECTOR_NAME.to_owned()];
        let agents_certificate =
            Serving::new(authority.issue_serving(&names, OffsetDateTime::now_utc())?);
        let agents_tls = tls::agents(agents_certificate.clone(), authority.certificate())?;
        let console_certificate = console_certificate(config, &authority)?;
        let fingerprint = shown_fingerprint(&console_certificate);
        let console_certificate = Serving::new(console_certificate);
        let console_tls = if config.plain_console {
            None
        } else {
            Some(tls::console(console_certificate.clone())?)
        };
        let agents = bind("agents", config.agents).await?;
        let people = bind("console", config.console).await?;
        let scheme = if config.plain_console {
            "http"
        } else {
            "https"
        };
        let local = |listener: &TcpListener, fallback| listener.local_addr().unwrap_or(fallback);
        let bound = Bound {
            agents: local(&agents, config.agents),
            console: format!("{scheme}://{}", local(&people, config.console)),
            fingerprint,
        };

        let (ending, watch) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let router = api::router(AppState::new(
            store.clone(),
            work.clone(),
            link.policies.clone(),
            &authority.fingerprint(),
            config.report_every(),
        ));
        tasks.spawn(link.clone().serve(agents, agents_tls, watch.clone()));
        let proxies = config.trusted_proxies.clone();
        let ended = watch.clone();
        tasks.spawn(async move {
            console::serve(people, console_tls, &proxies, router, ended).await;
        });
        tasks.spawn(work.keep_time(watch.clone()));
        tasks.spawn(fleet::keep_time(
            store.clone(),
            link.registry.clone(),
            watch.clone(),
        ));
        tasks.spawn(fleet::cut_removed(
            store.clone(),
            link.registry.clone(),
            watch.clone(),
        ));
        tasks.spawn(fleet::alerts::keep(
            store.clone(),
            link.policies.clone(),
            bus,
            watch.clone(),
        ));
        tasks.spawn(fleet::upkeep::fold(store.clone(), watch.clone()));
        tasks.spawn(fleet::upkeep::forget(store.clone(), watch.clone()));
        tasks.spawn(rotate(
            agents_certificate,
            authority.clone(),
            names,
            watch.clone(),
        ));
        tasks.spawn(follow(
            console_certificate,
            config.clone(),
            authority,
            watch,
        ));
        Ok(Self {
            bound,
            store,
            link,
            ending,
            tasks,
            _lock: lock,
        })
    }

    /// Sends everybody away, commits what was acknowledged, and ends.
    pub async fn stop(mut self) {
        tracing::info!("going down");
        self.ending.send_replace(true);
        self.link
            .registry
            .tell_all(|| Command::End(Ending::Shutdown));
        let registry = self.link.registry.clone();
        let gone = async {
            while registry.n_sessions() > 0 {
                sleep(Duration::from_millis(10)).await;
            }
        };
        if timeout(SESSIONS_GO, gone).await.is_err() {
            tracing::warn!(
                sessions = self.link.registry.n_sessions(),
                "some sessions did not go in time"
            );
        }
        let rest = async {
            self.store.close().await;
            self.tasks.shutdown().await;
        };
        if timeout(DOWN - SESSIONS_GO, rest).await.is_err() {
            tracing::warn!("the store did not close in time; nothing acknowledged is lost");
        }
    }
}

/// Held as long as this collector serves: two on one data folder would end each other's sessions.
///
/// # Errors
/// Another one serves from this folder, or the file cannot be made.
fn lock(data: &Path) -> Result<File, ServeError> {
    let path = data.join("lock");
    let wrong = |wrong: String| ServeError::Data {
        path: data.to_owned(),
        wrong,
    };
    let file = File::create(&path).map_err(|error| wrong(error.to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(wrong("another collector serves from it".to_owned())),
        Err(TryLockError::Error(error)) => Err(wrong(error.to_string())),
    }
}

/// Makes the data folder, the owner's alone.
fn prepare(data: &Path) -> Result<(), ServeError> {
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
    let wrong = |wrong: String| ServeError::Data {
        path: data.to_owned(),
        wrong,
    };
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .map_err(|error| wrong(error.to_string()))?;
    let metadata = std::fs::metadata(data).map_err(|error| wrong(error.to_string()))?;
    if metadata.mode() & 0o077 != 0 {
        return Err(wrong(
            "others may look into it; take that right away: chmod 700".to_owned(),
        ));
    }
    Ok(())
}

/// The store of a data folder that a collector has been run with: nothing but [`Collector::start`] makes one.
///
/// # Errors
/// The folder is none of a collector's; the store's own.
pub async fn open_store(config: &Config, data: &Path) -> Result<Store, ServeError> {
    if !Authority::is_in(data) {
        return Err(ServeError::Data {
            path: data.to_owned(),
            wrong: "it is not a collector's data folder; `sonde-collector serve` makes one, --data names it"
                .to_owned(),
        });
    }
    Ok(Store::open(&config.store_url(data)?).await?)
}

async fn bind(key: &'static str, address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| ServeError::Bind {
            key,
            address,
            source,
        })
}

fn console_certificate(config: &Config, authority: &Authority) -> Result<CertifiedKey, ServeError> {
    if let (Some(certificate), Some(key)) = (&config.certificate, &config.key) {
        return read_certificate(certificate, key);
    }
    let mut names = vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "::1".to_owned(),
    ];
    names.extend(
        std::fs::read_to_string("/proc/sys/kernel/hostname")
            .map(|name| name.trim().to_owned())
            .ok()
            .filter(|name| !name.is_empty()),
    );
    if !config.console.ip().is_unspecified() {
        names.push(config.console.ip().to_string());
    }
    names.extend(config.names.iter().cloned());
    names.sort_unstable();
    names.dedup();
    Ok(authority.issue_serving(&names, OffsetDateTime::now_utc())?)
}

/// What `sonde login` shows at the first contact.
fn shown_fingerprint(certificate: &CertifiedKey) -> String {
    let last = certificate.cert.last();
    last.map(authority::fingerprint).unwrap_or_default()
}

fn read_certificate(certificate: &Path, key: &Path) -> Result<CertifiedKey, ServeError> {
    let wrong = |path: &Path, wrong: String| ServeError::Certificate {
        path: path.to_owned(),
        wrong,
    };
    let chain =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| wrong(certificate, error.to_string()))?;
    let der = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, error.to_string()))?;
    let signing = rustls::crypto::ring::sign::any_supported_type(&der)
        .map_err(|error| wrong(key, error.to_string()))?;
    let certified = CertifiedKey::new(chain, signing);
    certified
        .keys_match()
        .map_err(|error| wrong(key, error.to_string()))?;
    Ok(certified)
}

/// Replaces the agents' certificate at half of its life.
async fn rotate(
    serving: Arc<Serving>,
    authority: Arc<Authority>,
    names: Vec<String>,
    mut ending: watch::Receiver<bool>,
) {
    let mut round = interval(SERVING_LIFE / 2);
    round.tick().await;
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        match authority.issue_serving(&names, OffsetDateTime::now_utc()) {
            Ok(certificate) => serving.replace(certificate),
            Err(error) => tracing::error!(%error, "the certificate for agents was not replaced"),
        }
    }
}

/// Follows the console's certificate files, or replaces its own certificate at half of its life.
async fn follow(
    serving: Arc<Serving>,
    config: Config,
    authority: Arc<Authority>,
    mut ending: watch::Receiver<bool>,
) {
    let modified = || -> Vec<_> {
        let files = [&config.certificate, &config.key];
        files
            .into_iter()
            .flatten()
            .map(|path| {
                std::fs::metadata(path)
                    .and_then(|file| file.modified())
                    .ok()
            })
            .collect()
    };
    let mut seen = modified();
    let round = if config.certificate.is_some() {
        FILES_ROUND
    } else {
        SERVING_LIFE / 2
    };
    let mut round = interval(round);
    round.tick().await;
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        let now = modified();
        if !now.is_empty() && now == seen {
            continue;
        }
        match console_certificate(&config, &authority) {
            Ok(certificate) => {
                let fingerprint = shown_fingerprint(&certificate);
                serving.replace(certificate);
                seen = now;
                tracing::info!(fingerprint, "the console shows a new certificate");
            }
            Err(error) => tracing::error!(%error, "the console keeps its certificate"),
        }
    }
}

#[cfg(test)]
mod tests {
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
}
