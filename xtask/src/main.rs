//! `cargo xtask`: demo, test, bench, gauntlet, dist.

fn main() {}
