//! Command line of the technician.

use std::process::ExitCode;

fn main() -> ExitCode {
    sonde_collector::cli::main()
}
