//! A name server that knows every name, as those of hotels and of some providers do.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "name-server-invents",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| {
        drop(office.server.take());
        let invent = ["--address=/#/198.18.255.6"];
        office.server = Some(
            office
                .network
                .name_server_at(office.network.here(), &invent)?,
        );
        Ok(())
    },
    expect: |office| Expected::new("net.dns", office.network.here(), "warning", "invents"),
    cure: Way::Hand(|office| {
        drop(office.server.take());
        office.server = Some(office.network.name_server()?);
        Ok(())
    }),
};
