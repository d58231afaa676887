//! The only name server of a network is dead.

use anyhow::Context as _;

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "name-server-dead",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| office.server.take().context("no server runs")?.kill(),
    expect: |office| Expected::new("net.dns", office.network.here(), "critical", "no_server"),
    cure: Way::Hand(|office| {
        office.server = Some(office.network.name_server()?);
        Ok(())
    }),
};
