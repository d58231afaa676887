//! A time daemon that was without a network when it began, and that nobody has told of it since.

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;
use crate::time_server::{OF_TIME, TimeServer};
use crate::wrong::{Place, Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "clock-not-told-of-network",
    area: "time",
    needs: &[NEEDS[0], NEEDS[1], NEEDS[2], OF_TIME],
    make: || {
        WRONG.at(Timed {
            guest: Guest::boot()?,
            server: TimeServer::start()?,
        })
    },
};

struct Timed {
    guest: Guest,
    server: TimeServer,
}

impl Place for Timed {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }
}

const WRONG: Wrong<Timed> = Wrong {
    inject: |at| at.server.is_out_of_reach_of(&at.guest),
    expect: |_| Expected::new("time.offset", "", "warning", "unsynchronised"),
    cure: Way::Action("time.sync", |_| Ok(vec![])),
};
