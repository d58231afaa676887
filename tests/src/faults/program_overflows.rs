//! A program that the kernel ends for an error of its own: it calls itself without end.

use super::{Expected, Fault};
use crate::virtual_machine::{NEEDS, VirtualMachine};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "program-overflows",
    area: "process",
    needs: NEEDS,
    make: || WRONG.at(VirtualMachine::boot()?),
};

const WRONG: Wrong<VirtualMachine> = Wrong {
    inject: |at| at.run("printer() { printer; }; printer").map(drop),
    expect: |_| Expected::new("crash.recent", "sh", "warning", "crashed").because("segfault"),
    // What the kernel has noted stays until its next start.
    cure: Way::Hand(|at| {
        *at = VirtualMachine::boot()?;
        Ok(())
    }),
};
