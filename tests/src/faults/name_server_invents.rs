//! A name server that knows every name, as those of hotels and of some providers do.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "name-server-invents",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
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
    mend: |office| {
        drop(office.server.take());
        office.server = Some(office.network.name_server()?);
        Ok(())
    },
    expect: |network| Expected::new("net.dns", network.here(), "warning", "invents"),
};
