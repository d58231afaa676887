//! What is known of devices as a whole.

pub mod alerts;
mod catalogue;
pub mod checks;
pub mod cohort;
pub mod incidents;
pub mod likely;
mod policies;
pub mod policy;
pub mod presence;
mod primary_address;
pub mod upkeep;

pub use policies::Policies;
pub use presence::{cut_removed, keep_time};
pub use primary_address::primary_address;
