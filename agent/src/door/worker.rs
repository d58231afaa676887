//! `sonde-agent worker`: the child that the agent starts for itself.

use std::process::ExitCode;

use crate::worker;

/// Does the one job on standard input. Called before anything else has begun: the process has one thread.
pub fn run() -> ExitCode {
    match worker::run(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            super::complain(&format_args!("worker: {error}"));
            ExitCode::FAILURE
        }
    }
}
