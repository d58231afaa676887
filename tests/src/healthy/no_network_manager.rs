//! A machine whose network was set up by hand: an address, a route, a name server, and nobody who manages them.

use super::{Healthy, OFFICE};
use crate::patient::With;

pub(super) const MACHINE: Healthy = Healthy {
    id: "no-network-manager",
    needs: &OFFICE,
    make: || Ok(Box::new(With::office(())?)),
};
