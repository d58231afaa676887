//! What is known of devices as a whole.

pub mod presence;

pub use presence::{cut_removed, keep_time};
