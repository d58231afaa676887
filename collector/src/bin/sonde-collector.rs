//! Command line of the collector.

fn main() {}
