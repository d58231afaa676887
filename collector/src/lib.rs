//! The collector: keeps the record, lets technicians work on devices as part of a ticket.

pub mod account;
pub mod api;
pub mod authority;
pub mod bus;
pub mod cli;
pub mod clock;
pub mod desk;
pub mod link;
pub mod store;
pub mod tls;
pub mod work;
