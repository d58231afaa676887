//! Server-sent events, as the collector says them.

use std::time::Duration;

use bytes::BytesMut;
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use serde_json::Value;
use tokio::time::timeout;

use super::super::failure::Failure;
use super::{Client, broken, refused};
use crate::api::PREFIX;

/// The collector says something at least this often, if only that it is there.
const SILENCE: Duration = Duration::from_secs(40);
/// Longest event that is read.
const EVENT_BYTES: usize = 4 << 20;

/// A stream of events.
pub(in super::super) struct Events {
    body: Incoming,
    read: BytesMut,
}

impl Client {
    /// Listens to a stream.
    pub(in super::super) async fn events(&mut self, path: &str) -> Result<Events, Failure> {
        let request = Request::builder()
            .method(Method::GET)
            .uri(format!("{PREFIX}{path}"))
            .header(header::HOST, self.address.to_string())
            .header(header::ACCEPT_LANGUAGE, &self.lang)
            .header(header::AUTHORIZATION, &self.authorization)
            .body(Full::default())
            .map_err(|error| Failure::other(format!("{path}: {error}")))?;
        let response = self.send(request).await?;
        let status = response.status();
        if status.is_success() {
            return Ok(Events {
                body: response.into_body(),
                read: BytesMut::new(),
            });
        }
        let body = response.into_body().collect().await;
        let body = body.map_err(|error| broken(error.to_string()))?;
        Err(refused(status, &body.to_bytes()))
    }
}

impl Events {
    /// Name and data of the next event; none: the stream has ended.
    pub(in super::super) async fn next(&mut self) -> Result<Option<(String, Value)>, Failure> {
        loop {
            if let Some(event) = take(&mut self.read)? {
                return Ok(Some(event));
            }
            let frame = timeout(SILENCE, self.body.frame()).await;
            let frame = frame.map_err(|_| broken("nothing came any more".to_owned()))?;
            match frame {
                None => return Ok(None),
                Some(Ok(frame)) => self.read.extend(frame.into_data().ok()),
                Some(Err(error)) => return Err(broken(error.to_string())),
            }
            if self.read.len() > EVENT_BYTES {
                return Err(broken("an event is too long".to_owned()));
            }
        }
    }
}

/// Takes the event at the front of what was read, if it is whole; comments are passed over.
fn take(read: &mut BytesMut) -> Result<Option<(String, Value)>, Failure> {
    loop {
        let Some(end) = read.windows(2).position(|two| two == b"\n\n") else {
            return Ok(None);
        };
        let block = read.split_to(end + 2);
        let text = String::from_utf8_lossy(&block);
        let part = |name: &str| {
            let lines = text.lines().filter_map(|line| line.strip_prefix(name));
            lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
        };
        let (name, data) = (part("event:"), part("data:"));
        if data.is_empty() {
            continue;
        }
        let data = serde_json::from_str(&data)
            .map_err(|error| Failure::other(format!("an event is not JSON: {error}")))?;
        return Ok(Some((name, data)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_is_taken_when_it_is_whole_and_comments_never() {
        let mut read = BytesMut::from(&b":\n\nevent: job\ndata: {\"state\""[..]);
        assert!(take(&mut read).unwrap().is_none());
        read.extend_from_slice(b":\"running\"}\n\nevent: away\ndata: {}\n\n");
        assert_eq!(
            take(&mut read).unwrap(),
            Some(("job".to_owned(), json!({"state": "running"})))
        );
        assert_eq!(
            take(&mut read).unwrap(),
            Some(("away".to_owned(), json!({})))
        );
        assert!(take(&mut read).unwrap().is_none());
    }

    #[test]
    fn what_is_no_event_is_said_to_be_none() {
        let mut read = BytesMut::from(&b"data: {\n\n"[..]);
        assert!(take(&mut read).is_err());
    }
}
