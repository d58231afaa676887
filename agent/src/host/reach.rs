//! Whether a TCP port of another machine can be reached.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;

use super::Host;

/// What became of an attempt to get through to a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reached {
    Connected,
    /// The machine is there; nobody listens, or somebody says so.
    Refused,
    Silent,
    /// This machine itself does not let it out.
    Forbidden,
    /// Somebody on the way says that there is no way, or that it is forbidden.
    Unreachable {
        why: String,
    },
}

impl Reached {
    pub(super) fn failed(error: &std::io::Error) -> Self {
        let is = |kind| error.kind() == kind;
        if is(ErrorKind::ConnectionRefused) || is(ErrorKind::ConnectionReset) {
            Self::Refused
        } else if is(ErrorKind::PermissionDenied) {
            Self::Forbidden
        } else if is(ErrorKind::TimedOut) {
            Self::Silent
        } else {
            Self::Unreachable {
                why: crate::text::reason(error),
            }
        }
    }
}

impl Host {
    /// Connects to `to` and hangs up.
    pub async fn reach(&self, to: SocketAddr, deadline: Duration) -> Reached {
        match self.connect(to, deadline).await {
            Ok(_) => Reached::Connected,
            Err(why) => why,
        }
    }

    /// The connection, or why there is none.
    pub(super) async fn connect(
        &self,
        to: SocketAddr,
        deadline: Duration,
    ) -> Result<TcpStream, Reached> {
        match tokio::time::timeout(deadline, TcpStream::connect(to)).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(Reached::failed(&error)),
            Err(_) => Err(Reached::Silent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_listens_is_told_from_who_does_not() {
        let host = Host::this();
        let deadline = Duration::from_secs(5);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        assert_eq!(host.reach(at, deadline).await, Reached::Connected);
        drop(listener);
        assert_eq!(host.reach(at, deadline).await, Reached::Refused);
    }

    #[test]
    fn errors_have_their_meaning() {
        let of = |number| Reached::failed(&std::io::Error::from_raw_os_error(number));
        // errno(3): EPERM, EACCES, EHOSTUNREACH.
        assert_eq!(of(1), Reached::Forbidden);
        assert_eq!(of(13), Reached::Forbidden);
        assert!(matches!(of(113), Reached::Unreachable { .. }));
    }
}
