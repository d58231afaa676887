//! One collector, from its data folder to its ports, and down again.

mod certificate;

use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};

use certificate::{console_certificate, shown_fingerprint};

use crate::api::{self, AppState};
use crate::authority::{Authority, AuthorityError, COLLECTOR_NAME, SERVING_LIFE};
use crate::bus::Bus;
use crate::config::{Config, ConfigError};
use crate::endings::SelfEnding;
use crate::escalations::Escalations;
use crate::link::registry::{Command, Ending};
use crate::link::{Link, Settings};
use crate::promises::Promises;
use crate::rechecks::Rechecks;
use crate::store::{Store, StoreError};
use crate::tls::{self, Serving};
use crate::work::Work;
use crate::{console, fleet, indexing, rounds, webhooks};

/// All is down within this.
const DOWN: Duration = Duration::from_secs(5);
/// Sessions have so long of it to go.
const SESSIONS_GO: Duration = Duration::from_secs(3);
/// How often the console's certificate files are looked at.
const FILES_ROUND: Duration = Duration::from_secs(60);
/// How often the age of the agents' certificate is.
const ROTATE_ROUND: Duration = Duration::from_secs(3600);

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
        let postman = config.postman()?;
        prepare(data)?;
        let lock = lock(data)?;
        let authority = Arc::new(Authority::open_or_create(data, OffsetDateTime::now_utc())?);
        let store = Store::open(&config.store_url(data)?).await?;
        store.all_disconnected().await?;
        let listening_since = crate::clock::now_us();
        store
            .collector_listens(listening_since, listening_since)
            .await?;
        store.forget_unused_catalogues(listening_since).await?;
        let bus = Bus::default();
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

        let public_url = config.page_url(&bound.console);
        let settings = Settings {
            report_every: config.report_every(),
            session: config.session(),
            public_url: public_url.clone(),
        };
        let link = Link::new(store.clone(), authority.clone(), bus.clone(), settings);
        link.policies.read(&store).await?;
        let work = Work::new(store.clone(), link.registry.clone(), bus.clone());

        let (ending, watch) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let mut state = AppState::new(
            store.clone(),
            work.clone(),
            link.policies.clone(),
            link.gate.clone(),
            &authority.fingerprint(),
            config.report_every(),
            public_url.as_deref().unwrap_or(&bound.console),
        );
        state.webhook_http = config.webhook_http;
        state.webhook_reach = Arc::new(config.reach());
        let own = Some(bound.agents.ip()).filter(|ip| !ip.is_unspecified());
        let host = own.map(|ip| SocketAddr::new(ip, 0).to_string());
        let host = host.and_then(|host| Some(host.strip_suffix(":0")?.to_owned()));
        let host = host.or_else(|| config.names.first().cloned());
        state.agents = Some((host, bound.agents.port()));
        let router = api::router(state);
        tasks.spawn(link.clone().serve(agents, agents_tls, watch.clone()));
        let proxies = config.trusted_proxies.clone();
        let ended = watch.clone();
        tasks.spawn(async move {
            console::serve(people, console_tls, &proxies, router, ended).await;
        });
        let endings = SelfEnding {
            store: store.clone(),
            work: work.clone(),
            patience: config.patience(),
        };
        tasks.spawn(rounds::keep(endings, watch.clone()));
        let promises = Promises::new(store.clone(), work.clone());
        tasks.spawn(rounds::keep(promises, watch.clone()));
        let escalations = Escalations {
            store: store.clone(),
            work: work.clone(),
        };
        tasks.spawn(rounds::keep(escalations, watch.clone()));
        let rechecks = Rechecks {
            store: store.clone(),
            work: work.clone(),
        };
        tasks.spawn(rounds::keep(rechecks, watch.clone()));
        let sender = webhooks::Sender {
            store: store.clone(),
            postman,
            plain_allowed: config.webhook_http,
        };
        tasks.spawn(webhooks::keep(sender, watch.clone()));
        tasks.spawn(indexing::keep(store.clone(), watch.clone()));
        tasks.spawn(work.keep_time(watch.clone()));
        tasks.spawn(fleet::keep_time(
            store.clone(),
            link.registry.clone(),
            listening_since,
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

    /// Ready when one of its parts has ended, which none does before it is told to: it has panicked.
    pub async fn broken(&mut self) {
        if let Some(Err(error)) = self.tasks.join_next().await {
            tracing::error!(%error, "a part of the collector broke");
        }
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

/// Whether a collector serves from this folder now.
fn is_served(data: &Path) -> bool {
    File::open(data.join("lock"))
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
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
    let url = config.store_url(data)?;
    if !is_served(data) {
        return Ok(Store::open(&url).await?);
    }
    match Store::open_beside_another(&url).await {
        Err(StoreError::Refused { reason, .. }) => Err(ServeError::Data {
            path: data.to_owned(),
            wrong: format!("an older collector serves from it: stop that first ({reason})"),
        }),
        opened => Ok(opened?),
    }
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

/// Replaces the agents' certificate at half of its life.
async fn rotate(
    serving: Arc<Serving>,
    authority: Arc<Authority>,
    names: Vec<String>,
    mut ending: watch::Receiver<bool>,
) {
    let mut issued = OffsetDateTime::now_utc();
    let mut round = interval(ROTATE_ROUND);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        let now = OffsetDateTime::now_utc();
        if !is_old(issued, now) {
            continue;
        }
        match authority.issue_serving(&names, now) {
            Ok(certificate) => {
                serving.replace(certificate);
                issued = now;
            }
            Err(error) => tracing::error!(%error, "the certificate for agents was not replaced"),
        }
    }
}

/// By the wall clock, which may have been set: half of the certificate's life is over, or it has not begun.
fn is_old(issued: OffsetDateTime, now: OffsetDateTime) -> bool {
    now < issued || now - issued >= SERVING_LIFE / 2
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
    let mut issued = OffsetDateTime::now_utc();
    let mut round = interval(FILES_ROUND);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        let (now, at) = (modified(), OffsetDateTime::now_utc());
        let is_due = match now.is_empty() {
            true => is_old(issued, at),
            false => now != seen,
        };
        if !is_due {
            continue;
        }
        match console_certificate(&config, &authority) {
            Ok(certificate) => {
                let fingerprint = shown_fingerprint(&certificate);
                serving.replace(certificate);
                (seen, issued) = (now, at);
                tracing::info!(fingerprint, "the console shows a new certificate");
            }
            Err(error) => tracing::error!(%error, "the console keeps its certificate"),
        }
    }
}

#[cfg(test)]
mod tests;
