//! How this agent is, for whoever asks on the machine itself: one line of JSON over a socket in the state folder.

use serde::{Deserialize, Serialize};

/// The socket's name in the state folder.
pub const SOCKET: &str = "socket";

/// What a running agent says of itself. Times are microseconds since 1970 UTC on the device's clock.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    pub device_id: String,
    pub agent_version: String,
    pub collector: String,
    /// The proxy on the way there.
    #[serde(default)]
    pub proxy: Option<String>,
    /// `address:port` that have led there.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// Since when the session stands; `None`: there is none.
    pub connected_since_us: Option<i64>,
    /// Why there is none, as far as it is known.
    pub trouble: Option<String>,
    /// When the collector was last heard; `None`: not since the agent began.
    #[serde(default)]
    pub heard_us: Option<i64>,
    /// Device's clock less the collector's, when it was last heard.
    pub clock_offset_us: i64,
    /// Reports that the collector has not accounted for.
    pub n_pending: usize,
    /// Share of the spool that is taken.
    pub spool_percent: f64,
    /// Reports that the collector has refused since the agent began, and the last one's reason.
    pub n_rejected: u64,
    pub rejected: Option<String>,
    pub n_jobs: usize,
    pub certificate_not_after_us: i64,
    /// The state folder cannot be written: where it goes on.
    pub fallback: Option<String>,
}

#[cfg(not(unix))]
pub use elsewhere::{Desk, answer};
#[cfg(unix)]
pub use unix::{Desk, answer, ask};

/// No way to ask yet.
#[cfg(not(unix))]
mod elsewhere {
    use std::convert::Infallible;
    use std::path::Path;

    use super::Status;

    #[derive(Debug)]
    pub struct Desk;

    impl Desk {
        pub fn open(_: &Path) -> Self {
            Self
        }

        pub async fn next(&self) -> Infallible {
            std::future::pending().await
        }
    }

    pub async fn answer(asked: Infallible, _: Status) {
        match asked {}
    }
}

#[cfg(unix)]
mod unix {
    use std::io::{self, Read as _};
    use std::path::Path;
    use std::time::Duration;

    use tokio::io::AsyncWriteExt as _;
    use tokio::net::{UnixListener, UnixStream};
    use tokio::time::timeout;

    use super::{SOCKET, Status};

    /// Who asks takes the answer within this.
    const ANSWER: Duration = Duration::from_secs(2);
    /// An answer, at most.
    const ANSWER_BYTES: u64 = 64 << 10;

    /// Where a running agent answers.
    #[derive(Debug)]
    pub struct Desk(Option<UnixListener>);

    impl Desk {
        /// In the state folder, which is the owner's alone. Without it the agent still does its work.
        pub fn open(folder: &Path) -> Self {
            let path = folder.join(SOCKET);
            // Left over from a run before; this agent holds the folder's lock.
            std::fs::remove_file(&path).ok();
            match UnixListener::bind(&path) {
                Ok(listener) => Self(Some(listener)),
                Err(error) => {
                    tracing::warn!(%error, "this agent cannot be asked how it is");
                    Self(None)
                }
            }
        }

        /// The next one who asks.
        pub async fn next(&self) -> UnixStream {
            match &self.0 {
                Some(listener) => match listener.accept().await {
                    Ok((stream, _)) => stream,
                    Err(_) => std::future::pending().await,
                },
                None => std::future::pending().await,
            }
        }
    }

    /// Says how it is, and hangs up.
    pub async fn answer(mut stream: UnixStream, status: Status) {
        let line = serde_json::to_string(&status).unwrap_or_default();
        if timeout(ANSWER, stream.write_all(line.as_bytes()))
            .await
            .is_err()
        {
            tracing::debug!("somebody asked and did not listen");
        }
    }

    /// Asks the agent that runs on `folder`. An error of kind `NotFound` or `ConnectionRefused`: none does.
    pub fn ask(folder: &Path) -> io::Result<Status> {
        let connect = |folder: &Path| std::os::unix::net::UnixStream::connect(folder.join(SOCKET));
        let stream = connect(folder)
            .or_else(|error| connect(&crate::state::fallback_of(folder)).map_err(|_| error))?;
        stream.set_read_timeout(Some(ANSWER))?;
        let mut text = String::new();
        stream.take(ANSWER_BYTES).read_to_string(&mut text)?;
        Ok(serde_json::from_str(&text)?)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[tokio::test]
        async fn who_asks_is_told() {
            let folder = tempfile::tempdir().unwrap();
            let kind = ask(folder.path()).unwrap_err().kind();
            assert_eq!(kind, io::ErrorKind::NotFound);
            let desk = Desk::open(folder.path());
            let status = Status {
                device_id: "d".into(),
                n_pending: 3,
                ..Status::default()
            };
            let path = folder.path().to_owned();
            let asked = tokio::task::spawn_blocking(move || ask(&path));
            answer(desk.next().await, status.clone()).await;
            assert_eq!(asked.await.unwrap().unwrap(), status);
        }
    }
}
