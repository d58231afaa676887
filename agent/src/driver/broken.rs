//! Why an agent cannot begin or go on.

use crate::blocks::BlocksError;
use crate::identity::{Identity, IdentityError};

#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    #[error("the state folder")]
    State(#[from] BlocksError),
    #[error("the identity")]
    Identity(#[from] IdentityError),
    #[error("TLS")]
    Tls(#[from] tokio_rustls::rustls::Error),
    #[error("the address of the collector")]
    Address(#[from] crate::dial::DialError),
}

impl DriverError {
    /// The disk under the state folder failed, not what is in its files.
    pub fn is_of_the_disk(&self) -> bool {
        matches!(
            self,
            Self::State(BlocksError::Io(_))
                | Self::Identity(IdentityError::Blocks(BlocksError::Io(_)))
        )
    }
}

/// An agent that could not go on, and who it was.
#[derive(Debug, thiserror::Error)]
#[error("the agent cannot go on")]
pub struct Broken {
    #[source]
    pub error: DriverError,
    pub identity: Box<Identity>,
    /// It was on its way out.
    pub was_stopped: bool,
}
