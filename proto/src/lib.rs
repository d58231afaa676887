//! The wire contract between agent and collector: schema, codecs, caps, and the renderer of messages.

pub mod asset;
pub mod caps;
pub mod code;
pub mod codec;
pub mod cost;
pub mod declaration;
pub mod help;
pub mod judged;
pub mod message;
pub mod rows;
pub mod series;
pub mod target;
pub mod text;
pub mod verdict;

/// Types and service generated from `sonde/agent/v1`.
#[allow(unreachable_pub, clippy::all, clippy::wildcard_enum_match_arm)]
pub mod v1 {
    tonic::include_proto!("sonde.agent.v1");
}

#[cfg(test)]
mod golden;
