//! What stands beside the real machine, so that the helpdesk looks like one: a simulated fleet, and tickets about it. Site
//! and tag say that it is simulated.

use anyhow::{Context as _, Result};
use sonde_tests::fleet_sim::program::Fleet;
use sonde_tests::helpdesk::{Helpdesk, TAG};
use sonde_tests::person::Person;
use sonde_tests::program::wait;
use sonde_tests::world::World;

const DEVICES: usize = 200;
const TICKETS: usize = 68;
/// Of metrics, before now.
const REPORTS: usize = 40;
/// As an agent reports, for as long as anybody may look.
const PACE: &str = "pace 15 604800";

/// Devices that report until this goes.
pub(super) fn begin(world: &World, admin: &Person) -> Result<Fleet> {
    let token = world.token_for(DEVICES, TAG)?;
    let mut fleet = Fleet::start(&world.bound().agents, &token, DEVICES, &[])?;
    // So many at once are not let in at once.
    wait("the simulated fleet", || fleet.tell("connect").ok())?;
    for command in ["tell", &format!("burst {REPORTS}")] {
        fleet.tell(command)?;
    }
    fleet.begin(PACE)?;
    let listed = admin.sonde(&["device", "list", "--site", TAG])?;
    let devices = listed["items"].as_array().context("no devices")?.iter();
    let devices: Vec<String> = devices
        .filter_map(|device| Some(device["id"].as_str()?.to_owned()))
        .collect();
    let desk = Helpdesk::new(world, admin)?;
    desk.furnish()?;
    desk.work(TICKETS, &devices)?;
    Ok(fleet)
}
