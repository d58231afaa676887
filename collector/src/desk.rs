//! What happens at the helpdesk, as pure rules: no clock, no store, no network.

pub mod answer;
pub mod asset;
pub mod attachment;
pub mod calendar;
pub mod caller;
pub mod consent;
pub mod escalation;
pub mod event;
pub mod happened;
pub mod help;
pub mod holidays;
pub mod macros;
pub mod maintenance;
pub mod mark;
pub mod matrix;
pub mod person;
pub mod ranking;
pub mod recovery;
pub mod remote_tool;
pub mod reply;
pub mod sla;
pub mod spoken_time;
pub mod state;
pub mod ticket;
pub mod view;
pub mod words;

pub use event::{Asked, Event, Listed, Side};
pub use state::{Confirmation, Priority, State, Tier, WaitingFor};
pub(crate) use ticket::behind;
pub use ticket::{MOST_ASSETS, MOST_DEVICES, Refusal, Ticket};
