//! A program that takes all memory there is, until the kernel ends it.

use super::{Expected, Fault};
use crate::virtual_machine::{NEEDS, VirtualMachine};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "memory-used-up",
    area: "memory",
    needs: NEEDS,
    make: || WRONG.at(VirtualMachine::boot()?),
};

const WRONG: Wrong<VirtualMachine> = Wrong {
    // It waits for the end of a line that never comes.
    inject: |at| at.run("tail /dev/zero").map(drop),
    expect: |_| Expected::new("memory.oom", "", "critical", "killed"),
    // What the kernel has noted stays until its next start.
    cure: Way::Hand(|at| {
        *at = VirtualMachine::boot()?;
        Ok(())
    }),
};
