//! The socket: who asks is whom the system says it is; nobody is waited for, and nobody takes the others' places.

use tokio::sync::mpsc;

use super::{Reply, Request};

/// Lines that wait to be read by who has asked: two at most are sent.
const LINES: usize = 2;

/// A question, and where its answer goes.
#[derive(Debug)]
pub struct Asked {
    /// As the system names them.
    pub login: String,
    /// Empty: it has none.
    pub full_name: String,
    /// They may see everything.
    pub is_root: bool,
    pub request: Request,
    pub answer: Answer,
}

/// Where an answer goes. Who has gone away gets none.
#[derive(Clone, Debug)]
pub struct Answer(mpsc::Sender<Reply>);

impl Answer {
    /// An answer, and what it brings.
    pub fn new() -> (Self, mpsc::Receiver<Reply>) {
        let (sender, receiver) = mpsc::channel(LINES);
        (Self(sender), receiver)
    }

    pub fn say(&self, reply: Reply) {
        self.0.try_send(reply).ok();
    }
}

#[cfg(not(unix))]
pub use elsewhere::Desk;
#[cfg(unix)]
pub use unix::{Client, Desk, ask};

/// No way to ask yet.
#[cfg(not(unix))]
mod elsewhere {
    use std::path::Path;

    use super::Asked;

    #[derive(Debug)]
    pub struct Desk;

    impl Desk {
        pub fn open(_: &Path) -> Self {
            Self
        }

        pub async fn next(&mut self) -> Asked {
            std::future::pending().await
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::collections::HashMap;
    use std::fs::{self, DirBuilder, Permissions};
    use std::io::{self, BufRead as _, Read as _, Write as _};
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    use std::path::{Path, PathBuf};
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
    use std::time::Duration;

    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
    use tokio::net::{UnixListener, UnixStream};
    use tokio::sync::{Semaphore, mpsc};
    use tokio::task::JoinHandle;
    use tokio::time::{sleep, timeout};

    use super::super::limits::Counts;
    use super::super::{Refusal, Reply, Request};
    use super::{Answer, Asked};
    use crate::{clock, host};

    /// Questions that wait for the agent.
    const QUESTIONS: usize = 8;
    /// Who is connected asks within this,
    const TO_ASK: Duration = Duration::from_secs(5);
    /// is answered, or let go, within this,
    const TO_ANSWER: Duration = Duration::from_secs(20);
    /// and takes a line within this.
    const TO_TAKE: Duration = Duration::from_secs(2);
    /// Longest question, in bytes: a text in which JSON writes each byte as six, and what stands around it.
    const QUESTION_BYTES: u64 = 64 << 10;
    /// After a connection that was not heard: a flood is not worth more.
    const PAUSE: Duration = Duration::from_millis(20);
    /// The system says who a user is within this.
    const TO_NAME: Duration = Duration::from_secs(3);
    /// Users that the system is asked about at a time.
    const NAMING: usize = 2;
    /// Users whose names are remembered,
    const NAMES: usize = 256;
    /// for so long: a number may become another user's.
    const NAMED_US: i64 = 60_000_000;

    /// Login and full name.
    type Account = (String, String);

    /// Where a running agent answers its users.
    #[derive(Debug)]
    pub struct Desk {
        asked: mpsc::Receiver<Asked>,
        /// `None`: it cannot be asked.
        accepting: Option<(JoinHandle<()>, PathBuf)>,
    }

    /// What the connections share.
    #[derive(Debug)]
    struct Shared {
        counts: Mutex<Counts>,
        /// By number, and until when.
        names: Mutex<HashMap<u32, (i64, Account)>>,
        naming: Arc<Semaphore>,
        asked: mpsc::Sender<Asked>,
    }

    impl Desk {
        /// For everybody on this machine. Without it the agent still does its work.
        pub fn open(path: &Path) -> Self {
            let (sender, asked) = mpsc::channel(QUESTIONS);
            let accepting = match bind(path) {
                Ok(listener) => Some((tokio::spawn(accept(listener, sender)), path.to_owned())),
                Err(error) => {
                    tracing::warn!(%error, path = %path.display(), "this machine's users cannot ask for help here");
                    None
                }
            };
            Self { asked, accepting }
        }

        /// The next question.
        pub async fn next(&mut self) -> Asked {
            match self.asked.recv().await {
                Some(asked) => asked,
                None => std::future::pending().await,
            }
        }
    }

    impl Drop for Desk {
        fn drop(&mut self) {
            if let Some((accepting, path)) = self.accepting.take() {
                accepting.abort();
                fs::remove_file(path).ok();
            }
        }
    }

    fn bind(path: &Path) -> io::Result<UnixListener> {
        if let Some(folder) = path.parent().filter(|folder| !folder.exists()) {
            DirBuilder::new().mode(0o755).create(folder)?;
            // Whatever this process takes away from what it makes.
            fs::set_permissions(folder, Permissions::from_mode(0o755))?;
        }
        // Left over from a run before; this agent holds its state folder's lock.
        fs::remove_file(path).ok();
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, Permissions::from_mode(0o666))?;
        Ok(listener)
    }

    async fn accept(listener: UnixListener, asked: mpsc::Sender<Asked>) {
        let shared = Arc::new(Shared {
            counts: Mutex::default(),
            names: Mutex::default(),
            naming: Arc::new(Semaphore::new(NAMING)),
            asked,
        });
        loop {
            let heard = match listener.accept().await {
                Ok((stream, _)) => begin(&shared, stream),
                // For want of descriptors, mostly.
                Err(_) => false,
            };
            if !heard {
                sleep(PAUSE).await;
            }
        }
    }

    /// False: this connection is not heard.
    fn begin(shared: &Arc<Shared>, stream: UnixStream) -> bool {
        let Ok(peer) = stream.peer_cred() else {
            return false;
        };
        let user = peer.uid();
        if let Err(full) = lock(&shared.counts).open(user, clock::now().boot_us) {
            let why = match full {
                super::super::limits::Full::Places => Refusal::Busy,
                super::super::limits::Full::Often => Refusal::TooOften,
            };
            stream
                .try_write(line(&Reply::Refused { why }).as_bytes())
                .ok();
            return false;
        }
        let place = Place {
            shared: shared.clone(),
            user,
        };
        tokio::spawn(async move { converse(stream, &place).await });
        true
    }

    /// Of one connection; free again when it is over, however it ends.
    struct Place {
        shared: Arc<Shared>,
        user: u32,
    }

    impl Drop for Place {
        fn drop(&mut self) {
            lock(&self.shared.counts).close(self.user);
        }
    }

    async fn converse(stream: UnixStream, place: &Place) {
        let (reader, mut writer) = stream.into_split();
        let mut reader = BufReader::new(reader.take(QUESTION_BYTES));
        let mut question = Vec::new();
        match timeout(TO_ASK, reader.read_until(b'\n', &mut question)).await {
            Ok(Ok(n_bytes)) if n_bytes > 0 => {}
            Ok(_) | Err(_) => return,
        }
        let (answer, mut replies) = Answer::new();
        match serde_json::from_slice(&question) {
            Ok(request) => hand_on(place, request, answer).await,
            Err(_) => {
                let why = Refusal::NotUnderstood;
                answer.say(Reply::Refused { why });
                // Nothing more comes.
                drop(answer);
            }
        }
        let answered = async {
            while let Some(reply) = replies.recv().await {
                let line = line(&reply);
                match timeout(TO_TAKE, writer.write_all(line.as_bytes())).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) | Err(_) => return,
                }
            }
        };
        if timeout(TO_ANSWER, answered).await.is_err() {
            tracing::debug!("somebody's question was not answered in time");
        }
    }

    async fn hand_on(place: &Place, request: Request, answer: Answer) {
        let refuse = |why| answer.say(Reply::Refused { why });
        let Some((login, full_name)) = name_of(&place.shared, place.user).await else {
            return refuse(Refusal::Busy);
        };
        let asked = Asked {
            login,
            full_name,
            is_root: place.user == 0,
            request,
            answer: answer.clone(),
        };
        if place.shared.asked.try_send(asked).is_err() {
            refuse(Refusal::Busy);
        }
    }

    /// Login and full name; `None`: the system does not say in time. It may ask a server far away.
    async fn name_of(shared: &Shared, user: u32) -> Option<Account> {
        let now_us = clock::now().boot_us;
        lock(&shared.names).retain(|_, (until_us, _)| *until_us > now_us);
        if let Some((_, known)) = lock(&shared.names).get(&user) {
            return Some(known.clone());
        }
        let turn = timeout(TO_NAME, shared.naming.clone().acquire_owned());
        let turn = turn.await.ok()?.ok()?;
        let asked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            host::account(user)
        });
        let account = timeout(TO_NAME, asked).await.ok()?.ok()?.ok()?;
        // A user without a name, as in a container, is the same one each time.
        let Some(account) = account else {
            return Some((format!("user {user}"), String::new()));
        };
        let mut names = lock(&shared.names);
        if names.len() < NAMES {
            names.insert(user, (now_us + NAMED_US, account.clone()));
        }
        Some(account)
    }

    fn line(reply: &Reply) -> String {
        serde_json::to_string(reply).unwrap_or_default() + "\n"
    }

    fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
        of.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Longest answer, in bytes.
    const ANSWER_BYTES: u64 = 1 << 20;

    /// Somebody who has asked and reads the answers.
    #[derive(Debug)]
    pub struct Client(io::BufReader<std::os::unix::net::UnixStream>);

    /// Asks the agent behind `path`. An error of kind `NotFound` or `ConnectionRefused`: none runs there.
    pub fn ask(path: &Path, request: &Request) -> io::Result<Client> {
        let mut stream = std::os::unix::net::UnixStream::connect(path)?;
        stream.set_write_timeout(Some(TO_TAKE))?;
        let mut question = serde_json::to_string(request)?;
        question.push('\n');
        // Who is not heard is told so without being listened to.
        stream.write_all(question.as_bytes()).ok();
        Ok(Client(io::BufReader::new(stream)))
    }

    impl Client {
        /// The next answer; `None`: there is none, or none within `patience`.
        pub fn next(&mut self, patience: Duration) -> io::Result<Option<Reply>> {
            self.0.get_ref().set_read_timeout(Some(patience))?;
            let mut line = Vec::new();
            match (&mut self.0)
                .take(ANSWER_BYTES)
                .read_until(b'\n', &mut line)
            {
                Ok(0) => Ok(None),
                Ok(_) => Ok(Some(serde_json::from_slice(&line)?)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
                Err(error) => Err(error),
            }
        }
    }

    #[cfg(test)]
    mod tests;
}
