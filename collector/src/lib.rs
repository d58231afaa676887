//! The collector: keeps the record, lets technicians work on devices as part of a ticket.

pub mod account;
pub mod api;
pub mod authority;
pub mod bus;
pub mod case_file;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod descriptors;
pub mod desk;
pub mod digest;
mod endings;
mod escalations;
pub mod fleet;
#[cfg(test)]
mod hostile;
mod indexing;
pub mod link;
pub mod log;
mod promises;
pub mod question;
mod rechecks;
mod rounds;
pub mod serve;
pub mod store;
pub mod tls;
pub mod webhooks;
pub mod wording;
pub mod work;
