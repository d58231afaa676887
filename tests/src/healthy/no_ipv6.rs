//! A machine on which IPv6 is switched off.

use super::{Healthy, OFFICE};
use crate::patient::{Machine as _, With};
use crate::program::output;

pub(super) const MACHINE: Healthy = Healthy {
    id: "no-ipv6",
    needs: &OFFICE,
    make: || {
        let machine = With::office(())?;
        let off = "net.ipv6.conf.all.disable_ipv6=1";
        output(&mut machine.command(&["sysctl", "--quiet", "--write", off]))?;
        Ok(Box::new(machine))
    },
};
