//! What happens at the helpdesk, as pure rules: no clock, no store, no network.

pub mod ticket;

pub use ticket::{Event, Priority, Refusal, State, Ticket, WaitingFor};
