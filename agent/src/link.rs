//! gRPC over one connection that was dialled by hand: HTTP/2 without a pool, a balancer or a reconnect of its own.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use sonde_proto::caps;
use sonde_proto::v1::agents_client::AgentsClient;
use tokio::task::JoinHandle;
use tonic::body::Body;

use crate::dial::COLLECTOR_NAME;

/// A link on which nothing was heard for this long is asked whether it is alive; reports are answered more often.
const KEEP_ALIVE: Duration = Duration::from_secs(45);
const KEEP_ALIVE_ANSWER: Duration = Duration::from_secs(15);
/// What the collector may send before we have read it.
const WINDOW_BYTES: u32 = 256 << 10;

/// The client's half of the service.
pub type Client = AgentsClient<Transport>;

/// One HTTP/2 connection. Clones share it.
#[derive(Clone, Debug)]
pub struct Transport(SendRequest<Body>);

/// A connection and the task that drives it; the connection ends with the task.
#[derive(Debug)]
pub struct Link {
    pub client: Client,
    connection: JoinHandle<()>,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

/// Speaks HTTP/2 over `stream`.
pub async fn over<S>(stream: S) -> Result<Link, hyper::Error>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static,
{
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE_ANSWER)
        .keep_alive_while_idle(true)
        .initial_stream_window_size(WINDOW_BYTES)
        .initial_connection_window_size(WINDOW_BYTES)
        .handshake(TokioIo::new(stream))
        .await?;
    let connection = tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "the connection ended");
        }
    });
    let origin = http::Uri::builder()
        .scheme("https")
        .authority(COLLECTOR_NAME)
        .path_and_query("/")
        .build()
        .unwrap_or_default();
    let client = AgentsClient::with_origin(Transport(sender), origin)
        .max_decoding_message_size(caps::MESSAGE_BYTES)
        .max_encoding_message_size(caps::MESSAGE_BYTES);
    Ok(Link { client, connection })
}

impl tower_service::Service<http::Request<Body>> for Transport {
    type Response = http::Response<hyper::body::Incoming>;
    type Error = hyper::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(self.0.send_request(request))
    }
}
