//! What tells this machine from another.

use sonde_proto::v1::Machine;

use crate::host::Host;

/// Addresses of one machine that are told.
const MACS: usize = 32;

/// Empty fields: the machine does not say, or not to this user.
pub fn describe(host: &Host) -> Machine {
    let system = host.system().unwrap_or_default();
    let interfaces = host.interfaces().unwrap_or_default();
    Machine {
        hostname: system.hostname,
        os: host.os_name(),
        serial: system.serial.unwrap_or_default(),
        board_serial: system.board_id.unwrap_or_default(),
        machine_id: system.machine_id.unwrap_or_default(),
        mac_addresses: interfaces
            .into_iter()
            .filter(|interface| interface.physical)
            .filter_map(|interface| interface.mac)
            .take(MACS)
            .collect(),
    }
}
