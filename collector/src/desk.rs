//! What happens at the helpdesk, as pure rules: no clock, no store, no network.

pub mod calendar;
pub mod caller;
pub mod help;
pub mod holidays;
pub mod person;
pub mod sla;
pub mod state;
pub mod ticket;

pub use state::{Confirmation, Priority, State, Tier, WaitingFor};
pub(crate) use ticket::behind;
pub use ticket::{Asked, Event, MOST_DEVICES, Refusal, Side, Ticket};
