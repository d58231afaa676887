//! Command line of the technician.

fn main() {}
