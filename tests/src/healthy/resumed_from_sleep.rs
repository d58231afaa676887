//! A machine that slept for ten hours: by its clock of all time since the start, and not by the one that stands still
//! meanwhile.

use super::Healthy;
use crate::patient::Here;
use crate::program::command;

pub(super) const MACHINE: Healthy = Healthy {
    id: "resumed-from-sleep",
    needs: &[("unshare", "util-linux")],
    make: || {
        Ok(Box::new(Here::part(|arguments| {
            // time_namespaces(7): each program has the same offset.
            let mut slept = command("unshare");
            slept.args(["--time", "--boottime=36000", "--fork", "--"]);
            slept.args(arguments);
            slept
        })))
    },
};
