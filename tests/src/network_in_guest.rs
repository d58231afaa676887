//! What the actions on a network do in a system of its own, whose interface systemd-networkd keeps.

use anyhow::{Result, ensure};

use crate::guest::{Guest, NEEDS};
use crate::machine::lacks;
use crate::network::Network;
use crate::office::NEEDS as OF_OFFICES;
use crate::program::wait;
use crate::ward::Ward;

#[test]
fn a_network_is_set_right_by_who_keeps_it() -> Result<()> {
    if let Some(lack) = lacks(&[NEEDS, OF_OFFICES].concat()) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let network = Network::new()?;
    let said = tempfile::NamedTempFile::new()?;
    let there = network.there();
    let _server = network.name_server_at(
        network.here(),
        &[
            &format!("--dhcp-range={there},{there},255.255.255.252,2h"),
            "--dhcp-broadcast",
            "--dhcp-leasefile=/dev/null",
            "--log-dhcp",
            &format!("--log-facility={}", said.path().display()),
        ],
    )?;
    let guest = Guest::behind(&network)?;
    let unit = "[Match]\nName=eth0\n[Network]\nDHCP=ipv4\n";
    std::fs::write(guest.path("/etc/systemd/network/eth0.network"), unit)?;
    guest.run(&["ip", "address", "flush", "dev", "eth0"])?;
    guest.run(&["systemctl", "start", "systemd-networkd"])?;
    let n_given = || -> Result<usize> {
        let said = std::fs::read_to_string(said.path())?;
        Ok(said.matches("DHCPACK").count())
    };
    wait("an address", || (n_given().ok()? > 0).then_some(()))?;
    let ward = Ward::new(guest)?;
    let eth0 = &["interface=eth0"][..];
    for (interface, why) in [
        ("interface=", "interface"),
        ("interface=eth0;reboot", "the name of an interface"),
        ("interface=../eth0", "the name of an interface"),
        ("interface=eth7", "There is no interface eth7"),
        ("interface=lo", "Nobody asks a DHCP server"),
    ] {
        ward.refused("net.dhcp-renew", &[interface], why)?;
    }
    ward.without_consent("net.dhcp-renew", eth0)?;
    let before = n_given()?;
    ward.planned("net.dhcp-renew", eth0, "networkctl renew eth0")?;
    ensure!(n_given()? == before);
    ward.run("net.dhcp-renew", eth0)?;
    wait("the address again", || {
        (n_given().ok()? > before).then_some(())
    })?;

    let dns = |servers| ["interface=eth0", servers];
    let resolv = ward.guest.path("/etc/resolv.conf");
    std::fs::remove_file(&resolv).ok();
    let before = "nameserver 192.0.2.1\nsearch office.test\noptions attempts:2";
    std::fs::write(&resolv, before)?;
    let server = format!("servers={}", network.here());
    ward.refused("net.dns-set", &dns("servers=a;b"), "IP addresses")?;
    ward.refused(
        "net.dns-set",
        &dns("servers=192.0.2.1"),
        "are asked already",
    )?;
    ward.without_consent("net.dns-set", &dns(&server))?;
    let plan = format!(
        "/etc/resolv.conf:1 -nameserver 192.0.2.1 +nameserver {}",
        network.here()
    );
    ward.planned("net.dns-set", &dns(&server), &plan)?;
    ensure!(std::fs::read_to_string(&resolv)? == before);
    let set = ward.run("net.dns-set", &dns(&server))?;
    let after = before.replace("192.0.2.1", network.here());
    ensure!(std::fs::read_to_string(&resolv)? == after);
    ward.undo(&set)?;
    ensure!(std::fs::read_to_string(&resolv)? == before);

    let lo = &["interface=lo"][..];
    ward.refused("net.interface-restart", lo, "Neither NetworkManager nor")?;
    let plan = "networkctl down eth0\nnetworkctl up eth0";
    ward.planned("net.interface-restart", eth0, plan)?;
    let before = n_given()?;
    let restarted = ward.run("net.interface-restart", eth0)?;
    ensure!(
        ward.undo(&restarted).is_err(),
        "there is a way back from it"
    );
    wait("a new address", || (n_given().ok()? > before).then_some(()))
}
