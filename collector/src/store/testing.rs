//! Stores for tests: a SQLite file of its own and, where PostgreSQL is installed, a database of its own in a
//! cluster that the test process starts once and that ends with it.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::devices::{CodeKey, EnrolDevice};
use super::tickets::OpenTicket;
use super::tokens::NewToken;
use super::{DeviceId, Id, Store, StoreError, TimeUs};
use crate::desk::Priority;

/// 2026-01-01.
pub(crate) const NOW: TimeUs = 1_767_225_600_000_000;
pub(crate) const HOUR_US: i64 = 3_600_000_000;
const SERVER_START: Duration = Duration::from_secs(60);

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A folder that goes away with its value.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("sonde-store-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn sqlite_url(&self) -> String {
        format!("sqlite:{}", self.0.join("store.db").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Runs the test on SQLite and on PostgreSQL; the latter is skipped by name where it is not installed.
pub(crate) async fn on_both<F: Future<Output = ()>>(test: impl Fn(Store) -> F) {
    let test = &test;
    on_both_urls(|url| async move { test(Store::open(&url).await.unwrap()).await }).await;
}

/// The same with the address of an empty store.
pub(crate) async fn on_both_urls<F: Future<Output = ()>>(test: impl Fn(String) -> F) {
    let folder = Folder::new();
    test(folder.sqlite_url()).await;
    match postgres_database().await {
        Some(url) => test(url).await,
        None => {
            eprintln!("skipped on PostgreSQL: it is not installed: apt-get install -y postgresql")
        }
    }
}

/// An enrolment token and its secret's hash.
pub(crate) async fn token(store: &Store, n_uses: u32, expires_at: TimeUs) -> (Id, [u8; 32]) {
    let secret_hash = super::random_bytes();
    let id = store
        .create_token(NewToken {
            secret_hash,
            site: super::sites::DEFAULT_SITE.into(),
            n_uses,
            expires_at,
            created_by: "root".into(),
            at: NOW,
        })
        .await
        .unwrap();
    (id, secret_hash)
}

/// A plain enrolment.
pub(crate) fn enrolment(token_secret_hash: [u8; 32], hostname: &str) -> EnrolDevice {
    EnrolDevice {
        token_secret_hash,
        device_id: DeviceId::random(),
        hostname: hostname.into(),
        os: "linux".into(),
        installation_id: Id::random(),
        serial: String::new(),
        board_serial: String::new(),
        machine_id: String::new(),
        macs: Vec::new(),
        spki_sha256: [7; 32],
        certificate_not_after: NOW + 30 * 24 * HOUR_US,
        agent_version: "0.1.0".into(),
        code_key: CodeKey([7; 16]),
        at: NOW,
    }
}

/// A device that has just enrolled: its id and its key.
pub(crate) async fn device(store: &Store, hostname: &str) -> (DeviceId, i64) {
    let (_, secret) = token(store, 1, NOW + HOUR_US).await;
    let enrolment = enrolment(secret, hostname);
    let id = enrolment.device_id.clone();
    let enrolled = store.enrol_device(enrolment).await.unwrap();
    (id, enrolled.device_key)
}

/// The devices are as if they had enrolled before there were spoken codes.
pub(crate) async fn forget_code_keys(store: &Store) {
    let forget = "UPDATE devices SET code_key = NULL RETURNING id";
    ask_writer(store, forget).await.unwrap();
}

/// A ticket that Ann opens about these devices.
pub(crate) fn slow(devices: Vec<String>) -> OpenTicket {
    OpenTicket {
        title: "slow".into(),
        site: super::sites::DEFAULT_SITE.into(),
        priority: Priority::Normal,
        requester: None,
        person: None,
        weight: None,
        devices,
        note: None,
        opened_by: "ann".into(),
        at: NOW,
    }
}

/// Address of a new, empty database; none: PostgreSQL is not installed.
async fn postgres_database() -> Option<String> {
    static CLUSTER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = tokio::task::spawn_blocking(|| CLUSTER.get_or_init(start_postgres).clone())
        .await
        .unwrap()?;
    let name = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let address = |name: &str| {
        format!(
            "postgres://sonde@localhost/{name}?host={}",
            folder.display()
        )
    };
    sqlx::any::install_default_drivers();
    let deadline = Instant::now() + SERVER_START;
    let mut on = loop {
        use sqlx::Connection;
        match sqlx::AnyConnection::connect(&address("postgres")).await {
            Ok(on) => break on,
            Err(error) if Instant::now() > deadline => panic!("PostgreSQL does not start: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    super::dialect::run(&mut on, format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    Some(address(&name))
}

/// Starts a cluster as an unprivileged user, on a socket in its own folder.
fn start_postgres() -> Option<PathBuf> {
    let programs = postgres_programs()?;
    let folder = Folder::new();
    let path = folder.0.clone();
    // It outlives this function; the next run clears it away.
    std::mem::forget(folder);
    remove_left_over();
    let is_root = own_uid() == "0";
    if is_root {
        let owned = program("chown", false).arg("postgres").arg(&path).status();
        assert!(owned.unwrap().success());
    }
    let data = path.join("data");
    let made = program(programs.join("initdb"), is_root)
        .args([
            "--username=sonde",
            "--auth=trust",
            "--no-sync",
            "-E",
            "UTF8",
        ])
        .args(["--locale=C.UTF-8", "-D"])
        .arg(&data)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success(), "initdb failed");
    let (sent, started) = std::sync::mpsc::channel();
    let socket = path.clone();
    // The server is ended when the thread that started it ends, and that is when the process does.
    std::thread::spawn(move || {
        let server = program(programs.join("postgres"), is_root)
            .arg("-D")
            .arg(data)
            .arg("-k")
            .arg(socket)
            .args(["-c", "listen_addresses=", "-c", "fsync=off"])
            .args(["-c", "max_connections=300"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        sent.send(server.is_ok()).unwrap();
        loop {
            std::thread::park();
        }
    });
    assert!(started.recv().unwrap(), "the server does not start");
    Some(path)
}

#[expect(clippy::disallowed_methods, reason = "the test's own database server")]
fn program(name: impl AsRef<std::ffi::OsStr>, as_postgres: bool) -> Command {
    let mut command = Command::new("setpriv");
    if as_postgres {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    command.args(["--pdeathsig", "INT"]).arg(name.as_ref());
    command.current_dir("/");
    command
}

fn own_uid() -> String {
    let output = program("id", false).arg("-u").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The folder of the newest server that Debian has installed.
fn postgres_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|path| path.join("initdb").exists())
        .max()
}

/// Folders of test processes that are no more.
fn remove_left_over() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix("sonde-store-"))
            .and_then(|rest| rest.split('-').next());
        if let Some(owner) = owner
            && !Path::new("/proc").join(owner).exists()
        {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}

/// A statement of the test's own on the writer's connection.
pub(crate) async fn ask_writer(store: &Store, text: &'static str) -> Result<String, StoreError> {
    store
        .write(text, |tx, text| {
            Box::pin(async move {
                use sqlx::Row;
                let row = super::Query::new(text).one(&mut tx.on).await?;
                Ok(match row.try_get::<String, _>(0) {
                    Ok(text) => text,
                    Err(_) => row.try_get::<i64, _>(0)?.to_string(),
                })
            })
        })
        .await
}

/// Rows that follow from tickets' events, and are no more.
pub(crate) async fn forget_marks(store: &Store) {
    let rows = "DELETE FROM ticket_marks RETURNING ticket";
    ask_writer(store, rows).await.unwrap();
}

/// The same of what users were asked.
pub(crate) async fn forget_consents(store: &Store) {
    let rows = "DELETE FROM consents RETURNING ticket";
    ask_writer(store, rows).await.unwrap();
}

/// Two tickets are from before there was a search.
pub(crate) async fn leave_two_unread(store: &Store) {
    let rows = "UPDATE search_progress SET unread = 2 RETURNING unread";
    ask_writer(store, rows).await.unwrap();
}

/// PostgreSQL cuts the connection of the first transaction that inserts into `table`, when it commits.
pub(crate) async fn cut_first_commit(url: &str, table: &str) {
    use sqlx::Connection;
    let mut on = sqlx::AnyConnection::connect(url).await.unwrap();
    let text = format!(
        "CREATE SEQUENCE cuts; CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF nextval('cuts') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END $$; \
         CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION cut()"
    );
    super::dialect::run(&mut on, text).await.unwrap();
}

/// The store says from now on that it is of the first version; gives what it says.
pub(crate) async fn as_first_version(store: &Store) -> String {
    let later = "DELETE FROM schema_versions WHERE version > 1 RETURNING version";
    ask_writer(store, later).await.unwrap();
    version(store).await
}

/// The version that the store says it is of.
pub(crate) async fn version(store: &Store) -> String {
    let text = "SELECT MAX(version) FROM schema_versions";
    ask_writer(store, text).await.unwrap()
}
