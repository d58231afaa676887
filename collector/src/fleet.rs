//! What is known of devices as a whole.

pub mod presence;

pub use presence::keep_time;
