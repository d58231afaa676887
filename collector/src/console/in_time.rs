//! A request's body that has to come within a time.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// Fails when the time is over before the body is.
pub(super) struct InTime<B> {
    body: B,
    over: Pin<Box<Sleep>>,
}

impl<B: Body> InTime<B> {
    pub(super) fn new(body: B, within: Duration) -> Self {
        Self {
            body,
            over: Box::pin(sleep(within)),
        }
    }
}

impl<B> Body for InTime<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => Poll::Ready(frame.map(|frame| frame.map_err(Into::into))),
            Poll::Pending => self
                .over
                .as_mut()
                .poll(context)
                .map(|()| Some(Err(io::Error::from(io::ErrorKind::TimedOut).into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt as _, StreamBody};

    use super::*;

    #[tokio::test]
    async fn a_body_that_does_not_come_is_given_up() {
        let silent = StreamBody::new(futures::stream::pending::<Result<Frame<Bytes>, io::Error>>());
        let read = InTime::new(silent, Duration::from_millis(5)).collect();
        let read = tokio::time::timeout(Duration::from_secs(10), read).await;
        assert!(read.expect("it is given up").is_err());
    }
}
