//! The collector: keeps the record, lets technicians work on devices as part of a ticket.

pub mod authority;
pub mod tls;
