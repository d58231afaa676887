//! What is known of devices as a whole.

pub mod alerts;
pub mod checks;
pub mod presence;
pub mod upkeep;

pub use presence::{cut_removed, keep_time};
